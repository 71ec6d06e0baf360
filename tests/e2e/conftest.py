"""A real browser on a real server: one of each for every process of the session, one browser context per visit.

A test fails when the page raises, when anything is requested from another host, or when the server logs a traceback.
Without a Chromium the tests are skipped with advice; under CI=true that is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import ADVICE, chromium_path
from tests.e2e.visits import Idle, Visits
from tests.streamlit_server import ROOT, Server, serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(ROOT / "app.py", tmp_path_factory.mktemp("server") / "log.txt") as running:
        yield running
    assert "Traceback" not in running.log_text(), running.log_text()[-3000:]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = chromium_path(playwright)
        if path is None:
            if os.environ.get("CI") == "true":
                pytest.fail(ADVICE)
            pytest.skip(ADVICE)
        opened = playwright.chromium.launch(executable_path=path, args=["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def idle() -> Idle:
    """The browser's contexts that are free and empty."""
    return {}


@pytest.fixture
def visits(browser: Browser, server: Server, idle: Idle) -> Iterator[Visits]:
    with Visits(browser, server.url, idle) as opened:
        yield opened


@pytest.fixture
def opened(visits: Visits) -> Callable[..., Page]:
    """Opens a settled page in a context of its own: `opened("/", viewport=PHONE, dark=True)`."""
    return visits.open
