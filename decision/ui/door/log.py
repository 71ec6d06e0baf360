"""The log of requests and of sign-ins: one line of JSON each on standard output, off unless DECISION_LOG=json.

A line never holds a query: the link of a scenario is what a team said.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from decision.ui.door.settings import settings

WHO = "decision.who"  # in a request's scope: who is signed in
_LOG = logging.getLogger("decision.door")


def entry(event: str, **said: object) -> None:
    """Write one line."""
    line = {"time": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"), "event": event, **said}
    sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def sign_in(outcome: str, why: str | None, who: str | None) -> None:
    """Who entered, was refused or left; why a sign-in failed."""
    if settings().log:
        entry("sign-in", outcome=outcome, why=why, who=who)


def warn(sentence: str) -> None:
    """What an operator has to know whether or not the log of requests is on."""
    _LOG.warning("%s", "".join(letter if letter.isprintable() else " " for letter in sentence))  # what a provider said moves no terminal


class RequestLog:
    """One line for each request, when it is answered, and for each websocket, when it is closed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or websocket."""
        if scope["type"] not in {"http", "websocket"}:
            return await self.app(scope, receive, send)
        began, path = time.perf_counter(), scope["path"]
        status, sent = 0, 0

        async def counted(message: Message) -> None:
            nonlocal status, sent
            status = message.get("status", 101 if message["type"] == "websocket.accept" else status)
            sent += len(message.get("body") or message.get("bytes") or b"")
            await send(message)

        try:
            await self.app(scope, receive, counted)
        finally:
            entry(
                "request" if scope["type"] == "http" else "websocket",
                method=scope.get("method", "GET"),
                path=path,
                status=status or (403 if scope["type"] == "websocket" else 500),
                bytes=sent,
                ms=round((time.perf_counter() - began) * 1000, 1),
                peer=(scope.get("client") or ["unknown"])[0],
                who=scope.get(WHO),
            )
