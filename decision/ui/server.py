"""The web application around the page: warm-up before the first visit, and headers that keep other sites out."""

from __future__ import annotations

import base64
import functools
import gc
import hashlib
import importlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
import streamlit
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT = Path(__file__).with_name("main.py")

_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def script_sources(index_page: bytes) -> str:
    """Which scripts may run: our own files, what Streamlit's own page holds inline (by its hash), and its components, which it loads as blobs."""
    hashes = (base64.b64encode(hashlib.sha256(script).digest()).decode() for script in _INLINE_SCRIPT.findall(index_page))
    return " ".join(("'self'", *(f"'sha256-{code}'" for code in hashes), "blob:"))


@functools.cache
def headers() -> tuple[tuple[bytes, bytes], ...]:
    """Security headers of every answer, for the Streamlit that is installed."""
    index_page = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    policy = (
        f"default-src 'self'; script-src {script_sources(index_page)}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )
    return (
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-frame-options", b"SAMEORIGIN"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
        (b"content-security-policy", policy.encode()),
    )


class SecurityHeaders:
    """Adds the headers to every HTTP answer; websockets pass through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *headers()]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def warm_up() -> None:
    """Import what the first visit needs and answer the first example; then take it all out of the garbage collector's rounds, and have fewer.

    An answer is made of thousands of small objects that live as long as it is cached: rounds as often as usual find nothing in them.
    """
    for module in (
        "pandas",
        "decision.ui.form.assumptions",
        "decision.ui.form.questions",
        "decision.ui.form.groups",
        "decision.ui.decide.bill",
        "decision.ui.decide.breakeven",
        "decision.ui.decide.reasons",
    ):  # Streamlit itself needs pandas for every chart
        importlib.import_module(module)
    from decision import charts, charts_explore
    from decision.loading import load
    from decision.recommendation import recommend
    from decision.scenario import inputs_of, read_scenario, ready_made
    from decision.ui import state

    charts.build_all()
    charts_explore.build_all()
    recommend(inputs_of(read_scenario(ready_made()[state.FIRST_PRESET]), load(), state.today()))
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@asynccontextmanager
async def warm_start(_: object) -> AsyncIterator[dict[str, object]]:
    """The application's lifespan: nobody's first visit waits for imports."""
    await anyio.to_thread.run_sync(warm_up)
    yield {}
