"""Break-even: where the cheapest option changes along one driver, step costs included. Every change is reported, none is clamped to the edge."""

from __future__ import annotations

import dataclasses
import enum
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decision.analysis.search import points_at_once, search_range
from decision.catalog import Value
from decision.costs.costs import Costs
from decision.costs.line_items import Category
from decision.errors import BadInput
from decision.scenario import Inputs

Floats = npt.NDArray[np.float64]

GRID = 2048  # intervals of a sweep; a server step is seen when it is wider than range / GRID
MOST_CROSSINGS = 500  # in one range
_FEW = 4  # crossings that are narrowed in one look with many points; more of them in two looks with few points each
_ONE_LOOK, _TWO_LOOKS = (2048,), (64, 64)  # intervals of each look; a crossing is found to a four-millionth of the range
_JUMP = 1e-6  # a gap of costs above this share of the cost, over a negligible interval, is a step


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


def at_whole_numbers(crossings: Sequence[Crossing]) -> tuple[Crossing, ...]:
    """Crossings, in order, of a driver that is counted: those with no whole number between them are one, or none where they cancel out."""
    felt = []
    for _, same in itertools.groupby(crossings, key=lambda crossing: crossing.first_whole):
        first, *rest = same
        last = rest[-1] if rest else first
        if first.before != last.after:
            felt.append(dataclasses.replace(last, before=first.before))
    return tuple(felt)


def costs_by(inputs: Inputs, option_ids: Sequence[str], driver: str, values: Floats, basis: Basis = Basis.TOTAL) -> dict[str, Floats]:
    """USD of each option at each value of a driver, shape of `values`. Raises BadInput for an unknown driver, PriceMissing as `bill` does."""
    parts = np.array_split(values, -(-len(values) // points_at_once(inputs)))
    tables = [_costs(inputs.vary({driver: part}), option_ids, basis, len(part)) for part in parts]
    return {option_id: np.concatenate([table[option_id] for table in tables]) for option_id in option_ids}


def _costs(inputs: Inputs, option_ids: Sequence[str], basis: Basis, n: int) -> dict[str, Floats]:
    costs = Costs(inputs)
    return {option_id: np.broadcast_to(np.asarray(on_basis(costs, option_id, basis), dtype=float), (n,)) for option_id in option_ids}


def on_basis(costs: Costs, option_id: str, basis: Basis) -> Value:
    """USD of an option on a basis, any shape. Raises what Month.bill raises."""
    return costs.ownership(option_id).total if basis is Basis.TOTAL else costs.month.bill(option_id).of(*_CATEGORIES[basis])


def crossings(
    inputs: Inputs, option_ids: Sequence[str], driver: str, low: float | None = None, high: float | None = None, basis: Basis = Basis.TOTAL
) -> tuple[Crossing, ...]:
    """Every change of the cheapest option between low and high (the driver's search range unless told), ascending; () when there is none.

    Raises BadInput when there are more than MOST_CROSSINGS.
    """
    low, high = checked_range(inputs, driver, low, high)
    if not option_ids:
        return ()
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
    found = _changes(points, table)
    for intervals in (_ONE_LOOK if len(found) <= _FEW else _TWO_LOOKS) if found else ():
        _check_count(inputs, driver, points, len(found))
        points = np.unique(np.concatenate([np.linspace(left, right, intervals + 1) for (left, _), (right, _) in found]))
        found = _changes(points, _table(costs_by(inputs, option_ids, driver, points, basis)))
    _check_count(inputs, driver, points, len(found))
    return found


def _check_count(inputs: Inputs, driver: str, points: Floats, count: int) -> None:
    """Two staircases of nearly the same slope cross at every step: nobody reads them all. Raises BadInput."""
    if count > MOST_CROSSINGS:
        raise BadInput(
            f"the cheapest option changes more than {MOST_CROSSINGS} times between {points[0]:,g} and {points[-1]:,g} "
            f"{inputs.driver_spec(driver).unit}. Narrow the range of {driver}, or compare fewer options."
        )


def _changes(points: Floats, table: Floats) -> list[tuple[_Point, _Point]]:
    """The points before and after each change of the winner."""
    at = np.flatnonzero(np.diff(table.argmin(axis=0)))
    return [((float(points[i]), table[:, i]), (float(points[i + 1]), table[:, i + 1])) for i in at]


def _crossing(option_ids: Sequence[str], x0: float, costs0: Floats, x1: float, costs1: Floats) -> Crossing:
    before, after = int(costs0.argmin()), int(costs1.argmin())
    gap0, gap1 = float(costs0[after] - costs0[before]), float(costs1[after] - costs1[before])
    scale = max(abs(float(costs1[after])), abs(float(costs0[before])), 1e-9)
    step = abs(gap1 - gap0) > _JUMP * scale + 100 * abs(x1 - x0) * scale / max(abs(x1), 1e-9)
    at = x1 if step or gap1 == gap0 else x0 + (x1 - x0) * gap0 / (gap0 - gap1)
    return Crossing(at, option_ids[before], option_ids[after], step, float(costs1[after]))


__all__ = ["Basis", "Crossing", "checked_range", "costs_by", "crossings", "pairwise"]
