"""Decide: the answer on top, the questions on the left, the reasons on the right."""

from __future__ import annotations

import streamlit as st

from decision.errors import BadInput
from decision.recommendation import Recommendation
from decision.ui import assumptions, inputs, parts, results, state, toolbar
from decision.ui.parts import part


def answer() -> Recommendation | None:
    """The recommendation for what is typed; None where there is none to give."""
    try:
        return state.recommended()
    except BadInput:
        return None


def worked_out() -> dict[str, str]:
    """What the engine found for the questions."""
    found = answer()
    return results.worked_out(found) if found else {}


def notices() -> None:
    """What there is to say, once."""
    for kind, sentences in state.notices(said=True):
        toolbar.say(kind, sentences)


def verdict() -> None:
    """The answer, or why there is none."""
    try:
        results.verdict(state.recommended())
    except BadInput as error:
        results.no_verdict(error)


parts.begin(lambda: (state.sheet().revision, answer() is None))
part("notices", state.notices, notices)
part("verdict", state.priced, verdict)

form, reasons = st.columns([5, 8], gap="large")
with form, st.container(key="form"):
    st.header("Your answers", anchor=False)
    part("tools", toolbar.shows, toolbar.tools)
    part("questions", lambda: (worked_out(), inputs.asked()), lambda: inputs.questions(worked_out()))
    inputs.groups()

if answer():
    with reasons:
        part("options", state.priced, lambda: results.options(state.recommended()))
        part("bill", state.priced, lambda: results.bills(state.recommended()))
        part("breakeven", state.priced, lambda: results.breakeven(state.recommended()))
        part("flips", state.priced, lambda: results.flips(state.recommended()))
        part("rules", lambda: results.rules_shown(state.recommended()), lambda: results.rules(state.recommended()))
        part("assumed", lambda: assumptions.shows(state.recommended()), lambda: assumptions.assumed(state.recommended()))

part("address", state.address, state.keep_address)
