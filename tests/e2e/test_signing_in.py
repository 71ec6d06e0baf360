"""Sign-in as a person sees it, in a real browser with a real OpenID Connect provider."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.decide import Decide
from tests.e2e.settling import settled
from tests.e2e.visits import watched_context
from tests.openid_provider import Provider
from tests.streamlit_server import PATIENCE, Server, free_port
from tests.test_sign_in_whole_way import page as served
from tests.test_sign_in_whole_way import secrets_file


@dataclass(frozen=True)
class Way:
    """A page that asks for sign-in, and its provider."""

    server: Server
    provider: Provider


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    folder, port = tmp_path_factory.mktemp("sign-in"), free_port()
    back = f"http://127.0.0.1:{port}/decide/oauth2callback"
    with Provider(free_port(), (back,), folder).running() as provider, served(port, secrets_file(folder, provider, back)) as server:
        yield Way(server, provider)
    assert "Traceback" not in server.log_text(), server.log_text()[-3000:]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = watched_context(browser)
    yield made
    made.close()


def signed_in(context: BrowserContext, way: Way, path: str) -> Page:
    page = context.new_page()
    page.goto(way.server.url + path)
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_text("Signed in as Ann@Example.org")).to_be_visible()
    settled(page)
    return page


def test_a_link_is_opened_after_signing_in_and_signing_out_ends_the_other_tab(context: BrowserContext, way: Way) -> None:
    page = signed_in(context, way, "/")
    decide = Decide(page)
    assert "/decide/?s=" in page.url
    before = page.url
    decide.type(decide.agents, "8")
    assert page.url != before
    link = page.url.removeprefix(way.server.url)
    context.clear_cookies()
    page.close()

    first = signed_in(context, way, link)
    expect(Decide(first).agents).to_have_value("8")
    assert first.url == way.server.url + link
    second = context.new_page()
    second.goto(f"{way.server.url}/explore")
    expect(second.get_by_text("Signed in as Ann@Example.org")).to_be_visible()

    first.get_by_role("button", name="Sign out").click()
    first.wait_for_url(f"{way.provider.issuer}/session?*")
    second.wait_for_url(f"{way.server.url}/auth/ended")
    expect(second.get_by_text("Your session has ended.")).to_be_visible()
    second.go_back()
    expect(second.get_by_role("link", name="Sign in")).to_be_visible()
    assert "a month" not in second.content()


def test_a_download_is_for_who_is_signed_in(context: BrowserContext, way: Way) -> None:
    """The very address a signed-in person's scenario file came from, asked for with the session and without."""
    page = signed_in(context, way, "/")
    Decide(page).share()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("Download the scenario file")).click()
    address = download.value.url
    assert "/decide/media/" in address
    inside = context.request.get(address)
    assert (inside.status, inside.headers["cache-control"]) == (200, "no-store")
    assert inside.body() == download.value.path().read_bytes()
    outside = httpx.get(address, timeout=PATIENCE)
    assert outside.status_code == 401
    assert "version" not in outside.text


def test_the_way_in_can_be_read_and_pressed(context: BrowserContext, way: Way) -> None:
    page = context.new_page()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(way.server.url + "/")
        expect(page.get_by_role("heading", name="Where should our agents run?")).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Sign in")).to_be_focused()
