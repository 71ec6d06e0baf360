"""The questions of the framework, in plain words and in their order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from decision.framework import load_framework
from decision.ui import state, views
from decision.ui.form.fields import CONSTRAINTS, FLEET, TEAM, choice, number_field
from decision.ui.form.summaries import LOADS, MODELS, TALENT
from decision.ui.formats import escaped
from decision.ui.sheet import Place


def questions(worked_out: Mapping[str, str]) -> None:
    """The questions of the framework in its own words. worked_out: question id -> what was computed or assumed for it, in a sentence."""
    fleet = state.sheet().scenario.fleet
    n = 0
    for question in load_framework().questions:
        n += question.name.startswith("Question")
        words = f"{n}.\u00a0{question.text}" if question.name.startswith("Question") else question.text
        if question.answered_by == "computed":
            st.markdown(f"**{escaped(words)}**", help=escaped(question.help))
            views.paragraph(worked_out.get(question.id, "Cannot be worked out: a price is missing that day."))
        elif question.reads == "agents":
            st.markdown(f"**{escaped(words)}**", help=escaped(question.help))
            for i, group in enumerate(fleet):
                of_group = f", {group.name}" if len(fleet) > 1 else ""
                with st.grid(2, min_column_width=150):
                    number_field((FLEET, i, "agents"), f"Now{of_group}")
                    number_field((FLEET, i, "agents_in_12_months"), f"In 12 months{of_group}")
        elif question.id == "load":
            for i, group in enumerate(fleet):
                several = len(fleet) > 1
                choice((FLEET, i, "load"), words + (f" ({group.name})" if several else ""), LOADS, question.help, ours=not several)
            views.note(worked_out.get(question.id, ""))
        elif question.id in _ANSWERS:
            choice(_ANSWERS[question.id][0], words, _ANSWERS[question.id][1], question.help, ours=True)
            views.note(worked_out.get(question.id, ""))


_ANSWERS: Mapping[str, tuple[Place, Mapping[str, str]]] = {
    "models": ((CONSTRAINTS, "models"), MODELS),
    "platform_talent": ((TEAM, "platform_talent"), TALENT),
}


def asked() -> Any:
    """What the questions show, but for a plain number, which stands in its own field already: see `parts`."""
    sheet = state.sheet()
    numbers = [sheet.at((FLEET, i, name)) for i in range(len(sheet.scenario.fleet)) for name in ("agents", "agents_in_12_months")]
    ranges = [number for number in numbers if isinstance(number, Mapping)]
    groups = [(group.name, group.load) for group in sheet.scenario.fleet]
    drafts = [draft for place, draft in sheet.drafts.items() if place[0] in (FLEET, CONSTRAINTS, TEAM)]
    return groups, ranges, sheet.scenario.constraints.models, sheet.scenario.team.platform_talent, drafts, sorted(map(str, sheet.ranged))


def framed() -> Any:
    """Which fields the questions have: see `parts`."""
    sheet = state.sheet()
    ranges = [place for place in state.ranges() if place[0] == FLEET]
    return sheet.revision, [group.name for group in sheet.scenario.fleet], ranges, tuple(sheet.drafts), frozenset(sheet.ranged)
