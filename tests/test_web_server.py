"""The door as it is served, without sign-in: headers, compression, addresses, hosts, metrics, log."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from decision.ui.door.headers import SecurityHeaders, headers, script_sources
from decision.ui.door.streamlit_parts import STATIC
from tests.streamlit_server import PATIENCE, ROOT, Server, free_port, running, serving

TOKEN = "a-token-for-the-scraper"
HOST = "tools.example.org"
SECURITY = {name for name, _ in headers()}


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page under /decide for one name, with metrics and the log of requests."""
    settings = {
        "STREAMLIT_SERVER_BASE_URL_PATH": "decide",
        "STREAMLIT_SERVER_ALLOWED_HOSTS": HOST,
        "DECISION_METRICS_TOKEN": TOKEN,
        "DECISION_LOG": "json",
    }
    with serving(ROOT / "app.py", tmp_path_factory.mktemp("door") / "log.txt", settings) as server:
        yield server
    assert "Traceback" not in server.log_text(), server.log_text()[-3000:]


@pytest.fixture(scope="module")
def client(door: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=door.url, headers={"Host": HOST}, timeout=PATIENCE) as opened:
        yield opened


def test_an_inline_script_is_allowed_by_its_hash_and_no_other_is() -> None:
    page = b'<script src="a.js"></script><script>\n  window.ready = false\n</script><script type="module" src="./b.js"></script>'
    code = base64.b64encode(hashlib.sha256(b"\n  window.ready = false\n").digest()).decode()
    assert script_sources(page) == f"'self' 'sha256-{code}' blob:"
    assert script_sources(b"<html></html>") == "'self' blob:"


def test_scripts_need_more_than_being_on_the_page() -> None:
    policy = dict(headers())["content-security-policy"]
    scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert "unsafe" not in scripts
    assert "'sha256-" in scripts  # Streamlit's page has an inline script today


