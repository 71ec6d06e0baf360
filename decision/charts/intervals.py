"""What several people think of one input: an interval for each, and what they make together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from decision.charts.axes import Builder, Rows, TopLevel, across, named, own_colour
from decision.charts.palette import Ink

_STEP = 26  # pixels for a person
_NAME = 130  # pixels for a name; a longer one is cut, the tooltip has all of it


def _intervals(ink: Ink) -> TopLevel:
    """A line from low to high for each row, with a point where the most likely value is.

    main: row, name, low, likely, high, words, colour, weight.
    """
    tips = [alt.Tooltip("name:N", title="Who"), alt.Tooltip("words:N", title="Says")]
    names = alt.Axis(title=None, labelLimit=_NAME, labelColor=ink.text, domain=False, ticks=False, labelPadding=8)
    who = alt.Y("name:N", sort=alt.SortField("row"), axis=names)
    x = across(ink, "low", log=False)
    lines = (
        named("main")
        .mark_rule(strokeCap="round")
        .encode(y=who, x=x, x2="high:Q", color=own_colour(), size=alt.Size("weight:Q", scale=None), tooltip=tips)
    )
    points = (
        named("main").mark_point(filled=True, size=90, opacity=1).encode(y=who, x=across(ink, "likely", log=False), color=own_colour(), tooltip=tips)
    )
    return alt.layer(lines, points).properties(width="container", height=alt.Step(_STEP))


BUILDERS: Mapping[str, Builder] = {"intervals": _intervals}


@dataclass(frozen=True, slots=True)
class Interval:
    """One row: low, most likely and high in the input's unit, and the same in words; strong: what all of them make together."""

    name: str
    low: float
    likely: float
    high: float
    words: str
    strong: bool = False


def interval_rows(intervals: Sequence[Interval], ink: Ink) -> dict[str, Rows]:
    """The dataset of "intervals", the first on top."""
    return {
        "main": [
            {
                "row": n, "name": each.name, "low": each.low, "likely": each.likely, "high": each.high, "words": each.words,
                "colour": ink.categories["runtime"] if each.strong else ink.faint, "weight": 5 if each.strong else 3,
            }
            for n, each in enumerate(intervals)
        ]
    }  # fmt: skip
