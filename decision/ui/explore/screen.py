"""Explore: how sure the answer is, what would change it, what to find out, and what else could be done. One section at a time."""

from __future__ import annotations

import streamlit as st

from decision.errors import BadInput
from decision.ui import state, views
from decision.ui.explore.breakeven import breakeven
from decision.ui.explore.compare import compare
from decision.ui.explore.levers import levers
from decision.ui.explore.map import who_wins_map
from decision.ui.explore.outlook import outlook, remove_all
from decision.ui.explore.split import split
from decision.ui.explore.tornado import tornado
from decision.ui.explore.voi import voi
from decision.ui.formats import escaped
from decision.words import odds_words

SECTIONS = {
    "How sure": outlook,
    "What moves it": tornado,
    "What to find out": voi,
    "Who wins where": who_wins_map,
    "Break-even": breakeven,
    "Levers": levers,
    "Split": split,
    "Compare": compare,
}
WITHOUT_ANSWER = {name: SECTIONS[name] for name in ("Split", "Compare")}  # groups may be split where no option may take them all

for kind, sentences in state.notices(said=True):
    views.say(kind, sentences)

with st.container(key="verdict", gap="xsmall"):
    views.paragraph("Explore", "brand")
    title = st.empty()

try:
    answer = state.recommended()
except BadInput as error:
    title.title("Nothing can be explored yet", anchor=False)
    views.say("error", ("No recommendation can be given with these answers.", *error.problems))
    if state.sheet().scenario.correlations:
        st.button("Let every input vary on its own", on_click=remove_all)
else:
    best = answer.recommended
    if best is None:
        title.title("No recommendation", anchor=False)
        views.paragraph(answer.because, "verdict")
    else:
        odds = f", the cheapest in {odds_words(best.odds)} of the draws" if best.odds is not None and len(answer.ranking) > 1 else ""
        title.title(escaped(f"{best.name}{odds}"), anchor=False)
    sections = SECTIONS if best else WITHOUT_ANSWER
    chosen = st.pills(
        "Section",
        list(sections),
        default=next(iter(sections)),
        required=True,
        key="explore_section" if best else "explore_section_without_answer",
        label_visibility="collapsed",
        persist_state="session",
    )
    with st.container(border=True, key="explore_body"):
        sections[chosen or next(iter(sections))]()

state.keep_address()
