"""Charts: a domain object becomes a Vega-Lite spec. One palette for the whole tool, in a light and a dark version.

    chart("bill", "dark", main=rows, totals=totals)      # a spec with its data; st.vega_lite_chart takes it

Altair builds each spec once per mode, against named data without rows; drawing again only swaps the data (building
a spec costs some 10 ms, swapping data well under 1). To add a chart: write a builder, name it in BUILDERS, and add a
function that turns the domain object into rows. Rows carry the colour of their option (`colour`), so that a spec never
lists option ids. The caller shows the same rows as a table and writes the sentence; a chart is never the only carrier.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import numpy as np
import numpy.typing as npt

from decision.analysis.breakeven import Crossing

Floats = npt.NDArray[np.float64]
Mode = Literal["light", "dark"]
Rows = list[dict[str, Any]]
Columns = dict[str, npt.NDArray[Any]]
Spec = dict[str, Any]
TopLevel = alt.LayerChart | alt.FacetChart


@dataclass(frozen=True)
class Ink:
    """Colours of one mode. Every option and category colour has at least 4.5:1 (categories 3:1) against the background."""

    background: str
    text: str
    faint: str
    grid: str
    ruled_out: str
    options: tuple[str, ...]
    categories: Mapping[str, str]


# The first five places belong to the five default options and stay apart for colour-blind readers (tests/test_charts.py).
PALETTE: Mapping[Mode, Ink] = {
    "light": Ink(
        background="#ffffff",
        text="#0b1220",
        faint="#4b586b",
        grid="#dfe4ec",
        ruled_out="#9aa5b5",
        options=("#b34700", "#0a66c2", "#0b2f66", "#0b7a4b", "#a3248f", "#6b4e00", "#7a1f1f", "#4a5a6a"),
        categories={
            "tokens": "#7d8a9c",
            "runtime": "#c25a00",
            "servers": "#00786b",
            "tools": "#7b4fb5",
            "services": "#1769c4",
            "upkeep": "#22324a",
            "run": "#5b6b80",
            "build": "#c25a00",
            "delay": "#7b4fb5",
            "exit": "#00786b",
        },
    ),
    "dark": Ink(
        background="#0e1420",
        text="#eef2f8",
        faint="#a9b6c8",
        grid="#2a3547",
        ruled_out="#5f6d82",
        options=("#ff9d5c", "#5cb0ff", "#c4d4f0", "#3ed598", "#ff6fb5", "#e3c34d", "#ff8f8f", "#9fb2c8"),
        categories={
            "tokens": "#76859a",
            "runtime": "#ff9d5c",
            "servers": "#35c7b4",
            "tools": "#b794f0",
            "services": "#62aefc",
            "upkeep": "#d5deea",
            "run": "#8fa0b8",
            "build": "#ff9d5c",
            "delay": "#b794f0",
            "exit": "#35c7b4",
        },
    ),
}
_PLACES = {"managed-agents": 0, "agentcore-v1": 1, "agentcore-v2": 2, "vps": 3, "multica": 4, "openai-containers": 5, "gpu-node": 6}
# below 10 dollars in full: ~s alone writes $500m for half a dollar
DOLLARS = "datum.value == 0 ? '$0' : abs(datum.value) < 10 ? format(datum.value, '$,.2~f') : format(datum.value, '$~s')"
HEIGHT = 320  # of the break-even chart, in pixels
_DASHES = ([1, 0], [7, 3], [2, 2], [10, 3, 2, 3], [4, 4], [12, 4])


def colour(option_id: str, mode: Mode) -> str:
    """The option's colour: always the same one. An option added later takes its place in the palette from its id."""
    inks = PALETTE[mode].options
    return inks[_place(option_id) % len(inks)]


def dash(option_id: str) -> int:
    """Which dash pattern the option's lines have, so that colour is not the only sign."""
    return _place(option_id) % len(_DASHES)


def dash_pattern(option_id: str) -> list[int]:
    """The pattern itself, for a legend."""
    return _DASHES[dash(option_id)]


def category_colour(category: str, mode: Mode) -> str:
    """The colour of a charge category, from another family than the options'."""
    return PALETTE[mode].categories[category]


def _place(option_id: str) -> int:
    return _PLACES[option_id] if option_id in _PLACES else hashlib.sha256(option_id.encode()).digest()[0]


# -- specs -------------------------------------------------------------------------------------------


def chart(name: str, mode: Mode, **datasets: Any) -> Spec:
    """The spec of that name with these datasets. A dataset may be empty; its layer then draws nothing."""
    return {**_spec(name, mode), "datasets": datasets}


def build_all() -> None:
    """Build every spec, so that no visit waits for it."""
    for name in BUILDERS:
        for mode in PALETTE:
            _spec(name, mode)


@functools.cache
def _spec(name: str, mode: Mode) -> Spec:
    with alt.theme.enable("none"):
        spec: Spec = BUILDERS[name](PALETTE[mode]).to_dict()
    spec.pop("config", None)
    return spec


