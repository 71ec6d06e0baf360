"""One module for each format of a decision record: write(record) -> text or bytes. The same record gives the same bytes.

FORMATS["md"].written(record)          bytes, as they are saved or downloaded
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decision.report.sections.decision import DecisionRecord


@dataclass(frozen=True, slots=True)
class Format:
    """A format that decisions are filed in. module: of this room, imported when it is asked for. use: what people take it for."""

    name: str
    module: str
    mime: str
    use: str
    is_text: bool = True

    def written(self, record: DecisionRecord) -> bytes:
        """The record in this format."""
        content: str | bytes = importlib.import_module(f"{__name__}.{self.module}").write(record)
        return content.encode() if isinstance(content, str) else content


FORMATS: Mapping[str, Format] = {
    "md": Format("Markdown", "markdown", "text/markdown", "a decision record (MADR 4.0) for a repository"),
    "html": Format("HTML", "page", "text/html", "one file that opens in any browser and prints well"),
    "pdf": Format("PDF", "paper", "application/pdf", "a paper for people who decide; tagged for screen readers (PDF/UA-1)", is_text=False),
    "png": Format("PNG card", "card", "image/png", "a picture for a chat message", is_text=False),
    "txt": Format("Text", "chat", "text/plain", "a few lines for a chat message or a mail"),
    "json": Format("JSON", "data", "application/json", "every figure, for programs"),
    "csv": Format("CSV", "focus", "text/csv", "every line of every bill, with FOCUS column names"),
}
