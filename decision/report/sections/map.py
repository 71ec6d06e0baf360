"""Which option is the cheapest over two inputs at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decision.analysis.map import Axis, WhoWins
from decision.report.document import Block, Chart, Figure, Gap, Heading, Sentence, sentence
from decision.report.sections.evidence import not_priced, short
from decision.scenario import Inputs


def who_wins(inputs: Inputs, found: WhoWins, missing: Mapping[str, str]) -> Iterator[Block]:
    """The section."""
    keys = {option_id: chr(ord("A") + i) for i, option_id in enumerate(found.winners())}
    yield Heading(f"{_axis(inputs, found.y)} (up) by {_axis(inputs, found.x)} (across)", f"prices of {inputs.as_of}")
    yield Chart(found, keys)
    yield Gap()
    for option_id, share in found.winners().items():
        said = f"{short(inputs.catalog.option(option_id))}: the cheapest in "
        yield sentence(said, Figure(share, "percent"), " of the cells", lead=f"{keys[option_id]}  ")
    yield _here(inputs, found)
    yield from not_priced(missing)


def _axis(inputs: Inputs, axis: Axis) -> str:
    return inputs.driver_spec(axis.driver).label + (", logarithmic" if axis.log else "")


def _here(inputs: Inputs, found: WhoWins) -> Sentence:
    x, y = (Figure(value, "in_unit", inputs.driver_spec(axis.driver).unit) for value, axis in zip(found.here, (found.x, found.y), strict=True))
    cell = found.here_cell
    if cell is None:
        return sentence("The scenario (", x, " and ", y, ") lies outside the map.")
    winner = short(inputs.catalog.option(found.option_ids[int(found.winner[cell])]))
    gap = Figure(found.gap[cell], "dollars")
    return sentence("the scenario: ", x, " and ", y, f". {winner} is ", gap, f" cheaper than the next one ({found.basis}).", lead="*  ")
