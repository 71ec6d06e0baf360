"""What a reading means for a price on file, and whether a row may be proposed for it.

plain: the seller's own feed says so or two feeds agree, and it moved by at most a fifth. look: a row is proposed and a person looks first.
blocked: no row; both numbers are shown, and a person who has looked writes `--accept ID=PRICE`. Size alone is a reason to look and none to refuse:
most changes on file were larger than a fifth. What blocks is the kind: one source, sources that disagree, a factor that units are made of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from decision.catalog import Catalog, PriceRow
from decision.catalog.history import last_read
from decision.catalog.prices import BATCH_CLASSES, TOKEN_CLASSES
from decision.catalog.watched import HOURS_PER_MONTH, Feed
from decision.feeds.matching import Match, Price
from decision.feeds.relations import broken

Status = Literal["same", "kept", "changed", "announced", "cancelled", "older", "missing", "refused"]
"""kept: a rate that moved too little for a row. older: the feed speaks of a day before the price was last read, and differs."""

Level = Literal["", "plain", "look", "blocked", "accepted"]

SMALL = Decimal("0.2")
RATE_MOVES, RATE_AGE_DAYS = Decimal("0.02"), 30
MANY = 0.25  # of the prices of a feed that move at once
_FACTORS = {10: "10", 100: "100", 1000: "1,000", 60: "60", 3600: "3,600"}
_VAT, _LONG_MONTH = Decimal("1.19"), Decimal(744) / HOURS_PER_MONTH
_WITHIN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one feed says of one price. on_file, read: in the unit of the catalog. effective_from: the first day of the row, where one is proposed."""

    feed: str
    price_id: str
    status: Status
    on_file: Decimal | None = None
    read: Decimal | None = None
    effective_from: dt.date | None = None
    dated_by: Literal["announcement", "reading"] = "reading"
    read_on: dt.date | None = None
    level: Level = ""
    why: str = ""

    @property
    def is_news(self) -> bool:
        """Whether a person wants to know: anything but a price that is as it was."""
        return self.status not in ("same", "kept")


@dataclass(frozen=True, slots=True)
class Asked:
    """A feed and the day it was asked on, with what the other feeds say of its prices: price id -> feed -> amount."""

    feed_id: str
    feed: Feed
    day: dt.date
    others: Mapping[str, Mapping[str, Decimal]]


def judged(matches: Iterable[Match], asked: Asked, catalog: Catalog) -> tuple[Finding, ...]:
    """A finding for each price of a feed, and one more for each price to come that it announces or no longer names."""
    found = [finding for each in matches for finding in _of_one(each, asked, catalog)]
    before: list[Finding] = []
    while found != before:  # what one blocks, another may lean on
        before, found = found, [_kept_relations(finding, found, asked.day, catalog) for finding in found]
    moved = [finding for finding in found if finding.status == "changed"]
    if len(moved) > 1 and len(moved) > MANY * len(found):
        why = f"{len(moved)} of the feed's prices move at once"
        found = [replace(it, level="look", why=why) if it.status == "changed" and it.level == "plain" else it for it in found]
    return tuple(found)


def _of_one(each: Match, asked: Asked, catalog: Catalog) -> Iterator[Finding]:
    rows = catalog.prices[each.price_id].rows
    begun = [row for row in rows if row.effective_from <= asked.day]
    row = begun[-1] if begun else None
    base = Finding(asked.feed_id, each.price_id, "missing", on_file=None if row is None else on_file(row))
    if each.refused:
        yield replace(base, status="refused", why=each.refused)
        return
    if each.now is None and base.on_file is not None:
        yield base
    elif each.now is None:
        return  # no price here, none there
    elif row is None or row.price is None:
        yield replace(base, status="refused", read=each.now.amount, why="it has no price on file: whether it is back is for a person to say")
    else:
        yield _now(base, each.now, row, rows[-1], asked, catalog)
    if asked.feed.dated:
        yield from _ahead(base, each, row, [later for later in rows if later.effective_from > asked.day])


def on_file(row: PriceRow) -> Decimal | None:
    """The price of a row as it is written there."""
    return None if row.price is None else Decimal(repr(row.price)).normalize()


def _now(base: Finding, now: Price, row: PriceRow, last: PriceRow, asked: Asked, catalog: Catalog) -> Finding:
    before, after, read_on = base.on_file, now.amount, now.read_on or asked.day
    assert before is not None  # the row in force has a price
    found = replace(base, read=after, read_on=read_on)
    if after == before:
        return replace(found, status="same")
    if after == 0:
        return replace(found, status="refused", why="0 stands where a price is on file")
    read = last_read(catalog, base.price_id, asked.day)
    if read is not None and read_on < min(read, asked.day):
        return replace(found, status="older", why=f"it speaks of {read_on}, and the price was read on {read}")
    if asked.feed.rate and _is_near(before, after, RATE_MOVES) and read is not None and (asked.day - read).days <= RATE_AGE_DAYS:
        return replace(found, status="kept")
    return _changed(found, now, row, last, asked, catalog)


def _changed(found: Finding, now: Price, row: PriceRow, last: PriceRow, asked: Asked, catalog: Catalog) -> Finding:
    before, after = found.on_file, now.amount
    assert before is not None
    dated = now.starts is not None and now.starts > row.effective_from
    start = now.starts if dated and now.starts else max(found.read_on or asked.day, row.effective_from)
    found = replace(found, status="changed", effective_from=start, dated_by="announcement" if dated else "reading")
    if why := _out_of_order(found, now, last, catalog):
        return replace(found, level="blocked", why=why)
    level, why = _level(before, after, asked, found.price_id, catalog.prices[found.price_id].currency)
    rows = [each.price for each in catalog.prices[found.price_id].rows if each.effective_from < row.effective_from]
    if level == "plain" and rows and rows[-1] is not None and Decimal(repr(rows[-1])) == after:
        level, why = "look", "it is back at the price before"
    return replace(found, level=level, why=why)


