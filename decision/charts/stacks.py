"""Bills as stacked bars: one bar an option, its parts by charge category or by kind of ownership cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from decision.charts.axes import DOLLARS, Builder, Rows, TopLevel, named
from decision.charts.palette import Ink


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
        named("main")
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
        named("totals")
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
        named("totals")
        .transform_calculate(room="datum.total * width / max(width - datum.pixels, width / 3)")
        .mark_point(opacity=0, aria=False)
        .encode(x=alt.X("room:Q", title=None))
    )
    return alt.layer(bars, totals, room).properties(width="container", height=alt.Step(40))


def _bill(ink: Ink) -> TopLevel:
    return _stack(ink, ("tokens", "runtime", "servers", "tools", "services", "upkeep"))


def _ownership(ink: Ink) -> TopLevel:
    return _stack(ink, ("run", "build", "delay", "exit", "moving"))


BUILDERS: Mapping[str, Builder] = {"bill": _bill, "ownership": _ownership}


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
