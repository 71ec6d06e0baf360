"""Headers of every answer: security headers, once each, and `Secure` on the cookies of an https page."""

from __future__ import annotations

import base64
import functools
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from decision.ui.door.answers import answer
from decision.ui.door.streamlit_parts import STATIC

_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_FIRST_MESSAGES = {"http.response.start", "websocket.accept", "websocket.http.response.start"}


def script_sources(index_page: bytes) -> str:
    """Which scripts may run: our own files, what Streamlit's own page holds inline (by its hash), and its components, which it loads as blobs."""
    hashes = (base64.b64encode(hashlib.sha256(script).digest()).decode() for script in _INLINE_SCRIPT.findall(index_page))
    return " ".join(("'self'", *(f"'sha256-{code}'" for code in hashes), "blob:"))


@functools.cache
def headers() -> tuple[tuple[str, str], ...]:
    """Security headers of every answer, for the Streamlit that is installed."""
    policy = (
        f"default-src 'self'; script-src {script_sources((STATIC / 'index.html').read_bytes())}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )
    return (
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "SAMEORIGIN"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
        ("content-security-policy", policy),
    )


class SecurityHeaders:
    """Sets the headers on whatever is answered, the handshake of a websocket and its refusal included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or websocket."""
        secure = scope.get("scheme") in {"https", "wss"}
        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] in _FIRST_MESSAGES:
                message["headers"] = list(message.get("headers", ()))
                found = MutableHeaders(scope=message)
                for name, value in headers():
                    found[name] = value
                if secure:
                    message["headers"] = [(name, _secure(value) if name.lower() == b"set-cookie" else value) for name, value in message["headers"]]
            await send(message)

        try:
            await self.app(scope, receive, with_headers)
        except Exception:
            if scope["type"] == "http" and not begun:
                await answer(500, ["Something went wrong on the server. Its log says what."])(scope, receive, with_headers)
            raise  # to the server, which writes it into the log


def _secure(cookie: bytes) -> bytes:
    attributes = {part.strip().lower() for part in cookie.split(b";")[1:]}
    return cookie if b"secure" in attributes else cookie + b"; Secure"
