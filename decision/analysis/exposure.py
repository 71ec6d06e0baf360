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
from decision.costs.bill import Month
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
    dialled, now = at or dials(inputs.catalog.levers), Month(inputs)
    loops = [(group, _looping(inputs, group, dialled["unnoticed_hours"])) for group in inputs.scenario.fleet if _runs(inputs, group)]

    def exposure(option: str) -> Exposure:
        if not loops:
            raise BadInput("no group has active hours, so there is no rate at which an agent could loop.")
        usual = _of_groups(now, option, *Category)
        costs = [(group, _of_groups(then, option, *Category) - usual) for group, then in loops]
        group, cost = max(costs, key=lambda loop: float(np.mean(loop[1])))
        return _exposure(now, option, group, cost, dialled)

    return priced(inputs.options if option_ids is None else option_ids, exposure)


def _runs(inputs: Inputs, group: Group) -> bool:
    return bool(np.all(inputs.own(group)["active_hours_per_session"]))


def _exposure(now: Month, option: str, group: Group, without: Value, at: Dials) -> Exposure:
    """The limit is a multiple of a usual session; past it at most the request in flight is paid: one uncached prompt and one long answer."""
    inputs = now.inputs
    budget = inputs.catalog.levers.budgets.get(option)
    hours = at["unnoticed_hours"]
    if budget is None:
        why = "no budget limit of the runtime is known; a limit would have to be built into the harness"
        return Exposure(option, group.name, hours, without, None, None, why)
    if inputs.as_of < budget.effective_from:
        return Exposure(option, group.name, hours, without, None, None, f"budget limits exist since {budget.effective_from}")
    own = inputs.own(group)
    usual = _looping(inputs, group, own["active_hours_per_session"])
    limit = at["budget_times_usual_session"] * (_of_groups(usual, option, *Category) - _of_groups(now, option, *Category))
    request = {"tokens_per_session.input": own["typical_prompt_tokens"], "tokens_per_session.output": at["request_output_tokens"]}
    one_more = _of_groups(_with_session(inputs, group, request), option, Category.TOKENS) - _of_groups(now, option, Category.TOKENS)
    capped = np.minimum(without, limit + one_more)
    return Exposure(option, group.name, hours, without, capped, limit, f"a limit on each session, passed by {budget.overshoot}")


def _looping(inputs: Inputs, group: Group, hours: Value) -> Month:
    """The month with one more session of that many active hours, working as the group's usual sessions do and never waiting."""
    own = inputs.own(group)
    times = hours / own["active_hours_per_session"]
    loop = {name: value * times for name, value in own.items() if paths.in_a_session(name)}
    loop |= {"active_hours_per_session": hours, "open_hours_per_session": hours, "pauses_per_session": 0.0}
    return _with_session(inputs, group, loop)


def _with_session(inputs: Inputs, group: Group, content: Mapping[str, Value]) -> Month:
    """The month with one more session of a group, with this content and nothing else in it; the same month serves every option."""
    extra = named_apart(inputs.scenario.fleet, group, "one more session")
    nothing = {name: 0.0 if paths.in_a_session(name) else value for name, value in inputs.own(group).items()}
    one = {"agents": 1.0, "agents_in_12_months": 1.0, "sessions_per_day": 1.0, "days_per_month": 1.0}
    return Month(inputs.with_fleet((*inputs.scenario.fleet, extra), {extra.slug: {**nothing, **one, **content}}))


def _of_groups(month: Month, option: str, *categories: Category) -> Value:
    """USD of the lines that belong to a group, without server, fee or upkeep."""
    return sum((item.cost for item in month.bill(option).items if item.group is not None and item.category in categories), 0.0)


__all__ = ["Exposure", "exposures"]
