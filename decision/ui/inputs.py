"""The form: every answer of the scenario as a labelled field, in plain words.

A number is one text field: blank takes the estimate (shown as its placeholder), "12,000" or "12k" is a number, "2 to 8" a
range. The small button beside it switches between "I know it" and "somewhere between". A field that cannot be used keeps
what was typed and says why below. Folded groups draw their fields only while open, and their titles sum up what is set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from decision.framework import load_framework
from decision.scenario import Amount, Fact, Spec
from decision.scenario.model import COMPONENTS, Constraints, Exit, Group, OptionOverrides, PerSession, Sandbox, Team, Tokens
from decision.scenario.quantity import read
from decision.ui import state, views
from decision.ui.formats import counted, escaped, in_unit, listed, money, number, percent, scalar, typed_number
from decision.ui.sheet import Place

FLEET, TEAM, CONSTRAINTS, EXIT, OPTIONS = "fleet", "team", "constraints", "exit", "overrides"

_SPECS: Mapping[str, Spec] = {
    name: spec
    for part in (Group(), Sandbox(), PerSession(), Tokens(), Team(), Constraints(), Exit(), OptionOverrides())
    for name, spec, _ in part.amounts()
}
_FOLLOWS = {"agents_in_12_months": "as now", "open_hours_per_session": "as active", "weeks_to_production": "build weeks over one engineer"}
_ENDS = {
    "low": ("Low", "one time in ten it is below"),
    "likely": ("Likely", "the most likely value"),
    "high": ("High", "one time in ten it is above"),
}

LOADS = {"steady": "Steady", "bursty": "In bursts"}
MODELS = {"claude_only": "Claude only", "mixed": "Other models too"}
TALENT = {"bench": "Yes, on the bench", "stretched": "No, they are stretched"}
STAKES = {"normal": "Ordinary", "high": "A failure is expensive"}
RESIDENCY = {"none": "Anywhere", "vendor_region": "A vendor's region", "own_cloud": "Our own cloud", "air_gapped": "Air-gapped"}
OBSERVABILITY = {"none": "Nothing to keep", "mature": "Our own pipeline stays"}
COMPONENT_WORDS = {
    "sandbox": "Sandbox",
    "orchestrator": "Orchestrator",
    "session_state": "Session state",
    "credential_vault": "Credential vault",
    "observability": "Observability",
}


# -- places and facts --------------------------------------------------------------------------------


def fact_at(place: Place) -> Fact | None:
    """What is known at a place; None where the value follows another (open hours follow active hours)."""
    scenario, facts = state.sheet().scenario, state.sheet().inputs.facts
    if place[0] == FLEET and isinstance(place[1], int):
        return facts.get(".".join(["fleet", scenario.fleet[place[1]].slug, *map(str, place[2:])]))
    return facts.get(".".join(map(str, place[1:] if place[0] == OPTIONS else place)))


def place_of(path: str) -> Place | None:
    """Where a fact is answered; None for what the scenario cannot say (general assumptions)."""
    parts = path.split(".")
    if parts[0] == FLEET:
        slugs = [group.slug for group in state.sheet().scenario.fleet]
        return (FLEET, slugs.index(parts[1]), *parts[2:3], ".".join(parts[3:])) if len(parts) > 3 else (FLEET, slugs.index(parts[1]), parts[2])
    if parts[0] in ("options", "prices"):
        return (OPTIONS, parts[0], parts[1], *parts[2:]) if parts[0] == "options" else (OPTIONS, "prices", path.removeprefix("prices."))
    return None if parts[0] == "general" else tuple(parts)


# -- fields ------------------------------------------------------------------------------------------


def number_field(place: Place, label: str = "", hint: str | None = None) -> None:
    """A number, a range, or blank for the estimate. Raises KeyError for a place that no number has."""
    sheet, fact = state.sheet(), fact_at(place)
    spec = fact.spec if fact else _SPECS[str(place[-1])]
    label = label or _with_unit(spec)
    draft = sheet.drafts.get(place)
    said = sheet.at(place)
    given = None if said is None else read(said)
    as_range = place in sheet.ranged or bool(given and given.is_range and given.origin == "given")
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, wrap=False, vertical_alignment="bottom", gap="xsmall"):
            if as_range:
                views.label(label)
            else:
                shown = str(draft.typed) if draft and not isinstance(draft.typed, Mapping) else _typed_text(given.likely, spec) if given else ""
                st.text_input(
                    escaped(label), shown, placeholder=_placeholder(place, fact, spec), help=hint, max_chars=60, **state.bound(place, spec.label)
                )
            _range_switch(place, spec, as_range)
        if as_range:
            _range_fields(place, label, given or (fact.amount if fact else None), spec, draft.typed if draft else None)
        _problem(place)
        if given and given.origin == "measured":
            views.note(f"measured{f', n = {given.n:,.0f}' if given.n else ''}")


def number_fields(places: Mapping[Place, str | None]) -> None:
    """Numbers side by side where there is room; a range takes the whole line. places: place -> help."""
    grid = st.grid(2, min_column_width=170, vertical_alignment="bottom")
    for place, hint in places.items():
        said = state.sheet().at(place)
        wide = place in state.sheet().ranged or (isinstance(said, Mapping) and "low" in said)
        with grid.cell(column_span="all" if wide else 1):
            number_field(place, hint=hint)


def _range_fields(place: Place, label: str, known: Amount | None, spec: Spec, typed: Any) -> None:
    """Three fields on one line: low, most likely, high."""
    with st.container(horizontal=True, wrap=False, gap="xsmall"):
        for end, (words, meaning) in _ENDS.items():
            value = str(typed.get(end) or "") if isinstance(typed, Mapping) else _typed_text(getattr(known, end), spec) if known else ""
            st.text_input(
                words,
                value,
                key=state.key(place, end),
                max_chars=30,
                help=f"{escaped(label)}: {meaning}",
                on_change=_typed_range,
                args=(place, state.sheet().revision),
            )


def _typed_range(place: Place, revision: int) -> None:
    if revision == state.sheet().revision:
        state.write(place, {end: st.session_state.get(state.key(place, end), "") for end in _ENDS})


def _range_switch(place: Place, spec: Spec, as_range: bool) -> None:
    """A button whose words only a screen reader hears; the style sheet leaves its sign visible."""
    st.button(
        "I know it" if as_range else "Somewhere between",
        icon=":material/pin:" if as_range else ":material/arrow_range:",
        key="switch-" + state.key(place),
        type="tertiary",
        help=f"{spec.label}: " + ("I know it, one number" if as_range else "somewhere between two numbers"),
        on_click=_switch_range,
        args=(place, not as_range),
    )


def _switch_range(place: Place, to_range: bool) -> None:
    sheet, fact = state.sheet(), fact_at(place)
    if to_range:
        sheet.ranged.add(place)
        return
    sheet.ranged.discard(place)
    sheet.drafts.pop(place, None)
    if fact and fact.origin == "given" and fact.amount.is_range:
        sheet.write(place, fact.amount.likely, fact.spec.label)
    sheet.revision += 1


def choice(place: Place, label: str, words: Mapping[str, str], hint: str | None = None, bold: bool = False) -> None:
    """One of a few; none chosen means not said."""
    shown = f"**{escaped(label)}**" if bold else escaped(label)
    st.segmented_control(
        shown,
        list(words),
        default=state.sheet().at(place) or _default(place, words),
        format_func=lambda value: words[value],
        help=escaped(hint) if hint else None,
        **state.bound(place, label),
    )
    _problem(place)


def _default(place: Place, words: Mapping[str, str]) -> str | None:
    """What the scenario takes unless told, where that is a plain default and not an open question."""
    return "none" if place[0] == CONSTRAINTS and "none" in words else None


def switch(place: Place, label: str, hint: str | None = None) -> None:
    """Yes or no."""
    st.toggle(escaped(label), bool(state.sheet().at(place)), help=hint, **state.bound(place, label))


def several(place: Place, label: str, words: Mapping[str, str], hint: str | None = None, default: Sequence[str] = ()) -> None:
    """Any of a list."""
    chosen = [value for value in state.sheet().at(place) or default if value in words]
    st.multiselect(escaped(label), list(words), default=chosen, format_func=lambda value: words[value], help=hint, **state.bound(place, label))
    _problem(place)


def words_field(place: Place, label: str, value: str) -> None:
    """A short text."""
    draft = state.sheet().drafts.get(place)
    st.text_input(escaped(label), str(draft.typed) if draft else value, max_chars=80, **state.bound(place, label))
    _problem(place)


def _problem(place: Place) -> None:
    if problem := state.sheet().problem(place):
        fact = fact_at(place)
        hint = " Write 20 % or 0.2." if fact and fact.spec.unit.startswith("share") and "at most 1 " in problem else ""
        st.markdown(f":red[:material/error: {escaped(problem + hint)}]")


def _placeholder(place: Place, fact: Fact | None, spec: Spec) -> str:
    if fact is None:
        return _FOLLOWS.get(str(place[-1]), "not set")
    return f"{_typed_text(fact.amount.likely, spec)} assumed" if fact.origin == "assumed" else ""


def _typed_text(value: float, spec: Spec) -> str:
    return f"{typed_number(round(100 * value, 8))} %" if spec.unit.startswith("share") else typed_number(value)


def _with_unit(spec: Spec) -> str:
    first = spec.unit.split()[0].rstrip("s").lower()
    return (
        spec.label
        if first in spec.label.lower() or spec.unit == "times"
        else f"{spec.label}, {'per cent' if first == 'share' else spec.unit.removesuffix(' per session')}"
    )


# -- the four questions ------------------------------------------------------------------------------


def questions(worked_out: Mapping[str, str]) -> None:
    """The questions of the framework in its own words. worked_out: question id -> what was computed or assumed for it, in a sentence."""
    fleet = state.sheet().scenario.fleet
    n = 0
    for question in load_framework().questions:
        n += question.name.startswith("Question")
        words = f"{n}. {question.text}" if question.name.startswith("Question") else question.text
        if question.answered_by == "computed":
            st.markdown(f"**{escaped(words)}**", help=escaped(question.help))
            views.paragraph(worked_out.get(question.id, "Cannot be worked out: a price is missing that day."))
        elif question.reads == "agents":
            st.markdown(f"**{escaped(words)}**", help=escaped(question.help))
            for i, group in enumerate(fleet):
                of_group = f", {group.name}" if len(fleet) > 1 else ""
                with st.grid(2, min_column_width=150):
                    number_field((FLEET, i, "agents"), f"Now{of_group}")
                    number_field((FLEET, i, "agents_in_12_months"), f"In 12 months{of_group}")
        elif question.id == "load":
            for i, group in enumerate(fleet):
                choice((FLEET, i, "load"), words + (f" ({group.name})" if len(fleet) > 1 else ""), LOADS, question.help, bold=True)
            views.note(worked_out.get(question.id, ""))
        elif question.id in _ANSWERS:
            choice(_ANSWERS[question.id][0], words, _ANSWERS[question.id][1], question.help, bold=True)
            views.note(worked_out.get(question.id, ""))


_ANSWERS: Mapping[str, tuple[Place, Mapping[str, str]]] = {
    "models": ((CONSTRAINTS, "models"), MODELS),
    "platform_talent": ((TEAM, "platform_talent"), TALENT),
}


# -- folded groups -----------------------------------------------------------------------------------


def fold(name: str, title: str, summary: str, body: Callable[[], None], *starts: Place) -> None:
    """A folded group whose title sums up what is set; its fields are drawn only while it is open."""
    waiting = state.sheet().problems_under(*starts)
    label = f"**{title}** · {escaped(summary)}" + (f" · :red[{counted(waiting, 'answer')} to correct]" if waiting else "")
    box = st.expander(label, key=f"fold_{name}", on_change="rerun")
    if box.open:
        with box:
            body()


def groups() -> None:
    """All folded groups."""
    fleet = state.sheet().scenario.fleet
    for i, group in enumerate(fleet):
        title = group.name if len(fleet) > 1 else "Workload"
        fold(f"work_{i}", escaped(title), _workload_summary(i), lambda i=i: _workload(i), *((FLEET, i, name) for name in _WORKLOAD))  # type: ignore[misc]
        title = f"Tokens and models: {group.name}" if len(fleet) > 1 else "Tokens and models"
        fold(f"tokens_{i}", escaped(title), _tokens_summary(i), lambda i=i: _tokens(i), *((FLEET, i, name) for name in _TOKENS))  # type: ignore[misc]
    st.button(
        "Add a group of agents",
        icon=":material/add:",
        key="add_group",
        on_click=lambda: state.sheet().add_group(),
        help="Agents that work differently: another model, other hours.",
    )
    fold("team", "Team", _team_summary(), _team, (TEAM,), ("value_per_week_in_production",))
    fold("constraints", "Constraints", _constraints_summary(), _constraints, (CONSTRAINTS,))
    fold("exit", "Exit", _exit_summary(), _exit, (EXIT,))
    fold(
        "options", "Options and horizon", _options_summary(), _options, (OPTIONS,), ("consider",), ("horizon_months",), ("discount_rate",), ("as_of",)
    )


_WORKLOAD = (
    "name",
    "days_per_month",
    "sessions_per_day",
    "active_hours_per_session",
    "open_hours_per_session",
    "pauses_per_session",
    "peak_to_average",
    "stakes",
    "sandbox",
)
_TOKENS = ("model_mix", "tokens_per_session", "typical_prompt_tokens", "batchable_share", "web_searches_per_session", "per_session")


def _workload(i: int) -> None:
    group = state.sheet().scenario.fleet[i]
    words_field((FLEET, i, "name"), "Name of the group", group.name)
    helps = {
        "days_per_month": None,
        "sessions_per_day": None,
        "active_hours_per_session": "Hours in which the session is running, waiting for the model included.",
        "open_hours_per_session": "Wall clock: waiting for people and queues included.",
        "pauses_per_session": "Waits inside a session. Some runtimes bill an idle tail at each.",
        "peak_to_average": "Sessions at the peak over the mean; sizes servers.",
    }
    number_fields({(FLEET, i, name): hint for name, hint in helps.items()})
    st.markdown("**The machine a session works in**")
    number_fields({(FLEET, i, "sandbox", name): None for name in Sandbox.model_fields})
    choice((FLEET, i, "stakes"), "What is at stake?", STAKES)
    if len(state.sheet().scenario.fleet) > 1:
        st.button(
            f"Remove {escaped(group.name)}", icon=":material/delete:", key=state.key((FLEET, i), "remove"), on_click=_remove_group, args=(group.name,)
        )


def _remove_group(name: str) -> None:
    state.sheet().remove_group(name)
    state.notice("info", f"{name} was removed. Undo brings it back.")


def _tokens(i: int) -> None:
    _model_mix(i)
    helps = {"input": "Input that comes from no cache; cache reads and writes stand beside it."}
    number_fields({(FLEET, i, "tokens_per_session", name): helps.get(name) for name in Tokens.model_fields})
    number_fields(
        {
            (FLEET, i, "typical_prompt_tokens"): "Some models charge more for a long prompt.",
            (FLEET, i, "batchable_share"): "Sessions that could wait for a batch, where a discount is offered.",
            (FLEET, i, "web_searches_per_session"): None,
        }
    )
    st.markdown("**Metered services, per session**")
    number_fields({(FLEET, i, "per_session", name): None for name in PerSession.model_fields})


def _model_mix(i: int) -> None:
    """Which models do the work; with two, their shares follow each other."""
    place: Place = (FLEET, i, "model_mix")
    sheet = state.sheet()
    models = {model_id: model.name for model_id, model in sheet.catalog.models.items()}
    prefix = f"fleet.{sheet.scenario.fleet[i].slug}.model_mix."
    assumed = [path.removeprefix(prefix) for path, fact in sheet.inputs.facts.items() if path.startswith(prefix) and fact.origin == "assumed"]
    draft = sheet.drafts.get(place)
    mix: dict[str, Any] = dict(draft.typed if draft else sheet.at(place) or {})
    st.multiselect(
        "Models",
        list(models),
        default=list(mix),
        format_func=lambda model_id: models[model_id],
        key=state.key(place),
        on_change=_chose_models,
        args=(place,),
        placeholder=f"{listed(models[m] for m in assumed)} assumed" if assumed else "Choose models",
        help="The shares are of the sessions' tokens.",
    )
    for model_id, share in mix.items() if len(mix) > 1 else ():
        text = (
            share
            if isinstance(share, str)
            else _typed_text(share, Spec("", "share"))
            if isinstance(share, int | float)
            else f"{share['low']} to {share['high']}"
        )
        st.text_input(
            escaped(f"Share of {models[model_id]}, per cent"),
            text,
            key=state.key(place, model_id),
            on_change=_typed_share,
            args=(place, model_id, tuple(mix)),
        )
    _problem(place)


def _chose_models(place: Place) -> None:
    chosen = st.session_state[state.key(place)]
    if set(chosen) == set(state.sheet().at(place) or ()):
        return
    even = {model_id: round(1 / len(chosen), 4) for model_id in chosen[1:]}
    state.write(place, {chosen[0]: round(1 - sum(even.values()), 4), **even} if chosen else None, "Models")


def _typed_share(place: Place, model_id: str, models: tuple[str, ...]) -> None:
    texts = {other: st.session_state[state.key(place, other)] for other in models}
    if len(models) == 2 and (share := _share(texts[model_id])) is not None:
        other = next(m for m in models if m != model_id)
        texts[other] = f"{typed_number(round(100 - share, 8))} %"
        st.session_state[state.key(place, other)] = texts[other]
    state.write(place, {m: text if "%" in text or _share(text) is None or float(text) <= 1 else f"{text} %" for m, text in texts.items()}, "Models")


def _share(text: str) -> float | None:
    """A share as it is typed, in per cent: 30 % and 0.3 are both 30."""
    try:
        value = float(text.replace("%", "").strip())
    except ValueError:
        return None
    return value if "%" in text or value > 1 else 100 * value


def _team() -> None:
    number_field((TEAM, "engineer_cost_per_year"), hint="Salary and everything on top of it.")
    several((TEAM, "already_runs"), "What do you run already?", COMPONENT_WORDS, hint="Components that need not be built again.")
    number_field(("value_per_week_in_production",), "What is a week of earlier launch worth, USD?", hint="Turns the time to build into money.")


def _constraints() -> None:
    choice((CONSTRAINTS, "data_residency"), "Where may session data live?", RESIDENCY)
    choice((CONSTRAINTS, "observability"), "Observability", OBSERVABILITY)
    switch((CONSTRAINTS, "hosted_product_for_third_parties"), "Offered as a hosted product to third parties", hint="Some licences do not allow that.")
    number_field((CONSTRAINTS, "poll_interval_seconds"), hint="How often each session is polled; checked against the vendor's rate limit.")


def _exit() -> None:
    switch((EXIT, "portable_main_loop"), "Our main loop is portable", hint="The loop that calls the model is ours and runs anywhere.")
    number_field((EXIT, "chance_of_leaving_in_horizon"))


def _options() -> None:
    sheet = state.sheet()
    names = {option_id: option.name for option_id, option in sheet.catalog.options.items()}
    several(("consider",), "Options to rank", names, default=sheet.inputs.options)
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
    places: list[Place] = [(OPTIONS, "options", chosen, name) for name in OptionOverrides.model_fields if name in _SPECS]
    number_fields({place: None for place in places if fact_at(place) or place[-1] in ("weeks_to_production", "licence_per_month")})
    switch((OPTIONS, "options", chosen, "stops_sessions"), "We stop sessions ourselves", hint="No idle tail follows the last activity.")
    switch((OPTIONS, "options", chosen, "redundant"), "One server more, in case one fails")


# -- one-line summaries ------------------------------------------------------------------------------


def _workload_summary(i: int) -> str:
    value, group = _value_of(i), state.sheet().scenario.fleet[i]
    parts = [
        f"{number(value('sessions_per_day'))} x {number(value('active_hours_per_session'))} h a day, {number(value('days_per_month'))} days a month"
    ]
    parts += [LOADS[group.load].lower()] if group.load else []
    return ", ".join(parts)


def _tokens_summary(i: int) -> str:
    value, sheet = _value_of(i), state.sheet()
    total = sum(value(f"tokens_per_session.{name}") for name in Tokens.model_fields)
    prefix = f"fleet.{sheet.scenario.fleet[i].slug}.model_mix."
    models = [(path.removeprefix(prefix), scalar(value)) for path, value in sheet.inputs.values.items() if path.startswith(prefix)]
    names = (sheet.catalog.models[m].name.removeprefix("Claude ") + (f" {percent(share)}" if len(models) > 1 else "") for m, share in models)
    return f"{listed(names)}, {total:,.0f} tokens a session"


def _value_of(i: int) -> Callable[[str], float]:
    inputs = state.sheet().inputs
    prefix = f"fleet.{inputs.scenario.fleet[i].slug}."
    return lambda name: scalar(inputs[prefix + name])


def _team_summary() -> str:
    sheet = state.sheet()
    parts = [f"{money(sheet.inputs['team.engineer_cost_per_year'])} a year per engineer"]
    runs = sheet.scenario.team.already_runs
    return ", ".join(parts + ([f"{len(runs)} of {len(COMPONENTS)} components already run"] if runs else []))


def _constraints_summary() -> str:
    constraints = state.sheet().scenario.constraints
    parts = [RESIDENCY[constraints.data_residency].lower()] if constraints.data_residency != "none" else []
    parts += [OBSERVABILITY["mature"].lower()] if constraints.observability == "mature" else []
    parts += ["hosted product"] if constraints.hosted_product_for_third_parties else []
    return ", ".join(parts) or "none"


def _exit_summary() -> str:
    sheet = state.sheet()
    fact = sheet.inputs.facts["exit.chance_of_leaving_in_horizon"]
    loop = "portable" if sheet.scenario.exit.portable_main_loop else "not portable"
    return f"main loop {loop}, {in_unit(fact.amount.likely, 'share')} chance of leaving"


def _options_summary() -> str:
    sheet = state.sheet()
    return f"{counted(len(sheet.inputs.options), 'option')}, {sheet.scenario.horizon_months} months"
