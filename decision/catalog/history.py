"""Prices through time: what changed between two days, and what nobody has read for a while."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from decision.catalog import Catalog, PriceInForce
from decision.errors import PriceMissing


@dataclass(frozen=True, slots=True)
class Stale:
    """A price in force that was last read `age_days` before the day asked about."""

    price: PriceInForce
    last_read: dt.date
    age_days: int


@dataclass(frozen=True, slots=True)
class Change:
    """A price that differs between two days; None on a day that has none."""

    price_id: str
    before: PriceInForce | None
    after: PriceInForce | None


def in_force(catalog: Catalog, price_id: str, day: dt.date) -> PriceInForce | None:
    """The list price on that day in USD; None when it has none (not yet, withdrawn, or never published)."""
    try:
        return catalog.listed(price_id, day)
    except PriceMissing:
        return None


def last_read(catalog: Catalog, price_id: str, day: dt.date) -> dt.date | None:
    """The latest day, up to `day`, on which the row in force was read in any of its sources; None where no price is in force."""
    if in_force(catalog, price_id, day) is None:
        return None
    row = [row for row in catalog.prices[price_id].rows if row.effective_from <= day][-1]
    read = [catalog.sources[price_id][name].retrieved for name in (row.source, *row.also)]
    return max((date for date in read if date <= day), default=min(read))


def stale_prices(catalog: Catalog, day: dt.date, max_age_days: int) -> tuple[Stale, ...]:
    """Prices in force on `day` that were last read more than `max_age_days` before it, the oldest first."""
    found = []
    for price_id in catalog.prices:
        read = last_read(catalog, price_id, day)
        if read is not None and (day - read).days > max_age_days:
            found.append(Stale(catalog.listed(price_id, day), read, (day - read).days))
    return tuple(sorted(found, key=lambda stale: (-stale.age_days, stale.price.id)))


def price_changes(catalog: Catalog, start: dt.date, end: dt.date) -> tuple[Change, ...]:
    """Prices that differ between two days, those that appear or go included, in the catalog's order."""
    return tuple(_changes(catalog, start, end))


def _changes(catalog: Catalog, start: dt.date, end: dt.date) -> Iterator[Change]:
    for price_id in catalog.prices:
        before, after = in_force(catalog, price_id, start), in_force(catalog, price_id, end)
        if (before is None) != (after is None) or (before and after and before.amount != after.amount):
            yield Change(price_id, before, after)
