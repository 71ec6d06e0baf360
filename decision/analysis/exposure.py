"""The exposure that a spend cap limits: an agent that loops through a weekend while nobody looks.

    exposures(inputs).costs["vps"].without, .capped      # USD, without a limit and with the runtime's own budget limit

The loop is priced as one more session in the ordinary bill, so free allowances and every price rule hold for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from decision.analysis.pulled import Dials, dials, named_apart
from decision.catalog import Value
from decision.costs.bill import bill
from decision.costs.costs import Priced, priced
from decision.costs.line_items import Category
from decision.errors import BadInput
from decision.scenario import Group, Inputs, paths


@dataclass(frozen=True)
class Exposure:
    """What one agent can cost while it loops and nobody looks, in USD."""

    option: str
    group: str
    """The group whose agent would cost most."""
    hours: Value
    without: Value
    """No limit is set."""
    capped: Value | None
    """With the runtime's own budget limit; None where it has none."""
    limit: Value | None
    why: str
    """What the limit is, or why there is none."""


def exposures(inputs: Inputs, option_ids: Sequence[str] | None = None, at: Dials | None = None) -> Priced[Exposure]:
    """The exposure of each option for which it can be priced, for the group in which a loop costs most (by the mean of arrays).

    Groups that are never active are left out, since they have no rate at which to loop.
    """
    dialled, running = at or dials(inputs.catalog.levers), [group for group in inputs.scenario.fleet if _runs(inputs, group)]

    def exposure(option: str) -> Exposure:
        if not running:
            raise BadInput("no group has active hours, so there is no rate at which an agent could loop.")
        loops = [(group, _loop_cost(inputs, option, group, dialled["unnoticed_hours"])) for group in running]
        group, cost = max(loops, key=lambda loop: float(np.mean(loop[1])))
        return _exposure(inputs, option, group, cost, dialled)

    return priced(inputs.options if option_ids is None else option_ids, exposure)


def _runs(inputs: Inputs, group: Group) -> bool:
    return bool(np.all(inputs.own(group)["active_hours_per_session"]))


def _exposure(inputs: Inputs, option: str, group: Group, without: Value, at: Dials) -> Exposure:
    """The limit is a multiple of a usual session; past it at most the request in flight is paid: one uncached prompt and one long answer."""
    budget = inputs.catalog.levers.budgets.get(option)
    hours = at["unnoticed_hours"]
    if budget is None:
        why = "no budget limit of the runtime is known; a limit would have to be built into the harness"
        return Exposure(option, group.name, hours, without, None, None, why)
    if inputs.as_of < budget.effective_from:
        return Exposure(option, group.name, hours, without, None, None, f"budget limits exist since {budget.effective_from}")
    own = inputs.own(group)
    limit = at["budget_times_usual_session"] * _loop_cost(inputs, option, group, own["active_hours_per_session"])
    request = {"tokens_per_session.input": own["typical_prompt_tokens"], "tokens_per_session.output": at["request_output_tokens"]}
    capped = np.minimum(without, limit + _added(inputs, option, group, request, Category.TOKENS))
    return Exposure(option, group.name, hours, without, capped, limit, f"a limit on each session, passed by {budget.overshoot}")


def _loop_cost(inputs: Inputs, option: str, group: Group, hours: Value) -> Value:
    """What one more session of that many active hours adds to the month, working as the group's usual sessions do and never waiting."""
    own = inputs.own(group)
    times = hours / own["active_hours_per_session"]
    loop = {name: value * times for name, value in own.items() if paths.in_a_session(name)}
    loop |= {"active_hours_per_session": hours, "open_hours_per_session": hours, "pauses_per_session": 0.0}
    return _added(inputs, option, group, loop, *Category)


def _added(inputs: Inputs, option: str, group: Group, content: Mapping[str, Value], *categories: Category) -> Value:
    """USD that one more session with this content, and nothing else in it, adds to the lines that belong to a group; no server, fee or upkeep."""
    extra = named_apart(inputs.scenario.fleet, group, "one more session")
    nothing = {name: 0.0 if paths.in_a_session(name) else value for name, value in inputs.own(group).items()}
    one = {"agents": 1.0, "agents_in_12_months": 1.0, "sessions_per_day": 1.0, "days_per_month": 1.0}
    more = inputs.with_fleet((*inputs.scenario.fleet, extra), {extra.slug: {**nothing, **one, **content}})
    return _of_groups(more, option, categories) - _of_groups(inputs, option, categories)


def _of_groups(inputs: Inputs, option: str, categories: Sequence[Category]) -> Value:
    return sum((item.cost for item in bill(option, inputs).items if item.group is not None and item.category in categories), 0.0)


__all__ = ["Exposure", "exposures"]
