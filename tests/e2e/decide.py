"""The Decide page as a visitor handles it: where things are, and what to do with them.

Everything that is done here ends when the page has settled: what is read next is what followed from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.e2e.settling import settled


@dataclass(frozen=True)
class Decide:
    """The page, with names for what is on it."""

    page: Page

    @property
    def headline(self) -> Locator:
        """The recommended option and its monthly cost."""
        return self.page.locator("h1")

    @property
    def because(self) -> Locator:
        """The sentence that decided it."""
        return self.page.locator(".dt p.verdict")

    @property
    def agents(self) -> Locator:
        """Question 1, now."""
        return self.field("fleet.0.agents")

    @property
    def options(self) -> Locator:
        """The rows of the cost table."""
        return self.page.locator(".card.options tbody tr")

    @property
    def way(self) -> Locator:
        """The answers on the way walked through the decision flow."""
        return self.page.locator(".flow li.walked > small")

    @property
    def lines(self) -> Locator:
        """The line items of the bill shown."""
        return self.page.locator(".st-key-card_bill details:has(> summary .cost)")

    @property
    def example(self) -> Locator:
        """The chooser of examples."""
        return self.page.get_by_role("combobox", name="Start from an example").first

    def field(self, place: str, end: str = "") -> Locator:
        """The text field of a place in the scenario; end: low, likely or high of a range."""
        return self._at(f"{place}.{end}" if end else place).get_by_role("textbox").first

    def _at(self, place: str) -> Locator:
        return self.page.locator(f'[class*="st-key-{place.replace(".", "-")}-"]')

    def type(self, field: Locator, text: str) -> None:
        """Type into a field and leave it."""
        field.fill(text)
        field.press("Enter")
        settled(self.page)

    def press(self, what: Locator) -> None:
        """Press a button, open or close a fold, follow a way to another page."""
        what.click()
        settled(self.page)

    def choose(self, place: str, answer: str) -> None:
        """Pick one of the segments of a question."""
        segment = self._at(place).get_by_role("radio", name=answer).first
        self.press(segment)
        expect(segment).to_be_checked()

    def offer_range(self, place: str) -> None:
        """Say that a number lies somewhere between."""
        self.press(self._at(f"switch-{place}").get_by_role("button").first)

    def unfold(self, name: str) -> None:
        """Open a folded group, or close it: work_0, tokens_0, team, constraints, exit, options, assumed."""
        self.press(self.page.locator(f".st-key-fold_{name} summary").first)

    def portable_loop(self) -> None:
        """Say in the fold Exit, which is open, that the main loop is portable."""
        self.press(self.page.get_by_test_id("stCheckbox").filter(has_text="Our main loop is portable").locator("label"))

    def share(self) -> None:
        """Open what leads out of the page: the link and the file."""
        self.press(self.page.get_by_role("button", name=re.compile("Share or save")))

    def start_from(self, example: str) -> None:
        """Pick an example."""
        self.example.click()
        self.press(self.page.get_by_role("option", name=example, exact=True))

    def reload(self) -> None:
        """Open the address anew."""
        self.page.reload()
        settled(self.page)

    def everything_said(self) -> list[str]:
        """Every word on the page but for what stands in its fields: headline, cards, notes, titles of folds; texts of charts from top to bottom."""
        words: list[str] = self.page.evaluate(
            """() => {
                const all = selector => [...document.querySelectorAll(selector)];
                const place = element => { const box = element.getBoundingClientRect(); return [Math.round(box.top / 4), Math.round(box.left / 4)] };
                const marks = all('[data-testid="stVegaLiteChart"] svg.marks text').map(element => [place(element), element]);
                marks.sort(([[top, left]], [[otherTop, otherLeft]]) => top - otherTop || left - otherLeft);
                const plain = all('h1, .dt, [class*="st-key-fold_"] summary, .st-key-bill_period label, .st-key-bill_period button');
                const words = [...plain, ...marks.map(([, element]) => element)];
                return words.map(element => element.textContent.replace(/keyboard_arrow_[a-z]+/, '').trim()).filter(text => text);
            }"""
        )
        return words

    def answer(self) -> tuple[str, str, list[str]]:
        """Everything that two visitors with the same scenario must see alike: headline, reason, cost table."""
        return self.headline.inner_text(), self.because.inner_text(), self.options.all_inner_texts()
