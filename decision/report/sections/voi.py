"""What it is worth to find something out before deciding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decision.analysis.information import Information
from decision.report.document import Block, Figure, Gap, Heading, sentence, table
from decision.report.sections.evidence import driver_name, not_priced, short
from decision.scenario import Inputs
from decision.words import counted


def voi(inputs: Inputs, found: Information, missing: Mapping[str, str]) -> Iterator[Block]:
    """The section: what is worth most first; what is worth no more than chance is counted."""
    yield Heading(inputs.scenario.name, f"{found.draws:,d} draws, seed {found.seed}, prices of {inputs.as_of}")
    yield sentence(found.sentence)
    yield sentence(
        "Knowing everything is worth ", Figure(found.evpi, "dollars"), " USD (+- ", Figure(found.evpi_error, "dollars"),
        f"). Without it, choose {short(inputs.catalog.option(found.best))}.", in_currency=True,
    )  # fmt: skip
    yield Gap()
    worth = [each for each in found.inputs if each.matters]
    if worth:
        rows = (
            (
                each.label, Figure(each.value, "dollars"), ("+- ", Figure(each.error, "dollars")), Figure(each.variance_share, "percent"),
                driver_name(each.path),
            )
            for each in worth
        )  # fmt: skip
        yield table(("input", "worth, USD", "error", "of the spread", "name"), rows, numbers=(1, 2, 3), gives_way=0)
    rest = len(found.inputs) - len(worth)
    if rest:
        yield sentence(f"{counted(rest, 'other input')}: worth nothing that the draws could show.")
    yield Gap()
    yield from not_priced(missing)
