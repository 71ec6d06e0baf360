"""Every price as a table: what it is today, since when, when it was last read, who says so, and its history on opening a row.

`listings` reads the catalog for one day; `matching` filters it; `price_table` draws a page of it. Which kind of source a price has
is told in words and by the line around them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from decision.catalog import Catalog, PriceInForce, PriceRow, Source
from decision.catalog.history import last_read, only_announced
from decision.errors import PriceMissing
from decision.ui.views import html
from decision.words import SOURCE_KINDS, counted, day, unit_price

VENDOR, THIRD, DERIVED, NONE = "vendor", "third", "derived", "none"
EVIDENCE = {VENDOR: "Vendor's own", THIRD: "Third party", DERIVED: "Derived", NONE: "No price that day"}
ORDERS = {"vendor": "By vendor", "oldest": "Oldest reading first", "latest": "Latest change first"}

_EVIDENCE_OF = {"derived": DERIVED, "assumption": DERIVED, "third-party": THIRD, "third-party-dated": THIRD}
_NEVER = dt.date.max


@dataclass(frozen=True, slots=True)
class Listing:
    """A price on one day. missing: why it has none. read: when it was last read. ahead: days of rows that are still to come.

    announced: it took effect after it was last read.
    """

    id: str
    description: str
    vendor: str
    pricing_unit: str
    price: PriceInForce | None
    missing: str
    read: dt.date | None
    ahead: tuple[dt.date, ...]
    on: dt.date
    announced: bool = False

    @property
    def evidence(self) -> str:
        """One of EVIDENCE."""
        return NONE if self.price is None else _EVIDENCE_OF.get(self.price.source.kind, VENDOR)

    @property
    def age_days(self) -> int | None:
        """Days since it was last read; None without a price."""
        return None if self.read is None else max(0, (self.on - self.read).days)

    def is_stale(self, max_age_days: int) -> bool:
        """Whether nobody has read it for longer."""
        return self.age_days is not None and self.age_days > max_age_days


def listings(catalog: Catalog, on: dt.date) -> tuple[Listing, ...]:
    """Every price of the catalog on that day, in its order."""
    return tuple(_listing(catalog, price_id, on) for price_id in catalog.prices)


def _listing(catalog: Catalog, price_id: str, on: dt.date) -> Listing:
    series, missing = catalog.prices[price_id], ""
    price: PriceInForce | None = None
    try:
        price = catalog.listed(price_id, on)
    except PriceMissing as problem:
        missing = str(problem)
    ahead = tuple(row.effective_from for row in series.rows if row.effective_from > on)
    read = last_read(catalog, price_id, on)
    announced = only_announced(catalog, price_id, on)
    return Listing(price_id, series.description, catalog.vendors[price_id], series.pricing_unit, price, missing, read, ahead, on, announced)


def matching(
    all_listings: Iterable[Listing], words: str = "", vendor: str | None = None, evidence: Collection[str] = (), only: Collection[str] | None = None
) -> list[Listing]:
    """Prices that hold every one of these words, of this vendor, with one of these kinds of evidence, and among `only`."""
    wanted = words.casefold().split()
    return [
        listing
        for listing in all_listings
        if (vendor is None or listing.vendor == vendor)
        and (not evidence or listing.evidence in evidence)
        and (only is None or listing.id in only)
        and all(word in _searched(listing) for word in wanted)
    ]


def _searched(listing: Listing) -> str:
    return f"{listing.id} {listing.description} {listing.vendor} {listing.pricing_unit}".casefold()


def ordered(found: Iterable[Listing], order: str) -> list[Listing]:
    """In one of ORDERS; prices that were never read, or never in force, come last."""
    if order == "oldest":
        return sorted(found, key=lambda listing: listing.read or _NEVER)
    if order == "latest":
        return sorted(found, key=lambda listing: _NEVER - (listing.price.effective_from if listing.price else dt.date.min))
    return list(found)


# -- the table ---------------------------------------------------------------------------------------


def price_table(catalog: Catalog, shown: Sequence[Listing], negotiated: Mapping[str, str], max_age_days: int, caption: str) -> None:
    """A page of prices; each row has a line that opens to all of its rows. negotiated: price id -> the team's own price in words."""
    names = ("Price", "In US dollars", "In force", "Last read", "Source")
    body = "".join(_rows(catalog, listing, negotiated.get(listing.id), max_age_days, names) for listing in shown)
    html(table_of("prices", caption, names, body))


