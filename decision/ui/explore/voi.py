"""What to find out: the value of information."""

from __future__ import annotations

import streamlit as st

from decision.analysis.information import Information, Worth
from decision.analysis.information import information as information_of
from decision.charts import PALETTE, Bar
from decision.scenario import Inputs
from decision.ui import state, views
from decision.ui.explore import study
from decision.ui.explore.study import Study
from decision.ui.formats import escaped
from decision.ui.views import Cell
from decision.words import about_money, counted, money, percent

_MOST_DRAWS = 65_536  # all of them are held at once
_MOST_BARS = 8


@st.cache_resource(max_entries=200, show_spinner="Working out what each input is worth", hash_funcs={Inputs: state.fingerprint})
def _information(inputs: Inputs, ids: tuple[str, ...], draws: int, seed: int) -> Information:
    return information_of(inputs, ids, draws, seed)


@study.section
def voi(found: Study) -> None:
    """The section."""
    if not study.enough(found, "finding something out could not change the choice."):
        return
    draws, seed = study.draws_choice(_MOST_DRAWS)
    done = _information(found.inputs, found.ids, draws, seed)
    study.lead(done.sentence)
    with st.grid(3, min_column_width=170):
        st.metric(
            "Knowing everything",
            escaped(about_money(done.evpi)),
            border=True,
            height="stretch",
            help=escaped(
                f"Certainty about every input at once, over {found.months} months, give or take {money(done.evpi_error)} (one standard error)."
            ),
        )
        st.metric(
            "Chosen without it", escaped(found.left[done.best]), border=True, height="stretch", help="The lowest cost on average over the draws."
        )
    shown = [each for each in done.inputs if each.value > 0][:_MOST_BARS]
    if not shown:
        views.paragraph(f"None of {counted(len(done.inputs), 'range')} is worth finding out on its own." if done.inputs else "Nothing is a range.")
        return
    views.paragraph(
        "What it is worth at most to learn one input exactly, before choosing. "
        "An input that is worth nothing does not change the choice, however unsure it is."
    )
    ink, unit = PALETTE[views.mode()].faint, f"Worth, US dollars over {found.months} months"
    bars = [
        Bar(each.label, each.value, _value(each), ink, f"{percent(each.variance_share)} of the spread between the two best options") for each in shown
    ]
    study.bars(unit, bars, done.sentence, lambda: _table(done, unit), "worth")
    views.note(
        f"{study.ranges_words(len(done.inputs), draws, seed)} ± is one standard error. The values of single inputs do not add up to that of all."
    )


def _value(each: Worth) -> str:
    return f"{about_money(each.value)} ± {about_money(each.error)}" if each.value else "$0"


def _table(done: Information, unit: str) -> None:
    rows = [
        (
            "",
            [
                Cell(each.label, "" if each.matters else "no more than chance"),
                Cell(money(each.value), right=True),
                Cell(f"± {money(each.error)}", right=True),
                Cell(percent(each.variance_share), right=True),
            ],
        )
        for each in done.inputs
    ]
    views.table(unit, ("Input", "Worth", "Standard error", "Share of the spread between the two best"), rows)
