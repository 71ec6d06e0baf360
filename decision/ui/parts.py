"""A page in parts, each drawn again only when what it shows has changed.

    begin(lambda: state.sheet().revision)
    part("bill", lambda: state.fingerprint(state.sheet().inputs), draw_the_bill, steady)

A part is a fragment: using a widget in it, such as opening a fold, draws that part and nothing else. A callback that changes what
others show ends with `redraw()`, which asks every part what it shows now and draws those again whose reply is another one. So the
reply must hold everything of the scenario that the part puts on the page. A part that was interrupted counts as never drawn.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

try:
    from streamlit.runtime.scriptrunner import get_script_run_ctx
except ImportError:  # undocumented, so it may go; then st.rerun() does what _drawn_at_once would
    get_script_run_ctx = None

Shows = Callable[[], Any]

_NEVER = object()

_SENT = 0.015  # seconds after which what was drawn has been sent

_TURN = threading.RLock()
"""Sessions work out and draw one after the other: the interpreter runs one thread at a time anyway, and in turns the first is done
early instead of all being done late (with 80 busy sessions, a third of the wait or less). A part is short and waits for nobody."""


@dataclass(frozen=True)
class _Part:
    """A part, and what it showed when it was drawn last, in which frame."""

    shows: Shows
    frame: Shows
    order: int
    shown: Any = _NEVER
    framed: Any = _NEVER


@dataclass
class _Page:
    """What was drawn last: the shape of the page, and what each part showed."""

    shape: Shows = lambda: None
    shaped: Any = None
    parts: dict[str, _Part] = field(default_factory=dict)


def steady() -> None:
    """The frame of a part that always consists of the same elements."""


def begin(shape: Shows = lambda: None) -> None:
    """Start a page, before its first part. shape: what decides which parts there are; when it changes, all of the page is drawn again."""
    with _TURN:
        st.session_state["page_in_parts"] = _Page(shape, shape())


def part(name: str, shows: Shows, draw: Callable[[], None], frame: Shows | None = None, order: int = 0) -> None:
    """Draw a part of the page where it stands.

    shows: what it would show now; cheap, since it is asked after every change. frame: what decides which elements it consists of,
    whatever stands in them; all that it shows unless told. order: after a change, parts with a lower one are drawn first.
    """
    frame = frame or shows

    @st.fragment(key=name)
    def drawn() -> None:
        parts = _page().parts
        with _TURN:
            parts[name] = _Part(shows, frame, order)
            now, frame_now = shows(), frame()
            draw()
            parts[name] = _Part(shows, frame, order, now, frame_now)

    drawn()


def seen_first() -> None:
    """On a first visit, send what stands above on its own.

    Streamlit sends what has come together every 5 ms. Without this pause the headline would travel with the rest of the page, and the
    browser shows nothing of what came together before it has built all of it.
    """
    if not st.session_state.get("visited"):
        st.session_state["visited"] = True
        time.sleep(_SENT)


def redraw() -> None:
    """The end of a callback: draw again what shows something else now. Where nothing does, only the part whose widget was used is drawn."""
    page = _page()
    with _TURN:
        if page.shape() != page.shaped:
            st.rerun()
        changed = sorted((name for name, part in page.parts.items() if part.shows() != part.shown), key=lambda name: page.parts[name].order)
        stand = all(_stands(page.parts[name]) for name in changed)
    if changed and not (stand and _drawn_at_once(changed)):
        st.rerun(changed)


def _stands(part: _Part) -> bool:
    """Whether the part consists of the same elements as when it was drawn last."""
    return bool(part.frame() == part.framed)


def _drawn_at_once(names: Sequence[str]) -> bool:
    """Have these parts drawn by the run that called back. False where all of the page is drawn anyway, and where Streamlit has no way to do it.

    st.rerun() is the documented way. It ends that run and begins another, and the browser goes over the whole page for each: a change took
    a quarter longer to be seen. The browser was told, though, that only the part with the widget would be drawn, and takes away nothing that
    is missing from the others; hence only parts that stand may join.
    """
    run = get_script_run_ctx() if get_script_run_ctx else None
    drawn = getattr(run, "fragment_ids_this_run", None)
    resolve = getattr(getattr(run, "fragment_storage", None), "resolve_target", None)
    if not isinstance(drawn, list) or not drawn or resolve is None:
        return False
    drawn[:] = resolve(names)
    return True


def _page() -> _Page:
    page: _Page = st.session_state.setdefault("page_in_parts", _Page())
    return page
