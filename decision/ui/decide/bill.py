"""Where the money goes: the bills as stacked bars, and every line of one of them."""

from __future__ import annotations

import streamlit as st

from decision import charts
from decision.costs.line_items import Category
from decision.recommendation import OptionResult, Recommendation
from decision.ui import state, views
from decision.ui.decide.answer import names_of, shown
from decision.ui.parts import part, redraw, steady
from decision.ui.views import Cell
from decision.words import CATEGORIES, OWNERSHIP, listed, money, scalar, sentence_case

PERIODS = {"month": "A month", "machines": "Without people", "horizon": "{months} months"}


def bill() -> None:
    """The card. Choosing what it shows draws that part again; a new answer, the figures and not the choices."""
    periods = {name: words.format(months=state.sheet().scenario.horizon_months) for name, words in PERIODS.items()}
    with views.card("bill", "Where the money goes"):
        st.segmented_control(
            "What the bars show",
            list(periods),
            default="month",
            required=True,
            key="bill_period",
            label_visibility="collapsed",
            persist_state="session",
            format_func=lambda value: periods[value],
            on_change=redraw,
        )
        part("bill_bars", lambda: (state.priced(), _period()), _bars, steady)
        part("bill_table", lambda: _opened() and (state.priced(), _period()), lambda: views.as_table(_table, "bill"), _opened)
        part("bill_choice", lambda: _choices(state.recommended()), _choice, steady)
        part("bill_lines", lambda: (state.priced(), _chosen(state.recommended())), _lines, steady, order=2)


def _opened() -> bool:
    return views.opened("bill")


def _period() -> str:
    return str(st.session_state.get("bill_period") or "month")


def _bars() -> None:
    answer, what = state.recommended(), _period()
    words, parts = _words(what), _parts(answer, what)
    used = _used(words, parts)
    with views.piece():
        if what == "machines":
            views.note("A month without engineers' upkeep, which is left out here; the ranking and the headline count it.")
        views.legend(categories=used, said="; ".join(f"{name} {money(sum(costs.values()))}" for name, costs, _ in parts) + ".")
    by_name = listed(sorted(result.option.short_name for result in shown(answer)))  # an order that no change of a number changes
    views.chart(
        "ownership" if what == "horizon" else "bill",
        {},
        charts.stack_rows(parts, words, money),
        f"Stacked bars: {PERIODS[what].format(months=answer.horizon_months).lower()}, what each of {by_name} costs, in parts.",
    )


def _words(what: str) -> dict[str, str]:
    return {name: sentence_case(words) for name, words in (OWNERSHIP if what == "horizon" else CATEGORIES).items()}


def _parts(answer: Recommendation, what: str) -> list[tuple[str, dict[str, float], bool]]:
    """Of each option: its name, USD by part, whether it is ruled out."""
    return [(result.option.short_name, _costs(result, what), bool(result.ruled_out_by)) for result in shown(answer)]


def _costs(result: OptionResult, what: str) -> dict[str, float]:
    assert result.costed is not None
    if what == "horizon":
        return {name: scalar(getattr(result.costed.owned, name)) for name in OWNERSHIP}
    return {name: scalar(result.costed.bill.of(Category(name))) for name in CATEGORIES if what != "machines" or name != Category.UPKEEP}


def _used(words: dict[str, str], parts: list[tuple[str, dict[str, float], bool]]) -> dict[str, str]:
    return {name: label for name, label in words.items() if any(costs.get(name) for _, costs, _ in parts)}


def _table() -> None:
    what = _period()
    parts = _parts(state.recommended(), what)
    used = _used(_words(what), parts)
    rows = [
        ("out" if out else "", [Cell(name), *(Cell(money(costs[c]), right=True) for c in used), Cell(money(sum(costs.values())), right=True)])
        for name, costs, out in parts
    ]
    views.table("US dollars", ("Option", *used.values(), "Total"), rows)


# -- the lines of one bill -----------------------------------------------------------------------------


def _choices(answer: Recommendation) -> tuple[str | None, dict[str, str]]:
    return answer.option, names_of(answer)


def _choice() -> None:
    recommended, words = _choices(state.recommended())
    ids = list(words)
    st.selectbox(
        "Every line of the bill of",
        ids,
        format_func=lambda option_id: words[option_id],
        key=f"lines_of_{recommended}",
        persist_state="session",
        index=ids.index(recommended) if recommended in ids else 0,
        on_change=redraw,
    )


def _chosen(answer: Recommendation) -> str | None:
    """The option whose lines are shown: the one chosen, or the one recommended."""
    recommended, words = _choices(answer)
    chosen = st.session_state.get(f"lines_of_{recommended}")
    return chosen if chosen in words else recommended if recommended in words else next(iter(words), None)


def _lines() -> None:
    answer = state.recommended()
    chosen = _chosen(answer)
    costed = answer.result(chosen).costed if chosen else None
    if costed:
        views.line_items(costed.bill)
