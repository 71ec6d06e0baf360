"""What the questions, gates and signals read: a number or a choice, from the scenario or from the bill of the reference option."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from decision.catalog import Value
from decision.costs.costs import Costed, Costs
from decision.costs.line_items import Category
from decision.costs.use import Use, is_populated
from decision.scenario import Amount, Inputs, paths
from decision.scenario.model import KNOWN_FIELDS

MINUTES_PER_DAY = 24 * 60
MONTHS_PER_YEAR = 12

Found = float | str | bool | None


@dataclass(frozen=True)
class Case:
    """A scenario with what the framework reads of it, at its most likely values."""

    costs: Costs

    @functools.cached_property
    def inputs(self) -> Inputs:
        """The scenario in numbers."""
        return self.costs.inputs

    @functools.cached_property
    def use(self) -> tuple[Use, ...]:
        """The use of each group in month 12. A group of nobody, now and then, decides nothing; where all are, each is kept to have an answer."""
        uses = self.costs.month.uses
        return tuple(use for use in uses if is_populated(self.inputs, use.group)) or uses

    @property
    def reference(self) -> Costed:
        """The reference option's costs. Raises PriceMissing where it has none on that day."""
        return self.costs.costed(self.inputs.catalog.framework.reference_option)


def reads_per_minute(sessions: Value, interval_seconds: Value) -> Value:
    """Reads a minute when each of `sessions` is polled every `interval_seconds`: 50 sessions every 2 s make 1,500."""
    return sessions * 60 / interval_seconds


def exit_to_yearly_cost(costed: Costed) -> float | None:
    """Expected exit over a year of what the option costs besides tokens; infinite when that is nothing, None when both are."""
    yearly = MONTHS_PER_YEAR * (float(costed.bill.total) - float(costed.bill.of(Category.TOKENS)))
    return _ratio(float(costed.owned.leaving), yearly)


def token_to_runtime_ratio(case: Case) -> float | None:
    """Token cost over runtime cost on the reference option's bill of month 12; infinite without runtime, None without both.

    Raises PriceMissing where that bill cannot be computed.
    """
    costs = case.reference.bill
    return _ratio(float(costs.of(Category.TOKENS)), float(costs.of(Category.RUNTIME)))


def _ratio(above: float, below: float) -> float | None:
    if below:
        return above / below
    return math.inf if above else None


def makers(case: Case) -> dict[str, str]:
    """Models that the fleet uses, by id, with their makers. A model with a share of 0 is not used."""
    used = [model_id for use in case.use for model_id, share in use.model_mix.items() if share]
    return {model_id: case.inputs.catalog.model(model_id).maker for model_id in used}


def _models_in_mix(case: Case) -> str:
    return "claude_only" if set(makers(case).values()) == {"anthropic"} else "mixed"


def _models(case: Case) -> str | None:
    """Mixed when said so, or when the mix names another maker whatever was said; None inside an air gap where nobody named a model.

    No maker's model can be reached from there, so the usual model of the day, which a blank takes elsewhere, says nothing.
    """
    said = case.inputs.scenario.constraints
    if said.data_residency == "air_gapped" and said.models is None and all(use.group.model_mix is None for use in case.use):
        return None
    return "mixed" if said.models == "mixed" else _models_in_mix(case)


def _session_creations(case: Case) -> float:
    """Sessions started a minute at the peak, if the mean day spreads them evenly."""
    return float(sum(use.agents * use.sessions_per_day * use.peak_to_average for use in case.use)) / MINUTES_PER_DAY


def _concurrent_sessions(case: Case) -> float:
    """Sessions open at the peak, over all groups."""
    return float(sum(use.peak_sessions for use in case.use))


def _reads_per_minute(case: Case) -> float | None:
    interval = case.inputs.scenario.constraints.poll_interval_seconds
    return None if interval is None else float(reads_per_minute(_concurrent_sessions(case), interval.likely))


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity, and the values it can take where it is a choice. said: it is what the scenario says, put together, and no result."""

    of: Callable[[Case], Found]
    choices: tuple[str, ...] = ()
    said: bool = False
    may_be_none: bool = False


MEASURES: dict[str, Measure] = {
    "agents": Measure(lambda case: float(case.inputs.driver_value("agents")), said=True),
    "token_to_runtime_ratio": Measure(token_to_runtime_ratio, may_be_none=True),
    "exit_to_yearly_cost": Measure(lambda case: exit_to_yearly_cost(case.reference), may_be_none=True),
    "models": Measure(_models, ("claude_only", "mixed"), said=True, may_be_none=True),
    "models_in_mix": Measure(_models_in_mix, ("claude_only", "mixed"), said=True),
    "active_hours_per_month": Measure(lambda case: float(sum(use.active_hours for use in case.use))),
    "groups": Measure(lambda case: float(len(case.use))),
    "session_creations_per_minute": Measure(_session_creations),
    "reads_per_minute": Measure(_reads_per_minute, may_be_none=True),
    "concurrent_sessions": Measure(_concurrent_sessions),
    "vcpu_at_once": Measure(lambda case: float(sum(use.peak_sessions * use.vcpu for use in case.use))),
    "memory_gb_at_once": Measure(lambda case: float(sum(use.peak_sessions * use.memory_gb for use in case.use))),
    "memory_gb_per_vcpu": Measure(lambda case: max(float(use.memory_gb / use.vcpu) for use in case.use)),
    "pause_hours": Measure(lambda case: max(float(use.pause_hours) for use in case.use)),
}

FIELDS = frozenset(f"{place}.{name}" if place else name for place, names in KNOWN_FIELDS.items() for name in names)
"""Fields of a scenario that may be read, as dotted paths; groups of the fleet are not told apart."""


def reading(reads: str, case: Case) -> Found:
    """One value: a measure, a field, the largest number of any group, or the choice that most active hours have."""
    if reads in MEASURES:
        return MEASURES[reads].of(case)
    name = paths.field_of_fleet(reads)
    if name is None:
        number = case.inputs.values.get(reads)
        return _said(case.inputs.scenario, reads) if number is None else float(number)
    values = list(_by_group(name, case))
    numbers = [value for value, _ in values if isinstance(value, float)]
    if numbers:
        return max(numbers)
    hours: dict[Found, float] = {}
    for value, use in values:
        hours[value] = hours.get(value, 0.0) + float(use.active_hours)
    return max(hours, key=lambda value: hours[value])


def readings(reads: str, case: Case) -> list[Found]:
    """What a condition compares: as `reading`, but each group's own value for a field of the fleet."""
    name = paths.field_of_fleet(reads)
    return [reading(reads, case)] if name is None else [value for value, _ in _by_group(name, case)]


_FOLLOWS = {"agents_in_12_months": "agents", "open_hours_per_session": "active_hours_per_session"}  # where a blank stands


def _by_group(name: str, case: Case) -> Iterator[tuple[Found, Use]]:
    for use in case.use:
        own = case.inputs.own(use.group)
        number = own.get(name, own.get(_FOLLOWS.get(name, name)))
        yield (_said(use.group, name) if number is None else float(number)), use


def _said(part: Any, path: str) -> Found:
    for name in path.split("."):
        part = getattr(part, name)
    if isinstance(part, Amount):
        return part.likely
    return float(part) if isinstance(part, int) and not isinstance(part, bool) else part
