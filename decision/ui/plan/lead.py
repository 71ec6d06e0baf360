"""What the facilitator does: choose what is asked, reveal, trim, time, settle, begin another round, hand out links, close, delete."""

from __future__ import annotations

import json

import streamlit as st

from decision.errors import BadInput
from decision.planning import events as happens
from decision.planning.events import How, question_of
from decision.planning.limits import GRACE_DAYS, LONGEST_REASON, MOST_SUBJECTS
from decision.planning.links import links_of
from decision.planning.pool import median
from decision.planning.record import exported
from decision.planning.study import Study, proposed
from decision.scenario import Amount
from decision.ui import state, views
from decision.ui.form.fields import label_with_unit
from decision.ui.formats import escaped
from decision.ui.plan.answers import estimate_of
from decision.ui.plan.meeting import ADDRESS, Meeting, problems, send, store

_MINUTES = (2, 5, 10, 15)
_HOW = {"median": "The median", "person": "One person's", "typed": "Another value"}


def subject_words(study: Study, subject: str) -> str:
    """A subject in a list to choose from."""
    return study.label(subject) if question_of(subject) else label_with_unit(study.specs[subject])


def ask(study: Study, chosen: tuple[str, ...], key: str) -> list[str]:
    """A field to choose what is asked: what is most worth knowing comes first, then the questions, then every other input."""
    first = dict.fromkeys((*chosen, *proposed(study.inputs), *study.questions(), *study.specs))
    return st.multiselect(
        "What to ask", list(first), default=list(chosen), key=key, max_selections=MOST_SUBJECTS,
        format_func=lambda each: subject_words(study, each), help="Those that are most worth knowing stand first in the list.",
    )  # fmt: skip


def lead(meeting: Meeting, study: Study) -> None:
    """The facilitator's tools, in the order of a meeting."""
    board = meeting.board
    blind = [subject for subject in board.subjects if board.current(subject).revealed is None]
    answered = [subject for subject in board.subjects if board.standing(subject)]
    with st.container(border=True, key=meeting.key("lead")):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.button(
                "Reveal", key=meeting.key("reveal"), type="primary", disabled=not blind, on_click=_reveal, args=(meeting,),
                help="What somebody has answered. What nobody has answered yet stays open.",
            )  # fmt: skip
            for minutes in _MINUTES:
                st.button(
                    f"{minutes} min", key=meeting.key("timer", minutes), icon=":material/timer:", on_click=send, args=(meeting, happens.Timed),
                    kwargs={"seconds": 60 * minutes},
                )  # fmt: skip
            st.button(
                "Stop",
                key=meeting.key("timer-off"),
                disabled=board.timer is None,
                on_click=send,
                args=(meeting, happens.Timed),
                kwargs={"seconds": 0},
            )
            if answered:
                st.session_state[meeting.key("trim")] = board.trimmed
                st.toggle("Leave outliers out", key=meeting.key("trim"), on_change=_trim, args=(meeting,))
        if answered:
            _settling(meeting, study, answered)
    if len(board.people) < 2:  # nobody else has come yet
        _links(meeting)
    box = views.fold("Links, what is asked, closing", meeting.key("setup"))
    if box.open:
        with box:
            _links(meeting)
            chosen = ask(study, board.subjects, meeting.key("asked"))
            st.button(
                "Ask these", key=meeting.key("ask"), disabled=tuple(chosen) == board.subjects or not chosen, on_click=send,
                args=(meeting, happens.Asked), kwargs={"subjects": tuple(chosen)},
            )  # fmt: skip
            _ending(meeting)


def _reveal(meeting: Meeting) -> None:
    """A callback: show what was answered until this moment; who leads need not have seen the last of it arrive."""
    board = store().seen(meeting.opened.board, meeting.person)
    answered = tuple(subject for subject in board.subjects if board.current(subject).revealed is None and board.current(subject).said)
    if answered:
        send(meeting, happens.Revealed, subjects=answered)
    else:
        state.notice("info", "Nobody has answered yet, so there is nothing to reveal. Wait for the first answer.")


def _trim(meeting: Meeting) -> None:
    send(meeting, happens.Trimmed, on=st.session_state[meeting.key("trim")])


def _links(meeting: Meeting) -> None:
    base = (st.context.url or "").partition("?")[0]
    links = links_of(meeting.secret)
    for words, secret in (("Take part", links.participant), ("Watch, for the projector", links.watcher), ("Facilitate: keep it", links.facilitator)):
        views.label(words)
        st.code(f"{base}?{ADDRESS}={secret}", language=None, wrap_lines=True)


