"""Streamlit's metrics, closed unless the operator has made a token for whoever scrapes them."""

from __future__ import annotations

import hmac

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from decision.ui.door.answers import answer
from decision.ui.door.settings import METRICS_TOKEN, base_path, settings
from decision.ui.door.streamlit_parts import METRICS


def is_metrics(scope: Scope) -> bool:
    """Whether a request is for the metrics."""
    return scope["type"] == "http" and scope["path"] == base_path() + METRICS


def may_scrape(scope: Scope) -> bool:
    """Whether a request for the metrics carries the token: `Authorization: Bearer ...`."""
    token, said = settings().metrics_token, Headers(scope=scope).get("authorization", "")
    return is_metrics(scope) and token is not None and hmac.compare_digest(said.encode(), f"Bearer {token}".encode())


class ClosedMetrics:
    """Answers 404 while there is no token, else 401 to whoever does not carry it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if not is_metrics(scope) or may_scrape(scope):
            return await self.app(scope, receive, send)
        if settings().metrics_token is None:
            return await answer(404, [f"Metrics are off. Set {METRICS_TOKEN} to open them to whoever carries it."])(scope, receive, send)
        return await answer(401, ["Metrics need the header Authorization: Bearer, and the token."])(scope, receive, send)
