"""The who-wins map: the cheapest option over two drivers at once.

    found = who_wins(inputs, Axis("agents", 1, 100, log=True), Axis("vps.upkeep_fte", 0, 1))
    found.rectangles()     # merged neighbours, a few dozen to draw instead of 1,600 cells
    found.contours((500,)) # lines on which the runner-up costs 500 USD more

All cells are evaluated as one flat array per option, by the same cost functions as a single point.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decision.analysis.breakeven import Basis, checked_range, on_basis
from decision.analysis.search import points_at_once, search_range
from decision.catalog import Value
from decision.costs.costs import Costs, Priced, priced, standing
from decision.errors import BadInput
from decision.scenario import Inputs

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Point = tuple[float, float]

CELLS = 40  # along each axis: what a page can redraw while a slider moves
MAX_CELLS = 400  # along each axis: a finer map than a screen shows
_TOO_MUCH = 1e300  # USD where nothing on offer is large enough, so that the gap between two such options is a number
_LOG_SPAN = 16  # a usual logarithmic axis runs from a 16th of where we are to 16 times it


@dataclass(frozen=True, slots=True)
class Axis:
    """One driver over a range, cut into cells of equal width (of equal ratio on a logarithmic axis)."""

    driver: str
    low: float
    high: float
    log: bool = False
    cells: int = CELLS

    def at(self, position: npt.ArrayLike) -> Floats:
        """The driver's value at a position counted in cells: 0 is the low end, `cells` the high end; any shape."""
        share = np.asarray(position, dtype=float) / self.cells
        if self.log:
            return np.asarray(self.low * (self.high / self.low) ** share)
        return np.asarray(self.low + (self.high - self.low) * share)

    @property
    def centres(self) -> Floats:
        """The value at the middle of each cell, shape (cells,)."""
        return self.at(np.arange(self.cells) + 0.5)

    def cell_of(self, value: float) -> int | None:
        """The index of the cell that holds a value; None outside the range."""
        if not self.low <= value <= self.high:
            return None
        share = math.log(value / self.low) / math.log(self.high / self.low) if self.log else (value - self.low) / (self.high - self.low)
        return min(int(share * self.cells), self.cells - 1)


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Neighbouring cells with the same winner, in the units of the axes."""

    option: str
    x_low: float
    x_high: float
    y_low: float
    y_high: float


@dataclass(frozen=True, slots=True)
class Contour:
    """A piece of the line on which the gap to the runner-up is `level` USD."""

    level: float
    start: Point
    end: Point


@dataclass(frozen=True)
class WhoWins:
    """The map. Arrays have shape (y cells, x cells), the low end of both axes first."""

    x: Axis
    y: Axis
    basis: Basis
    option_ids: tuple[str, ...]
    left_out: Mapping[str, str]
    """Options that have no price that day, with the reason."""
    winner: Indices
    """Index into option_ids of the cheapest option; of options that cost the same, the one named first."""
    gap: Floats
    """USD by which the runner-up is dearer, on the map's basis."""
    here: Point
    """Where the scenario stands, inside the map or not."""

    @property
    def here_cell(self) -> tuple[int, int] | None:
        """(row, column) of the cell that holds the scenario; None when it lies outside the map."""
        column, row = self.x.cell_of(self.here[0]), self.y.cell_of(self.here[1])
        return None if column is None or row is None else (row, column)

    def winners(self) -> dict[str, float]:
        """Options that win somewhere, with their share of the cells, largest first."""
        counts = np.bincount(self.winner.ravel(), minlength=len(self.option_ids)) / self.winner.size
        return {self.option_ids[i]: float(counts[i]) for i in np.argsort(-counts, kind="stable") if counts[i]}

    def rectangles(self) -> tuple[Rectangle, ...]:
        """The map as merged cells: runs of one winner along a row, and equal runs of neighbouring rows made one. They tile the map."""
        return tuple(
            Rectangle(self.option_ids[option], *(float(v) for v in (*self.x.at([left, right]), *self.y.at([bottom, top]))))
            for option, left, right, bottom, top in _merged(self.winner)
        )

    def contours(self, levels: Sequence[float]) -> tuple[Contour, ...]:
        """Lines of equal gap, drawn between cell centres (marching squares, straight between neighbours)."""

        def place(row: float, column: float) -> Point:
            return float(self.x.at(column + 0.5)), float(self.y.at(row + 0.5))

        return tuple(Contour(level, place(*start), place(*end)) for level in levels for start, end in _level_lines(self.gap, level))