def _out_of_order(found: Finding, now: Price, last: PriceRow, catalog: Catalog) -> str:
    start = found.effective_from
    assert start is not None
    if now.starts is not None and found.dated_by == "reading":
        return f"it says so from {now.starts} on, a day that the file speaks of already"
    if start <= last.effective_from:
        return f"a row of {last.effective_from} stands on file"
    confirmed = max((it.read_on for it in catalog.confirmed.get(found.price_id, ())), default=None)
    if found.dated_by == "announcement" and confirmed is not None and start <= confirmed:
        return f"it says so from {start} on, and the price on file was confirmed on {confirmed}"
    return ""


def _level(before: Decimal, after: Decimal, asked: Asked, price_id: str, currency: str) -> tuple[Level, str]:
    others = asked.others.get(price_id, {})
    agree = [name for name, amount in others.items() if amount == after]
    behind = [name for name, amount in others.items() if amount == before]
    against = [f"{name} says {amount:f}" for name, amount in others.items() if amount not in (before, after)]
    vendor = asked.feed.role == "vendor"
    if against or (behind and not vendor):
        return "blocked", "; ".join(against or [f"{name} still says {before:f}" for name in behind])
    if before and (factor := _factor(after / before, currency)):
        return "blocked", factor
    near, sure = _is_near(before, after, SMALL), vendor or bool(agree)
    if near and sure and not behind:
        return "plain", f"{agree[0]} agrees" if agree else ""
    if near or sure:
        return "look", _doubt(near, behind, agree)
    return "blocked", "it moved by over a fifth, and one third party alone says so"


def _doubt(near: bool, behind: list[str], agree: list[str]) -> str:
    doubts = [] if near else ["it moved by over a fifth"]
    doubts += [f"{name} still says what is on file" for name in behind] or ([] if agree or not near else ["one third party alone says so"])
    return "; ".join(doubts)


def _is_near(before: Decimal, after: Decimal, share: Decimal) -> bool:
    return bool(before) and abs(after / before - 1) <= share


def _factor(ratio: Decimal, currency: str) -> str:
    """The factor of units, tax or hours that a price seems to be off by; "" where it is none."""
    for times in (ratio, 1 / ratio):
        for factor, name in _FACTORS.items():
            if abs(times / factor - 1) <= _WITHIN:
                return f"it differs by a factor of {name}, as units do"
        if currency == "EUR" and abs(times / _VAT - 1) <= _WITHIN / 10:
            return "it differs by a factor of 1.19, as a price with German VAT does"
        if abs(times / _LONG_MONTH - 1) <= _WITHIN / 100:
            return "it differs by 744 / 730, as a month of 744 hours does"
    return ""


def _ahead(base: Finding, each: Match, begun: PriceRow | None, later: list[PriceRow]) -> Iterator[Finding]:
    """Prices to come: those that the feed announces and the file lacks, and those on file that the feed no longer names."""
    for price in each.ahead:
        assert price.starts is not None  # that is what makes it one to come
        row = next((row for row in reversed(later) if row.effective_from <= price.starts), begun)
        if row is None or on_file(row) != price.amount:
            stands = later[-1].effective_from if later and price.starts <= later[-1].effective_from else None
            level: Level = "look" if stands is None else "blocked"
            why = "announced, and announcements are cancelled at times" if stands is None else f"a row of {stands} stands on file"
            yield replace(
                base, status="announced", read=price.amount, effective_from=price.starts, dated_by="announcement", read_on=price.read_on,
                level=level, why=why,
            )  # fmt: skip
    for row in (row for row in later if each.is_there and row.price is not None):  # that a price ends is no feed's to say
        said = next((price for price in reversed(each.ahead) if price.starts and price.starts <= row.effective_from), each.now)
        if (said is None or on_file(row) != said.amount) and row.effective_from not in {price.starts for price in each.ahead}:
            why = f"the file announces it for {row.effective_from}, and the feed no longer does"
            yield replace(base, status="cancelled", read=on_file(row), effective_from=row.effective_from, level="blocked", why=why)


def _kept_relations(finding: Finding, found: Iterable[Finding], day: dt.date, catalog: Catalog) -> Finding:
    """The finding, blocked where the prices of its model as they would then be break a relation that they keep so far."""
    model_id, token_class, step = _of_model(finding.price_id, catalog)
    if finding.status != "changed" or finding.level == "blocked" or not model_id:
        return finding
    read = {
        it.price_id: it.read for it in found if it.read is not None and (it.status == "same" or (it.status == "changed" and it.level != "blocked"))
    }
    prices = {}
    for name in TOKEN_CLASSES + BATCH_CLASSES:
        price_id = f"{model_id}.{name}{step}"
        rows = [row for row in catalog.prices[price_id].rows if row.effective_from <= day] if price_id in catalog.prices else []
        price = read.get(price_id, on_file(rows[-1]) if rows else None)
        if price is not None:
            prices[name] = price
    why = next(broken(prices, token_class), "")
    if not why and step:
        base = read.get(f"{model_id}.{token_class}")
        why = "it costs less over a long prompt" if base is not None and finding.read is not None and finding.read < base else ""
    return replace(finding, level="blocked", why=why) if why else finding


def _of_model(price_id: str, catalog: Catalog) -> tuple[str, str, str]:
    """Model, class of tokens, and ".over-200000" or ""; three empty texts for a price that is no token's."""
    head, dot, over = price_id.partition(".over-")
    model_id, _, token_class = head.rpartition(".")
    return (model_id, token_class, dot + over) if model_id in catalog.models else ("", "", "")
