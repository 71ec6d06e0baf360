"""What the tests that drive a page without a browser share."""

from __future__ import annotations

import html
import re
from typing import Any

from streamlit.testing.v1 import AppTest


def title(page: AppTest) -> str:
    """The headline of a page, without markup."""
    if page.title:
        return str(page.title[0].value).replace("\\", "")
    return html.unescape(next(found[1] for block in page.get("html") if (found := re.search("<h1>(.*?)</h1>", body(block)))))


def body(block: Any) -> str:
    """The markup of an html element."""
    return str(block.proto.body)
