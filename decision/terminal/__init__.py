"""What each command of `python -m decision` answers. One module per kind of question; only __main__ imports this room.

A command is a function (arguments, today) -> Answer. It imports what it needs when it runs, so that the others start fast.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

FINE, NO = 0, 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found: as text, as data (only the one asked for is built), and whether the answer is "no" (exit code 1)."""

    text: Callable[[], str]
    data: Callable[[], Any]
    exit_code: int = FINE

    def in_format(self, name: str) -> str:
        """What to print: "json" or text."""
        if name != "json":
            return self.text()
        from decision.report.as_json import written

        return written(self.data())