# -- settling --------------------------------------------------------------------------------------------


def _settling(meeting: Meeting, study: Study, answered: list[str]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        subject = st.selectbox(
            "Settle or ask again",
            answered,
            key=meeting.key("settle-what"),
            format_func=lambda each: subject_words(study, each),
            width="stretch",
        )
        current = meeting.board.current(subject)
        st.button(
            "Another round", key=meeting.key("again", subject), disabled=current.revealed is None, on_click=send, args=(meeting, happens.Again),
            kwargs={"subject": subject, "round": current.number + 1},
        )  # fmt: skip
        if settlement := meeting.board.settled(subject):
            st.button(
                "Take back", key=meeting.key("undo", subject), on_click=send, args=(meeting, happens.Undone), kwargs={"settlement": settlement.id}
            )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ways = list(_HOW) if not question_of(subject) else ["person", "typed"]
        how = st.segmented_control(
            "At", ways, default=ways[0], required=True, key=meeting.key("how", bool(question_of(subject))), format_func=_HOW.get
        )
        keys = {"note": meeting.key("note", subject)}
        if how == "person":
            keys["whose"] = meeting.key("whose", subject)
            st.selectbox("Whose", list(meeting.board.standing(subject)), key=keys["whose"], format_func=meeting.board.name)
        elif how == "typed" and question_of(subject):
            keys["typed"] = meeting.key("answer-settled", subject)
            words = study.questions()[subject]
            st.selectbox("Answer", list(words), key=keys["typed"], format_func=lambda each: words[each])
        elif how == "typed":
            keys["typed"] = meeting.key("typed", subject)
            st.text_input(escaped(label_with_unit(study.specs[subject])), key=keys["typed"], max_chars=60)
        st.text_input("Why", key=keys["note"], max_chars=LONGEST_REASON, width="stretch")
        st.button("Settle", key=meeting.key("settle", subject), on_click=_settle, args=(meeting, study, subject, how, keys))


def _settle(meeting: Meeting, study: Study, subject: str, how: How, keys: dict[str, str]) -> None:
    """A callback: settle a subject at what the fields say."""
    said = {key: st.session_state.get(keys[key]) for key in ("whose", "typed", "note") if key in keys}
    try:
        value = _value(meeting, study, subject, how, said)
    except ValueError as error:
        state.notice("error", *problems(error))
        return
    kept = {"estimate": value} if isinstance(value, Amount) else {"answer": value}
    send(meeting, happens.Settled, subject=subject, how=how, whose=said.get("whose"), note=said.get("note") or "", **kept)


def _value(meeting: Meeting, study: Study, subject: str, how: How, said: dict[str, str | None]) -> Amount | str | None:
    if how == "median":
        return Amount.point(median(meeting.board.estimates(subject)))
    if how == "person":
        return meeting.board.standing(subject)[said["whose"] or ""].value
    return said["typed"] if question_of(subject) else estimate_of(said["typed"] or "", study, subject)


# -- the end ---------------------------------------------------------------------------------------------


def _ending(meeting: Meeting) -> None:
    with st.container(horizontal=True):
        if meeting.board.status == "open":
            st.button("Close the board", key=meeting.key("close"), on_click=send, args=(meeting, happens.Closed))
        export(meeting)
        st.button("Delete the board", key=meeting.key("delete"), on_click=_ask_to_delete, args=(meeting,))
    if st.session_state.get(meeting.key("deleting")):
        with st.container(border=True):
            views.paragraph(f"Delete this board for everybody? You can bring it back with your link for {GRACE_DAYS} days; then it is gone for good.")
            with st.container(horizontal=True):
                st.button("Delete it", key=meeting.key("delete-now"), type="primary", on_click=send, args=(meeting, happens.Deleted))
                st.button("Keep it", key=meeting.key("keep"), on_click=_keep, args=(meeting,))


def _ask_to_delete(meeting: Meeting) -> None:
    st.session_state[meeting.key("deleting")] = True


def _keep(meeting: Meeting) -> None:
    st.session_state[meeting.key("deleting")] = False


def export(meeting: Meeting) -> None:
    """The whole board as a file; what is not revealed stays out."""
    try:
        events = store().events(meeting.opened.board)
    except BadInput:
        return
    content = json.dumps(exported(events), indent=1, ensure_ascii=False)
    st.download_button("Export the board", content, "board.json", "application/json", key=meeting.key("export"), on_click="ignore")
