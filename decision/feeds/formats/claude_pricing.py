"""Claude's pricing page in Markdown: the table of base prices and the table of batch prices, US dollars for a million tokens.

Other tables of the page (fast mode, resold models) have columns of other names and are passed by. A page in which neither table is found has
another shape, and so has a cell that holds more than one price and a digit of a footnote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from decision.feeds.answers import Refusal, Said, SchemaChanged, reading

_COLUMNS = {
    "base input tokens": "input", "5m cache writes": "cache_write_5m", "1h cache writes": "cache_write_1h",
    "cache hits & refreshes": "cache_read", "cache hits and refreshes": "cache_read", "output tokens": "output",
    "batch input": "batch_input", "batch output": "batch_output",
}  # fmt: skip
_NEEDED = ({"input", "output", "cache_read"}, {"batch_input", "batch_output"})
_CELL = re.compile(r"\$(\d+(?:\.\d+)?) / MTok(?:\d|<sup>\d</sup>)?")
_ASIDE = re.compile(r"\s*\(.*\)\s*$|\s*<sup>.*?</sup>\s*$")


def read(text: str) -> Iterator[Said]:
    """Readings `<name of the model>/<class>`."""
    found = 0
    for head, rows in _tables(text.splitlines()):
        classes = [_COLUMNS.get(name.lower(), "") for name in head]
        if any(needed <= set(classes) for needed in _NEEDED):
            for row in rows:
                found += 1
                yield from _row(_ASIDE.sub("", row[0]).strip(), classes, row)
    if not found:
        raise SchemaChanged("no table of base prices or batch prices is found")


def _row(name: str, classes: Sequence[str], cells: Sequence[str]) -> Iterator[Said]:
    for token_class, cell in zip(classes, cells, strict=True):
        if token_class:
            price = _CELL.fullmatch(cell)
            key = f"{name}/{token_class}"
            yield reading(key, price[1], "1M tokens") if price else Refusal(key, f'"{cell[:40]}" stands where a price should')


def _tables(lines: Sequence[str]) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Head and rows of every table; rows of another width than the head are none of its rows."""
    for i, line in enumerate(lines):
        if re.fullmatch(r"\s*\|(\s*:?-+:?\s*\|)+\s*", line) and i:
            head, rows = _cells(lines[i - 1]), list[list[str]]()
            for below in lines[i + 1 :]:
                if not below.lstrip().startswith("|"):
                    break
                rows.append(_cells(below))
            if any(len(row) != len(head) for row in rows):
                raise SchemaChanged(f'a row below "{" | ".join(head)[:60]}" has another number of cells than its head')
            yield head, rows


def _cells(line: str) -> list[str]:
    return [re.sub(r"\*\*|\[([^\]]*)\]\([^)]*\)", r"\1", cell).strip() for cell in line.strip().strip("|").split("|")]
