"""The one table: a real HTML table, readable by a screen reader and at 390 px."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from decision.ui.views.markup import html


@dataclass(frozen=True)
class Cell:
    """Words of a table cell; `note` stands small below, `mark` is markup made here (a swatch)."""

    words: str
    note: str = ""
    mark: str = ""
    right: bool = False


def table(caption: str, head: Sequence[str], rows: Iterable[tuple[str, Sequence[Cell]]]) -> None:
    """A table. rows: (class of the row: "", "out" or "pick"; cells, of which the first names the row)."""
    rows = list(rows)
    body = "".join(f'<tr class="{kind}">{_row(head, cells, struck=kind == "out")}</tr>' for kind, cells in rows)
    right = [cell.right for cell in (rows[0][1] if rows else ())]
    columns = "".join(f'<th scope="col"{" class=n" if n < len(right) and right[n] else ""}>{escape(words)}</th>' for n, words in enumerate(head))
    top = f"<caption>{escape(caption)}</caption><thead><tr>{columns}</tr></thead>"
    html(f'<div class="scroll"><table class="wide">{top}<tbody>{body}</tbody></table></div>')


def _row(head: Sequence[str], cells: Sequence[Cell], struck: bool) -> str:
    parts = []
    for i, cell in enumerate(cells):
        words = f"<s>{escape(cell.words)}</s>" if struck and cell.right and cell.words else escape(cell.words)
        inside = cell.mark + words + (f"<small>{escape(cell.note)}</small>" if cell.note else "")
        right = ' class="n"' if cell.right else ""
        parts.append(f'<th scope="row">{inside}</th>' if i == 0 else f'<td{right} data-name="{escape(head[i])}">{inside}</td>')
    return "".join(parts)
