"""Levers: what a team can do about its bill, what each saves on every option, and whether it changes the answer.

    found = levers(inputs, recommended="managed-agents")
    found.effects[0].savings["vps"].monthly      # USD in month 12
    found.combined, found.naive_sum              # together, and what adding them up would claim

A lever is a change of inputs and nothing else; the ordinary bill prices the result. A set of levers is applied in one fixed order, so the
order of choosing cannot matter.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from decision.analysis.comparison import Change, differences
from decision.analysis.exposure import Exposure, exposures
from decision.analysis.pulled import Dials, Lever, applied, dials
from decision.catalog import Value
from decision.costs.costs import Costed, Costs
from decision.errors import BadInput
from decision.scenario import Inputs


@dataclass(frozen=True)
class Saving:
    """What levers save on one option, in USD; negative when they cost more. None when the option has no price with them."""

    monthly: Value | None
    total: Value | None
    why: str = ""
    """Why nothing is saved, or why there is no price."""


@dataclass(frozen=True)
class Effect:
    """One lever, or several together."""

    levers: tuple[Lever, ...]
    savings: Mapping[str, Saving]
    cheapest: str
    """The cheapest option by total cost of ownership with the levers pulled (of arrays, by the mean)."""
    flips: bool
    changes: tuple[Change, ...]
    """The working: inputs before and after."""


@dataclass(frozen=True)
class Levers:
    """Every lever on its own, and the chosen ones together."""

    recommended: str
    cheapest: str
    """The cheapest option by total cost of ownership as things are."""
    effects: tuple[Effect, ...]
    combined: Effect
    naive_sum: Mapping[str, Value]
    """The monthly savings of the chosen levers merely added up, per option: what they do not save together."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Options without a price that day, with the reason."""


def levers(
    inputs: Inputs,
    option_ids: Sequence[str] | None = None,
    chosen: Collection[Lever] | None = None,
    recommended: str | None = None,
    at: Dials | None = None,
) -> Levers:
    """What each lever saves on each option, and what the `chosen` ones save together.

    option_ids: the options still in the race (the scenario's own unless told). recommended: the cheapest unless told.
    chosen: those that save something on the recommended option unless told.
    Raises BadInput when no option can be priced, or the recommended one cannot.
    """
    found = Costs(inputs).priced(inputs.options if option_ids is None else option_ids)
    study = _Study(inputs, at or dials(inputs.catalog.levers), found.costs)
    if not study.now:
        raise BadInput(f"none of the options can be priced on {inputs.as_of}, so no lever can be. {' '.join(found.left_out.values())}")
    cheapest = study.cheapest({})
    recommended = recommended or cheapest
    if recommended not in study.now:
        raise BadInput(f'"{recommended}" is not among the options that can be priced on {inputs.as_of}: {", ".join(study.now)}.')
    single = {lever: study.effect((lever,), {option: frozenset({lever}) for option in study.now}) for lever in Lever}
    if chosen is None:
        chosen = [lever for lever in Lever if np.mean(_number(single[lever].savings[recommended].monthly)) > 0]
    order = tuple(lever for lever in Lever if lever in chosen)
    usable = {o: frozenset(lever for lever in order if single[lever].savings[o].monthly is not None) for o in study.now}
    sums = {o: sum((_number(single[lever].savings[o].monthly) for lever in order), 0.0) for o in study.now}
    return Levers(recommended, cheapest, tuple(single.values()), study.effect(order, usable), sums, found.left_out)


def _number(value: Value | None) -> Value:
    """A saving that has no price adds nothing to a sum."""
    return 0.0 if value is None else value


@dataclass(frozen=True)
class _Study:
    """The costs of the options as things are, and with any levers."""

    inputs: Inputs
    at: Dials
    now: Mapping[str, Costed]
    made: dict[frozenset[Lever], Costs] = field(default_factory=dict)

    def cheapest(self, with_levers: Mapping[str, Costed]) -> str:
        totals = {option: float(np.mean(cost.owned.total)) for option, cost in {**self.now, **with_levers}.items()}
        return min(totals, key=lambda option: totals[option])

    def effect(self, order: tuple[Lever, ...], pulled: Mapping[str, frozenset[Lever]]) -> Effect:
        """pulled: per option, the levers that can be pulled there."""
        savings: dict[str, Saving] = {}
        costs: dict[str, Costed] = {}
        for option, now in self.now.items():
            reasons = {lever: _no_hold(lever, option, self.inputs) for lever in pulled[option]}
            acting = frozenset(lever for lever, reason in reasons.items() if not reason)
            if not acting:
                savings[option] = Saving(0.0, 0.0, next(iter(reasons.values()), "nothing chosen"))
                continue
            then = self._with(acting)[option]
            if isinstance(then, BadInput):
                savings[option] = Saving(None, None, str(then))
                continue
            costs[option] = then
            saved = now.bill.total - then.bill.total
            why = "" if np.any(saved) else "nothing in this scenario for it to change"
            savings[option] = Saving(saved, now.owned.total - then.owned.total, why)
        best = self.cheapest(costs)
        changes = differences(self.inputs, self._with(frozenset(order)).inputs, tuple(self.now))
        return Effect(order, savings, best, best != self.cheapest({}), changes)

    def _with(self, acting: frozenset[Lever]) -> Costs:
        if acting not in self.made:
            self.made[acting] = Costs(applied(self.inputs, acting, self.at))
        return self.made[acting]


def _no_hold(lever: Lever, option_id: str, inputs: Inputs) -> str:
    """Why a lever has nothing to act on in an option; '' where it has."""
    seller = inputs.catalog.seller_of(inputs.catalog.option(option_id))
    if lever in (Lever.MODEL_ROUTING, Lever.PROMPT_CACHING, Lever.BATCH) and seller is None:
        return "its model runs on machines by the hour, not by the token"
    if lever is Lever.BATCH and seller and not seller.batch:
        return "no batch discount is offered here"
    if lever is Lever.IDLE_TRIMMING and "idle" not in inputs.catalog.option(option_id).takes:
        return "no idle tail is billed that could be trimmed"
    return ""


__all__ = [
    "Dials", "Effect", "Exposure", "Lever", "Levers", "Saving", "applied", "dials", "exposures", "levers",
]  # fmt: skip
