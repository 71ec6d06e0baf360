"""A Streamlit server as a process of its own, for the browser tests and the benchmarks."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 180.0  # s until something counts as not coming; a machine may be busy with other tests

_OURS: list[socket.socket] = []  # open as long as this process: each keeps a port from the other processes of tests


@dataclass(frozen=True)
class Server:
    """A running server: its address without a trailing slash, its process and its log file."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def log_text(self) -> str:
        """Everything it has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def logged(self, pattern: str) -> list[str]:
        """What matches in its log, once something does: a line about a request is written after the answer was sent."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := [match[0] for match in re.finditer(pattern, self.log_text())]:
                return found
            time.sleep(0.02)
        raise AssertionError(f"not in the log: {pattern}\n{self.log_text()}")


@contextmanager
def serving(script: Path, log: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """`streamlit run script` on a free port until the block ends. Raises RuntimeError with the log when it does not come up."""
    port = free_port()
    base = (settings or {}).get("STREAMLIT_SERVER_BASE_URL_PATH", "")
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "STREAMLIT_SERVER_PORT": str(port),
        "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
        "STREAMLIT_SERVER_HEADLESS": "true",
        "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
        "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
        **(settings or {}),
    }
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    with running(command, f"http://127.0.0.1:{port}{'/' + base if base else ''}", log, ROOT, environment) as server:
        yield server


@contextmanager
def running(command: Sequence[str], url: str, log: Path, folder: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """A command that serves at `url`, started in `folder`, until the block ends. Raises RuntimeError with the log when it does not come up."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT)
    server = Server(url, urlsplit(url).port or 80, process, log)
    try:
        _wait_for_health(server)
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of this machine on which nothing listens, given to nobody else as long as this process runs.

    A port that the system chooses may be that of an outgoing connection a moment later; those here lie below them. Each is marked as taken by a
    socket for datagrams, which other processes of tests see, and the server of the port does not.
    """
    for port in range(20_000, 32_000):
        mark = socket.socket(type=socket.SOCK_DGRAM)
        try:
            mark.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            mark.close()
        else:
            _OURS.append(mark)
            return port
    raise RuntimeError("no port is free from 20000 to 31999")


def _wait_for_health(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2) as answer:
                if answer.read() == b"ok":
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"the server did not come up:\n{server.log_text()}")
