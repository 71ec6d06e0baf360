"""The command `report`: a decision record in any format, printed or saved."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from decision.errors import BadInput, shown
from decision.report.document import Report
from decision.report.filed import filed
from decision.report.formats import FORMATS
from decision.report.sections.decision import People, named
from decision.terminal import Answer
from decision.terminal.reading import inputs_in


@dataclass(frozen=True, slots=True)
class FiledAnswer(Answer):
    """A record that is written already."""

    content: str = ""

    def in_format(self, name: str) -> str:
        """What to print: the record, or where it was saved."""
        return self.content


def report(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """The record of what a scenario leads to. Raises BadInput where it cannot be saved."""
    form = FORMATS[arguments.format]
    people = People(*(named(getattr(arguments, role) or ()) for role in ("decision_maker", "consulted", "informed")))
    written = form.written(filed(inputs_in(arguments, today), people, arguments.status))
    if arguments.out is None:
        return FiledAnswer(Report(None, dict), content=written.decode())
    _save(arguments.out, written)
    return FiledAnswer(Report(None, dict), content=f"{shown(arguments.out, 200)}: {form.name}, {len(written):,} bytes.")


def _save(out: Path, written: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then into it."""
    try:
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name[:40]}.", delete=False) as beside:
            beside.write(written)
        Path(beside.name).chmod(0o666 & ~_umask())
        Path(beside.name).replace(out)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a name"
        raise BadInput(f"{shown(out, 200)} cannot be written ({why}). Give -o another file, or leave it out to print the report.") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
