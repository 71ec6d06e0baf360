"""Where searches look: the range of a driver, and the drivers that can matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from decision.costs.bill import Bill
from decision.costs.costs import standing
from decision.costs.labour import PEOPLE, felt_by_people
from decision.costs.ownership import months_of
from decision.scenario import Inputs, paths
from decision.scenario.model import NOT_BUILT
from decision.words import scalar

Block = tuple[str, npt.NDArray[np.float64]]
"""A driver, and values that it takes one after the other while all others stand where they are."""


def search_range(inputs: Inputs, driver: str) -> tuple[float, float]:
    """Lowest and highest value that a search tries, in the driver's unit, inside its bounds."""
    settings, spec = inputs.catalog.search, inputs.driver_spec(driver)
    if spec.at_most == 1:
        return spec.at_least, settings.shares_up_to
    leaf = paths.last_part(driver)
    high = max(settings.factor * standing(inputs, driver), settings.up_to.get(leaf, 0.0))
    return spec.at_least, min(high, spec.at_most)


def relevant_drivers(inputs: Inputs, bills: Iterable[Bill]) -> list[str]:
    """Drivers that some of these bills or their ownership can feel, fleet size first, then inputs, then the prices they use."""
    bills = list(bills)
    options = {bill.option.id for bill in bills}
    prices = dict.fromkeys(item.price.id for bill in bills for item in bill.items if item.price.id in inputs.catalog.prices)
    found, felt = [], felt_by_people(inputs, (bill.option for bill in bills))
    for path in inputs.drivers():
        parts = paths.parsed(path)
        if parts.option and parts.option not in options:
            continue
        if parts.option and parts.option == inputs.scenario.running_on and parts.name in NOT_BUILT:
            continue
        if parts.group and parts.model and len(paths.part(paths.own(inputs.values, parts.group), "model_mix")) < 2:
            continue
        if path.startswith(PEOPLE) and path not in felt:
            continue
        if parts.price or (path == paths.AGENTS and not np.all(inputs.driver_value(path))):
            continue  # prices follow below; a fleet of none cannot be scaled
        found.append(path)
    return found + [paths.of_price(price_id) for price_id in prices]


_MOST_AT_ONCE = 45_000_000  # numbers of one evaluation; with what comes of them some 250 MB

_FIGURES_OF_A_MODEL = 20  # quantities of its token classes, in batches and outside, and their workings


def figures(inputs: Inputs) -> int:
    """About how many figures an evaluation of these inputs works out: what it takes in time and memory for each point and month."""
    return len(inputs.values) + _FIGURES_OF_A_MODEL * sum(".model_mix." in path for path in inputs.values)


def points_at_once(inputs: Inputs) -> int:
    """How many points of these inputs fit into one evaluation, so that the memory it takes is bounded whatever the fleet."""
    return max(1, _MOST_AT_ONCE // (figures(inputs) * (3 + np.size(months_of(inputs)))))


def in_parts(inputs: Inputs, blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Blocks for `stacked`, in as many evaluations as the memory asks for, in their order; a block is never split."""
    most, part, size = points_at_once(inputs), list[Block](), 0
    for block in blocks:
        if part and size + len(block[1]) > most:
            yield part
            part, size = [], 0
        part.append(block)
        size += len(block[1])
    if part:
        yield part


def stacked(inputs: Inputs, blocks: Iterable[Block]) -> Inputs:
    """One evaluation of many one-at-a-time variations: block i varies its own driver and leaves all others where they stand.

    blocks: (driver, values of that block). The result's arrays are the blocks end to end, shape (sum of block lengths,).
    """
    blocks = list(blocks)
    ends = np.cumsum([len(points) for _, points in blocks])
    values: dict[str, np.ndarray] = {}
    for (driver, points), end in zip(blocks, ends, strict=True):
        for path, moved in inputs.moved({driver: points}).items():
            if path not in values:
                values[path] = np.full(ends[-1], scalar(inputs.driver_value(path)))
            values[path][end - len(points) : end] = moved
    return inputs.vary(values)
