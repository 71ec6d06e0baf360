"""Which option is the cheapest over two inputs at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decision.analysis.breakeven import Basis
from decision.analysis.map import Axis, WhoWins
from decision.report.document import Block, Chart, Figure, Gap, Heading, Part, Sentence, sentence
from decision.report.sections.evidence import not_priced, short
from decision.scenario import Inputs
from decision.words import listed, percent, rounded


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


def lead(inputs: Inputs, found: WhoWins, moved: tuple[str, float] | None = None) -> Sentence:
    """The cheapest where the scenario stands and how far ahead it is, and what share of the map each wins. moved: a third input and its value."""
    x, y = (_stands(inputs, axis.driver, value) for axis, value in zip((found.x, found.y), found.here, strict=True))
    if found.here_cell is None:
        return sentence("You are outside this map (", *x, " and ", *y, "). ", *shares(inputs, found).parts)
    cell, spec = found.here_cell, inputs.driver_spec(moved[0]) if moved else None
    third: tuple[Part, ...] = (f" with {spec.label} at ", Figure(rounded(moved[1]), "in_unit", spec.unit)) if moved and spec else ()
    winner, gap = inputs.catalog.option(found.option_ids[int(found.winner[cell])]).short_name, Figure(found.gap[cell], "about_money")
    ahead = (gap, f" {'over the horizon' if found.basis is Basis.TOTAL else 'a month'} ahead of the next option. ")
    return sentence("Where you are", *third, " (", *x, " and ", *y, f") {winner} is the cheapest, ", *ahead, *shares(inputs, found).parts)


def _stands(inputs: Inputs, driver: str, value: float) -> tuple[Part, ...]:
    spec = inputs.driver_spec(driver)
    return f"{spec.label} ", Figure(rounded(value), "in_unit", spec.unit)


def shares(inputs: Inputs, found: WhoWins) -> Sentence:
    """What share of the map each option wins."""
    won = {inputs.catalog.option(option_id).short_name: share for option_id, share in found.winners().items()}
    if len(won) == 1:
        return sentence(f"{next(iter(won))} is the cheapest everywhere on this map.")
    return sentence(f"On this map {listed(f'{name} wins {percent(share)}' for name, share in won.items())}.")
