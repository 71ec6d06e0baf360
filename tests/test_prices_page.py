"""Prices and sources, driven without a browser: what each section shows, what a filter leaves, and what an own price does elsewhere."""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from decision import charts, claims
from decision.catalog import EUR_USD
from decision.catalog.history import stale_prices
from decision.loading import load
from decision.recommendation import recommend
from decision.recommendation.through_time import through_time
from decision.scenario import Inputs, inputs_of, scenario_from
from decision.scenario.link import link_code
from decision.ui.prices.listings import NONE, THIRD, VENDOR, Listing, listings, matching, ordered
from decision.words import money
from tests.page_driver import title

pytestmark = pytest.mark.usefixtures("whole_page_runs")

UI = Path(__file__).parents[1] / "decision" / "ui"
DAY = dt.date(2026, 11, 20)
SESSION = "managed-agents.session"
LICENCE = "managed-agents-own-service.licence"
HOSTILE = "<script>alert(1)</script> $x$ **b** <img src=x onerror=alert(2)>"


def opened(section: str = "prices", *, said: dict[str, Any] | None = None, theme: str = "light", **chosen: Any) -> AppTest:
    """The page with a scenario of that day, a section, and filters."""
    page = AppTest.from_file(str(UI / "main.py"), default_timeout=120)
    page.query_params["s"] = link_code(scenario_from({"as_of": DAY.isoformat(), "fleet": [{"agents": 3}], **(said or {})}))
    page.context = {"theme": theme}
    page.run()
    page.switch_page(str(UI / "prices" / "screen.py"))
    for name, value in {"price_section": section, **chosen}.items():
        page.session_state[name] = value
    return page.run()


def markup(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(block.proto.body for block in page.get("html"))


def words(page: AppTest) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup(page))))


def ids(page: AppTest) -> list[str]:
    return re.findall(r'<small class="code">([^<]+)</small>', markup(page))


def inputs(page: AppTest) -> Inputs:
    found: Inputs = page.session_state.sheet.inputs
    return found


@pytest.fixture(scope="module")
def known() -> tuple[Listing, ...]:
    return listings(load(), DAY)


# -- every price -------------------------------------------------------------------------------------------


def test_the_page_opens_with_a_page_of_prices_and_counts_them_all() -> None:
    page = opened()
    assert page.title[0].value == "Prices and sources"
    assert ids(page) == list(load().prices)[:20]
    assert f"{len(load().prices)} prices of {len(set(load().vendors.values()))} vendors on 20 Nov 2026" in words(page)


def test_search_finds_every_word_in_any_order() -> None:
    page = opened(price_words="OUTPUT sonnet-5-5")
    assert ids(page) == [price_id for price_id in load().prices if "sonnet-5-5" in price_id and "output" in price_id]


def test_a_search_without_a_hit_says_what_to_do_and_is_never_markup() -> None:
    page = opened(price_words=HOSTILE)
    assert "No price fits all of these" in words(page)
    assert "<script" not in markup(page)
    assert "<img" not in markup(page)


def test_filters_narrow_and_join(known: tuple[Listing, ...]) -> None:
    both = next(name for name in load().vendors.values() if {VENDOR, THIRD} <= {one.evidence for one in known if one.vendor == name})
    for evidence in (VENDOR, THIRD):
        expected = [one.id for one in known if one.vendor == both and one.evidence == evidence]
        assert expected
        assert ids(opened(price_vendor=both, price_evidence=[evidence])) == expected[:20]


def test_only_what_the_options_use(known: tuple[Listing, ...]) -> None:
    page = opened(price_used=True)
    used = {item.price.id for r in recommend(inputs(page)).options if r.considered and r.costed for item in r.costed.bill.items}
    in_euros = {EUR_USD} if any(load().series(price_id).currency == "EUR" for price_id in used & set(load().prices)) else set()
    assert set(ids(page)) == used & set(load().prices) | in_euros
    assert SESSION in ids(page)
    assert len(ids(page)) < len(known)


def test_stale_ones_are_flagged_by_an_age_that_can_be_changed() -> None:
    for age in (90, 200):
        page = opened(price_stale=True, price_age=age, price_order="oldest")
        expected = stale_prices(load(), DAY, age)
        assert f"{len(expected)} prices, {len(expected)} of them not read for more than {age} days" in words(page)
        assert markup(page).count('class="tag stale"') == min(20, len(expected))
        assert ids(page)[0] == expected[0].price.id


def test_nothing_is_stale_within_the_longest_age() -> None:
    page = opened(price_words=SESSION, price_age=365)
    assert "2 prices, none stale" in words(page)
    assert 'class="tag stale"' not in markup(page)


