"""The web application around the page: warm-up before the first visit, and headers that keep other sites out."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT = Path(__file__).parents[2] / "decision" / "ui" / "main.py"

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (
        b"content-security-policy",
        (
            b"default-src 'self'; script-src 'self' 'unsafe-inline' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
            b"font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
        ),
    ),
)


class SecurityHeaders:
    """Adds the headers to every HTTP answer; websockets pass through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def warm_up() -> None:
    """Import what the first visit needs, then take it out of the garbage collector's rounds (Streamlit runs one after every rerun)."""
    from decision import charts
    from decision.catalog import load

    load()
    charts.build_all()
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def warm_start(_: object) -> AsyncIterator[dict[str, object]]:
    """The application's lifespan: nobody's first visit waits for imports."""
    await anyio.to_thread.run_sync(warm_up)
    yield {}
