"""What the deployment notes promise: health, base path, no telemetry."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.decide import Decide
from tests.e2e.settling import settled
from tests.e2e.visits import Visits
from tests.streamlit_server import ROOT, Server, serving


@pytest.fixture(scope="module")
def under_a_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page under /decide, as behind a proxy."""
    with serving(ROOT / "app.py", tmp_path_factory.mktemp("based") / "log.txt", {"STREAMLIT_SERVER_BASE_URL_PATH": "decide"}) as running:
        yield running
    assert "Traceback" not in running.log_text()


def health_check(port: int, base: str = "") -> int:
    """Exit code of the health check that the Dockerfile declares, as often as it says: a server may be busy for some seconds."""
    program = re.findall(r'HEALTHCHECK .*?"-c", "\\\n(.*?)"\]', (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.DOTALL)[0].replace("\\\n", "")
    settings = {"STREAMLIT_SERVER_PORT": str(port), "STREAMLIT_SERVER_BASE_URL_PATH": base}
    tries = range(int(re.findall(r"HEALTHCHECK .*--retries=(\d+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"))[0]))
    runs = (subprocess.run([sys.executable, "-c", program], env={**os.environ, **settings}, capture_output=True, check=False) for _ in tries)
    return min(run.returncode for run in runs)


def test_the_health_check_of_the_image_tells_up_from_down(server: Server, under_a_path: Server) -> None:
    assert health_check(server.port) == 0
    assert health_check(under_a_path.port, "decide") == 0
    assert health_check(under_a_path.port) == 1, "a wrong base path must not look healthy"
    assert health_check(1) == 1


def test_the_page_works_under_a_base_path(browser: Browser, under_a_path: Server) -> None:
    with Visits(browser, under_a_path.url) as visits:
        decide = Decide(visits.open())
        expect(decide.headline).to_contain_text("a month")
        decide.type(decide.agents, "8")
        expect(decide.way.filter(has_text="3 or more agents")).to_have_count(1)
        assert re.search(r"/decide/\?s=", decide.page.url)


@pytest.mark.parametrize("path", ["/", "/_stcore/health"])
def test_every_answer_carries_the_security_headers(server: Server, path: str) -> None:
    with urllib.request.urlopen(server.url + path) as answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert "default-src 'self'" in headers["content-security-policy"]


def test_a_file_that_is_too_large_is_refused_with_a_sentence_one_can_see(opened: Callable[..., Page]) -> None:
    """Not only by a red icon and to screen readers, also on a narrow screen; the answers stay."""
    decide = Decide(opened())
    decide.page.set_viewport_size({"width": 360, "height": 800})
    before, answer = decide.page.url, decide.answer()
    decide.share()
    too_large = {"name": "mine.yaml", "mimeType": "application/yaml", "buffer": b"#" * (2**20 + 1)}
    decide.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(too_large)
    sentence = decide.page.get_by_role("alert").filter(has_text="File must be 1.0MB or smaller.")
    sentence.scroll_into_view_if_needed()
    settled(decide.page)
    box = sentence.bounding_box()
    assert box is not None
    assert box["width"] > 100
    assert box["height"] > 10
    assert box["x"] + box["width"] <= 360
    assert (decide.page.url, decide.answer()) == (before, answer)


def test_uploads_are_small_and_usage_statistics_off() -> None:
    config = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert re.search(r"^gatherUsageStats = false$", config, re.MULTILINE)
    assert int(re.findall(r"^maxUploadSize = (\d+)", config, re.MULTILINE)[0]) <= 5
    assert not Path(ROOT / ".streamlit" / "secrets.toml").exists()
