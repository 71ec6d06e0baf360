"""The answer through time: the same scenario priced on each day on which a price it uses changed.

    for answer in through_time(inputs):
        print(answer.day, answer.option, answer.flipped, answer.sentence)

The first row is the first day on which an option has a price, the last one may lie ahead: announced prices count from their day on.
Between two rows nothing that the scenario can feel changes. Everything but the day stays as it is, blanks included: a blank model mix
takes the usual model of each day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from decision.catalog import Catalog, Option, PriceInForce, Prices
from decision.catalog.history import Change, changed
from decision.catalog.options import PerUse
from decision.costs.bill import Month
from decision.costs.costs import Costed, Costs, priced
from decision.costs.line_items import Category
from decision.costs.ownership import months_of
from decision.errors import BadInput, PriceMissing
from decision.recommendation import Recommendation, Status, recommend
from decision.scenario import Inputs, inputs_of, paths
from decision.words import STATUS, about_money

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """The answer from one day on, and what made it another row.

    option, status, because: None where the scenario cannot be answered that day; `unanswered` then says why.
    totals: USD over the horizon of every option considered that has a price. ranking: those not ruled out, the cheapest first.
    changes: used prices that differ from the day before. others: what else changed that day, in sentences: the usual model, a charge
    that begins or ends, a server plan that is no longer the cheapest.
    flipped: the recommendation is not that of the row before.
    """

    day: dt.date
    option: str | None
    status: Status | None
    because: str | None
    ranking: tuple[str, ...]
    totals: Mapping[str, float]
    unanswered: str | None
    changes: tuple[Change, ...]
    others: tuple[str, ...]
    flipped: bool
    sentence: str

    @property
    def cheapest(self) -> str | None:
        """The option with the lowest total of those left; None where none is."""
        return self.ranking[0] if self.ranking else None


@dataclass(frozen=True, slots=True)
class _Priced:
    """What an option costs on a day: its total, and the charges of month 12 by what they are priced with."""

    total: float
    charges: frozenset[tuple[str, float]]  # price id, USD per pricing unit
    labels: tuple[str, ...]  # charges other than tokens, whose models have a sentence of their own


def through_time(inputs: Inputs) -> tuple[DayAnswer, ...]:
    """The answers in the order of their days. Raises BadInput where the scenario cannot be read on any day."""
    rows = tuple(_rows(inputs))
    return rows or (_row(inputs, {}, {}, None),)


def on_day(answers: Sequence[DayAnswer], day: dt.date) -> DayAnswer | None:
    """The answer that holds on `day`; None before the first one."""
    return next((answer for answer in reversed(answers) if answer.day <= day), None)


def _rows(inputs: Inputs) -> Iterator[DayAnswer]:
    before: dict[str, _Priced] = {}
    last: DayAnswer | None = None
    price_days, rule_days = _days(inputs)
    for day in sorted(price_days | rule_days):
        dated = _dated(inputs, day)
        now = _priced(dated)
        considered = any(now.get(option_id) != before.get(option_id) for option_id in inputs.options)
        if not considered and (last is None or (now == before and day not in rule_days)):
            continue
        row = _row(dated, before, now, last)
        if considered or last is None or (row.option, row.status, row.ranking) != (last.option, last.status, last.ranking):
            yield row
            before, last = now, row


def _dated(inputs: Inputs, day: dt.date) -> Inputs:
    """The same scenario on another day: blanks that follow the day are filled anew."""
    return inputs_of(inputs.scenario.model_copy(update={"as_of": day}), inputs.catalog)


def _days(inputs: Inputs) -> tuple[set[dt.date], set[dt.date]]:
    """Days on which costs may change (a price, the usual model, the start or end of a charge), and those on which only a limit may."""
    catalog = inputs.catalog
    options = [catalog.options[option_id] for option_id in _looked_at(inputs)]
    costs = {*catalog.change_days(), *map(dt.date.fromisoformat, catalog.estimates.model_mix)}
    costs |= {day for option in options for meter in option.meters if isinstance(meter, PerUse) for day in (meter.starting, meter.ending) if day}
    return costs, {limits.effective_from for option in options for limits in option.limits}


def _looked_at(inputs: Inputs) -> tuple[str, ...]:
    """The options considered, and the one on whose bill the questions are answered."""
    return tuple(dict.fromkeys((*inputs.options, inputs.catalog.framework.reference_option)))


def _priced(inputs: Inputs) -> dict[str, _Priced]:
    """The options looked at that have a price that day."""
    return {option_id: _charged(costed) for option_id, costed in Costs(inputs).priced(_looked_at(inputs)).costs.items()}


def _charged(costed: Costed) -> _Priced:
    items = costed.bill.items
    labels = tuple(dict.fromkeys(item.label for item in items if item.category is not Category.TOKENS))
    return _Priced(float(costed.owned.total), frozenset((item.price.id, float(item.price.amount)) for item in items), labels)


def _row(inputs: Inputs, before: Mapping[str, _Priced], now: Mapping[str, _Priced], last: DayAnswer | None) -> DayAnswer:
    answer: Recommendation | None = None
    why = None
    try:
        answer = recommend(inputs)
    except BadInput as problem:
        why = " ".join(problem.problems)
    eve = _dated(inputs, inputs.as_of - _ONE_DAY)
    option = answer.option if answer else None
    totals = {option_id: now[option_id].total for option_id in inputs.options if option_id in now}
    flipped = last is not None and option != last.option
    return DayAnswer(
        day=inputs.as_of,
        option=option,
        status=answer.status if answer else None,
        because=answer.because if answer else None,
        ranking=answer.ranking if answer else (),
        totals=totals,
        unanswered=why,
        changes=tuple(_changes(inputs, eve)),
        others=tuple(_others(inputs, eve, before, now)),
        flipped=flipped,
        sentence=_sentence(inputs.catalog, answer, why, totals, last),
    )


# -- what changed --------------------------------------------------------------------------------------


def _changes(inputs: Inputs, eve: Inputs) -> Iterator[Change]:
    """Prices that a bill of either day uses and that differ between the two, in the catalog's order."""
    used = _used(inputs) | _used(eve)
    today, yesterday = inputs.prices(), eve.prices()
    for price_id in inputs.catalog.prices:
        if price_id in used:
            before, after = _in_force(yesterday, price_id), _in_force(today, price_id)
            if change := changed(inputs.catalog, price_id, before, after, inputs.as_of):
                yield change


