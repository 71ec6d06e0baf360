"""Commands about filed decisions: `report` writes a record in any format, `check` says whether it still stands."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from decision.catalog import Catalog
from decision.errors import BadInput, shown
from decision.loading import load
from decision.report import record_json
from decision.report.document import Report
from decision.report.filed import filed
from decision.report.formats import FORMATS, markdown
from decision.report.recorded import Recorded, as_recorded, recorded
from decision.report.recorded import check as checked_again
from decision.report.sections.check import checked as check_section
from decision.report.sections.decision import People, named
from decision.terminal import FINE, NO, Answer
from decision.terminal.reading import document, inputs_in, scenario


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
    if not form.is_text and arguments.out is None:
        raise BadInput(f"{form.name} is no text that a terminal shows. Save it in a file with -o, such as -o decision.{arguments.format}.")
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


@dataclass(frozen=True, slots=True)
class CheckAnswer(Answer):
    """An answer that can be written as a comment on a pull request too."""

    def in_format(self, name: str) -> str:
        """What to print: "markdown", "json" or text."""
        if name != "markdown":
            return Answer.in_format(self, name)
        assert self.report.blocks is not None
        return markdown.blocks(self.report.blocks())


def check(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """Whether a filed decision still stands; exit code 1 when a condition has come about or another option would be recommended."""
    catalog, day = load(), arguments.on or today
    said = _recorded(arguments.file, catalog, today)
    now = scenario(arguments.now) if arguments.now else None
    if day < said.as_of:
        raise BadInput(f"--on {day} is before the day it was filed, {said.as_of}. Give a later day, or leave it out.")
    found = checked_again(said, catalog, day, now)
    return CheckAnswer(Report(lambda: check_section(found), lambda: record_json.checked(found)), NO if found.fired or not found.stands else FINE)


def _recorded(file: str, catalog: Catalog, today: dt.date) -> Recorded:
    """The record in a file, or what a scenario would have been filed as."""
    if Path(file).suffix.lower() in (".md", ".markdown", ".json"):
        content = document(file)
        if (found := recorded(content.decode(errors="replace"))) is not None:
            return found
        ask = "Give a file that `report --format md` or `--format json` has written, or a scenario."
        raise BadInput(f"{shown(file, 200)} holds no decision record. {ask}")
    return as_recorded(scenario(file), catalog, today)
