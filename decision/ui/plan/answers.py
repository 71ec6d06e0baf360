"""One's own answers: a field for each input, a choice for each question. What is typed is kept on the board at once; nobody else sees it yet."""

from __future__ import annotations

import streamlit as st

from decision.errors import BadInput
from decision.planning import events as happens
from decision.planning.board import Answer
from decision.planning.events import question_of
from decision.planning.limits import LONGEST_REASON
from decision.planning.study import Study
from decision.scenario import Amount
from decision.scenario.quantity import read
from decision.ui import views
from decision.ui.form.fields import label_with_unit, typed_text
from decision.ui.formats import escaped
from decision.ui.plan.meeting import Meeting, open_meeting, problems, refused
from decision.ui.sheet import typed_value

ABSTAIN = "abstain"


def own_answers(meeting: Meeting, study: Study, who: str) -> None:
    """Everything that is asked and not revealed yet, or that was revealed before this person had answered."""
    board = meeting.board
    asked = [subject for subject in board.subjects if board.current(subject).revealed is None or meeting.person not in board.current(subject).said]
    if not asked:
        return
    st.header("Your answers", anchor=False)
    views.paragraph(
        "A number such as 12, or a range such as 8 to 20. Each answer is kept as you leave its field; the others see it once it is revealed."
    )

    @st.fragment
    def fields() -> None:
        fresh = open_meeting(meeting.secret, who)
        grid = st.grid(2, min_column_width=340)
        for subject in asked:
            with grid.cell(), st.container(border=True, key=meeting.key("answer", subject)):
                _field(fresh, study, subject)

    fields()


def _field(meeting: Meeting, study: Study, subject: str) -> None:
    current = meeting.board.current(subject)
    mine = current.said.get(meeting.person)
    keys = {part: meeting.key(subject, current.number, part) for part in ("value", "reason", "abstains", "problem")}
    st.session_state.setdefault(keys["reason"], mine.reason if mine else "")
    if question_of(subject):
        _choice(meeting, study, subject, mine, keys)
        _reason(meeting, study, subject, keys)
    else:
        _number(meeting, study, subject, mine, keys)
    if problem := st.session_state.get(keys["problem"]):
        st.markdown(f":red[:material/error: {escaped(problem)}]")
        return
    unit = "" if question_of(subject) else f" In {study.specs[subject].unit}."
    late = " It was revealed already, so yours is not blind." if current.revealed else ""
    views.note(("Kept." if mine else "Not answered yet.") + unit + late)


def _number(meeting: Meeting, study: Study, subject: str, mine: Answer | None, keys: dict[str, str]) -> None:
    st.session_state.setdefault(keys["value"], _as_typed(mine.estimate, study, subject) if mine and mine.estimate else "")
    st.session_state.setdefault(keys["abstains"], mine is not None and mine.value is None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            escaped(label_with_unit(study.specs[subject])), key=keys["value"], max_chars=60, on_change=_said, args=(meeting, study, subject, keys),
            disabled=st.session_state[keys["abstains"]], width=230,
        )  # fmt: skip
        _reason(meeting, study, subject, keys)
        st.checkbox("I abstain", key=keys["abstains"], on_change=_said, args=(meeting, study, subject, keys), width="content")


def _reason(meeting: Meeting, study: Study, subject: str, keys: dict[str, str]) -> None:
    st.text_input("Why (optional)", key=keys["reason"], max_chars=LONGEST_REASON, on_change=_said, args=(meeting, study, subject, keys))


def _choice(meeting: Meeting, study: Study, subject: str, mine: Answer | None, keys: dict[str, str]) -> None:
    words = {**study.questions()[subject], ABSTAIN: "I abstain"}
    if mine:
        st.session_state.setdefault(keys["value"], mine.answer or ABSTAIN)
    st.radio(
        escaped(study.label(subject)), list(words), index=None, key=keys["value"], format_func=lambda answer: escaped(words[answer]), horizontal=True,
        on_change=_said, args=(meeting, study, subject, keys),
    )  # fmt: skip


def _as_typed(amount: Amount, study: Study, subject: str) -> str:
    spec = study.specs[subject]
    return f"{typed_text(amount.low, spec)} to {typed_text(amount.high, spec)}" if amount.is_range else typed_text(amount.likely, spec)


def _said(meeting: Meeting, study: Study, subject: str, keys: dict[str, str]) -> None:
    """A callback: keep what stands in the fields. What cannot be used stays in its field, and the answer before it stands."""
    typed, reason = st.session_state.get(keys["value"]) or "", st.session_state.get(keys["reason"], "")
    st.session_state[keys["problem"]] = ""
    estimate: Amount | None = None
    answer: str | None = None
    if question_of(subject):
        if not typed:
            return  # a reason without an answer waits for it
        answer = None if typed == ABSTAIN else typed
    elif not st.session_state.get(keys["abstains"]):
        if not typed.strip():
            return
        try:
            estimate = estimate_of(typed, study, subject)
        except ValueError as error:
            st.session_state[keys["problem"]] = problems(error)[0]
            return
    number = meeting.board.current(subject).number
    said = {"subject": subject, "round": number, "estimate": estimate, "answer": answer, "reason": reason}
    st.session_state[keys["problem"]] = refused(meeting, happens.Said, **said)


def estimate_of(typed: str, study: Study, subject: str) -> Amount:
    """What was typed, as an estimate of that input. Raises ValueError with what is accepted, BadInput where the scenario cannot hold it."""
    amount = study.specs[subject].check(read(typed_value(typed)))
    if amount is None:
        raise BadInput("Write a number, or a range such as 2 to 8.")
    return amount
