"""python -m decision, once installed also agent-runtime-decision: the command line.

Exit codes: 0 fine; 1 the answer is "no" (a price is stale, something changed, no option is left); 2 bad input, with one message on
standard error. This and the page are the only places that ask what day it is.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import io
import os
import sys
from collections.abc import Sequence

from decision.terminal.arguments import BAD_INPUT, MODULE, PROGRAM, parser

INTERRUPTED = 130


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = parser().parse_args(words)
    try:
        return _answered(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def _answered(arguments: argparse.Namespace) -> int:
    from decision.errors import BadInput

    module = importlib.import_module(f"decision.terminal.{arguments.command.module}")  # the others need not be imported
    try:
        answer = getattr(module, arguments.command.function)(arguments, dt.date.today())
        shown = answer.in_format(arguments.format)
    except BadInput as error:
        print("\n".join(error.problems).replace(f"`{MODULE} ", f"`{PROGRAM} "), file=sys.stderr)
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


if __name__ == "__main__":
    sys.exit(main())
