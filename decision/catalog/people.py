"""The shape of data/people.yaml: hours and weeks of each component, and what they grow with."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, model_validator

from decision.catalog.options import COMPONENTS, Component, Estimate, Glue
from decision.catalog.prices import Count, DataModel, Positive, Source
from decision.errors import nearest

Thoroughness = Literal["minimal", "standard", "hardened"]
THOROUGHNESS: tuple[Thoroughness, ...] = get_args(Thoroughness)


class PeopleEstimate(Estimate):
    """An estimate with the sources it leans on, by their ids in the file."""

    sources: tuple[str, ...] = ()


class ComponentPeople(DataModel):
    """What one component takes a team that keeps it alone: hours a month, engineer-weeks to build, engineer-weeks to leave one that was rented."""

    upkeep_hours: PeopleEstimate
    build_weeks: PeopleEstimate
    exit_weeks: PeopleEstimate


class Shares(DataModel):
    """What is left of a component's hours and weeks when it runs already or is bought."""

    upkeep_share: PeopleEstimate
    build_share: PeopleEstimate


class Modes(DataModel):
    """The two ways of having a component that is not built for the purpose."""

    runs: Shares
    buys: Shares


class FleetPeople(DataModel):
    """What grows with the fleet, and what every fleet takes once."""

    growth_exponent: PeopleEstimate
    attention_hours: PeopleEstimate
    sharing_exponent: PeopleEstimate
    build_weeks_per_further_agent: PeopleEstimate
    exit_weeks_per_agent: PeopleEstimate
    onboarding_weeks: PeopleEstimate
    exit_base_weeks: PeopleEstimate


class HostPeople(DataModel):
    """Servers of one's own: the first, and how others add up."""

    upkeep_hours: PeopleEstimate
    exponent: PeopleEstimate
    build_weeks: PeopleEstimate


class Incidents(DataModel):
    """Incidents a month, and hours for each."""

    per_component: PeopleEstimate
    per_host: PeopleEstimate
    hours_each: PeopleEstimate


class GluePeople(DataModel):
    """What stays with the team whatever the option brings."""

    upkeep_hours: PeopleEstimate
    build_weeks: PeopleEstimate


class ThoroughnessFactors(DataModel):
    """How much a team does, as a factor; blank: where nobody says."""

    minimal: Positive
    standard: Positive
    hardened: Positive
    blank: PeopleEstimate


class OnCall(DataModel):
    """Standby around the clock: hours of pay a month, and how many people it takes."""

    hours: PeopleEstimate
    people_one_site: Count
    people_each_of_two_sites: Count
    staffing_source: str


class Country(DataModel):
    """An engineer's fully loaded cost a year, in the country's own currency."""

    name: str
    currency: str
    cost: PeopleEstimate


def _has_all(names: tuple[str, ...]) -> AfterValidator:
    """Refuses a mapping in which one of these names is missing."""

    def check(found: Mapping[str, DataModel]) -> Mapping[str, DataModel]:
        if missing := [name for name in names if name not in found]:
            raise ValueError(f"{', '.join(missing)} missing. Add hours and weeks of each.")
        return found

    return AfterValidator(check)


class People(DataModel):
    """The file: what people cost, put together from components. evidence: what the figures rest on, to be said wherever they decide."""

    evidence: str
    sources: Mapping[str, Source]
    components: Annotated[Mapping[Component, ComponentPeople], _has_all(COMPONENTS)]
    modes: Modes
    fleet: FleetPeople
    hosts: HostPeople
    incidents: Incidents
    glue: Annotated[Mapping[Glue, GluePeople], _has_all(get_args(Glue))]
    thoroughness: ThoroughnessFactors
    on_call: OnCall
    countries: Mapping[str, Country]

    @model_validator(mode="after")
    def _sources_exist(self) -> People:
        for path, estimate in _estimates(self, ""):
            for name in estimate.sources:
                if name not in self.sources:
                    raise ValueError(f'{path} names the source "{name}", which is not under sources.{nearest(name, self.sources)} Add it there.')
        if self.on_call.staffing_source not in self.sources:
            raise ValueError(f'on_call.staffing_source: "{self.on_call.staffing_source}" is not under sources. Add it there.')
        return self

    @property
    def staffing(self) -> Source:
        """Who says how many people being reachable at any hour takes."""
        return self.sources[self.on_call.staffing_source]

    @functools.cached_property
    def figures(self) -> Mapping[str, PeopleEstimate]:
        """Every figure that a calculation uses, by its input path: people.components.sandbox.upkeep_hours and so on. Countries are apart."""
        every = _estimates(self, "people.")
        return {path.removesuffix(".blank"): estimate for path, estimate in every if not path.startswith("people.countries.")}


def _estimates(part: object, prefix: str) -> Iterator[tuple[str, PeopleEstimate]]:
    if isinstance(part, PeopleEstimate):
        yield prefix.rstrip("."), part
    elif isinstance(part, Mapping):
        for name, below in part.items():
            yield from _estimates(below, f"{prefix}{name}.")
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _estimates(getattr(part, name), f"{prefix}{name}.")
