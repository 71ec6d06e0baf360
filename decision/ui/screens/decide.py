"""Decide: the answer on top, the questions on the left, the reasons on the right."""

from __future__ import annotations

import streamlit as st

from decision.errors import BadInput
from decision.ui import assumptions, inputs, results, state, toolbar

for kind, sentences in state.notices():
    toolbar.say(kind, sentences)

try:
    answer = state.recommended()
except BadInput as error:
    answer = None
    results.no_verdict(error)
else:
    results.verdict(answer)

form, reasons = st.columns([5, 8], gap="large")
with form, st.container(key="form"):
    st.header("Your answers", anchor=False)
    toolbar.presets()
    toolbar.actions()
    inputs.questions(results.worked_out(answer) if answer else {})
    inputs.groups()

if answer:
    with reasons:
        results.options(answer)
        results.bills(answer)
        results.breakeven(answer)
        results.flips(answer)
        results.rules(answer)
        assumptions.assumed(answer)

state.keep_address()
