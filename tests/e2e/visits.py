"""Visits to the page in a real browser, watched for errors and for requests to other hosts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, ViewportSize, expect

from tests.e2e.settling import settled, watch
from tests.streamlit_server import ROOT

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
TALL: ViewportSize = {"width": 1440, "height": 2600}  # Streamlit scrolls an inner pane, and axe only judges what is on screen
TALL_PHONE: ViewportSize = {"width": 390, "height": 4200}
PATIENCE = 60_000  # ms until an expectation fails; several browsers share a machine

expect.set_options(timeout=PATIENCE)


Idle = dict[str, list[BrowserContext]]


@dataclass
class Visits:
    """Opens pages, each in a context that nobody else has and that remembers nothing, and notes what went wrong in them.

    A context that was used is emptied and kept in `idle` for the next visit of its kind: what the browser made of Streamlit's scripts stays
    with it, which is half the work of opening a page.
    """

    browser: Browser
    url: str
    idle: Idle = field(default_factory=dict)
    open_now: list[tuple[str, BrowserContext]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        """Leave every page; whatever went wrong in one fails the test, unless it has failed already."""
        for kind, context in self.open_now:
            for page in context.pages:
                page.close()
            context.set_storage_state({"cookies": [], "origins": []})
            self.idle.setdefault(kind, []).append(context)
        self.open_now.clear()
        assert failure or self.errors == []

    def open(self, path: str = "/", *, viewport: ViewportSize = DESKTOP, dark: bool = False, **context: Any) -> Page:
        """A page in a context of its own, settled."""
        options = {"viewport": viewport, "color_scheme": "dark" if dark else "light", **context}
        page = self._context(options).new_page()
        page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        page.on("dialog", self._no_dialog)
        page.on("request", self._only_here)
        page.goto(self.url + path)
        page.locator("h1").first.wait_for()
        settled(page)
        return page

    def _context(self, options: dict[str, Any]) -> BrowserContext:
        kind = repr(sorted(options.items()))
        waiting = self.idle.get(kind)
        context = waiting.pop() if waiting else watched_context(self.browser, **options, service_workers="block")
        self.open_now.append((kind, context))
        return context

    def _no_dialog(self, dialog: Dialog) -> None:
        self.errors.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _only_here(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", "data:", "blob:")):
            self.errors.append(f"request to another host: {request.url}")


def watched_context(browser: Browser, **options: Any) -> BrowserContext:
    """A context whose pages can be waited for with `settled`."""
    context = browser.new_context(reduced_motion="reduce", locale="en-US", **options)
    context.set_default_timeout(PATIENCE)
    watch(context)
    return context


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the whole page in test-results/ for people to look at."""
    folder = ROOT / "test-results"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)