@pytest.mark.parametrize("path", ["/", "/explore", "/_stcore/health", "/app/static/style.css", "/media/none", "/nonsense", "/_stcore/metrics"])
def test_every_answer_carries_each_security_header_once(client: httpx.Client, path: str) -> None:
    found = client.get(path).headers
    for name in SECURITY:
        assert len(found.get_list(name)) == 1, name
    assert found["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in found["content-security-policy"]


def test_an_error_of_ours_is_answered_with_a_sentence_and_the_headers() -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    client = TestClient(SecurityHeaders(broken), raise_server_exceptions=False)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something went wrong on the server." in answer.text
    assert set(answer.headers) >= SECURITY
    with pytest.raises(ZeroDivisionError):  # the server's log still gets it
        TestClient(SecurityHeaders(broken)).get("/")


@pytest.mark.parametrize("origin", [f"http://{HOST}", f"https://{HOST}", None])
def test_a_websocket_of_our_page_opens_and_carries_them_too(door: Server, origin: str | None) -> None:
    with _websocket(door, HOST, origin) as opened:
        assert opened.response is not None
        assert {name.lower() for name in opened.response.headers} >= SECURITY


@pytest.mark.parametrize(
    ("host", "origin", "says"),
    [
        (HOST, "https://evil.example", (403, "This page of another site may not use this server.")),
        (HOST, f"https://{HOST}.evil.example", (403, "another site")),
        (HOST, f"https://{HOST}:444", (403, "another site")),
        (HOST, "null", (403, "another site")),
        (HOST, "http://[", (403, "another site")),
        ("evil.example", "https://evil.example", (400, "does not go by the name in the address")),
    ],
)
def test_a_websocket_of_another_site_is_refused_with_a_sentence(door: Server, host: str, origin: str, says: tuple[int, str]) -> None:
    with pytest.raises(InvalidStatus) as refused, _websocket(door, host, origin):
        pass
    answer = refused.value.response
    assert answer.status_code == says[0]
    assert says[1] in answer.body.decode()
    assert {name.lower() for name in answer.headers} >= SECURITY


def _websocket(server: Server, host: str, origin: Any) -> ClientConnection:
    opened = socket.create_connection(("127.0.0.1", server.port))
    return connect(f"ws://{host}/decide/_stcore/stream", sock=opened, origin=origin, subprotocols=["streamlit"], open_timeout=PATIENCE)


def test_a_name_that_is_not_ours_gets_a_sentence_and_the_health_check_still_works(door: Server) -> None:
    answer = httpx.get(f"{door.url}/", headers={"Host": "other.example.org"}, timeout=PATIENCE)
    assert answer.status_code == 400
    assert "This server does not go by the name in the address." in answer.text
    assert httpx.get(f"{door.url}/_stcore/health", timeout=PATIENCE).text == "ok"


@pytest.mark.parametrize("path", ["/nonsense", "/explore/deeper", "/decide", "//explore", "/explore//", "/healthz", "/_stcore", "/static"])
def test_an_unknown_address_is_a_404_that_leads_to_the_page(client: httpx.Client, path: str) -> None:
    answer = client.get(f"{str(client.base_url).rstrip('/')}{path}")
    assert answer.status_code == 404
    assert "There is no page at this address." in answer.text
    assert 'href="/decide/"' in answer.text


def test_an_address_outside_the_base_path_is_a_404_too(door: Server) -> None:
    assert httpx.get(f"http://127.0.0.1:{door.port}/", headers={"Host": HOST}, timeout=PATIENCE).status_code == 404
    assert httpx.get(f"http://127.0.0.1:{door.port}/decided/", headers={"Host": HOST}, timeout=PATIENCE).status_code == 404


@pytest.mark.parametrize("path", ["/", "/explore", "/prices", "/explore/", "/favicon.png", "/manifest.json", "/_stcore/host-config"])
def test_what_is_served_is_found(client: httpx.Client, path: str) -> None:
    assert client.get(path, follow_redirects=True).status_code == 200


SCRIPT = max((STATIC / "static" / "js").glob("index.*.js"), key=lambda path: path.stat().st_size)


def test_scripts_are_compressed_and_stay_what_they_are(client: httpx.Client) -> None:
    path = f"/static/js/{SCRIPT.name}"
    first, second = (client.get(path, headers={"Accept-Encoding": "gzip"}) for _ in range(2))
    for answer in (first, second):
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) < SCRIPT.stat().st_size / 2
        assert answer.content == SCRIPT.read_bytes()
        assert answer.headers["vary"] == "Accept-Encoding"
    again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", "br", ""])
