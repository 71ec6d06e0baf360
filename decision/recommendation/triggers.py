"""When to look at a filed decision again: conditions that a program can check, and which of them have come about."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from decision.analysis.flips import Flip
from decision.catalog.history import in_force, last_read
from decision.costs.costs import standing
from decision.errors import BadInput
from decision.framework import REVISIT_COST_RISE, REVISIT_MONTHS, STALE_DAYS
from decision.recommendation import Recommendation
from decision.words import day, dollars, in_unit, number, rounded, unit_price

_NEAREST = 5  # flips that become triggers
_WITHIN = 1.0  # of its value: an input that would have to more than double, or fall to nothing, is no trigger

Kind = Literal["input", "cost", "price", "stale", "review"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """One condition. subject: a driver, an option or a price id. It comes about above `above`, below `below`, from `on` on, or off `was`.

    Money in USD a month; the age of a price in days.
    """

    kind: Kind
    words: str
    subject: str = ""
    above: float | None = None
    below: float | None = None
    was: float | None = None
    on: dt.date | None = None


def turning(found: Recommendation) -> list[Flip]:
    """The nearest changes of one input that turn the answer: those inside its likely range, then by size, up to half its value or twice it."""
    return [flip for flip in found.flips if flip.flips_at is not None and flip.change <= _WITHIN][:_NEAREST]


def triggers(found: Recommendation) -> tuple[Trigger, ...]:
    """When to look at this recommendation again; none where nothing is recommended."""
    return tuple(_triggers(found)) if found.recommended else ()


def _triggers(found: Recommendation) -> Iterator[Trigger]:
    threshold, catalog, best = found.inputs.catalog.framework.threshold, found.inputs.catalog, found.recommended
    assert best is not None
    assert best.costed is not None  # it is recommended
    for flip in turning(found):
        assert flip.flips_at is not None
        rises, at = flip.flips_at > flip.now, flip.flips_at
        reached = f"{'above' if rises else 'below'} {in_unit(rounded(at), flip.unit)}"
        then = f"{flip.label} {reached}: {catalog.option(flip.option).name} is then the cheapest"
        yield Trigger("input", then, flip.driver, above=at if rises else None, below=None if rises else at)
    most = round(float(best.costed.bill.total) * (1 + threshold(REVISIT_COST_RISE)), 2)
    yield Trigger("cost", f"The bill of month 12 above {dollars(most)}", best.id, above=most)
    for price_id in sorted({item.price.id for item in best.costed.bill.items if item.price.id in catalog.prices and not item.price.negotiated}):
        price = in_force(catalog, price_id, found.as_of)
        if price is not None:
            yield Trigger("price", f"{price_id} other than {unit_price(float(price.amount))}", price_id, was=float(price.amount))
    days = threshold(STALE_DAYS)
    yield Trigger("stale", f"A price that nobody has read for more than {number(days)} days", above=days)
    review = months_later(found.as_of, int(threshold(REVISIT_MONTHS)))
    yield Trigger("review", f"{day(review)} has come", on=review)


def months_later(start: dt.date, months: int) -> dt.date:
    """The same day of the month so many months later, or the last one there is."""
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Fired:
    """A condition that has come about, and what is the case now."""

    trigger: Trigger
    because: str


def fired(conditions: Sequence[Trigger], now: Recommendation) -> tuple[Fired, ...]:
    """Those conditions that have come about for what is recommended now."""
    return tuple(Fired(each, because) for each in conditions if (because := _CHECKS[each.kind](each, conditions, now)))


def _input(each: Trigger, _all: Sequence[Trigger], now: Recommendation) -> str:
    try:
        value, spec = standing(now.inputs, each.subject), now.inputs.driver_spec(each.subject)
    except BadInput:
        return f"{each.subject} is no input of this scenario any more."
    beyond = (each.above is not None and value > each.above) or (each.below is not None and value < each.below)
    return f"It is {in_unit(value, spec.unit)}." if beyond else ""


def _cost(each: Trigger, _all: Sequence[Trigger], now: Recommendation) -> str:
    if each.subject not in now.inputs.catalog.options:
        return f"{each.subject} is no option any more."
    costed = now.result(each.subject).costed
    if costed is None:
        return f"It has no price now: {now.result(each.subject).unpriced}"
    return f"It is {dollars(costed.bill.shown_total)}." if each.above is not None and float(costed.bill.total) > each.above else ""


def _price(each: Trigger, _all: Sequence[Trigger], now: Recommendation) -> str:
    catalog = now.inputs.catalog
    if each.subject not in catalog.prices:
        return "It is not on file any more."
    price = in_force(catalog, each.subject, now.as_of)
    if price is None:
        return "It has ended."
    return f"It is {unit_price(float(price.amount))} since {price.effective_from}." if float(price.amount) != each.was else ""


def _stale(each: Trigger, conditions: Sequence[Trigger], now: Recommendation) -> str:
    catalog, old = now.inputs.catalog, dict[str, int]()
    for other in conditions:
        if other.kind == "price" and other.subject in catalog.prices and (read := last_read(catalog, other.subject, now.as_of)):
            old[other.subject] = (now.as_of - read).days
    late = [f"{price_id} ({age} days)" for price_id, age in old.items() if each.above is not None and age > each.above]
    return f"Last read long ago: {', '.join(late)}." if late else ""


def _review(each: Trigger, _all: Sequence[Trigger], now: Recommendation) -> str:
    return f"It is {day(now.as_of)}." if each.on is not None and now.as_of >= each.on else ""


_CHECKS: Mapping[Kind, Callable[[Trigger, Sequence[Trigger], Recommendation], str]] = {
    "input": _input, "cost": _cost, "price": _price, "stale": _stale, "review": _review,
}  # fmt: skip
"""For each kind, what is the case now where the condition has come about, else an empty text."""
