"""Prices through time: what changed between two days, and what nobody has read for a while."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from decision.catalog import Catalog, PriceInForce, Source
from decision.catalog.prices import row_in_force
from decision.errors import PriceMissing


@dataclass(frozen=True, slots=True)
class Stale:
    """A price in force that was last read `age_days` before the day asked about."""

    price: PriceInForce
    last_read: dt.date
    age_days: int


@dataclass(frozen=True, slots=True)
class Change:
    """A price that differs between two days; None on a day that has none.

    since, source: of the row that holds on the later day, which may end the price.
    """

    price_id: str
    before: PriceInForce | None
    after: PriceInForce | None
    since: dt.date
    source: Source


def in_force(catalog: Catalog, price_id: str, day: dt.date) -> PriceInForce | None:
    """The list price on that day in USD; None when it has none (not yet, withdrawn, or never published)."""
    try:
        return catalog.listed(price_id, day)
    except PriceMissing:
        return None


def last_read(catalog: Catalog, price_id: str, day: dt.date) -> dt.date | None:
    """The latest day, up to `day`, on which the row in force was read in one of its sources or in a feed; None where no price is in force.

    A feed counts from the day it was fetched, so that nobody's reading of today vouches for what an earlier day knew.
    """
    if in_force(catalog, price_id, day) is None:
        return None
    row = row_in_force(price_id, catalog.prices[price_id], day)
    read = [catalog.sources[price_id][name].retrieved for name in (row.source, *row.also)]
    again = [it.read_on for it in catalog.confirmed.get(price_id, ()) if it.fetched_on <= day and it.read_on >= row.effective_from]
    return max((date for date in (*read, *again) if date <= day), default=min(read))


def only_announced(catalog: Catalog, price_id: str, day: dt.date) -> bool:
    """Whether the row in force was announced before it took effect and nobody has read it since: announced rises are sometimes cancelled."""
    read = last_read(catalog, price_id, day)
    if read is None:
        return False
    row = row_in_force(price_id, catalog.prices[price_id], day)
    return row.dated_by == "announcement" and read < row.effective_from


def unconfirmed_prices(catalog: Catalog, day: dt.date) -> tuple[Stale, ...]:
    """Prices in force on `day` that were announced and not read since they took effect, those in force for longest first."""
    ids = [price_id for price_id in catalog.prices if only_announced(catalog, price_id, day)]
    found = [_aged(catalog, price_id, day) for price_id in ids]
    return tuple(sorted(found, key=lambda stale: (stale.price.effective_from, stale.price.id)))


def _aged(catalog: Catalog, price_id: str, day: dt.date) -> Stale:
    read = last_read(catalog, price_id, day)
    assert read is not None  # asked only of prices in force
    return Stale(catalog.listed(price_id, day), read, (day - read).days)


def stale_prices(catalog: Catalog, day: dt.date, max_age_days: int) -> tuple[Stale, ...]:
    """Prices in force on `day` that were last read more than `max_age_days` before it, the oldest first."""
    found = []
    for price_id in catalog.prices:
        read = last_read(catalog, price_id, day)
        if read is not None and (day - read).days > max_age_days:
            found.append(_aged(catalog, price_id, day))
    return tuple(sorted(found, key=lambda stale: (-stale.age_days, stale.price.id)))


def price_changes(catalog: Catalog, start: dt.date, end: dt.date) -> tuple[Change, ...]:
    """Prices that differ between two days, those that appear or go included, in the catalog's order."""
    return tuple(_changes(catalog, start, end))


def _changes(catalog: Catalog, start: dt.date, end: dt.date) -> Iterator[Change]:
    for price_id in catalog.prices:
        if change := changed(catalog, price_id, in_force(catalog, price_id, start), in_force(catalog, price_id, end), end):
            yield change


def changed(catalog: Catalog, price_id: str, before: PriceInForce | None, after: PriceInForce | None, day: dt.date) -> Change | None:
    """What became of a price by `day`; None where it is the same as before."""
    if (before is None) == (after is None) and not (before and after and before.amount != after.amount):
        return None
    if after is not None:
        return Change(price_id, before, after, after.effective_from, after.source)
    row = max((row for row in catalog.prices[price_id].rows if row.effective_from <= day), key=lambda row: row.effective_from)
    return Change(price_id, before, after, row.effective_from, catalog.source_of(price_id, row))
