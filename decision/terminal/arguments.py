"""The commands, their arguments and their help. Imports nothing heavy, so that --help is immediate."""

from __future__ import annotations

import argparse
import datetime as dt
import math
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, Protocol

from decision.report.formats import FORMATS  # names of formats, and none of their writers
from decision.words import RECORD_STATUSES

MODULE, SCRIPT = "python -m decision", "agent-runtime-decision"
PROGRAM = SCRIPT if Path(sys.argv[0]).stem == SCRIPT else MODULE  # what was typed to come here
BAD_INPUT = 2


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command stands (module and function of this room), what it answers, and an example."""

    module: str
    function: str
    answers: str
    example: str


COMMANDS: Mapping[str, Command] = {
    "recommend": Command(
        "decide", "recommend", "Where these agents should run, why, and what would change it.",
        "recommend support-desk-30-days --as-of 2026-11-20",
    ),
    "bill": Command(
        "decide", "bill", "The bill of month 12, line by line, with every source.",
        "bill support-desk-30-days --option vps",
    ),
    "breakeven": Command(
        "decide", "breakeven", "Every point at which the cheapest option changes along one input.",
        "breakeven support-desk-30-days --driver agents --range 1:200 --basis runtime --option managed-agents --option vps",
    ),
    "flips": Command(
        "decide", "flips", "For each option, the smallest change of each single input that makes it the cheapest.",
        "flips support-desk-30-days",
    ),
    "framework": Command(
        "decide", "framework", "The four questions and every outcome; with FILE, the path that a scenario takes.",
        "framework support-desk-30-days",
    ),
    "report": Command(
        "filing", "report", "The decision as a record to file: Markdown (MADR), HTML, PDF, JSON, CSV or a few lines of text.",
        "report support-desk-30-days --format md",
    ),
    "check": Command(
        "filing", "check", "Whether a filed decision still stands; exit code 1 when a condition to look again has come about.",
        "check support-desk-30-days --on 2026-12-02",
    ),
    "outlook": Command(
        "explore", "outlook", "How sure the answer is: bands, odds, regret and payback over draws of the ranges.",
        "outlook support-desk-30-days --draws 20000",
    ),
    "tornado": Command(
        "explore", "tornado", "Which range moves the lead of the recommended option most.",
        "tornado support-desk-30-days --option vps --option multica",
    ),
    "voi": Command(
        "explore", "voi", "What it is worth to find out an input before deciding.",
        "voi support-desk-30-days",
    ),
    "map": Command(
        "explore", "who_wins_map", "The cheapest option over two inputs at once.",
        "map support-desk-30-days --x agents --x-range 1:100 --y vps.upkeep_fte --y-range 0:1",
    ),
    "levers": Command(
        "change", "levers", "What caching, routing, batches and the like save on each option.",
        "levers support-desk-30-days --dial cached_share=0.8",
    ),
    "split": Command(
        "change", "split", "The cheapest assignment of the agent groups to options.",
        "split five-departmental-specialists",
    ),
    "compare": Command(
        "change", "compare", "Two scenarios, or one on two days, and why the bill differs; exit code 1 when the cheapest option changes.",
        "compare support-desk-22-days support-desk-30-days",
    ),
    "prices": Command(
        "catalog", "prices_list", "Every price with its dates and source: list (default), show, stale, refresh, diff.",
        "prices list managed-agents",
    ),
    "prices list": Command(
        "catalog", "prices_list", "The prices in force on a day.",
        "prices list sonnet-5-5 --as-of 2026-11-20",
    ),
    "prices show": Command(
        "catalog", "prices_show", "One price through time, with its sources.",
        "prices show managed-agents.session",
    ),
    "prices stale": Command(
        "catalog", "prices_stale", "Prices that nobody has read for a while; exit code 1 when there are any.",
        "prices stale --max-age 90",
    ),
    "prices refresh": Command(
        "refresh", "prices_refresh", "What public feeds of prices say today; --write adds rows and confirmations. Exit code 1 when anything differs.",
        "prices refresh --feed linode --from tests/feeds/answers --as-of 2026-11-25",
    ),
    "prices diff": Command(
        "catalog", "prices_diff", "What changed between two days; exit code 1 when anything did.",
        "prices diff --from 2026-09-30 --to 2026-11-20",
    ),
    "claims": Command(
        "catalog", "claims", "Published claims beside our own figures, with the working.",
        "claims",
    ),
    "schema": Command(
        "catalog", "schema", "JSON Schema of the scenario file, or of a kind of data file (option, prices, framework, ...).",
        "schema option",
    ),
    "check-data": Command(
        "catalog", "check_data", "Read and check every file of data/.",
        "check-data",
    ),
}  # fmt: skip

# These open the server's database, and most of their examples need what an earlier one has made.
BOARDS: Mapping[str, Command] = {
    "board": Command("board", "board_list", "The boards on this server: list (default), create, export, record, import, prune.", "board list"),
    "board list": Command("board", "board_list", "The boards on this server, the one that changed last on top.", "board list"),
    "board create": Command(
        "board", "board_create", "A board from a scenario; prints its three links, which cannot be shown again.",
        "board create support-desk-30-days --page https://decide.example.org",
    ),
    "board export": Command(
        "board", "board_export", "A whole board as JSON; what is not revealed stays out.", "board export 0123456789abcdef0123456789abcdef"
    ),
    "board record": Command("board", "board_record", "The record of a board's decision.", "board record 0123456789abcdef0123456789abcdef"),
    "board import": Command("board", "board_import", "An exported board as a new one, with links of its own.", "board import board.json"),
    "board prune": Command("board", "board_prune", "Takes away for good the boards whose days of grace are over.", "board prune"),
}  # fmt: skip

PAGE = Command("page", "page", "The page in a browser: starts its server, until Ctrl-C.", "page --port 8600")  # has no answer to print

_EXIT_CODES = 'Exit codes: 0 fine, 1 the answer is "no" (stale, changed, nothing left), 2 bad input.'
_FILE = "scenario file, - for standard input, or the name of a ready-made scenario such as support-desk-30-days"
_DRIVER = "the input to vary: agents, active_hours_per_session, vps.upkeep_fte, a price id, ..."
_OPTION = "only this option; may be given several times (default: those the scenario considers)"
_AS_OF = "price everything on this day (default: the scenario's as_of, else today)"
_BASIS = "runtime: machines and runtime; people: with upkeep; monthly: the whole bill; total: cost of ownership (default)"
_FORMATS = ("text", "json")
_BASES = ("runtime", "people", "monthly", "total")


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one message, without the usage in front."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2 and one sentence on standard error."""
        self.exit(BAD_INPUT, f"{_seen(message[:1].upper() + message[1:].rstrip('.'), 1000)}. `{self.prog} --help` shows what is accepted.\n")


