"""A decision record as a few lines of plain text, for a chat message or a mail."""

from __future__ import annotations

from decision.report import text
from decision.report.document import Heading, Report
from decision.report.sections.decision import DecisionRecord, summary


def write(record: DecisionRecord) -> str:
    """The first page of the record."""
    return text.write(Report(lambda: (Heading(record.title, f"prices of {record.date}"), *summary(record)), dict)) + "\n"