def test_who_does_not_take_gzip_gets_the_file_as_it_is(client: httpx.Client, accepted: str) -> None:
    answer = client.get(f"/static/js/{SCRIPT.name}", headers={"Accept-Encoding": accepted})
    assert "content-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == SCRIPT.stat().st_size
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["gzip", "GZIP ; q=0.5", "br, gzip;q=1", "gzip;q=x", "gzip;q=1;x=y", "gzip;q="])
def test_however_gzip_is_offered_it_is_taken(client: httpx.Client, accepted: str) -> None:
    answer = client.get("/app/static/style.css", headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"


def test_a_part_of_a_file_and_a_font_are_not_compressed(client: httpx.Client) -> None:
    part = client.get(f"/static/js/{SCRIPT.name}", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-99"})
    assert (part.status_code, part.content) == (206, SCRIPT.read_bytes()[:100])
    font = client.get("/app/static/inter.woff2", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in font.headers


def test_metrics_are_for_who_carries_the_token(client: httpx.Client) -> None:
    assert client.get("/_stcore/metrics").status_code == 401
    assert client.get("/_stcore/metrics", headers={"Authorization": f"Bearer {TOKEN}x"}).status_code == 401
    assert client.get("/_stcore/metrics", headers={"Authorization": "Bearer \u00e9".encode()}).status_code == 401
    answer = client.get("/_stcore/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert "active_sessions" in answer.text


def test_the_log_has_a_line_for_each_request_and_no_query(client: httpx.Client, door: Server) -> None:
    client.get("/app/static/prices.css?s=what-a-team-said")  # what no other test asks for
    line = json.loads(door.logged(r'(?m)^\{.*"path": "/decide/app/static/prices.css", "status": 200.*$')[-1])
    assert line["event"] == "request"
    assert line["method"] == "GET"
    assert line["bytes"] > 500
    assert line["ms"] > 0
    assert line["who"] is None
    assert "what-a-team-said" not in door.log_text()


def test_cookies_of_an_https_page_are_secure(client: httpx.Client) -> None:
    plain = client.get("/_stcore/health").headers.get_list("set-cookie")
    secure = client.get("/_stcore/health", headers={"X-Forwarded-Proto": "https"}).headers.get_list("set-cookie")
    assert plain
    assert not any("Secure" in cookie for cookie in plain)
    assert all(cookie.endswith("; Secure") for cookie in secure)
    assert len(plain) == len(secure)


def test_the_start_asks_nobody_for_anything(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With the image's address, where Streamlit would ask for its own, and without metrics and log: nothing reaches the proxy."""
    asked: list[str] = []

    class Sink(BaseHTTPRequestHandler):
        def _note(self) -> None:
            asked.append(self.path)
            self.send_error(502)

        do_GET = do_CONNECT = _note  # noqa: N815 - the names http.server calls

    with _listening(Sink) as port:
        proxy = f"http://127.0.0.1:{port}"
        settings = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"} | {f"{kind}_PROXY": proxy for kind in ("HTTP", "HTTPS")}
        settings |= {f"{kind}_proxy": proxy for kind in ("http", "https")} | {"NO_PROXY": "", "no_proxy": ""}
        with serving(ROOT / "app.py", tmp_path_factory.mktemp("quiet") / "log.txt", settings) as server:
            assert httpx.get(f"{server.url}/_stcore/metrics", trust_env=False, timeout=PATIENCE).status_code == 404
            assert "External" not in server.log_text()
    assert asked == []


@contextmanager
def _listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), handler) as sink:
        thread = threading.Thread(target=sink.serve_forever, daemon=True)
        thread.start()
        yield sink.server_port
        sink.shutdown()
        thread.join(timeout=PATIENCE)


def test_unless_told_only_this_machine_is_served() -> None:
    settings = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert re.search(r'(?m)^address = "127\.0\.0\.1"', settings)
    shown = subprocess.run(
        [sys.executable, "-m", "streamlit", "config", "show"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE
    ).stdout
    assert re.search(r'(?m)^address = "127\.0\.0\.1"', shown)


def test_what_a_proxy_says_counts_from_its_address_alone(tmp_path: Path) -> None:
    with serving(ROOT / "app.py", tmp_path / "log.txt", {"FORWARDED_ALLOW_IPS": "192.0.2.1", "DECISION_LOG": "json"}) as server:
        said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        cookies = httpx.get(f"{server.url}/_stcore/health", headers=said, timeout=PATIENCE).headers.get_list("set-cookie")
    assert cookies
    assert not any("Secure" in cookie for cookie in cookies)
    assert "203.0.113.9" not in server.log_text()


def test_uvicorn_serves_it_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    port, log = free_port(), tmp_path_factory.mktemp("uvicorn") / "log.txt"
    command = [sys.executable, "-m", "uvicorn", "app:app", "--port", str(port)]
    with running(command, f"http://127.0.0.1:{port}", log, ROOT, {**os.environ, "PYTHONPATH": str(ROOT)}) as server:
        assert httpx.get(f"{server.url}/nonsense", timeout=PATIENCE).status_code == 404


def test_a_port_is_given_to_one_process_of_tests_alone() -> None:
    ours = {free_port() for _ in range(5)}
    program = "from tests.streamlit_server import free_port; print(*(free_port() for _ in range(5)))"
    other = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE)
    theirs = {int(port) for port in other.stdout.split()}
    assert (len(ours), len(theirs), ours & theirs) == (5, 5, set())
    assert max(ours | theirs) < 32_768, "above are those of outgoing connections"