def _seen(text: str, most: int = 60) -> str:
    """What was typed may hold anything: so much of it as helps, and nothing that moves a cursor."""
    from decision.errors import shown

    return shown(text, most)


class _Level(Protocol):
    """Where commands are added: the top, or below `prices`."""

    def add_parser(self, name: str, **settings: Any) -> Parser: ...


def parser() -> Parser:
    """All commands with their help."""
    top = Parser(
        prog=PROGRAM,
        description="Where should our agents run, and when does that answer change?",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"{_EXIT_CODES}\nExample: {PROGRAM} {COMMANDS['recommend'].example}",
    )
    level = top.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    _decide(level)
    _explore(level)
    _change(level)
    _prices(level)
    for name in ("claims", "check-data"):
        _command(level, name)
    _command(level, "schema").add_argument("kind", metavar="KIND", nargs="?", default="scenario", help="scenario (default), or a kind of data file")
    _boards(level)
    _page(level)
    return top


def _named(level: _Level, name: str, said: Command) -> Parser:
    added: Parser = level.add_parser(
        name,
        help=said.answers,
        description=said.answers,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"Example: {PROGRAM} {said.example}",
    )
    added.set_defaults(command=said)
    return added


def _command(level: _Level, name: str, formats: tuple[str, ...] = _FORMATS) -> Parser:
    first, _, below = name.partition(" ")
    added = _named(level, below or first, COMMANDS.get(name) or BOARDS[name])
    default = argparse.SUPPRESS if below else "text"  # one level down a default would overwrite what was said one level up
    more = "" if formats == _FORMATS else ", or markdown, the text of a pull request"
    added.add_argument("--format", choices=formats, default=default, help=f"text (default) or json, the documented data{more}")
    return added


def _on_scenario(level: _Level, name: str, optional: bool = False) -> Parser:
    added = _command(level, name)
    added.add_argument("file", metavar="FILE", help=_FILE, nargs="?" if optional else None)
    added.add_argument("--as-of", metavar="DATE", type=_date, help=_AS_OF)
    return added


