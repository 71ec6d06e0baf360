"""What people do on the Decide page, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from decision.loading import load
from decision.scenario import read_scenario, ready_made, scenario_from
from decision.scenario.link import link_code, open_link
from tests.e2e.decide import Decide
from tests.e2e.settling import settled
from tests.e2e.visits import PHONE, TALL, TALL_PHONE, screenshot

Opened = Callable[..., Page]
MONEY = re.compile(r"\$[\d,]+(\.\d\d)? a month$")
HOSTILE = (
    "<img src=x onerror=window.taken=1>",
    "<script>window.taken=1</script>",
    "[click](javascript:alert(1))",
    "$x^2$ **bold** :red[red]",
)


def link_in(url: str) -> str:
    """The link code in an address."""
    return parse_qs(urlsplit(url).query)["s"][0]


def agents_in(url: str) -> tuple[float, float, float]:
    """Low, likely and high number of agents of the first group in the scenario that an address carries."""
    amount = open_link(link_in(url), load()).scenario.fleet[0].agents
    assert amount is not None
    return amount.low, amount.likely, amount.high


def test_a_first_visit_ends_at_a_verdict_with_its_reason(opened: Opened) -> None:
    page = opened()
    decide = Decide(page)
    expect(decide.headline).to_have_text(MONEY)
    expect(decide.because).to_contain_text(re.compile(r"\w+ .*\."))
    assert decide.options.count() == 5
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(2)
    for chart in page.get_by_test_id("stVegaLiteChart").all():
        expect(chart.locator("svg.marks path, svg.marks text").first).to_be_attached()
    assert len(decide.way.all()) >= 2
    screenshot(page, "first-visit")


def test_every_example_has_an_answer_and_its_own_link(opened: Opened) -> None:
    decide = Decide(opened())
    examples = {name: read_scenario(path) for name, path in ready_made().items()}
    links = set()
    for scenario in examples.values():
        decide.start_from(scenario.name)
        assert link_in(decide.page.url) == link_code(scenario)
        expect(decide.example).to_have_value(scenario.name)
        expect(decide.headline).to_have_text(MONEY)
        links.add(decide.page.url)
    assert len(links) == len(examples) >= 11


@pytest.mark.parametrize(
    ("question", "answer", "leads_to"),
    [
        ("constraints.models", "Other models too", "not only Claude"),
        ("fleet.0.load", "In bursts", "bursty load"),
    ],
)
def test_answering_a_question_changes_the_way_through_the_flow(opened: Opened, question: str, answer: str, leads_to: str) -> None:
    decide = Decide(opened())
    expect(decide.way.filter(has_text=leads_to)).to_have_count(0)
    decide.choose(question, answer)
    expect(decide.way.filter(has_text=leads_to)).to_have_count(1)


def test_other_models_rule_out_what_runs_claude_alone(opened: Opened) -> None:
    decide = Decide(opened())
    managed = decide.options.filter(has_text="Managed Agents")
    expect(managed).not_to_contain_text("Ruled out")
    decide.choose("constraints.models", "Other models too")
    expect(managed).to_contain_text("Ruled out")
    expect(decide.headline).not_to_contain_text("Managed Agents")


def test_more_agents_raise_the_bill_and_ask_for_platform_talent(opened: Opened) -> None:
    decide = Decide(opened())
    before = decide.headline.inner_text()
    decide.type(decide.agents, "30")
    expect(decide.way.filter(has_text="3 or more agents")).to_have_count(1)
    expect(decide.headline).not_to_have_text(before, use_inner_text=True)
    decide.choose("team.platform_talent", "Yes, on the bench")
    expect(decide.way.filter(has_text="on the bench")).to_have_count(1)


def test_more_tokens_change_what_question_two_works_out(opened: Opened) -> None:
    decide = Decide(opened())
    worked_out = decide.page.get_by_text("times the managed runtime")
    before = worked_out.inner_text()
    decide.unfold("tokens_0")
    decide.type(decide.field("fleet.0.tokens_per_session.output"), "4,000,000")
    expect(worked_out).not_to_have_text(before, use_inner_text=True)
    expect(worked_out).to_contain_text("at least 10")


def test_a_portable_main_loop_lowers_the_cost_of_leaving(opened: Opened) -> None:
    decide = Decide(opened())
    managed = decide.options.filter(has_text="Managed Agents")
    exit_cost = re.compile(r"exit \$([\d,]+)")
    before = int(exit_cost.findall(managed.inner_text())[0].replace(",", ""))
    decide.unfold("exit")
    decide.portable_loop()
    expect(managed).not_to_contain_text(f"exit ${before:,}")
    assert int(exit_cost.findall(managed.inner_text())[0].replace(",", "")) < before


def test_a_range_moves_the_odds_and_is_kept_as_typed(opened: Opened) -> None:
    decide = Decide(opened())
    odds = decide.page.locator(".dt .figures div", has_text="Odds")
    expect(odds).to_contain_text("%")
    decide.type(decide.agents, "200")
    before = odds.inner_text()
    decide.type(decide.agents, "1 to 900")
    expect(decide.field("fleet.0.agents", "low")).to_have_value("1")
    expect(decide.field("fleet.0.agents", "high")).to_have_value("900")
    expect(odds).not_to_have_text(before, use_inner_text=True)


def test_the_button_beside_a_number_offers_three_points(opened: Opened) -> None:
    decide = Decide(opened())
    decide.offer_range("fleet.0.agents")
    for end, text in (("low", "2"), ("likely", "3"), ("high", "8")):
        field = decide.field("fleet.0.agents", end)
        decide.type(field, text)
        expect(field).to_have_value(text)
    assert agents_in(decide.page.url) == (2, 3, 8)


def test_a_link_opens_the_identical_answer_in_another_browser(opened: Opened) -> None:
    decide = Decide(opened())
    decide.type(decide.agents, "7")
    expect(decide.way.filter(has_text="3 or more agents")).to_have_count(1)
    decide.choose("fleet.0.load", "In bursts")
    decide.share()
    link = urlsplit(decide.page.get_by_test_id("stCode").inner_text().strip())
    assert agents_in(link.geturl()) == (7, 7, 7)
    address = urlsplit(decide.page.url)
    assert (address.netloc, address.query) == (link.netloc, link.query)
    other = Decide(opened(f"/?{link.query}"))
    expect(other.agents).to_have_value("7")
    assert other.answer() == decide.answer()


@pytest.mark.parametrize("code", ["nonsense", "1", "9abc", "1" + "A" * 30_000, "%00%ff"])
def test_a_broken_link_says_so_and_shows_the_first_example(opened: Opened, code: str) -> None:
    page = opened(f"/?s={code}")
    expect(page.get_by_test_id("stAlert").first).to_contain_text("link")
    expect(Decide(page).headline).to_have_text(MONEY)


def test_a_reload_keeps_what_was_typed(opened: Opened) -> None:
    decide = Decide(opened())
    decide.type(decide.agents, "12")
    expect(decide.way.filter(has_text="3 or more agents")).to_have_count(1)
    assert agents_in(decide.page.url) == (12, 12, 12)
    before = decide.answer()
    decide.reload()
    expect(decide.agents).to_have_value("12")
    assert decide.answer() == before


def portable_loop(decide: Decide) -> None:
    """Say in the fold Exit that the main loop is portable."""
    decide.unfold("exit")
    decide.portable_loop()
    decide.unfold("exit")


def dearer_engineers(decide: Decide) -> None:
    """Give the cost of an engineer in the fold Team."""
    decide.unfold("team")
    decide.type(decide.field("team.engineer_cost_per_year"), "250,000")
    decide.unfold("team")


def dearer_engineers_twice(decide: Decide) -> None:
    """The same field again: nothing but numbers changes, so the parts are drawn by the run that called back."""
    decide.unfold("team")
    for typed in ("250,000", "260,000"):
        decide.type(decide.field("team.engineer_cost_per_year"), typed)
    decide.unfold("team")


def longer_horizon(decide: Decide) -> None:
    """Give the horizon in the fold Options and horizon."""
    decide.unfold("options")
    field = decide.page.get_by_role("spinbutton", name="Horizon, months")
    decide.type(field, "36")
    expect(decide.page.get_by_text("Over 36 months").first).to_be_visible()
    decide.unfold("options")


@pytest.mark.parametrize(
    "change",
    [
        lambda decide: decide.type(decide.agents, "30"),
        lambda decide: decide.type(decide.agents, "2 to 90"),
        lambda decide: decide.type(decide.agents, "0"),
        lambda decide: decide.choose("constraints.models", "Other models too"),
        lambda decide: decide.choose("fleet.0.load", "In bursts"),
        lambda decide: decide.choose("team.platform_talent", "Yes, on the bench"),
        portable_loop,
        dearer_engineers,
        dearer_engineers_twice,
        longer_horizon,
    ],
    ids=["agents", "range", "no-agents", "models", "load", "talent", "exit", "team", "team-twice", "horizon"],
)
def test_a_change_draws_all_that_a_reload_draws(opened: Opened, change: Callable[[Decide], None]) -> None:
    # only the parts that show something else are drawn again; one that was forgotten would still say the old thing
    decide = Decide(opened())
    before, address, charts = decide.everything_said(), decide.page.url, decide.page.locator("svg.marks")
    change(decide)
    after, drawn = decide.everything_said(), charts.count()
    assert after != before
    assert decide.page.url != address
    decide.reload()
    expect(charts).to_have_count(drawn)  # a chart of a page that was opened is drawn when the browser has got what draws it
    settled(decide.page)
    assert decide.everything_said() == after


def test_typing_in_a_fold_leaves_it_open_and_keeps_the_focus(opened: Opened) -> None:
    decide = Decide(opened())
    decide.unfold("team")
    field = decide.field("team.engineer_cost_per_year")
    field.fill("250,000")
    field.press("Tab")
    settled(decide.page)
    beside = decide.page.locator(":focus").get_attribute("data-testid")
    expect(decide.page.get_by_text("$250,000 a year per engineer")).to_have_count(0)  # it is open, and sums up nothing
    expect(field).to_have_value("250,000")
    assert decide.page.locator(":focus").get_attribute("data-testid") == beside
    decide.unfold("team")
    expect(decide.page.get_by_text("$250,000 a year per engineer")).to_be_visible()
    decide.unfold("assumed")
    decide.press(decide.page.locator('[class*="st-key-answer_"][class*="pauses_per_session"] button').first)  # a number, not a choice
    decide.type(decide.page.locator(".st-key-fold_assumed").get_by_role("textbox").first, "7")
    expect(decide.page.locator(".st-key-fold_assumed details")).to_have_attribute("open", "")


def test_an_open_table_follows_a_change(opened: Opened) -> None:
    decide = Decide(opened())
    tables = decide.page.get_by_text("The same as a table")
    for n in range(2):
        decide.press(tables.nth(n))
        expect(decide.page.locator(".st-key-card_bill table, .st-key-card_breakeven table")).to_have_count(n + 1)
    shown = decide.page.locator(".st-key-card_bill table, .st-key-card_breakeven table")
    before = shown.all_inner_texts()
    for agents in ("30", "31"):
        decide.type(decide.agents, agents)
    after = shown.all_inner_texts()
    assert all(new != old for new, old in zip(after, before, strict=True))
    for name in ("bill", "breakeven"):  # closed and opened again, each is drawn from nothing
        fold = decide.page.locator(f".st-key-card_{name}").get_by_text("The same as a table")
        decide.press(fold)
        expect(decide.page.locator(f".st-key-card_{name} table")).to_have_count(0)
        decide.press(fold)
        expect(decide.page.locator(f".st-key-card_{name} table")).to_have_count(1)
    assert shown.all_inner_texts() == after


def test_other_pages_have_the_same_answers_and_coming_back_loses_nothing(opened: Opened) -> None:
    decide = Decide(opened())
    decide.type(decide.agents, "12")
    expect(decide.way.filter(has_text="3 or more agents")).to_have_count(1)
    decide.type(decide.field("fleet.0.agents_in_12_months"), "a dozen")
    expect(decide.page.get_by_text("is not a number").first).to_be_visible()
    before = decide.answer()
    pages = decide.page.get_by_test_id("stTopNavLink")
    names = pages.all_inner_texts()
    assert len(names) > 1
    for name in [*names[1:], names[0]]:
        decide.press(pages.filter(has_text=name))
        expect(decide.page.locator("h1").first).to_be_visible()
    expect(decide.agents).to_have_value("12")
    expect(decide.field("fleet.0.agents_in_12_months")).to_have_value("a dozen")
    assert decide.answer() == before


def test_a_line_item_opens_to_its_price_and_source(opened: Opened) -> None:
    decide = Decide(opened())
    line = decide.lines.filter(has_text="Session runtime")
    decide.press(line.locator("summary"))
    working = line.locator(".body")
    expect(working).to_be_visible()
    expect(working).to_contain_text("240 Session-Hours \N{MULTIPLICATION SIGN} $0.08 = $19.20")
    expect(working).to_contain_text(re.compile(r"in force since \d+ \w+ \d{4}, read \d+ \w+ \d{4}"))
    assert (working.get_by_role("link").get_attribute("href") or "").startswith("https://")


def test_what_cannot_be_used_stays_typed_and_is_explained(opened: Opened) -> None:
    decide = Decide(opened())
    before = decide.headline.inner_text()
    for wrong, reason in (("12,5", "comma"), ("-3", "0"), ("many", "number"), ("1e999", "number")):
        decide.type(decide.agents, wrong)
        expect(
            decide.page.locator('[data-testid="stMarkdown"]', has_text=re.compile(reason)).filter(has=decide.page.get_by_text("error"))
        ).not_to_have_count(0)
        expect(decide.agents).to_have_value(wrong)
        assert decide.headline.inner_text() == before
    decide.type(decide.agents, "12.5")
    expect(decide.agents).to_have_value("12.5")
    expect(decide.headline).not_to_have_text(before, use_inner_text=True)


def test_undo_takes_the_last_change_back(opened: Opened) -> None:
    decide = Decide(opened())
    before = decide.answer()
    decide.type(decide.agents, "9")
    expect(decide.way.filter(has_text="3 or more agents")).to_have_count(1)
    decide.press(decide.page.get_by_role("button", name="Undo"))
    expect(decide.agents).to_have_value("1")
    assert decide.answer() == before


def test_starting_again_asks_first(opened: Opened) -> None:
    decide = Decide(opened())
    decide.type(decide.agents, "9")
    again = decide.page.get_by_role("button", name="Start again")
    decide.press(again)
    decide.press(decide.page.get_by_role("button", name="Keep my answers"))
    expect(decide.agents).to_have_value("9")
    decide.press(again)
    decide.press(decide.page.get_by_role("button", name="Replace my answers"))
    expect(decide.agents).to_have_value("1")


def test_a_scenario_file_goes_out_and_comes_back(opened: Opened) -> None:
    decide = Decide(opened())
    decide.type(decide.agents, "6")
    expect(decide.way.filter(has_text="3 or more agents")).to_have_count(1)
    decide.share()
    with decide.page.expect_download() as download:
        decide.page.get_by_role("button", name=re.compile("Download the scenario file")).click()
    content = download.value.path().read_bytes()
    assert read_scenario("scenario.yaml", content).fleet[0].agents.likely == 6

    other = Decide(opened())
    other.share()
    upload = other.page.get_by_test_id("stFileUploaderDropzoneInput")
    upload.set_input_files({"name": "mine.yaml", "mimeType": "application/yaml", "buffer": content})
    expect(other.agents).to_have_value("6")
    settled(other.page)
    assert other.answer() == decide.answer()


def test_a_broken_scenario_file_changes_nothing(opened: Opened) -> None:
    decide = Decide(opened())
    decide.type(decide.agents, "6")
    expect(decide.way.filter(has_text="3 or more agents")).to_have_count(1)
    decide.share()
    upload = decide.page.get_by_test_id("stFileUploaderDropzoneInput")
    upload.set_input_files({"name": "mine.yaml", "mimeType": "application/yaml", "buffer": b"fleet: [{agnets: 3}]"})
    expect(decide.page.get_by_test_id("stAlert").first).to_contain_text("agents")
    expect(decide.agents).to_have_value("6")


def test_what_people_type_is_shown_as_text(opened: Opened) -> None:
    """In a number field and in a text field."""
    decide = Decide(opened())
    decide.unfold("work_0")
    for words in HOSTILE:
        decide.type(decide.agents, words)
        expect(decide.page.get_by_text("is not a number").filter(has_text=words[:20])).to_be_visible()
        decide.type(decide.field("fleet.0.name"), words)
        _assert_harmless(decide.page)


def test_what_a_link_carries_is_shown_as_text(opened: Opened) -> None:
    page = opened(f"/?s={link_code(scenario_from({'name': HOSTILE[0], 'fleet': [{'name': words, 'agents': 2} for words in HOSTILE]}))}")
    for words in HOSTILE:
        expect(page.get_by_text(words).first).to_be_visible()
    _assert_harmless(page)


def _assert_harmless(page: Page) -> None:
    assert page.evaluate("window.taken") is None
    assert page.locator('img[src="x"], a[href^="javascript:"]').count() == 0
    assert page.locator(".katex").count() == 0


def test_a_phone_shows_the_verdict_first_and_nothing_runs_off_the_side(opened: Opened) -> None:
    page = opened(viewport=PHONE, has_touch=True, is_mobile=True)
    box = Decide(page).headline.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < PHONE["height"]
    too_wide = page.evaluate("""() => [...document.querySelectorAll('[data-testid="stMain"] *')]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, svg, [data-testid="stVegaLiteChart"]')
            && [e, e.parentElement, e.parentElement.parentElement].every(box => getComputedStyle(box).clipPath === 'none'))
        .map(e => e.outerHTML.slice(0, 200)).slice(0, 5)""")
    assert too_wide == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    screenshot(page, "phone")


def test_a_dark_browser_gets_the_dark_theme(opened: Opened) -> None:
    page = opened(dark=True)
    shade = page.get_by_test_id("stApp").evaluate("e => getComputedStyle(e).backgroundColor.match(/[0-9.]+/g).slice(0, 3).map(Number)")
    ink = page.locator("h1").evaluate("e => getComputedStyle(e).color.match(/[0-9.]+/g).slice(0, 3).map(Number)")
    assert max(shade) < 60
    assert min(ink) > 180
    screenshot(page, "dark")


@pytest.mark.parametrize(("viewport", "dark"), [(TALL, False), (TALL, True), (TALL_PHONE, False)], ids=["light", "dark", "phone"])
def test_axe_finds_nothing_serious(opened: Opened, viewport: dict[str, int], dark: bool) -> None:
    page = opened(viewport=viewport, dark=dark)
    decide = Decide(page)
    decide.unfold("work_0")
    expect(decide.field("fleet.0.name")).to_be_visible()
    found = Axe().run(page).response["violations"]
    serious = [
        {"rule": rule["id"], "impact": rule["impact"], "nodes": [node["html"][:200] for node in rule["nodes"]][:5]}
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
    assert serious == [], json.dumps(serious, indent=1)


def test_every_field_has_a_name_in_plain_words(opened: Opened) -> None:
    page = opened()
    fields = page.get_by_role("textbox").all() + page.get_by_role("combobox").all() + page.get_by_role("radiogroup").all()
    names = [field.get_attribute("aria-label") or field.evaluate("e => e.labels?.[0]?.innerText ?? ''") for field in fields]
    assert len(names) >= 6
    assert [name for name in names if not name or "\\" in name] == []


def test_the_keyboard_reaches_the_first_question(opened: Opened) -> None:
    page = opened()
    page.locator("body").press("Tab")
    for _ in range(40):
        if Decide(page).agents.evaluate("field => field === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("forty presses of Tab did not reach question 1")
