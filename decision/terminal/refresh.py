"""`prices refresh`: what the public feeds of prices say today, and with --write the rows and ledgers that follow from it."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from decision.catalog.watched import feeds_of
from decision.errors import BadInput
from decision.feeds import Wishes, refresh
from decision.loading import load
from decision.report import prices_json
from decision.report.document import Report
from decision.report.sections.refresh import markdown, refreshed
from decision.terminal import FINE, NO, Answer


@dataclass(frozen=True, slots=True)
class RefreshAnswer(Answer):
    """An answer that can be written as the text of a pull request too."""

    in_markdown: str = ""

    def in_format(self, name: str) -> str:
        """What to print: "markdown", "json" or text."""
        return self.in_markdown if name == "markdown" else Answer.in_format(self, name)


def prices_refresh(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """What the feeds say; exit code 1 when anything differs, is held back or could not be read. Raises BadInput."""
    if arguments.as_of is not None and arguments.taken_from is None:
        raise BadInput("--as-of is the day on which answers were saved. Name their folder with --from, or leave --as-of out: feeds speak of today.")
    catalog, day = load(), arguments.as_of or today
    wishes = Wishes(
        tuple(arguments.feed or ()), arguments.write, arguments.announced, _accepted(arguments.accept or ()), arguments.taken_from, arguments.save_to,
    )  # fmt: skip
    run = refresh(catalog, feeds_of(catalog.folder), day, wishes, _progress if arguments.taken_from is None else _quiet)

    report = Report(lambda: refreshed(run, catalog), lambda: prices_json.refreshed(run))
    return RefreshAnswer(report, FINE if run.is_quiet else NO, markdown(run, catalog) if arguments.format == "markdown" else "")


def _accepted(said: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for price_id, price in said:
        if found.setdefault(price_id, price) != price:
            raise BadInput(f"--accept {price_id}: two prices are given, {found[price_id]:f} and {price:f}. Give one.")
    return found


def _quiet(_line: str) -> None:
    """Saved answers are read at once."""


def _progress(line: str) -> None:
    """A line on standard error, where there is one."""
    if sys.stderr is not None:
        print(line, file=sys.stderr, flush=True)  # noqa: T201
