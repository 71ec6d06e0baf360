"""For each option that does not win, what would make it win."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from decision.analysis.flips import Flip
from decision.catalog import Catalog
from decision.costs.ownership import CostOfOwnership
from decision.report.document import Block, Figure, Gap, Heading, Section, Sentence, sentence, table
from decision.report.sections.evidence import driver_name, not_priced, short
from decision.scenario import Inputs
from decision.words import counted, dollars, rounded


def flips(inputs: Inputs, points: Sequence[Flip], owned: Mapping[str, CostOfOwnership], missing: Mapping[str, str]) -> Iterator[Block]:
    """The section. owned: the options compared, the cheapest first."""
    best, *others = owned
    yield Heading(inputs.scenario.name, f"cost of ownership over {inputs.scenario.horizon_months} months, prices of {inputs.as_of}")
    yield sentence(f"{short(inputs.catalog.option(best))} is the cheapest: ", Figure(owned[best].shown_total, "dollars"), ".")
    for option_id in others:
        behind = dollars(owned[option_id].shown_total - owned[best].shown_total, "")
        yield Section(f"{short(inputs.catalog.option(option_id))}, {behind} USD behind: what would make it the cheapest")
        yield from flips_of([flip for flip in points if flip.option == option_id])
    yield Gap()
    yield from not_priced(missing)


def flips_of(points: Sequence[Flip], most: int | None = None) -> Iterator[Block]:
    """The inputs that flip the answer to one option, and how many do not in any range. most: how many to list.

    Those inside their likely range first; the others are told apart, since nobody expects them.
    """
    reached = [flip for flip in points if flip.flips_at is not None]
    silent = len(points) - len(reached)
    if not reached:
        yield sentence(f"None of {counted(silent, 'input')} does it alone, in any range looked at.")
        return
    likely = [flip for flip in reached if flip.is_likely]
    shown = reached[:most]
    if not likely:
        yield sentence("Nothing inside its likely range does it alone. Far outside what is likely or given:")
    for those in (likely, [flip for flip in reached if not flip.is_likely]):
        rows = [
            (flip.label, Figure(flip.now), Figure(flip.flips_at), flip.unit, driver_name(flip.driver))
            for flip in those if flip in shown and flip.flips_at is not None
        ]  # fmt: skip
        if rows and likely and those is not likely:
            yield sentence("Far outside what is likely or given:")
        if rows:
            yield table(("input", "now", "flips at", "unit", "name"), rows, numbers=(1, 2), gives_way=0)
    if len(shown) < len(reached):
        yield sentence(f"{len(reached) - len(shown)} more: `flips` lists them.")
    if silent:
        yield sentence(f"{counted(silent, 'other input')}: none in range.")


def flip(catalog: Catalog, found: Flip) -> Sentence:
    """One change that makes another option the cheapest. Only for a flip that is in range."""
    assert found.flips_at is not None
    now, to = Figure(found.now, "in_unit", found.unit), Figure(rounded(found.flips_at), "in_unit", found.unit)
    winner = catalog.option(found.option).short_name
    if not found.is_likely:
        return sentence(f"{found.label} would have to be ", to, " instead of ", now, f" for {winner} to be the cheapest.")
    way = "rising" if found.flips_at > found.now else "falling"
    return sentence(f"{found.label}, {way} from ", now, " to ", to, f", makes {winner} the cheapest.")
