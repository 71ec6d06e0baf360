"""Flip points: for each option that is not the cheapest, which single input makes it win, and how small a change does.

The search looks at every input at once: a coarse sweep of each, then twice closer where the winner changes, since a third option may
win between two points, then closer still where an option starts to win. Each of these is one evaluation of the cost functions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from decision.analysis.search import relevant_drivers, scalar, search_range, stacked
from decision.costs.bill import Bill, bill
from decision.costs.ownership import all_costs
from decision.errors import PriceMissing
from decision.scenario import Inputs

Floats = npt.NDArray[np.float64]

_COARSE = 12  # intervals each way from where an input stands
_CLOSER, _LOOKS = 16, 2  # intervals of one that is looked at closer, and how often

_MAY_NEED_A_NEW_PRICE = (".tokens_per_session.", ".per_session.", "typical_prompt_tokens", "batchable_share", "web_searches")


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest change of one input that makes `option` the cheapest; flips_at is None when none in range does."""

    option: str
    driver: str
    label: str
    unit: str
    now: float
    flips_at: float | None

    @property
    def change(self) -> float:
        """Relative change of the input; infinite when it starts at 0 or never flips."""
        if self.flips_at is None:
            return math.inf
        return abs(self.flips_at - self.now) / abs(self.now) if self.now else math.inf


def flip_points(inputs: Inputs, option_ids: Sequence[str], bills: Iterable[Bill] | None = None) -> tuple[Flip, ...]:
    """For each option that is not the cheapest by total cost of ownership, and each single input: the smallest change that makes it the cheapest.

    Inputs that cannot matter are left out. Sorted by option order, then by size of the relative change, "none in range" last.
    bills: of these options, where the caller has them.
    """
    if len(option_ids) < 2:
        return ()
    drivers = relevant_drivers(inputs, bills or [bill(option_id, inputs) for option_id in option_ids])
    stands, sweeps = _one_at_a_time(inputs, option_ids, drivers)
    for _ in range(_LOOKS):
        _look_closer(inputs, option_ids, sweeps)
    found = _starts(inputs, option_ids, stands, sweeps)
    best = next((_winner_now(stands[driver], sweep) for driver, sweep in sweeps.items()), -1)
    flips: list[Flip] = []
    for o, option_id in enumerate(option_ids if stands else ()):
        if o != best:
            rows = (Flip(option_id, driver, *_named(inputs, driver), at.now, found.get((driver, o))) for driver, at in stands.items())
            flips += sorted(rows, key=lambda flip: (flip.flips_at is None, flip.change))
    return tuple(flips)


def _named(inputs: Inputs, driver: str) -> tuple[str, str]:
    spec = inputs.driver_spec(driver)
    return spec.label, spec.unit


# -- sweeps --------------------------------------------------------------------------------------------


class _Stand(NamedTuple):
    """Where an input stands, and how far a search goes."""

    low: float
    now: float
    high: float

    @property
    def around(self) -> Floats:
        """Values from the lowest to the highest, closer together near where it stands."""
        spread = np.linspace(0.0, 1.0, _COARSE + 1) ** 2
        below, above = (self.now - (self.now - self.low) * spread)[:0:-1], self.now + (self.high - self.now) * spread[1:]
        return np.concatenate([below, [self.now], above])


class _Sweep(NamedTuple):
    """One input varied alone: its values, shape (n,), ascending, and the total of each option there, shape (options, n)."""

    values: Floats
    costs: Floats


def _swept(inputs: Inputs, option_ids: Sequence[str], blocks: Sequence[tuple[str, Floats]]) -> list[_Sweep]:
    """One evaluation of many sweeps. Raises PriceMissing where a value needs a price that an option has not got."""
    ends = np.cumsum([len(values) for _, values in blocks])
    owned = all_costs(stacked(inputs, blocks), tuple(option_ids)).values()
    costs = np.array([np.broadcast_to(np.asarray(cost.total, dtype=float), (ends[-1],)) for cost in owned])
    return [_Sweep(values, costs[:, end - len(values) : end]) for (_, values), end in zip(blocks, ends, strict=True)]


