"""What charts have in common: named data, axes whose words are filled in when they are drawn, lines of options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt

from decision.catalog.options import MARKS
from decision.charts.palette import DASHES, Ink

Floats = npt.NDArray[np.float64]
Rows = list[dict[str, Any]]
Columns = dict[str, npt.NDArray[Any]]
Spec = dict[str, Any]
Words = Callable[[float], str]
TopLevel = alt.LayerChart | alt.FacetChart
Builder = Callable[[Ink], TopLevel]

# below 10 dollars in full: ~s alone writes $500m for half a dollar
DOLLARS = "datum.value == 0 ? '$0' : abs(datum.value) < 10 ? format(datum.value, '$,.2~f') : format(datum.value, '$~s')"
SHARES = "datum.value > 1 ? '' : format(datum.value, '.0%')"
NUMBERS = "datum.value >= 10000 ? format(datum.value, '~s') : format(datum.value, ',.3~r')"


def named(dataset: str) -> alt.Chart:
    """A layer of the data that is handed over with the spec under this name."""
    return alt.Chart(alt.NamedData(name=dataset))


def across(ink: Ink, field: str, log: bool) -> alt.X:
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


def along(ink: Ink, field: str = "value", scale: alt.Scale | None = None) -> alt.X:
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


def up(ink: Ink, field: str = "cost", **more: Any) -> alt.Y:
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


def own_colour() -> alt.Color:
    """The colour that each row carries, so that no spec lists options."""
    return alt.Color("colour:N", scale=None)


def own_dashes() -> alt.StrokeDash:
    """The dash pattern that each row carries by its number, see `palette.dash`."""
    scale = alt.Scale(domain=list(range(len(MARKS))), range=[list(DASHES[mark]) for mark in DASHES])
    return alt.StrokeDash("dash:N", scale=scale, legend=None)
