"""Fields for a scenario: each is tied to a place in it, and keeps what was typed even when it cannot be used.

A number is one text field: blank takes the estimate (shown as its placeholder), "12,000" or "12k" is a number, "2 to 8" a
range. The small button beside it switches between "I know it" and "somewhere between". Any page may use these fields:
`number_field(("overrides", "prices", price_id))` is a negotiated price. Where the form's own field may be on the page too, the
second one says where it stands: `at="assumed"`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from decision.scenario import Amount, Fact, Spec, answered
from decision.scenario.inputs import ADD_UP
from decision.scenario.model import Constraints, Exit, Group, OptionOverrides, PerSession, Sandbox, Team, Tokens, TokensPerHour
from decision.scenario.quantity import read
from decision.ui import parts, state, views
from decision.ui.formats import escaped
from decision.ui.sheet import Place
from decision.words import number, scalar, typed

FLEET, TEAM, CONSTRAINTS, OVERRIDES = "fleet", "team", "constraints", "overrides"

SPECS: Mapping[str, Spec] = {
    name: spec
    for part in (Group(), Sandbox(), PerSession(), Tokens(), Team(), Constraints(), Exit(), OptionOverrides())
    for name, spec, _ in part.amounts()
}
_PER_HOUR: Mapping[str, Spec] = {name: spec for name, spec, _ in TokensPerHour().amounts()}
_FOLLOWS = {"agents_in_12_months": "as now", "open_hours_per_session": "as active", "weeks_to_production": "build weeks over one engineer",
            **dict.fromkeys(ADD_UP, "from its components")}  # fmt: skip
_ENDS = {
    "low": ("Low", "one time in ten it is below"),
    "likely": ("Likely", "the most likely value"),
    "high": ("High", "one time in ten it is above"),
}


# -- places and facts --------------------------------------------------------------------------------


def fact_at(place: Place) -> Fact | None:
    """What is known at a place; None where the value follows another (open hours follow active hours)."""
    scenario, facts = state.sheet().scenario, state.sheet().inputs.facts
    if place[0] == FLEET and isinstance(place[1], int):
        return facts.get(".".join(["fleet", scenario.fleet[place[1]].slug, *map(str, place[2:])]))
    return facts.get(".".join(map(str, place[1:] if place[0] == OVERRIDES else place)))


def place_of(path: str) -> Place | None:
    """Where a fact is answered; None for what the scenario cannot say (general assumptions)."""
    return answered.place_of(state.sheet().scenario, path)


def is_number(place: Place) -> bool:
    """Whether a number is answered there."""
    return fact_at(place) is not None or place[-1] in SPECS


def label_of(place: Place) -> str:
    """What a number is called, with its unit where the name does not say it. Raises KeyError for a place that no number has."""
    fact = fact_at(place)
    return label_with_unit(fact.spec if fact else _spec(place))


def _spec(place: Place) -> Spec:
    return _PER_HOUR[str(place[-1])] if "tokens_per_active_hour" in place else SPECS[str(place[-1])]


def _following(place: Place) -> float | None:
    """The value of a number of a group that follows from others, since nobody gave it."""
    inputs = state.sheet().inputs
    if place[0] != FLEET or not isinstance(place[1], int):
        return None
    found = inputs.own(inputs.scenario.fleet[place[1]]).get(".".join(map(str, place[2:])))
    return None if found is None else scalar(found)


# -- fields ------------------------------------------------------------------------------------------


def number_field(place: Place, label: str = "", hint: str | None = None, at: str = "") -> None:
    """A number, a range, or blank for the estimate. Raises KeyError for a place that no number has."""
    sheet, fact = state.sheet(), fact_at(place)
    spec = fact.spec if fact else _spec(place)
    label = label or label_of(place)
    draft = sheet.drafts.get(place)
    said = sheet.at(place)
    given = None if said is None else read(said)
    as_range = place in sheet.ranged or bool(given and given.is_range and given.origin == "given")
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, wrap=False, vertical_alignment="bottom", gap="xsmall"):
            if as_range:
                views.label(label)
            else:
                shown = str(draft.typed) if draft and not isinstance(draft.typed, Mapping) else typed_text(given.likely, spec) if given else ""
                st.text_input(
                    escaped(label), shown, placeholder=_placeholder(place, fact, spec), help=hint, max_chars=60, **state.bound(place, spec.label, at)
                )
            _range_switch(place, spec, as_range, at)
        if as_range:
            _range_fields(place, label, given or (fact.amount if fact else None), spec, at)
        problem_below(place)
        if given and given.origin == "measured":
            views.note(f"measured{f', n = {number(given.n)}' if given.n else ''}")


def number_fields(places: Mapping[Place, str | None]) -> None:
    """Numbers side by side where there is room; a range takes the whole line. places: place -> help."""
    grid = st.grid(2, min_column_width=170, vertical_alignment="bottom")
    for place, hint in places.items():
        said = state.sheet().at(place)
        wide = place in state.sheet().ranged or (isinstance(said, Mapping) and "low" in said)
        with grid.cell(column_span="all" if wide else 1):
            number_field(place, hint=hint)


def _range_fields(place: Place, label: str, known: Amount | None, spec: Spec, at: str) -> None:
    """Three fields on one line: low, most likely, high."""
    named = {end: (words, typed_text(getattr(known, end), spec) if known else "", meaning) for end, (words, meaning) in _ENDS.items()}
    together(place, label, named, at)


def together(place: Place, label: str, named: Mapping[str, tuple[str, str, str]], at: str = "") -> None:
    """Several numbers on one line that are one answer. named: name in the scenario -> (label, value, meaning)."""
    draft = state.sheet().drafts.get(place)
    with st.container(horizontal=True, wrap=False, gap="xsmall", vertical_alignment="bottom"):
        for name, (words, value, meaning) in named.items():
            typed = draft.typed if draft and isinstance(draft.typed, Mapping) else None
            st.text_input(
                words,
                value if typed is None else str(typed.get(name) or ""),
                key=state.key(place, name + at),
                max_chars=30,
                help=f"{escaped(label)}: {meaning}",
                on_change=_typed_together,
                args=(place, tuple(named), at, state.sheet().revision),
            )


def _typed_together(place: Place, names: Sequence[str], at: str, revision: int) -> None:
    if revision == state.sheet().revision:
        state.write(place, {name: st.session_state.get(state.key(place, name + at), "") for name in names}, elsewhere=bool(at))


def _range_switch(place: Place, spec: Spec, as_range: bool, at: str) -> None:
    """A button whose words only a screen reader hears; the style sheet leaves its sign visible."""
    st.button(
        "I know it" if as_range else "Somewhere between",
        icon=":material/pin:" if as_range else ":material/arrow_range:",
        key="switch-" + state.key(place, at),
        type="tertiary",
        help=f"{spec.label}: " + ("I know it, one number" if as_range else "somewhere between two numbers"),
        on_click=_switch_range,
        args=(place, not as_range),
    )


def _switch_range(place: Place, to_range: bool) -> None:
    sheet, fact = state.sheet(), fact_at(place)
    if to_range:
        sheet.ranged.add(place)
        return
    sheet.ranged.discard(place)
    sheet.drafts.pop(place, None)
    if fact and fact.origin == "given" and fact.amount.is_range:
        sheet.write(place, fact.amount.likely, fact.spec.label)
    sheet.revision += 1
    parts.redraw()


def choice(place: Place, label: str, words: Mapping[str, str], hint: str | None = None, at: str = "", ours: bool = False) -> None:
    """One of a few; none chosen means not said. ours: the label holds no word that a person typed, so a screen reader gets it unescaped."""
    st.segmented_control(
        label if ours else escaped(label),
        list(words),
        default=state.sheet().at(place) or _default(place, words),
        format_func=lambda value: words[value],
        help=escaped(hint) if hint else None,
        **state.bound(place, label, at),
    )
    problem_below(place)


def _default(place: Place, words: Mapping[str, str]) -> str | None:
    """What the scenario takes unless told, where that is a plain default and not an open question."""
    return "none" if place[0] == CONSTRAINTS and "none" in words else None


def switch(place: Place, label: str, hint: str | None = None, blank: bool = False) -> None:
    """Yes or no. blank: what holds while nobody has said; a widget of its own, since one that is on screen keeps what it shows."""
    said = state.sheet().at(place)
    st.toggle(escaped(label), blank if said is None else bool(said), help=hint, **state.bound(place, label, "on" if blank else ""))


def one_of(place: Place, label: str, words: Mapping[str, str], none: str) -> None:
    """One of a list that is longer than a row holds. none: what it says while nothing is chosen."""
    known = state.sheet().at(place)
    index = list(words).index(known) if known in words else None
    st.selectbox(escaped(label), list(words), index=index, format_func=lambda value: words[value], placeholder=none, **state.bound(place, label))
    problem_below(place)


def several(
    place: Place, label: str, words: Mapping[str, str], hint: str | None = None, default: Sequence[str] = (), none: str = "Choose any"
) -> None:
    """Any of a list. none: what it says while nothing is chosen."""
    chosen = [value for value in state.sheet().at(place) or default if value in words]
    st.multiselect(
        escaped(label), list(words), default=chosen, format_func=lambda value: words[value], help=hint, placeholder=none, **state.bound(place, label)
    )
    problem_below(place)


def words_field(place: Place, label: str, value: str, most: int = 80) -> None:
    """A short text of at most so many characters."""
    draft = state.sheet().drafts.get(place)
    st.text_input(escaped(label), str(draft.typed) if draft else value, max_chars=most, **state.bound(place, label))
    problem_below(place)


def problem_below(place: Place) -> None:
    """Why what was typed at a place cannot be used, below its field."""
    if problem := state.sheet().problem(place):
        fact = fact_at(place)
        hint = " Write 20 % or 0.2." if fact and fact.spec.unit.startswith("share") and "at most 1 " in problem else ""
        st.markdown(f":red[:material/error: {escaped(problem + hint)}]")


def _placeholder(place: Place, fact: Fact | None, spec: Spec) -> str:
    if fact is None and (follows := _following(place)) is not None:
        return f"{typed_text(follows, spec)} from the kind of work"
    if fact is None:
        return _FOLLOWS.get(str(place[-1]), "not set")
    return f"{typed_text(fact.amount.likely, spec)} assumed" if fact.origin == "assumed" else ""


def typed_text(value: float, spec: Spec) -> str:
    """A value as it stands in its field: shares as per cent."""
    return f"{typed(round(100 * value, 8))} %" if spec.unit.startswith("share") else typed(value)


def label_with_unit(spec: Spec) -> str:
    """What a number is called, with its unit where the name does not say it."""
    first = spec.unit.split()[0].rstrip("s").lower()
    return (
        spec.label
        if first in spec.label.lower() or spec.unit == "times"
        else f"{spec.label}, {'per cent' if first == 'share' else spec.unit.removesuffix(' per session')}"
    )
