"""Split: which group of agents runs where, when one option for all of them is not the cheapest."""

from __future__ import annotations

import streamlit as st

from decision.analysis.portfolio import Split
from decision.analysis.portfolio import split as split_of
from decision.charts import PALETTE, Bar, colour
from decision.framework import MATERIALITY_SHARE, MATERIALITY_USD
from decision.recommendation.eligible import allowed
from decision.report.sections import split as section
from decision.scenario import Inputs
from decision.ui import state, views
from decision.ui.explore import study
from decision.ui.explore.study import Study
from decision.ui.views import Cell
from decision.words import cents, listed, money, scalar


@st.cache_resource(max_entries=200, show_spinner="Trying every way to split the groups", hash_funcs={Inputs: state.fingerprint})
def _split(inputs: Inputs, ids: tuple[str, ...]) -> Split:
    """ids: options that have a price; which of them a group may take is for the gates to say, group by group."""
    rules = inputs.catalog.framework
    share, least = (rules.threshold(name) for name in (MATERIALITY_SHARE, MATERIALITY_USD))
    return split_of(inputs, ids, allowed(inputs, ids), materiality_share=share, materiality_month=least)


@study.section
def split(found: Study) -> None:
    """The section."""
    fleet = found.inputs.scenario.fleet
    if len(fleet) == 1:
        study.lead(
            "There is one group of agents, so there is nothing to split. "
            "Add another group on the page Decide, and this compares every way to place them."
        )
        return
    ids = tuple(option_id for option_id in found.priced if option_id in found.inputs.options)
    done = _split(found.inputs, ids)
    share, least = (found.inputs.catalog.framework.threshold(name) for name in (MATERIALITY_SHARE, MATERIALITY_USD))
    study.lead(section.lead(found.inputs, done, share, least).spoken())
    if done.material:
        _draw(found, done)
        views.folded("What is assumed of a split", done.conventions)
    for option_id, why in done.left_out.items():
        views.note(f"{found.names.get(option_id, option_id)} is left out: {why}")


def _draw(found: Study, done: Split) -> None:
    mode, bars = views.mode(), []
    if done.single is not None and done.single_total is not None:
        bars.append(
            Bar(
                f"{found.names[done.single]} for all",
                done.single_total,
                money(done.single_total),
                colour(found.options[done.single], mode),
                "the best single option",
            )
        )
    bars.append(Bar("The split, all together", done.total, money(done.total), PALETTE[mode].faint, "all stacks in use"))
    start = 0.0
    for stack in done.stacks:
        total, label = scalar(stack.ownership.total), f"of it {found.names[stack.option]}, {listed(stack.groups)}"
        bars.append(Bar(label, start + total, money(total), colour(found.options[stack.option], mode), f"{cents(stack.monthly)} in month 12", start))
        start += total
    study.bars(f"US dollars over {found.months} months, all costs", bars, "Cost of the split.", lambda: _table(found, done), "split")


def _table(found: Study, done: Split) -> None:
    rows = [
        (
            "",
            [
                Cell(found.names[stack.option], listed(stack.groups), views.swatch(found.options[stack.option])),
                Cell(cents(stack.monthly), right=True),
                Cell(money(stack.ownership.total), right=True),
            ],
        )
        for stack in done.stacks
    ]
    rows.append(("pick", [Cell("The split"), Cell(cents(done.monthly), right=True), Cell(money(done.total), right=True)]))
    if done.single is not None and done.single_total is not None and done.single_monthly is not None:
        rows.append(
            (
                "",
                [
                    Cell(f"{found.names[done.single]} for all"),
                    Cell(cents(done.single_monthly), right=True),
                    Cell(money(done.single_total), right=True),
                ],
            )
        )
    views.table("US dollars", ("Option and groups", "Month 12", f"Over {found.months} months"), rows)


__all__ = ["split"]
