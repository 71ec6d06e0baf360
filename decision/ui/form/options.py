"""The folded group of the form about the options: which are ranked, over how long, and what the team knows better about one of them."""

from __future__ import annotations

import streamlit as st

from decision.catalog import Option
from decision.catalog.options import IDLE
from decision.costs.servers import has_spare
from decision.scenario.model import NOT_BUILT, OptionOverrides, Server
from decision.scenario.quantity import read
from decision.ui import state, views
from decision.ui.form.fields import OVERRIDES, SPECS, number_field, number_fields, one_of, problem_below, several, switch, together, words_field
from decision.ui.sheet import Place
from decision.words import typed_amount

_SERVER = {
    "price_month": ("USD a month", "what one such server costs, per month"),
    "vcpu": ("vCPU", "its CPUs"),
    "ram_gb": ("Memory, GB", "its memory"),
}


def options_considered() -> None:
    """Which options, how long, prices of which day; then one option at a time."""
    sheet = state.sheet()
    names = {option_id: option.name for option_id, option in sheet.catalog.options.items()}
    several(("consider",), "Options to rank", names, default=sheet.inputs.options)
    one_of(("running_on",), "We already run on", names, none="None of them yet")
    st.number_input("Horizon, months", 1, 120, sheet.scenario.horizon_months, **state.bound(("horizon_months",), "Horizon"))
    number_field(("discount_rate",))
    st.date_input(
        "Prices of the day", sheet.scenario.as_of, help="Blank: today.", format="YYYY-MM-DD", **state.bound(("as_of",), "Prices of the day")
    )
    chosen = st.selectbox(
        "What you know better about one option",
        list(sheet.inputs.options),
        format_func=lambda option_id: names[option_id],
        key="known_better",
        persist_state="session",
    )
    if chosen in sheet.inputs.options:
        _one_option(sheet.catalog.options[chosen])


def _one_option(option: Option) -> None:
    """Better estimates for one option; only what it can feel is asked."""
    base: Place = (OVERRIDES, "options", option.id)
    built = option.id == state.sheet().scenario.running_on
    asked = [name for name in OptionOverrides.model_fields if name in SPECS and name in option.takes and not (built and name in NOT_BUILT)]
    places: list[Place] = [(*base, name) for name in asked]
    number_fields(dict.fromkeys(places))
    if "idle" in option.takes:
        words = {word: IDLE[word].capitalize() for word in option.idle}
        one_of((*base, "idle"), "A session that waits is", words, none=f"As {option.short_name} does by itself: {IDLE[option.idle[0]]}")
    if "plan" in option.takes:
        names = {name: name for name in option.plan_names}
        one_of((*base, "plan"), f"Plan of {option.short_name}", names, none="The cheapest that allows what you use")
    _bought(option, base)
    _others(base)
    if "providers" in option.takes:
        _servers(base)


def _bought(option: Option, base: Place) -> None:
    components = state.sheet().catalog.components
    missing = {name: component.name for name, component in components.items() if component.component not in option.provides}
    if missing:
        several(
            (*base, "buys"),
            "Bought as a service instead of built",
            missing,
            hint="Its price joins the monthly bill; the build gets shorter.",
            none="Nothing, all of it is built",
        )


def _others(base: Place) -> None:
    """What else it costs, in one line: a name and USD a month, with semicolons between."""
    place: Place = (*base, "other_per_month")
    known = state.sheet().at(place) or ()
    words = "; ".join(f"{charge['label']}: {typed_amount(read(charge['usd']))}" for charge in known)
    words_field(place, "Other monthly costs, such as Support: 100; Audit: 20 to 40", words, most=1000)


def _servers(base: Place) -> None:
    """Whose servers, how many to spare, or a server of the team's own."""
    plans = state.sheet().catalog.plans.values()
    several(
        (*base, "providers"),
        "Server providers",
        {name: name for name in sorted({plan.provider for plan in plans if plan.orderable})},
        hint="The cheapest plan that fits, from these providers.",
        none="The cheapest of all",
    )
    spare: Place = (*base, "redundant")
    by_itself = state.sheet().at(spare) is None and has_spare(state.sheet().inputs, str(base[-1]))
    switch(spare, "One server more, in case one fails", blank=by_itself)
    if by_itself:
        views.note("Counted by itself, since a failure is expensive for some of your agents. Switch it off if one server is enough.")
    views.label("A server of your own instead: its price, CPU and memory, or blank")
    place: Place = (*base, "server")
    known = state.sheet().at(place) or {}
    together(
        place,
        "Own server",
        {part: (words, typed_amount(read(known[part])) if part in known else "", meaning) for part, (words, meaning) in _SERVER.items()},
    )
    draft = state.sheet().drafts.get(place)
    if draft and isinstance(draft.typed, dict) and not all(draft.typed.get(part) for part in Server.model_fields):
        views.note("A server needs all three. It counts as soon as they are filled in.")
    else:
        problem_below(place)
