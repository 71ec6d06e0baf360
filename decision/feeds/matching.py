"""Which reading of a feed is which price of ours: by exact key, in the unit and currency that the mapping names, or refused with the reason."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from decision.catalog.watched import Link
from decision.feeds.answers import Reading, Refusal, Said

_DIGITS = Decimal("1e-9")  # a factor may make more decimals than any price has


@dataclass(frozen=True, slots=True)
class Price:
    """A price in the unit and to the decimals of the catalog. starts, read_on: as the feed says them."""

    amount: Decimal
    starts: dt.date | None = None
    read_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """What a feed says of one price: now, and from later days on (ahead). refused: why something that stands there is not taken."""

    price_id: str
    now: Price | None
    ahead: tuple[Price, ...] = ()
    refused: str = ""

    @property
    def is_there(self) -> bool:
        """Whether the feed has anything at that key."""
        return self.now is not None or bool(self.ahead) or bool(self.refused)


def by_key(said: Iterable[Said]) -> Mapping[str, Sequence[Said]]:
    """What a feed says, under each of its keys."""
    found: dict[str, list[Said]] = defaultdict(list)
    for each in said:
        found[each.key].append(each)
    return found


def match(link: Link, said: Mapping[str, Sequence[Said]], currency: str, day: dt.date) -> Match:
    """What the feed says of one price on the day it was asked. Nothing at the key is a Match without anything: a missing price is not 0."""
    there = said.get(link.key, ())
    if wrong := next((each.why for each in there if isinstance(each, Refusal)), None):
        return Match(link.price_id, None, refused=wrong)
    readings = [each for each in there if isinstance(each, Reading)]
    if wrong := _wrong(readings, link, currency):
        return Match(link.price_id, None, refused=wrong)
    begun = [each for each in readings if each.starts is None or each.starts <= day]
    latest = max((each.starts or dt.date.min for each in begun), default=None)
    last = {_price(each, link) for each in begun if (each.starts or dt.date.min) == latest}
    if len(last) > 1:
        return Match(link.price_id, None, refused=f"{len(last)} prices stand under the one key {link.key}")
    ahead = sorted((_price(each, link) for each in readings if each.starts and each.starts > day), key=lambda price: price.starts or day)
    return Match(link.price_id, next(iter(last), None), tuple(ahead))


def _wrong(readings: Iterable[Reading], link: Link, currency: str) -> str:
    for each in readings:
        if each.currency != currency:
            return f"it is in {each.currency}, not in {currency}"
        if each.unit != link.unit:
            return f'its unit is "{each.unit}", not "{link.unit}"'
    return ""


def _price(each: Reading, link: Link) -> Price:
    amount = each.price * link.factor
    kept = _DIGITS if link.decimals is None else Decimal(1).scaleb(-link.decimals)
    return Price(amount.quantize(kept).normalize(), each.starts, each.read_on)
