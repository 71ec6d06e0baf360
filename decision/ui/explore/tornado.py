"""What moves it: the tornado of the difference between two options."""

from __future__ import annotations

import streamlit as st

from decision import charts
from decision.analysis.tornado import Swing, Tornado
from decision.analysis.tornado import tornado as tornado_of
from decision.report.sections import tornado as section
from decision.scenario import Inputs
from decision.ui import state, views
from decision.ui.explore import study
from decision.ui.explore.study import Study
from decision.ui.views import Cell
from decision.words import about, about_money, bare, counted, in_unit, money, rounded

_MOST = 12
_SLIGHT = 0.01  # of the widest swing; narrower ones are left to the table


@st.cache_resource(max_entries=200, show_spinner=False, hash_funcs={Inputs: state.fingerprint})
def _tornado(inputs: Inputs, option: str, rival: str) -> Tornado:
    return tornado_of(inputs, option, rival)


@study.section
def tornado(found: Study) -> None:
    """The section."""
    if not study.enough(found, "a tornado shows the difference of two options."):
        return
    assert found.rival is not None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        option = study.option_choice(found, "Option", "tornado_option", found.ids, found.best)
        others = [option_id for option_id in found.ids if option_id != option]
        rival = study.option_choice(found, "Against", "tornado_rival", others, found.rival)
    done = _tornado(found.inputs, option, rival)
    names = (found.left[option], found.left[rival])
    said = section.lead(found.inputs, done).spoken()
    study.lead(said)
    moving = [swing for swing in done.swings if swing.width]
    if not moving:
        return
    views.paragraph(
        "Each bar moves one input from its low to its high end and keeps the others. "
        f'Left of the line "equal" {names[0]} is cheaper, right of it {names[1]}. '
        "Light: towards the low end of the input; dark: towards its high end."
    )
    shown = sum(swing.width >= _SLIGHT * moving[0].width for swing in moving[:_MOST])
    data = charts.tornado_rows(done, shown, about_money, _ends, views.mode())
    unit = f"{names[0]} less {names[1]}, US dollars over {found.months} months"
    alt = f"Tornado. {said} " + "; ".join(f"{s.label}: {about_money(s.at_low)} to {about_money(s.at_high)}" for s in moving[:shown])
    views.figure("tornado", {"x": f"Difference, US dollars over {found.months} months"}, data, alt, lambda: _table(done, moving, unit), "tornado")
    slight, still = len(moving) - shown, len(done.swings) - len(moving)
    left_out = f"Left out, since they move nothing: {counted(still, 'range')}." if still else ""
    views.note((f"In the table only: {counted(slight, 'slighter swing')}. " if slight else "") + left_out)


def _ends(swing: Swing) -> tuple[str, str]:
    """The ends of an input's range in few words: $120,000 and $275,000; 0.05 and 0.3 FTE."""
    if swing.unit.startswith("share"):
        return bare(rounded(swing.low), swing.unit), bare(rounded(swing.high), swing.unit)
    if swing.unit.startswith("USD"):
        return about_money(swing.low), about_money(swing.high)
    return about(swing.low), f"{about(swing.high)} {swing.unit.partition(' per ')[0].removeprefix('engineer-')}"


def _table(done: Tornado, moving: list[Swing], unit: str) -> None:
    rows = [
        (
            "",
            [
                Cell(swing.label, "turns the answer round" if swing.turns else ""),
                Cell(in_unit(rounded(swing.low), swing.unit), right=True),
                Cell(money(swing.at_low), right=True),
                Cell(in_unit(rounded(swing.high), swing.unit), right=True),
                Cell(money(swing.at_high), right=True),
                Cell(money(swing.width), right=True),
            ],
        )
        for swing in moving
    ]
    views.table(f"{unit}; now {money(done.now)}", ("Input", "Low end", "Difference there", "High end", "Difference there", "Swing"), rows)