def _used(inputs: Inputs) -> set[str]:
    """The ids of the prices on the bills of the options looked at, in every month that differs: a growing fleet changes servers."""
    months = [Month(inputs, float(month)) for month in np.ravel(months_of(inputs))]
    bills = [each for month in months for each in priced(_looked_at(inputs), month.bill).costs.values()]
    return {item.price.id for each in bills for item in each.items}


def _in_force(prices: Prices, price_id: str) -> PriceInForce | None:
    try:
        return prices[price_id]
    except PriceMissing:
        return None


def _others(inputs: Inputs, eve: Inputs, before: Mapping[str, _Priced], now: Mapping[str, _Priced]) -> Iterator[str]:
    """What changed besides prices, a sentence each."""
    if before and (models := _assumed_models(inputs)) != _assumed_models(eve):
        yield f"Where no model is named, {' and '.join(inputs.catalog.models[model].name for model in models)} is taken from this day on."
    for option_id, charged in now.items():
        if option_id in before:
            yield from _charges(inputs.catalog.options[option_id], before[option_id].labels, charged.labels)
    for option_id in inputs.options:
        option = inputs.catalog.options[option_id]
        if option.limits_on(inputs.as_of) is not option.limits_on(eve.as_of):
            yield f"{option.short_name}: other limits are in force."


def _assumed_models(inputs: Inputs) -> list[str]:
    models = (paths.parsed(path).model for path, fact in inputs.facts.items() if fact.origin == "assumed")
    return list(dict.fromkeys(model for model in models if model))


def _charges(option: Option, before: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    begun = [label for label in now if label not in before]
    ended = [label for label in before if label not in now]
    if begun and ended:
        yield f"{option.short_name}: {', '.join(begun)} instead of {', '.join(ended)}."
    elif begun or ended:
        yield f"{option.short_name}: {', '.join(begun or ended)} {'begins' if begun else 'ends'}."


# -- in words ------------------------------------------------------------------------------------------


def _sentence(catalog: Catalog, answer: Recommendation | None, why: str | None, totals: Mapping[str, float], last: DayAnswer | None) -> str:
    """What this row says that the one before does not."""
    if answer is None or answer.option is None:
        return f"No answer on this day. {why}" if answer is None else answer.because
    name, total = catalog.options[answer.option].name, totals[answer.option]
    if last is None:
        lead = f"The first day with a price for an option considered. {name} is recommended, at about {about_money(total)}."
    elif last.option is None:
        lead = f"{name} is recommended, at about {about_money(total)}; before, there was no answer."
    elif answer.option != last.option:
        lead = _flip(catalog, answer, totals, last)
    else:
        status = "" if answer.status == last.status else f" (now {STATUS[answer.status]})"
        lead = f"Still {name}, {_moved(last.totals[answer.option], total)}{status}."
    named = {answer.option, last.option} if last else set(totals)
    return lead + _rest(catalog, totals, last.totals if last else {}, named)


def _flip(catalog: Catalog, answer: Recommendation, totals: Mapping[str, float], last: DayAnswer) -> str:
    """Both options before and after, so that it is seen which of them moved."""
    assert answer.option is not None
    assert last.option is not None
    parts = []
    for option_id in (answer.option, last.option):
        name, before, now = catalog.options[option_id].short_name, last.totals.get(option_id), totals.get(option_id)
        hits = answer.verdict.ruled_out_by(option_id)
        if now is None:
            parts.append(f"{name} has no price any more")
        elif hits:
            parts.append(f"{name} is ruled out ({hits[0].because.rstrip('.')})")
        elif before is None:
            parts.append(f"{name} has its first known price, about {about_money(now)}")
        else:
            parts.append(f"{name} is {_moved(before, now)}")
    return f"The recommendation changes from {catalog.options[last.option].name} to {catalog.options[answer.option].name}: {'; '.join(parts)}."


def _rest(catalog: Catalog, totals: Mapping[str, float], before: Mapping[str, float], named: AbstractSet[str | None]) -> str:
    """What the other options did."""
    moves: dict[str, list[str]] = {}
    for option_id, option in catalog.options.items():
        was, now = before.get(option_id), totals.get(option_id)
        if option_id in named or was == now:
            continue
        move = "with a first known price" if was is None else "without a price from now on" if now is None else "cheaper" if now < was else "dearer"
        moves.setdefault(move, []).append(option.short_name)
    return "".join(f" {move.capitalize()}: {', '.join(names)}." for move, names in moves.items())


def _moved(before: float, now: float) -> str:
    """How a total moved, to three figures."""
    if about_money(before) == about_money(now):
        return f"about {about_money(now)} as before"
    return f"{'up' if now > before else 'down'} from about {about_money(before)} to {about_money(now)}"


__all__ = ["DayAnswer", "on_day", "through_time"]
