"""The web application around the page: what its headers allow."""

from __future__ import annotations

import base64
import hashlib

from decision.ui.server import headers, script_sources


def test_an_inline_script_is_allowed_by_its_hash_and_no_other_is() -> None:
    page = b'<script src="a.js"></script><script>\n  window.ready = false\n</script><script type="module" src="./b.js"></script>'
    code = base64.b64encode(hashlib.sha256(b"\n  window.ready = false\n").digest()).decode()
    assert script_sources(page) == f"'self' 'sha256-{code}' blob:"
    assert script_sources(b"<html></html>") == "'self' blob:"


def test_scripts_need_more_than_being_on_the_page() -> None:
    policy = dict(headers())[b"content-security-policy"].decode()
    scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert "unsafe" not in scripts
    assert "'sha256-" in scripts  # Streamlit's page has an inline script today
