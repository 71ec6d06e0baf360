"""The decision: proposed by who leads, agreed to or not by everybody, and the record that is left."""

from __future__ import annotations

import streamlit as st

from decision.errors import BadInput
from decision.planning import events as happens
from decision.planning.limits import LONGEST_REASON
from decision.planning.record import record, status_words
from decision.planning.study import Study
from decision.report import as_json, text
from decision.report.document import Report
from decision.report.sections.boards import board_record
from decision.ui import views
from decision.ui.plan.meeting import Meeting, send
from decision.ui.plan.shown import found_on
from decision.words import sentence_case

_STANCES = {"agree": "Agree", "object": "Object", "stand_aside": "Stand aside"}


def decision(meeting: Meeting, study: Study) -> None:
    """The proposal, everybody's answer to it, and the record."""
    board = meeting.board
    if not any(board.standing(subject) for subject in board.subjects) and board.proposal is None:
        return
    st.header("Decision", anchor=False)
    if board.proposal:
        option = study.catalog.options.get(board.proposal.option)
        with views.piece("proposal", sentence_case(f"{status_words(board)}: {option.name if option else board.proposal.option}")):
            views.paragraph(board.proposal.text)
            views.bullets(
                [
                    f"{board.name(person)}: {_STANCES[stance].lower()}{f'. {reason}' if reason else ''}"
                    for person, (stance, reason) in board.proposal.stances.items()
                ]
            )
        if meeting.speaks:
            _stance(meeting, board.proposal.id)
    if meeting.leads and board.status == "open":
        _propose(meeting, study)
    if board.proposal:
        _record(study)


def _stance(meeting: Meeting, proposal: str) -> None:
    mine = meeting.board.proposal.stances.get(meeting.person) if meeting.board.proposal else None
    keys = {part: meeting.key(proposal, part) for part in ("stance", "reason")}
    if mine:
        st.session_state.setdefault(keys["stance"], mine[0])
        st.session_state.setdefault(keys["reason"], mine[1])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control("Your answer", list(_STANCES), key=keys["stance"], format_func=_STANCES.get)
        st.text_input("Reason", key=keys["reason"], max_chars=LONGEST_REASON, placeholder="An objection needs one", width="stretch")
        st.button("Answer", key=meeting.key(proposal, "answer"), type="primary", on_click=_answer, args=(meeting, proposal, keys))


def _answer(meeting: Meeting, proposal: str, keys: dict[str, str]) -> None:
    if stance := st.session_state.get(keys["stance"]):
        send(meeting, happens.Answered, proposal=proposal, stance=stance, reason=st.session_state.get(keys["reason"], ""))


def _propose(meeting: Meeting, study: Study) -> None:
    found = found_on(meeting.board)
    options = list(found.answer.ranking if found.answer and found.answer.ranking else study.inputs.options)
    keys = {part: meeting.key("propose", part) for part in ("option", "text")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Propose", options, key=keys["option"], format_func=lambda each: study.catalog.option(each).name)
        st.text_input("In a sentence", key=keys["text"], max_chars=LONGEST_REASON, placeholder="What is decided, and from when", width="stretch")
        st.button("Put it to everybody", key=meeting.key("propose"), on_click=_put, args=(meeting, keys))


def _put(meeting: Meeting, keys: dict[str, str]) -> None:
    send(meeting, happens.Proposed, option=st.session_state[keys["option"]], text=st.session_state[keys["text"]])


def _record(study: Study) -> None:
    report = Report(lambda: board_record(study), lambda: record(study))
    try:
        written = text.write(report)
    except BadInput as error:
        views.notice(error.problems[0])
        return
    box = views.fold("The record", "plan-record")
    if box.open:
        box.code(written, language=None, wrap_lines=True)
    with st.container(horizontal=True):
        st.download_button("Record as text", written, "decision-record.txt", "text/plain", on_click="ignore")
        st.download_button("Record as data", as_json.write(report), "decision-record.json", "application/json", on_click="ignore")
