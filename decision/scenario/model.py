"""The scenario: what a team says about its agents. Its fields are the contract of files, links and forms."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, PrivateAttr, Strict, field_validator, model_validator

from decision.catalog.options import COMPONENTS, Component
from decision.catalog.people import Thoroughness
from decision.catalog.token_rates import Kind
from decision.errors import field_names, nearest, shown
from decision.scenario.overrides import OptionOverrides, OtherCharge, Overrides, Server
from decision.scenario.parts import LONGEST_NAME, Flag, Ids, Name, Part, slug
from decision.scenario.quantity import Amount, Spec

DEFAULT_OPTIONS = ("managed-agents", "agentcore-v1", "agentcore-v2", "vps", "multica")
MOST_GROUPS = 50
_MOST_MODELS, _MOST_MODELS_OF_A_FLEET = 20, 100  # in one group's mix, and in those of all groups
_MOST_CORRELATIONS = 200  # pairs; their matrix is decomposed
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2199, 12, 31)


class Tokens(Part):
    """Tokens of one session. `input` is uncached input: the cache classes stand beside it, never inside it."""

    input: Annotated[Amount | None, Spec("Uncached input", "tokens per session")] = None
    cache_read: Annotated[Amount | None, Spec("Cache reads", "tokens per session")] = None
    cache_write_5m: Annotated[Amount | None, Spec("5-minute cache writes", "tokens per session")] = None
    cache_write_1h: Annotated[Amount | None, Spec("1-hour cache writes", "tokens per session")] = None
    output: Annotated[Amount | None, Spec("Output", "tokens per session")] = None


class TokensPerHour(Part):
    """Tokens of one active hour, by the same classes."""

    input: Annotated[Amount | None, Spec("Uncached input an hour", "tokens per active hour")] = None
    cache_read: Annotated[Amount | None, Spec("Cache reads an hour", "tokens per active hour")] = None
    cache_write_5m: Annotated[Amount | None, Spec("5-minute cache writes an hour", "tokens per active hour")] = None
    cache_write_1h: Annotated[Amount | None, Spec("1-hour cache writes an hour", "tokens per active hour")] = None
    output: Annotated[Amount | None, Spec("Output an hour", "tokens per active hour")] = None


class Sandbox(Part):
    """The machine one session works in."""

    vcpu: Annotated[Amount | None, Spec("Sandbox CPU", "vCPU", at_least=0.01, at_most=512)] = None
    memory_gb: Annotated[Amount | None, Spec("Sandbox memory", "GB", at_least=0.01, at_most=4096)] = None
    cpu_busy_share: Annotated[Amount | None, Spec("CPU busy share of active time", "share of 1", at_most=1)] = None


class PerSession(Part):
    """Calls to metered services, per session."""

    tool_calls: Annotated[Amount | None, Spec("Tool calls", "calls per session")] = None
    tool_searches: Annotated[Amount | None, Spec("Tool searches", "searches per session")] = None
    memory_events: Annotated[Amount | None, Spec("Memory events", "events per session")] = None
    memory_records: Annotated[Amount | None, Spec("Memory records kept", "records per session")] = None
    memory_retrievals: Annotated[Amount | None, Spec("Memory retrievals", "retrievals per session")] = None
    identity_requests: Annotated[Amount | None, Spec("Identity requests", "requests per session")] = None
    spans: Annotated[Amount | None, Spec("Trace spans", "spans per session")] = None


ModelMix = Annotated[Mapping[str, Annotated[Amount, Spec("Share of the model", "share of 1", at_most=1)]], Field(max_length=_MOST_MODELS)]


class Group(Part):
    """A group of like agents."""

    name: Name = "agents"
    kind: Kind | None = None
    agents: Annotated[Amount | None, Spec("Agents now", "agents", at_most=1e7)] = None
    agents_in_12_months: Annotated[Amount | None, Spec("Agents in 12 months", "agents", at_most=1e7)] = None
    days_per_month: Annotated[Amount | None, Spec("Days per month", "days", at_most=31)] = None
    sessions_per_day: Annotated[Amount | None, Spec("Sessions per agent and day", "sessions", at_most=1e6)] = None
    conversations_per_day: Annotated[Amount | None, Spec("Conversations per agent and day", "conversations", at_most=1e6)] = None
    documents_per_day: Annotated[Amount | None, Spec("Documents per agent and day", "documents", at_most=1e6)] = None
    beats_per_day: Annotated[Amount | None, Spec("Beats per agent and day", "beats", at_most=86_400)] = None
    requests_per_unit: Annotated[Amount | None, Spec("Model requests per conversation, document or beat", "requests", at_least=0.01, at_most=1e6)] = (
        None
    )
    active_hours_per_session: Annotated[Amount | None, Spec("Active hours per session", "hours", at_most=744)] = None
    open_hours_per_session: Annotated[Amount | None, Spec("Open hours per session", "hours", at_most=744)] = None
    pauses_per_session: Annotated[Amount | None, Spec("Pauses per session", "pauses", at_most=1e6)] = None
    load: Literal["steady", "bursty"] | None = None
    peak_to_average: Annotated[Amount | None, Spec("Peak to average", "times", at_least=1, at_most=1e4)] = None
    stakes: Literal["normal", "high"] | None = None
    model_mix: ModelMix | None = None
    tokens_per_session: Tokens | None = None
    tokens_per_active_hour: TokensPerHour | None = None
    requests_per_active_hour: Annotated[Amount | None, Spec("Model requests an active hour", "requests", at_least=0.01, at_most=1e6)] = None
    typical_prompt_tokens: Annotated[Amount | None, Spec("Typical prompt length", "tokens")] = None
    long_prompt_share: Annotated[Amount | None, Spec("Requests with a long prompt", "share of 1", at_most=1)] = None
    batchable_share: Annotated[Amount | None, Spec("Batchable share of sessions", "share of 1", at_most=1)] = None
    web_searches_per_session: Annotated[Amount | None, Spec("Web searches", "searches per session", at_most=1e6)] = None
    web_searches_per_active_hour: Annotated[Amount | None, Spec("Web searches an hour", "searches per active hour", at_most=1e6)] = None
    sandbox: Sandbox = Sandbox()
    per_session: PerSession = PerSession()

    @property
    def slug(self) -> str:
        """The name as it stands in driver paths: letters of any script in lower case, digits, dashes."""
        return slug(self.name)

    @model_validator(mode="after")
    def _consistent(self) -> Group:
        if self.model_mix is not None:
            total = sum(amount.likely for amount in self.model_mix.values())
            if abs(total - 1) > 1e-6:
                raise ValueError(f"model_mix of {self.name!r} adds up to {total:.6g}; the shares must add up to 1.")
        active, opened = self.active_hours_per_session, self.open_hours_per_session
        if active is not None and opened is not None and opened.likely < active.likely:
            raise ValueError(
                f"open_hours_per_session ({opened.likely:g}) of {self.name!r} is less than active_hours_per_session ({active.likely:g}). "
                "Open time includes the active time: raise it or leave it out."
            )
        return self

    @property
    def unit(self) -> str | None:
        """The field that counts its work in units, where one is given."""
        return next((name for name in UNITS if getattr(self, name) is not None), None)

    @model_validator(mode="after")
    def _said_once(self) -> Group:
        for one, other in said_twice(self):
            raise ValueError(f"{one} and {other} of {self.name!r} say the same. Keep one of the two.")
        return self

    @model_validator(mode="after")
    def _units_of_its_kind(self) -> Group:
        for name, kind in UNITS.items():
            if getattr(self, name) is not None and self.kind != kind:
                raise ValueError(
                    f"{name} of {self.name!r} counts the work of the kind {kind}, and kind is {self.kind or 'not given'}. Write kind: {kind}."
                )
        if self.requests_per_unit is not None and self.unit is None:
            raise ValueError(f"requests_per_unit of {self.name!r} needs {', '.join(UNITS)}. Give one of them, or leave it out.")
        return self


UNITS: Mapping[str, Kind] = {"conversations_per_day": "chat", "documents_per_day": "batch", "beats_per_day": "monitor"}
"""Fields that count work in units, and the kind of work that is counted so."""


def said_twice(group: Group) -> Iterator[tuple[str, str]]:
    """Pairs of fields of a group that are both given and say the same in two ways."""
    session, hour = group.tokens_per_session, group.tokens_per_active_hour
    if session is not None and hour is not None:
        for name, _, amount in session.amounts():
            if amount is not None and getattr(hour, name) is not None:
                yield f"tokens_per_session.{name}", f"tokens_per_active_hour.{name}"
    for one, other in (
        ("web_searches_per_session", "web_searches_per_active_hour"),
        ("sessions_per_day", "conversations_per_day"),
        ("active_hours_per_session", "requests_per_unit"),
        *(("active_hours_per_session", name) for name in ("documents_per_day", "beats_per_day")),
    ):
        if getattr(group, one) is not None and getattr(group, other) is not None:
            yield one, other


class Team(Part):
    """Who would build and run it."""

    engineer_cost_per_year: Annotated[Amount | None, Spec("Engineer, fully loaded", "USD per year", at_most=1e8)] = None
    own_time_is_free: Flag = False
    country: Annotated[str, Field(max_length=2)] | None = None
    usd_per_currency: Annotated[
        Amount | None, Spec("Dollars for one unit of the country's currency", "USD", at_least=1e-6, at_most=1e6, driver=False)
    ] = None
    platform_talent: Literal["stretched", "bench"] | None = None
    thoroughness: Thoroughness | None = None
    on_call: Literal["none", "around_the_clock"] = "none"
    components: Mapping[Component, Literal["not_needed", "option", "runs", "buys", "builds"]] = {}

    @model_validator(mode="before")
    @classmethod
    def _earlier_name(cls, content: Any) -> Any:
        """already_runs: [x] is how earlier files say components: {x: runs}."""
        if not isinstance(content, Mapping) or "already_runs" not in content:
            return content
        rest = {name: value for name, value in content.items() if name != "already_runs"}
        said, runs = rest.get("components", {}), content["already_runs"]
        if not isinstance(runs, list | tuple) or not isinstance(said, Mapping) or any(not isinstance(name, str) for name in runs):
            raise ValueError("already_runs is not a list of components. Write components: {observability: runs} instead.")
        if unknown := [name for name in runs if name not in COMPONENTS]:
            raise ValueError(
                f'already_runs: "{shown(unknown[0])}" is not a component.{nearest(unknown[0], COMPONENTS)} Known: {", ".join(COMPONENTS)}.'
            )
        if both := [name for name in runs if name in said and said[name] != "runs"]:
            raise ValueError(f"already_runs and components disagree on {both[0]}. Keep components, and leave already_runs out.")
        return {**rest, "components": {**dict.fromkeys(runs, "runs"), **said}}

    @model_validator(mode="after")
    def _consistent(self) -> Team:
        if self.own_time_is_free and (self.engineer_cost_per_year is not None or self.country is not None):
            raise ValueError("own_time_is_free says that engineers cost nothing, and a cost or a country is given too. Keep one of the two.")
        if self.country is not None and self.engineer_cost_per_year is not None:
            raise ValueError("country says what an engineer costs, and engineer_cost_per_year is given too. Keep one of the two.")
        if self.usd_per_currency is not None and self.country is None:
            raise ValueError("usd_per_currency is the rate of a country's currency, and no country is given. Add the country, or leave it out.")
        return self


class Constraints(Part):
    """What an option must respect."""

    models: Literal["claude_only", "mixed"] | None = None
    data_residency: Literal["none", "vendor_region", "own_account", "own_machines", "air_gapped"] = "none"
    observability: Literal["none", "mature"] = "none"
    hosted_product_for_third_parties: Flag = False
    poll_interval_seconds: Annotated[
        Amount | None, Spec("Polling interval of each session", "seconds", at_least=0.1, at_most=86_400, driver=False)
    ] = None

    _read_as: tuple[str, ...] = PrivateAttr(())

    @property
    def read_as(self) -> tuple[str, ...]:
        """What an earlier file or link said with a word that has become another one, a sentence each."""
        return self._read_as

    @model_validator(mode="wrap")
    @classmethod
    def _earlier_word(cls, content: Any, validated: ModelWrapValidatorHandler[Constraints]) -> Constraints:
        """own_cloud is how earlier files say own_account."""
        if not isinstance(content, Mapping) or content.get("data_residency") != "own_cloud":
            return validated(content)
        return validated({**content, "data_residency": "own_account"}).noting(_OWN_CLOUD)

    def noting(self, sentence: str) -> Self:
        """The same, with a sentence on what it was before."""
        self._read_as = (*self._read_as, sentence)
        return self


_OWN_CLOUD = (
    "Data residency says own_cloud, which earlier versions took to rule out every service of a vendor. It is read as own_account: a cloud account "
    "of the team's own, services that the cloud operates in it included. Write own_machines if only machines under your sole control will do."
)


class Exit(Part):
    """What leaving would take."""

    portable_main_loop: Flag = False
    chance_of_leaving_in_horizon: Annotated[Amount | None, Spec("Chance of leaving within the horizon", "share of 1", at_most=1)] = None


NOT_BUILT = ("build_weeks", "weeks_to_production")
"""Figures of an option that nobody feels who runs on it already."""


class Scenario(Part):
    """Everything a team says. A blank takes the estimate of data/estimates.yaml and is shown as assumed."""

    version: Literal[1] = 1
    name: Name = "Our agents"
    as_of: dt.date | None = None
    horizon_months: Annotated[int, Strict(), Field(ge=1, le=120)] = 24
    discount_rate: Annotated[Amount | None, Spec("Discount rate", "share per year", at_most=1)] = None
    fleet: Annotated[tuple[Group, ...], Field(min_length=1, max_length=MOST_GROUPS)]
    team: Team = Team()
    constraints: Constraints = Constraints()
    exit: Exit = Exit()
    value_per_week_in_production: Annotated[Amount | None, Spec("Value of a week in production", "USD per week", at_most=1e9)] = None
    consider: Ids = DEFAULT_OPTIONS
    running_on: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    """Option on which the agents run already: staying is neither built nor waited for nor left, and every other option pays for leaving it."""
    overrides: Overrides = Overrides()
    correlations: Annotated[tuple[tuple[str, str, Annotated[float, Strict(), Field(ge=-1, le=1)]], ...], Field(max_length=_MOST_CORRELATIONS)] = ()

    @field_validator("as_of", mode="before")
    @classmethod
    def _a_date(cls, value: Any) -> Any:
        if value is None or isinstance(value, dt.date):
            return value
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return value
        raise ValueError(f'"{shown(value, 40)}" is not a date. Write it as 2026-11-20.')

    @field_validator("as_of")
    @classmethod
    def _of_our_time(cls, day: dt.date | None) -> dt.date | None:
        return None if day is None else checked_day(day)

    @field_validator("consider", mode="before")
    @classmethod
    def _all(cls, value: Any) -> Any:
        if value in ("all", ["all"]):
            return ("all",)
        if not value:
            raise ValueError("consider is empty. Name at least one option, or all.")
        if isinstance(value, list | tuple) and "all" in value:
            raise ValueError("consider names all and other options beside it. Write all alone, or name the options.")
        return value

    @model_validator(mode="after")
    def _nothing_to_build_where_it_runs(self) -> Scenario:
        if self.running_on is not None:
            own = self.overrides.of(self.running_on)
            if given := [name for name in NOT_BUILT if getattr(own, name) is not None]:
                raise ValueError(
                    f"running_on says that the agents run on {shown(self.running_on)} already, so {given[0]} of that option changes nothing. "
                    "Keep one of the two."
                )
        return self

    @model_validator(mode="after")
    def _unique(self) -> Scenario:
        seen: dict[str, str] = {}
        for group in self.fleet:
            if group.slug in seen:
                raise ValueError(f'two groups of the fleet, "{seen[group.slug]}" and "{group.name}", have the same letters and digits. Rename one.')
            seen[group.slug] = group.name
        models = sum(len(group.model_mix or ()) for group in self.fleet)
        if models > _MOST_MODELS_OF_A_FLEET:
            raise ValueError(
                f"the model mixes of all groups hold {models} shares; at most {_MOST_MODELS_OF_A_FLEET} are read. Leave out the smallest."
            )
        if len(set(self.consider)) < len(self.consider):
            raise ValueError("consider names an option twice. Keep one of each.")
        return self


def checked_day(day: dt.date) -> dt.date:
    """A day on which prices can be asked for. Raises ValueError for one that is a slip of the pen."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"as_of is {day}; it must be from {FIRST_DAY} to {LAST_DAY}. Write the day whose prices count.")
    return day


KNOWN_FIELDS = field_names(Scenario)

__all__ = [
    "COMPONENTS",
    "DEFAULT_OPTIONS",
    "KNOWN_FIELDS",
    "NOT_BUILT",
    "UNITS",
    "Constraints",
    "Exit",
    "Group",
    "OptionOverrides",
    "OtherCharge",
    "Overrides",
    "Part",
    "PerSession",
    "Sandbox",
    "Scenario",
    "Server",
    "Team",
    "Tokens",
    "TokensPerHour",
]  # fmt: skip
