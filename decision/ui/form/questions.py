"""The questions of data/framework.yaml, in its words and in its order, each with the fields that answer it.

A question that reads a field of the scenario is answered there; one that is worked out says what was found. None is known by name here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st

from decision.framework import Question
from decision.loading import load
from decision.ui import state, views
from decision.ui.form.choices import choice_at, choice_field
from decision.ui.form.fields import CONSTRAINTS, FLEET, is_number, label_of, number_field
from decision.ui.formats import escaped
from decision.ui.sheet import Place

_NOW_AND_LATER = {"agents": "Now", "agents_in_12_months": "In 12 months"}
_ANSWERED_AT = {"agents": tuple(f"fleet.{name}" for name in _NOW_AND_LATER), "models": (f"{CONSTRAINTS}.models",)}
"""The fields behind what a question reads, where that is no field itself."""


def questions(worked_out: Mapping[str, str]) -> None:
    """All of them. worked_out: question id -> what was computed or assumed for it, in a sentence."""
    for question, words in _numbered():
        places = places_of(question)
        if places and all(map(choice_at, places)):
            for place in places:
                of_group = _group_name(place)
                choice_field(place, words + (f" ({of_group})" if of_group else ""), question.help, ours=not of_group)
            views.note(worked_out.get(question.id, ""))
            continue
        st.markdown(f"**{escaped(words)}**", help=escaped(question.help))
        if places:
            _numbers(places)
        else:
            views.paragraph(worked_out.get(question.id, "Cannot be worked out: a price is missing that day."))


def _numbered() -> Iterator[tuple[Question, str]]:
    """Each question with its words; those that are named by number have it in front."""
    n = 0
    for question in load().framework.questions:
        counts = question.name.startswith("Question")
        n += counts
        yield question, f"{n}.\u00a0{question.text}" if counts else question.text


def _numbers(places: tuple[Place, ...]) -> None:
    """Number fields, two on a line; the groups of a fleet one below the other."""
    for i in dict.fromkeys(place[1] if place[0] == FLEET else None for place in places):
        of_one = [place for place in places if place[0] != FLEET or place[1] == i]
        with st.grid(2, min_column_width=150):
            for place in of_one:
                of_group = _group_name(place)
                number_field(place, _NOW_AND_LATER.get(str(place[-1]), label_of(place)) + (f", {of_group}" if of_group else ""))


def _group_name(place: Place) -> str:
    """The group that a place belongs to, where there are several."""
    fleet = state.sheet().scenario.fleet
    return fleet[place[1]].name if place[0] == FLEET and isinstance(place[1], int) and len(fleet) > 1 else ""


# -- where they are answered -------------------------------------------------------------------------


def places_of(question: Question) -> tuple[Place, ...]:
    """Where a question is answered, in every group of the fleet; () for one that is worked out."""
    if question.answered_by == "computed":
        return ()
    return places_read(question.reads)


def places_read(reads: str) -> tuple[Place, ...]:
    """The fields behind a quantity or a field that a question reads; () where none can be filled in."""
    found = []
    for path in _ANSWERED_AT.get(reads, (reads,)):
        first, *rest = path.split(".")
        places: list[Place] = [(FLEET, i, *rest) for i in range(len(state.sheet().scenario.fleet))] if first == FLEET else [(first, *rest)]
        found.append([place for place in places if choice_at(place) or is_number(place)])
    return tuple(place for of_one_group in zip(*found, strict=True) for place in of_one_group)


def asked_places() -> frozenset[Place]:
    """Every field that a question asks for, so that no folded group asks again."""
    return frozenset(place for question in load().framework.questions for place in places_of(question))


# -- see `parts` -------------------------------------------------------------------------------------


def asked() -> Any:
    """What the questions show, but for a plain number, which stands in its own field already."""
    sheet = state.sheet()
    said = [(place, None if isinstance(value := sheet.at(place), int | float) else value) for place in sorted(asked_places(), key=str)]
    return _groups(), said, [(sheet.drafts.get(place), place in sheet.ranged) for place, _ in said]


def framed() -> Any:
    """Which fields the questions have."""
    sheet = state.sheet()
    return sheet.revision, _groups(), [
        (place, frozenset(said) if isinstance(said := sheet.at(place), Mapping) else None, place in sheet.drafts, place in sheet.ranged)
        for place in sorted(asked_places(), key=str)
    ]  # fmt: skip


def _groups() -> list[str]:
    return [group.name for group in state.sheet().scenario.fleet]
