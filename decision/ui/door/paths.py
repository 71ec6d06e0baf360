"""Which addresses there are: an unknown one gets 404 and a sentence instead of the page's empty shell."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from decision.ui.door.answers import answer
from decision.ui.door.settings import CALLBACK, base_path
from decision.ui.door.streamlit_parts import FILES, PREFIXES, root_files
from decision.ui.navigation import FIRST, pages

OWN = ("auth/login", "auth/logout", "auth/out", "auth/ended", CALLBACK)


def below(path: str) -> str | None:
    """The path below the base path, without a slash in front; None outside it."""
    base = base_path()
    return path[len(base) + 1 :] if path == base or path.startswith(f"{base}/") else None


def is_page(path: str) -> bool:
    """Whether an address, without its query, opens a page."""
    rest = below(path)
    return rest is not None and rest.removesuffix("/") in {"", *(name for name, _, _ in pages() if name != FIRST)} and not rest.startswith("/")


def is_file(path: str) -> bool:
    """Whether it is one of the scripts, styles and fonts, which are the same for everybody."""
    return (below(path) or "").startswith(tuple(f"{prefix}/" for prefix in FILES))


def is_known(path: str) -> bool:
    """Whether anything is served there."""
    rest = below(path)
    if rest is None:
        return False
    return is_page(path) or rest in OWN or rest in root_files() or rest.startswith(tuple(f"{prefix}/" for prefix in PREFIXES))


class KnownPaths:
    """Passes requests for what is served; says of everything else that there is nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and not is_known(scope["path"]):
            await answer(404, ["There is no page at this address."], [("To the first page", f"{base_path()}/")])(scope, receive, send)
        else:
            await self.app(scope, receive, send)
