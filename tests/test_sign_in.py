"""Optional sign-in: off without a provider, in front of everything with one."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.page_driver import title

MAIN = Path(__file__).resolve().parents[1] / "decision" / "ui" / "main.py"
PROVIDER = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": "x",
    "client_id": "x",
    "client_secret": "x",
    "server_metadata_url": "http://localhost/.well-known/openid-configuration",
}


def test_nobody_is_asked_without_a_provider() -> None:
    page = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert not page.exception
    assert [button.label for button in page.button if button.label == "Sign in"] == []
    assert "a month" in title(page)


def test_with_a_provider_nothing_is_shown_before_signing_in() -> None:
    page = AppTest.from_file(str(MAIN), default_timeout=30)
    page.secrets["auth"] = PROVIDER
    page.run()
    assert not page.exception
    assert [button.label for button in page.button] == ["Sign in"]
    assert "a month" not in title(page)
