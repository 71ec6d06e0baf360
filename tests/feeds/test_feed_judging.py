"""What a reading means for a price on file: levels, refusals, prices to come, and answers that speak of an older day."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from decision import strict_yaml
from decision.loading import load
from tests.feeds.kept_answers import DAY, changed, feed, finding, gemini, linode, run, second_opinion, verdict


def test_the_sellers_own_feed_within_a_fifth_is_plain(answers: Path) -> None:
    linode(answers, g6_standard_1=13)
    found = run(answers)
    assert verdict(found, "linode.2gb") == ("changed", "plain", "")
    (row,) = found.rows
    assert (row.price_id, row.on_file, row.read, row.effective_from, row.dated_by) == ("linode.2gb", 12, 13, DAY, "reading")


def test_the_sellers_own_feed_beyond_a_fifth_is_looked_at(answers: Path) -> None:
    linode(answers, g6_standard_1=18)
    assert verdict(run(answers), "linode.2gb") == ("changed", "look", "it moved by over a fifth")


@pytest.mark.parametrize(("monthly", "factor"), [(120, "10"), (1.2, "10"), (12000, "1,000"), (0.2, "60"), (720, "60"), (43200, "3,600")])
def test_a_factor_that_units_are_made_of_is_blocked_and_named(answers: Path, monthly: float, factor: str) -> None:
    linode(answers, g6_standard_1=monthly)
    found = run(answers)
    assert verdict(found, "linode.2gb") == ("changed", "blocked", f"it differs by a factor of {factor}, as units do")
    assert found.rows == ()


def test_tax_is_named(answers: Path) -> None:
    changed(answers, "ovh", '"price": 2060000', f'"price": {2060000 + 391400}')
    assert verdict(run(answers), "ovh.d2-4") == ("changed", "blocked", "it differs by a factor of 1.19, as a price with German VAT does")


def test_a_month_of_other_hours_is_named(answers: Path) -> None:
    changed(answers, "ovh", '"price": 40920000', f'"price": {round(40920000 * 744 / 730)}')
    assert verdict(run(answers), "ovh.b3-64")[1:] == ("blocked", "it differs by 744 / 730, as a month of 744 hours does")


def test_many_at_once_are_looked_at(answers: Path) -> None:
    linode(answers, g6_standard_1=13, g6_standard_2=26, g6_standard_4=52)
    assert verdict(run(answers), "linode.4gb") == ("changed", "look", "3 of the feed's prices move at once")


def test_a_third_party_and_a_second_opinion_that_agree(answers: Path) -> None:
    gemini(answers, "2.75")
    second_opinion(answers, "2.75")
    assert verdict(run(answers), "gemini-2.5-flash.output") == ("changed", "plain", "litellm agrees")
    gemini(answers, "5")
    second_opinion(answers, "5")
    assert verdict(run(answers), "gemini-2.5-flash.output") == ("changed", "look", "it moved by over a fifth")


def test_a_third_party_and_a_second_opinion_that_do_not(answers: Path) -> None:
    gemini(answers, "2.75")
    assert verdict(run(answers), "gemini-2.5-flash.output") == ("changed", "blocked", "litellm still says 2.5")
    second_opinion(answers, "2.6")
    assert verdict(run(answers), "gemini-2.5-flash.output") == ("changed", "blocked", "litellm says 2.6")


def test_a_third_party_alone(answers: Path) -> None:
    (answers / "litellm.answer").unlink()
    gemini(answers, "2.75")
    assert verdict(run(answers), "gemini-2.5-flash.output") == ("changed", "look", "one third party alone says so")
    gemini(answers, "5")
    assert verdict(run(answers), "gemini-2.5-flash.output") == ("changed", "blocked", "it moved by over a fifth, and one third party alone says so")


def test_the_seller_before_the_others_have_followed(answers: Path) -> None:
    changed(answers, "claude-pricing", "| Claude Opus 5.5 | $4 / MTok |", "| Claude Opus 5.5 | $4.20 / MTok |")
    changed(answers, "claude-pricing", "| Claude Opus 5.5 | $2 / MTok |", "| Claude Opus 5.5 | $2.10 / MTok |")
    found = run(answers)
    assert verdict(found, "claude-opus-5-5.input", "claude-pricing")[:2] == ("changed", "look")
    assert verdict(found, "claude-opus-5-5.input", "genai-anthropic") == ("same", "", "")
    assert [row.feed for row in found.rows] == ["claude-pricing", "claude-pricing"]


def test_a_second_opinion_never_makes_a_row(answers: Path) -> None:
    second_opinion(answers, "99")
    found = run(answers)
    assert (found.rows, verdict(found, "gemini-2.5-flash.output")[0]) == ((), "same")
    assert feed(found, "litellm").findings == ()


def test_litellms_own_mistake_in_a_cache_price_is_nobodys_row(answers: Path) -> None:
    """2.5 -> 0.25: the cache read copied to the cache write, as in the kept answer."""
    path = answers / "genai-anthropic.answer"
    content = strict_yaml.read("answer", path.read_text(encoding="utf-8"))
    entry = next(entry for entry in content["models"] if entry["id"] == "claude-sonnet-5-5")
    prices = entry["prices"] if isinstance(entry["prices"], dict) else entry["prices"][-1]["prices"]
    prices["cache_write_mtok"] = prices["cache_read_mtok"]
    path.write_text(json.dumps(content, default=str), encoding="utf-8")
    found = finding(run(answers), "claude-sonnet-5-5.cache_write_5m", "genai-anthropic")
    assert (found.status, found.level) == ("changed", "blocked")


def test_a_broken_relation_is_blocked(answers: Path) -> None:
    changed(answers, "claude-pricing", "| Claude Opus 5.5 | $4 / MTok |", "| Claude Opus 5.5 | $4.20 / MTok |")  # and batch stays
    assert verdict(run(answers), "claude-opus-5-5.input", "claude-pricing") == ("changed", "blocked", "batch input is not half of input")


def test_back_at_the_price_before_is_looked_at(answers: Path, folder: Path) -> None:
    linode(answers, g6_standard_1=13)
    run(answers, load(folder), "linode", write=True)
    linode(answers, g6_standard_1=12)
    load.cache_clear()
    again = run(answers, load(folder), "linode", day=DAY + dt.timedelta(days=40))
    assert verdict(again, "linode.2gb") == ("changed", "look", "it is back at the price before")


def test_zero_and_less_are_no_prices(answers: Path) -> None:
    linode(answers, g6_standard_1=0, g6_standard_2=-1)
    found = run(answers)
    assert verdict(found, "linode.2gb") == ("refused", "", "0 stands where a price is on file")
    assert verdict(found, "linode.4gb") == ("refused", "", "-1 is not a price")
    assert found.rows == ()


def test_a_price_that_lacks_is_missing_and_never_zero(answers: Path) -> None:
    linode(answers, g6_standard_1=None)
    found = run(answers)
    assert (finding(found, "linode.2gb").status, finding(found, "linode.2gb").read) == ("missing", None)
    assert "linode.2gb" not in {price_id for visit in feed(found, "linode").visits for price_id in (*visit.confirmed, *visit.differs)}


def test_another_currency_is_refused(answers: Path) -> None:
    changed(answers, "ovh", '"currencyCode": "EUR"', '"currencyCode": "GBP"')
    assert verdict(run(answers), "ovh.d2-4") == ("refused", "", "it is in GBP, not in EUR")


def test_another_unit_is_refused(answers: Path) -> None:
    changed(answers, "aws-agentcore", '"unit": "Invocations"', '"unit": "1K Invocations"')
    assert verdict(run(answers), "agentcore.gateway-invoke") == ("refused", "", 'its unit is "1K Invocations", not "Invocations"')


def test_several_prices_under_one_key_are_refused(answers: Path) -> None:
    changed(answers, "skypilot-lambda", "31.92,us-west-2", "33.92,us-west-2")
    assert verdict(run(answers), "lambda.h100-sxm-8x") == ("refused", "", "2 prices stand under the one key gpu_8x_h100_sxm5")


def test_a_key_that_only_begins_alike_is_another_thing(answers: Path) -> None:
    changed(answers, "genai-anthropic", "id: claude-opus-5\n", "id: claude-opus-5-6\n")
    found = run(answers)
    assert finding(found, "claude-opus-5.input", "genai-anthropic").status == "missing"
    changed(answers, "ovh", '"b3-8.consumption"', '"b3-8.consumption.3BZ"')
    assert finding(run(answers), "ovh.b3-8").status == "missing"


def test_a_withdrawn_price_is_not_revived(answers: Path, folder: Path) -> None:
    prices = folder / "prices" / "linode.yaml"
    prices.write_text(
        prices.read_text(encoding="utf-8").replace(
            "      - {effective_from: 2026-09-17, price: 12, source: types, dated_by: reading}\n",
            "      - {effective_from: 2026-09-17, price: 12, source: types, dated_by: reading}\n"
            "      - {effective_from: 2026-10-01, price: null, source: types, dated_by: reading}\n",
        ),
        encoding="utf-8",
    )
    found = run(answers, load(folder), "linode")
    assert verdict(found, "linode.2gb") == ("refused", "", "it has no price on file: whether it is back is for a person to say")
    assert found.rows == ()
