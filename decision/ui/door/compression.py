"""gzip for the page's own files. Each is compressed once and kept: Streamlit leaves them to a proxy, since compressing on every request costs."""

from __future__ import annotations

import gzip
import re

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALLEST = 1024  # bytes; below, gzip gains nothing
LARGEST_KEPT = 32 * 2**20  # bytes of compressed files; all of Streamlit's take 8 MB
LEVEL = 6
_TEXT = ("text/", "application/javascript", "application/json", "application/manifest+json", "application/wasm", "image/svg+xml")


class Compression:
    """Compresses whole files that carry an ETag; what is made anew for each request Streamlit compresses itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[tuple[str, str], bytes] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return await self.app(scope, receive, send)
        wanted = _accepts_gzip(Headers(scope=scope))
        start: Message | None = None
        body = bytearray()

        async def compressed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_text_file(message):
                MutableHeaders(scope=message).add_vary_header("Accept-Encoding")
                if wanted:
                    start = message
                    return
            if start is None:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                await self._send(scope["path"], start, bytes(body), send)

        return await self.app(scope, receive, compressed)

    async def _send(self, path: str, start: Message, body: bytes, send: Send) -> None:
        headers = MutableHeaders(scope=start)
        small = await self._gzipped((path, headers["etag"]), body)
        headers["content-encoding"] = "gzip"
        headers["content-length"] = str(len(small))
        headers["etag"] = headers["etag"] if headers["etag"].startswith("W/") else f"W/{headers['etag']}"
        await send(start)
        await send({"type": "http.response.body", "body": small})

    async def _gzipped(self, key: tuple[str, str], body: bytes) -> bytes:
        if (kept := self._kept.get(key)) is not None:
            return kept
        small = await anyio.to_thread.run_sync(gzip.compress, body, LEVEL)
        if key not in self._kept and self._bytes + len(small) <= LARGEST_KEPT:
            self._kept[key] = small
            self._bytes += len(small)
        return small


def _accepts_gzip(headers: Headers) -> bool:
    """Whether gzip is among the offers and not at weight nought; a weight that is no number forbids nothing (RFC 9110 12.5.3)."""
    offers = [offer.replace(" ", "").lower().partition(";") for offer in headers.get("accept-encoding", "").split(",")]
    return any(name == "gzip" and not re.fullmatch(r"q=0(\.0*)?", weight) for name, _, weight in offers)


def _is_text_file(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return (
        start["status"] == 200
        and "etag" in headers
        and "content-encoding" not in headers
        and headers.get("content-type", "").startswith(_TEXT)
        and int(headers.get("content-length", "0")) >= SMALLEST
    )
