"""Which group of agents runs where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decision.analysis.portfolio import Split
from decision.catalog import Catalog
from decision.report.document import Block, Figure, Gap, Heading, Part, Sentence, sentence, table
from decision.report.sections.evidence import not_priced, short
from decision.scenario import Inputs
from decision.words import counted, listed


def split(inputs: Inputs, found: Split, share: float, least: float, missing: Mapping[str, str]) -> Iterator[Block]:
    """The section. share, least: a saving under this share of the cost or these USD a month is not worth a second stack."""
    yield Heading(inputs.scenario.name, f"split of {len(inputs.scenario.fleet)} groups, USD, prices of {inputs.as_of}")
    yield answer(found, inputs.catalog, share, least)
    yield Gap()
    rows = (
        (
            inputs.catalog.option(stack.option).short_name, ", ".join(stack.groups), Figure(stack.monthly, "cents"),
            Figure(stack.ownership.shown_total, "dollars"),
        )
        for stack in found.stacks
    )  # fmt: skip
    yield table(("option", "groups", "month 12", f"{inputs.scenario.horizon_months} months"), rows, numbers=(2, 3), gives_way=1)
    yield Gap()
    yield from (sentence(convention, lead="- ") for convention in found.conventions)
    yield Gap()
    yield from not_priced({**missing, **found.left_out})


def answer(found: Split, catalog: Catalog, share: float, least: float) -> Sentence:
    """Whether to split, and what that saves."""
    if found.single is None or found.saving is None:
        return sentence("No single option may take every group, so the groups have to be split.")
    single, saving = short(catalog.option(found.single)), Figure(found.saving, "dollars")
    if len(found.stacks) == 1:
        return sentence(f"Keep the groups together: nothing is cheaper than {single} for all of them.")
    above: tuple[Part, ...] = (" The cheapest split there is may cost up to ", Figure(found.at_most_above, "dollars"), " less than this one.")
    sure = () if found.exact else above
    if not found.material:
        bar = ("under ", Figure(share, "in_unit", "share"), " of the cost or ", Figure(least, "dollars"), " a month is not worth a second stack")
        return sentence(f"Keep the groups together on {single}: the split saves ", saving, " over the horizon, and ", *bar, ".", *sure)
    return sentence("Split the groups: it saves ", saving, f" over the horizon against {single} for all of them.", *sure)


def lead(inputs: Inputs, found: Split, share: float, least: float) -> Sentence:
    """The same with where each group goes; share and least as above."""
    groups, months = counted(len(inputs.scenario.fleet), "group"), inputs.scenario.horizon_months
    places = listed(f"{listed(stack.groups)} on {inputs.catalog.option(stack.option).short_name}" for stack in found.stacks)
    if found.single is None or found.saving is None:
        total = Figure(found.total, "money")
        costs = (" The cheapest way costs ", total, f" over {months} months: {places}.")
        return sentence(f"No single option may take all {groups}, so they have to be split.", *costs)
    single, saving = inputs.catalog.option(found.single).short_name, Figure(found.saving, "money")
    if len(found.stacks) == 1:
        return sentence(f"Keep the {groups} together: nothing is cheaper than {single} for all of them.")
    above: tuple[Part, ...] = (" A still cheaper split could cost up to ", Figure(found.at_most_above, "money"), " less than this one.")
    sure = () if found.exact else above
    if not found.material:
        bar = ("less than ", Figure(share, "in_unit", "share"), " of the cost or ", Figure(least, "money"), " a month is not worth a second stack")
        kept = f"Keep the {groups} together on {single}: the cheapest split saves "
        return sentence(kept, saving, f" over {months} months, and ", *bar, ".", *sure)
    stacks = f", the upkeep of {counted(len(found.stacks), 'stack')} included."
    return sentence(f"Split the {groups}: {places}. That saves ", saving, f" over {months} months against {single} for all of them{stacks}", *sure)
