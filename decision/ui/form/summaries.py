"""One line for each folded group of the form: what is set, so that nobody has to open it to know."""

from __future__ import annotations

from collections.abc import Callable

from decision.scenario.model import COMPONENTS, Tokens
from decision.ui import state
from decision.ui.form.choices import said
from decision.ui.form.fields import CONSTRAINTS, FLEET
from decision.words import counted, in_unit, listed, money, number, percent, scalar


def workload(i: int) -> str:
    """Kind of work, sessions, hours, days."""
    value, group = _value_of(i), state.sheet().scenario.fleet[i]
    parts = [said((FLEET, i, "kind"))] if group.kind else []
    parts += [
        f"{number(value('sessions_per_day'))} x {number(value('active_hours_per_session'))} h a day, {number(value('days_per_month'))} days a month"
    ]
    parts += [said((FLEET, i, "load")).lower()] if group.load else []
    return ", ".join(parts)


def tokens(i: int) -> str:
    """Models with their shares, tokens of a session."""
    value, sheet = _value_of(i), state.sheet()
    total = sum(value(f"tokens_per_session.{name}") for name in Tokens.model_fields)
    prefix = f"fleet.{sheet.scenario.fleet[i].slug}.model_mix."
    models = [(path.removeprefix(prefix), scalar(value)) for path, value in sheet.inputs.values.items() if path.startswith(prefix)]
    names = (sheet.catalog.models[m].name.removeprefix("Claude ") + (f" {percent(share)}" if len(models) > 1 else "") for m, share in models)
    return f"{listed(names)}, {number(total)} tokens a session"


def _value_of(i: int) -> Callable[[str], float]:
    inputs = state.sheet().inputs
    own = inputs.own(inputs.scenario.fleet[i])
    return lambda name: scalar(own[name])


def team() -> str:
    """Cost of an engineer, what runs already."""
    sheet = state.sheet()
    free = sheet.scenario.team.own_time_is_free
    parts = ["own time is free" if free else f"{money(sheet.inputs['team.engineer_cost_per_year'])} a year per engineer"]
    said = [said for name in COMPONENTS if (said := sheet.scenario.team.components.get(name)) in ("runs", "buys", "not_needed")]
    return ", ".join(parts + ([f"{len(said)} of {len(COMPONENTS)} components need not be built"] if said else []))


def constraints() -> str:
    """What an option must respect."""
    constraints = state.sheet().scenario.constraints
    parts = [said((CONSTRAINTS, "data_residency")).lower()] if constraints.data_residency != "none" else []
    parts += [said((CONSTRAINTS, "observability")).lower()] if constraints.observability != "none" else []
    parts += ["hosted product"] if constraints.hosted_product_for_third_parties else []
    return ", ".join(parts) or "none"


def leaving() -> str:
    """The main loop, the chance of leaving."""
    sheet = state.sheet()
    fact = sheet.inputs.facts["exit.chance_of_leaving_in_horizon"]
    loop = "portable" if sheet.scenario.exit.portable_main_loop else "not portable"
    return f"main loop {loop}, {in_unit(fact.amount.likely, 'share')} chance of leaving"


def options() -> str:
    """How many, how long."""
    sheet = state.sheet()
    return f"{counted(len(sheet.inputs.options), 'option')}, {sheet.scenario.horizon_months} months"
