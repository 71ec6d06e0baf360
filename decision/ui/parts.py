"""A page in parts, each drawn again only when what it shows has changed.

    begin(lambda: state.sheet().revision)
    part("bill", lambda: state.fingerprint(state.sheet().inputs), draw_the_bill)

A part is a fragment: using a widget in it, such as opening a fold, draws that part and nothing else. A callback that changes what
others show ends with `redraw()`, which asks every part what it shows now and draws those again whose reply is another one. So the
reply must hold everything of the scenario that the part puts on the page. A part that was interrupted counts as never drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

Shows = Callable[[], Any]

_NEVER = object()


@dataclass(frozen=True)
class _Part:
    """A part, and what it showed when it was drawn last."""

    shows: Shows
    later: bool
    shown: Any = _NEVER


@dataclass
class _Page:
    """What was drawn last: the shape of the page, and what each part showed."""

    shape: Shows = lambda: None
    shaped: Any = None
    parts: dict[str, _Part] = field(default_factory=dict)


def begin(shape: Shows = lambda: None) -> None:
    """Start a page, before its first part. shape: what decides which parts there are; when it changes, all of the page is drawn again."""
    st.session_state["page_in_parts"] = _Page(shape, shape())


def part(name: str, shows: Shows, draw: Callable[[], None], later: bool = False) -> None:
    """Draw a part of the page where it stands.

    shows: what it would show now; cheap, since it is asked after every change. later: after a change the other parts are drawn first.
    """

    @st.fragment(key=name)
    def drawn() -> None:
        parts = _page().parts
        parts[name] = _Part(shows, later)
        now = shows()
        draw()
        parts[name] = _Part(shows, later, now)

    drawn()


def redraw() -> None:
    """The end of a callback: draw again what shows something else now. Where nothing does, only the part whose widget was used is drawn."""
    page = _page()
    if page.shape() != page.shaped:
        st.rerun()
    if changed := [name for name, part in page.parts.items() if part.shows() != part.shown]:
        st.rerun(sorted(changed, key=lambda name: page.parts[name].later))


def _page() -> _Page:
    page: _Page = st.session_state.setdefault("page_in_parts", _Page())
    return page
