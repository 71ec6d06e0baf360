"""The cheapest of a vendor's plans: its fees, and what it includes of what was charged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decision.catalog import Value
from decision.catalog.options import Plans, VendorPlan
from decision.costs.line_items import Billing, Category, LineItem
from decision.costs.residence import idle, machines_at_once
from decision.costs.use import ROUNDING, some

Fits = np.bool_ | npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Charge:
    """All lines of one price, over all groups."""

    line: LineItem
    quantity: Value

    def __add__(self, line: LineItem) -> _Charge:
        return _Charge(self.line, self.quantity + line.quantity)


@dataclass(frozen=True, slots=True)
class _Offer:
    """What one plan would cost and take off; fits: where it allows what is used."""

    plan: VendorPlan
    included: Mapping[str, Value]
    total: Value
    fits: Fits


def plans(meter: Plans, billing: Billing, lines: Sequence[LineItem]) -> tuple[str, list[LineItem]]:
    """The cheapest plan that allows what is used, its fees, and for each price what the plan includes, as a negative quantity.

    lines: what the option itself has charged so far. A plan that is not on sale that day is no candidate; where none allows what is used, the
    one that allows most is billed. Of arrays each element has its own plan. Raises PriceMissing where no plan is on sale.
    """
    charges = _by_price(lines)
    offers = [_offer(plan, billing, charges) for plan in _candidates(meter, billing)]
    chosen = _cheapest(offers)
    used = [(n, offer) for n, offer in enumerate(offers) if some(chosen[n])]
    items = []
    for fee, name in _fees([offer.plan for _, offer in used], meter).items():
        paid: Value = sum((chosen[n] for n, offer in enumerate(offers) if fee in offer.plan.fees), 0.0)
        if some(paid):
            items.append(LineItem(f"Plan: {name}", Category.SERVICES, None, paid, billing.prices[fee], "1 a month"))
    for price_id, charge in charges.items():
        taken: Value = sum((chosen[n] * offer.included.get(price_id, 0.0) for n, offer in enumerate(offers)), 0.0)
        if some(taken):
            names = " or ".join(offer.plan.name for _, offer in used if price_id in offer.included)
            label, working = f"Included in {names}: {charge.line.label}", "{used} used, {taken} of them included"
            terms = {"used": charge.quantity, "taken": taken}
            items.append(LineItem(label, charge.line.category, None, -taken, charge.line.price, working, terms))
    return " or ".join(offer.plan.name for _, offer in used), items


def _by_price(lines: Sequence[LineItem]) -> dict[str, _Charge]:
    charges: dict[str, _Charge] = {}
    for line in lines:
        price_id = line.price.id
        charges[price_id] = charges[price_id] + line if price_id in charges else _Charge(line, line.quantity)
    return charges


def _candidates(meter: Plans, billing: Billing) -> list[VendorPlan]:
    if wanted := billing.said.plan:
        return [plan for plan in meter.plans if plan.name == wanted]
    on_sale = [plan for plan in meter.plans if all(billing.prices.priced(fee) for fee in plan.fees)]
    return on_sale or list(meter.plans)  # whose missing price is then named


def _offer(plan: VendorPlan, billing: Billing, charges: Mapping[str, _Charge]) -> _Offer:
    fees: Value = sum((billing.prices[fee].amount for fee in plan.fees), 0.0)
    free = {price_id: np.minimum(charges[price_id].quantity, most) for price_id, most in plan.includes.items() if price_id in charges}
    rest = {price_id: charge.quantity - free.get(price_id, 0.0) for price_id, charge in charges.items()}
    left: Value = sum((quantity * charges[price_id].line.price.amount for price_id, quantity in rest.items()), 0.0)
    share: Value = np.minimum(1.0, billing.prices[plan.included_use].amount / np.maximum(left, 1e-12)) if plan.included_use else 0.0
    included = {price_id: free.get(price_id, 0.0) + quantity * share for price_id, quantity in rest.items() if price_id in free or plan.included_use}
    fits = _allowed(plan, billing)
    if not plan.overage:
        for price_id, most in plan.includes.items():
            if price_id in charges:
                fits = fits & np.less_equal(charges[price_id].quantity, most * (1 + ROUNDING))
    taken: Value = sum((quantity * charges[price_id].line.price.amount for price_id, quantity in included.items()), 0.0)
    return _Offer(plan, included, fees - taken, fits)


def _allowed(plan: VendorPlan, billing: Billing) -> Fits:
    """Where what is used at the busiest moment is within what the plan allows."""
    uses, machines = billing.uses, machines_at_once(billing)
    at_once: tuple[tuple[float | None, Value], ...] = (
        (plan.concurrent_sessions, sum(machines)),
        (plan.vcpu_at_once, sum(count * use.vcpu for count, use in zip(machines, uses, strict=True))),
        (plan.memory_gb_at_once, sum(count * use.memory_gb for count, use in zip(machines, uses, strict=True))),
        *((plan.session_hours, use.active_hours_per_session) for use in uses),
    )
    option = billing.option
    fits: Fits = np.bool_(plan.pauses or not option.idle or idle(option, billing) != "pause")
    for most, used in at_once:
        if most is not None:
            fits = fits & np.less_equal(used, most * (1 + ROUNDING))
    return fits


def _cheapest(offers: Sequence[_Offer]) -> list[Value]:
    """For each offer 1 where it is chosen, else 0."""
    costs = np.stack(np.broadcast_arrays(*(np.where(offer.fits, offer.total, np.inf) for offer in offers)))
    best = np.where(np.isfinite(costs).any(axis=0), np.argmin(costs, axis=0), len(offers) - 1)
    return [np.where(best == n, 1.0, 0.0) if best.ndim else float(best == n) for n in range(len(offers))]


def _fees(used: Sequence[VendorPlan], meter: Plans) -> dict[str, str]:
    """Fee -> the plan that it is paid for: the first one whose last fee it is, those in use first."""
    found: dict[str, str] = {}
    for plan in (*used, *meter.plans):
        if plan.fees:
            found.setdefault(plan.fees[-1], plan.name)
    return found