def table_of(kind: str, caption: str, names: Iterable[str], body: str) -> str:
    """A table whose rows are markup already. kind: its class beside the usual ones."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    top = f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
    return f'<table class="wide {kind}">{top}<tbody>{body}</tbody></table>'


def _rows(catalog: Catalog, listing: Listing, own: str | None, max_age_days: int, names: Sequence[str]) -> str:
    """The row of a price, and the one below it with its history."""
    cells = (_amount(listing, own), _since(listing), _reading(listing, max_age_days), _said_by(listing))
    named = f'<th scope="row">{escape(listing.description)}<small class="code">{escape(listing.id)}</small></th>'
    row = "".join(f'<td data-name="{name}">{cell}</td>' for name, cell in zip(names[1:], cells, strict=True))
    return f'<tr class="main">{named}{row}</tr><tr><td class="more" colspan="{len(names)}">{_history(catalog, listing)}</td></tr>'


def _amount(listing: Listing, own: str | None) -> str:
    listed = "none" if listing.price is None else unit_price(listing.price.amount)
    unit = escape(unit_in_words(listing.pricing_unit))
    if own is None:
        return f"{listed}<small>{unit}</small>"
    return f'{escape(own)} <span class="tag">your price</span><small>list {listed}, {unit}</small>'


def unit_in_words(pricing_unit: str) -> str:
    """A pricing unit; a share of other charges is told as such."""
    return "for each USD charged" if pricing_unit == "USD" else pricing_unit


def _since(listing: Listing) -> str:
    if listing.price is None:
        return '<span class="tag assumed">no price</span>'
    seen = "first read" if listing.price.dated_by == "reading" else "announced"
    return f"{day(listing.price.effective_from)}<small>{seen}</small>"


def _reading(listing: Listing, max_age_days: int) -> str:
    if listing.read is None or listing.age_days is None:
        return "not that day"
    stale = ' <span class="tag stale">stale</span>' if listing.is_stale(max_age_days) else ""
    if listing.announced:
        stale += ' <span class="tag assumed">not confirmed</span>'
    ago = "that day" if listing.age_days == 0 else f"{counted(listing.age_days, 'day')} old"
    return f"{day(listing.read)}{stale}<small>{ago}</small>"


def _said_by(listing: Listing) -> str:
    if listing.price is None:
        return ""
    return f"{evidence_tag(listing.price.source.kind)} {linked(listing.price.source, 'source')}"


def evidence_tag(kind: str) -> str:
    """The kind of a source in words, within a line of its own: whole, dotted or dashed."""
    look = {VENDOR: "", THIRD: " third", DERIVED: " assumed"}[_EVIDENCE_OF.get(kind, VENDOR)]
    return f'<span class="tag{look}">{escape(SOURCE_KINDS[kind])}</span>'


def linked(source: Source, words: str = "") -> str:
    """A source as a link with its title, or just its title. words: shown instead, with the title for screen readers and on hovering."""
    title, address = escape(source.title), source.url or ""
    if not address.startswith(("https://", "http://")):
        return title
    named = f' aria-label="{escape(words)}: {title}" title="{title}"' if words else ""
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer"{named}>{escape(words) or title}</a>'


# -- history -----------------------------------------------------------------------------------------


def _history(catalog: Catalog, listing: Listing) -> str:
    series = catalog.prices[listing.id]
    ahead = f", {counted(len(listing.ahead), 'change')} ahead: {day(listing.ahead[0])}" if listing.ahead else ""
    words = f"History and source: {counted(len(series.rows), 'row')}{ahead}"
    rows = "".join(_history_row(catalog, listing, row) for row in reversed(series.rows))
    names = ("From", f"{series.currency}, {unit_in_words(series.pricing_unit)}", "Who says so")
    note = f"<p>{escape(listing.missing)}</p>" if listing.missing else ""
    converted = f"<p>In US dollars: {escape(listing.price.note or '')}</p>" if listing.price and series.currency == "EUR" else ""
    table = table_of("rows", f"{listing.vendor}, latest first", names, rows)
    return f'<details><summary><span>{escape(words)}</span></summary><div class="body">{note}{converted}{table}</div></details>'


def _history_row(catalog: Catalog, listing: Listing, row: PriceRow) -> str:
    in_force = listing.price is not None and row.effective_from == listing.price.effective_from
    tag = (
        ' <span class="tag">in force</span>'
        if in_force
        else ' <span class="tag ahead">still to come</span>'
        if row.effective_from in listing.ahead
        else ""
    )
    seen = "first read" if row.dated_by == "reading" else "announced"
    amount = "no price" if row.price is None else unit_price(row.price, "")
    sources = [catalog.sources[listing.id][name] for name in (row.source, *row.also)]
    said = "<br>".join(_reading_of(source) for source in sources) + (f"<small>{escape(row.note)}</small>" if row.note else "")
    return (
        f'<tr><th scope="row">{day(row.effective_from)}{tag}<small>{seen}</small></th>'
        f'<td data-name="{escape(unit_in_words(listing.pricing_unit))}">{escape(amount)}</td><td data-name="Who says so">{said}</td></tr>'
    )


def _reading_of(source: Source) -> str:
    note = f"<small>{escape(source.note)}</small>" if source.note else ""
    return f"{linked(source)} {evidence_tag(source.kind)}, read {day(source.retrieved)}{note}"


__all__ = ["EVIDENCE", "ORDERS", "Listing", "evidence_tag", "linked", "listings", "matching", "ordered", "price_table", "table_of", "unit_in_words"]
