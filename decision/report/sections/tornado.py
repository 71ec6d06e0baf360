"""Which range moves the difference of two options most."""

from __future__ import annotations

from collections.abc import Iterator

from decision.analysis.tornado import Swing, Tornado
from decision.report.document import Block, Cell, Figure, Gap, Heading, Part, Sentence, sentence, table
from decision.scenario import Inputs
from decision.words import counted, listed

_HEAD = ("input", "low", "high", "at low", "at high", "swing", "")
_WIDEST = 20  # signs of the widest swing


def tornado(inputs: Inputs, found: Tornado) -> Iterator[Block]:
    """The section: the widest swing first."""
    names = [inputs.catalog.option(option_id).short_name for option_id in (found.option, found.rival)]
    moving = [swing for swing in found.swings if swing.width]
    still, cheaper = len(found.swings) - len(moving), names[0] if found.now < 0 else names[1]
    yield Heading(f"{names[0]} less {names[1]}", f"cost of ownership over {inputs.scenario.horizon_months} months, USD, prices of {inputs.as_of}")
    yield sentence(
        "Now ", Figure(found.now, "dollars"), f": {cheaper} is cheaper. Each row moves one input over its range and keeps the others.",
        in_currency=True,
    )  # fmt: skip
    yield Gap()
    if moving:
        yield table(_HEAD, (_row(found, swing) for swing in moving), numbers=(1, 2, 3, 4), gives_way=0)
    else:
        yield sentence("No input of these two is a range.")
    if still:
        yield Gap()
        yield sentence(f"{counted(still, 'other range')} that move nothing are left out.")


def _row(found: Tornado, swing: Swing) -> Iterator[Cell]:
    yield swing.label
    yield from (Figure(swing.low), Figure(swing.high), Figure(swing.at_low, "dollars"), Figure(swing.at_high, "dollars"))
    yield "#" * max(1, round(_WIDEST * swing.width / found.swings[0].width))
    yield "turns" if swing.turns else ""


def lead(inputs: Inputs, found: Tornado) -> Sentence:
    """Which of the two is cheaper, what moves that most, and what alone could turn it round."""
    names = [inputs.catalog.option(option_id).short_name for option_id in (found.option, found.rival)]
    cheaper, dearer = names if found.now <= 0 else names[::-1]
    now: tuple[Part, ...] = (f"{cheaper} costs ", Figure(abs(found.now), "about_money"), f" less than {dearer}")
    now += (f" over {inputs.scenario.horizon_months} months.",)
    moving = [swing for swing in found.swings if swing.width]
    if not moving:
        return sentence(*now, " No input of these two is a range, so nothing moves that.")
    turning = [swing.label for swing in moving if swing.turns]
    turns = f" {listed(turning, 'or')} alone could turn it round." if turning else " No single input within its range turns it round."
    return sentence(*now, f" {moving[0].label} moves the difference most: by ", Figure(moving[0].width, "about_money"), f".{turns}")
