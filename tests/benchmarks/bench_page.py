"""Speed of the page: python -m tests.benchmarks.bench_page [--quick] [--prototype].

Everything is measured on our page and on a bare Streamlit page, with Streamlit's own settings and as many text fields, other fields and
charts. The two take turns, so that a machine that slows down slows both. Server figures come from websocket visitors, browser figures
from Chromium; browser, visitors and servers share the machine.
A change is always a new number in a text field, so no cached answer is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks import wire
from tests.benchmarks.timing import show
from tests.chromium import ADVICE, chromium_path
from tests.streamlit_server import ROOT, Server, serving

SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
CHART = '[data-testid="stVegaLiteChart"]'
OTHERS = ", ".join(f'[data-testid="{name}"]' for name in ("stButtonGroup", "stSelectbox", "stButton", "stPopover", "stMultiSelect", "stCheckbox"))
TOO_SLOW = 500  # ms: a page whose crowd waits longer at p95 gets no larger crowd
QUIET = 400  # ms without a change in any chart: it is painted

WATCH = f"""() => {{
  window.entered = 0; window.painted = 0; window.firstVerdict = 0;
  document.addEventListener("keydown", event => {{ if (event.key === "Enter") window.entered = performance.now() }}, true);
  new MutationObserver(changes => {{
    if (!window.firstVerdict && document.querySelector(window.verdict)?.textContent.trim()) window.firstVerdict = performance.now();
    const inChart = change => (change.target.nodeType === 1 ? change.target : change.target.parentElement)?.closest('{CHART}');
    if (changes.some(inChart)) requestAnimationFrame(() => {{ window.painted = performance.now() }});
  }}).observe(document, {{subtree: true, childList: true, attributes: true, characterData: true}});
}}"""


@dataclass(frozen=True)
class Subject:
    """A page to measure: its name, script and settings, and what is changed and looked at on it."""

    name: str
    script: Path
    settings: dict[str, str]
    field: str  # part of the key of the field that is changed
    verdict: str  # selector of the first answer

    @property
    def field_css(self) -> str:
        """Where the browser finds that field."""
        return f'[class*="st-key-{self.field.replace(".", "-").replace("@", "-")}"] input'


@dataclass
class Figures:
    """What was measured of one page; times in milliseconds."""

    first: list[float] = field(default_factory=list)
    full: list[float] = field(default_factory=list)
    repaint: list[float] = field(default_factory=list)
    rerun: list[float] = field(default_factory=list)
    payload: list[int] = field(default_factory=list)
    session_mb: float = 0.0
    crowds: dict[int, float] = field(default_factory=dict)  # users -> p95


OURS = Subject("this page", ROOT / "app.py", {}, "fleet.0.agents@", "h1")


AS_IT_COMES = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true", "STREAMLIT_GLOBAL_MIN_CACHED_MESSAGE_SIZE": "10000"}  # what our config.toml changes


def bare(texts: int, others: int, charts: int) -> Subject:
    """A bare page of the same size."""
    script = Path(__file__).with_name("bare_page.py")
    return Subject("bare Streamlit page", script, {"BARE_PAGE": f"{texts} {others} {charts}", **AS_IT_COMES}, "number", "h1")


def prototype() -> Subject:
    """A plain prototype with more charts and no engine, built for speed alone."""
    return Subject("plain prototype", Path(__file__).with_name("prototype_page.py"), AS_IT_COMES, "number", "h1")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for one block. Visitors run outside such a block, since Playwright holds the event loop of the thread."""
    with sync_playwright() as playwright:
        path = chromium_path(playwright)
        if path is None:
            raise SystemExit(ADVICE)
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@contextmanager
def visit(browser: Browser, subject: Subject, server: Server) -> Iterator[Page]:
    """A first visit with an empty browser cache, until everything is painted."""
    context = browser.new_context(viewport={"width": 1440, "height": 2600}, reduced_motion="reduce")
    context.add_init_script(f"window.verdict = '{subject.verdict}'; ({WATCH})()")
    page = context.new_page()
    page.goto(server.url)
    page.locator(subject.verdict).first.wait_for()
    page.locator(CHART).first.wait_for()
    _painted(page)
    yield page
    context.close()


def _painted(page: Page) -> None:
    page.locator(SETTLED).wait_for()
    page.wait_for_function(f"() => window.painted > window.entered && performance.now() - window.painted > {QUIET}")


def first_visit(browser: Browser, subject: Subject, server: Server) -> tuple[float, float]:
    """Milliseconds from the address to the first answer, and to the last chart."""
    with visit(browser, subject, server) as page:
        return float(page.evaluate("window.firstVerdict")), float(page.evaluate("window.painted"))


def repaints(browser: Browser, subject: Subject, server: Server, start: int, count: int) -> list[float]:
    """Milliseconds from Enter in a field to the paint of the last chart that changed; the numbers typed begin at `start`."""
    with visit(browser, subject, server) as page:
        box = page.locator(subject.field_css).first
        times = []
        for n in range(count + 2):
            box.fill(str(start + n))
            box.press("Enter")
            _painted(page)
            times.append(float(page.evaluate("window.painted - window.entered")))
    return times[2:]