def test_history_holds_every_row_and_marks_those_to_come() -> None:
    price_id = next(i for i, series in load().prices.items() if [row.effective_from > DAY for row in series.rows] == [False, True])
    page = opened(price_words=price_id)
    table = markup(page).split("<details>")[ids(page).index(price_id) + 1].split("</details>")[0]
    assert table.count('<th scope="row">') == len(load().prices[price_id].rows)
    assert "still to come" in table
    assert "1 change ahead" in table


def test_an_unknown_price_is_none_with_its_reason_and_never_zero() -> None:
    page = opened(price_words=LICENCE)
    assert ids(page) == [LICENCE]
    assert "none" in words(page)
    assert "$0" not in words(page)
    assert "no price on 2026-11-20" in words(page)


def test_the_kind_of_source_is_told_in_words_and_by_its_line(known: tuple[Listing, ...]) -> None:
    third = next(listing for listing in known if listing.evidence == THIRD)
    page = opened(price_words=third.id)
    assert re.search(r'class="tag third">third party', markup(page))
    page = opened(price_words=SESSION)
    assert 'class="tag">vendor&#x27;s own page<' in markup(page)
    assert 'href="https://' in markup(page)


def test_prices_of_the_day_of_the_scenario_are_shown() -> None:
    page = opened(said={"as_of": "2026-03-01"}, price_words=SESSION)
    ahead = len([row for row in load().series(SESSION).rows if row.effective_from > dt.date(2026, 3, 1)])
    assert "on 1 Mar 2026" in words(page)
    assert f"{ahead} change{'s' if ahead > 1 else ''} ahead: 8 Apr 2026" in words(page)


def test_listings_match_and_sort(known: tuple[Listing, ...]) -> None:
    assert {listing.evidence for listing in matching(known, evidence=(VENDOR, NONE))} == {VENDOR, NONE}
    assert matching(known, only={SESSION}) == [listing for listing in known if listing.id == SESSION]
    oldest = [listing.read for listing in ordered(known, "oldest") if listing.read]
    assert oldest == sorted(oldest)
    latest = [listing.price.effective_from for listing in ordered(known, "latest") if listing.price]
    assert latest == sorted(latest, reverse=True)
    assert ordered(known, "latest")[-1].price is None
    assert ordered(known, "oldest")[-1].read is None
    assert ordered(known, "vendor") == list(known)


# -- own prices --------------------------------------------------------------------------------------------


def own(page: AppTest, price_id: str) -> Any:
    """The field of a team's own price."""
    return next(box for box in page.text_input if price_id in str(box.key))


def test_an_own_price_reaches_every_figure_and_undo_takes_it_back() -> None:
    page = opened("own", own_price_choice=SESSION)
    before = recommend(inputs(page))
    own(page, SESSION).set_value("0.06").run()
    assert inputs(page).scenario.overrides.prices[SESSION].likely == 0.06
    now = recommend(inputs(page))
    assert now.result("managed-agents").monthly < before.result("managed-agents").monthly
    page.switch_page(str(UI / "decide" / "screen.py")).run()
    assert title(page).endswith(f"{money(now.recommended.monthly)} a month")
    page.switch_page(str(UI / "prices" / "screen.py")).run()
    assert "1 own price." in words(page)
    page.button(key="undo").click().run()
    assert not inputs(page).scenario.overrides.prices


def test_an_own_price_stands_in_the_table_beside_the_list_price() -> None:
    page = opened(said={"overrides": {"prices": {SESSION: "0.05 to 0.07"}}}, price_words=SESSION)
    assert "$0.05 to 0.07 your price list $0.08" in words(page)


def test_an_own_price_travels_in_the_link() -> None:
    page = opened("own", own_price_choice=SESSION)
    own(page, SESSION).set_value("0.05 to 0.07").run()
    again = opened("own", said=inputs(page).scenario.model_dump(mode="json", exclude_defaults=True))
    amount = inputs(again).scenario.overrides.prices[SESSION]
    assert (amount.low, amount.high) == (0.05, 0.07)
    assert own(again, SESSION).value == "0.05 to 0.07"


@pytest.mark.parametrize(
    ("typed", "reason"), [("12,5", "comma"), ("-1", "at least 0"), ("cheap", "not a number"), (HOSTILE, "not a number"), ("1e12", "at most")]
)
def test_what_cannot_be_used_stays_with_a_sentence(typed: str, reason: str) -> None:
    page = opened("own", own_price_choice=SESSION)
    own(page, SESSION).set_value(typed).run()
    assert not inputs(page).scenario.overrides.prices
    assert own(page, SESSION).value == typed[:60]
    (problem,) = [block.value for block in page.markdown if block.value.startswith(":red[")]
    assert reason in problem.replace("\\", "")
    assert not re.search(r"(?<!\\)(<script|\$x|\*\*b|<img)", problem)
    own(page, SESSION).set_value("0.06").run()
    assert inputs(page).scenario.overrides.prices[SESSION].likely == 0.06


