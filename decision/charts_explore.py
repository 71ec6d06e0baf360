"""Charts of the Explore page, in the manner of decision/charts.py: its palette and colours, specs built once, data swapped.

    chart("tornado", "dark", {"x": "US dollars over 24 months"}, **tornado_rows(found, ...))

A spec is kept as JSON text with marks such as "@x" where words stand that depend on the scenario: axis titles, number formats.
Bars carry their name above them and not beside them, so that they are as wide on a phone as the phone is.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt

from decision.analysis.breakeven import Crossing
from decision.analysis.map import Contour, WhoWins
from decision.analysis.outlook import Band, Outlook, Payback
from decision.analysis.tornado import Swing, Tornado
from decision.charts import DOLLARS, PALETTE, Columns, Floats, Ink, Mode, Rows, Spec, TopLevel, colour, dash, dash_pattern

Words = Callable[[float], str]

SHARES = "datum.value > 1 ? '' : format(datum.value, '.0%')"
NUMBERS = "datum.value >= 10000 ? format(datum.value, '~s') : format(datum.value, ',.3~r')"

_ONE_OF_EACH = ("managed-agents", "agentcore-v1", "agentcore-v2", "vps", "multica", "openai-containers")  # an option with each dash pattern there is
_STEP = 44  # pixels for a bar and its name
_LETTER = 6.8  # pixels that a letter of a name takes on average, rather more than less
_DOT = 430  # square pixels of a dot that holds 1-3
_BAND = 0.45  # opacity of a band, under its tick
_MARKS = 25  # numbers nearer than a 25th of the axis would cover each other
_LEVEL_AT, _LEVEL_ROOM = 0.75, (12, 3)  # the level of a contour stands three quarters along, and takes so many cells across and up
_SMALLEST_NAME = 0.03  # a map names a field when its largest rectangle has this share of the map


# -- specs -------------------------------------------------------------------------------------------


def chart(name: str, mode: Mode, words: Mapping[str, Any], **datasets: Any) -> Spec:
    """The spec of that name with these datasets. words: what stands at its marks ("x" and "y" are axis titles, "numbers" a format)."""
    text = _spec_text(name, mode)
    for mark, value in {"numbers": DOLLARS, **words}.items():
        text = text.replace(f'"@{mark}"', json.dumps(value))
    return {**json.loads(text), "datasets": datasets}


def build_all() -> None:
    """Build every spec, so that no visit waits for it."""
    for name in BUILDERS:
        for mode in PALETTE:
            _spec_text(name, mode)


def _across(ink: Ink, field: str, log: bool) -> alt.X:
    """The axis of a driver: its title is filled in when it is drawn."""
    scale = alt.Scale(nice=False, type="log") if log else alt.Scale(nice=False, zero=False)
    axis = alt.Axis(
        title="@x",
        titleAnchor="start",
        titleColor=ink.faint,
        titleFontWeight="normal",
        labelExpr=NUMBERS,
        grid=False,
        labelColor=ink.faint,
        tickCount=6,
        labelOverlap=True,
    )
    return alt.X(f"{field}:Q", axis=axis, scale=scale)


@functools.cache
def _spec_text(name: str, mode: Mode) -> str:
    with alt.theme.enable("none"):
        spec: Spec = BUILDERS[name](PALETTE[mode]).to_dict()
    spec.pop("config", None)
    return json.dumps(spec)


def _x(ink: Ink, field: str = "value", scale: alt.Scale | None = None) -> alt.X:
    """The dollar (or other) axis along the bottom, its title at its left end."""
    axis = alt.Axis(
        title="@x",
        titleAnchor="start",
        titleColor=ink.faint,
        titleFontWeight="normal",
        labelExpr="@numbers",
        tickCount=5,
        gridColor=ink.grid,
        labelColor=ink.faint,
        domain=False,
    )
    return alt.X(f"{field}:Q", axis=axis, scale=scale) if scale else alt.X(f"{field}:Q", axis=axis)


def _y(ink: Ink, field: str = "cost", **more: Any) -> alt.Y:
    """The axis along the left, its title lying above it."""
    axis = alt.Axis(
        title="@y",
        titleAngle=0,
        titleAnchor="start",
        titleAlign="left",
        titleX=0,
        titleY=-22,
        titleColor=ink.faint,
        titleFontWeight="normal",
        labelExpr="@numbers",
        gridColor=ink.grid,
        labelColor=ink.faint,
        tickCount=5,
        domain=False,
    )
    return alt.Y(f"{field}:Q", axis=axis, **more)


_ROW = alt.Y("row:O", axis=None, sort="ascending")
_BAR: Mapping[str, Any] = {"height": 14, "yOffset": 9}


def _titles(ink: Ink) -> alt.Chart:
    """The name of each bar and what it says, above it; cut where the chart ends, the tooltip has all of it."""
    chart: alt.Chart = (
        alt.Chart(alt.NamedData(name="main"))
        .transform_calculate(shown=f"truncate(datum.title, floor(width / {_LETTER}))")
        .mark_text(align="left", baseline="middle", dy=-9, fontSize=13, color=ink.text)
        .encode(y=_ROW, x=alt.value(0), text="shown:N")
    )
    return chart


def _bars(ink: Ink) -> TopLevel:
    """Bars under their names. Layers that may be empty are kept from screen readers: an empty group has no name.

    main: row, title, label, words, hint, start, value, colour, strength; ticks: row, at.
    """
    tips = [alt.Tooltip("label:N", title="What"), alt.Tooltip("words:N", title="Value"), alt.Tooltip("hint:N", title="That is")]
    x = _x(ink, "start", alt.Scale(zero=True))
    bars = alt.Chart(alt.NamedData(name="main")).mark_bar(**_BAR)
    bars = bars.encode(
        y=_ROW, x=x, x2="value:Q", color=alt.Color("colour:N", scale=None), opacity=alt.Opacity("strength:Q", scale=None), tooltip=tips
    )
    ticks = (
        alt.Chart(alt.NamedData(name="ticks")).mark_tick(aria=False, thickness=3, size=20, yOffset=9, color=ink.text).encode(y=_ROW, x=_x(ink, "at"))
    )
    return alt.layer(bars, ticks, _titles(ink)).properties(width="container", height=alt.Step(_STEP))


def _tornado(ink: Ink) -> TopLevel:
    """Bars from where the difference stands now. main: row, title; segments: row, label, x, x2, colour, hint, words; lines: x, words, dash, side."""
    tips = [alt.Tooltip("label:N", title="Input"), alt.Tooltip("hint:N", title="At"), alt.Tooltip("words:N", title="Difference")]
    bars = alt.Chart(alt.NamedData(name="segments")).mark_bar(**_BAR)
    bars = bars.encode(y=_ROW, x=_x(ink, "x"), x2="x2:Q", color=alt.Color("colour:N", scale=None), tooltip=tips)
    lines = alt.Chart(alt.NamedData(name="lines"))
    dashes = alt.StrokeDash("dash:Q", scale=alt.Scale(domain=[0, 1], range=[[1, 0], [4, 3]]), legend=None)
    rules = lines.mark_rule(color=ink.text, strokeWidth=1.5).encode(x=_x(ink, "x"), strokeDash=dashes)
    named = lines.mark_text(align=alt.expr("datum.side"), baseline="bottom", dy=-4, fontSize=12, fontWeight=600, color=ink.text)
    named = named.encode(x=_x(ink, "x"), y=alt.value(0), text="words:N")
    return alt.layer(rules, bars, named, _titles(ink)).properties(width="container", height=alt.Step(_STEP))


def _option_lines(x: alt.X, y: alt.Y, tips: Sequence[alt.Tooltip]) -> alt.Chart:
    """One line for each option in its colour and dashes."""
    scale = alt.Scale(domain=[dash(place) for place in _ONE_OF_EACH], range=[dash_pattern(place) for place in _ONE_OF_EACH])
    lines: alt.Chart = alt.Chart(alt.NamedData(name="main")).mark_line(strokeWidth=2.4)
    return lines.encode(
        x=x,
        y=y,
        detail="option:N",
        color=alt.Color("colour:N", scale=None),
        strokeDash=alt.StrokeDash("dash:N", scale=scale, legend=None),
        tooltip=list(tips),
    )


def _lines(ink: Ink, log: bool = False) -> TopLevel:
    """Cost lines by one driver.

    main: at, cost, option, colour, dash; own: at, cost, colour; crossings: at, cost, label, words, size; here: at, label.
    """
    x, y = _across(ink, "at", log), _y(ink)
    tips = [
        alt.Tooltip("option:N", title="Option"),
        alt.Tooltip("at:Q", title="At", format=",.4~r"),
        alt.Tooltip("cost:Q", title="Cost", format="$,.0f"),
    ]
    here = alt.Chart(alt.NamedData(name="here")).mark_rule(aria=False, strokeDash=[4, 3], strokeWidth=1.5, color=ink.text).encode(x=x)
    said = here.mark_text(aria=False, align="left", baseline="top", dx=5, dy=2, fontSize=12, fontWeight=600, color=ink.text).encode(
        x=x, y=alt.value(0), text="label:N"
    )
    points = alt.Chart(alt.NamedData(name="crossings")).encode(x=x, y=y, tooltip=[alt.Tooltip("words:N", title="Here")])
    dots = points.mark_circle(aria=False, color=ink.text, opacity=1).encode(size=alt.Size("size:Q", scale=None))
    digits = points.mark_text(aria=False, fontSize=11, fontWeight=700, color=ink.background, dy=1).encode(text="label:N")
    own = alt.Chart(alt.NamedData(name="own")).mark_point(aria=False, size=90, filled=True, opacity=1, stroke=ink.background, strokeWidth=1.5)
    return alt.layer(_option_lines(x, y, tips), here, own.encode(x=x, y=y, color=alt.Color("colour:N", scale=None)), said, dots, digits).properties(
        width="container", height=340
    )


def _cumulative(ink: Ink) -> TopLevel:
    """Spent by the end of each month.

    main: month, cost, option, colour, dash; bands: month, low, high, option, colour; payback: low, high, median, label.
    """
    axis = alt.Axis(title="@x", titleAnchor="start", titleColor=ink.faint, titleFontWeight="normal", grid=False, labelColor=ink.faint, tickMinStep=1)
    x, y = alt.X("month:Q", axis=axis, scale=alt.Scale(nice=False)), _y(ink)
    tips = [
        alt.Tooltip("option:N", title="Option"),
        alt.Tooltip("month:Q", title="End of month"),
        alt.Tooltip("cost:Q", title="Spent, median", format="$,.0f"),
    ]
    bands = (
        alt.Chart(alt.NamedData(name="bands"))
        .mark_area(opacity=0.16)
        .encode(x=x, y=_y(ink, "low"), y2="high:Q", detail="option:N", color=alt.Color("colour:N", scale=None))
    )
    payback = alt.Chart(alt.NamedData(name="payback"))
    stretch = payback.mark_rect(aria=False, opacity=0.14, color=ink.text).encode(x=alt.X("low:Q", axis=axis), x2="high:Q")
    rule = payback.mark_rule(aria=False, strokeDash=[4, 3], strokeWidth=1.5, color=ink.text).encode(x=alt.X("median:Q", axis=axis))
    said = payback.mark_text(aria=False, align="left", baseline="top", dx=5, dy=2, fontSize=12, fontWeight=600, color=ink.text).encode(
        x=alt.X("median:Q", axis=axis), y=alt.value(0), text="label:N"
    )
    return alt.layer(stretch, bands, _option_lines(x, y, tips), rule, said).properties(width="container", height=320)


def _map(ink: Ink, log_x: bool = False, log_y: bool = False) -> TopLevel:
    """Fields of the cheapest option.

    main: x, x2, y, y2, option, colour, where; contours: x, x2, y, y2, words; levels, names, here: x, y, words.
    """

    def x(field: str) -> alt.X:
        return _across(ink, field, log_x)

    def y(field: str) -> alt.Y:
        scale = alt.Scale(nice=False, type="log") if log_y else alt.Scale(nice=False, zero=False)
        return _y(ink, field, scale=scale)

    tips = [alt.Tooltip("option:N", title="Cheapest"), alt.Tooltip("where:N", title="Where")]
    fields = alt.Chart(alt.NamedData(name="main")).mark_rect(opacity=1, strokeWidth=0.8)
    fields = fields.encode(
        x=x("x"), x2="x2:Q", y=y("y"), y2="y2:Q", color=alt.Color("colour:N", scale=None), stroke=alt.Stroke("colour:N", scale=None), tooltip=tips
    )
    gaps = alt.Chart(alt.NamedData(name="contours")).mark_rule(aria=False, color=ink.background, strokeWidth=1.6, strokeDash=[5, 3])
    gaps = gaps.encode(x=x("x"), x2="x2:Q", y=y("y"), y2="y2:Q", tooltip=[alt.Tooltip("words:N", title="The next option costs more by")])
    levels = alt.Chart(alt.NamedData(name="levels")).mark_text(aria=False, fontSize=11, fontWeight=600, color=ink.background, dy=-7)
    names = alt.Chart(alt.NamedData(name="names")).mark_text(aria=False, fontSize=13, fontWeight=700, color=ink.background)
    here = alt.Chart(alt.NamedData(name="here"))
    dot = here.mark_point(aria=False, size=170, filled=True, opacity=1, color=ink.text, stroke=ink.background, strokeWidth=3).encode(
        x=x("x"), y=y("y"), tooltip=[alt.Tooltip("words:N", title="You are here")]
    )
    layers = (fields, gaps, levels.encode(x=x("x"), y=y("y"), text="words:N"), names.encode(x=x("x"), y=y("y"), text="words:N"), dot)
    return alt.layer(*layers).properties(width="container", height=420)


BUILDERS: Mapping[str, Callable[[Ink], TopLevel]] = {
    "bars": _bars,
    "tornado": _tornado,
    "cumulative": _cumulative,
    "lines": _lines,
    "lines_log": functools.partial(_lines, log=True),
    "map": _map,
    "map_log_x": functools.partial(_map, log_x=True),
    "map_log_y": functools.partial(_map, log_y=True),
    "map_log_xy": functools.partial(_map, log_x=True, log_y=True),
}


# -- rows --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: from `start` to `value`, with words about it; `tick` marks a place on it."""

    label: str
    value: float
    words: str
    colour: str
    hint: str = ""
    start: float = 0.0
    tick: float | None = None
    strength: float = 1.0


