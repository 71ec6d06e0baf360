"""A report as plain text for a terminal of 100 columns.

A money column is named in its heading, so that its figures have no sign; a sentence that does not name the currency gets it after the figure.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from decision.analysis.map import WhoWins
from decision.report import as_json
from decision.report.document import Block, Cell, Chart, Gap, Heading, References, Report, Section, Sentence, Source, Sources, Table, cell_words
from decision.words import number

WIDTH = 100

_SHORT_BULLET = 8
_INDENT = 2  # columns of one step of depth

Row = Sequence[str]


def write(report: Report) -> str:
    """The report as text; its data where it has no words."""
    if report.blocks is None:
        return as_json.write(report)
    references = References()
    return "\n".join(line for block in report.blocks() for line in _written(block, references))


def _written(block: Block, references: References) -> Iterator[str]:
    match block:
        case Heading(title, note):
            yield heading(title, note)
        case Section(title, _):
            yield section(title)
        case Sentence():
            yield paragraph(block.spoken("", " USD"), _INDENT * block.depth, block.lead)
        case Table(head, rows, numbers, gives_way, depth):
            cells = [tuple(_cell(cell, references) for cell in row) for row in rows]
            yield table(head, cells, numbers, _INDENT * depth, gives_way)
        case Chart(found, keys):
            yield from _map(found, keys)
        case Sources():
            yield from ("Sources", _listed(references))
        case Gap():
            yield ""


def _cell(cell: Cell, references: References) -> str:
    return f"[{references.number(cell)}]" if isinstance(cell, Source) else cell_words(cell, "")


def _listed(references: References) -> str:
    """All sources with their numbers."""
    width = len(str(len(references))) + 3
    lines = (source.said + (f", {source.url}" if source.url else "") + source.read for source in references)
    return "\n".join(paragraph(line, 2, f"[{n}]".ljust(width)) for n, line in enumerate(lines, start=1))


def _map(found: WhoWins, keys: Mapping[str, str]) -> Iterator[str]:
    """One letter a cell, the high end of y first; * where the scenario stands. Of a map wider than the terminal every second (third, ...) column."""
    margin = max(len(number(value)) for value in (found.y.low, found.y.high))
    step = -(-found.x.cells // (WIDTH - margin - 5))
    cells = [[keys[found.option_ids[i]] for i in row] for row in found.winner.tolist()]
    if found.here_cell:
        cells[found.here_cell[0]][found.here_cell[1] // step * step] = "*"
    for n in reversed(range(len(cells))):
        label = number(found.y.high) if n == len(cells) - 1 else number(found.y.low) if n == 0 else ""
        yield f"  {label.rjust(margin)} |{''.join(cells[n][::step])}"
    width = len(cells[0][::step])
    yield f"  {' ' * margin} +{'-' * width}"
    low, high = number(found.x.low), number(found.x.high)
    yield f"  {' ' * margin}  {low}{high.rjust(max(width - len(low), len(high) + 1))}"


# -- layout --------------------------------------------------------------------------------------------


def table(header: Row, rows: Iterable[Row], right: Iterable[int] = (), indent: int = 2, wrap: int | None = None) -> str:
    """Columns two blanks apart. right: columns that hold numbers. wrap: the column that gives way so that the table fits the width."""
    rows = [tuple(row) for row in rows]
    everything = [tuple(header), *rows]
    widths = [max(len(row[i]) for row in everything) for i in range(len(header))]
    over = indent + sum(widths) + 2 * (len(widths) - 1) - WIDTH
    if wrap is not None and over > 0:
        widths[wrap] = max(widths[wrap] - over, 12, len(header[wrap]))
    right = set(right)
    lines = []
    for at, row in enumerate(everything):
        lines += _lines(row, widths, right, wrap, " " * indent)
        if at == 0:
            lines.append((" " * indent + "  ".join("-" * width for width in widths)).rstrip())
    return "\n".join(lines)


def _lines(row: Row, widths: Sequence[int], right: set[int], wrap: int | None, margin: str) -> list[str]:
    folded = textwrap.wrap(row[wrap], widths[wrap]) or [""] if wrap is not None else [""]
    lines = []
    for n, part in enumerate(folded):
        cells = [(part if i == wrap else cell if n == 0 else "") for i, cell in enumerate(row)]
        aligned = [cell.rjust(widths[i]) if i in right else cell.ljust(widths[i]) for i, cell in enumerate(cells)]
        lines.append((margin + "  ".join(aligned)).rstrip())
    return lines


def paragraph(text: str, indent: int = 0, bullet: str = "") -> str:
    """Text folded to the width; a bullet stands before the first line, and the lines below a short one stay aligned with its text."""
    margin = " " * indent
    if len(bullet) <= _SHORT_BULLET:
        return _folded(text, margin + bullet, " " * (indent + len(bullet)))
    return _folded(bullet + text, margin, margin + "    ")


def _folded(text: str, first: str, below: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=below, break_on_hyphens=False, break_long_words=False)


def heading(left: str, right: str = "") -> str:
    """A title with a note at the right margin, or below it where both do not fit, and a line under it."""
    if len(left) + 2 + len(right) <= WIDTH:
        title = f"{left}{right.rjust(WIDTH - len(left))}" if right else left
    else:
        title = "\n".join(part for part in (_folded(left, "", ""), right.rjust(WIDTH) if right else "") if part)
    return f"{title}\n{'=' * WIDTH}"


def section(title: str) -> str:
    """The title of a part."""
    folded = _folded(title, "", "")
    return f"\n{folded}\n{'-' * max(map(len, folded.splitlines()))}"
