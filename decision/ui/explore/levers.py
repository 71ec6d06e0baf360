"""Levers: what the team can do about the bill, alone and together, and the exposure of a loop that nobody notices."""

from __future__ import annotations

import streamlit as st

from decision.analysis.exposure import Exposure, exposures
from decision.analysis.levers import Effect, Levers, Saving
from decision.analysis.levers import levers as levers_of
from decision.analysis.pulled import Lever, dials
from decision.catalog.levers import Dial
from decision.charts import PALETTE, Bar, colour
from decision.costs.costs import Priced
from decision.loading import load
from decision.report.sections import levers as section
from decision.scenario import Inputs
from decision.ui import state, views
from decision.ui.explore import study
from decision.ui.explore.study import Study
from decision.ui.formats import escaped
from decision.ui.views import Cell
from decision.words import cents, in_unit, money, number, scalar, value_or_word

_LOOP_DIALS = ("unnoticed_hours", "budget_times_usual_session", "request_output_tokens")
_STEPS = 50  # of a dial's slider

Turned = tuple[tuple[str, float], ...]
"""Dials that stand elsewhere than usual."""


@st.cache_resource(max_entries=300, show_spinner="Pulling each lever", hash_funcs={Inputs: state.fingerprint})
def _levers(inputs: Inputs, ids: tuple[str, ...], chosen: tuple[Lever, ...] | None, recommended: str, turned: Turned) -> Levers:
    return levers_of(inputs, ids, chosen, recommended, dials(inputs.catalog.levers, dict(turned)))


@st.cache_resource(max_entries=300, show_spinner=False, hash_funcs={Inputs: state.fingerprint})
def _loops(inputs: Inputs, ids: tuple[str, ...], turned: Turned) -> Priced[Exposure]:
    return exposures(inputs, ids, dials(inputs.catalog.levers, dict(turned)))


@study.section
def levers(found: Study) -> None:
    """The section."""
    usual = _levers(found.inputs, found.ids, None, found.best, ())
    chosen = _chosen(usual)
    turned = _dials([lever for lever in Lever if lever in chosen])
    done = _levers(found.inputs, found.ids, chosen, found.best, turned)
    study.lead(section.lead(found.inputs, done).spoken())
    shown = study.option_choice(found, "Savings on", "levers_on", [i for i in found.ids if i in done.combined.savings], found.best)
    _chart(found, done, shown)
    _table(found, done)
    _what_changes(done)
    for option_id, why in done.left_out.items():
        views.note(f"{found.names.get(option_id, option_id)} is left out: {why}")
    _exposure(found)


# -- choosing and turning ------------------------------------------------------------------------------


def _chosen(usual: Levers) -> tuple[Lever, ...]:
    texts = load().levers.levers
    picked = st.pills(
        "Levers to combine",
        list(Lever),
        selection_mode="multi",
        default=list(usual.combined.levers),
        format_func=lambda lever: texts[lever].label,
        key=f"levers@{'|'.join(usual.combined.levers)}",
        persist_state="session",
        help="To begin with, those that save something on the recommended option. The order does not matter.",
    )
    return tuple(lever for lever in Lever if lever in (picked or ()))


def _dials(chosen: list[Lever]) -> Turned:
    """How far each chosen lever is pulled."""
    names = [name for lever in chosen for name in load().levers.levers[lever].dials]
    if not names:
        return ()
    box = st.expander("**How far they are pulled**", key="fold_dials", on_change="rerun")
    turned = []
    for name in names:
        dial = load().levers.dials[name]
        value = st.session_state.get(_dial_key(name), dial.likely)
        if box.open:
            with box:
                value = _dial(name, dial)
        if value != dial.likely:
            turned.append((name, float(value)))
    return tuple(turned)


def _dial_key(name: str) -> str:
    return f"dial_{name}"


def _dial(name: str, dial: Dial) -> float:
    """A slider over a dial's useful range: its bounds, or ten times where it stands."""
    high = min(dial.at_most, max(10 * dial.likely, dial.high or 0.0))
    places = sorted({dial.at_least, high, dial.likely, *(round(dial.at_least + (high - dial.at_least) * n / _STEPS, 6) for n in range(_STEPS + 1))})
    why = dial.assumption or (f"{dial.source.title}, read {dial.source.retrieved}." if dial.source else "")
    return float(
        st.select_slider(
            escaped(f"{dial.label}, {dial.unit}"),
            places,
            value=dial.likely,
            format_func=lambda at: in_unit(at, dial.unit),
            key=_dial_key(name),
            persist_state="session",
            help=escaped(why),
            width=420,
        )
    )


# -- what they save ------------------------------------------------------------------------------------


def _saved(saving: Saving) -> float | None:
    return None if saving.monthly is None else scalar(saving.monthly)


