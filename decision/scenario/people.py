"""The figures of data/people.yaml as inputs: what each is called, its unit and its bounds; what an engineer costs."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator
from typing import NamedTuple

from decision.catalog import EUR_USD, Catalog
from decision.catalog.options import Estimate
from decision.catalog.people import Country
from decision.errors import BadInput, PriceMissing, nearest, shown
from decision.scenario.model import Team
from decision.scenario.quantity import Amount, Spec
from decision.words import COMPONENT_WORDS, number

_LEAVES = {
    "upkeep_hours": Spec("hours to keep", "hours a month", at_most=1e5),
    "build_weeks": Spec("weeks to build", "engineer-weeks", at_most=10_000),
    "exit_weeks": Spec("weeks to leave", "engineer-weeks", at_most=10_000),
    "upkeep_share": Spec("upkeep left", "share of 1", at_most=1),
    "build_share": Spec("build left", "share of 1", at_most=1),
    "growth_exponent": Spec("Growth of upkeep with the fleet", "as a power", at_most=1),
    "sharing_exponent": Spec("Attention that like agents share", "as a power", at_most=1),
    "attention_hours": Spec("Attention to one agent", "hours a month", at_most=1e4),
    "build_weeks_per_further_agent": Spec("Build of each further agent", "engineer-weeks", at_most=1000),
    "exit_weeks_per_agent": Spec("Exit of each agent", "engineer-weeks", at_most=1000),
    "onboarding_weeks": Spec("Work that even a complete runtime takes", "engineer-weeks", at_most=100),
    "exit_base_weeks": Spec("Cutting over, whatever is left behind", "engineer-weeks", at_most=1000),
    "exponent": Spec("growth with their number", "as a power", at_most=1),
    "per_component": Spec("Incidents of each component of your own", "a month", at_most=1000),
    "per_host": Spec("Incidents of each server", "a month", at_most=1000),
    "hours_each": Spec("Time for an incident", "hours", at_most=1000),
    "hours": Spec("Standby around the clock", "hours of pay a month", at_most=1e4),
    "thoroughness": Spec("Thoroughness of the team", "times", at_least=0.01, at_most=100),
}
_OWNERS = {
    **COMPONENT_WORDS, "runs": "What runs already", "buys": "What is bought", "hosts": "Servers", "managed": "Managed runtime",
    "platform_own_loop": "Platform with an own loop", "multica": "Multica", "sandbox_vendor": "Sandbox vendor",
}  # fmt: skip


def people_specs(catalog: Catalog) -> Iterator[tuple[str, Spec, Estimate]]:
    """Every figure of the people file: its path, meaning and estimate."""
    for path, estimate in catalog.people.figures.items():
        yield path, _spec(path), estimate


@functools.lru_cache(maxsize=256)
def _spec(path: str) -> Spec:
    *_, owner, leaf = path.split(".")
    spec = _LEAVES[leaf]
    if owner in _OWNERS and leaf != "hours":
        return Spec(f"{_OWNERS[owner]}, {spec.label}", spec.unit, spec.at_least, spec.at_most)
    return spec


ENGINEER_COST = "team.engineer_cost_per_year"
ENGINEER_SPEC = next(spec for name, spec, _ in Team().amounts() if name == "engineer_cost_per_year")
BEYOND_COMPONENTS = {  # what the file of an option may add to its components
    "extra_upkeep_hours": Spec("Beyond the components", "hours a month", at_most=1e4),
    "extra_build_weeks": Spec("Beyond the components, weeks to build", "engineer-weeks", at_most=1e4),
}
_USUAL_COUNTRY = "US"


class EngineerCost(NamedTuple):
    """USD a year for one engineer, and where the figure comes from."""

    amount: Amount
    why: str


def engineer_cost(team: Team, catalog: Catalog, day: dt.date) -> EngineerCost:
    """What an engineer costs: nothing where their own time is free, what the team says, or what is usual in their country (the US unless told).

    Raises BadInput for a country that is not on file, or whose currency has no rate that day and none is given.
    """
    if team.own_time_is_free:
        return EngineerCost(Amount.point(0, "given"), "The team's own time is free.")
    if team.engineer_cost_per_year is not None:
        return EngineerCost(team.engineer_cost_per_year, "")
    countries, code = catalog.people.countries, team.country or _USUAL_COUNTRY
    if code not in countries:
        known = ", ".join(f"{code} ({country.name})" for code, country in countries.items())
        raise BadInput(f'team.country: "{shown(code)}" is not on file.{nearest(code, countries)} Known: {known}.')
    country = countries[code]
    rate, said = _rate(country, team, catalog, day)
    likely = country.cost.likely
    low, high = likely if country.cost.low is None else country.cost.low, likely if country.cost.high is None else country.cost.high
    why = f"{country.name}, {number(likely)} {country.currency} a year{said}: {country.cost.assumption}"
    return EngineerCost(Amount(low * rate.low, likely * rate.likely, high * rate.high, "assumed"), why)


def _rate(country: Country, team: Team, catalog: Catalog, day: dt.date) -> tuple[Amount, str]:
    """USD for one unit of the country's currency, and the words for it."""
    if country.currency == "USD":
        if team.usd_per_currency is not None:
            raise BadInput(f"team.usd_per_currency: {country.name} is on file in dollars, which have no rate. Leave it out.")
        return Amount.point(1, "assumed"), ""
    if team.usd_per_currency is not None:
        return team.usd_per_currency, f" at {team.usd_per_currency.likely:g} USD each, as given"
    place = f"team.country: {country.name} is on file in {country.currency}"
    ask = f"Give team.usd_per_currency, the dollars for one {country.currency}, or team.engineer_cost_per_year in dollars."
    if country.currency != "EUR":
        raise BadInput(f"{place}, and no rate to the dollar is on file. {ask}")
    try:
        price = catalog.listed(EUR_USD, day)
    except PriceMissing as missing:
        raise BadInput(f"{place}, and {missing} {ask}") from None
    return Amount.point(float(price.amount), "assumed"), f" at {price.amount:g} USD each ({price.effective_from})"
