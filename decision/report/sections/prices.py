"""Prices: those of a day, one through time, those nobody has read for a while, and what changed between two days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from decision.catalog import Catalog, PriceInForce, PriceRow
from decision.catalog.history import Change, Stale
from decision.report.document import Block, Cell, Figure, Gap, Heading, Sources, sentence, table
from decision.report.sections.evidence import THIRD_PARTY, is_third_party, publisher
from decision.words import change_percent, counted, unit_price


def prices(catalog: Catalog, day: dt.date, listed: Mapping[str, PriceInForce | None]) -> Iterator[Block]:
    """The prices in force on a day."""
    missing = sum(price is None for price in listed.values())
    unpriced = f" {missing} of them have no price on that day; `prices show ID` says why." if missing else ""
    yield Heading(f"{len(listed)} prices", f"in force on {day}, USD, catalog {catalog.version}")
    rows = (_in_force(catalog, price_id, price) for price_id, price in listed.items())
    yield table(("id", "price", "unit", "since", "src"), rows, numbers=(1,), depth=0)
    yield Gap()
    yield sentence(f"{THIRD_PARTY} price as a third party tells it. EUR plans are converted with the rate of the day.{unpriced}", depth=0)
    yield Gap()
    yield Sources()


def _in_force(catalog: Catalog, price_id: str, price: PriceInForce | None) -> tuple[Cell, ...]:
    if price is None:
        return price_id, "none ", catalog.prices[price_id].pricing_unit, "", ""
    amount = (Figure(price.amount, "unit_price"), THIRD_PARTY if is_third_party(price) else " ")
    return price_id, amount, price.pricing_unit, str(price.effective_from), publisher(price.source, read=True)


def price_history(catalog: Catalog, price_id: str) -> Iterator[Block]:
    """Every row of one price."""
    series = catalog.prices[price_id]
    yield Heading(price_id, f"{series.currency} per {series.pricing_unit}, {catalog.vendors[price_id]}")
    yield sentence(series.description)
    for row in series.rows:
        yield Gap()
        yield from _row(catalog, price_id, row)


def _row(catalog: Catalog, price_id: str, row: PriceRow) -> Iterator[Block]:
    amount = "no price" if row.price is None else unit_price(row.price, "")
    yield sentence(f"{'from' if row.dated_by == 'announcement' else 'seen from'} {row.effective_from}: {amount}")
    for role, name in (("source", row.source), *(("also", name) for name in row.also)):
        source = catalog.sources[price_id][name]
        where = f", {source.url}" if source.url else ", no public address"
        yield sentence(f"{source.title} ({source.kind}), read {source.retrieved}{where}", lead=f"{role}: ", depth=2)
        if source.note:
            yield sentence(source.note, depth=6)
    if row.note:
        yield sentence(row.note, lead="note: ", depth=2)


def stale_prices(day: dt.date, max_age_days: int, found: Sequence[Stale], announced: Sequence[Stale]) -> Iterator[Block]:
    """Prices in force whose last reading is older than so many days, and those that were announced and not read since they took effect."""
    if not found:
        yield sentence(f"Every price in force on {day} was read within {max_age_days} days.", depth=0)
    else:
        yield Heading(f"{len(found)} prices not read for over {max_age_days} days", f"on {day}, USD")
        rows = (
            (stale.price.id, Figure(stale.price.amount, "unit_price"), str(stale.last_read), str(stale.age_days), publisher(stale.price.source))
            for stale in found
        )
        yield table(("id", "price", "last read", "days", "src"), rows, numbers=(1, 3))
        yield Gap()
    if announced:
        yield Heading(f"{counted(len(announced), 'price')} announced, and not read since", f"on {day}, USD: in force if the announcement was kept")
        shown = (
            (
                each.price.id,
                Figure(each.price.amount, "unit_price"),
                str(each.price.effective_from),
                str(each.last_read),
                publisher(each.price.source),
            )
            for each in announced
        )
        yield table(("id", "price", "in force since", "last read", "src"), shown, numbers=(1,))
        yield Gap()
    if found or announced:
        yield Sources()


def price_changes(start: dt.date, end: dt.date, changes: Sequence[Change]) -> Iterator[Block]:
    """Prices that differ between two days."""
    if not changes:
        yield sentence(f"No price changed between {start} and {end}.", depth=0)
        return
    yield Heading(f"{len(changes)} prices changed", f"from {start} to {end}, USD")
    yield table(("id", "before", "after", "change", "since", "src"), map(_change, changes), numbers=(1, 2, 3), depth=0)
    yield Gap()
    yield sentence("new: on sale since then; seen: first read then; gone: no longer on sale.", depth=0)
    yield Gap()
    yield Sources()


def _change(change: Change) -> tuple[Cell, ...]:
    before, after = (Figure(each.amount, "unit_price") if each else "none" for each in (change.before, change.after))
    return change.price_id, before, after, _moved(change), str(change.since), publisher(change.source)


def _moved(change: Change) -> str:
    if change.after is None:
        return "gone"
    if change.before is None:
        return "new" if change.after.dated_by == "announcement" else "seen"
    return change_percent(change.before.amount, change.after.amount)


def sound_data(counts: Mapping[str, Any]) -> Iterator[Block]:
    """What `check-data` read. counts: how many of each kind, and the catalog's version."""
    said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if name != "catalog_version")
    yield sentence(f"data/ is sound: {said}. Catalog {counts['catalog_version']}.", depth=0)