def _one_at_a_time(inputs: Inputs, option_ids: Sequence[str], drivers: Iterable[str]) -> tuple[dict[str, _Stand], dict[str, _Sweep]]:
    """Each driver that stands inside its search range, and its coarse sweep.

    A driver is left out when an option has no price at its far end. Some inputs need a price only once they are above 0 (a model may
    have none for 1-hour cache writes), so they are tried one by one when all at once fails.
    """
    every = ((driver, _stand(inputs, driver)) for driver in drivers)
    stands = {driver: at for driver, at in every if at.low < at.high and at.low <= at.now <= at.high}
    for _ in range(2 if stands else 0):
        try:
            return stands, dict(zip(stands, _swept(inputs, option_ids, [(driver, at.around) for driver, at in stands.items()]), strict=True))
        except PriceMissing:
            stands = {driver: at for driver, at in stands.items() if _priced_at(inputs, driver, at.high, option_ids)}
    return {}, {}


def _stand(inputs: Inputs, driver: str) -> _Stand:
    low, high = search_range(inputs, driver)
    return _Stand(low, scalar(inputs.driver_value(driver)), high)


def _priced_at(inputs: Inputs, driver: str, value: float, option_ids: Sequence[str]) -> bool:
    if not any(part in driver for part in _MAY_NEED_A_NEW_PRICE):
        return True
    try:
        _swept(inputs, option_ids, [(driver, np.array([value]))])
    except PriceMissing:
        return False
    return True


def _winner_now(at: _Stand, sweep: _Sweep) -> int:
    return int(sweep.costs[:, np.searchsorted(sweep.values, at.now)].argmin())


def _look_closer(inputs: Inputs, option_ids: Sequence[str], sweeps: dict[str, _Sweep]) -> None:
    """Fill the intervals in which the winner changes with further points."""
    blocks = []
    for driver, sweep in sweeps.items():
        changes = np.flatnonzero(np.diff(sweep.costs.argmin(axis=0)))
        blocks += [(driver, np.linspace(sweep.values[i], sweep.values[i + 1], _CLOSER + 1)[1:-1]) for i in changes]
    for (driver, values), closer in zip(blocks, _swept(inputs, option_ids, blocks) if blocks else (), strict=True):
        i = int(np.searchsorted(sweeps[driver].values, values[0]))
        sweeps[driver] = _Sweep(np.insert(sweeps[driver].values, i, values), np.insert(sweeps[driver].costs, [i], closer.costs, axis=1))


# -- where an option starts to win ---------------------------------------------------------------------

_Bracket = tuple[str, int, float, float]  # driver, option, a value where it does not win, the next one where it does


def _brackets(driver: str, at: _Stand, sweep: _Sweep) -> Iterable[_Bracket]:
    """The interval nearest to the present on each side of it in which an option starts to win."""
    winners = sweep.costs.argmin(axis=0)
    middle = int(np.searchsorted(sweep.values, at.now))
    for o in sorted(set(winners.tolist()) - {int(winners[middle])}):
        wins = np.flatnonzero(winners == o)
        above, below = wins[wins > middle], wins[wins < middle]
        if len(above):
            yield driver, o, float(sweep.values[above[0] - 1]), float(sweep.values[above[0]])
        if len(below):
            yield driver, o, float(sweep.values[below[-1] + 1]), float(sweep.values[below[-1]])


def _starts(inputs: Inputs, option_ids: Sequence[str], stands: Mapping[str, _Stand], sweeps: Mapping[str, _Sweep]) -> dict[tuple[str, int], float]:
    """(driver, option) -> the value nearest to the present at which the option starts to win; by a straight line in the last interval."""
    brackets = [bracket for driver, at in stands.items() for bracket in _brackets(driver, at, sweeps[driver])]
    blocks = [(driver, np.linspace(a, b, _CLOSER + 1)) for driver, _, a, b in brackets]
    found: dict[tuple[str, int], float] = {}
    for (driver, o, _, _), sweep in zip(brackets, _swept(inputs, option_ids, blocks) if blocks else (), strict=True):
        at, now = _start(sweep, o), stands[driver].now
        if abs(at - now) < abs(found.get((driver, o), math.inf) - now):
            found[driver, o] = at
    return found


def _start(sweep: _Sweep, o: int) -> float:
    """Where option o starts to win in a sweep that runs from where it does not to where it does."""
    lead = sweep.costs[o] - np.delete(sweep.costs, o, axis=0).min(axis=0)
    first = max(int(np.argmax(sweep.costs.argmin(axis=0) == o)), 1)
    a, b = (float(value) for value in sweep.values[first - 1 : first + 1])
    gap_a, gap_b = float(lead[first - 1]), float(lead[first])
    return a + (b - a) * gap_a / (gap_a - gap_b) if gap_a > 0 > gap_b else b


__all__ = ["Flip", "flip_points"]
