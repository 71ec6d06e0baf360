"""People: upkeep by the month, and the weeks to build and to leave."""

from __future__ import annotations

import datetime as dt
import functools

import numpy as np

from decision.catalog import COMPONENTS, PriceInForce, Source, Value
from decision.costs.line_items import Billing, Category, LineItem
from decision.scenario import Inputs, paths

MONTHS_PER_YEAR = 12
WEEKS_PER_YEAR = 52
ENGINEER_COST = "team.engineer_cost_per_year"


def upkeep(billing: Billing) -> list[LineItem]:
    """Upkeep share x fully loaded cost / 12: what keeping it running takes every month."""
    inputs, yearly = billing.inputs, billing.inputs[ENGINEER_COST]
    fact = inputs.facts[ENGINEER_COST]
    source = _source(fact.why, fact.origin == "assumed", inputs.as_of)
    price = PriceInForce(ENGINEER_COST, yearly / MONTHS_PER_YEAR, "FTE-Months", source, inputs.as_of)
    share = billing.own("upkeep_fte")
    return [
        LineItem(
            "Engineers' upkeep", Category.UPKEEP, None, share, price, "{share} FTE x {yearly} USD a year / 12", {"share": share, "yearly": yearly},
            billing.assumes("upkeep_fte") or ENGINEER_COST in inputs.assumed,
        )
    ]  # fmt: skip


@functools.lru_cache(maxsize=64)
def _source(why: str, assumed: bool, day: dt.date) -> Source:
    return Source(title=why or "Given in the scenario", kind="assumption" if assumed else "given", retrieved=day)


def week_cost(inputs: Inputs) -> Value:
    """USD per engineer-week."""
    return inputs[ENGINEER_COST] / WEEKS_PER_YEAR


def missing_components(inputs: Inputs, option_id: str) -> tuple[str, ...]:
    """Components of the five that the option does not provide and the team neither runs nor buys."""
    bought = {inputs.catalog.components[name].component for name in inputs.scenario.overrides.of(option_id).buys}
    have = {*inputs.catalog.options[option_id].provides, *inputs.scenario.team.already_runs, *bought}
    return tuple(name for name in COMPONENTS if name not in have)


def build_weeks(inputs: Inputs, option_id: str) -> Value:
    """Engineer-weeks to build what the option lacks.

    The estimate is for a team that runs none of the components. Onboarding (what even a complete runtime takes) always remains; the
    rest is spread evenly over the components the option lacks, and falls away for those the team runs or buys. A figure that the
    team gives itself is taken as it is.
    """
    total = inputs.option_value(option_id, "build_weeks")
    lacking = [name for name in COMPONENTS if name not in inputs.catalog.options[option_id].provides]
    if inputs.facts[paths.of_option(option_id, "build_weeks")].origin != "assumed" or not lacking:
        return total
    onboarding = inputs["general.onboarding_weeks"]
    share = len(missing_components(inputs, option_id)) / len(lacking)
    if share == 1:
        return total
    return np.minimum(onboarding, total) + np.maximum(total - onboarding, 0.0) * share


def weeks_to_production(inputs: Inputs, option_id: str, weeks: Value) -> Value:
    """Calendar weeks until the agents run: the team's own figure, or the engineer-weeks to build over the engineers who build."""
    if (path := paths.of_option(option_id, "weeks_to_production")) in inputs.values:
        return inputs[path]
    return weeks / inputs["general.engineers_building"]


def exit_weeks(inputs: Inputs, option_id: str) -> Value:
    """Engineer-weeks to move sessions, tool calls, credentials, learned state and traces elsewhere.

    A portable main loop does away with the first two of the five.
    """
    weeks = inputs.option_value(option_id, "exit_weeks")
    return weeks * inputs["general.portable_loop_exit_share"] if inputs.scenario.exit.portable_main_loop else weeks