def bar_rows(bars: Sequence[Bar]) -> dict[str, Rows]:
    """Datasets of "bars", the first on top."""
    main = [{"row": n, "title": f"{bar.label}: {bar.words}", **dataclasses.asdict(bar)} for n, bar in enumerate(bars)]
    return {"main": main, "ticks": [{"row": n, "at": bar.tick} for n, bar in enumerate(bars) if bar.tick is not None]}


def band_bars(bands: Mapping[str, Band], names: Mapping[str, str], words: Words, mode: Mode) -> list[Bar]:
    """From the 10th to the 90th percentile, with a tick at the median; in the order of `names`."""
    return [
        Bar(
            name,
            band.high,
            f"{words(band.median)} ({words(band.low)} to {words(band.high)})",
            colour(i, mode),
            "median (10th to 90th percentile)",
            band.low,
            band.median,
            _BAND,
        )
        for i, name in names.items()
        for band in [bands[i]]
    ]


def step_bars(start: tuple[str, float], causes: Mapping[str, float], end: tuple[str, float], words: Words, mode: Mode) -> list[Bar]:
    """Two sums, and between them a bar for each cause that starts where the last one ended."""
    ink, at = PALETTE[mode], start[1]
    bars = [Bar(start[0], start[1], words(start[1]), ink.faint)]
    for cause, change in causes.items():
        said, shade = (f"+{words(change)}", "build") if change >= 0 else (words(change), "exit")
        bars.append(Bar(cause, at + change, said, ink.categories[shade], start=at))
        at += change
    return [*bars, Bar(end[0], end[1], words(end[1]), ink.faint)]


