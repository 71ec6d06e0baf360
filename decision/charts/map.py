"""Who wins where: fields of the cheapest option over two inputs, with lines of equal lead."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import numpy.typing as npt

from decision.analysis.map import Contour, WhoWins
from decision.catalog import Option
from decision.charts.axes import Builder, Rows, TopLevel, Words, across, named, own_colour, up
from decision.charts.palette import Ink, Mode, colour

_LEVEL_AT, _LEVEL_ROOM = 0.75, (12, 3)  # the level of a contour stands three quarters along, and takes so many cells across and up
_SMALLEST_NAME = 0.03  # a map names a field when its largest rectangle has this share of the map


def _map(ink: Ink, log_x: bool = False, log_y: bool = False) -> TopLevel:
    """Fields of the cheapest option.

    main: x, x2, y, y2, option, colour, where; contours: x, x2, y, y2, words; levels, names, here: x, y, words.
    """

    def x(field: str) -> alt.X:
        return across(ink, field, log_x)

    def y(field: str) -> alt.Y:
        scale = alt.Scale(nice=False, type="log") if log_y else alt.Scale(nice=False, zero=False)
        return up(ink, field, scale=scale)

    tips = [alt.Tooltip("option:N", title="Cheapest"), alt.Tooltip("where:N", title="Where")]
    fields = named("main").mark_rect(opacity=1, strokeWidth=0.8)
    fields = fields.encode(x=x("x"), x2="x2:Q", y=y("y"), y2="y2:Q", color=own_colour(), stroke=alt.Stroke("colour:N", scale=None), tooltip=tips)
    gaps = named("contours").mark_rule(aria=False, color=ink.background, strokeWidth=1.6, strokeDash=[5, 3])
    gaps = gaps.encode(x=x("x"), x2="x2:Q", y=y("y"), y2="y2:Q", tooltip=[alt.Tooltip("words:N", title="The next option costs more by")])
    levels = named("levels").mark_text(aria=False, fontSize=11, fontWeight=600, color=ink.background, dy=-7)
    names = named("names").mark_text(aria=False, fontSize=13, fontWeight=700, color=ink.background)
    here = named("here")
    dot = here.mark_point(aria=False, size=170, filled=True, opacity=1, color=ink.text, stroke=ink.background, strokeWidth=3).encode(
        x=x("x"), y=y("y"), tooltip=[alt.Tooltip("words:N", title="You are here")]
    )
    layers = (fields, gaps, levels.encode(x=x("x"), y=y("y"), text="words:N"), names.encode(x=x("x"), y=y("y"), text="words:N"), dot)
    return alt.layer(*layers).properties(width="container", height=420)


BUILDERS: Mapping[str, Builder] = {
    "map": _map,
    "map_log_x": functools.partial(_map, log_x=True),
    "map_log_y": functools.partial(_map, log_y=True),
    "map_log_xy": functools.partial(_map, log_x=True, log_y=True),
}


def map_rows(
    found: WhoWins, levels: Sequence[float], options: Mapping[str, Option], words: Words, x_value: Words, y_value: Words, mode: Mode
) -> dict[str, Rows]:
    """Datasets of "map". words: dollars; x_value, y_value: values of the axes in their units."""
    rectangles = found.rectangles()
    main = [
        {
            "x": r.x_low,
            "x2": r.x_high,
            "y": r.y_low,
            "y2": r.y_high,
            "option": options[r.option].short_name,
            "colour": colour(options[r.option], mode),
            "where": f"{x_value(r.x_low)} to {x_value(r.x_high)}; {y_value(r.y_low)} to {y_value(r.y_high)}",
        }
        for r in rectangles
    ]
    lines, named = found.contours(levels), _field_names(found, options)
    contours = [{"x": line.start[0], "y": line.start[1], "x2": line.end[0], "y2": line.end[1], "words": words(line.level)} for line in lines]
    marks = _level_marks(found, [[line for line in lines if line.level == level] for level in levels], words, named)
    here = [{"x": found.here[0], "y": found.here[1], "words": f"{x_value(found.here[0])}; {y_value(found.here[1])}"}] if found.here_cell else []
    return {"main": main, "contours": contours, "levels": marks, "names": named, "here": here}


def _level_marks(found: WhoWins, lines: Sequence[Sequence[Contour]], words: Words, named: Rows) -> Rows:
    """The level of each line, where there is room beside names and other levels; one without room is left to the tooltip."""
    marks: Rows = []
    taken = [(found.x.cell_of(name["x"]) or 0, found.y.cell_of(name["y"]) or 0) for name in named]
    for pieces in lines:
        places = [((found.x.cell_of(piece.start[0]) or 0, found.y.cell_of(piece.start[1]) or 0), piece) for piece in pieces]
        free = [(at, piece) for at, piece in places if all(abs(at[0] - x) > _LEVEL_ROOM[0] or abs(at[1] - y) > _LEVEL_ROOM[1] for x, y in taken)]
        if free:
            at, piece = min(free, key=lambda place: abs(place[0][0] - _LEVEL_AT * found.x.cells))
            taken.append(at)
            marks.append({"x": piece.start[0], "y": piece.start[1], "words": words(piece.level)})
    return marks


def _field_names(found: WhoWins, options: Mapping[str, Option]) -> Rows:
    """The name of each option in the largest square of cells that it wins, where there is room for it."""
    rows, columns = found.winner.shape
    placed = []
    for index in np.unique(found.winner):
        size, row, column = _largest_square(found.winner == index)
        if size * size >= _SMALLEST_NAME * rows * columns:
            at = (column - size / 2 + 1, row - size / 2 + 1)
            placed.append({"x": float(found.x.at(at[0])), "y": float(found.y.at(at[1])), "words": options[found.option_ids[index]].short_name})
    return placed


def _largest_square(won: npt.NDArray[np.bool_]) -> tuple[int, int, int]:
    """Side, last row and last column of the largest square of True (dynamic programming over its last corner)."""
    sides = won.astype(int)
    for row in range(1, won.shape[0]):
        for column in range(1, won.shape[1]):
            if won[row, column]:
                sides[row, column] = 1 + min(sides[row - 1, column], sides[row, column - 1], sides[row - 1, column - 1])
    last = np.unravel_index(int(sides.argmax()), sides.shape)
    return int(sides[last]), int(last[0]), int(last[1])
