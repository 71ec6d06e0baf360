"""Bars under their names, so that they are as wide on a phone as the phone is; and the tornado, which is made of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from decision.analysis.outlook import Band
from decision.analysis.tornado import Swing, Tornado
from decision.catalog import Option
from decision.charts.axes import Builder, Rows, TopLevel, Words, along, named, own_colour
from decision.charts.palette import PALETTE, Ink, Mode, colour

_STEP = 44  # pixels for a bar and its name
_LETTER = 6.8  # pixels that a letter of a name takes on average, rather more than less
_BAND = 0.45  # opacity of a band, under its tick
_ROW = alt.Y("row:O", axis=None, sort="ascending")
_BAR: Mapping[str, Any] = {"height": 14, "yOffset": 9}


def _titles(ink: Ink) -> alt.Chart:
    """The name of each bar and what it says, above it; cut where the chart ends, the tooltip has all of it."""
    chart: alt.Chart = (
        named("main")
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
    x = along(ink, "start", alt.Scale(zero=True))
    bars = named("main").mark_bar(**_BAR)
    bars = bars.encode(y=_ROW, x=x, x2="value:Q", color=own_colour(), opacity=alt.Opacity("strength:Q", scale=None), tooltip=tips)
    ticks = named("ticks").mark_tick(aria=False, thickness=3, size=20, yOffset=9, color=ink.text).encode(y=_ROW, x=along(ink, "at"))
    return alt.layer(bars, ticks, _titles(ink)).properties(width="container", height=alt.Step(_STEP))


def _tornado(ink: Ink) -> TopLevel:
    """Bars from where the difference stands now. main: row, title; segments: row, label, x, x2, colour, hint, words; lines: x, words, dash, side."""
    tips = [alt.Tooltip("label:N", title="Input"), alt.Tooltip("hint:N", title="At"), alt.Tooltip("words:N", title="Difference")]
    bars = named("segments").mark_bar(**_BAR)
    bars = bars.encode(y=_ROW, x=along(ink, "x"), x2="x2:Q", color=own_colour(), tooltip=tips)
    lines = named("lines")
    dashes = alt.StrokeDash("dash:Q", scale=alt.Scale(domain=[0, 1], range=[[1, 0], [4, 3]]), legend=None)
    rules = lines.mark_rule(color=ink.text, strokeWidth=1.5).encode(x=along(ink, "x"), strokeDash=dashes)
    said = lines.mark_text(align=alt.expr("datum.side"), baseline="bottom", dy=-4, fontSize=12, fontWeight=600, color=ink.text)
    said = said.encode(x=along(ink, "x"), y=alt.value(0), text="words:N")
    return alt.layer(rules, bars, said, _titles(ink)).properties(width="container", height=alt.Step(_STEP))


BUILDERS: Mapping[str, Builder] = {"bars": _bars, "tornado": _tornado}


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
    main = []
    for n, bar in enumerate(bars):
        look = dataclasses.asdict(bar)
        look.pop("tick")  # a column without any value says nothing, and ticks have a dataset of their own
        main.append({"row": n, "title": f"{bar.label}: {bar.words}", **look})
    return {"main": main, "ticks": [{"row": n, "at": bar.tick} for n, bar in enumerate(bars) if bar.tick is not None]}


def band_bars(bands: Mapping[str, Band], options: Mapping[str, Option], words: Words, mode: Mode) -> list[Bar]:
    """From the 10th to the 90th percentile, with a tick at the median; in the order of `options`."""
    return [
        Bar(
            option.short_name,
            band.high,
            f"{words(band.median)} ({words(band.low)} to {words(band.high)})",
            colour(option, mode),
            "median (10th to 90th percentile)",
            band.low,
            band.median,
            _BAND,
        )
        for i, option in options.items()
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