def tornado_rows(found: Tornado, most: int, words: Words, ends: Callable[[Swing], tuple[str, str]], mode: Mode) -> dict[str, Rows]:
    """Datasets of "tornado" for the widest swings. words: dollars; ends: the two ends of an input in its unit."""
    inks = (PALETTE[mode].ruled_out, PALETTE[mode].faint)[:: 1 if mode == "light" else -1]  # the lighter one for the low end
    main, segments = [], []
    for n, swing in enumerate(found.swings[:most]):
        said = ends(swing)
        main.append({"row": n, "title": f"{swing.label}: {said[0]} to {said[1]}"})
        for at, value, side, ink in zip((swing.at_low, swing.at_high), said, ("low", "high"), inks, strict=True):
            segments.append(
                {"row": n, "label": swing.label, "x": found.now, "x2": at, "colour": ink, "hint": f"its {side} end, {value}", "words": words(at)}
            )
    sides = ("left", "right") if found.now < 0 else ("right", "left")
    lines = [{"x": 0.0, "words": "equal", "dash": 1, "side": sides[0]}, {"x": found.now, "words": "now", "dash": 0, "side": sides[1]}]
    return {"main": main, "segments": segments, "lines": lines}


def _columns(ids: Sequence[str], points: int, names: Mapping[str, str], mode: Mode, **columns: npt.NDArray[Any]) -> Columns:
    """Lines end to end with option, colour and dashes."""
    return {
        **columns,
        "option": np.repeat([names[i] for i in ids], points),
        "colour": np.repeat([colour(i, mode) for i in ids], points),
        "dash": np.repeat([dash(i) for i in ids], points).astype(np.int8),
    }


