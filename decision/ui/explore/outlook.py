"""How sure: bands of cost, odds, expected regret, and the money spent by month with the payback."""

from __future__ import annotations

import dataclasses
from typing import Any

import streamlit as st

from decision import charts
from decision.analysis.draws import correlation
from decision.analysis.outlook import Band, Outlook
from decision.analysis.outlook import outlook as outlook_of
from decision.charts import Bar, colour
from decision.errors import BadInput
from decision.report.sections import outlook as section
from decision.scenario import Inputs
from decision.ui import state, views
from decision.ui.explore import study
from decision.ui.explore.study import Study
from decision.ui.formats import escaped
from decision.ui.views import Cell
from decision.words import about_money, counted, listed, money, odds_words

_PLACE = ("correlations",)
_WORDS = "What moves together"


@st.cache_resource(max_entries=200, show_spinner="Drawing from the ranges", hash_funcs={Inputs: state.fingerprint})
def _outlook(inputs: Inputs, ids: tuple[str, ...], draws: int, seed: int, reference: str) -> Outlook:
    return outlook_of(inputs, ids, draws, seed, reference)


@study.section
def outlook(found: Study) -> None:
    """The section."""
    draws, seed = study.draws_choice()
    drawn = _outlook(found.inputs, found.ids, draws, seed, found.best)
    study.lead(section.lead(found.inputs, drawn, found.best).spoken())
    if not drawn.varied:
        views.paragraph("No input is a range, so every draw is the same. Give what you are unsure of as a range on the page Decide, such as 2 to 8.")
    _bands(found, drawn)
    _odds(found, drawn)
    _by_month(found, drawn)
    together(found)
    views.note(f"{study.ranges_words(len(drawn.varied), drawn.draws, drawn.seed)} A band runs from the 10th to the 90th percentile.")


# -- bands and odds ------------------------------------------------------------------------------------


def _bands(found: Study, drawn: Outlook) -> None:
    study.heading("What it may cost")
    over = f"Over {found.months} months"
    what = st.segmented_control(
        "Period",
        ["total", "monthly"],
        default="total",
        required=True,
        key="outlook_period",
        label_visibility="collapsed",
        persist_state="session",
        format_func=lambda value: over if value == "total" else "Bill of month 12",
    )
    bands = drawn.total if what == "total" else drawn.monthly
    narrow = min(bands, key=lambda i: bands[i].high - bands[i].low)
    wide = max(bands, key=lambda i: bands[i].high - bands[i].low)
    if len(bands) > 1:
        views.paragraph(
            f"{found.left[narrow]} is the surest ({_spread(bands[narrow])}), {found.left[wide]} the least sure ({_spread(bands[wide])}). "
            "The tick on each band is the median."
        )
    unit = f"US dollars over {found.months} months, all costs" if what == "total" else "US dollars, bill of month 12"
    shown = charts.band_bars(bands, found.options_left, about_money, views.mode())
    study.bars(unit, shown, "Bands of cost, median and 10th to 90th percentile.", lambda: _band_table(found, bands, unit), "bands")


def _spread(band: Band) -> str:
    return f"{about_money(band.low)} to {about_money(band.high)}"


def _band_table(found: Study, bands: dict[str, Band], unit: str) -> None:
    rows = [
        (
            "",
            [
                Cell(name, mark=views.swatch(found.options[i])),
                *(Cell(money(value), right=True) for value in (bands[i].low, bands[i].median, bands[i].high, bands[i].mean)),
            ],
        )
        for i, name in found.left.items()
    ]
    views.table(unit, ("Option", "10th percentile", "Median", "90th percentile", "Mean"), rows)


def _odds(found: Study, drawn: Outlook) -> None:
    study.heading("Odds of being the cheapest, and what a wrong choice costs")
    ordered = sorted(found.ids, key=lambda i: -drawn.odds[i])
    first = ordered[0]
    if len(ordered) > 1:
        views.paragraph(
            f"{found.left[first]} is the cheapest in {odds_words(drawn.odds[first])} of the draws, "
            f"{found.left[ordered[1]]} in {odds_words(drawn.odds[ordered[1]])}. "
            "Expected regret is what an option costs on average above the cheapest of the same draw."
        )
    bars = [
        Bar(
            found.left[i],
            drawn.odds[i],
            f"{odds_words(drawn.odds[i])}, regret {about_money(drawn.regret[i])}",
            colour(found.options[i], views.mode()),
        )
        for i in ordered
    ]
    title = "Share of the draws in which it costs least"
    study.bars(title, bars, "Odds of being the cheapest.", lambda: _odds_table(found, drawn, ordered), "odds", charts.SHARES)


def _odds_table(found: Study, drawn: Outlook, ordered: list[str]) -> None:
    rows = [
        (
            "",
            [
                Cell(found.left[i], mark=views.swatch(found.options[i])),
                Cell(odds_words(drawn.odds[i]), right=True),
                Cell(money(drawn.regret[i]), right=True),
                Cell(_payback_short(drawn, i)),
            ],
        )
        for i in ordered
    ]
    views.table(f"US dollars over {found.months} months", ("Option", "Odds", "Expected regret", f"{found.left[found.best]} pays back"), rows)


def _payback_short(drawn: Outlook, option_id: str) -> str:
    payback = drawn.payback.get(option_id)
    return (
        ""
        if payback is None
        else "not within the horizon"
        if payback.median is None
        else "from the start"
        if payback.median == 0
        else f"in month {payback.median}"
    )


