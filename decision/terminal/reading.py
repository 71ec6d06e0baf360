"""From the words of the command line to inputs: files, standard input, ready-made scenarios."""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from decision.costs.bill import Bill, bill
from decision.costs.use import uses
from decision.errors import BadInput, nearest, shown
from decision.framework import GateHit, answers, case_of, gate_hits
from decision.loading import load
from decision.scenario import LARGEST_FILE, Inputs, Scenario, inputs_of, read_scenario, ready_made

STANDARD_INPUT = "-"


def scenario(file: str) -> Scenario:
    """The scenario in a file, in standard input (-), or ready made under that name. Raises BadInput."""
    if file == STANDARD_INPUT:
        return read_scenario("standard input", _standard_input())
    made = ready_made()
    found = _exists(file)
    if file in made and not (found and Path(file).is_file()):
        return read_scenario(made[file])
    if found is None or not (found or Path(file).suffix):
        raise BadInput(f'"{shown(file)}" is neither a file nor a ready-made scenario.{nearest(file, made)} Ready-made: {", ".join(made)}.')
    return read_scenario(file)


def _standard_input() -> bytes:
    if sys.stdin is None:  # closed by whoever started the command
        raise BadInput("standard input is closed. Give the name of a file, or send the scenario to standard input.")
    try:
        return sys.stdin.buffer.read(LARGEST_FILE + 1)
    except OSError as error:
        raise BadInput(f"standard input cannot be read ({error.strerror}). Give the name of a file.") from None


def _exists(file: str) -> bool | None:
    """Whether there is such a file; None where none can have that name."""
    try:
        return Path(file).exists() if "\0" not in file else None
    except OSError:  # too long for the file system
        return None


def inputs_in(arguments: argparse.Namespace, today: dt.date) -> Inputs:
    """The inputs of the FILE argument, on --as-of where given."""
    return inputs_on(arguments.file, arguments.as_of, today)


def inputs_on(file: str, day: dt.date | None, today: dt.date) -> Inputs:
    """The inputs of a scenario on a day, else on its own date, else today."""
    said = scenario(file)
    if day is not None:
        said = said.model_copy(update={"as_of": day})
    return inputs_of(said, load(), today)


@dataclasses.dataclass(frozen=True, slots=True)
class Priced:
    """The options in question that can be priced that day, with their bills; and why the others are left out."""

    bills: tuple[Bill, ...]
    missing: dict[str, str]

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the priced options."""
        return tuple(bill.option.id for bill in self.bills)


def priced(inputs: Inputs, option_ids: Sequence[str]) -> Priced:
    """The month-12 bill of every option that has prices that day."""
    use = uses(inputs)
    bills, missing = [], {}
    for option_id in option_ids:
        try:
            bills.append(bill(option_id, inputs, use=use))
        except BadInput as error:
            missing[option_id] = str(error)
    return Priced(tuple(bills), missing)


def options_of(arguments: argparse.Namespace, inputs: Inputs) -> tuple[str, ...]:
    """The options of --option, or those that the scenario considers. Raises BadInput with the nearest known id."""
    named = tuple(dict.fromkeys(arguments.option or ()))
    for option_id in named:
        inputs.catalog.option(option_id)
    return named or inputs.options


def some_priced(inputs: Inputs, option_ids: Sequence[str], named: bool = False, least: int = 1) -> Priced:
    """The options with prices that day. Raises BadInput when one that was named has none, or fewer than `least` have."""
    found = priced(inputs, option_ids)
    if found.missing and (named or len(found.bills) < least):
        raise BadInput(why if why.startswith(f"{option_id}:") else f"{option_id}: {why}" for option_id, why in found.missing.items())
    if len(found.bills) < least:
        raise BadInput(
            f"this compares at least {least} options, and {len(found.bills)} can be. Name another one with --option, or leave --option out."
        )
    return found


def gates(inputs: Inputs, option_ids: Iterable[str]) -> tuple[GateHit, ...]:
    """The gates that remove some of these options."""
    framework = inputs.catalog.framework
    case = case_of(inputs, framework.reference_option)
    return gate_hits(framework, case, answers(framework, case).classes, [inputs.catalog.option(option_id) for option_id in option_ids])


def still_open(arguments: argparse.Namespace, inputs: Inputs, gated: bool = True, least: int = 1) -> Priced:
    """The options named with --option, or those considered that have prices and that no gate removes (gated). Raises BadInput below `least`."""
    found = some_priced(inputs, options_of(arguments, inputs), bool(arguments.option), least)
    if arguments.option or not gated:
        return found
    removed = {option_id: hit.because for hit in gates(inputs, found.ids) for option_id in hit.removes}
    left = tuple(bill for bill in found.bills if bill.option.id not in removed)
    if len(left) < least:
        raise BadInput(f"{option_id}: {because}" for option_id, because in removed.items())
    return Priced(left, {**found.missing, **removed})
