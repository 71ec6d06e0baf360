"""Everything of the form but its questions, in folded groups.

A folded group draws its fields only while it is open; while it is not, a line below sums up what is set and counts what waits for correction.
What a question of the framework asks for is left to the question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from decision.scenario import MOST_GROUPS
from decision.scenario.model import UNITS, PerSession, Sandbox, Tokens, TokensPerHour
from decision.ui import parts, state, views
from decision.ui.form import summaries
from decision.ui.form.choices import choice_field
from decision.ui.form.fields import CONSTRAINTS, FLEET, OVERRIDES, TEAM, number_field, number_fields, switch, words_field
from decision.ui.form.model_mix import models
from decision.ui.form.options import options_considered
from decision.ui.form.questions import asked_places
from decision.ui.formats import escaped
from decision.ui.sheet import Place
from decision.words import COMPONENT_WORDS, counted

EXIT = "exit"


def fold(name: str, title: str, summary: Callable[[], str], body: Callable[[], None], *starts: Place) -> None:
    """A folded group with its title, and below it what is set; its fields are drawn only while it is open."""
    key = f"fold_{name}"

    def opened() -> bool:
        return bool(st.session_state.get(key))

    def said() -> tuple[str, str]:
        waiting = state.sheet().problems_under(*starts, but=asked_places())
        return summary(), f"{counted(waiting, 'answer')} to correct" if waiting else ""

    def draw() -> None:
        box = views.fold(title, key)
        if box.open:
            with box:
                body()
        else:
            views.summary(*said())

    parts.part(key, lambda: state.typed() if opened() else said(), draw, lambda: opened() and state.framed())


def groups() -> None:
    """All folded groups."""
    fleet = state.sheet().scenario.fleet
    for i, group in enumerate(fleet):
        title = group.name if len(fleet) > 1 else "Workload"
        fold(f"work_{i}", title, partial(summaries.workload, i), partial(_workload, i), *((FLEET, i, name) for name in _WORKLOAD))
        title = f"Tokens and models: {group.name}" if len(fleet) > 1 else "Tokens and models"
        fold(f"tokens_{i}", title, partial(summaries.tokens, i), partial(_tokens, i), *((FLEET, i, name) for name in _TOKENS))
    st.button(
        "Add a group of agents",
        icon=":material/add:",
        key="add_group",
        on_click=_add_group,
        disabled=(full := state.sheet().full),
        help=f"A scenario has at most {MOST_GROUPS} groups." if full else "Agents that work differently: another model, other hours.",
    )
    fold("team", "Team", summaries.team, _team, (TEAM,), ("value_per_week_in_production",))
    fold("constraints", "Constraints", summaries.constraints, _constraints, (CONSTRAINTS,))
    fold("exit", "Exit", summaries.leaving, _exit, (EXIT,))
    fold(
        "options",
        "Options and horizon",
        summaries.options,
        options_considered,
        (OVERRIDES,),
        ("consider",),
        ("running_on",),
        ("horizon_months",),
        ("discount_rate",),
        ("as_of",),
    )


_WORKLOAD = (
    "name",
    "kind",
    *UNITS,
    "requests_per_unit",
    "agents",
    "agents_in_12_months",
    "days_per_month",
    "sessions_per_day",
    "active_hours_per_session",
    "open_hours_per_session",
    "pauses_per_session",
    "peak_to_average",
    "load",
    "stakes",
    "sandbox",
)
_TOKENS = (
    "model_mix",
    "requests_per_active_hour",
    "typical_prompt_tokens",
    "long_prompt_share",
    "tokens_per_active_hour",
    "tokens_per_session",
    "batchable_share",
    "web_searches_per_active_hour",
    "web_searches_per_session",
    "per_session",
)


def _workload(i: int) -> None:
    group = state.sheet().scenario.fleet[i]
    words_field((FLEET, i, "name"), "Name of the group", group.name)
    choice_field((FLEET, i, "kind"), hint="Tokens, requests and searches of an active hour follow from it, where they are not given.")
    counted_in = [name for name, kind in UNITS.items() if kind == group.kind]
    _numbers({(FLEET, i, name): "Instead of sessions and hours." for name in counted_in})
    if group.unit:
        _numbers({(FLEET, i, "requests_per_unit"): None})
    helps = {
        "agents": None,
        "agents_in_12_months": None,
        "days_per_month": None,
        "sessions_per_day": None,
        "active_hours_per_session": "Hours in which the session is running, waiting for the model included.",
        "open_hours_per_session": "Wall clock: waiting for people and queues included.",
        "pauses_per_session": "Waits inside a session. Some runtimes bill an idle tail at each.",
        "peak_to_average": "Sessions at the peak over the mean; sizes servers.",
    }
    _numbers({(FLEET, i, name): hint for name, hint in helps.items()})
    st.markdown("**The machine a session works in**")
    _numbers({(FLEET, i, "sandbox", name): None for name in Sandbox.model_fields})
    _choices((FLEET, i, "load"), (FLEET, i, "stakes"))
    if len(state.sheet().scenario.fleet) > 1:
        st.button(
            f"Remove {escaped(group.name)}", icon=":material/delete:", key=state.key((FLEET, i), "remove"), on_click=_remove_group, args=(group.name,)
        )


def _add_group() -> None:
    state.sheet().add_group()
    parts.redraw()


def _remove_group(name: str) -> None:
    state.sheet().remove_group(name)
    state.notice("info", f"{name} was removed. Undo brings it back.")
    parts.redraw()


def _tokens(i: int) -> None:
    models(i)
    helps = {"input": "Input that comes from no cache; cache reads and writes stand beside it."}
    _numbers(
        {
            (FLEET, i, "requests_per_active_hour"): "Calls of the model while a session is running.",
            (FLEET, i, "typical_prompt_tokens"): "Of one request, cached tokens included. Some models charge more for a long one.",
            (FLEET, i, "long_prompt_share"): "Above the length from which the model charges more.",
            (FLEET, i, "batchable_share"): "Sessions that could wait for a batch, where a discount is offered.",
            (FLEET, i, "web_searches_per_active_hour"): None,
            (FLEET, i, "web_searches_per_session"): "Instead of searches an hour.",
        }
    )
    st.markdown("**Tokens of an active hour, where you know them**")
    _numbers({(FLEET, i, "tokens_per_active_hour", name): helps.get(name) for name in TokensPerHour.model_fields})
    st.markdown("**Tokens of a session, where you know those instead**")
    _numbers({(FLEET, i, "tokens_per_session", name): helps.get(name) for name in Tokens.model_fields})
    st.markdown("**Metered services, per session**")
    _numbers({(FLEET, i, "per_session", name): None for name in PerSession.model_fields})


def _team() -> None:
    switch((TEAM, "own_time_is_free"), "Our own time is free", hint="Hours are still shown; they cost nothing.")
    if not state.sheet().scenario.team.own_time_is_free:
        _number((TEAM, "engineer_cost_per_year"), hint="Salary and everything on top of it.")
    _choices((TEAM, "platform_talent"), (TEAM, "thoroughness"), (TEAM, "on_call"))
    st.markdown("**Where each component comes from**")
    _choices(*((TEAM, "components", name) for name in COMPONENT_WORDS))
    _number(("value_per_week_in_production",), "What is a week of earlier launch worth, USD?", "Turns the time to build into money.")


def _constraints() -> None:
    _choices((CONSTRAINTS, "models"), (CONSTRAINTS, "data_residency"), (CONSTRAINTS, "observability"))
    switch((CONSTRAINTS, "hosted_product_for_third_parties"), "Offered as a hosted product to third parties", hint="Some licences do not allow that.")
    _number((CONSTRAINTS, "poll_interval_seconds"), hint="How often each session is polled; checked against the vendor's rate limit.")


def _exit() -> None:
    switch((EXIT, "portable_main_loop"), "Our main loop is portable", hint="The loop that calls the model is ours and runs anywhere.")
    _number((EXIT, "chance_of_leaving_in_horizon"))


# -- what no question asks for -----------------------------------------------------------------------


def _numbers(places: Mapping[Place, str | None]) -> None:
    asked = asked_places()
    number_fields({place: hint for place, hint in places.items() if place not in asked})


def _number(place: Place, label: str = "", hint: str | None = None) -> None:
    if place not in asked_places():
        number_field(place, label, hint)


def _choices(*places: Place) -> None:
    asked = asked_places()
    for place in places:
        if place not in asked:
            choice_field(place)
