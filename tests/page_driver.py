"""What the tests that drive a page without a browser share."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def title(page: AppTest) -> str:
    """The headline of a page, without markup."""
    return str(page.title[0].value).replace("\\", "")