def _named(dataset: str) -> alt.NamedData:
    """Data that is handed over with the spec, under this name."""
    return alt.NamedData(name=dataset)


def _stack(ink: Ink, categories: Sequence[str]) -> TopLevel:
    """Horizontal bars in stacked categories with the total at the end.

    main: option, rank, category, cost, order, hint, money, strength; totals: option, rank, total, words (lines), pixels.
    """
    by_rank = alt.EncodingSortField("rank", op="min")  # not the order of the rows: a chart that gets new rows keeps its first order
    names = alt.Y(
        "option:N",
        sort=by_rank,
        title=None,
        axis=alt.Axis(labelLimit=190, labelFontSize=13, ticks=False, domain=False, labelColor=ink.text, labelPadding=8),
    )
    bars = (
        alt.Chart(_named("main"))
        .mark_bar(stroke=ink.background, strokeWidth=1, height={"band": 0.62})
        .encode(
            y=names,
            x=alt.X(
                "cost:Q",
                stack="zero",
                title=None,
                scale=alt.Scale(nice=False),
                axis=alt.Axis(labelExpr=DOLLARS, tickCount=5, gridColor=ink.grid, labelColor=ink.faint, domain=False),
            ),
            color=alt.Color("category:N", scale=alt.Scale(domain=list(categories), range=[ink.categories[name] for name in categories]), legend=None),
            opacity=alt.Opacity("strength:Q", scale=None),
            order=alt.Order("order:Q"),
            tooltip=[alt.Tooltip("option:N", title="Option"), alt.Tooltip("hint:N", title="What"), alt.Tooltip("money:N", title="Cost")],
        )
    )
    totals = (
        alt.Chart(_named("totals"))
        .mark_text(
            align="left",
            dx=6,
            dy=alt.expr("indexof(datum.words, '\\n') < 0 ? 0 : -7"),
            fontSize=13,
            fontWeight=600,
            lineHeight=15,
            lineBreak="\n",
            color=ink.text,
        )
        .encode(y=alt.Y("option:N", sort=by_rank, title=None), x=alt.X("total:Q", title=None), text="words:N")
    )
    room = (  # an unseen point so far to the right that the words of its bar fit between them, however narrow the chart is
        alt.Chart(_named("totals"))
        .transform_calculate(room="datum.total * width / max(width - datum.pixels, width / 3)")
        .mark_point(opacity=0, aria=False)
        .encode(x=alt.X("room:Q", title=None))
    )
    return alt.layer(bars, totals, room).properties(width="container", height=alt.Step(40))


def _bill(ink: Ink) -> TopLevel:
    return _stack(ink, ("tokens", "runtime", "servers", "tools", "services", "upkeep"))


def _ownership(ink: Ink) -> TopLevel:
    return _stack(ink, ("run", "build", "delay", "exit"))


def _breakeven(ink: Ink) -> TopLevel:
    """Cost lines by one driver.

    main: line, at, cost; who: line, option, colour, dash; own: at, cost, option, colour, money; crossings: at, cost, label, words; here: at, label.
    """
    x = alt.X("at:Q", title=None, axis=alt.Axis(grid=False, labelColor=ink.faint, tickCount=6, format=",~r"), scale=alt.Scale(nice=False, zero=False))
    at, cost = alt.X("at:Q", title=None), alt.Y("cost:Q", title=None)  # the axes are said once: every reader downloads the spec
    y = alt.Y("cost:Q", title=None, axis=alt.Axis(labelExpr=DOLLARS, gridColor=ink.grid, labelColor=ink.faint, tickCount=5, domain=False))
    lines = (
        alt.Chart(_named("main"))
        .transform_lookup("line", alt.LookupData(_named("who"), "line", ["option", "colour", "dash"]))
        .mark_line(strokeWidth=2.4, interpolate="linear")
        .encode(
            x=x,
            y=y,
            detail="option:N",
            color=alt.Color("colour:N", scale=None),
            strokeDash=alt.StrokeDash("dash:N", scale=alt.Scale(domain=list(range(len(_DASHES))), range=[list(d) for d in _DASHES]), legend=None),
            tooltip=alt.Tooltip("option:N", title="Option"),
        )
    )
    here = alt.Chart(_named("here")).mark_rule(strokeDash=[4, 3], strokeWidth=1.5, color=ink.text).encode(x=at)
    here_words = here.mark_text(align="left", baseline="bottom", dx=-4, dy=-5, fontSize=12, fontWeight=600, color=ink.text).encode(
        x=at, y=alt.value(0), text="label:N"
    )
    points = alt.Chart(_named("crossings")).encode(x=at, y=cost, tooltip=[alt.Tooltip("words:N", title="Here")])
    dots = points.mark_circle(aria=False, size=430, color=ink.text, opacity=1)
    digits = points.mark_text(aria=False, fontSize=11, fontWeight=700, color=ink.background, dy=1).encode(text="label:N")
    own = (
        alt.Chart(_named("own"))
        .mark_point(size=90, filled=True, opacity=1, stroke=ink.background, strokeWidth=1.5)
        .encode(
            x=at,
            y=cost,
            color=alt.Color("colour:N", scale=None),
            tooltip=[alt.Tooltip("option:N", title="Option"), alt.Tooltip("money:N", title="Where you are")],
        )
    )
    return alt.layer(lines, here, own, here_words, dots, digits).properties(width="container", height=HEIGHT)


