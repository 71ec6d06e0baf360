"""Where a Chromium for the browser tests is: a system package, or the one that Playwright installed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = "no Chromium found: install the package chromium, or run `.venv/bin/playwright install --with-deps chromium`"


def chromium_path(playwright: Playwright) -> str | None:
    """The browser to start; $CHROMIUM says otherwise. None when there is none."""
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), playwright.chromium.executable_path]
    return next((path for path in candidates if path and Path(path).exists()), None)
