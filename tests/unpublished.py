"""Prices that an option cannot be billed without and that nobody published by a day: tests of every option give them."""

from __future__ import annotations

import datetime as dt

from decision.catalog import Catalog
from decision.costs.costs import Costs
from decision.errors import BadInput, PriceMissing
from decision.scenario import inputs_of, scenario_from

ANY_PRICE = 0.05  # USD; whatever it is, what is told of the bill must hold


def unpublished(catalog: Catalog, day: dt.date) -> dict[str, float]:
    """Overrides for the prices that meters and sellers name and that have none that day, licences apart (options.<id>.licence_per_month)."""
    named = {price_id for option in catalog.options.values() for meter in option.meters for price_id in meter.price_ids().values()}
    named |= {seller.web_search for seller in catalog.sellers.values()}
    return {price_id: ANY_PRICE for price_id in sorted(named) if not price_id.endswith(".licence") and not _priced(catalog, price_id, day)}


def _priced(catalog: Catalog, price_id: str, day: dt.date) -> bool:
    try:
        catalog.listed(price_id, day)
    except PriceMissing:
        return False
    return True


def without_a_price(catalog: Catalog, day: dt.date) -> frozenset[str]:
    """Options that cannot be billed that day: nobody published a price by then."""
    costs = Costs(inputs_of(scenario_from({"fleet": [{"agents": 1}], "consider": ["all"]}), catalog, day))
    return frozenset(option_id for option_id in catalog.options if isinstance(costs[option_id], BadInput))
