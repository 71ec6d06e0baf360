"""The planning board as its visitors handle it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.e2e.visits import settled


@dataclass(frozen=True)
class BoardPage:
    """The page of one visitor, with names for what is on it."""

    page: Page

    def make(self, name: str) -> None:
        """Make a board from the scenario that the page opens with."""
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_label("Your name").press("Tab")
        settled(self.page)
        self.page.get_by_role("button", name="Make the board").click()
        self.page.wait_for_url("**board=*")

    def links(self) -> dict[str, str]:
        """What is handed out before anybody else has come: take part, watch, facilitate."""
        shown = self.page.locator('[data-testid="stCode"] code')
        expect(shown).to_have_count(3)
        return dict(zip(("participant", "watcher", "facilitator"), (text.strip() for text in shown.all_inner_texts()), strict=True))

    def join(self, name: str) -> None:
        """Say who one is."""
        field = self.page.get_by_label("Your name, as the others see it")
        field.fill(name)
        field.press("Tab")
        settled(self.page)
        self.page.get_by_role("button", name="Join", exact=True).click()
        expect(self.strip).to_contain_text(name)
        expect(field).to_have_count(0)

    @property
    def strip(self) -> Locator:
        """Who is here."""
        return self.page.locator(".dt .live")

    def card(self, subject: str) -> Locator:
        """Where a subject is answered."""
        return self.page.locator(f'[class*="-answer-{subject.replace(".", "-").replace(":", "-")}"]')

    def estimate(self, subject: str, typed: str, reason: str = "", says: str = "Kept.") -> None:
        """Answer an input."""
        fields = self.card(subject).get_by_role("textbox")
        fields.nth(0).fill(typed)
        fields.nth(0).press("Enter")
        expect(self.card(subject)).to_contain_text(says)
        if reason:
            fields.nth(1).fill(reason)
            fields.nth(1).press("Enter")

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    @property
    def agenda(self) -> Locator:
        """What is worth talking about."""
        return self.page.locator(".dt .agenda")

    def choose(self, label: str, option: str) -> None:
        """Pick from a list."""
        self.page.get_by_role("combobox", name=label).click()
        self.page.get_by_role("option", name=option).first.click()