def size(browser: Browser, server: Server) -> tuple[int, int, int]:
    """Text fields, other fields and charts of our first view."""
    with visit(browser, OURS, server) as page:
        return page.locator('[data-testid="stTextInput"]').count(), page.locator(OTHERS).count(), page.locator(CHART).count()


async def session_megabytes(server: Server, sessions: int) -> float:
    """Memory that one more idle session takes."""

    def resident() -> float:
        status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
        return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1024

    async with AsyncExitStack() as held:
        for _ in range(5):
            await wire.Visitor(await held.enter_async_context(wire.visitors(server.url))).rerun()
        before = resident()
        for _ in range(sessions):
            await wire.Visitor(await held.enter_async_context(wire.visitors(server.url))).rerun()
        return (resident() - before) / sessions


Measured = tuple[Subject, Server, Figures]


def in_browser(pages: Sequence[Measured], rounds: int, per_round: int) -> None:
    """First visits and repaints, the pages in turns."""
    with chromium() as browser:
        for _ in range(rounds):
            for subject, server, figures in pages:
                first, full = first_visit(browser, subject, server)
                figures.first.append(first)
                figures.full.append(full)
        for n in range(rounds):
            for subject, server, figures in pages:
                figures.repaint += repaints(browser, subject, server, 3 + n * (per_round + 2), per_round)


def on_the_wire(pages: Sequence[Measured], rounds: int, per_round: int, sessions: int) -> None:
    """Reruns of one visitor, their size, and the memory of a session, the pages in turns."""
    for n in range(rounds):
        for subject, server, figures in pages:
            times, received = asyncio.run(wire.one_user(server.url, subject.field, 500 + n * (per_round + 2), per_round))
            figures.rerun += [seconds * 1e3 for seconds in times]
            figures.payload += received
    for _, server, figures in pages:
        figures.session_mb = asyncio.run(session_megabytes(server, sessions))


def in_crowds(pages: Sequence[Measured], crowds: Sequence[int], seconds: float) -> None:
    """Ever larger crowds, the pages in turns, each until one is too large for it."""
    for users in crowds:
        for subject, server, figures in pages:
            if all(p95 <= TOO_SLOW for p95 in figures.crowds.values()):
                times = asyncio.run(wire.crowd(server.url, subject.field, users, seconds))
                figures.crowds[users] = float(np.percentile(times, 95)) * 1e3


def print_beside(name: str, ours: Figures, theirs: Figures) -> None:
    """Both pages, line by line, with the ratio."""

    def line(label: str, mine: float, bare_one: float, unit: str, digits: int = 0) -> None:
        show(label, f"{mine:12,.{digits}f} {bare_one:12,.{digits}f} {unit:<4}{mine / bare_one:8.2f} x")

    show("", f"{OURS.name:>12} {name.removesuffix(' page').removeprefix('plain ').removesuffix(' Streamlit'):>12}")
    for label, figure in (
        ("first visit to the verdict", "first"),
        ("first visit to the last chart", "full"),
        ("change to last chart repainted", "repaint"),
        ("server rerun", "rerun"),
    ):
        for share in (50, 95):
            line(f"{label}, p{share}", *(float(np.percentile(getattr(f, figure), share)) for f in (ours, theirs)), "ms")
    line("sent to the browser per rerun, median", *(float(np.median(f.payload)) / 1e3 for f in (ours, theirs)), "kB", 1)
    line("memory of one more session", ours.session_mb, theirs.session_mb, "MB", 2)
    for users in sorted(ours.crowds.keys() | theirs.crowds.keys()):
        both = [f"{f.crowds[users]:12,.0f}" if users in f.crowds else f"{'-':>12}" for f in (ours, theirs)]
        show(f"{users} users, each a change every {wire.PAUSE:g} s: p95", " ".join(both) + " ms")


def main() -> None:
    """Measure both pages and print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer runs: to see that it works, not to quote")
    parser.add_argument("--prototype", action="store_true", help="beside a plain prototype instead of the bare page")
    arguments = parser.parse_args()
    quick = arguments.quick
    with tempfile.TemporaryDirectory() as folder:
        with serving(OURS.script, Path(folder, "size.txt")) as server, chromium() as browser:
            counts = size(browser, server)
        print("Our first view has {} text fields, {} other fields and {} charts; a bare page gets as many.".format(*counts))
        subjects = OURS, prototype() if arguments.prototype else bare(*counts)
        with ExitStack() as running:
            servers = [running.enter_context(serving(subject.script, Path(folder, f"{subject.name}.txt"), subject.settings)) for subject in subjects]
            pages = [(subject, server, Figures()) for subject, server in zip(subjects, servers, strict=True)]
            in_browser(pages, 3 if quick else 6, 5 if quick else 12)
            on_the_wire(pages, 3 if quick else 6, 10 if quick else 24, 20 if quick else 50)
            in_crowds(pages, (10, 40) if quick else (10, 20, 40, 60, 80, 100, 120), 6.0 if quick else 15.0)
            for server in servers:
                assert "Traceback" not in server.log_text(), server.log_text()
    print_beside(subjects[1].name, *(figures for _, _, figures in pages))


if __name__ == "__main__":
    main()
