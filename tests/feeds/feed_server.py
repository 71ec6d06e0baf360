"""A server of this machine that answers as feeds do on a bad day. Each path is an answer; what was asked is kept."""

from __future__ import annotations

import contextlib
import gzip
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Handler = BaseHTTPRequestHandler
GIGABYTE_OF_ZEROS = gzip.compress(bytes(50_000_000))  # 50 kB that unpack to 50 MB


def body(content: bytes, status: int = 200, **headers: str) -> Callable[[Handler], None]:
    """An answer with this content."""

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def trickle(handler: Handler) -> None:
    """A byte now and then, for ever: each in time, all of them never."""
    handler.send_response(200)
    handler.end_headers()
    with contextlib.suppress(OSError):
        for _ in range(2_000):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.02)


def trickling_head(handler: Handler) -> None:
    """The same before the answer begins."""
    with contextlib.suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(2_000):
            handler.wfile.write(f"X-{number}: 1\r\n".encode())
            handler.wfile.flush()
            time.sleep(0.02)


def endless(handler: Handler) -> None:
    """As fast as it can, up to 500 MB, without saying how much it will be."""
    handler.send_response(200)
    handler.end_headers()
    part = bytes(100_000)
    with contextlib.suppress(OSError):
        for _ in range(5_000):
            handler.wfile.write(part)


class FeedServer:
    """Its address, its answers by path, and the requests that came: (path, headers)."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[Handler], None] | list[Callable[[Handler], None]]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, dict(self.headers.items())))
                found = outer.answers.get(self.path, body(b"nothing here", 404))
                with contextlib.suppress(ConnectionError):
                    (found.pop(0) if isinstance(found, list) else found)(self)

            def log_message(self, *_: Any) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __setitem__(self, path: str, answer: Callable[[Handler], None] | list[Callable[[Handler], None]]) -> None:
        self.answers[path] = answer


@contextlib.contextmanager
def serving() -> Iterator[FeedServer]:
    """A server while it is needed."""
    found = FeedServer()
    found.thread.start()
    try:
        yield found
    finally:
        found.server.shutdown()
        found.server.server_close()
        found.thread.join()
