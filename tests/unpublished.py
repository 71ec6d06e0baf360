"""Prices that an option cannot be billed without and that nobody published by a day: tests of every option give them."""

from __future__ import annotations

import datetime as dt

from decision.catalog import Catalog
from decision.errors import PriceMissing

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
