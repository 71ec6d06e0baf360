"""Plan together: estimate blind, reveal, talk about what matters, settle, decide."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from decision.errors import BadInput
from decision.loading import load
from decision.planning import events as happens
from decision.planning.limits import LONGEST_NAME
from decision.planning.record import status_words
from decision.ui import state, views
from decision.ui.formats import escaped
from decision.ui.plan.answers import own_answers
from decision.ui.plan.decide import decision
from decision.ui.plan.lead import export, lead
from decision.ui.plan.live import live
from decision.ui.plan.meeting import ADDRESS, Meeting, open_meeting, send
from decision.ui.plan.person import signed_in, who
from decision.ui.plan.shown import results, studied
from decision.ui.plan.start import start
from decision.words import day

STYLE = Path(__file__).parents[1] / "static" / "plan.css"
_ROLES = {"facilitator": "You lead this board.", "participant": "You take part.", "watcher": "You watch."}


def join(meeting: Meeting) -> None:
    """Ask for a name, once."""
    if meeting.opened.role == "watcher" or meeting.person in meeting.board.people or meeting.board.status == "deleted":
        return
    name = meeting.key("name")
    st.session_state.setdefault(name, signed_in()[:LONGEST_NAME])
    with st.container(border=True, key="plan_join"), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Your name, as the others see it", key=name, max_chars=LONGEST_NAME, disabled=bool(signed_in()), width="stretch")
        st.button("Join", key=meeting.key("join"), type="primary", on_click=_join, args=(meeting, name))


def _join(meeting: Meeting, name: str) -> None:
    send(meeting, happens.Joined, name=st.session_state[name], role=meeting.opened.role)


def board(meeting: Meeting, visitor: str) -> None:
    """An open board, from top to bottom in the order of a meeting."""
    study = studied(meeting.board, load())
    st.title(escaped(meeting.board.title), anchor=False)
    state_of = {"open": "", "closed": " The board is closed and can only be read.", "deleted": ""}[meeting.board.status]
    views.paragraph(f"{_ROLES[meeting.opened.role]} Decision: {status_words(meeting.board)}. Prices of {day(study.inputs.as_of)}.{state_of}")
    live(meeting, visitor)
    join(meeting)
    if meeting.leads and meeting.board.status == "open":
        lead(meeting, study)
    if meeting.leads and meeting.board.status == "closed":
        st.button("Reopen the board", key=meeting.key("reopen"), on_click=send, args=(meeting, happens.Reopened))
        export(meeting)
    if meeting.speaks:
        own_answers(meeting, study, visitor)
    results(meeting, study)
    decision(meeting, study)


def deleted(meeting: Meeting) -> None:
    """A board that was deleted, in its days of grace."""
    st.title("This board was deleted", anchor=False)
    if meeting.leads:
        st.button("Bring it back", key=meeting.key("restore"), on_click=send, args=(meeting, happens.Restored))
    else:
        views.paragraph("Whoever led it can bring it back for some days.")


def page() -> None:
    """The board of the address, or the way to one."""
    secret = st.query_params.get(ADDRESS, "")
    try:
        visitor = who()
        meeting = open_meeting(secret, visitor) if secret else None
    except BadInput as error:
        st.title("Plan together", anchor=False)
        for sentence in error.problems:
            views.notice(sentence)
        return
    for kind, sentences in state.notices(said=True):
        views.say(kind, sentences)
    if meeting is None:
        st.title("Plan together", anchor=False)
        start(visitor)
    elif meeting.board.status == "deleted":
        deleted(meeting)
    else:
        board(meeting, visitor)


st.html(STYLE)
page()