def _decide(level: _Level) -> None:
    _on_scenario(level, "recommend")
    _on_scenario(level, "framework", optional=True)
    breakeven = _on_scenario(level, "breakeven")
    breakeven.add_argument("--driver", metavar="NAME", required=True, help=_DRIVER)
    breakeven.add_argument("--range", metavar="A:B", type=_range, help="where to look, in the input's own unit (default: wide around its value)")
    breakeven.add_argument("--basis", choices=_BASES, default="total", help=_BASIS)
    _report(level)
    _check(level)
    for command in (breakeven, _on_scenario(level, "bill"), _on_scenario(level, "flips")):
        command.add_argument("--option", metavar="ID", action="append", help=_OPTION)


def _report(level: _Level) -> None:
    report = _named(level, "report", COMMANDS["report"])
    report.add_argument("file", metavar="FILE", help=_FILE)
    report.add_argument("--as-of", metavar="DATE", type=_date, help=_AS_OF)
    report.add_argument("--format", choices=tuple(FORMATS), default="md", help="md (default, MADR 4.0), csv (FOCUS columns), ...")
    report.add_argument("-o", "--out", metavar="OUT", type=Path, help="save it in this file (default: print it)")
    report.add_argument("--status", choices=RECORD_STATUSES, default="proposed", help="how far the decision is (default: proposed)")
    for role, words in (("decision-maker", "who decides"), ("consulted", "who was asked"), ("informed", "who is told")):
        report.add_argument(f"--{role}", metavar="NAME", action="append", help=f"{words}; may be given several times")


def _check(level: _Level) -> None:
    check = _command(level, "check", formats=(*_FORMATS, "markdown"))
    check.add_argument("file", metavar="RECORD", help="a record that `report` has written (.md, .json), or a scenario, taken as filed on its own day")
    check.add_argument("--now", metavar="FILE", help="the scenario as it is now, so that agents and hours are checked too (default: as filed)")
    check.add_argument("--on", metavar="DATE", type=_date, help="check it on this day (default: today)")


def _explore(level: _Level) -> None:
    outlook, voi = _on_scenario(level, "outlook"), _on_scenario(level, "voi")
    for command in (outlook, voi):
        command.add_argument("--draws", metavar="N", type=_count, help="how many draws; more are steadier and take longer")
        command.add_argument("--seed", metavar="N", type=_count, default=1, help="the same seed gives the same draws (default 1)")
    who_wins = _on_scenario(level, "map")
    for axis in ("x", "y"):
        who_wins.add_argument(f"--{axis}", metavar="NAME", required=True, help=_DRIVER)
        who_wins.add_argument(f"--{axis}-range", metavar="A:B", type=_range, help="where to look, in the input's own unit")
        who_wins.add_argument(f"--{axis}-log", action="store_true", help="a logarithmic axis")
    who_wins.add_argument("--cells", metavar="N", type=_count, default=40, help="cells along each axis (default 40)")
    who_wins.add_argument("--basis", choices=_BASES, default="total", help=_BASIS)
    for command in (outlook, voi, who_wins, _on_scenario(level, "tornado")):
        command.add_argument("--option", metavar="ID", action="append", help=_OPTION)


def _change(level: _Level) -> None:
    levers = _on_scenario(level, "levers")
    levers.add_argument("--lever", metavar="NAME", action="append", help="pull this lever; may be given several times (default: those that save)")
    levers.add_argument("--dial", metavar="NAME=VALUE", type=_dial, action="append", help="how far a lever is pulled; names: data/levers.yaml")
    compare = _command(level, "compare")
    compare.add_argument("file", metavar="A", help=_FILE)
    compare.add_argument("other", metavar="B", nargs="?", help="the scenario to compare with (default: A itself, on --to)")
    compare.add_argument("--from", metavar="DATE", dest="start", type=_date, help="price A on this day (default: its own as_of, else today)")
    compare.add_argument("--to", metavar="DATE", dest="end", type=_date, help="price B on this day (default: its own as_of, else today)")
    for command in (levers, compare, _on_scenario(level, "split")):
        command.add_argument("--option", metavar="ID", action="append", help=_OPTION)


def _prices(level: _Level) -> None:
    prices = _command(level, "prices")
    prices.set_defaults(as_of=None, word="")
    below = prices.add_subparsers(metavar="WHAT", parser_class=Parser)
    listed, stale, diff = (_command(below, f"prices {name}") for name in ("list", "stale", "diff"))
    listed.add_argument("word", metavar="WORD", nargs="?", default="", help="only prices whose id, description or vendor contains this")
    _command(below, "prices show").add_argument("id", metavar="ID", help="a price id, as `prices list` shows it")
    stale.add_argument("--max-age", metavar="DAYS", type=_count, required=True, help="days since the price was last read")
    _refresh(below)
    for command in (listed, stale):
        command.add_argument("--as-of", metavar="DATE", type=_date, help="on this day (default: today)")
    diff.add_argument("--from", metavar="DATE", dest="start", type=_date, help="the earlier day (default: the as_of of --used-by)")
    diff.add_argument("--to", metavar="DATE", dest="end", type=_date, required=True, help="the later day")
    diff.add_argument("--used-by", metavar="FILE", help="only prices that the answer to this scenario uses: what changed since a decision")


