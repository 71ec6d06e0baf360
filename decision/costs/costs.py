"""What the options cost in one scenario, or why they cannot be priced: worked out once, for everybody who asks.

    costs = Costs(inputs)
    costs["vps"]                       # its bill and its cost of ownership, or the reason why not
    costs.priced(inputs.options)       # those that can be priced, and the reasons of the others

Inputs may be arrays; the costs then keep their axis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from decision.costs.bill import Bill, Month
from decision.costs.ownership import CostOfOwnership, month_weights, months_of, owned
from decision.costs.use import grows
from decision.errors import BadInput
from decision.scenario import Inputs

Cost = TypeVar("Cost")


@dataclass(frozen=True, slots=True)
class Costed:
    """An option with what it costs: the bill of month 12 and the total cost of ownership."""

    bill: Bill
    owned: CostOfOwnership


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
        return owned(option_id, self.inputs, self._months.bill(option_id).total, self._weights)

    def __getitem__(self, option_id: str) -> Costed | BadInput:
        """The bill of month 12 and the total cost of ownership, or the reason why the option cannot be priced."""
        if option_id not in self._known:
            self._known[option_id] = self._worked_out(option_id)
        return self._known[option_id]

    def _worked_out(self, option_id: str) -> Costed | BadInput:
        try:
            last = self.month.bill(option_id)
            monthly = last.total if self._months is self.month else self._months.bill(option_id).total
            return Costed(last, owned(option_id, self.inputs, monthly, self._weights))
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


def ownership(option_id: str, inputs: Inputs) -> CostOfOwnership:
    """Total cost of ownership of one option alone. Raises what Month.bill raises."""
    return Costs(inputs).ownership(option_id)


def all_costs(inputs: Inputs, option_ids: Iterable[str]) -> dict[str, CostOfOwnership]:
    """Total cost of ownership of several options. Raises what Month.bill raises."""
    costs = Costs(inputs)
    return {option_id: costs.ownership(option_id) for option_id in option_ids}
