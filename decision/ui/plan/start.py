"""The page without a board: make one from the scenario of the other pages, or bring one that was exported."""

from __future__ import annotations

import streamlit as st

from decision.errors import BadInput
from decision.loading import load
from decision.planning import events as happens
from decision.planning.board import project
from decision.planning.events import Event, new_id
from decision.planning.limits import LONGEST_NAME, LONGEST_TITLE
from decision.planning.links import Links, person_id
from decision.planning.record import imported
from decision.planning.study import proposed, study_of
from decision.scenario import plain
from decision.ui import state, views
from decision.ui.plan.lead import ask
from decision.ui.plan.meeting import ADDRESS, now, problems, store
from decision.ui.plan.person import signed_in

_TITLE, _NAME, _ASKED, _FILE = "plan_title", "plan_name", "plan_asked", "plan_file"


def start(who: str) -> None:
    """Make a board, or import one."""
    scenario = state.sheet().scenario
    views.paragraph(
        "Several people estimate the same inputs without seeing each other's answers. Then everything is revealed, "
        "and the board says which differences change the recommendation; most do not."
    )
    with views.card("new_board", "A new board"):
        views.paragraph(f"It starts from your scenario, {scenario.name}, as it stands on the other pages now.")
        inputs = state.sheet().inputs
        draft = project([happens.Created(id=new_id(), at=now(), author="operator", title="draft", scenario=plain(scenario), day=inputs.as_of)])
        study = study_of(draft, load())
        with st.grid(2, min_column_width=240):
            st.text_input("What the board is called", scenario.name, key=_TITLE, max_chars=LONGEST_TITLE)
            if not signed_in():
                st.text_input("Your name", key=_NAME, max_chars=LONGEST_NAME)
        asked = ask(study, (*proposed(study.inputs), *study.questions()), _ASKED)
        st.button("Make the board", type="primary", key="plan_make", disabled=not asked, on_click=_make, args=(who, tuple(asked)))
    with views.card("import_board", "A board from a file"):
        st.file_uploader("A board that was exported", type="json", key=_FILE, on_change=_bring)


def _make(who: str, asked: tuple[str, ...]) -> None:
    """A callback: the board, its facilitator, and what is asked."""
    scenario, at = state.sheet().scenario, now()
    try:
        first = happens.Created(
            id=new_id(), at=at, author="operator", title=st.session_state[_TITLE], scenario=plain(scenario), day=state.sheet().inputs.as_of
        )
        author = person_id(first.id, who)
        name = signed_in()[:LONGEST_NAME] or st.session_state[_NAME]
        events: list[Event] = [
            first,
            happens.Joined(id=new_id(), at=at, author=author, name=name, role="facilitator"),
            happens.Asked(id=new_id(), at=at, author=author, subjects=asked),
        ]
        _, links = store().add(events, at)
    except ValueError as error:
        state.notice("error", *problems(error))
        return
    _enter(links)


def _bring() -> None:
    """A callback: an exported board comes back, with new links."""
    upload = st.session_state.get(_FILE)
    if upload is None:
        return
    try:
        _, links = store().add(imported(upload.getvalue(), upload.name), now())
    except BadInput as error:
        state.notice("error", *error.problems)
        return
    _enter(links)


def _enter(links: Links) -> None:
    state.notice("success", "The board is open. Hand out its links below; yours stands in the address of this page, so keep it.")
    st.query_params.from_dict({ADDRESS: links.facilitator})
