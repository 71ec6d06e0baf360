"""Every option with its costs, or with the sentence that says why there is no price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from decision.catalog import Option
from decision.costs.bill import bill, common_cost
from decision.costs.ownership import month_weights, months_of, ownership
from decision.costs.use import grows, uses
from decision.errors import BadInput, PriceMissing
from decision.framework import Costed, Verdict
from decision.scenario import Inputs


@dataclass(frozen=True, slots=True)
class OptionResult:
    """One option of the catalog: what it costs, or the sentence that says why there is no price.

    ruled_out_by: ids of the gates. differential: USD of month 12 beyond the tokens that every option left pays.
    odds: share of the draws in which it costs least, among the options left; None where it is not one of them.
    """

    option: Option
    considered: bool
    ruled_out_by: tuple[str, ...]
    costed: Costed | None
    unpriced: str | None
    differential: float | None
    odds: float | None

    @property
    def id(self) -> str:
        """The option's id."""
        return self.option.id

    @property
    def name(self) -> str:
        """The option's name."""
        return self.option.name

    @property
    def total(self) -> float | None:
        """Total cost of ownership, USD over the horizon."""
        return None if self.costed is None else float(self.costed.owned.total)

    @property
    def monthly(self) -> float | None:
        """The bill of month 12, USD."""
        return None if self.costed is None else float(self.costed.bill.total)

    @property
    def per_session(self) -> float | None:
        """USD per session in month 12; None without sessions."""
        return None if self.costed is None else _per(self.costed, float(self.costed.bill.sessions))

    @property
    def per_active_hour(self) -> float | None:
        """USD per active hour in month 12; None without active hours."""
        return None if self.costed is None else _per(self.costed, float(self.costed.bill.active_hours))


class Costs:
    """What each option of the catalog costs, or why it has no price; worked out when first asked for."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self._use, self._weights = uses(inputs), month_weights(inputs)
        self._over_time = uses(inputs, months_of(inputs)) if grows(inputs) else self._use
        self._known: dict[str, Costed | BadInput] = {}

    def __getitem__(self, option_id: str) -> Costed | BadInput:
        if option_id not in self._known:
            self._known[option_id] = self._worked_out(option_id)
        return self._known[option_id]

    def _worked_out(self, option_id: str) -> Costed | BadInput:
        try:
            last = bill(option_id, self.inputs, use=self._use)
            every = last if self._over_time is self._use else bill(option_id, self.inputs, use=self._over_time)
            return Costed(last, ownership(option_id, self.inputs, every, self._weights))
        except BadInput as problem:
            return problem


def costs_of(inputs: Inputs) -> Costs:
    """What each option costs. Raises PriceMissing when none of those considered has a price."""
    costs = Costs(inputs)
    problems = [found for option_id in inputs.options if isinstance(found := costs[option_id], BadInput)]
    if len(problems) == len(inputs.options):
        raise next((problem for problem in problems if isinstance(problem, PriceMissing)), problems[0])
    return costs


def options_left(costs: Costs, found: Verdict) -> tuple[str, ...]:
    """Options considered, priced and not removed by a gate, the lowest total cost of ownership first."""
    totals = {i: float(cost.owned.total) for i in costs.inputs.options if isinstance(cost := costs[i], Costed) and not found.ruled_out_by(i)}
    return tuple(sorted(totals, key=lambda option_id: totals[option_id]))


def option_results(
    option_ids: Iterable[str], costs: Costs, found: Verdict, left: Sequence[str], odds: Mapping[str, float] = {}
) -> tuple[OptionResult, ...]:
    """These options. The common cost is that of the options left, or of all considered when none is."""
    inputs = costs.inputs
    common = float(common_cost([cost.bill for i in left or inputs.options if isinstance(cost := costs[i], Costed)]))
    results = []
    for option_id in option_ids:
        cost = costs[option_id]
        costed = cost if isinstance(cost, Costed) else None
        results.append(
            OptionResult(
                option=inputs.catalog.options[option_id],
                considered=option_id in inputs.options,
                ruled_out_by=tuple(hit.id for hit in found.ruled_out_by(option_id)),
                costed=costed,
                unpriced=str(cost) if isinstance(cost, BadInput) else None,
                differential=float(costed.bill.total) - common if costed else None,
                odds=odds.get(option_id),
            )
        )
    return tuple(results)


def _per(costed: Costed, count: float) -> float | None:
    return float(costed.bill.total) / count if count else None
