"""Refuses requests that name a host that is not ours, and websockets opened by another site's page."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from decision.ui.door.answers import answer
from decision.ui.door.settings import base_path
from decision.ui.door.streamlit_parts import HEALTH, is_host_allowed

_SAYS = ("This server does not go by the name in the address.", "Whoever runs it can add the name to server.allowedHosts.")


async def refuse(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, or the handshake of a websocket, with this response and nothing else."""
    if scope["type"] == "websocket":
        websocket = WebSocket(scope, receive, send)
        if "websocket.http.response" in scope.get("extensions", {}):
            await websocket.send_denial_response(response)
        else:
            await websocket.close(1008)
    else:
        await response(scope, receive, send)


def is_origin_ours(origin: str | None, host: str | None) -> bool:
    """Whether a websocket was opened by our own page, by one of server.corsAllowedOrigins, or by no page at all."""
    if origin is None or origin in st.get_option("server.corsAllowedOrigins"):
        return True
    try:
        return urlsplit(origin).netloc == host
    except ValueError:  # what is no address is nobody's page
        return False


class OwnHosts:
    """Passes requests to server.allowedHosts (any, unless set), and health checks, which come from the machine itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or websocket."""
        if scope["type"] in {"http", "websocket"} and scope["path"] != base_path() + HEALTH:
            headers = Headers(scope=scope)
            if not is_host_allowed(headers.get("host")):
                return await refuse(answer(400, _SAYS), scope, receive, send)
            if scope["type"] == "websocket" and not is_origin_ours(headers.get("origin"), headers.get("host")):
                return await refuse(answer(403, ["This page of another site may not use this server."]), scope, receive, send)
        return await self.app(scope, receive, send)