# -- by month ------------------------------------------------------------------------------------------


def _by_month(found: Study, drawn: Outlook) -> None:
    study.heading("Spent by the end of each month")
    rivals = [option_id for option_id in found.ids if option_id != found.best]
    against = study.option_choice(found, f"Payback of {found.left[found.best]} against", "payback_against", rivals, rivals[0]) if rivals else None
    payback = drawn.payback[against] if against else None
    words = section.payback(found.inputs, drawn, against).spoken() if against else f"{found.left[found.best]} is the only option left."
    views.paragraph(words)
    views.legend(found.options_left.values())
    shown = [found.best, against] if against else [found.best]
    data = charts.cumulative_rows(drawn, found.options_left, shown, payback, views.mode())
    alt = f"Cumulative cost by month. {words} " + "; ".join(
        f"{name} {about_money(drawn.cumulative[i][-1].median)} at the end" for i, name in found.left.items()
    )
    views.figure(
        "cumulative", {"x": "Months from the start", "y": "US dollars spent, median"}, data, alt, lambda: _month_table(found, drawn), "months"
    )
    views.note(
        "Build and later launch come first, then the discounted bills; the expected exit is left out. "
        f"Shaded: the bands of {listed(found.left[i] for i in shown)}. From {drawn.path_draws:,} draws."
    )


def _month_table(found: Study, drawn: Outlook) -> None:
    months = sorted({0, *range(0, found.months + 1, max(1, found.months // 8)), found.months})
    rows = [
        (
            "",
            [Cell(f"Month {m}"), *(Cell(money(drawn.cumulative[i][m].median), f"{_spread(drawn.cumulative[i][m])}", right=True) for i in found.left)],
        )
        for m in months
    ]
    views.table(
        "US dollars spent by the end of the month: median, and the band from the 10th to the 90th percentile", ("Month", *found.left.values()), rows
    )


# -- correlations --------------------------------------------------------------------------------------

Pair = tuple[str, str, float]


def together(found: Study) -> None:
    """Pairs of inputs that move together: part of the scenario."""
    pairs = found.inputs.scenario.correlations
    box = st.expander(f"**{_WORDS}**", key="fold_together", on_change="rerun")
    if box.open:
        with box:
            views.paragraph(
                "A rank correlation of 1 means that two inputs always rise together, -1 that one rises when the other falls, "
                "0 that they know nothing of each other."
            )
            views.paragraph(f"Now {counted(len(pairs), 'pair')}." if pairs else "Now every input varies on its own.")
            _pairs(pairs)
            _new_pair(found)
            if problem := st.session_state.pop("pair_problem", None):
                views.say("error", problem)


def remove_all() -> None:
    """A callback: every input varies on its own again."""
    _write((), "what moves together")


def _pairs(pairs: tuple[Pair, ...]) -> None:
    inputs = state.sheet().inputs
    for n, (a, b, rho) in enumerate(pairs):
        key = f"rho_{n}@{a}|{b}|{state.sheet().revision}"
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.slider(
                escaped(f"{_label(inputs, a)}, and {_label(inputs, b)}"),
                -1.0,
                1.0,
                float(rho),
                0.05,
                key=key,
                on_change=_set_rho,
                args=(a, b, key),
                width=420,
            )
            st.button("Remove", key=f"unpair_{n}@{a}|{b}", on_click=_remove, args=(a, b))


def _label(inputs: Any, name: str) -> str:
    try:
        return inputs.driver_spec(name).label
    except BadInput:
        return name


def _new_pair(found: Study) -> None:
    paths = found.ranges
    if len(paths) < 2:
        views.paragraph("Two inputs have to be ranges before they can move together.")
        return
    words = study.driver_words(found, paths)
    with st.form("new_pair", border=False, enter_to_submit=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox("One input", paths, format_func=lambda path: words.get(path, path), key="pair_a", width=280)
            st.selectbox("Another", paths, index=1, format_func=lambda path: words.get(path, path), key="pair_b", width=280)
            st.slider("Rank correlation", -1.0, 1.0, 0.5, 0.05, key="pair_rho", width=200)
        st.form_submit_button("Let them move together", on_click=_add)


def _add() -> None:
    a, b, rho = (st.session_state[key] for key in ("pair_a", "pair_b", "pair_rho"))
    kept = [pair for pair in state.sheet().scenario.correlations if {pair[0], pair[1]} != {a, b}]
    _write((*kept, (a, b, float(rho))), "what moves together")


def _set_rho(a: str, b: str, key: str) -> None:
    rho = float(st.session_state[key])
    pairs = state.sheet().scenario.correlations
    _write(tuple((x, y, rho if (x, y) == (a, b) else old) for x, y, old in pairs), "a correlation")


def _remove(a: str, b: str) -> None:
    _write(tuple(pair for pair in state.sheet().scenario.correlations if pair[:2] != (a, b)), "a correlation")


def _write(pairs: tuple[Pair, ...], what: str) -> None:
    """Put the pairs into the scenario, or say why they cannot hold together; nothing changes then."""
    sheet = state.sheet()
    try:
        correlation(dataclasses.replace(sheet.inputs, scenario=sheet.scenario.model_copy(update={"correlations": pairs})))
    except BadInput as error:
        st.session_state.pair_problem = error.problems
        return
    if sheet.write(_PLACE, [list(pair) for pair in pairs] or None, what):
        study.changed()
