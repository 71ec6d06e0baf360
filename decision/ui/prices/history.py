"""The answer through time: what would have been recommended on each day on which a price changed, and what is known to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from html import escape

import streamlit as st

from decision import charts
from decision.catalog import PriceInForce
from decision.catalog.history import Change
from decision.charts import Period, periods
from decision.recommendation.through_time import DayAnswer, on_day, through_time
from decision.scenario import Inputs
from decision.ui import state, views
from decision.ui.prices.listings import evidence_tag, linked
from decision.ui.views import Cell, html
from decision.words import STATUS, change_percent, counted, day, money, sentence_case, unit_price

_AFTER = dt.timedelta(days=30)  # the last row is seen for so long beyond its day


@st.cache_resource(max_entries=200, show_spinner="Pricing your answers on every day on which a price changed", hash_funcs={Inputs: state.fingerprint})
def _answers(inputs: Inputs) -> tuple[DayAnswer, ...]:
    return through_time(inputs)


def answers_through_time() -> None:
    """The chart, its periods in words, and a line for every day that opens to what changed."""
    inputs = state.sheet().inputs
    answers = _answers(inputs)
    names = {option_id: option.short_name for option_id, option in inputs.catalog.options.items()}
    views.paragraph(_headline(answers, inputs, names))
    if inputs.scenario.overrides.prices:
        views.paragraph("Your own prices are taken on every day, also before the vendor had one.")
    if any(answer.totals for answer in answers):
        _chart(answers, inputs, names)
    html(f'<ol class="plain">{"".join(f"<li>{_period(period, names)}</li>" for period in periods(answers))}</ol>')
    st.subheader("Day by day", anchor=False)
    views.paragraph(
        "Only days on which something that your options use has changed. A first reading is a price that was found that day, "
        "not one that began that day."
    )
    html('<div class="days">' + "".join(_day(answer, inputs, names, answers) for answer in reversed(answers)) + "</div>")


def _headline(answers: Sequence[DayAnswer], inputs: Inputs, names: dict[str, str]) -> str:
    flips = [answer for answer in answers if answer.flipped]
    since = f"Your answers, priced on {counted(len(answers), 'day')} from {day(answers[0].day)} to {day(answers[-1].day)}: "
    if not flips:
        return since + "the recommendation never changed."
    last = flips[-1]
    becomes = f"to {names[last.option]}" if last.option else "to no answer"
    when = "will change last" if last.day > inputs.as_of else "changed last"
    return (
        since + f"the recommendation changes {'once' if len(flips) == 1 else counted(len(flips), 'time')}. It {when} on {day(last.day)}, {becomes}."
    )


def _chart(answers: Sequence[DayAnswer], inputs: Inputs, names: dict[str, str]) -> None:
    until = max(inputs.as_of, answers[-1].day) + _AFTER
    options = list(dict.fromkeys(option for answer in reversed(answers) for option in answer.totals))
    catalog = inputs.catalog.options
    views.legend(catalog[option] for option in options)
    st.caption(
        f"Total cost over {counted(inputs.scenario.horizon_months, 'month')}, US dollars, at the prices of each day. "
        "The strip on top is the option recommended, numbered as below. Shaded: later than the day of your answers, as far as announced."
    )
    data = charts.history_rows(answers, until, inputs.as_of, catalog, money, views.mode())
    told = " ".join(f"{_dates(period)}: {names[period.option] if period.option else 'no answer'}." for period in periods(answers))
    alt = f"Steps of the total cost of {len(options)} options by day. Recommended: {told}"
    views.figure("history", {}, data, alt, lambda: _table(answers, options, names), "through_time")


def _table(answers: Sequence[DayAnswer], options: Sequence[str], names: dict[str, str]) -> None:
    rows = [
        ("pick" if answer.flipped else "", [
            Cell(day(answer.day)), Cell(names[answer.option] if answer.option else "no answer"),
            *(Cell(money(answer.totals[option]) if option in answer.totals else "no price", right=True) for option in options),
        ])
        for answer in answers
    ]  # fmt: skip
    views.table("Total cost in US dollars at the prices of each day", ("From", "Recommended", *(names[option] for option in options)), rows)


def _dates(period: Period) -> str:
    return f"{day(period.start)} to {day(period.end - dt.timedelta(days=1))}" if period.end else f"From {day(period.start)}"


def _period(period: Period, names: dict[str, str]) -> str:
    option = names[period.option] if period.option else "no answer"
    return f"<b>{_dates(period)}: {escape(option)}.</b> {escape(period.answers[0].sentence)}"


# -- one day -----------------------------------------------------------------------------------------


def _day(answer: DayAnswer, inputs: Inputs, names: dict[str, str], answers: Sequence[DayAnswer]) -> str:
    later = answer.day > inputs.as_of
    tags = list(_tags(answer, later, on_day(answers, inputs.as_of) is answer))
    option = escape(names[answer.option]) if answer.option else "No answer"
    cost = money(answer.totals[answer.option]) if answer.option else ""
    body = [f"<p>{escape(answer.sentence)}</p>", *(f"<p>{escape(sentence)}</p>" for sentence in answer.others)]
    if answer.changes:
        body.append(f'<ul class="plain">{"".join(f"<li>{_change(change, inputs)}</li>" for change in answer.changes)}</ul>')
    if answer.because:
        body.append(f"<p><small>{escape(answer.because)}</small></p>")
    middle = f'{option} <span class="tags">{"".join(tags)}</span>'
    summary = f'<summary><span>{day(answer.day)}</span><span>{middle}</span><span class="cost">{cost}</span></summary>'
    return f'<details{" class=later" if later else ""}>{summary}<div class="body">{"".join(body)}</div></details>'


def _tags(answer: DayAnswer, later: bool, in_force: bool) -> Iterator[str]:
    if answer.flipped:
        yield '<span class="tag"><b>recommendation changes</b></span>'
    if in_force:
        yield '<span class="tag">in force on your day</span>'
    if later:
        yield '<span class="tag ahead">still to come</span>'
    if answer.status:
        yield f"<small>{escape(sentence_case(STATUS[answer.status]))}</small>"


def _change(change: Change, inputs: Inputs) -> str:
    price = change.after or change.before
    assert price is not None  # a price that neither day has did not change
    words = escape(inputs.catalog.series(change.price_id).description.rstrip("."))
    said = f"{linked(change.source)} {evidence_tag(change.source.kind)}<small>{escape(change.price_id)}</small>"
    return f"{words}, {escape(price.pricing_unit)}: {_moved(change)}. {said}"


def _moved(change: Change) -> str:
    """Both amounts; a first row is new, or was only read that day."""
    before, after = change.before, change.after
    if before is None or after is None:
        first = "new" if after and after.dated_by == "announcement" else "first read"
        return f"{first} at <b>{_amount(after)}</b>" if after else f"{_amount(before)} before, <b>no price</b> from this day on"
    return f"{_amount(before)} before, <b>{_amount(after)}</b> after ({change_percent(before.amount, after.amount)})"


def _amount(price: PriceInForce | None) -> str:
    return "none" if price is None else unit_price(price.amount)


__all__ = ["answers_through_time"]
