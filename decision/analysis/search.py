"""Where searches look: the range of a driver, and the drivers that can matter."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from decision.costs.bill import Bill
from decision.scenario import Inputs
from decision.words import scalar


def search_range(inputs: Inputs, driver: str) -> tuple[float, float]:
    """Lowest and highest value that a search tries, in the driver's unit, inside its bounds."""
    settings, spec = inputs.catalog.search, inputs.driver_spec(driver)
    if spec.at_most == 1:
        return spec.at_least, settings.shares_up_to
    leaf = driver.rsplit(".", 1)[-1]
    high = max(settings.factor * scalar(inputs.driver_value(driver)), settings.up_to.get(leaf, 0.0))
    return spec.at_least, min(high, spec.at_most)


def relevant_drivers(inputs: Inputs, bills: Iterable[Bill]) -> list[str]:
    """Drivers that some of these bills or their ownership can feel, fleet size first, then inputs, then the prices they use."""
    bills = list(bills)
    options = {bill.option.id for bill in bills}
    prices = dict.fromkeys(item.price.id for bill in bills for item in bill.items if item.price.id in inputs.catalog.prices)
    found = []
    for path in inputs.drivers():
        if path.startswith("options.") and path.split(".")[1] not in options:
            continue
        if ".model_mix." in path and len(_mix_of(inputs, path)) < 2:
            continue
        if path.startswith("prices.") or (path == "agents" and not np.all(inputs.driver_value(path))):
            continue  # prices follow below; a fleet of none cannot be scaled
        found.append(path)
    return found + [f"prices.{price_id}" for price_id in prices]


def _mix_of(inputs: Inputs, path: str) -> list[str]:
    prefix = path.rpartition(".model_mix.")[0] + ".model_mix."
    return [other for other in inputs.values if other.startswith(prefix)]


def stacked(inputs: Inputs, blocks: Iterable[tuple[str, np.ndarray]]) -> Inputs:
    """One evaluation of many one-at-a-time variations: block i varies its own driver and leaves all others where they stand.

    blocks: (driver, values of that block). The result's arrays are the blocks end to end, shape (sum of block lengths,).
    """
    blocks = list(blocks)
    ends = np.cumsum([len(values) for _, values in blocks])
    stands = {driver: scalar(inputs.driver_value(driver)) for driver in dict.fromkeys(driver for driver, _ in blocks)}
    changes = dict(zip(stands, np.repeat([[stand] for stand in stands.values()], ends[-1], axis=1), strict=True))
    for (driver, values), end in zip(blocks, ends, strict=True):
        changes[driver][end - len(values) : end] = values
    return inputs.replace(changes)
