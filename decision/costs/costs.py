"""What the options cost in one scenario, or why they cannot be priced: worked out once, for everybody who asks.

    costs = Costs(inputs)
    costs["vps"]                       # its bill and its cost of ownership, or the reason why not
    costs.priced(inputs.options)       # those that can be priced, and the reasons of the others

Inputs may be arrays; the costs then keep their axis.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from decision.catalog import Value
from decision.costs.bill import Bill, Month
from decision.costs.ownership import CostOfOwnership, Split, month_weights, months_of, owned, split
from decision.costs.use import grows
from decision.errors import BadInput
from decision.scenario import Inputs, paths
from decision.words import HOURS_PER_FTE, scalar

Cost = TypeVar("Cost")


@dataclass(frozen=True, slots=True)
class Costed:
    """An option with what it costs: the bill of month 12, the total cost of ownership, and its run by what is paid for."""

    bill: Bill
    owned: CostOfOwnership
    run: Split

    @property
    def people(self) -> Value:
        """USD over the horizon for the people who build it, keep it running and, as far as that is to be expected, leave it, and to move there."""
        return self.run.people + self.owned.build + self.owned.exit + self.owned.moving


@dataclass(frozen=True, slots=True)
class Priced(Generic[Cost]):
    """Options by id with what was asked of their costs, and why the others are left out."""

    costs: dict[str, Cost]
    left_out: dict[str, str]

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the priced options."""
        return tuple(self.costs)


def priced(option_ids: Iterable[str], cost: Callable[[str], Cost]) -> Priced[Cost]:
    """What `cost` says of each option. One for which it raises BadInput (no price that day, no machine large enough) is left out."""
    costs: dict[str, Cost] = {}
    left_out: dict[str, str] = {}
    for option_id in option_ids:
        try:
            costs[option_id] = cost(option_id)
        except BadInput as problem:
            left_out[option_id] = str(problem)
    return Priced(costs, left_out)


class Costs:
    """What each option costs. What the options share (the use of a month, the weights of the months, token lines) is worked out once.

    month: month 12, whose `bill` is an option's bill alone. That and `ownership` are worked out anew for each call, since those of thousands
    of draws would fill the memory; `[option_id]` is kept.
    """

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.month = Month(inputs)
        self._months = Month(inputs, months_of(inputs)) if grows(inputs) else self.month
        self._weights = month_weights(inputs)
        self._known: dict[str, Costed | BadInput] = {}

    def ownership(self, option_id: str) -> CostOfOwnership:
        """The total cost of ownership alone. Raises what Month.bill raises."""
        last = self.month.bill(option_id)
        return owned(self.inputs, last if self._months is self.month else self._months.bill(option_id), last, self._weights)

    def __getitem__(self, option_id: str) -> Costed | BadInput:
        """The bill of month 12 and the total cost of ownership, or the reason why the option cannot be priced."""
        if option_id not in self._known:
            self._known[option_id] = self._worked_out(option_id)
        return self._known[option_id]

    def _worked_out(self, option_id: str) -> Costed | BadInput:
        try:
            last = self.month.bill(option_id)
            bills = last if self._months is self.month else self._months.bill(option_id)
            return Costed(last, owned(self.inputs, bills, last, self._weights), split(self.inputs, bills, self._weights))
        except BadInput as problem:
            return problem

    def costed(self, option_id: str) -> Costed:
        """The same. Raises the reason why the option cannot be priced."""
        found = self[option_id]
        if isinstance(found, BadInput):
            raise found
        return found

    def priced(self, option_ids: Iterable[str]) -> Priced[Costed]:
        """Those of the options that can be priced, and the reasons of the others."""
        found = {option_id: self[option_id] for option_id in option_ids}
        return Priced(
            {option_id: cost for option_id, cost in found.items() if isinstance(cost, Costed)},
            {option_id: str(cost) for option_id, cost in found.items() if isinstance(cost, BadInput)},
        )


@functools.lru_cache(maxsize=8)
def _of(inputs: Inputs) -> Costs:
    return Costs(inputs)


def standing(inputs: Inputs, driver: str) -> float:
    """Where the scenario stands on a driver now: the number there, or what components add up to where the team gives no figure of its own.

    Raises what Month.bill raises.
    """
    return scalar(standing_at(inputs, driver))


def standing_at(inputs: Inputs, driver: str) -> Value:
    """The same where inputs are arrays."""
    path = inputs.driver_path(driver)
    if path not in inputs.added_up or path in inputs.values:
        return inputs.driver_value(driver)
    parts = paths.parsed(path)
    assert parts.option is not None  # what adds up is an option's
    cost = _of(inputs).costed(parts.option)
    found = {"upkeep_fte": cost.bill.upkeep_hours / HOURS_PER_FTE, "build_weeks": cost.owned.build_weeks, "exit_weeks": cost.owned.exit_weeks}
    return found[parts.name]


def ownership(option_id: str, inputs: Inputs) -> CostOfOwnership:
    """Total cost of ownership of one option alone. Raises what Month.bill raises."""
    return Costs(inputs).ownership(option_id)


def all_costs(inputs: Inputs, option_ids: Iterable[str]) -> dict[str, CostOfOwnership]:
    """Total cost of ownership of several options. Raises what Month.bill raises."""
    costs = Costs(inputs)
    return {option_id: costs.ownership(option_id) for option_id in option_ids}
