"""Where the cheapest option changes, and how little it takes.

Crossings follow one driver over a range, step costs included: every change of the cheapest option is reported, none is clamped
to the edge. Flip points ask, for each option, which single input makes it win soonest.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from decision.analysis.search import relevant_drivers, scalar, search_range, stacked
from decision.catalog import Value
from decision.costs.bill import Bill, bill
from decision.costs.line_items import Category
from decision.costs.ownership import all_costs
from decision.costs.use import uses
from decision.errors import BadInput, PriceMissing
from decision.scenario import Inputs

Floats = npt.NDArray[np.float64]

GRID = 2048  # intervals of a sweep; a server step is seen when it is wider than range / GRID
_FLIP_GRID = 24  # intervals each way from where an input stands
_ROUND = 16  # intervals of one refinement
_JUMP = 1e-6  # a gap of costs above this share of the cost, over a negligible interval, is a step


_MAY_NEED_A_NEW_PRICE = (".tokens_per_session.", ".per_session.", "typical_prompt_tokens", "batchable_share", "web_searches")


class Basis(enum.StrEnum):
    """Which costs a break-even compares."""

    RUNTIME = "runtime"  # machines, runtime, tools and services of month 12: no tokens, no people
    PEOPLE = "people"  # the same and engineers' upkeep
    MONTHLY = "monthly"  # the whole month-12 bill
    TOTAL = "total"  # total cost of ownership over the horizon


_CATEGORIES = {
    Basis.RUNTIME: (Category.RUNTIME, Category.SERVERS, Category.TOOLS, Category.SERVICES),
    Basis.PEOPLE: (Category.RUNTIME, Category.SERVERS, Category.TOOLS, Category.SERVICES, Category.UPKEEP),
    Basis.MONTHLY: tuple(Category),
}


@dataclass(frozen=True, slots=True)
class Crossing:
    """The cheapest option changes from `before` to `after` at `at` of the driver."""

    at: float
    before: str
    after: str
    step: bool  # whether a cost jumps there (a second server starts, a price step begins) instead of two lines meeting
    cost: float  # USD of the option that is cheapest from there on

    @property
    def first_whole(self) -> int:
        """The first whole number at which `after` is the cheapest: 3.125 agents means 4."""
        return math.floor(self.at + 1e-9) + (0 if self.step and abs(self.at - round(self.at)) < 1e-9 else 1)


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


def costs_by(inputs: Inputs, option_ids: Sequence[str], driver: str, values: Floats, basis: Basis = Basis.TOTAL) -> dict[str, Floats]:
    """USD of each option at each value of a driver, shape of `values`. Raises BadInput for an unknown driver, PriceMissing as `bill` does."""
    return _costs(inputs.replace({driver: values}), option_ids, basis, len(values))


def _costs(inputs: Inputs, option_ids: Sequence[str], basis: Basis, n: int) -> dict[str, Floats]:
    found: Mapping[str, Value]
    if basis is Basis.TOTAL:
        found = {option_id: owned.total for option_id, owned in all_costs(inputs, tuple(option_ids)).items()}
    else:
        use = uses(inputs)
        found = {option_id: bill(option_id, inputs, use=use).of(*_CATEGORIES[basis]) for option_id in option_ids}
    return {option_id: np.broadcast_to(np.asarray(cost, dtype=float), (n,)) for option_id, cost in found.items()}


def crossings(
    inputs: Inputs, option_ids: Sequence[str], driver: str, low: float | None = None, high: float | None = None, basis: Basis = Basis.TOTAL
) -> tuple[Crossing, ...]:
    """Every change of the cheapest option between low and high (the driver's search range unless told), ascending; () when there is none."""
    low, high = checked_range(inputs, driver, low, high)
    points = np.linspace(low, high, GRID + 1)
    table = _table(costs_by(inputs, option_ids, driver, points, basis))
    found = []
    for left, right in _refined(inputs, option_ids, driver, basis, points, table):
        found.append(_crossing(option_ids, *left, *right))
    return tuple(found)


def pairwise(
    inputs: Inputs, a: str, b: str, driver: str, low: float | None = None, high: float | None = None, basis: Basis = Basis.TOTAL
) -> tuple[Crossing, ...]:
    """Break-even points of two options alone: the published comparisons."""
    return crossings(inputs, (a, b), driver, low, high, basis)


def checked_range(inputs: Inputs, driver: str, low: float | None, high: float | None) -> tuple[float, float]:
    """The range to look at. Raises BadInput when it is reversed, empty, or crosses a bound of the driver."""
    spec, usual = inputs.driver_spec(driver), search_range(inputs, driver)
    low, high = usual[0] if low is None else low, usual[1] if high is None else high
    if not (math.isfinite(low) and math.isfinite(high)) or low >= high:
        raise BadInput(f"the range of {driver} runs from {low:g} to {high:g}. Give a lower bound below an upper bound, such as 1:200.")
    if low < spec.at_least or high > spec.at_most:
        raise BadInput(
            f"the range of {driver} runs from {low:g} to {high:g}, but {spec.label} lies between {spec.at_least:g} and {spec.at_most:g} {spec.unit}. "
            "Narrow the range."
        )
    return low, high


def _table(costs: Mapping[str, Floats]) -> Floats:
    return np.array(list(costs.values()))


_Point = tuple[float, Floats]  # value of the driver, cost of each option there


def _refined(inputs: Inputs, option_ids: Sequence[str], driver: str, basis: Basis, points: Floats, table: Floats) -> list[tuple[_Point, _Point]]:
    """Narrow intervals around each change of the winner; an interval that turns out to hold several changes is split."""
    for _ in range(4):
        changes = np.flatnonzero(np.diff(table.argmin(axis=0)))
        if not len(changes):
            return []
        last = [((float(points[i]), table[:, i]), (float(points[i + 1]), table[:, i + 1])) for i in changes]
        points = np.unique(np.concatenate([np.linspace(points[i], points[i + 1], _ROUND + 1) for i in changes]))
        table = _table(costs_by(inputs, option_ids, driver, points, basis))
    return last


def _crossing(option_ids: Sequence[str], x0: float, costs0: Floats, x1: float, costs1: Floats) -> Crossing:
    before, after = int(costs0.argmin()), int(costs1.argmin())
    gap0, gap1 = float(costs0[after] - costs0[before]), float(costs1[after] - costs1[before])
    scale = max(abs(float(costs1[after])), abs(float(costs0[before])), 1e-9)
    step = abs(gap1 - gap0) > _JUMP * scale + 100 * abs(x1 - x0) * scale / max(abs(x1), 1e-9)
    at = x1 if step or gap1 == gap0 else x0 + (x1 - x0) * gap0 / (gap0 - gap1)
    return Crossing(at, option_ids[before], option_ids[after], step, float(costs1[after]))


def flip_points(inputs: Inputs, option_ids: Sequence[str], bills: Iterable[Bill] | None = None) -> tuple[Flip, ...]:
    """For each option that is not the cheapest by total cost of ownership, and each single input: the smallest change that makes it the cheapest.

    Inputs that cannot matter are left out. Sorted by option order, then by size of the relative change, "none in range" last.
    bills: of these options, where the caller has them.
    """
    if len(option_ids) < 2:
        return ()
    drivers = relevant_drivers(inputs, bills or [bill(option_id, inputs) for option_id in option_ids])
    stands, table = _one_at_a_time(inputs, option_ids, drivers)
    if not stands:
        return ()
    best = int(table[:, _FLIP_GRID].argmin())  # in the middle of every block all inputs stand where they are
    found = _narrowed(inputs, option_ids, _brackets(stands, table, best))
    specs = {driver: inputs.driver_spec(driver) for driver in stands}
    flips: list[Flip] = []
    for o, option_id in enumerate(option_ids):
        if o == best:
            continue
        rows = []
        for driver, at in stands.items():
            spec, nearest = specs[driver], min(found.get((driver, o), ()), key=lambda value: abs(value - at.now), default=None)
            rows.append(Flip(option_id, driver, spec.label, spec.unit, at.now, nearest))
        flips += sorted(rows, key=lambda flip: (flip.flips_at is None, flip.change))
    return tuple(flips)


class _Stand(NamedTuple):
    """Where an input stands, and how far a search goes."""

    low: float
    now: float
    high: float

    @property
    def around(self) -> Floats:
        """Values from where it stands down to the lowest and up to the highest, closer together near the middle."""
        below, above = (self.now - (self.now - self.low) * _SPREAD)[:0:-1], self.now + (self.high - self.now) * _SPREAD[1:]
        return np.concatenate([below, [self.now], above])


_SPREAD = np.linspace(0.0, 1.0, _FLIP_GRID + 1) ** 2


def _one_at_a_time(inputs: Inputs, option_ids: Sequence[str], drivers: Iterable[str]) -> tuple[dict[str, _Stand], Floats]:
    """Each driver that stands inside its search range varied alone: where it stands, and the total of each option, one block a driver.

    A driver is left out when an option has no price at its far end. Some inputs need a price only once they are above 0 (a model may
    have none for 1-hour cache writes), so they are tried one by one when all at once fails.
    """
    every = ((driver, _stand(inputs, driver)) for driver in drivers)
    stands = {driver: at for driver, at in every if at.low < at.high and at.low <= at.now <= at.high}
    for _ in range(2):
        try:
            blocks = [(driver, at.around) for driver, at in stands.items()]
            many = stacked(inputs, blocks)
            return stands, _table(_costs(many, option_ids, Basis.TOTAL, len(blocks) * (2 * _FLIP_GRID + 1)))
        except PriceMissing:
            stands = {driver: at for driver, at in stands.items() if _priced_at(inputs, driver, at.high, option_ids)}
    return {}, np.empty((len(option_ids), 0))


def _stand(inputs: Inputs, driver: str) -> _Stand:
    low, high = search_range(inputs, driver)
    return _Stand(low, scalar(inputs.driver_value(driver)), high)


def _priced_at(inputs: Inputs, driver: str, value: float, option_ids: Sequence[str]) -> bool:
    if not any(part in driver for part in _MAY_NEED_A_NEW_PRICE):
        return True
    try:
        _costs(inputs.replace({driver: value}), option_ids, Basis.MONTHLY, 1)
    except PriceMissing:
        return False
    return True


_Bracket = tuple[str, int, float, float]  # driver, option, a value where it does not win, the next one where it does


def _brackets(stands: Mapping[str, _Stand], table: Floats, best: int) -> list[_Bracket]:
    """The interval nearest to the present on each side of it in which an option starts to win."""
    brackets: list[_Bracket] = []
    winners = table.argmin(axis=0).reshape(len(stands), -1)
    for (driver, at), here in zip(stands.items(), winners, strict=True):
        if np.all(here == best):
            continue
        grid = at.around
        for o in sorted(set(here.tolist()) - {best}):
            wins = np.flatnonzero(here == o)
            above, below = wins[wins > _FLIP_GRID], wins[wins < _FLIP_GRID]
            if len(above):
                brackets.append((driver, o, float(grid[above[0] - 1]), float(grid[above[0]])))
            if len(below):
                brackets.append((driver, o, float(grid[below[-1] + 1]), float(grid[below[-1]])))
    return brackets


def _narrowed(inputs: Inputs, option_ids: Sequence[str], brackets: list[_Bracket]) -> dict[tuple[str, int], list[float]]:
    """The value in each bracket at which its option starts to win, by two refinements of all brackets at once and a straight line."""
    found: dict[tuple[str, int], list[float]] = {}
    gaps: list[tuple[float, float]] = []
    for _ in range(2 if brackets else 0):
        grids = [np.linspace(a, b, _ROUND + 1) for _, _, a, b in brackets]
        many = stacked(inputs, zip((driver for driver, *_ in brackets), grids, strict=True))
        table = _table(_costs(many, option_ids, Basis.TOTAL, len(brackets) * (_ROUND + 1)))
        narrowed, gaps = [], []
        for i, (driver, o, _, _) in enumerate(brackets):
            block = table[:, i * (_ROUND + 1) : (i + 1) * (_ROUND + 1)]
            lead = block[o] - np.delete(block, o, axis=0).min(axis=0)
            first = max(int(np.argmax(block.argmin(axis=0) == o)), 1)
            narrowed.append((driver, o, float(grids[i][first - 1]), float(grids[i][first])))
            gaps.append((float(lead[first - 1]), float(lead[first])))
        brackets = narrowed
    for (driver, o, a, b), (gap_a, gap_b) in zip(brackets, gaps, strict=True):
        at = a + (b - a) * gap_a / (gap_a - gap_b) if gap_a > 0 > gap_b else b
        found.setdefault((driver, o), []).append(at)
    return found


__all__ = ["Basis", "Crossing", "Flip", "checked_range", "costs_by", "crossings", "flip_points", "pairwise"]
