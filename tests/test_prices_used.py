"""The prices that an answer rests on: when they were last confirmed, and which have changed since a decision was taken."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from decision.__main__ import main
from decision.catalog.history import last_read
from decision.loading import load
from decision.recommendation import Recommendation, recommend
from decision.recommendation.prices_used import Confirmed, changed_since, changes_sentence, last_confirmed, prices_used
from decision.scenario import inputs_of, read_scenario, ready_made, scenario_from
from decision.scenario.link import link_code
from tests.test_pages import opened, texts

DAY = dt.date(2026, 11, 25)


def answer(name: str = "weekly-batch", day: dt.date = DAY, **changes: Any) -> Recommendation:
    scenario = read_scenario(ready_made()[name]).model_copy(update={"as_of": day})
    if changes:
        scenario = scenario_from(scenario.model_dump(mode="json", exclude_unset=True) | changes)
    return recommend(inputs_of(scenario, load(), DAY))


def test_the_oldest_and_the_latest_reading_of_what_is_on_the_bills() -> None:
    found = answer()
    on_bills = {item.price.id for result in found.considered if result.costed for item in result.costed.bill.items}
    assert prices_used(found) == on_bills | {"fx.eur-usd"}  # a server in euro is among them
    days = {price_id: last_read(load(), price_id, DAY) for price_id in on_bills | {"fx.eur-usd"} if price_id in load().prices}
    read = {price_id: day for price_id, day in days.items() if day is not None}
    confirmed = last_confirmed(found)
    assert confirmed is not None
    assert (confirmed.first, confirmed.last) == (min(read.values()), max(read.values()))
    assert read[confirmed.oldest] == confirmed.first


def test_an_own_price_is_nobodys_to_confirm() -> None:
    confirmed = last_confirmed(answer())
    assert confirmed is not None
    own = last_confirmed(answer(overrides={"prices": {confirmed.oldest: 1.2}}))
    assert own is not None
    assert own.oldest != confirmed.oldest
    assert own.first >= confirmed.first


def test_in_words() -> None:
    first, last = dt.date(2026, 5, 27), dt.date(2026, 10, 9)
    assert Confirmed("fx.eur-usd", first, last).sentence == "Prices last confirmed between 27 May 2026 (fx.eur-usd) and 9 Oct 2026."
    assert Confirmed("fx.eur-usd", last, last).sentence == "Prices last confirmed on 9 Oct 2026."


def test_what_changed_since_a_decision() -> None:
    """hetzner.yaml: the CPX22 cost less until 2026-06-15."""
    then = answer(day=dt.date(2026, 6, 1))
    (change,) = changed_since(then, DAY)
    assert change.price_id == "hetzner.cpx22"
    assert change.before is not None
    assert change.after is not None
    assert change.before.amount < change.after.amount
    assert changes_sentence(then, DAY).startswith("Changed since 1 Jun 2026: hetzner.cpx22 $")
    assert (changed_since(then, dt.date(2026, 6, 2)), changes_sentence(answer(), DAY)) == ((), "")
    assert changed_since(then, dt.date(2026, 5, 1)) == ()  # nothing has changed before it was decided


def test_prices_diff_of_a_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["prices", "diff", "--used-by", "weekly-batch", "--from", "2026-06-01", "--to", "2026-11-25", "--format", "json"]
    assert main(asked) == 1
    assert [change["id"] for change in json.loads(capsys.readouterr().out)["changes"]] == ["hetzner.cpx22"]
    assert main(["prices", "diff", "--to", "2026-11-25"]) == 2
    assert "--from is missing. Give the earlier day, or with --used-by a scenario that has one." in capsys.readouterr().err


@pytest.mark.usefixtures("whole_page_runs")
def test_the_page_says_when_prices_were_confirmed_and_what_changed_since() -> None:
    scenario = read_scenario(ready_made()["weekly-batch"]).model_copy(update={"as_of": dt.date(2026, 6, 1)})
    page: AppTest = opened(link_code(scenario))
    confirmed = last_confirmed(answer(day=dt.date(2026, 6, 1)))
    assert confirmed is not None
    assert confirmed.sentence in texts(page)
    assert "Changed since 1 Jun 2026: hetzner.cpx22" in texts(page)
