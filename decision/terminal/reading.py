"""From the words of the command line to inputs: files, standard input, ready-made scenarios."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

from decision.costs.costs import Costed, Costs, Priced
from decision.errors import BadInput, nearest, shown
from decision.loading import load
from decision.recommendation import eligible
from decision.scenario import LARGEST_FILE, Inputs, Scenario, inputs_of, read_scenario, ready_made

STANDARD_INPUT = "-"
MOST_READ = 20_000_000  # bytes of a document; what reads it has a limit of its own, and says so


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


def document(file: str) -> bytes:
    """A file that is no scenario, or standard input (-). Raises BadInput."""
    if file == STANDARD_INPUT:
        return _standard_input(MOST_READ)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(MOST_READ + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a name"
        raise BadInput(f"{shown(file)} cannot be read ({why}). Give the name of a file, or - for standard input.") from None


def _standard_input(most: int = LARGEST_FILE) -> bytes:
    if sys.stdin is None:  # closed by whoever started the command
        raise BadInput("standard input is closed. Give the name of a file, or send the scenario to standard input.")
    try:
        return sys.stdin.buffer.read(most + 1)
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


def options_of(arguments: argparse.Namespace, inputs: Inputs) -> tuple[str, ...]:
    """The options of --option, or those that the scenario considers. Raises BadInput with the nearest known id."""
    named = tuple(dict.fromkeys(arguments.option or ()))
    for option_id in named:
        inputs.catalog.option(option_id)
    return named or inputs.options


def some_priced(costs: Costs, option_ids: Sequence[str], named: bool = False, least: int = 1) -> Priced[Costed]:
    """The options with prices that day. Raises BadInput when one that was named has none, or fewer than `least` have."""
    found = costs.priced(option_ids)
    if found.left_out and (named or len(found.costs) < least):
        raise BadInput(why if why.startswith(f"{option_id}:") else f"{option_id}: {why}" for option_id, why in found.left_out.items())
    if len(found.costs) < least:
        raise BadInput(
            f"this compares at least {least} options, and {len(found.costs)} can be. Name another one with --option, or leave --option out."
        )
    return found


def still_open(arguments: argparse.Namespace, costs: Costs, gated: bool = True, least: int = 1) -> Priced[Costed]:
    """The options named with --option, or those considered that have prices and that no gate removes (gated). Raises BadInput below `least`."""
    found = some_priced(costs, options_of(arguments, costs.inputs), bool(arguments.option), least)
    if arguments.option or not gated:
        return found
    left = eligible.still_open(costs, costs.inputs.options, eligible.gates(costs, found.ids))
    if len(left.costs) < least:
        raise BadInput(f"{option_id}: {left.left_out[option_id]}" for option_id in found.ids if option_id in left.left_out)
    return left
