"""Explore, and Prices and sources, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from decision import scenario_from
from decision.scenario.link import link_code
from decision.ui.navigation import pages
from tests.e2e.settling import settled
from tests.e2e.visits import TALL, TALL_PHONE, Visits
from tests.streamlit_server import ROOT, Server, serving

Opened = Callable[..., Page]
HOURS = {"upkeep_fte": "0.01 to 0.2", "build_weeks": 3, "exit_weeks": 1}
UNSURE = scenario_from(
    {"fleet": [{"agents": 3}], "overrides": {"options": {"managed-agents": HOURS, "vps": HOURS}}}
)  # so that there is something to find out


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that nobody has visited yet."""
    with serving(ROOT / "app.py", tmp_path_factory.mktemp("untouched") / "log.txt") as running:
        yield running
    assert "Traceback" not in running.log_text()


def test_the_first_visit_may_go_to_any_page(browser: Browser, untouched: Server) -> None:
    with Visits(browser, untouched.url) as visits:
        page = visits.open("/explore")
        expect(page.get_by_test_id("stTopNavLink")).to_have_count(len(pages()))
        expect(page.locator("h1").first).to_contain_text("the cheapest in")
        expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)


@pytest.mark.parametrize("section", ["How sure", "What moves it", "What to find out", "Who wins where", "Break-even", "Levers", "Split", "Compare"])
def test_every_section_of_explore_shows_what_it_promises(opened: Opened, section: str) -> None:
    page = opened(f"/explore?s={link_code(UNSURE)}", viewport=TALL)
    page.get_by_role("button", name=section, exact=True).or_(page.get_by_role("radio", name=section, exact=True)).first.click()
    settled(page)
    expect(page.locator('[data-testid="stAlertContentError"], .stException')).to_have_count(0)
    if section not in ("Split", "Compare"):
        expect(page.locator('[data-testid="stVegaLiteChart"] svg, [data-testid="stVegaLiteChart"] canvas').first).to_be_visible()


def test_a_search_finds_a_price_and_its_history(opened: Opened) -> None:
    page = opened("/prices", viewport=TALL)
    box = page.get_by_label("Search")
    box.fill("sonnet 5.5 cache read")
    box.press("Enter")
    settled(page)
    row = page.locator("tr", has_text="claude-sonnet-5-5.cache_read").first
    expect(row).to_contain_text("$0.10")
    page.locator("summary", has_text=re.compile("2 rows")).first.click()
    expect(page.get_by_text("28 Sep 2026").first).to_be_visible()


@pytest.mark.parametrize("path", ["/explore", "/prices"])
@pytest.mark.parametrize(("viewport", "dark"), [(TALL, False), (TALL, True), (TALL_PHONE, False)], ids=["light", "dark", "phone"])
def test_axe_finds_nothing_serious_on_the_other_pages(opened: Opened, path: str, viewport: dict[str, int], dark: bool) -> None:
    page = opened(path, viewport=viewport, dark=dark)
    found = Axe().run(page).response["violations"]
    serious = [
        {"rule": rule["id"], "nodes": [node["html"][:200] for node in rule["nodes"]][:5]}
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
    assert serious == [], json.dumps(serious, indent=1)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