def who_wins(inputs: Inputs, x: Axis, y: Axis, option_ids: Sequence[str] | None = None, basis: Basis = Basis.TOTAL) -> WhoWins:
    """The cheapest of `option_ids` (the scenario's own unless told) in every cell of the map, evaluated at the cell's centre.

    Raises BadInput for an unknown driver, the same driver on both axes, a range that is reversed or crosses a bound, a logarithmic axis
    from 0, or fewer than two options with a price.
    """
    for axis in (x, y):
        _check(inputs, axis)
    if inputs.driver_path(x.driver) == inputs.driver_path(y.driver):
        raise BadInput(f"both axes of the map vary {x.driver}. Choose another driver for one of them.")
    across, up = (grid.ravel() for grid in np.meshgrid(x.centres, y.centres))
    found = _everywhere(inputs, {y.driver: up, x.driver: across}, inputs.options if option_ids is None else option_ids, basis)
    if len(found.costs) < 2:
        able = f"{len(found.costs)} of these can be priced on {inputs.as_of}"
        raise BadInput(f"a map compares at least two options, and {able}. Name more under consider.")
    table = np.minimum(list(found.costs.values()), _TOO_MUCH)
    cheapest = np.partition(table, 1, axis=0)
    shape = (y.cells, x.cells)
    here = (standing(inputs, x.driver), standing(inputs, y.driver))
    return WhoWins(x, y, basis, found.ids, found.left_out, table.argmin(axis=0).reshape(shape), (cheapest[1] - cheapest[0]).reshape(shape), here)


def _everywhere(inputs: Inputs, values: Mapping[str, Floats], option_ids: Iterable[str], basis: Basis) -> Priced[Floats]:
    """USD of each option where the drivers take these values, in as many evaluations as the memory asks for."""
    size = len(next(iter(values.values())))
    costs: dict[str, list[Floats]] = {option_id: [] for option_id in option_ids}
    left_out: dict[str, str] = {}
    for part in np.array_split(np.arange(size), -(-size // points_at_once(inputs))):
        found = _at(inputs, {driver: value[part] for driver, value in values.items()}, costs, basis)
        left_out |= found.left_out
        for option_id, cost in found.costs.items():
            costs[option_id].append(np.broadcast_to(np.asarray(cost, dtype=float), part.shape))
    return Priced({option_id: np.concatenate(parts) for option_id, parts in costs.items() if option_id not in left_out}, left_out)


def _at(inputs: Inputs, values: Mapping[str, Floats], option_ids: Iterable[str], basis: Basis) -> Priced[Value]:
    for driver, value in values.items():
        inputs = inputs.vary({driver: value})
    there = Costs(inputs)
    return priced(option_ids, lambda option_id: on_basis(there, option_id, basis))


def usual_axis(inputs: Inputs, driver: str, log: bool = False, cells: int = CELLS) -> Axis:
    """An axis that has the scenario on it: the driver's search range, or on a logarithmic axis the same factor down and up."""
    low, high = search_range(inputs, driver)
    if log:
        now = standing(inputs, driver)
        if now <= 0:
            raise BadInput(f"{driver} stands at {now:g}, which has no place on a logarithmic axis. Choose a linear axis.")
        spec = inputs.driver_spec(driver)
        low, high = max(now / _LOG_SPAN, spec.at_least), min(now * _LOG_SPAN, spec.at_most)
    return Axis(driver, low, high, log, cells)


def _check(inputs: Inputs, axis: Axis) -> None:
    checked_range(inputs, axis.driver, axis.low, axis.high)
    if axis.log and axis.low <= 0:
        raise BadInput(f"the logarithmic axis of {axis.driver} starts at {axis.low:g}. Start above 0, or choose a linear axis.")
    if not 1 <= axis.cells <= MAX_CELLS:
        raise BadInput(f"the axis of {axis.driver} has {axis.cells} cells. Choose 1 to {MAX_CELLS}.")


def _merged(winner: Indices) -> Iterator[tuple[int, int, int, int, int]]:
    """Option, left, right, bottom, top of each rectangle, in cells."""
    rows, columns = winner.shape
    growing: dict[tuple[int, int, int], int] = {}  # option, left, right -> the row where it began
    for row in range(rows + 1):
        runs: set[tuple[int, int, int]] = set()
        if row < rows:
            edges = [0, *(np.flatnonzero(np.diff(winner[row])) + 1).tolist(), columns]
            runs = {(int(winner[row, left]), left, right) for left, right in itertools.pairwise(edges)}
        for run in sorted(growing.keys() - runs):
            yield (*run, growing.pop(run), row)
        for run in runs - growing.keys():
            growing[run] = row


def _level_lines(gap: Floats, level: float) -> Iterator[tuple[Point, Point]]:
    """Ends of the pieces of one contour as (row, column); each piece lies in a square of four neighbouring centres."""
    above = gap >= level
    corners = above[:-1, :-1].astype(int) + above[:-1, 1:] + above[1:, :-1] + above[1:, 1:]
    for row, column in np.argwhere((corners > 0) & (corners < 4)).tolist():
        around = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
        crossed = [
            _between(a, b, float(gap[a]), float(gap[b]), level) for a, b in zip(around, around[1:] + around[:1], strict=True) if above[a] != above[b]
        ]
        if len(crossed) == 4 and above[around[0]] != (np.mean([gap[corner] for corner in around]) >= level):
            crossed = crossed[1:] + crossed[:1]  # a saddle whose middle joins the second and fourth corner: cut off the first and third
        yield from zip(crossed[::2], crossed[1::2], strict=True)


def _between(a: tuple[int, int], b: tuple[int, int], at_a: float, at_b: float, level: float) -> Point:
    share = (level - at_a) / (at_b - at_a)
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


__all__ = ["Axis", "Contour", "Rectangle", "WhoWins", "usual_axis", "who_wins"]
