"""Who is signed in: a signed cookie, the sessions ended before their time, and the open tabs of each."""

from __future__ import annotations

import functools
import secrets
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeTimedSerializer

from decision.ui.door.settings import SignIn, settings

COOKIE = "decision_session"


@dataclass(frozen=True)
class Visitor:
    """A person with a session. until: seconds since 1970."""

    session: str
    who: str
    provider: str
    until: float


class Sessions:
    """The sessions of one process. A cookie says whose it is and is signed; what ended is remembered here until it would have expired."""

    def __init__(self, sign_in: SignIn) -> None:
        self.lifetime = sign_in.access.hours * 3600
        self._signer = URLSafeTimedSerializer(sign_in.cookie_secret, salt=f"session {sign_in.rules}")
        self._ended: dict[str, float] = {}
        self._tabs: defaultdict[str, set[Callable[[], Awaitable[None]]]] = defaultdict(set)
        self._id_tokens: dict[str, tuple[float, str]] = {}

    def begin(self, who: str, provider: str, id_token: str) -> str:
        """The cookie of a new session. The ID token stays here: the provider wants to see it when the session is ended."""
        session, now = secrets.token_urlsafe(16), time.time()
        self._id_tokens = {key: kept for key, kept in self._id_tokens.items() if kept[0] > now}
        self._id_tokens[session] = (now + self.lifetime, id_token)
        cookie = self._signer.dumps({"session": session, "who": who, "provider": provider, "until": now + self.lifetime})
        return cookie if isinstance(cookie, str) else cookie.decode()

    def visitor(self, cookies: Mapping[str, str]) -> Visitor | None:
        """Whose session this is; None without a cookie, or with one that is altered, expired, ended or of other rules."""
        try:
            said = self._signer.loads(cookies.get(COOKIE, ""))
        except BadData:
            return None
        visitor = Visitor(said["session"], said["who"], said["provider"], said["until"])
        return None if visitor.until <= time.time() or visitor.session in self._ended else visitor

    async def end(self, visitor: Visitor) -> str | None:
        """End a session in every tab and for every copy of its cookie. Gives its ID token, if it began in this process."""
        now = time.time()
        self._ended = {session: until for session, until in self._ended.items() if until > now}
        self._ended[visitor.session] = visitor.until
        for close in self._tabs.pop(visitor.session, set()):
            await close()
        return self._id_tokens.pop(visitor.session, (0.0, None))[1]

    def opened(self, visitor: Visitor, close: Callable[[], Awaitable[None]]) -> None:
        """A tab of this session is open; `close` ends it."""
        self._tabs[visitor.session].add(close)

    def closed(self, visitor: Visitor, close: Callable[[], Awaitable[None]]) -> None:
        """That tab is gone."""
        tabs = self._tabs.get(visitor.session, set())
        tabs.discard(close)
        if not tabs:
            self._tabs.pop(visitor.session, None)


@functools.cache
def sessions() -> Sessions | None:
    """The sessions of this process; None where everybody may read. Raises BadInput as `settings` does."""
    sign_in = settings().sign_in
    return Sessions(sign_in) if sign_in else None
