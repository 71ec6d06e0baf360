"""What nobody said, with the value taken instead; each is one click from being answered, where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from decision.recommendation import InputLine, Recommendation
from decision.ui import state, views
from decision.ui.form import fields, questions
from decision.ui.form.choices import choice_at, choice_field
from decision.ui.form.fields import FLEET
from decision.ui.form.model_mix import models
from decision.ui.formats import escaped
from decision.ui.sheet import Place
from decision.words import counted, in_unit

HERE = "assumed"  # tells these fields from the same fields of the form


def shows(answer: Recommendation) -> Any:
    """What the list shows: see `parts`."""
    return len(answer.assumed), frame()


def frame() -> Any:
    """Which of its elements there are: see `parts`."""
    return st.session_state.get("fold_assumed") and state.typed()


def assumed(answer: Recommendation) -> None:
    """The list, folded; the inputs that could change the answer alone come first."""
    count = counted(len(answer.assumed), "input")
    box = views.fold("What was assumed", "fold_assumed")
    if not box.open:
        views.summary(f"{count} nobody has answered yet.")
        return
    decisive = {flip.driver for flip in answer.flips if flip.is_likely}
    with box:
        views.paragraph(
            "Blank answers take these estimates. Those with a range are drawn from it for the odds. First those that could change the answer alone."
        )
        for line in sorted(answer.assumed, key=lambda line: line.path not in decisive):
            _assumption(line, line.path in decisive)


def _assumption(line: InputLine, decisive: bool) -> None:
    field = _field(line)
    if field and st.session_state.get("answering") == line.path:
        field()
        return
    with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
        why = line.why[:1].upper() + line.why[1:]
        views.assumption(_words(line), why if field else f"{why} A general assumption, the same for every scenario.", decisive)
        if field:
            st.button("Answer", key=f"answer_{line.path}", on_click=_answer, args=(line.path,), help=f"Answer: {escaped(line.label)}")


def _field(line: InputLine) -> Callable[[], None] | None:
    """What answers an assumed input; None for general assumptions, which no scenario can say."""
    if line.unit is None:
        places = questions.places_read(line.path)
        return (lambda: _choices(places)) if places else None
    if ".model_mix." in line.path:
        slugs = [group.slug for group in state.sheet().scenario.fleet]
        return lambda: models(slugs.index(line.path.split(".")[1]), HERE)
    place = fields.place_of(line.path)
    return (lambda: fields.number_field(place, line.label, at=HERE)) if place else None


def _choices(places: Sequence[Place]) -> None:
    fleet = state.sheet().scenario.fleet
    for place in places:
        asked = choice_at(place)
        assert asked is not None
        of_group = f" of {fleet[place[1]].name}" if isinstance(place[1], int) and len(fleet) > 1 else ""
        choice_field(place, asked.label + of_group, at=HERE)


def _words(line: InputLine) -> str:
    """The input and the value taken for it, in words; the group as the team calls it."""
    if line.unit is None:
        return f"{line.label} {line.value}."
    parts, sheet = line.path.split("."), state.sheet()
    if parts[0] != FLEET:
        return f"{line.label}: {_line_value(line)}."
    group = next(group for group in sheet.scenario.fleet if group.slug == parts[1])
    of_group = f", {group.name}" if len(sheet.scenario.fleet) > 1 else ""
    if parts[2] == "model_mix":
        return f"Model{of_group}: {sheet.catalog.models[parts[3]].name}, {_line_value(line)} of the tokens."
    return f"{sheet.inputs.facts[line.path].spec.label}{of_group}: {_line_value(line)}."


def _line_value(line: InputLine) -> str:
    if isinstance(line.value, str) or line.unit is None:
        return str(line.value)
    spread = (
        f" ({in_unit(line.low, line.unit)} to {in_unit(line.high, line.unit)})"
        if line.low is not None and line.high is not None and line.low != line.high
        else ""
    )
    return in_unit(line.value, line.unit) + spread


def _answer(path: str) -> None:
    st.session_state.answering = path
