"""python -m decision, once installed also agent-runtime-decision: the command line.

Exit codes: 0 fine; 1 the answer is "no" (a price is stale, something changed, no option is left); 2 bad input, or an answer that could not
be written, with one message on standard error. This and the page are the only places that ask what day it is.
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
_OUTPUT, _ERRORS = 1, 2  # file descriptors


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    try:
        arguments = parser().parse_args(words)
    except SystemExit as end:  # help, or a complaint about the arguments: written already, though perhaps not through yet
        return int(end.code or 0) if _flushed() else BAD_INPUT
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
        _complain("\n".join(error.problems).replace(f"`{MODULE} ", f"`{PROGRAM} "))
        return BAD_INPUT
    return int(answer.exit_code) if _printed(shown) else BAD_INPUT


def _printed(shown: str) -> bool:
    """Whether the answer was written. A reader who went away (| head) has what it wanted."""
    if sys.stdout is None:  # closed by whoever started the command
        _complain("standard output is closed, so the answer cannot be written. Open it, or send it to a file with > answer.txt.")
        return False
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal that lacks a letter shows ? instead of failing
        sys.stdout.reconfigure(errors="replace")
    try:
        print(shown.rstrip("\n"))
    except OSError as error:
        return _gone(error)
    return _flushed()


def _flushed() -> bool:
    """Whether what was printed has reached standard output."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        return _gone(error)
    return True


def _gone(error: OSError) -> bool:
    """Standard output takes no more: nothing is tried again at the end, and unless its reader just left, a sentence says why."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), _OUTPUT)
    if not isinstance(error, BrokenPipeError):
        _complain(f"the answer cannot be written to standard output ({error.strerror}). Make room, or send it elsewhere.")
    return isinstance(error, BrokenPipeError)


def _complain(problem: str) -> None:
    """One message on standard error, where there is one that takes it; the exit code says the rest."""
    if sys.stderr is None:
        return
    try:
        print(problem, file=sys.stderr, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), _ERRORS)


if __name__ == "__main__":
    sys.exit(main())
