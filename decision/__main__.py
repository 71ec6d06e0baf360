"""python -m decision: the command line.

Exit codes: 0 fine; 1 the answer is "no" (a price is stale, something changed, no option is left); 2 bad input, with one message on
standard error. This and the page are the only places that ask what day it is.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import io
import math
import os
import sys
from collections.abc import Sequence
from typing import NoReturn, TypeAlias

PROGRAM = "python -m decision"
BAD_INPUT, INTERRUPTED = 2, 130
_FILE = "scenario file, - for standard input, or the name of a ready-made scenario such as support-desk-30-days"


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one message, without the usage in front."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{message[:1].upper()}{message[1:].rstrip('.')}. `{self.prog} --help` shows what is accepted.\n")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = parser().parse_args(words)
    try:
        return _answered(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def _answered(arguments: argparse.Namespace) -> int:
    from decision.errors import BadInput

    module, function = arguments.run
    try:
        answer = getattr(importlib.import_module(f"decision.terminal.{module}"), function)(arguments, dt.date.today())
        if arguments.format == "json":
            from decision.report.as_json import written

            shown = written(answer.data())
        else:
            shown = answer.text()
    except BadInput as error:
        print("\n".join(error.problems), file=sys.stderr)
        return BAD_INPUT
    _print(shown)
    return int(answer.exit_code)


def _print(shown: str) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal that lacks a letter shows ? instead of failing
        sys.stdout.reconfigure(errors="replace")
    try:
        print(shown.rstrip("\n"), flush=True)
    except BrokenPipeError:  # the reader of a pipe went away (| head); what it wanted, it has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def parser() -> argparse.ArgumentParser:
    """All commands with their help. Builds without numpy or the catalog, so that --help is immediate."""
    top = _Parser(
        prog=PROGRAM, description="Where should our agents run, and when does that answer change?", formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog='Exit codes: 0 fine, 1 the answer is "no" (stale, changed, nothing left), 2 bad input.\nExample: ' + f"{PROGRAM} recommend support-desk-30-days",
    )  # fmt: skip
    commands = top.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    _decide(commands)
    _catalog(commands)
    return top


_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


def _command(commands: _Commands, name: str, run: tuple[str, str], words: str, example: str, below: bool = False) -> _Parser:
    """below: one level down, where a default would overwrite what was said one level up."""
    command: _Parser = commands.add_parser(
        name, help=words, description=words, formatter_class=argparse.RawDescriptionHelpFormatter, epilog=f"Example: {PROGRAM} {example}"
    )
    command.set_defaults(run=run)
    command.add_argument("--format", choices=("text", "json"), default=argparse.SUPPRESS if below else "text", help="text (default) or json, the documented data")
    return command


def _on_scenario(commands: _Commands, name: str, run: tuple[str, str], words: str, example: str, optional: bool = False) -> _Parser:
    command = _command(commands, name, run, words, example)
    if optional:
        command.add_argument("file", metavar="FILE", nargs="?", help=_FILE)
    else:
        command.add_argument("file", metavar="FILE", help=_FILE)
    _dated(command, "price everything on this day (default: the scenario's as_of, else today)")
    return command


def _dated(command: argparse.ArgumentParser, words: str) -> None:
    command.add_argument("--as-of", metavar="DATE", type=_date, help=words)


def _with_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--option", metavar="ID", action="append", help="only this option; may be given several times (default: those the scenario considers)")


def _decide(commands: _Commands) -> None:
    _on_scenario(commands, "recommend", ("decide", "recommend"), "Where these agents should run, why, and what would change it.", "recommend support-desk-30-days --as-of 2026-11-20")
    bill = _on_scenario(commands, "bill", ("decide", "bill"), "The bill of month 12, line by line, with every source.", "bill support-desk-30-days --option vps")
    _with_options(bill)
    breakeven = _on_scenario(
        commands, "breakeven", ("decide", "breakeven"), "Every point at which the cheapest option changes along one input.",
        "breakeven support-desk-30-days --driver agents --range 1:200 --basis runtime --option managed-agents --option vps",
    )  # fmt: skip
    breakeven.add_argument("--driver", metavar="NAME", required=True, help="the input to vary: agents, active_hours_per_session, vps.upkeep_fte, a price id, ...")
    breakeven.add_argument("--range", metavar="A:B", type=_range, help="where to look, in the input's own unit (default: a wide range around its value)")
    breakeven.add_argument("--basis", choices=("runtime", "people", "monthly", "total"), default="total",
                           help="runtime: machines and runtime; people: with upkeep; monthly: the whole bill; total: cost of ownership (default)")
    _with_options(breakeven)
    flips = _on_scenario(commands, "flips", ("decide", "flips"), "For each option, the smallest change of each single input that makes it the cheapest.", "flips support-desk-30-days")
    _with_options(flips)
    _on_scenario(
        commands, "framework", ("decide", "framework"), "The four questions and every outcome; with FILE, the path that a scenario takes.", "framework support-desk-30-days", optional=True
    )


def _catalog(commands: _Commands) -> None:
    prices = _command(commands, "prices", ("catalog", "prices_list"), "Every price with its dates and source.", "prices list managed-agents")
    prices.set_defaults(as_of=None, word="")
    ways = prices.add_subparsers(metavar="WHAT", parser_class=_Parser)
    listed = _command(ways, "list", ("catalog", "prices_list"), "The prices in force on a day.", "prices list sonnet-5-5 --as-of 2026-11-20", below=True)
    listed.add_argument("word", metavar="WORD", nargs="?", default="", help="only prices whose id, description or vendor contains this")
    shown = _command(ways, "show", ("catalog", "prices_show"), "One price through time, with its sources.", "prices show managed-agents.session", below=True)
    shown.add_argument("id", metavar="ID", help="a price id, as `prices list` shows it")
    stale = _command(ways, "stale", ("catalog", "prices_stale"), "Prices that nobody has read for a while; exit code 1 when there are any.", "prices stale --max-age 90", below=True)
    stale.add_argument("--max-age", metavar="DAYS", type=_days, required=True, help="days since the price was last read")
    for command in (listed, stale):
        _dated(command, "on this day (default: today)")
    diff = _command(
        ways, "diff", ("catalog", "prices_diff"), "What changed between two days; exit code 1 when anything did.", "prices diff --from 2026-09-30 --to 2026-11-20", below=True
    )
    diff.add_argument("--from", metavar="DATE", dest="start", type=_date, required=True, help="the earlier day")
    diff.add_argument("--to", metavar="DATE", dest="end", type=_date, required=True, help="the later day")
    _command(commands, "claims", ("catalog", "claims"), "Published claims beside our own figures, with the working.", "claims")
    _command(commands, "schema", ("catalog", "schema"), "JSON Schema of the scenario file.", "schema")
    _command(commands, "check-data", ("catalog", "check_data"), "Read and check every file of data/.", "check-data")


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a date. Write it as 2026-11-20') from None


def _days(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 6:
        return int(text)
    raise argparse.ArgumentTypeError(f'"{text}" is not a number of days. Write a whole number such as 90')


def _range(text: str) -> tuple[float, float]:
    low, colon, high = text.partition(":")
    try:
        ends = float(low), float(high)
    except ValueError:
        ends = math.nan, math.nan
    if not colon or not all(map(math.isfinite, ends)):
        raise argparse.ArgumentTypeError(f'"{text}" is not a range. Write two numbers with a colon between them, such as 1:200')
    if ends[0] >= ends[1]:
        raise argparse.ArgumentTypeError(f'"{text}" is reversed or empty. Write the lower number first, such as 1:200')
    return ends


if __name__ == "__main__":
    sys.exit(main())