BUILDERS: Mapping[str, Callable[[Ink], TopLevel]] = {"bill": _bill, "ownership": _ownership, "breakeven": _breakeven}


def stack_rows(
    parts: Iterable[tuple[str, Mapping[str, float], bool]], categories: Mapping[str, str], words: Callable[[float], str]
) -> dict[str, Rows]:
    """Datasets of a stacked chart.

    parts: option name, cost by category, whether it is ruled out; categories: id -> words; words: how money is shown.
    """
    listed = list(parts)
    main = [
        {
            "option": name,
            "rank": rank,
            "category": category,
            "cost": costs[category],
            "order": order,
            "hint": categories[category],
            "money": words(costs[category]),
            "strength": 0.28 if out else 1.0,
        }
        for rank, (name, costs, out) in enumerate(listed)
        for order, category in enumerate(categories)
        if costs.get(category)
    ]
    totals = [
        {"rank": rank, **_total(name, sum(costs.get(category, 0.0) for category in categories), out, words)}
        for rank, (name, costs, out) in enumerate(listed)
    ]
    return {"main": main, "totals": totals}


def _total(name: str, total: float, out: bool, words: Callable[[float], str]) -> dict[str, Any]:
    """What stands at the end of a bar, and how wide it is at most."""
    lines = [words(total), "ruled out"] if out else [words(total)]
    return {"option": name, "total": total, "words": "\n".join(lines), "pixels": 14 + 7.5 * max(map(len, lines))}


def breakeven_rows(
    costs: Mapping[str, Floats],
    values: Floats,
    crossings: Sequence[Crossing],
    now: float,
    names: Mapping[str, str],
    words: Callable[[Crossing], str],
    money: Callable[[float], str],
    mode: Mode,
) -> dict[str, Rows | Columns]:
    """Datasets of the break-even chart: of each line only the points where it bends, and once what they share.

    costs: option id -> USD at each of `values`; now: where the team stands; words: a crossing as a sentence; money: how USD are shown.
    """
    ids = list(costs)
    flat = (max(c.max() for c in costs.values()) - min(c.min() for c in costs.values())) / HEIGHT / 4  # a quarter of a pixel
    bends = [vertices(values, costs[option_id], flat) for option_id in ids]
    lines: Columns = {
        "line": np.repeat(np.arange(len(ids), dtype=np.int8), [len(kept) for kept in bends]),
        "at": np.concatenate([values[kept] for kept in bends]).astype(np.float32),
        "cost": np.concatenate([costs[option_id][kept] for option_id, kept in zip(ids, bends, strict=True)]).astype(np.float32),
    }
    who = [{"line": n, "option": names[i], "colour": colour(i, mode), "dash": dash(i)} for n, i in enumerate(ids)]
    inside = values[0] <= now <= values[-1]
    own: Rows = []
    for i in ids if inside else ():
        cost = float(np.interp(now, values, costs[i]))
        own.append({"at": now, "cost": cost, "option": names[i], "colour": colour(i, mode), "money": money(cost)})
    shown = [(n, crossing) for n, crossing in enumerate(crossings, 1) if values[0] <= crossing.at <= values[-1]]
    marks = _marks(shown, (values[-1] - values[0]) / 25, words)
    return {"main": lines, "who": who, "here": [{"at": now, "label": "you are here"}] if inside else [], "own": own, "crossings": marks}


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


def _marks(numbered: Sequence[tuple[int, Crossing]], too_close: float, words: Callable[[Crossing], str]) -> Rows:
    """A numbered dot for each crossing; those that would cover each other share one."""
    marks: Rows = []
    for n, crossing in numbered:
        if marks and crossing.at - marks[-1]["at"] < too_close:
            marks[-1]["label"] = f"{marks[-1]['label'].partition('-')[0]}-{n}"
            marks[-1]["words"] += " " + words(crossing)
        else:
            marks.append({"at": crossing.at, "cost": crossing.cost, "label": str(n), "words": words(crossing)})
    return marks


__all__ = [
    "DOLLARS",
    "PALETTE",
    "Ink",
    "Mode",
    "breakeven_rows",
    "build_all",
    "category_colour",
    "chart",
    "colour",
    "dash",
    "dash_pattern",
    "stack_rows",
    "vertices",
]