def _chart(found: Study, done: Levers, option_id: str) -> None:
    texts, ink, name = load().levers.levers, PALETTE[views.mode()], found.left[option_id]
    bars = [_bar(texts[effect.levers[0]].label, effect.savings[option_id], ink.ruled_out, _flips(found, effect)) for effect in done.effects]
    if done.combined.levers:
        naive = scalar(done.naive_sum[option_id])
        bars.append(Bar("The chosen ones, merely added up", naive, cents(naive), ink.faint, "what they do not save together"))
        bars.append(
            _bar(
                "The chosen ones together",
                done.combined.savings[option_id],
                colour(found.options[option_id], views.mode()),
                _flips(found, done.combined),
            )
        )
    study.bars(f"US dollars saved in month 12, {name}", bars, f"Savings a month on {name}.", lambda: _bars_table(bars, name), "levers")


def _bar(label: str, saving: Saving, ink: str, flips: str) -> Bar:
    saved = _saved(saving)
    words = "no price" if saved is None else cents(saved) if abs(saved) > section.SHOWN_SAVING else f"$0, {saving.why}" if saving.why else "$0"
    return Bar(label, saved or 0.0, words + (f", {flips}" if flips else ""), ink, saving.why or "saved in month 12")


def _flips(found: Study, effect: Effect) -> str:
    return f"{found.left[effect.cheapest]} becomes the cheapest" if effect.flips else ""


def _bars_table(bars: list[Bar], name: str) -> None:
    views.table(f"US dollars saved in month 12 on {name}", ("Lever", "Saved"), [("", [Cell(bar.label), Cell(bar.words, right=True)]) for bar in bars])


def _table(found: Study, done: Levers) -> None:
    """Every lever on every option."""
    texts, names = load().levers.levers, {i: found.left[i] for i in done.combined.savings}
    rows = [("", [Cell(texts[e.levers[0]].label, _flips(found, e)), *(_cell(e.savings[i]) for i in names)]) for e in done.effects]
    if done.combined.levers:
        rows.append(("", [Cell("The chosen ones, added up"), *(Cell(cents(done.naive_sum[i]), right=True) for i in names)]))
        rows.append(("pick", [Cell("The chosen ones together", _flips(found, done.combined)), *(_cell(done.combined.savings[i]) for i in names)]))
    views.table("US dollars saved in month 12 on each option", ("Lever", *names.values()), rows)


def _cell(saving: Saving) -> Cell:
    saved = _saved(saving)
    return Cell("no price" if saved is None else cents(saved), right=True)


def _what_changes(done: Levers) -> None:
    texts = load().levers.levers
    if done.combined.changes:
        views.folded(
            "What they change",
            [f"{change.label}: {value_or_word(change.before)} to {value_or_word(change.after)} {change.unit}" for change in done.combined.changes],
        )
    views.folded(
        "What each lever does, and what is assumed",
        [f"{texts[lever].label}: {texts[lever].does} {' '.join(texts[lever].assumes)}" for lever in Lever],
    )


# -- a loop that nobody notices ------------------------------------------------------------------------


def _exposure(found: Study) -> None:
    study.heading("A loop that nobody notices")
    turned = []
    with st.container(horizontal=True):
        for name in _LOOP_DIALS[:2]:
            dial = load().levers.dials[name]
            value = _dial(name, dial)
            if value != dial.likely:
                turned.append((name, value))
    known = _loops(found.inputs, found.ids, tuple(turned))
    loops = tuple(known.costs.values())
    if not loops:
        views.paragraph("No group has active hours, so there is no rate at which to loop.")
        return
    worst = max(loops, key=lambda each: scalar(each.without))
    capped = next((each for each in loops if each.option == found.best and each.capped is not None), None)
    words = f"One agent that loops for {number(worst.hours)} hours costs at most {money(worst.without)}, on {found.left[worst.option]}."
    if capped and capped.capped is not None:
        words += f" On {found.left[found.best]} a budget limit holds it at {money(capped.capped)} instead of {money(capped.without)}."
    views.paragraph(words)
    bars = []
    for each in loops:
        name, ink = found.left[each.option], colour(found.options[each.option], views.mode())
        bars.append(Bar(f"{name}, no limit", scalar(each.without), cents(each.without), ink, f"group {each.group}"))
        if each.capped is not None:
            bars.append(Bar(f"{name}, with its budget limit", scalar(each.capped), cents(each.capped), ink, each.why))
    study.bars("US dollars that one looping agent costs", bars, "Cost of a loop.", lambda: _loop_table(found, loops), "loops")
    for option_id, why in known.left_out.items():
        views.note(f"{found.left[option_id]} is left out: {why}")
    views.folded("What is assumed", load().levers.exposure_assumes)


def _loop_table(found: Study, loops: tuple[Exposure, ...]) -> None:
    rows = [
        (
            "",
            [
                Cell(found.left[each.option], f"group {each.group}", views.swatch(found.options[each.option])),
                Cell(cents(each.without), right=True),
                Cell("" if each.capped is None else cents(each.capped), right=True),
                Cell(each.why),
            ],
        )
        for each in loops
    ]
    views.table(f"US dollars for {number(loops[0].hours)} hours", ("Option", "No limit", "With a budget limit", "The limit"), rows)


__all__ = ["levers"]
