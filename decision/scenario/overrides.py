"""What the team knows better than the catalog and its estimates: prices, people, and each option itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from decision.catalog.options import Idle
from decision.errors import shown
from decision.scenario.parts import LONGEST_NAME, MOST_IDS, Flag, Ids, Name, Part, slug
from decision.scenario.quantity import Amount, Spec, number_in

_MOST_CHARGES = 20  # other costs of one option


class Server(Part):
    """A server of the team's own, used instead of the catalog's plans."""

    price_month: Annotated[Amount, Spec("Server price", "USD per month", at_most=1e8)]
    vcpu: Annotated[Amount, Spec("Server CPU", "vCPU", at_least=0.1, at_most=4096)]
    ram_gb: Annotated[Amount, Spec("Server memory", "GB", at_least=0.1, at_most=65536)]


class OtherCharge(Part):
    """Something that an option costs a month besides what its meters know."""

    label: Name
    usd: Annotated[Amount, Spec("Other cost", "USD per month", at_most=1e9)]

    @property
    def slug(self) -> str:
        """The label as it stands in driver paths."""
        return slug(self.label)


class OptionOverrides(Part):
    """What the team knows better than the estimates, for one option."""

    upkeep_fte: Annotated[Amount | None, Spec("Upkeep", "FTE", at_most=1000)] = None
    build_weeks: Annotated[Amount | None, Spec("Build", "engineer-weeks", at_most=10_000)] = None
    exit_weeks: Annotated[Amount | None, Spec("Exit", "engineer-weeks", at_most=10_000)] = None
    weeks_to_production: Annotated[Amount | None, Spec("Time to production", "weeks", at_most=1000)] = None
    ram_per_agent_gb: Annotated[Amount | None, Spec("Memory per resident agent", "GiB", at_least=0.01, at_most=4096)] = None
    vcpu_per_agent: Annotated[Amount | None, Spec("CPU per resident agent", "vCPU", at_least=0.001, at_most=512)] = None
    idle_timeout_seconds: Annotated[Amount | None, Spec("Idle timeout", "seconds", at_most=1_209_600)] = None
    residual_memory_share: Annotated[Amount | None, Spec("Memory kept after idle reclaim", "share of 1", at_most=1)] = None
    gpu_node_per_month: Annotated[Amount | None, Spec("A GPU node of the team's own", "USD per month", at_most=1e8)] = None
    licence_per_month: Annotated[Amount | None, Spec("Licence", "USD per month", at_most=1e9)] = None
    sessions_per_instance: Annotated[Amount | None, Spec("Sessions on one instance", "sessions", at_least=1, at_most=10_000)] = None
    idle: Idle | None = None
    redundant: Flag | None = None
    providers: Ids = ()
    server: Server | None = None
    plan: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    buys: Ids = ()
    other_per_month: Annotated[tuple[OtherCharge, ...], Field(max_length=_MOST_CHARGES)] = ()

    @model_validator(mode="before")
    @classmethod
    def _as_it_is_said_now(cls, content: Any) -> Any:
        """stops_sessions: true is how earlier files say idle: stop; false, that the vendor's own rule stands."""
        return renamed(content) if isinstance(content, Mapping) else content

    @field_validator("other_per_month", mode="before")
    @classmethod
    def _from_words(cls, content: Any) -> Any:
        """'Support: 100; Audit: 20 to 40', as it is typed in one field, is a list too."""
        return [_charge(part) for part in content.split(";") if part.strip()] if isinstance(content, str) else content

    @field_validator("other_per_month")
    @classmethod
    def _told_apart(cls, charges: tuple[OtherCharge, ...]) -> tuple[OtherCharge, ...]:
        slugs = [charge.slug for charge in charges]
        if twice := next((charge.label for charge in charges if slugs.count(charge.slug) > 1), None):
            raise ValueError(f'two other costs are called "{twice}". Rename one, or add them up.')
        return charges


def renamed(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of an option, in the words of today."""
    now = {name: value for name, value in said.items() if name != "stops_sessions" or not isinstance(value, bool | None)}
    return {"idle": "stop", **now} if said.get("stops_sessions") is True else now


def _charge(words: str) -> dict[str, Any]:
    label, colon, amount = words.rpartition(":")
    if not colon or not label.strip():
        raise ValueError(f'"{shown(words.strip(), 40)}" does not say what it costs. Write a name and USD a month, such as Support: 100.')
    text = amount.strip().removeprefix("$").strip()
    return {"label": label.strip(), "usd": text if " to " in text else number_in(text)}


_NOTHING_SAID = OptionOverrides()


class Overrides(Part):
    """Negotiated prices and better estimates."""

    people: Annotated[Mapping[str, Annotated[Amount, Spec("Figure", "of people.yaml", at_most=1e5)]], Field(max_length=MOST_IDS)] = {}
    """Figures of data/people.yaml that the team knows better, by their path: components.sandbox.upkeep_hours."""
    prices: Mapping[str, Annotated[Amount, Spec("Price", "USD per pricing unit", at_most=1e9)]] = {}
    options: Mapping[str, OptionOverrides] = {}

    def of(self, option_id: str) -> OptionOverrides:
        """What the team says of an option; all blank where it says nothing."""
        return self.options.get(option_id, _NOTHING_SAID)
