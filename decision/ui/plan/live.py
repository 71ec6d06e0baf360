"""The strip on top that lives: who is there, who has answered, how long is left.

It asks for news every second, and draws the rest of the page again only when something is shown to everybody that was not before, so that nobody
is disturbed while typing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from html import escape

import streamlit as st

from decision.errors import BadInput
from decision.planning.board import Board
from decision.ui import views
from decision.ui.plan.meeting import Meeting, now, open_meeting, store
from decision.words import counted, listed

_EVERY = 1.0  # seconds between two questions for news
_HERE_EVERY = 5.0  # seconds between two words that this page is still open
_STAGE, _HERE = "plan_stage", "plan_here"


def stage(board: Board) -> Board:
    """What the page below the strip depends on. Who is on the board is in the strip; names below are of people who have answered."""
    return dataclasses.replace(board.shown, people={})


def live(meeting: Meeting, who: str) -> None:
    """Draw the strip, and keep it alive."""
    st.session_state[_STAGE] = stage(meeting.board)

    @st.fragment(run_every=_EVERY)
    def strip() -> None:
        try:
            fresh = open_meeting(meeting.secret, who)
            if time.monotonic() - st.session_state.get(_HERE, 0.0) > _HERE_EVERY:
                store().here(fresh.opened.board, fresh.person, now())
                st.session_state[_HERE] = time.monotonic()
            present = store().present(fresh.opened.board, now())
        except BadInput as error:
            views.notice(" ".join(error.problems))
            return
        changed = stage(fresh.board) != st.session_state[_STAGE]
        joined = (fresh.person in fresh.board.people) != (meeting.person in meeting.board.people)
        if changed or joined:
            st.rerun()
        _draw(fresh, present)

    strip()


def _draw(meeting: Meeting, present: frozenset[str]) -> None:
    board = meeting.board
    waiting = [subject for subject in board.subjects if board.current(subject).revealed is None]
    people = [person for person in board.people.values() if person.id in present or any(person.id in board.current(each).said for each in waiting)]
    onlookers = len(present - board.people.keys())
    items = []
    for person in people:
        answered = sum(person.id in board.current(subject).said for subject in waiting)
        said = f"{answered} of {len(waiting)}" if waiting else ""
        done = " class=done" if waiting and answered == len(waiting) else ""
        away = "" if person.id in present else " (away)"
        items.append(f"<li{done}>{escape(person.name)}{away}{f' <b>{said}</b>' if said else ''}</li>")
    if onlookers:
        items.append(f"<li>{counted(onlookers, 'onlooker')}</li>")
    clock = _clock(board)
    label = "Who is here, and how many questions each has answered" if waiting else "Who is here"
    views.html(f'<div class="live">{clock}<ul aria-label="{label}">{"".join(items) or "<li>Nobody has joined yet</li>"}</ul></div>')


def _clock(board: Board) -> str:
    if board.timer is None:
        return ""
    left = max(dt.timedelta(), board.timer.ends - now())
    minutes, seconds = divmod(round(left.total_seconds()), 60)
    return f'<p class="clock{"" if left else " over"}" role="timer">{f"{minutes}:{seconds:02d}" if left else "Time is up"}</p>'


def names(meeting: Meeting, people: tuple[str, ...]) -> str:
    """People by name."""
    return listed(map(meeting.board.name, people))
