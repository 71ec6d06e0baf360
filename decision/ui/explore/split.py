"""Split: which group of agents runs where, when one option for all of them is not the cheapest."""

from __future__ import annotations

import streamlit as st

from decision.analysis.portfolio import Split
from decision.analysis.portfolio import split as split_of
from decision.charts import PALETTE, colour
from decision.charts_explore import Bar
from decision.framework import MATERIALITY_SHARE, MATERIALITY_USD
from decision.recommendation.eligible import allowed
from decision.scenario import Inputs
from decision.ui import state, views
from decision.ui.explore import study
from decision.ui.explore.study import Study
from decision.ui.views import Cell
from decision.words import cents, counted, listed, money, percent, scalar


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
    study.lead(_sentence(found, done))
    if done.material:
        _draw(found, done)
        views.folded("What is assumed of a split", done.conventions)
    for option_id, why in done.left_out.items():
        views.note(f"{found.names.get(option_id, option_id)} is left out: {why}")


def _sentence(found: Study, done: Split) -> str:
    groups, rules = counted(len(found.inputs.scenario.fleet), "group"), found.inputs.catalog.framework
    if done.single is None or done.saving is None:
        costs = f"The cheapest way costs {money(done.total)} over {found.months} months"
        return f"No single option may take all {groups}, so they have to be split. {costs}: {_places(found, done)}."
    single = found.names[done.single]
    if len(done.stacks) == 1:
        return f"Keep the {groups} together: nothing is cheaper than {single} for all of them."
    sure = "" if done.exact else f" A still cheaper split could cost up to {money(done.at_most_above)} less than this one."
    if not done.material:
        share, usd = percent(rules.threshold(MATERIALITY_SHARE)), money(rules.threshold(MATERIALITY_USD))
        bar = f"less than {share} of the cost or {usd} a month is not worth a second stack"
        return f"Keep the {groups} together on {single}: the cheapest split saves {money(done.saving)} over {found.months} months, and {bar}.{sure}"
    saves = f"That saves {money(done.saving)} over {found.months} months against {single} for all of them"
    return f"Split the {groups}: {_places(found, done)}. {saves}, the upkeep of {counted(len(done.stacks), 'stack')} included.{sure}"


def _places(found: Study, done: Split) -> str:
    return listed(f"{listed(stack.groups)} on {found.names[stack.option]}" for stack in done.stacks)


def _draw(found: Study, done: Split) -> None:
    mode, bars = views.mode(), []
    if done.single is not None and done.single_total is not None:
        bars.append(
            Bar(
                f"{found.names[done.single]} for all",
                done.single_total,
                money(done.single_total),
                colour(done.single, mode),
                "the best single option",
            )
        )
    bars.append(Bar("The split, all together", done.total, money(done.total), PALETTE[mode].faint, "all stacks in use"))
    start = 0.0
    for stack in done.stacks:
        total, label = scalar(stack.ownership.total), f"of it {found.names[stack.option]}, {listed(stack.groups)}"
        bars.append(Bar(label, start + total, money(total), colour(stack.option, mode), f"{cents(stack.monthly)} in month 12", start))
        start += total
    study.bars(f"US dollars over {found.months} months, all costs", bars, "Cost of the split.", lambda: _table(found, done), "split")


def _table(found: Study, done: Split) -> None:
    rows = [
        (
            "",
            [
                Cell(found.names[stack.option], listed(stack.groups), views.swatch(stack.option)),
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
