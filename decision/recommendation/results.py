"""Every option with its costs, or with the sentence that says why there is no price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from decision.catalog import Option
from decision.costs.bill import common_cost
from decision.costs.costs import Costed, Costs
from decision.errors import BadInput, PriceMissing
from decision.framework import Verdict
from decision.recommendation.eligible import still_open


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


def require_one(costs: Costs) -> None:
    """Raises PriceMissing when none of the options considered has a price."""
    problems = [found for option_id in costs.inputs.options if isinstance(found := costs[option_id], BadInput)]
    if len(problems) == len(costs.inputs.options):
        raise next((problem for problem in problems if isinstance(problem, PriceMissing)), problems[0])


def options_left(costs: Costs, found: Verdict) -> tuple[str, ...]:
    """Options considered and still open, the lowest total cost of ownership first."""
    left = still_open(costs, costs.inputs.options, found.gates).costs
    return tuple(sorted(left, key=lambda option_id: float(left[option_id].owned.total)))


def option_results(
    option_ids: Iterable[str], costs: Costs, found: Verdict, left: Sequence[str], odds: Mapping[str, float] = {}
) -> tuple[OptionResult, ...]:
    """These options. The common cost is that of the options left, or of all considered when none is."""
    inputs = costs.inputs
    common = float(common_cost([costed.bill for costed in costs.priced(left or inputs.options).costs.values()]))
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
