"""Break-even: cost by any one input, and every change of the cheapest option in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from decision import charts
from decision.analysis.breakeven import Basis, Crossing, at_whole_numbers, checked_range, costs_by
from decision.analysis.breakeven import crossings as crossings_of
from decision.analysis.search import search_range
from decision.analysis.steps import step_at
from decision.errors import BadInput
from decision.report.sections.breakeven import step_words
from decision.scenario import Inputs
from decision.ui import state, views
from decision.ui.explore import study
from decision.ui.explore.study import Study
from decision.ui.sheet import typed_value
from decision.ui.views import Cell
from decision.words import in_unit, money, number, rounded

_POINTS = 241
_ROWS = 10  # of the table
_LISTED = 8  # crossings told at once; the others are folded
_LOG_FROM = 1000  # a logarithmic axis that would start at 0 starts at this part of its end


@st.cache_resource(max_entries=500, show_spinner=False, hash_funcs={Inputs: state.fingerprint})
def _found(inputs: Inputs, ids: tuple[str, ...], driver: str, low: float, high: float, basis: Basis) -> tuple[tuple[Crossing, ...], tuple[str, ...]]:
    """Every crossing in the range, and what steps up there ("" where nothing does)."""
    points = crossings_of(inputs, ids, driver, low, high, basis)
    if inputs.driver_spec(driver).counted:
        points = at_whole_numbers(points)
    return points, tuple(step_words(inputs.catalog, step_at(inputs, driver, point, high - low)) if point.step else "" for point in points)


@st.cache_resource(max_entries=500, show_spinner=False, hash_funcs={Inputs: state.fingerprint})
def _lines(inputs: Inputs, ids: tuple[str, ...], driver: str, low: float, high: float, log: bool, basis: Basis) -> tuple[Any, dict[str, Any]]:
    values = np.geomspace(low, high, _POINTS) if log else np.linspace(low, high, _POINTS)
    return values, costs_by(inputs, ids, driver, values, basis)


@study.section
def breakeven(found: Study) -> None:
    """The section."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        driver = study.driver_choice(found, "As this changes", "crossing_driver", "agents")
        basis = study.basis_choice("crossing_basis")
        log = (
            st.segmented_control("Axis", ["Linear", "Logarithmic"], default="Linear", required=True, key="crossing_axis", persist_state="session")
            == "Logarithmic"
        )
    ids = _options(found)
    spec = found.spec(driver)
    low, high = _range(found, driver)
    if len(ids) < 2:
        study.lead("Choose two options or more: a break-even is between options.")
        return
    points, steps = _found(found.inputs, ids, driver, low, high, basis)
    starts = max(low, high / _LOG_FROM) if log else low
    values, costs = _lines(found.inputs, ids, driver, starts, high, log, basis)
    words, now = _words(found, driver, points, steps), found.now(driver)
    study.lead(_sentence(found, driver, points, min(costs, key=lambda option_id: costs[option_id][-1]), (low, high)))
    options = {option_id: found.options[option_id] for option_id in ids}
    names = {option_id: option.short_name for option_id, option in options.items()}
    views.legend(options.values())
    unit = study.basis_unit(found, basis)
    data = charts.breakeven_rows(costs, values, list(zip(points, words, strict=True)), now, options, money, views.mode(), log)
    alt = f"Cost of {len(ids)} options by {spec.label}. {' '.join(words)}"
    titles = {"x": f"{spec.label} ({spec.unit})", "y": unit}
    views.figure(
        "breakeven_log" if log else "breakeven", titles, data, alt, lambda: _table(values, costs, names, f"{spec.label}, {spec.unit}", unit), "lines"
    )
    if words:
        views.numbered(words[:_LISTED])
    if len(words) > _LISTED:
        views.folded(f"{len(words) - _LISTED} more", [f"{n}. {line}" for n, line in enumerate(words[_LISTED:], _LISTED + 1)])
    views.note(
        f"You are at {in_unit(rounded(now), spec.unit)}. A step narrower than a {_POINTS - 1}th of the axis is drawn as a slope; the list is exact."
    )


