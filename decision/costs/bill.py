"""The bill of one option for one month: line items and their sums."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from decision.catalog import Option, Seller, Value
from decision.catalog.options import Meter, PerUse
from decision.costs.labour import upkeep
from decision.costs.line_items import Billing, Category, LineItem
from decision.costs.meters import METERS, web_searches
from decision.costs.tokens import Sale, token_terms, tokens
from decision.costs.use import Use, uses
from decision.scenario import Inputs
from decision.words import shown_sum


@dataclass(frozen=True, slots=True)
class Bill:
    """What one option charges in one month, in USD."""

    option: Option
    items: tuple[LineItem, ...]
    uses: tuple[Use, ...]

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
        self._tokens: dict[Hashable, list[LineItem]] = {}

    def bill(self, option_id: str) -> Bill:
        """The bill of `option_id`.

        Raises PriceMissing when a price is not in force on the scenario's date; BadInput when nothing on offer is large enough.
        """
        option = self.inputs.catalog.option(option_id)
        billing = Billing(option, self.inputs, self.uses, self.prices, self.inputs.scenario.overrides.of(option_id))
        seller = self.inputs.catalog.seller_of(option)
        items = self._sold(seller) if seller else []
        items += _metered((meter for meter in option.meters if not isinstance(meter, PerUse)), billing)
        items += web_searches(seller, billing) if seller else []
        items += _metered((meter for meter in option.meters if isinstance(meter, PerUse)), billing)
        items += _bought(billing)
        items += upkeep(billing)
        return Bill(option, tuple(items), self.uses)

    def _sold(self, seller: Seller) -> list[LineItem]:
        """The token lines of a seller, a list of its own each time."""
        terms = token_terms(seller)
        if terms not in self._tokens:
            self._tokens[terms] = tokens(Sale(seller, self.inputs, self.uses, self.prices))
        return list(self._tokens[terms])


def bill(option_id: str, inputs: Inputs, month: Value = 12.0) -> Bill:
    """The bill of one option alone, in `month` (month 12 unless told). Raises what Month.bill raises."""
    return Month(inputs, month).bill(option_id)


def _metered(meters: Iterable[Meter], billing: Billing) -> Iterator[LineItem]:
    for meter in meters:
        yield from METERS[type(meter)](meter, billing)


def _bought(billing: Billing) -> list[LineItem]:
    """Hosted components that the team buys instead of building them."""
    components = billing.inputs.catalog.components
    return [
        LineItem(f"Bought: {components[name].name}", Category.SERVICES, None, 1.0, billing.prices[components[name].price], "1 a month")
        for name in billing.said.buys
    ]


def common_cost(bills: Sequence[Bill]) -> Value:
    """What every option pays for tokens: the smallest token bill among them."""
    costs = [b.of(Category.TOKENS) for b in bills]
    return np.minimum.reduce(np.broadcast_arrays(*costs)) if any(np.ndim(c) for c in costs) else min(costs, default=0.0)
