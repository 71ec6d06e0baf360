"""Decide: the answer on top, the questions on the left, the reasons on the right."""

from __future__ import annotations

import streamlit as st

from decision.errors import BadInput
from decision.recommendation import Recommendation
from decision.ui import parts, state, views
from decision.ui.decide import answer, reasons
from decision.ui.decide.bill import bill
from decision.ui.decide.breakeven import breakeven
from decision.ui.form import assumptions, questions, toolbar
from decision.ui.form.groups import groups
from decision.ui.parts import part, steady


def found() -> Recommendation | None:
    """The recommendation for what is typed; None where there is none to give."""
    try:
        return state.recommended()
    except BadInput:
        return None


def cards() -> int:
    """Which cards there are: none without an answer, and no break-even of one option with itself."""
    recommendation = found()
    return min(len(recommendation.ranking), 2) if recommendation else -1


def notices() -> None:
    """What there is to say, once."""
    for kind, sentences in state.notices(said=True):
        views.say(kind, sentences)


def verdict() -> None:
    """The answer, or why there is none; and the address that leads to it."""
    try:
        answer.verdict(state.recommended())
    except BadInput as error:
        answer.no_verdict(error)
    state.keep_address()


def worked_out() -> dict[str, str]:
    """What the engine found for the questions."""
    recommendation = found()
    return answer.worked_out(recommendation) if recommendation else {}


def shape() -> tuple[object, ...]:
    """What stands between the parts: which cards there are, and the names of groups and periods."""
    scenario = state.sheet().scenario
    return state.sheet().revision, cards(), tuple(group.name for group in scenario.fleet), scenario.horizon_months


parts.begin(shape)
part("notices", state.notices, notices)
with st.container(gap="xxsmall"):
    views.paragraph("Where should our agents run?", "brand")
    part("verdict", lambda: (state.priced(), state.address()), verdict, cards)
parts.seen_first()

left, right = st.columns([5, 8], gap="large")
with left, st.container(key="form"):
    st.header("Your answers", anchor=False)
    part("tools", toolbar.shows, toolbar.tools, toolbar.frame)
    part(
        "questions",
        lambda: (worked_out(), questions.asked()),
        lambda: questions.questions(worked_out()),
        lambda: (set(worked_out()), questions.framed()),
    )
    groups()

if cards() >= 0:
    with right:
        part("options", state.priced, lambda: answer.options(state.recommended()), steady)
        bill()
        if cards() == 2:
            breakeven()
        part("flips", state.priced, lambda: reasons.flips(state.recommended()), steady, order=1)
        part("rules", lambda: reasons.rules_shown(state.recommended()), lambda: reasons.rules(state.recommended()), steady)
        part("assumed", lambda: assumptions.shows(state.recommended()), lambda: assumptions.assumed(state.recommended()), assumptions.frame)