def line_rows(
    costs: Mapping[str, Floats],
    values: Floats,
    crossings: Sequence[Crossing],
    now: float,
    names: Mapping[str, str],
    words: Sequence[str],
    mode: Mode,
    log: bool = False,
) -> dict[str, Any]:
    """Datasets of "lines". costs: option id -> USD at each of `values`; now: where the team stands; words: each crossing as a sentence."""
    ids = list(costs)
    lines = _columns(ids, len(values), names, mode, at=np.tile(values, len(ids)), cost=np.concatenate([costs[i] for i in ids]).round(2))
    inside = bool(values[0] <= now <= values[-1])
    own = [{"at": now, "cost": float(np.interp(now, values, costs[i])), "colour": colour(i, mode)} for i in ids] if inside else []
    return {
        "main": lines,
        "here": [{"at": now, "label": "you are here"}] if inside else [],
        "own": own,
        "crossings": _numbered(crossings, words, values, log),
    }


def _numbered(crossings: Sequence[Crossing], words: Sequence[str], values: Floats, log: bool) -> Rows:
    """A numbered dot for each crossing in view; those that would cover each other share one."""
    place: Callable[[float], float] = (
        (lambda at: float(np.log(at / values[0]) / np.log(values[-1] / values[0])))
        if log
        else (lambda at: float((at - values[0]) / (values[-1] - values[0])))
    )
    marks: Rows = []
    for n, (crossing, said) in enumerate(zip(crossings, words, strict=True), 1):
        if not values[0] <= crossing.at <= values[-1]:
            continue
        if marks and place(crossing.at) - place(marks[-1]["at"]) < 1 / _MARKS:
            marks[-1]["label"] = f"{marks[-1]['label'].partition('-')[0]}-{n}"
            marks[-1]["words"] += " " + said
        else:
            marks.append({"at": crossing.at, "cost": crossing.cost, "label": str(n), "words": said})
    for mark in marks:
        mark["size"] = _DOT * max(1.0, len(mark["label"]) / 3) ** 2  # wide enough for 13-16
    return marks


