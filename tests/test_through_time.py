"""The answer through time: which days stand in it, what each says, and that nothing happens between them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import itertools
from typing import Any

import pytest

from decision.catalog import Catalog, PriceRow
from decision.errors import BadInput
from decision.loading import load
from decision.recommendation import recommend
from decision.recommendation.through_time import DayAnswer, on_day, through_time
from decision.scenario import Inputs, inputs_of, read_scenario, ready_made, scenario_from

DAY = dt.date(2026, 11, 20)
LATER = dt.date(2027, 3, 1)
SESSION = "managed-agents.session"


LIGHT = {"input": 10_000, "cache_read": 40_000, "cache_write_5m": 0, "cache_write_1h": 0, "output": 15_000}


def inputs(catalog: Catalog | None = None, **said: Any) -> Inputs:
    return inputs_of(scenario_from({"fleet": [{"name": "t", "agents": 3, "tokens_per_session": LIGHT}], **said}), catalog or load(), DAY)


def with_row(price: float | None, price_id: str = SESSION, day: dt.date = LATER) -> Catalog:
    """The catalog with one row more, from the same source as the last one."""
    catalog = load()
    series = catalog.prices[price_id]
    row = PriceRow(effective_from=day, price=price, source=series.rows[-1].source)
    prices = {**catalog.prices, price_id: series.model_copy(update={"rows": (*series.rows, row)})}
    return dataclasses.replace(catalog, prices=prices)


def listed_before() -> float:
    """The list price of a session-hour that the row of LATER replaces, in USD."""
    return load().listed(SESSION, LATER - dt.timedelta(days=1)).amount


def on(answers: tuple[DayAnswer, ...], day: dt.date) -> DayAnswer:
    return next(answer for answer in answers if answer.day == day)


# -- which days --------------------------------------------------------------------------------------------


@functools.cache
def of_example(name: str) -> tuple[Inputs, tuple[DayAnswer, ...]]:
    now = inputs_of(read_scenario(ready_made()[name]), load(), DAY)
    return now, through_time(now)


@pytest.mark.parametrize("name", ready_made())
def test_nothing_happens_between_two_rows(name: str) -> None:
    now, found = of_example(name)
    assert [answer.day for answer in found] == sorted({answer.day for answer in found})
    for earlier, later in itertools.pairwise(found):
        eve = inputs_of(now.scenario.model_copy(update={"as_of": later.day - dt.timedelta(days=1)}), load())
        assert said(eve) == (earlier.option, earlier.status, earlier.ranking)
        assert later.changes or later.others


@pytest.mark.parametrize("name", ready_made())
def test_the_row_in_force_is_the_answer_of_the_day(name: str) -> None:
    now, found = of_example(name)
    row, answer = on_day(found, now.as_of), recommend(now)
    assert row is not None
    assert (row.option, row.status, row.ranking, row.because) == (answer.option, answer.status, answer.ranking, answer.because)
    assert row.totals == pytest.approx({result.id: result.total for result in answer.options if result.considered and result.total is not None})


def said(inputs: Inputs) -> tuple[Any, ...]:
    try:
        answer = recommend(inputs)
    except BadInput:
        return None, None, ()
    return answer.option, answer.status, answer.ranking


def test_a_price_that_no_considered_option_uses_makes_no_row() -> None:
    for catalog in (load(), with_row(99.0, "e2b.vcpu"), with_row(99.0, "claude-haiku-4-5.input")):
        assert LATER not in {answer.day for answer in through_time(inputs(catalog))}


def test_a_row_that_repeats_the_price_makes_no_row() -> None:
    price = load().prices[SESSION].rows[-1].price
    assert LATER not in {answer.day for answer in through_time(inputs(with_row(price)))}


def test_before_the_first_row_there_is_no_answer() -> None:
    found = through_time(inputs())
    assert on_day(found, found[0].day - dt.timedelta(days=1)) is None
    assert on_day(found, LATER) is found[-1]


# -- what a row says ---------------------------------------------------------------------------------------


def test_a_price_that_rises_flips_the_recommendation_and_the_row_says_why() -> None:
    found = through_time(inputs(with_row(800.0)))
    row, before = on(found, LATER), found[-2]
    assert (before.option, row.flipped) == ("managed-agents", True)
    assert row.option == row.cheapest != "managed-agents"
    (change,) = row.changes
    assert change.price_id == SESSION
    assert change.before is not None
    assert change.after is not None
    assert (change.before.amount, change.after.amount) == (listed_before(), 800.0)
    assert change.after.effective_from == LATER
    assert change.after.source.url
    assert row.sentence.startswith("The recommendation changes from Claude Managed Agents to ")
    assert "Managed Agents is up from about " in row.sentence


def test_a_price_that_moves_without_a_flip_keeps_the_recommendation() -> None:
    rise = listed_before() / 8
    row = on(through_time(inputs(with_row(listed_before() + rise))), LATER)
    assert not row.flipped
    assert row.sentence.startswith("Still Claude Managed Agents, up from about ")
    # 3 agents x 1 session x 22 days x 1 hour or whatever the estimates say: the total moves by that quantity x the rise over the horizon
    hours = next(item.quantity for item in _bill() if item.price.id == SESSION)
    without = on_day(through_time(inputs()), LATER)
    assert without is not None
    assert 0 < row.totals["managed-agents"] - without.totals["managed-agents"] <= float(hours) * rise * 24 + 1e-6


def _bill() -> tuple[Any, ...]:
    costed = recommend(inputs()).result("managed-agents").costed
    assert costed is not None
    return costed.bill.items


def test_a_withdrawn_price_takes_its_option_out() -> None:
    row = on(through_time(inputs(with_row(None))), LATER)
    assert "managed-agents" not in row.totals
    assert [(change.price_id, change.after) for change in row.changes] == [(SESSION, None)]
    assert "no price" in row.sentence


def test_a_negotiated_price_does_not_follow_the_list() -> None:
    found = through_time(inputs(with_row(800.0), overrides={"prices": {SESSION: 0.05}}))
    assert LATER not in {answer.day for answer in found}
    assert all(change.price_id != SESSION for answer in found for change in answer.changes)


def test_a_first_price_says_that_none_was_known_before() -> None:
    row = on(through_time(inputs()), dt.date(2026, 9, 18))  # AgentCore V2
    assert {change.before for change in row.changes if change.price_id.startswith("agentcore-v2")} == {None}
    assert "With a first known price: AgentCore V2." in row.sentence


def test_a_charge_that_begins_or_ends_is_told_though_no_price_changed() -> None:
    fleet = [{"name": "t", "agents": 3, "per_session": {"memory_events": 500, "memory_records": 5}}]
    row = on(through_time(inputs(fleet=fleet, consider=["agentcore-v1"])), dt.date(2026, 10, 6))
    assert any("Memory events" in sentence for sentence in row.others)


def test_a_charge_that_ends_on_a_day_without_any_other_change_makes_a_row() -> None:
    catalog, day = load(), dt.date(2026, 12, 24)
    assert day not in catalog.change_days()
    option = catalog.options["agentcore-v1"]
    ending = {"ending": day}
    meters = tuple(meter.model_copy(update=ending) if getattr(meter, "quantity", "") == "tool_calls" else meter for meter in option.meters)
    options = {**catalog.options, option.id: option.model_copy(update={"meters": meters})}
    fleet = [{"name": "t", "agents": 3, "per_session": {"tool_calls": 500}}]
    before, row = through_time(inputs(dataclasses.replace(catalog, options=options), fleet=fleet, consider=[option.id]))[-2:]
    assert row.day == day
    assert row.totals[option.id] < before.totals[option.id]
    assert row.others == ("AgentCore V1: Gateway tool calls ends.",)


def test_a_price_that_only_turns_the_rule_makes_a_row() -> None:
    """The bill on which question 2 is answered is not considered: what is recommended stays, how far the rule agrees does not."""
    before, row = through_time(inputs(with_row(0.0001), consider=["vps"], team={"platform_talent": "bench"}))[-2:]
    assert row.day == LATER
    assert (before.option, before.status, row.option, row.status) == ("vps", "disagree", "vps", "agree")
    assert "(now " in row.sentence


def test_a_price_that_does_not_even_turn_the_rule_makes_no_row() -> None:
    found = through_time(inputs(with_row(0.081), consider=["vps"], team={"platform_talent": "bench"}))
    assert LATER not in {answer.day for answer in found}


def test_a_blank_model_follows_the_day_and_a_named_one_does_not() -> None:
    words = [sentence for answer in through_time(inputs()) for sentence in answer.others]
    assert any(sentence.startswith("Where no model is named, Claude Sonnet 5.5") for sentence in words)
    named = through_time(inputs(fleet=[{"name": "t", "agents": 3, "model_mix": {"claude-sonnet-5": 1}}]))
    assert not any("Where no model is named" in sentence for answer in named for sentence in answer.others)


def test_servers_of_a_growing_fleet_are_all_looked_at() -> None:
    growing = inputs(fleet=[{"name": "t", "agents": 2, "agents_in_12_months": 200}])
    found = through_time(growing)
    assert all(answer.changes or answer.others for answer in found)


# -- days without an answer --------------------------------------------------------------------------------


def test_a_day_that_cannot_be_answered_is_a_row_that_says_why() -> None:
    found = through_time(inputs(fleet=[{"name": "t", "agents": 3, "tokens_per_session": LIGHT}], consider=["vps"], team={"platform_talent": "bench"}))
    early = on_day(found, dt.date(2026, 3, 1))
    assert early is not None
    assert early.option is None
    assert early.unanswered is not None
    assert SESSION in early.unanswered
    assert early.unanswered in early.sentence
    assert on(found, dt.date(2026, 4, 8)).option == "vps"


def test_a_scenario_that_no_day_can_price_is_one_row() -> None:
    (row,) = through_time(inputs(consider=["managed-agents-own-service"]))
    assert (row.day, row.option, row.totals) == (DAY, None, {})
    assert row.unanswered is not None
    assert "licence" in row.unanswered