def test_an_own_price_is_removed_and_undo_brings_it_back() -> None:
    page = opened("own", said={"overrides": {"prices": {SESSION: 0.06}}})
    next(button for button in page.button if button.label == "Remove").click().run()
    assert not inputs(page).scenario.overrides.prices
    assert "You have none yet" in words(page)
    page.button(key="undo").click().run()
    assert inputs(page).scenario.overrides.prices[SESSION].likely == 0.06
    assert own(page, SESSION).value == "0.06"


def test_a_price_that_was_never_published_can_be_given() -> None:
    page = opened("own", said={"consider": ["managed-agents-own-service", "vps"]}, own_price_choice=LICENCE)
    assert own(page, LICENCE).placeholder == "no list price"
    own(page, LICENCE).set_value("500").run()
    assert recommend(inputs(page)).result("managed-agents-own-service").costed is not None


# -- the answer through time -------------------------------------------------------------------------------


def test_the_answer_through_time_is_that_of_the_engine() -> None:
    page = opened("time")
    found = through_time(inputs(page))
    assert f"priced on {len(found)} days" in words(page)
    assert markup(page).count("recommendation changes</b>") == sum(answer.flipped for answer in found)
    assert markup(page).count("in force on your day") == 1
    for answer in found:
        assert answer.sentence in words(page).replace(" .", ".")


def test_the_chart_has_words_and_a_table() -> None:
    page = opened("time", table_through_time=True)
    (figure,) = page.get("vega_lite_chart")
    assert "Recommended:" in str(figure.proto)
    assert "Total cost in US dollars at the prices of each day" in words(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_draw_with_their_own_palette(theme: str) -> None:
    (figure,) = opened("time", theme=theme).get("vega_lite_chart")
    assert ("#eef2f8" in figure.proto.spec) is (theme == "dark")


def test_own_prices_are_said_to_hold_on_every_day() -> None:
    assert "Your own prices are taken on every day" in words(opened("time", said={"overrides": {"prices": {SESSION: 0.06}}}))


def test_a_scenario_without_an_answer_says_why() -> None:
    page = opened("time", said={"consider": ["managed-agents-own-service"]})
    assert "No answer" in words(page)
    assert "licence" in words(page)
    assert not page.get("vega_lite_chart")


def test_chart_rows_cover_every_day_and_break_where_there_is_no_price() -> None:
    found = through_time(inputs_of(scenario_from({"fleet": [{"agents": 3}]}), load(), DAY))
    rows = charts.history_rows(found, DAY, DAY, load().options, money, "light")
    assert len(rows["main"]) == 2 * sum(len(answer.totals) for answer in found)
    assert rows["strip"][0]["at"] == dt.datetime(found[0].day.year, found[0].day.month, found[0].day.day, tzinfo=dt.UTC).timestamp() * 1000
    assert all(earlier["end"] == later["at"] for earlier, later in zip(rows["strip"], rows["strip"][1:], strict=False))
    assert rows["ahead"] == []
    periods = charts.periods(found)
    assert [answer for period in periods for answer in period.answers] == list(found)
    assert all(period.answers[0].flipped for period in periods[1:])


# -- published claims --------------------------------------------------------------------------------------


def test_every_claim_is_shown_with_its_working() -> None:
    page = opened("claims")
    found = claims.recomputed(load())
    assert f"{len(found)} published claims" in words(page)
    assert f"{sum(claim.claim.verdict == 'correct' for claim in found)} are correct" in words(page)
    assert markup(page).count("<details>") == len(found)
    for claim in found:
        for figure in claim.figures:
            assert html.escape(figure.working) in markup(page)


def test_claims_filter_by_verdict_source_and_result() -> None:
    found = claims.recomputed(load())
    source = next(iter(load().claims.sources))
    page = opened("claims", claim_verdicts=["wrong", "outdated"])
    assert markup(page).count("<details>") == sum(claim.claim.verdict in ("wrong", "outdated") for claim in found)
    page = opened("claims", claim_sources=source)
    assert markup(page).count("<details>") == sum(source in claim.claim.sources for claim in found)
    page = opened("claims", claim_results=claims.Result.DISAGREE)
    assert markup(page).count("<details>") == sum(claim.result is claims.Result.DISAGREE for claim in found)
    page = opened("claims", claim_verdicts=["correct"], claim_results=claims.Result.DISAGREE)
    assert "No claim fits all of these" in words(page)