def cumulative_rows(found: Outlook, names: Mapping[str, str], banded: Sequence[str], payback: Payback | None, mode: Mode) -> dict[str, Any]:
    """Datasets of "cumulative": the median of each option, bands of the options in `banded`, and when the reference pays back."""
    ids, months = list(names), len(next(iter(found.cumulative.values())))
    medians = [band.median for i in ids for band in found.cumulative[i]]
    lines = _columns(ids, months, names, mode, month=np.tile(np.arange(months), len(ids)), cost=np.array(medians).round(2))
    bands = [
        {"month": month, "low": band.low, "high": band.high, "option": names[i], "colour": colour(i, mode)}
        for i in banded
        for month, band in enumerate(found.cumulative[i])
    ]
    reached: Rows = []
    if payback is not None and payback.median is not None:
        last = months - 1
        reached = [
            {
                "low": payback.low or 0,
                "median": payback.median,
                "high": last if payback.high is None else payback.high,
                "label": f"month {payback.median}" if payback.median else "from the start",
            }
        ]
    return {"main": lines, "bands": bands, "payback": reached}


def map_rows(
    found: WhoWins, levels: Sequence[float], names: Mapping[str, str], words: Words, x_value: Words, y_value: Words, mode: Mode
) -> dict[str, Rows]:
    """Datasets of "map". words: dollars; x_value, y_value: values of the axes in their units."""
    rectangles = found.rectangles()
    main = [
        {
            "x": r.x_low,
            "x2": r.x_high,
            "y": r.y_low,
            "y2": r.y_high,
            "option": names[r.option],
            "colour": colour(r.option, mode),
            "where": f"{x_value(r.x_low)} to {x_value(r.x_high)}; {y_value(r.y_low)} to {y_value(r.y_high)}",
        }
        for r in rectangles
    ]
    lines, named = found.contours(levels), _field_names(found, names)
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


def _field_names(found: WhoWins, names: Mapping[str, str]) -> Rows:
    """The name of each option in the largest square of cells that it wins, where there is room for it."""
    rows, columns = found.winner.shape
    placed = []
    for index in np.unique(found.winner):
        size, row, column = _largest_square(found.winner == index)
        if size * size >= _SMALLEST_NAME * rows * columns:
            at = (column - size / 2 + 1, row - size / 2 + 1)
            placed.append({"x": float(found.x.at(at[0])), "y": float(found.y.at(at[1])), "words": names[found.option_ids[index]]})
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


__all__ = [
    "BUILDERS",
    "NUMBERS",
    "SHARES",
    "Bar",
    "band_bars",
    "bar_rows",
    "build_all",
    "chart",
    "cumulative_rows",
    "line_rows",
    "map_rows",
    "step_bars",
    "tornado_rows",
]
