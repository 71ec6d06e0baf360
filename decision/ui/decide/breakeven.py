"""When another option becomes cheaper: cost by one input, with the team's own point and every change of the cheapest option."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from decision import charts
from decision.analysis.breakeven import Basis, Crossing, at_whole_numbers, costs_by, crossings
from decision.analysis.search import search_range
from decision.analysis.steps import step_at
from decision.costs.costs import standing
from decision.errors import BadInput
from decision.report.sections.breakeven import step_words
from decision.scenario import Inputs, Spec
from decision.ui import state, views
from decision.ui.decide.answer import names_of
from decision.ui.parts import part, redraw, steady
from decision.ui.views import Cell
from decision.words import BASES, in_unit, listed, money, number, rounded, sentence_case

DRIVERS = ("agents", "active_hours_per_session", "sessions_per_day", "engineer_cost_per_year")
POINTS = 101  # of a break-even line; steps narrower than the range over this are drawn as slopes, but listed exactly
WIDTH_OF_NOW, WIDTH_OF_CROSSING = 3.0, 1.25  # the chart reaches this far beyond where we are, and beyond the next crossing
MOST_CROSSINGS = 5


def breakeven() -> None:
    """The card."""
    with views.card("breakeven", "When another option becomes cheaper"):
        part("breakeven_choice", _labels, _choice, steady)
        part("breakeven", _shown, lambda: _or_why_not(_lines_drawn), _can_be_drawn)
        part("breakeven_table", lambda: views.opened("breakeven") and _shown(), _as_table, lambda: views.opened("breakeven") and _can_be_drawn())


def _shown() -> Any:
    """What the card shows; the lines are computed on the way, since parts that follow each other closely are painted at once."""
    return _can_be_drawn(), state.priced(), *_chosen()


def _can_be_drawn() -> bool:
    try:
        _lines(state.sheet().inputs, state.recommended().ranking, *_chosen())
    except BadInput:
        return False
    return True


def _labels() -> dict[str, str]:
    return {driver: state.sheet().inputs.driver_spec(driver).label for driver in DRIVERS}


def _choice() -> None:
    labels = _labels()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "As this input changes",
            DRIVERS,
            format_func=lambda name: labels[name],
            key="breakeven_driver",
            persist_state="session",
            width=260,
            on_change=redraw,
        )
        st.selectbox(
            "Compare",
            list(map(Basis, BASES)),
            format_func=lambda basis: sentence_case(BASES[basis]),
            key="breakeven_basis",
            persist_state="session",
            width=220,
            on_change=redraw,
        )


def _chosen() -> tuple[str, Basis]:
    driver, basis = st.session_state.get("breakeven_driver"), st.session_state.get("breakeven_basis")
    return driver if driver in DRIVERS else DRIVERS[0], basis if basis in BASES else Basis.TOTAL


@st.cache_resource(max_entries=500, show_spinner=False, hash_funcs={Inputs: state.fingerprint})
def _lines(inputs: Inputs, option_ids: tuple[str, ...], driver: str, basis: Basis) -> tuple[Any, dict[str, Any], tuple[Crossing, ...]]:
    """Values of the driver, cost of each option there, and every crossing in the search range."""
    found = crossings(inputs, option_ids, driver, basis=basis)
    lowest, highest = search_range(inputs, driver)
    now = standing(inputs, driver)
    ahead = [crossing.at for crossing in found if crossing.at > now][:1] or [crossing.at for crossing in found][-1:]
    reach = min(highest, max(WIDTH_OF_NOW * now, *(WIDTH_OF_CROSSING * at for at in ahead), highest / 20 if driver == "agents" else 0, lowest + 1e-6))
    values = np.linspace(max(lowest, reach / POINTS if lowest == 0 else lowest), reach, POINTS)
    return values, costs_by(inputs, option_ids, driver, values, basis), found


def _or_why_not(draw: Callable[[], None]) -> None:
    try:
        draw()
    except BadInput as error:  # such as a fleet of no agents, which cannot be scaled
        with views.piece():
            views.paragraph("No break-even can be shown for this input.")
            views.bullets(error.problems)


def _lines_drawn() -> None:
    (driver, basis), answer, inputs = _chosen(), state.recommended(), state.sheet().inputs
    options = {option_id: answer.result(option_id).option for option_id in answer.ranking}
    names, spec, now = names_of(answer), inputs.driver_spec(driver), standing(inputs, driver)
    values, costs, found = _lines(inputs, answer.ranking, driver, basis)
    found = at_whole_numbers(found) if spec.counted else found
    lowest, highest = search_range(inputs, driver)
    span = highest - lowest

    def words(crossing: Crossing) -> str:
        at = in_unit(crossing.first_whole if spec.counted else rounded(crossing.at), spec.unit)
        step = f", where {step_words(inputs.catalog, step_at(inputs, driver, crossing, span))}" if crossing.step else ""
        return f"From {at} on{step}, {names[crossing.after]} is cheaper than {names[crossing.before]}."

    near = sorted(sorted(found, key=lambda crossing: abs(crossing.at - now))[:MOST_CROSSINGS], key=lambda crossing: crossing.at)
    unit = "over the horizon" if basis is Basis.TOTAL else "a month"
    with views.piece():
        if near:
            views.numbered([words(crossing) for crossing in near])
            if len(found) > len(near):
                views.paragraph(f"{len(found) - len(near)} more further away.")
        else:
            views.paragraph(_no_crossing(inputs, driver, spec, names[min(costs, key=lambda option_id: costs[option_id][-1])]))
        views.legend(options.values())
        views.note(f"US dollars {unit}, by {spec.label.lower()} ({spec.unit}). You are at {in_unit(now, spec.unit)}.")
    views.chart(
        "breakeven",
        {"x": None, "y": None},
        charts.breakeven_rows(costs, values, [(crossing, words(crossing)) for crossing in near], now, options, money, views.mode()),
        f"Lines: what each of {listed(sorted(names[i] for i in answer.ranking))} costs as this changes: {spec.label}.",
    )


def _no_crossing(inputs: Inputs, driver: str, spec: Spec, best: str) -> str:
    low, high = search_range(inputs, driver)
    return f"No break-even between {number(low)} and {in_unit(high, spec.unit)}: {best} stays the cheapest."


def _as_table() -> None:
    views.as_table(lambda: _or_why_not(_table), "breakeven")


def _table() -> None:
    (driver, basis), answer, inputs = _chosen(), state.recommended(), state.sheet().inputs
    names: Mapping[str, str] = names_of(answer)
    values = round_steps(*_lines(inputs, answer.ranking, driver, basis)[0][[0, -1]])
    costs = costs_by(inputs, answer.ranking, driver, values, basis)
    views.table(
        "US dollars",
        (inputs.driver_spec(driver).label, *(names[i] for i in costs)),
        [("", [Cell(number(value)), *(Cell(money(costs[i][n]), right=True) for i in costs)]) for n, value in enumerate(values)],
    )


def round_steps(low: float, high: float) -> npt.NDArray[np.float64]:
    """Some 10 round numbers between the two, as one would write them under an axis."""
    rough = (high - low) / 10
    power = math.floor(math.log10(rough))
    sizes = (1, 2, 5, 10) if power == 0 else (1, 2, 2.5, 5, 10)  # there are no two and a half agents
    step = next(size * 10.0**power for size in sizes if size * 10.0**power >= rough * (1 - 1e-9))
    return np.round(np.arange(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1) * step, 12)