def _boards(level: _Level) -> None:
    below = _command(level, "board").add_subparsers(metavar="WHAT", parser_class=Parser)
    for name in ("list", "prune"):
        _command(below, f"board {name}")
    for name in ("export", "record"):
        _command(below, f"board {name}").add_argument("id", metavar="ID", help="a board, as `board list` shows it")
    create, brought = _on_scenario(below, "board create"), _command(below, "board import")
    create.add_argument("--title", metavar="WORDS", help="what the board is called (default: the name of the scenario)")
    brought.add_argument("file", metavar="FILE", help="a board that `board export` or the page has written; - for standard input")
    for command in (create, brought):
        command.add_argument(
            "--page", metavar="URL", default="http://localhost:8501", help="the page's address, for the links (default: %(default)s)"
        )


def _refresh(level: _Level) -> None:
    refresh = _command(level, "prices refresh", formats=(*_FORMATS, "markdown"))
    refresh.add_argument("--feed", metavar="ID", action="append", help="ask only this feed of data/feeds.yaml; may be given several times")
    refresh.add_argument("--write", action="store_true", help="add the rows and the confirmations to data/ (default: only show them)")
    refresh.add_argument("--announced", action="store_true", help="propose prices to come as rows too: announcements are cancelled at times")
    refresh.add_argument("--accept", metavar="ID=PRICE", type=_accepted, action="append", help="let through a blocked price that you have looked at")
    refresh.add_argument("--from", metavar="DIR", dest="taken_from", type=Path, help="read answers saved with --save, and no network")
    refresh.add_argument("--save", metavar="DIR", dest="save_to", type=Path, help="keep every answer in this folder")
    refresh.add_argument("--as-of", metavar="DATE", type=_date, default=argparse.SUPPRESS, help="with --from: the day on which they were saved")


def _page(level: _Level) -> None:
    page = _named(level, "page", PAGE)
    page.add_argument("--port", metavar="N", type=_port, help="where it listens (default: 8501, or the next port that is free)")
    page.add_argument("--address", metavar="HOST", help="the network address it listens on (default: 127.0.0.1, this machine only; 0.0.0.0 is all)")
    page.add_argument("setting", metavar="SETTING", type=_setting, nargs="*", help="after --, any setting of `streamlit run`: --server.baseUrlPath=x")


# -- values: each complaint says what to write ---------------------------------------------------------


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{_seen(text)}" is not a date. Write it as 2026-11-20') from None


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise argparse.ArgumentTypeError(f'"{_seen(text)}" is not a whole number. Write digits, such as 90')


def _accepted(text: str) -> tuple[str, Decimal]:
    price_id, _, price = text.partition("=")
    if not price_id or not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", price):
        raise argparse.ArgumentTypeError(f'"{_seen(text)}" is not a price. Write its id and the number, such as linode.2gb=13')
    return price_id, Decimal(price).normalize()


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) < 2**16:
        return int(text)
    raise argparse.ArgumentTypeError(f'"{_seen(text)}" is not a port. Write a whole number from 1 to 65535, such as 8600')


def _setting(text: str) -> str:
    if re.fullmatch(r"--[a-z]+(\.\w+)+=.*", text):
        return text
    raise argparse.ArgumentTypeError(f'"{_seen(text)}" is not a setting. Write it after -- as --server.baseUrlPath=decide')


def _finite(text: str) -> float:
    """The number in a text, read as in a scenario file; NaN where there is none or where it is infinite."""
    from decision.scenario.quantity import number_in

    try:
        return number_in(text)
    except ValueError:
        return math.nan


def _range(text: str) -> tuple[float, float]:
    low, _, high = text.partition(":")
    ends = _finite(low), _finite(high)
    if any(map(math.isnan, ends)):
        raise argparse.ArgumentTypeError(f'"{_seen(text)}" is not a range. Write two numbers with a colon between them, such as 1:200')
    if ends[0] >= ends[1]:
        raise argparse.ArgumentTypeError(f'"{_seen(text)}" is reversed or empty. Write the lower number first, such as 1:200')
    return ends


def _dial(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    amount = _finite(value)
    if not name or math.isnan(amount):
        raise argparse.ArgumentTypeError(f'"{_seen(text)}" is not a dial. Write its name and a number, such as cached_share=0.8')
    return name, amount
