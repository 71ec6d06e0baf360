"""Sign-in in front of everything: without a session nothing passes but the health check, the scraper of metrics and sign-in itself.

A visitor without one is shown the way to the provider at the very address asked for, and comes back to it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import quote, unquote, urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from decision.ui.door import access, log
from decision.ui.door.answers import answer
from decision.ui.door.hosts import refuse
from decision.ui.door.metrics import may_scrape
from decision.ui.door.paths import OWN, below, is_file, is_page
from decision.ui.door.provider import Failed, Provider
from decision.ui.door.sessions import COOKIE, Sessions, Visitor
from decision.ui.door.settings import CALLBACK, SignIn, base_path
from decision.ui.door.streamlit_parts import HEALTH, go_to

_PENDING = "decision_sign_in"  # the cookie of a sign-in under way
_ASKED = "decision_asked"  # cookies with the link asked for, in pieces
_PIECE = 3500  # characters; a browser keeps 4,096 bytes of one cookie
_MINUTES = 10  # a sign-in may take


def _unkept(send: Send) -> Send:
    """An answer that no browser keeps: going back after signing out asks again."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["cache-control"] = "no-store"
        await send(message)

    return sent


class Door:
    """Lets in who has a session; shows everybody else the way to one."""

    def __init__(self, app: ASGIApp, sign_in: SignIn, providers: Mapping[str, Provider], sessions: Sessions) -> None:
        self.app, self.sign_in, self.providers, self.sessions = app, sign_in, providers, sessions
        self.base = base_path()
        ways = {"auth/login": self._login, CALLBACK: self._back, "auth/logout": self._leaving, "auth/out": self._out, "auth/ended": self._over}
        self.own = SessionMiddleware(
            Router([Route(f"{self.base}/{path}", way, methods=["GET"]) for path, way in ways.items()]),
            secret_key=f"sign-in {sign_in.cookie_secret}",
            session_cookie=_PENDING,
            max_age=_MINUTES * 60,
            path=self.base or "/",
            same_site="lax",
            https_only=sign_in.secure,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or websocket."""
        if scope["type"] == "lifespan" or scope["path"] == self.base + HEALTH or may_scrape(scope):
            return await self.app(scope, receive, send)
        visitor = self.sessions.visitor(HTTPConnection(scope).cookies)
        scope[log.WHO] = visitor.who if visitor else None
        if scope["type"] == "http" and below(scope["path"]) in OWN:
            return await self.own(scope, receive, send)
        if visitor is None:
            return await refuse(self._way_in(HTTPConnection(scope)), scope, receive, send)
        if scope["type"] == "websocket":
            return await self._tab(visitor, scope, receive, send)
        return await self.app(scope, receive, send if is_file(scope["path"]) else _unkept(send))

    def _way_in(self, asked: HTTPConnection) -> Response:
        link = asked.url.path + (f"?{asked.url.query}" if asked.url.query else "")
        if is_page(asked.url.path):
            return self._says(401, ["Sign in to see this page."], link)
        return answer(401, ["Sign in first."])

    def _says(self, status: int, sentences: list[str], link: str, *, again: bool = False) -> Response:
        """A page with sentences and the ways to sign in; the link asked for is kept."""
        ways = [
            (
                f"Sign in with {name}" if name else "Sign in with another account" if again else "Sign in",
                f"{self.base}/auth/login?{urlencode({'provider': name, 'to': link} | ({'again': 'yes'} if again else {}))}",
            )
            for name in self.providers
        ]
        return answer(status, sentences, ways)

    async def _login(self, request: Request) -> Response:
        link = self._own_link(request.query_params.get("to", ""))
        provider = self.providers.get(request.query_params.get("provider", ""))
        if provider is None:
            return self._says(404, ["This page knows no such provider."], link)
        if request.scope[log.WHO] is not None:
            return RedirectResponse(link, 303)
        response = await provider.begun(request, self.sign_in, {"prompt": "login"} if "again" in request.query_params else {})
        text = quote(link, safe="")
        pieces = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]
        for place, piece in enumerate([f"{len(pieces)}.{pieces[0]}", *pieces[1:]]):
            self._set_cookie(response, f"{_ASKED}_{place}", piece, _MINUTES * 60, f"{self.base}/{CALLBACK}")
        return response

    async def _back(self, request: Request) -> Response:
        """The provider has sent somebody back."""
        link = self._asked_for(request.cookies)
        provider = self.providers.get(request.session.get("provider", "")) or next(iter(self.providers.values()))  # whose state it is not
        try:
            claims = await provider.claims(request, access.wanted(self.sign_in.access))
        except Failed as failed:
            if request.scope[log.WHO] is not None:  # the other tab was first
                return RedirectResponse(link, 303)
            self._note("failed", failed.detail)
            return self._says(400, [str(failed)], link)
        who = access.called(claims)
        if why := access.refusal(claims, self.sign_in.access):
            self._note("refused", why, who)
            return self._says(403, [f"You signed in as {who}.", why], link, again=True)
        self._note("entered", None, who)
        response = RedirectResponse(link, 303)
        request.session.clear()
        self._set_cookie(response, COOKIE, self.sessions.begin(who, provider.name, claims["id_token"]), int(self.sessions.lifetime), self.base or "/")
        for name in request.cookies:
            if name.startswith(_ASKED):
                response.delete_cookie(name, path=f"{self.base}/{CALLBACK}")
        return response

    async def _leaving(self, _: Request) -> Response:
        """Where st.logout() sends the tab: off the page first, or ending all its tabs would take it elsewhere than to the provider."""
        return answer(200, ["Signing out."], [("Go on", f"{self.base}/auth/out")], goes_on=True)

    async def _out(self, request: Request) -> Response:
        visitor = self.sessions.visitor(request.cookies)
        if visitor is None or request.headers.get("sec-fetch-site") == "cross-site":
            return RedirectResponse(f"{self.base}/", 303)
        id_token = await self.sessions.end(visitor)
        self._note("left", None, visitor.who)
        provider = self.providers.get(visitor.provider)
        if provider is not None and provider.end_session:
            asked = {"client_id": provider.client.client_id, "post_logout_redirect_uri": self.sign_in.home} | (
                {"id_token_hint": id_token} if id_token else {}
            )
            response: Response = RedirectResponse(f"{provider.end_session}{'&' if '?' in provider.end_session else '?'}{urlencode(asked)}", 303)
        else:
            response = self._says(200, ["You have signed out."], f"{self.base}/")
        response.delete_cookie(COOKIE, path=self.base or "/", httponly=True, samesite="lax", secure=self.sign_in.secure)
        return response

    async def _over(self, request: Request) -> Response:
        """Where an open tab is taken when its session ends."""
        if request.scope[log.WHO] is not None:
            return RedirectResponse(f"{self.base}/", 303)
        return self._says(
            401, ["Your session has ended. What you had open is one step back in this tab: go back, and sign in there."], f"{self.base}/"
        )

    async def _tab(self, visitor: Visitor, scope: Scope, receive: Receive, send: Send) -> None:
        """A websocket, open as long as its session is."""
        over = False

        async def close() -> None:
            nonlocal over
            if not over:
                over = True
                with suppress(OSError, RuntimeError):  # the browser may be gone
                    await send({"type": "websocket.send", "bytes": go_to(f"{self.base}/auth/ended")})
                    await send({"type": "websocket.close", "code": 1008})

        async def sent(message: Message) -> None:
            if not over:
                await send(message)
            if message["type"] == "websocket.accept":
                self.sessions.opened(visitor, close)

        async def received() -> Message:
            message = await receive()
            return {"type": "websocket.disconnect", "code": 1008} if over else message

        async def expire() -> None:
            await asyncio.sleep(visitor.until - time.time())
            await close()

        timer = asyncio.create_task(expire())
        try:
            await self.app(scope, received, sent)
        finally:
            timer.cancel()
            self.sessions.closed(visitor, close)

    def _own_link(self, link: str) -> str:
        """A link to one of our pages, or the first page: sign-in sends nobody elsewhere."""
        plain = link.isascii() and link.isprintable() and "\\" not in link and not link.startswith("//")
        return link if plain and is_page(urlsplit(link).path) and link.startswith("/") else f"{self.base}/"

    def _asked_for(self, cookies: Mapping[str, str]) -> str:
        count, _, first = cookies.get(f"{_ASKED}_0", "").partition(".")
        rest = [cookies.get(f"{_ASKED}_{place}", "") for place in range(1, int(count) if count.isdecimal() and len(count) < 3 else 1)]
        return self._own_link(unquote("".join([first, *rest])))

    def _set_cookie(self, response: Response, name: str, value: str, seconds: int, path: str) -> None:
        response.set_cookie(name, value, max_age=seconds, path=path, httponly=True, samesite="lax", secure=self.sign_in.secure)

    def _note(self, outcome: str, why: str | None, who: str | None = None) -> None:
        if why:
            log.warn(f"sign-in {outcome}: {why}" + (f" ({who})" if who else ""))
        log.sign_in(outcome, why, who)
