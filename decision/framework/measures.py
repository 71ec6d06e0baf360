"""What the questions, gates and signals read: a number or a choice, from the scenario or from the bill of the reference option."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from decision.catalog import Option, Value
from decision.costs.bill import Month
from decision.costs.costs import Costed, Costs
from decision.costs.line_items import Category
from decision.costs.use import Use, grows, is_populated
from decision.framework.limits import BOUNDED, Load, largest
from decision.scenario import Amount, Inputs, paths
from decision.scenario.model import KNOWN_FIELDS

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

    @functools.cached_property
    def ends(self) -> tuple[Month, ...]:
        """The months between which the fleet grows: the first and the twelfth, or the twelfth alone where it stays as it is."""
        return (Month(self.inputs, 1.0), self.costs.month) if grows(self.inputs) else (self.costs.month,)

    def busiest(self, reads: str, option: Option | None = None) -> Value | None:
        """What a limit bounds: the most in any month for one of BOUNDED, else the largest number of any group; None where there is none.

        Growth is a straight line, so the busiest month is the first or the twelfth. option: whose machines count; open sessions without one.
        """
        if reads in BOUNDED:
            found = [BOUNDED[reads](self._load(month, option)) for month in self.ends]
            return largest(value for value in found if value is not None) if found[0] is not None else None
        name = paths.field_of_fleet(reads)
        if name is None:
            return self.inputs.values.get(reads)
        numbers = [_number_of(name, self.inputs.own(use.group)) for use in self.use]
        return largest(known) if (known := [number for number in numbers if number is not None]) else None

    def _load(self, month: Month, option: Option | None) -> Load:
        interval = self.inputs.scenario.constraints.poll_interval_seconds
        machines = month.machines_at_once(option.id) if option else [use.peak_sessions for use in month.uses]
        there = {use.group.slug for use in self.use}
        kept = [(use, count) for use, count in zip(month.uses, machines, strict=True) if use.group.slug in there]
        return Load(tuple(use for use, _ in kept), tuple(count for _, count in kept), interval.likely if interval else None)

    @property
    def reference(self) -> Costed:
        """The reference option's costs. Raises PriceMissing where it has none on that day."""
        return self.costs.costed(self.inputs.catalog.framework.reference_option)


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


def _busiest(reads: str, case: Case) -> float | None:
    value = case.busiest(reads)
    return None if value is None else float(value)


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity, and the values it can take where it is a choice. said: it is what the scenario says, put together, and no result."""

    of: Callable[[Case], Found]
    choices: tuple[str, ...] = ()
    said: bool = False
    may_be_none: bool = False


MEASURES: dict[str, Measure] = {
    "agents": Measure(lambda case: float(sum(use.workers for use in case.use)), said=True),
    "token_to_runtime_ratio": Measure(token_to_runtime_ratio, may_be_none=True),
    "exit_to_yearly_cost": Measure(lambda case: exit_to_yearly_cost(case.reference), may_be_none=True),
    "models": Measure(_models, ("claude_only", "mixed"), said=True, may_be_none=True),
    "models_in_mix": Measure(_models_in_mix, ("claude_only", "mixed"), said=True),
    "active_hours_per_month": Measure(lambda case: float(sum(use.active_hours for use in case.use))),
    "groups": Measure(lambda case: float(len(case.use))),
    **{name: Measure(functools.partial(_busiest, name), may_be_none=name == "reads_per_minute") for name in BOUNDED},
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


def _number_of(name: str, own: Mapping[str, Value]) -> Value | None:
    return own.get(name, own.get(_FOLLOWS.get(name, name)))


def _by_group(name: str, case: Case) -> Iterator[tuple[Found, Use]]:
    for use in case.use:
        number = _number_of(name, case.inputs.own(use.group))
        yield (_said(use.group, name) if number is None else float(number)), use


def _said(part: Any, path: str) -> Found:
    for name in path.split("."):
        part = getattr(part, name)
    if isinstance(part, Amount):
        return part.likely
    return float(part) if isinstance(part, int) and not isinstance(part, bool) else part
