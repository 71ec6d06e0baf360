"""A planning board in four browsers at once: who leads, two who take part, and the projector."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.plan import BoardPage
from tests.e2e.visits import PHONE, TALL, TALL_PHONE, screenshot, settled

Opened = Callable[..., Page]
PROJECTOR = {"width": 1920, "height": 1080}
GLUE = "people.glue.managed.upkeep_hours"
EVIL = "=HYPERLINK(1) <script>alert(1)</script> **b** $x$"


def path(link: str) -> str:
    return "/plan" + link.partition("/plan")[2]


@pytest.fixture
def board(opened: Opened) -> tuple[BoardPage, dict[str, str]]:
    leads = BoardPage(opened("/plan"))
    leads.make("Flo")
    return leads, leads.links()


def test_four_people_estimate_reveal_disagree_settle_and_decide(opened: Opened, board: tuple[BoardPage, dict[str, str]]) -> None:
    leads, links = board
    ann, bob = BoardPage(opened(path(links["participant"]))), BoardPage(opened(path(links["participant"]), viewport=PHONE))
    watcher = BoardPage(opened(path(links["watcher"]), viewport=PROJECTOR))
    ann.join("Ann")
    bob.join("Bob")
    for each in (leads, watcher):
        expect(each.strip).to_contain_text("Bob")

    # blind: what Ann says is seen by Ann alone; that she has answered by everybody
    ann.estimate(GLUE, "1.2345", reason=EVIL)
    bob.estimate(GLUE, "lots", says='"lots" is not a number')
    bob.estimate(GLUE, "88 to 112")
    for each in (leads, bob, watcher):
        expect(each.strip).to_contain_text("Ann 1 of ")
        assert "1.2345" not in each.page.content()
        assert "HYPERLINK" not in each.page.content()

    # what Bob is typing, and where, outlives the reveal
    typing = bob.card("fleet.support-desk.agents_in_12_months").or_(bob.card("people.thoroughness")).first.get_by_role("textbox").nth(1)
    typing.press_sequentially("half a sen")
    leads.press("Reveal")
    for each in (leads, ann, bob, watcher):
        expect(each.agenda).to_contain_text("it decides")
        expect(each.page.locator("body")).to_contain_text("Bob: 88 to 112 hours a month")
        expect(each.page.locator("body")).to_contain_text(EVIL)
    expect(typing).to_have_value("half a sen")
    assert watcher.page.locator("script:has-text('alert(1)'), .katex, a:has-text('HYPERLINK')").count() == 0

    # settle, and take it back; another round
    leads.choose("Settle or ask again", "Managed runtime")
    leads.page.get_by_role("radio", name="One person's").click()
    leads.choose("Whose", "Bob")
    leads.page.get_by_label("Why", exact=True).fill("he has kept one")
    leads.press("Settle")
    for each in (ann, watcher):
        expect(each.page.locator("body")).to_contain_text("Settled at 88 to 112 hours a month: he has kept one")
    leads.press("Take back")
    expect(ann.page.get_by_text("Settled at")).to_have_count(0)
    leads.press("Another round")
    ann.estimate(GLUE, "100")
    leads.press("Reveal")
    expect(watcher.page.locator("body")).to_contain_text("2 rounds")

    # decide
    leads.page.get_by_label("In a sentence").fill("We rent from January.")
    leads.press("Put it to everybody")
    for each, stance, reason in ((ann, "Agree", ""), (bob, "Object", "too dear")):
        each.page.get_by_role("radio", name=stance).click()
        if reason:
            each.page.get_by_label("Reason", exact=True).fill(reason)
        each.press("Answer")
    for each in (leads, watcher):
        expect(each.page.locator(".proposal")).to_contain_text("Bob: object. too dear")
        expect(each.page.locator(".proposal")).to_contain_text("Ann: agree")
    settled(leads.page)
    leads.page.get_by_text("Links, what is asked, closing").click()
    settled(leads.page)
    leads.press("Close the board")
    expect(leads.page.get_by_role("button", name="Reopen the board")).to_be_visible(timeout=20_000)
    expect(ann.page.locator("body")).to_contain_text("accepted with objections")
    expect(ann.page.get_by_role("button", name="Answer")).to_have_count(0)
    watcher.page.get_by_text("The record", exact=True).click()
    expect(watcher.page.locator("body")).to_contain_text("Objects: Bob: too dear")


def test_only_the_facilitators_link_has_the_facilitators_tools(opened: Opened, board: tuple[BoardPage, dict[str, str]]) -> None:
    _, links = board
    for role in ("participant", "watcher"):
        page = opened(path(links[role]))
        expect(page.locator(".dt .live")).to_be_visible()
        assert page.get_by_role("button", name="Reveal").count() == 0
        assert page.get_by_text("Links, what is asked").count() == 0
        assert page.get_by_role("button", name="Join").count() == (role == "participant")
        assert links["facilitator"].partition("board=")[2] not in page.content()


def test_a_link_that_opens_nothing_says_so(opened: Opened) -> None:
    page = opened("/plan?board=AAAAAAAAAAAAAAAAAAAAAA")
    expect(page.locator("body")).to_contain_text("This link opens no board.")


def test_a_reload_is_the_same_person_with_the_same_answers(board: tuple[BoardPage, dict[str, str]]) -> None:
    leads, _ = board
    leads.estimate(GLUE, "7 to 9", reason="seen it")
    leads.page.reload()
    leads.page.locator("h1").first.wait_for()
    settled(leads.page)
    fields = leads.card(GLUE).get_by_role("textbox")
    expect(fields.nth(0)).to_have_value("7 to 9")
    expect(fields.nth(1)).to_have_value("seen it")
    expect(leads.strip).to_contain_text("Flo 1 of ")


@pytest.mark.parametrize(
    ("viewport", "dark"), [(PROJECTOR, False), (TALL, True), (TALL_PHONE, False)], ids=["projector", "laptop in the dark", "phone"]
)
def test_a_board_is_looked_at(opened: Opened, board: tuple[BoardPage, dict[str, str]], viewport: dict[str, int], dark: bool) -> None:
    """Nothing sticks out sideways; the pictures are for people to look at."""
    leads, links = board
    ann = BoardPage(opened(path(links["participant"]), viewport=viewport, dark=dark))
    ann.join("Ann")
    size = f"{viewport['width']}-{'dark' if dark else 'light'}"
    screenshot(ann.page, f"plan-blind-{size}")
    ann.estimate(GLUE, "1", reason="a quiet year")
    leads.estimate(GLUE, "60 to 90")
    leads.press("Reveal")
    expect(ann.agenda).to_be_visible()
    settled(ann.page)
    screenshot(ann.page, f"plan-revealed-{size}")
    assert ann.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
