"""Visits to the page in a real browser: each in a context of its own, watched for errors and for requests to other hosts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route, expect

from tests.streamlit_server import ROOT

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
TALL = {"width": 1440, "height": 2600}  # Streamlit scrolls an inner pane, and axe only judges what is on screen
TALL_PHONE = {"width": 390, "height": 4200}
PATIENCE = 20_000  # ms until an expectation fails

expect.set_options(timeout=PATIENCE)


@dataclass
class Visits:
    """Opens pages, each in a context of its own, and remembers what went wrong in them."""

    browser: Browser
    url: str
    contexts: list[BrowserContext] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, path: str = "/", *, viewport: dict[str, int] = DESKTOP, dark: bool = False, **context: Any) -> Page:
        """A page in a fresh browser context, settled."""
        made = self.browser.new_context(
            viewport=viewport, color_scheme="dark" if dark else "light", reduced_motion="reduce", locale="en-US", service_workers="block", **context
        )
        made.set_default_timeout(PATIENCE)
        self.contexts.append(made)
        made.route(re.compile(f"^(?!{re.escape(self.url)}/|data:|blob:)"), self._refuse)
        page = made.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        page.on("dialog", self._no_dialog)
        page.goto(self.url + path)
        page.locator("h1").first.wait_for()
        settled(page)
        return page

    def _no_dialog(self, dialog: Dialog) -> None:
        self.errors.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _refuse(self, route: Route) -> None:
        self.errors.append(f"request to another host: {route.request.url}")
        route.abort()


def settled(page: Page) -> None:
    """Wait until the script has run, nothing on the page is stale, and two frames were painted."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]').wait_for()
    page.wait_for_function('() => !document.querySelector(\'[data-stale="true"], [data-testid="stSkeleton"]\')')
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the whole page in test-results/ for people to look at."""
    folder = ROOT / "test-results"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)
