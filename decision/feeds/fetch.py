"""One answer over the network, or a reason why there is none. Bounded in time, in bytes before and after unpacking, and in where it leads.

HTTPS alone (plain HTTP only of this machine, for tests); a redirect stays on its host; at most three tries where the server asks to come again.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from decision.errors import shown

AGENT = "agent-runtime-decision (prices refresh)"
SECONDS, TRIES, REDIRECTS = 30.0, 3, 3
_CHUNK = 65_536
_COME_AGAIN = (429, 500, 502, 503, 504)
_LOCAL = ("127.0.0.1", "localhost", "::1")


class Unread(Exception):
    """A feed gave no answer that can be used. The text says why."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. body: empty where the server says that nothing changed since `etag` or `last_modified` (unchanged)."""

    body: bytes
    etag: str | None = None
    last_modified: str | None = None
    unchanged: bool = False


def fetch(url: str, max_bytes: int, etag: str | None = None, last_modified: str | None = None, seconds: float = SECONDS) -> Fetched:
    """The answer of an address. etag, last_modified: of the answer known before. Raises Unread with one reason."""
    deadline = time.monotonic() + seconds
    asked = {"Accept-Encoding": "gzip", "User-Agent": AGENT}
    asked |= {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified)) if value}
    for tried in range(1, TRIES + 1):
        try:
            return _followed(url, asked, max_bytes, deadline)
        except _ComeAgain as again:
            wait = again.seconds if again.seconds is not None else float(tried)
            if tried == TRIES or time.monotonic() + wait >= deadline:
                raise Unread(f"{again.why}, {tried} times" if tried > 1 else again.why) from None
            time.sleep(wait)
    raise AssertionError("the last try returns or raises")


class _ComeAgain(Exception):
    """The server is busy. seconds: after how long it wants to be asked again, where it says so."""

    def __init__(self, why: str, seconds: float | None) -> None:
        self.why, self.seconds = why, seconds
        super().__init__(why)


def _followed(url: str, asked: Mapping[str, str], max_bytes: int, deadline: float) -> Fetched:
    host = urlsplit(url).hostname
    for _ in range(REDIRECTS + 1):
        found = _once(urlsplit(url), asked, max_bytes, deadline)
        if isinstance(found, Fetched):
            return found
        url = urljoin(url, found)
        if urlsplit(url).hostname != host:
            raise Unread(f"it is redirected to another host ({shown(urlsplit(url).hostname)})")
    raise Unread(f"it is redirected more than {REDIRECTS} times")


def _once(url: SplitResult, asked: Mapping[str, str], max_bytes: int, deadline: float) -> Fetched | str:
    """An answer, or where it is redirected to."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise Unread("it took too long")
    connection, late = _connection(url, left), threading.Event()
    watch: threading.Timer | None = None
    try:
        connection.connect()
        watch = threading.Timer(left, _cut, (connection.sock, late))  # kept: an answer without a length takes the socket from its connection
        watch.start()
        connection.request("GET", (url.path or "/") + (f"?{url.query}" if url.query else ""), headers=dict(asked))
        with connection.getresponse() as response:
            found = _taken(response, max_bytes)
        if late.is_set():  # cut off, an answer without a length ends as if it were whole
            raise TimeoutError
    except (OSError, http.client.HTTPException, zlib.error, EOFError, ValueError) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            raise Unread("it took too long") from None
        if isinstance(error, ssl.SSLCertVerificationError):
            raise Unread(f"its certificate cannot be trusted ({error.verify_message})") from None
        raise Unread(f"the connection failed ({shown(error) or type(error).__name__})") from None
    else:
        return found
    finally:
        if watch is not None:
            watch.cancel()
        connection.close()


def _connection(url: SplitResult, seconds: float) -> http.client.HTTPConnection:
    if url.scheme == "https" and url.hostname:
        return http.client.HTTPSConnection(url.hostname, url.port, timeout=seconds, context=ssl.create_default_context())
    if url.scheme == "http" and url.hostname in _LOCAL:
        return http.client.HTTPConnection(url.hostname, url.port, timeout=seconds)
    raise Unread("its address is not https")


def _cut(connected: socket.socket, late: threading.Event) -> None:
    """End an answer that trickles: each of its bytes comes in time, and all of them do not."""
    late.set()
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _taken(response: http.client.HTTPResponse, max_bytes: int) -> Fetched | str:
    etag, modified = response.getheader("ETag"), response.getheader("Last-Modified")
    if response.status == http.HTTPStatus.NOT_MODIFIED:
        return Fetched(b"", etag, modified, unchanged=True)
    if response.status in (301, 302, 303, 307, 308):
        return response.getheader("Location") or ""
    if response.status in _COME_AGAIN:
        raise _ComeAgain(f"the server answered {response.status}", _seconds(response.getheader("Retry-After")))
    if response.status != http.HTTPStatus.OK:
        raise Unread(f"the server answered {response.status}")
    return Fetched(_body(response, max_bytes), etag, modified)


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() else None


def _body(response: http.client.HTTPResponse, max_bytes: int) -> bytes:
    too_large = Unread(f"it is larger than {max_bytes // 1000:,} kB")
    if (response.length or 0) > max_bytes:
        raise too_large
    packed = _read(response, max_bytes, too_large)
    if response.getheader("Content-Encoding", "identity").lower() not in ("gzip", "x-gzip"):
        return packed
    return unpacked(packed, max_bytes)


def _read(response: http.client.HTTPResponse, max_bytes: int, too_large: Unread) -> bytes:
    parts, size = [], 0
    while part := response.read(min(_CHUNK, max_bytes + 1 - size)):
        parts.append(part)
        size += len(part)
        if size > max_bytes:
            raise too_large
    if response.length:
        raise Unread(f"it broke off {response.length:,} bytes before its end")
    return b"".join(parts)


def unpacked(packed: bytes, max_bytes: int) -> bytes:
    """What a gzip answer holds, never more of it than is accepted. Raises Unread."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        body = unpacker.decompress(packed, max_bytes + 1)
    except zlib.error:
        raise Unread("it says that it is gzip and is not") from None
    if len(body) > max_bytes:
        raise Unread(f"unpacked, it is larger than {max_bytes // 1000:,} kB")
    if not unpacker.eof:
        raise Unread("it broke off before its end")
    return body
