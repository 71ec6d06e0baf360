"""The prices that an answer rests on: when they were last confirmed, and which of them have changed since the day it was given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from decision.catalog import EUR_USD
from decision.catalog.history import Change, last_read, price_changes
from decision.recommendation import Recommendation
from decision.words import day, listed, number, unit_price

_NAMED = 3  # of the prices that changed


@dataclass(frozen=True, slots=True)
class Confirmed:
    """When the prices of an answer were last confirmed. first, last: the earliest and the latest of their days; oldest: the id of the earliest."""

    oldest: str
    first: dt.date
    last: dt.date

    @property
    def sentence(self) -> str:
        """For people."""
        if self.first == self.last:
            return f"Prices last confirmed on {day(self.last)}."
        return f"Prices last confirmed between {day(self.first)} ({self.oldest}) and {day(self.last)}."


def prices_used(found: Recommendation) -> frozenset[str]:
    """Ids of the prices on the bills of the options considered, and of the exchange rate where one of them is in euro."""
    ids = {item.price.id for result in found.considered if result.costed for item in result.costed.bill.items}
    series = found.inputs.catalog.prices
    return frozenset(ids | {EUR_USD for price_id in ids if price_id in series and series[price_id].currency == "EUR"})


def last_confirmed(found: Recommendation) -> Confirmed | None:
    """When the list prices that an answer uses were last confirmed by its day; None where it uses none."""
    catalog = found.inputs.catalog
    own = found.inputs.scenario.overrides.prices  # a price of one's own is nobody's to confirm
    ids = (price_id for price_id in prices_used(found) if price_id in catalog.prices and price_id not in own)
    read = sorted((on, price_id) for price_id in ids if (on := last_read(catalog, price_id, found.as_of)) is not None)
    return Confirmed(read[0][1], read[0][0], read[-1][0]) if read else None


def changed_since(found: Recommendation, now: dt.date) -> tuple[Change, ...]:
    """The prices of an answer that are not what they were on its day. Nothing for an answer of `now` or later."""
    if now <= found.as_of:
        return ()
    used = prices_used(found)
    return tuple(change for change in price_changes(found.inputs.catalog, found.as_of, now) if change.price_id in used)


def changes_sentence(found: Recommendation, now: dt.date) -> str:
    """The same for people; "" where nothing changed."""
    changes = changed_since(found, now)
    if not changes:
        return ""
    said = [
        f"{change.price_id} {unit_price(change.before.amount) if change.before else 'none'} -> "
        f"{unit_price(change.after.amount) if change.after else 'none'}"
        for change in changes[:_NAMED]
    ]
    more = [f"{number(len(changes) - _NAMED)} more"] if len(changes) > _NAMED else []
    return f"Changed since {day(found.as_of)}: {listed([*said, *more])}."
