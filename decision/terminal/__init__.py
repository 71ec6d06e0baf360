"""What each command of `python -m decision` answers. One module per kind of question; only __main__ imports this room.

A command is a function (arguments, today) -> Answer: arguments to inputs, inputs to a report. What a report says is written in report/sections.
A command imports what it needs when it runs, so that the others start fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decision.report.document import Report

FINE, NO = 0, 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found, and whether the answer is "no" (exit code 1)."""

    report: Report
    exit_code: int = FINE

    def in_format(self, name: str) -> str:
        """What to print: "json" or text; only the one asked for is built."""
        from decision.report import as_json, text

        return as_json.write(self.report) if name == "json" else text.write(self.report)
