"""A board as one visitor has it open, and the way from a click to an event.

Whatever is drawn comes from `Meeting.board`, which is for this person's eyes. A callback sends an event and draws nothing: the run after it shows
what the store says. An event that the store refuses is told on top of the page.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import Any

import streamlit as st

from decision.errors import BadInput
from decision.planning.board import Board
from decision.planning.events import Happened, new_id
from decision.planning.links import person_id
from decision.planning.store import Opened, Store, open_store
from decision.ui import state

ADDRESS = "board"  # the parameter of the page's address that holds a link's secret
_TWICE = 1.0  # seconds within which the same click is the one that the browser sent twice
_SENT = "plan_sent"


@dataclass(frozen=True)
class Meeting:
    """An open board. secret: of the link it was opened with; person: their id on this board."""

    secret: str
    opened: Opened
    person: str
    board: Board

    @property
    def leads(self) -> bool:
        """Whether the link is the facilitator's."""
        return self.opened.role == "facilitator"

    @property
    def speaks(self) -> bool:
        """Whether this person may answer now: they have a name here, and the board is open."""
        return self.opened.role != "watcher" and self.person in self.board.people and self.board.status == "open"

    def key(self, *parts: object) -> str:
        """The key of a widget on this board."""
        return "-".join(("plan", self.opened.board[:8], *(str(part).replace(".", "-").replace(":", "-") for part in parts)))


def store() -> Store:
    """The store of boards. Raises BadInput."""
    return open_store()


def now() -> dt.datetime:
    """The time of an event."""
    return dt.datetime.now(dt.UTC)


def open_meeting(secret: str, who: str) -> Meeting:
    """The board that a link opens, for this visitor. Raises BadInput where it opens none."""
    opened = store().opened(secret, now())
    person = person_id(store().seen(opened.board, None).origin, who)
    return Meeting(secret, opened, person, store().seen(opened.board, person))


def send(meeting: Meeting, kind: type[Happened], **said: Any) -> bool:
    """A callback: something happens on the board, once, however often the browser sends the same click. False where it was refused, which is told."""
    twice = (kind.__name__, repr(said))
    before, at = st.session_state.get(_SENT, (None, 0.0))
    if before == twice and time.monotonic() - at < _TWICE:
        return True
    st.session_state[_SENT] = (twice, time.monotonic())
    if problem := refused(meeting, kind, **said):
        state.notice("error", problem)
    return not problem


def refused(meeting: Meeting, kind: type[Happened], **said: Any) -> str:
    """Something happens on the board; why it was refused, '' where it was not."""
    try:
        event = kind(id=new_id(), at=now(), author=meeting.person, **said)
        store().append(meeting.opened, event)  # type: ignore[arg-type]
    except ValueError as error:
        return " ".join(problems(error))
    return ""


def problems(error: ValueError) -> tuple[str, ...]:
    """Why something was refused, in sentences."""
    if isinstance(error, BadInput):
        return error.problems
    complaints = getattr(error, "errors", None)
    if complaints is None:
        return (str(error),)
    return tuple(str(each.get("ctx", {}).get("error", each["msg"])) for each in complaints(include_url=False))
