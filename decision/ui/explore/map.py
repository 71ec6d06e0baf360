"""Who wins where: the cheapest option over two inputs, redrawn while a third one moves."""

from __future__ import annotations

import math

import streamlit as st

from decision import charts
from decision.analysis.breakeven import Basis
from decision.analysis.map import Axis, WhoWins, usual_axis
from decision.analysis.map import who_wins as map_of
from decision.analysis.search import search_range
from decision.report.sections import map as section
from decision.scenario import Inputs
from decision.ui import state, views
from decision.ui.explore import study
from decision.ui.explore.study import Study
from decision.ui.formats import escaped
from decision.ui.views import Cell
from decision.words import about, about_money, in_unit, money, rounded

_STEPS = 60  # of the slider
_TABLE = 6  # rows and columns of the map as a table
_LEVELS = 3
_NOTHING = ""
_BEYOND_NOW, _BEYOND_FLIP = 3.0, 1.5  # the near view reaches this many times where we are, and where the answer flips


@st.cache_resource(max_entries=500, show_spinner=False, hash_funcs={Inputs: state.fingerprint})
def _map(inputs: Inputs, ids: tuple[str, ...], x: Axis, y: Axis, basis: Basis, third: str, value: float) -> WhoWins:
    return map_of(inputs.vary({third: value}) if third else inputs, x, y, ids, basis)


@study.section
def who_wins_map(found: Study) -> None:
    """The section."""
    if not study.enough(found, "a map shows where another option becomes the cheapest."):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        across = study.driver_choice(found, "Across", "map_x", found.drivers[0])
        up = study.driver_choice(found, "Up", "map_y", next(driver for driver in found.drivers if driver != across), without=(across,))
        basis = study.basis_choice("map_basis")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        x = _axis(found, across, "Scale across")
        y = _axis(found, up, "Scale up")
    third, value = _third(found, (across, up))
    done = _map(found.inputs, found.ids, x, y, basis, third, value)
    study.lead(section.lead(found.inputs, done, (third, value) if third else None).spoken())
    views.legend(found.options[option_id] for option_id in done.winners())
    _draw(found, done)
    for option_id, why in done.left_out.items():
        views.note(f"{found.names.get(option_id, option_id)} is left out: {why}")
    views.note(
        f"{x.cells} x {y.cells} points, each priced like the scenario itself. Dashed lines: the next option costs so much more. Dot: you are here."
    )


# -- inputs of the map ---------------------------------------------------------------------------------


def _axis(found: Study, driver: str, label: str) -> Axis:
    """From the low end of the search to just beyond where we are and where the answer flips; or all of it; or as many times less as more."""
    now, (low, high) = found.now(driver), search_range(found.inputs, driver)
    flip = found.flips.get(driver)
    reach = min(high, max(_BEYOND_NOW * now, _BEYOND_FLIP * (flip.flips_at or 0.0) if flip else 0.0))
    scales = [*(["Near us"] if low < reach < high else []), "All", *(["Logarithmic"] if now > 0 else [])]
    scale = st.segmented_control(label, scales, default=scales[0], required=True, key=f"{label}@{driver}|{len(scales)}", persist_state="session")
    return Axis(driver, low, reach) if scale == "Near us" else usual_axis(found.inputs, driver, log=scale == "Logarithmic")


def _third(found: Study, taken: tuple[str, str]) -> tuple[str, float]:
    """A further input that a slider moves, and its value; no input unless one is chosen."""
    drivers = (_NOTHING, *(driver for driver in found.drivers if driver not in taken))
    words = {_NOTHING: "nothing else", **study.driver_words(found, drivers[1:])}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        third = st.selectbox(
            "Also move",
            drivers,
            format_func=lambda driver: words.get(driver, driver),
            key=f"map_third@{hash(drivers)}",
            persist_state="session",
            width=320,
        )
        if not third:
            return _NOTHING, 0.0
        spec, now, (low, high) = found.spec(third), found.now(third), search_range(found.inputs, third)
        places = sorted({low, high, now, *(low + (high - low) * n / _STEPS for n in range(_STEPS + 1))})
        value = st.select_slider(
            escaped(f"{spec.label}, {spec.unit}"),
            places,
            value=now,
            format_func=lambda at: in_unit(rounded(at), spec.unit),
            key=f"map_at@{third}@{now}",
            persist_state="session",
            width=420,
        )
    return third, float(value)


# -- the map -------------------------------------------------------------------------------------------


def _draw(found: Study, done: WhoWins) -> None:
    x, y = (found.spec(axis.driver) for axis in (done.x, done.y))
    data = charts.map_rows(
        done,
        _levels(done),
        found.options,
        about_money,
        lambda value: f"{x.label} {in_unit(rounded(value), x.unit)}",
        lambda value: f"{y.label} {in_unit(rounded(value), y.unit)}",
        views.mode(),
    )
    logs = ("x" if done.x.log else "") + ("y" if done.y.log else "")
    words = {"x": f"{x.label} ({x.unit})", "y": f"{y.label} ({y.unit})", "numbers": charts.NUMBERS}
    alt = f"Map of the cheapest option by {x.label} and {y.label}. " + section.shares(found.inputs, done).spoken()
    views.figure(f"map_log_{logs}" if logs else "map", words, data, alt, lambda: _table(found, done), "map")


def _levels(done: WhoWins) -> tuple[float, ...]:
    """Round gaps spread over those on the map: 1, 2 or 5 times a power of ten."""
    least, most = max(float(done.gap.min()), 1.0), float(done.gap.max())
    if most <= least:
        return ()
    wanted = (least + (most - least) * (n + 1) / (_LEVELS + 1) for n in range(_LEVELS))
    return tuple(sorted({_round(level) for level in wanted}))


def _round(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return max(step * power for step in (1, 2, 5) if step * power <= value)


def _table(found: Study, done: WhoWins) -> None:
    rows_at = [round((n + 0.5) * done.y.cells / _TABLE - 0.5) for n in reversed(range(_TABLE))]
    columns_at = [round((n + 0.5) * done.x.cells / _TABLE - 0.5) for n in range(_TABLE)]
    x, y = done.x.centres, done.y.centres
    rows = [
        ("", [Cell(about(y[r])), *(Cell(found.left[done.option_ids[int(done.winner[r, c])]], f"by {money(done.gap[r, c])}") for c in columns_at)])
        for r in rows_at
    ]
    names = found.spec(done.x.driver).label, found.spec(done.y.driver).label
    views.table(f"The cheapest option, and by how much; {names[0]} across, {names[1]} down", (names[1], *(about(x[c]) for c in columns_at)), rows)
