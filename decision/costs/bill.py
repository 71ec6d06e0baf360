"""The bill of one option for one month: line items and their sums."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from decision.catalog import COMPONENTS, Option, Seller, Value
from decision.catalog.options import Meter, PerUse, Plans
from decision.costs.labour import Crew, mode, upkeep
from decision.costs.line_items import Billing, Category, LineItem
from decision.costs.meters import METERS, web_searches
from decision.costs.plans import plans
from decision.costs.residence import machines_at_once
from decision.costs.tokens import Sale, token_terms, tokens
from decision.costs.use import Use, uses
from decision.errors import PriceMissing
from decision.scenario import Inputs
from decision.words import shown_sum


@dataclass(frozen=True, slots=True)
class Bill:
    """What one option charges in one month, in USD."""

    option: Option
    items: tuple[LineItem, ...]
    uses: tuple[Use, ...]
    crew: Crew
    plan: str | None = None
    """Of the vendor's plans the one that is billed; of arrays, those that are somewhere."""

    @property
    def total(self) -> Value:
        """Sum of all line items."""
        return sum((item.cost for item in self.items), 0.0)

    @property
    def shown_total(self) -> float:
        """The total as it is shown everywhere: USD, the sum of the lines as they are shown."""
        return shown_sum(item.cost for item in self.items)

    def of(self, *categories: Category) -> Value:
        """Sum of the line items in these categories."""
        return sum((item.cost for item in self.items if item.category in categories), 0.0)

    @property
    def hosts(self) -> Value:
        """Servers of the team's own that month."""
        return hosts(self.items)

    @property
    def upkeep_hours(self) -> Value:
        """Hours that people spend on it that month."""
        return sum((item.quantity for item in self.items if item.category is Category.UPKEEP), 0.0)

    @property
    def sessions(self) -> Value:
        """Sessions of the whole fleet in the month."""
        return sum(use.sessions for use in self.uses)

    @property
    def active_hours(self) -> Value:
        """Active hours of the whole fleet in the month."""
        return sum(use.active_hours for use in self.uses)


class Month:
    """One month, and what the options share in it: the use of every group, the price list, the lines of those that sell tokens alike.

    month: 1 is the first; or an array of shape (months, 1), which adds a leading axis.
    """

    def __init__(self, inputs: Inputs, month: Value = 12.0) -> None:
        self.inputs, self.uses, self.prices = inputs, uses(inputs, month), inputs.prices()
        self.crew = Crew.of(inputs, self.uses)
        self._tokens: dict[Hashable, list[LineItem]] = {}

    def bill(self, option_id: str) -> Bill:
        """The bill of `option_id`.

        Raises PriceMissing when a price is not in force on the scenario's date; BadInput when nothing on offer is large enough.
        """
        billing = self._billing(option_id)
        option = billing.option
        seller = self.inputs.catalog.seller_of(option)
        items = self._sold(seller) if seller else []
        machines = list(_metered((meter for meter in option.meters if not isinstance(meter, PerUse | Plans)), billing))
        counted = list(_metered((meter for meter in option.meters if isinstance(meter, PerUse)), billing))
        meter = option.planned
        plan, planned = plans(meter, billing, (*machines, *counted)) if meter else (None, [])
        items += (*machines, *(web_searches(seller, billing) if seller else ()), *counted, *planned)
        items += _bought(billing)
        items += _others(billing)
        items += upkeep(billing, self.crew, hosts(items))
        return Bill(option, tuple(items), self.uses, self.crew, plan)

    def machines_at_once(self, option_id: str) -> tuple[Value, ...]:
        """Machines of each group that are there at the busiest time, idle but billed ones included; see decision.costs.residence."""
        return machines_at_once(self._billing(option_id))

    def _billing(self, option_id: str) -> Billing:
        option = self.inputs.catalog.option(option_id)
        return Billing(option, self.inputs, self.uses, self.prices, self.inputs.scenario.overrides.of(option_id))

    def _sold(self, seller: Seller) -> list[LineItem]:
        """The token lines of a seller, a list of its own each time."""
        terms = token_terms(seller)
        if terms not in self._tokens:
            self._tokens[terms] = tokens(Sale(seller, self.inputs, self.uses, self.prices))
        return list(self._tokens[terms])


def bill(option_id: str, inputs: Inputs, month: Value = 12.0) -> Bill:
    """The bill of one option alone, in `month` (month 12 unless told). Raises what Month.bill raises."""
    return Month(inputs, month).bill(option_id)


def hosts(items: Iterable[LineItem]) -> Value:
    """Servers among these lines; none where no plan is large enough, since those lines cost infinitely much already."""
    count = sum((item.quantity for item in items if item.category is Category.SERVERS and item.price.pricing_unit == "Months"), 0.0)
    return np.where(np.isfinite(count), count, 0.0) if np.ndim(count) else count


def _metered(meters: Iterable[Meter], billing: Billing) -> Iterator[LineItem]:
    for meter in meters:
        yield from METERS[type(meter)](meter, billing)


def _bought(billing: Billing) -> list[LineItem]:
    """Hosted components that the team buys instead of building them: those it names, and for others the cheapest of that day."""
    inputs, prices = billing.inputs, billing.prices
    offers = inputs.catalog.components
    named = {offers[name].component: name for name in billing.said.buys}
    items = []
    for component in COMPONENTS:
        if mode(inputs, billing.option, component) == "buys":
            name = named.get(component) or _cheapest(component, billing)
            working = "1 a month" if component in named else "1 a month, the cheapest on file"
            label = f"Bought: {offers[name].name}"
            items.append(LineItem(label, Category.SERVICES, None, 1.0, prices[offers[name].price], working, assumed=component not in named))
    return items


def _others(billing: Billing) -> Iterator[LineItem]:
    """What the team says that the option costs besides."""
    for charge in billing.said.other_per_month:
        yield LineItem(charge.label, Category.SERVICES, None, 1.0, billing.own_price(f"other_per_month.{charge.slug}"), "1 a month")


def _cheapest(component: str, billing: Billing) -> str:
    """The hosted component with the lowest price that day. Raises PriceMissing where none has one."""
    offers = {name: offer for name, offer in billing.inputs.catalog.components.items() if offer.component == component}
    on_sale = {name: float(np.mean(billing.prices[offer.price].amount)) for name, offer in offers.items() if billing.prices.priced(offer.price)}
    if not on_sale:
        raise PriceMissing(
            f"team.components.{component}: bought, and no price of a hosted one is on file on {billing.inputs.as_of}. "
            "Write runs or builds instead, or add what is offered to data/components.yaml."
        )
    return min(on_sale, key=lambda name: on_sale[name])


def common_cost(bills: Sequence[Bill]) -> Value:
    """What every option pays for tokens: the smallest token bill among them."""
    costs = [b.of(Category.TOKENS) for b in bills]
    return np.minimum.reduce(np.broadcast_arrays(*costs)) if any(np.ndim(c) for c in costs) else min(costs, default=0.0)