# -- inputs of the chart -------------------------------------------------------------------------------


def _options(found: Study) -> tuple[str, ...]:
    ids = list(found.priced)
    words = {option_id: name + ("" if option_id in found.ids else " (not among those left)") for option_id, name in found.names.items()}
    chosen = st.multiselect(
        "Options",
        ids,
        default=list(found.ids),
        format_func=lambda option_id: words.get(option_id, option_id),
        key=f"crossing_options@{'|'.join(found.ids)}",
        persist_state="session",
        help="Options that are ruled out, or that the scenario does not consider, can be looked at too.",
    )
    return tuple(option_id for option_id in ids if option_id in chosen)


def _range(found: Study, driver: str) -> tuple[float, float]:
    """The range to look at: as typed, or as far as searches look. Raises BadInput for one that cannot be used."""
    spec, usual = found.spec(driver), search_range(found.inputs, driver)
    typed = st.text_input(
        f"From and to, {spec.unit}".replace("$", r"\$"),
        key=f"crossing_range@{driver}",
        max_chars=60,
        persist_state="session",
        width=320,
        placeholder=f"{number(usual[0])} to {number(usual[1])}",
        help="Such as 1 to 200. Blank looks as far as all searches do.",
    )
    if not typed or not typed.strip():
        return usual
    try:
        ends = typed_value(typed)
    except ValueError as error:
        raise BadInput(str(error)) from None
    if not isinstance(ends, Mapping):
        raise BadInput(f'"{typed[:40]}" is not a range. Write its two ends, such as 1 to 200.')
    return checked_range(found.inputs, driver, float(ends["low"]), float(ends["high"]))


# -- words ---------------------------------------------------------------------------------------------


def _at(found: Study, driver: str, crossing: Crossing) -> str:
    spec = found.spec(driver)
    return in_unit(crossing.first_whole if spec.counted else rounded(crossing.at), spec.unit)


def _words(found: Study, driver: str, points: Sequence[Crossing], steps: Sequence[str]) -> list[str]:
    """From 76 agents the VPS is cheaper, until 91 where the second server starts."""
    said = []
    for n, point in enumerate(points):
        start = f"From {_at(found, driver, point)}" + (f" on, where {steps[n]}," if steps[n] and n == 0 else " on")
        until = ""
        if n + 1 < len(points):
            until = f", until {_at(found, driver, points[n + 1])}" + (f" where {steps[n + 1]}" if steps[n + 1] else "")
        said.append(f"{start} {found.names[point.after]} is cheaper than {found.names[point.before]}{until}.")
    return said


def _sentence(found: Study, driver: str, points: Sequence[Crossing], cheapest: str, ends: tuple[float, float]) -> str:
    """Who is the cheapest where we are, and what comes next on both sides. cheapest: at the far end."""
    spec, now = found.spec(driver), found.now(driver)
    if not points:
        return f"No break-even between {number(ends[0])} and {in_unit(ends[1], spec.unit)}: {found.names[cheapest]} is the cheapest throughout."
    ahead, behind = [point for point in points if point.at > now], [point for point in points if point.at <= now]
    winner = behind[-1].after if behind else points[0].before
    where = f"Where you are, at {in_unit(rounded(now), spec.unit)}, {found.names[winner]} is the cheapest."
    upward = (
        f" Going up, {found.names[ahead[0].after]} takes over from {_at(found, driver, ahead[0])} on."
        if ahead
        else " Going up, nothing changes that."
    )
    if spec.counted and behind and behind[-1].first_whole <= 1:
        return where + upward
    return where + upward + (f" Below {_at(found, driver, behind[-1])} it is {found.names[behind[-1].before]}." if behind else "")


def _table(values: Any, costs: Mapping[str, Any], names: Mapping[str, str], label: str, unit: str) -> None:
    at = range(0, len(values), max(1, (len(values) - 1) // _ROWS))
    views.table(
        unit, (label, *names.values()), [("", [Cell(number(rounded(values[n]))), *(Cell(money(costs[i][n]), right=True) for i in names)]) for n in at]
    )
