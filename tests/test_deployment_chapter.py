"""The blocks of the README's chapter on deployment, each used as it is written: only ports, paths and certificates are those of the test."""

from __future__ import annotations

import configparser
import datetime as dt
import ipaddress
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from streamlit import config
from websockets.sync.client import connect

from decision.planning import database
from decision.planning.limits import GRACE_DAYS
from decision.ui.door import settings
from tests.streamlit_server import PATIENCE, ROOT, Server, free_port, serving

README = (ROOT / "README.md").read_text(encoding="utf-8")
CHAPTER = README.partition("\n## Deployment")[2].partition("\n## ")[0]
NAME = "tools.example.org"


def block(language: str) -> str:
    """The only block of a language in the chapter."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", CHAPTER, re.DOTALL)
    return str(found)


def test_the_secrets_file_shown_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    path.write_text(block("toml").replace("made with: openssl rand -hex 32", os.urandom(32).hex()), encoding="utf-8")
    before = config.get_option("server.baseUrlPath")
    config.set_option("server.baseUrlPath", "decide")
    try:
        sign_in = settings.sign_in_of([path], required=True)
    finally:
        config.set_option("server.baseUrlPath", before)
    assert sign_in is not None
    assert sign_in.home in CHAPTER
    shown = set(tomllib.loads(re.sub(r"(?m)^# (?=\w+ = )", "", block("toml")))["access"])
    assert shown == set(settings.Access.model_fields), "each rule is shown, if only commented out"


def test_every_setting_of_the_door_and_of_the_boards_is_named() -> None:
    assert set(re.findall(r"DECISION_[A-Z_]+", CHAPTER)) == {settings.SIGN_IN, settings.METRICS_TOKEN, settings.LOG, database.FILE}
    assert database.URL in CHAPTER
    assert f"more than {GRACE_DAYS} days ago" in CHAPTER


def test_the_unit_is_one() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(block("ini"))
    assert unit.sections() == ["Unit", "Service", "Install"]
    assert unit["Service"]["ExecStart"].endswith("/.venv/bin/streamlit run app.py")


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    unit = tmp_path / "decision.service"
    text = (
        block("ini")
        .replace("/opt/decision/.venv/bin/streamlit", sys.executable)
        .replace("/opt/decision", str(ROOT))
        .replace("User=decision", "User=root")
    )
    unit.write_text(text, encoding="utf-8")
    if verify:  # not every machine has systemd; the test above runs everywhere
        run = subprocess.run([verify, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False, timeout=PATIENCE)
        about_it = [line for line in (run.stdout + run.stderr).splitlines() if unit.name in line]
        assert about_it == []


@dataclass(frozen=True)
class Proxied:
    """The page behind nginx."""

    port: int
    server: Server
    trust: ssl.SSLContext

    def client(self) -> httpx.Client:
        """A client that reaches the proxy by its name."""
        transport, headers = httpx.HTTPTransport(verify=self.trust), {"Host": f"{NAME}:{self.port}"}
        return httpx.Client(base_url=f"https://127.0.0.1:{self.port}/decide", headers=headers, transport=transport, timeout=PATIENCE)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """Nginx with the block of the README in front of the server with the settings of the README's unit."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        advice = "nginx is not installed: apt-get install nginx"
        if os.environ.get("CI") == "true":
            pytest.fail(advice)
        pytest.skip(advice)
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    said = dict(re.findall(r"(?m)^Environment=(STREAMLIT_SERVER_(?:BASE_URL_PATH|ALLOWED_HOSTS))=(.*)$", block("ini")))
    with serving(ROOT / "app.py", folder / "page.txt", said) as server:
        _certificate(folder)
        text = block("nginx").replace("443", str(port)).replace("127.0.0.1:8501", f"127.0.0.1:{server.port}")
        (folder / "decision.conf").write_text(text.replace("/etc/ssl/tools.example.org", str(folder)), encoding="utf-8")
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        who = "user root;" if os.geteuid() == 0 else ""
        http = f"http {{ access_log off; {temporary} include {folder}/decision.conf; }}"
        (folder / "nginx.conf").write_text(f"{who} pid {folder}/pid; events {{}} {http}", encoding="utf-8")
        command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.txt")]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False, timeout=PATIENCE)
        assert checked.returncode == 0, checked.stderr
        process = subprocess.Popen([*command, "-g", "daemon off;"])
        trust = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
        made = Proxied(port, server, trust)
        try:
            _wait(made)
            yield made
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def _certificate(folder: Path) -> None:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    names = x509.SubjectAlternativeName([x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - dt.timedelta(1), now + dt.timedelta(1))
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _wait(proxied: Proxied) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with proxied.client() as client:
                if client.get("/_stcore/health").text == "ok":
                    return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise RuntimeError("nginx did not come up")


@pytest.mark.parametrize("path", ["/", "/explore", "/prices", "/explore?s=1abc", "/app/static/style.css"])
def test_the_page_is_served_through_the_proxy(proxied: Proxied, path: str) -> None:
    with proxied.client() as client:
        answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]


def test_the_address_without_its_slash_keeps_the_query(proxied: Proxied) -> None:
    with proxied.client() as client:
        answer = client.get(f"https://127.0.0.1:{proxied.port}/decide?s=1abc")
    assert answer.status_code == 301
    assert answer.headers["location"].endswith("/decide/?s=1abc")


def test_cookies_are_secure_behind_the_proxy(proxied: Proxied) -> None:
    with proxied.client() as client:
        cookies = client.get("/_stcore/health").headers.get_list("set-cookie")
    assert cookies
    assert all("; Secure" in cookie for cookie in cookies)


def test_many_first_visits_from_one_address_get_all_their_files(proxied: Proxied) -> None:
    """More requests for scripts and styles than the limit lets through."""
    with proxied.client() as client:
        assert {client.head("/app/static/style.css").status_code for _ in range(700)} == {200}


def test_a_long_link_passes_in_the_address_and_in_a_cookie(proxied: Proxied) -> None:
    with proxied.client() as client:
        link = "a" * 20_000
        pieces = [link[at : at + 3500] for at in range(0, len(link), 3500)]
        cookies = "; ".join(f"decision_asked_{place}={piece}" for place, piece in enumerate(pieces))
        assert client.get("/explore", params={"s": link}).status_code == 200
        assert client.get("/explore", headers={"Cookie": cookies}).status_code == 200


def test_the_websocket_passes_and_metrics_do_not(proxied: Proxied) -> None:
    plain = socket.create_connection(("127.0.0.1", proxied.port))
    address, protocols = f"wss://{NAME}/decide/_stcore/stream", ["streamlit"]
    known = {"ssl": proxied.trust, "server_hostname": NAME, "origin": f"https://{NAME}"}
    with connect(address, sock=plain, open_timeout=PATIENCE, subprotocols=protocols, **known) as opened:  # type: ignore[arg-type, list-item]
        assert opened.response is not None
        assert opened.response.status_code == 101
    with proxied.client() as client:
        assert client.get("/_stcore/metrics").status_code == 404


def test_scripts_come_compressed_through_the_proxy(proxied: Proxied) -> None:
    with proxied.client() as client:
        page = client.get("/").text
        (script,) = re.findall(r'src="\./(static/js/index\.[^"]+)"', page)
        answer = client.get(f"/{script}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"].startswith("public, immutable")
