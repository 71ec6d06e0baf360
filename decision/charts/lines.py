"""Lines of options: what each costs by one input, with every break-even point, and what is spent by the end of each month."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np

from decision.analysis.breakeven import Crossing
from decision.analysis.outlook import Outlook, Payback
from decision.catalog import Option
from decision.charts.axes import Builder, Columns, Floats, Rows, TopLevel, Words, across, named, own_colour, own_dashes, up
from decision.charts.palette import Ink, Mode, colour, dash

HEIGHT = 320  # pixels
_DOT = 430  # square pixels of a dot that holds 1-3
_MARKS = 25  # numbers nearer than a 25th of the axis would cover each other


def _breakeven(ink: Ink, log: bool = False) -> TopLevel:
    """Cost lines by one driver. Layers that may be empty are kept from screen readers: an empty group has no name.

    main: line, at, cost; who: line, option, colour, dash; own: at, cost, option, colour, money; crossings: at, cost, label, words, size;
    here: at, label.
    """
    x, y = across(ink, "at", log), up(ink)
    at, cost = alt.X("at:Q", title="@x"), alt.Y("cost:Q", title="@y")  # the rest of the axes is said once: every reader downloads the spec
    lines = (
        named("main")
        .transform_lookup("line", alt.LookupData(alt.NamedData(name="who"), "line", ["option", "colour", "dash"]))
        .mark_line(strokeWidth=2.4)
        .encode(x=x, y=y, detail="option:N", color=own_colour(), strokeDash=own_dashes(), tooltip=alt.Tooltip("option:N", title="Option"))
    )
    here = named("here").mark_rule(aria=False, strokeDash=[4, 3], strokeWidth=1.5, color=ink.text).encode(x=at)
    said = named("here").mark_text(aria=False, align="left", baseline="bottom", dx=-4, dy=-5, fontSize=12, fontWeight=600, color=ink.text)
    points = named("crossings").encode(x=at, y=cost, tooltip=[alt.Tooltip("words:N", title="Here")])
    dots = points.mark_circle(aria=False, color=ink.text, opacity=1).encode(size=alt.Size("size:Q", scale=None))
    digits = points.mark_text(aria=False, fontSize=11, fontWeight=700, color=ink.background, dy=1).encode(text="label:N")
    own = named("own").mark_point(aria=False, size=90, filled=True, opacity=1, stroke=ink.background, strokeWidth=1.5)
    tips = [alt.Tooltip("option:N", title="Option"), alt.Tooltip("money:N", title="Where you are")]
    own = own.encode(x=at, y=cost, color=own_colour(), tooltip=tips)
    layers = (lines, here, own, said.encode(x=at, y=alt.value(0), text="label:N"), dots, digits)
    return alt.layer(*layers).properties(width="container", height=HEIGHT)


def _cumulative(ink: Ink) -> TopLevel:
    """Spent by the end of each month.

    main: month, cost, option, colour, dash; bands: month, low, high, option, colour; payback: low, high, median, label.
    """
    axis = alt.Axis(title="@x", titleAnchor="start", titleColor=ink.faint, titleFontWeight="normal", grid=False, labelColor=ink.faint, tickMinStep=1)
    x, y = alt.X("month:Q", axis=axis, scale=alt.Scale(nice=False)), up(ink)
    tips = [
        alt.Tooltip("option:N", title="Option"),
        alt.Tooltip("month:Q", title="End of month"),
        alt.Tooltip("cost:Q", title="Spent, median", format="$,.0f"),
    ]
    lines = named("main").mark_line(strokeWidth=2.4)
    lines = lines.encode(x=x, y=y, detail="option:N", color=own_colour(), strokeDash=own_dashes(), tooltip=tips)
    bands = named("bands").mark_area(opacity=0.16).encode(x=x, y=up(ink, "low"), y2="high:Q", detail="option:N", color=own_colour())
    payback = named("payback")
    stretch = payback.mark_rect(aria=False, opacity=0.14, color=ink.text).encode(x=alt.X("low:Q", axis=axis), x2="high:Q")
    rule = payback.mark_rule(aria=False, strokeDash=[4, 3], strokeWidth=1.5, color=ink.text).encode(x=alt.X("median:Q", axis=axis))
    said = payback.mark_text(aria=False, align="left", baseline="top", dx=5, dy=2, fontSize=12, fontWeight=600, color=ink.text).encode(
        x=alt.X("median:Q", axis=axis), y=alt.value(0), text="label:N"
    )
    return alt.layer(stretch, bands, lines, rule, said).properties(width="container", height=320)


BUILDERS: Mapping[str, Builder] = {
    "breakeven": _breakeven,
    "breakeven_log": functools.partial(_breakeven, log=True),
    "cumulative": _cumulative,
}


# -- rows --------------------------------------------------------------------------------------------


def breakeven_rows(
    costs: Mapping[str, Floats],
    values: Floats,
    crossings: Sequence[tuple[Crossing, str]],
    now: float,
    options: Mapping[str, Option],
    money: Words,
    mode: Mode,
    log: bool = False,
) -> dict[str, Rows | Columns]:
    """Datasets of the break-even chart: of each line only the points where it bends, and once what they share.

    costs: option id -> USD at each of `values`; crossings: each with its sentence; now: where the team stands; money: how USD are shown.
    """
    ids = list(costs)
    along = np.log(values) if log else values  # straight on paper
    flat = (max(c.max() for c in costs.values()) - min(c.min() for c in costs.values())) / HEIGHT / 4  # a quarter of a pixel
    bends = [vertices(along, costs[option_id], flat) for option_id in ids]
    lines: Columns = {
        "line": np.repeat(np.arange(len(ids), dtype=np.int8), [len(kept) for kept in bends]),
        "at": np.concatenate([values[kept] for kept in bends]).astype(np.float32),
        "cost": np.concatenate([costs[option_id][kept] for option_id, kept in zip(ids, bends, strict=True)]).astype(np.float32),
    }
    who = [{"line": n, **_look(options[i], mode)} for n, i in enumerate(ids)]
    inside = bool(values[0] <= now <= values[-1])
    own: Rows = []
    for i in ids if inside else ():
        cost = float(np.interp(now, values, costs[i]))
        own.append({"at": now, "cost": cost, "option": options[i].short_name, "colour": colour(options[i], mode), "money": money(cost)})
    here: Rows = [{"at": now, "label": "you are here"}] if inside else []
    return {"main": lines, "who": who, "here": here, "own": own, "crossings": _numbered(crossings, values, log)}


def _look(option: Option, mode: Mode) -> dict[str, Any]:
    return {"option": option.short_name, "colour": colour(option, mode), "dash": dash(option)}


def vertices(at: Floats, cost: Floats, tolerance: float) -> list[int]:
    """Indices of the points that draw the same line: straight stretches keep their ends, and no point left out is further off than `tolerance`.

    at ascends; cost and tolerance in USD. Douglas and Peucker 1973, with the vertical distance.
    """
    kept, spans = {0, len(at) - 1}, [(0, len(at) - 1)]
    while spans:
        first, last = spans.pop()
        inner = slice(first + 1, last)
        off = np.abs(cost[inner] - np.interp(at[inner], at[[first, last]], cost[[first, last]]))
        if off.size and off.max() > tolerance:
            furthest = first + 1 + int(off.argmax())
            kept.add(furthest)
            spans += [(first, furthest), (furthest, last)]
    return sorted(kept)


def _numbered(crossings: Sequence[tuple[Crossing, str]], values: Floats, log: bool) -> Rows:
    """A numbered dot for each crossing in view; those that would cover each other share one."""
    place: Callable[[float], float] = (
        (lambda at: float(np.log(at / values[0]) / np.log(values[-1] / values[0])))
        if log
        else (lambda at: float((at - values[0]) / (values[-1] - values[0])))
    )
    marks: Rows = []
    for n, (crossing, said) in enumerate(crossings, 1):
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


def cumulative_rows(found: Outlook, options: Mapping[str, Option], banded: Sequence[str], payback: Payback | None, mode: Mode) -> dict[str, Any]:
    """Datasets of "cumulative": the median of each option, bands of the options in `banded`, and when the reference pays back."""
    ids, months = list(options), len(next(iter(found.cumulative.values())))
    looks = [_look(options[i], mode) for i in ids]
    lines: Columns = {
        "month": np.tile(np.arange(months), len(ids)),
        "cost": np.array([band.median for i in ids for band in found.cumulative[i]]).round(2),
        **{name: np.repeat([look[name] for look in looks], months) for name in looks[0]},
    }
    bands = [
        {"month": month, "low": band.low, "high": band.high, "option": options[i].short_name, "colour": colour(options[i], mode)}
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
