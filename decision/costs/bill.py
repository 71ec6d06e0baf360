"""The bill of one option for one month: line items and their sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decision.catalog import Option, Value
from decision.costs.labour import upkeep
from decision.costs.line_items import Billing, Category, LineItem
from decision.costs.meters import METERS
from decision.costs.tokens import tokens
from decision.costs.use import Uses, uses
from decision.scenario import Inputs
from decision.words import shown_sum


@dataclass(frozen=True, slots=True)
class Bill:
    """What one option charges in one month, in USD."""

    option: Option
    items: tuple[LineItem, ...]
    uses: Uses

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


def bill(option_id: str, inputs: Inputs, month: Value = 12.0, use: Uses | None = None) -> Bill:
    """The bill of `option_id` in `month` (month 12 unless told).

    use: pass uses(inputs, month) to share it between options; it tells the month then.
    Raises PriceMissing when a price is not in force on the scenario's date; BadInput when nothing on offer is large enough.
    """
    option = inputs.catalog.option(option_id)
    billing = Billing(option, inputs, use or uses(inputs, month), inputs.prices())
    items = tokens(billing) if option.tokens else []
    for meter in option.meters:
        items += METERS[type(meter)](meter, billing)
    items += _bought(billing)
    items += upkeep(billing)
    return Bill(option, tuple(items), billing.uses)


def _bought(billing: Billing) -> list[LineItem]:
    """Hosted components that the team buys instead of building them."""
    override = billing.inputs.scenario.overrides.options.get(billing.option.id)
    components = billing.inputs.catalog.components
    return [
        LineItem(f"Bought: {components[name].name}", Category.SERVICES, None, 1.0, billing.prices[components[name].price], "1 a month")
        for name in (override.buys if override else ())
    ]


def common_cost(bills: list[Bill]) -> Value:
    """What every option pays for tokens: the smallest token bill among them."""
    costs = [b.of(Category.TOKENS) for b in bills]
    return np.minimum.reduce(np.broadcast_arrays(*costs)) if any(np.ndim(c) for c in costs) else min(costs, default=0.0)
