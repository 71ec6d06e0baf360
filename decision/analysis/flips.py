"""Flip points: for each option that is not the cheapest, which single input makes it win, and how small a change does.

The search looks at every input at once: a coarse sweep of each, then twice closer wherever the winner changes, since a third option may
win between two points. Each of the three is one evaluation of the cost functions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from decision.analysis.search import Block, figures, in_parts, relevant_drivers, search_range, stacked
from decision.catalog import Value
from decision.costs.costs import Costs, all_costs, standing, standing_at
from decision.costs.labour import PEOPLE
from decision.costs.tokens import PRICED_BY
from decision.errors import PriceMissing
from decision.scenario import Inputs, paths
from decision.words import scalar

Floats = npt.NDArray[np.float64]

_COARSE = 16  # intervals each way from where an input stands
_CLOSER, _LOOKS = 40, 2  # intervals of one that is looked at closer, and how often
_MOST_FIGURES = 5_000_000  # of one look; its points are shared out where many inputs or changes are felt by many, as in a fleet of dozens of groups
_LEAST_COARSE, _LEAST_CLOSER = 4, 8
_TOO_MUCH = 1e300  # USD where nothing on offer is large enough, so that differences between such options are numbers


class Flip(NamedTuple):
    """The smallest change of one input that makes `option` the cheapest; flips_at is None when none in the range of the search does.

    low, high: its likely range (10th and 90th percentile); both are `now` where it is a point, given or read from a price list.
    """

    option: str
    driver: str
    label: str
    unit: str
    now: float
    flips_at: float | None
    low: float
    high: float

    @property
    def is_likely(self) -> bool:
        """Whether it flips inside the likely range of its input."""
        return self.flips_at is not None and self.low <= self.flips_at <= self.high

    @property
    def change(self) -> float:
        """Relative change of the input; infinite when it starts at 0 or never flips."""
        if self.flips_at is None:
            return math.inf
        return abs(self.flips_at - self.now) / abs(self.now) if self.now else math.inf


def flip_points(costs: Costs, option_ids: Sequence[str]) -> tuple[Flip, ...]:
    """For each option that is not the cheapest by total cost of ownership, and each single input: the smallest change that makes it the cheapest.

    Inputs that cannot matter are left out. Sorted by option order; those inside the likely range of their input first,
    then by size of the relative change, "none in range" last.
    Raises what Month.bill raises.
    """
    if len(option_ids) < 2:
        return ()
    inputs = costs.inputs
    drivers = relevant_drivers(inputs, [costs.costed(option_id).bill for option_id in option_ids])
    stands, table = _one_at_a_time(inputs, option_ids, drivers)
    if not stands:
        return ()
    winners = table.argmin(axis=0)
    best, changed = int(winners[0, winners.shape[1] // 2]), (winners != winners[:, :1]).any(axis=1)
    around = _around(stands, table.shape[2] // 2)
    sweeps = {driver: _Sweep(around[d], table[:, d]) for d, driver in enumerate(stands) if changed[d]}
    for _ in range(_LOOKS):
        _look_closer(inputs, option_ids, sweeps)
    starts = {driver: _starts(stands[driver], sweep) for driver, sweep in sweeps.items()}
    flips: list[Flip] = []
    likely = likely_ranges(inputs, stands)
    for o, option_id in enumerate(option_ids):
        if o != best:
            flips += _of_option(inputs, option_id, stands, likely, {driver: found[o] for driver, found in starts.items() if o in found})
    return tuple(flips)


def _of_option(
    inputs: Inputs, option_id: str, stands: Mapping[str, _Stand], likely: Mapping[str, tuple[float, float]], found: Mapping[str, float]
) -> list[Flip]:
    """The flips of one option: inside likely ranges first, then the smallest change; those that never come last."""
    specs = {driver: inputs.driver_spec(driver) for driver in stands}
    flips = [
        Flip(option_id, driver, specs[driver].label, specs[driver].unit, stands[driver].now, found.get(driver), *likely[driver]) for driver in stands
    ]
    come = sorted((flip for flip in flips if flip.flips_at is not None), key=lambda flip: (not flip.is_likely, flip.change))
    return [*come, *(flip for flip in flips if flip.flips_at is None)]


def likely_ranges(inputs: Inputs, stands: Mapping[str, _Stand]) -> dict[str, tuple[float, float]]:
    """The likely range of each input; of what adds up from components, where all of people.yaml is low and where all of it is high."""
    found = {driver: (at.now, at.now) for driver, at in stands.items()}
    people = {path: fact.amount for path, fact in inputs.facts.items() if path.startswith(PEOPLE) and fact.amount.is_range}
    ends = inputs.vary({path: np.array([amount.low, amount.high]) for path, amount in people.items()}) if people else inputs
    for driver in stands:
        path = inputs.driver_path(driver) if driver != paths.AGENTS else driver
        if path in inputs.added_up and path not in inputs.values:
            found[driver] = _low_and_high(standing_at(ends, driver))
        elif path in inputs.facts:
            found[driver] = (inputs.facts[path].amount.low, inputs.facts[path].amount.high)
        elif path == paths.AGENTS:
            sizes = [group.agents_in_12_months or inputs.facts[paths.of_group(group.slug, "agents")].amount for group in inputs.scenario.fleet]
            found[driver] = (sum(size.low for size in sizes), sum(size.high for size in sizes))
    return found


def _low_and_high(at: Value) -> tuple[float, float]:
    return float(np.min(at)), float(np.max(at))


# -- sweeps --------------------------------------------------------------------------------------------


class _Stand(NamedTuple):
    """Where an input stands, and how far a search goes."""

    low: float
    now: float
    high: float


def _each(inputs: Inputs, sweeps: int, least: int, most: int) -> int:
    """How many points each of so many sweeps may have."""
    return min(most, max(least, _MOST_FIGURES // (figures(inputs) * max(1, sweeps))))


def _around(stands: Mapping[str, _Stand], coarse: int) -> Floats:
    """Values of each input from its lowest to its highest, closer together near where it stands (in the middle); shape (inputs, 2 coarse + 1)."""
    low, now, high = np.array(list(stands.values())).T[:, :, np.newaxis]
    spread = np.linspace(0.0, 1.0, coarse + 1) ** 2
    return np.concatenate([now - (now - low) * spread[:0:-1], now, now + (high - now) * spread[1:]], axis=1)


class _Sweep(NamedTuple):
    """One input varied alone: its values, shape (n,), ascending, and the total of each option there, shape (options, n)."""

    values: Floats
    costs: Floats


def _costs(inputs: Inputs, option_ids: Sequence[str], blocks: Sequence[Block]) -> Floats:
    """Many sweeps, end to end: shape (options, values). Raises PriceMissing where a value needs a price that an option lacks."""
    return np.concatenate([_costs_at_once(inputs, option_ids, part) for part in in_parts(inputs, blocks)], axis=1)


def _costs_at_once(inputs: Inputs, option_ids: Sequence[str], blocks: Sequence[Block]) -> Floats:
    driver = blocks[0][0]
    now = (driver, np.array([scalar(inputs.driver_value(driver))]))  # one point at which every option is large enough, whatever the others are
    owned, size = all_costs(stacked(inputs, [*blocks, now]), tuple(option_ids)).values(), sum(len(values) for _, values in blocks)
    return np.array([np.broadcast_to(np.minimum(cost.total, _TOO_MUCH), (size + 1,))[:-1] for cost in owned])


def _swept(inputs: Inputs, option_ids: Sequence[str], blocks: Sequence[Block]) -> list[_Sweep]:
    """The same, each sweep for itself."""
    if not blocks:
        return []
    costs, ends = _costs(inputs, option_ids, blocks), np.cumsum([len(values) for _, values in blocks])
    return [_Sweep(values, costs[:, end - len(values) : end]) for (_, values), end in zip(blocks, ends, strict=True)]


def _one_at_a_time(inputs: Inputs, option_ids: Sequence[str], drivers: Iterable[str]) -> tuple[dict[str, _Stand], Floats]:
    """Each driver that stands inside its search range, and the costs of its coarse sweep: shape (options, drivers, points).

    A driver is left out when an option has no price at its far end. Some inputs need a price only once they are above 0 (a model may
    have none for 1-hour cache writes), so they are tried one by one when all at once fails.
    """
    stands = {driver: at for driver in drivers if (at := _stand(inputs, driver)).low < at.high and at.low <= at.now <= at.high}
    for _ in range(2):
        if not stands:
            break
        try:
            coarse = _each(inputs, 2 * len(stands), _LEAST_COARSE, _COARSE)
            costs = _costs(inputs, option_ids, list(zip(stands, _around(stands, coarse), strict=True)))
        except PriceMissing:
            stands = {driver: at for driver, at in stands.items() if _priced_at(inputs, driver, at.high, option_ids)}
        else:
            return stands, costs.reshape(len(option_ids), len(stands), -1)
    return {}, np.empty((len(option_ids), 0, 0))


def _stand(inputs: Inputs, driver: str) -> _Stand:
    low, high = search_range(inputs, driver)
    return _Stand(low, standing(inputs, driver), high)


def _priced_at(inputs: Inputs, driver: str, value: float, option_ids: Sequence[str]) -> bool:
    parts = paths.parsed(driver)
    if not parts.group or not (paths.in_a_session(parts.name) or parts.name in PRICED_BY):
        return True  # it changes how much is billed, and not which prices are asked for
    try:
        _costs(inputs, option_ids, [(driver, np.array([value]))])
    except PriceMissing:
        return False
    return True


def _look_closer(inputs: Inputs, option_ids: Sequence[str], sweeps: dict[str, _Sweep]) -> None:
    """Fill the intervals in which the winner changes with further points."""
    ends = [
        (driver, sweep.values[i : i + 2]) for driver, sweep in sweeps.items() for i in np.flatnonzero(np.diff(sweep.costs.argmin(axis=0))).tolist()
    ]
    closer = _each(inputs, len(ends), _LEAST_CLOSER, _CLOSER)
    blocks = [(driver, np.linspace(interval[0], interval[1], closer + 1)[1:-1]) for driver, interval in ends]
    for (driver, values), looked in zip(blocks, _swept(inputs, option_ids, blocks), strict=True):
        known, costs = sweeps[driver]
        i = int(np.searchsorted(known, values[0]))
        sweeps[driver] = _Sweep(np.concatenate([known[:i], values, known[i:]]), np.concatenate([costs[:, :i], looked.costs, costs[:, i:]], axis=1))


# -- where an option starts to win ---------------------------------------------------------------------


def _starts(at: _Stand, sweep: _Sweep) -> dict[int, float]:
    """Option -> the value nearest to the present at which it starts to win, for those that do not win now."""
    winners = sweep.costs.argmin(axis=0)
    middle = int(np.searchsorted(sweep.values, at.now))
    found: dict[int, float] = {}
    for o in sorted(set(winners.tolist()) - {int(winners[middle])}):
        wins = np.flatnonzero(winners == o)
        above, below = wins[wins > middle], wins[wins < middle]
        starts = [_start(sweep, o, i, i - 1) for i in above[:1]] + [_start(sweep, o, i, i + 1) for i in below[-1:]]
        found[o] = min(starts, key=lambda value: abs(value - at.now))
    return found


def _start(sweep: _Sweep, o: int, wins_at: int, loses_at: int) -> float:
    """Where option o starts to win between two neighbouring points: where it draws level with the cheapest other, by a straight line."""
    points = [loses_at, wins_at]
    gap_a, gap_b = (float(gap) for gap in sweep.costs[o, points] - np.delete(sweep.costs[:, points], o, axis=0).min(axis=0))
    a, b = (float(value) for value in sweep.values[points])
    return a + (b - a) * gap_a / (gap_a - gap_b) if gap_a > 0 > gap_b else b


__all__ = ["Flip", "flip_points"]
