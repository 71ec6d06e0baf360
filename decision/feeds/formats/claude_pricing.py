"""Claude's pricing page in Markdown: the table of base prices and the table of batch prices, US dollars for a million tokens.

Other tables of the page (fast mode, resold models) have columns of other names and are passed by. A page in which neither table is found has
another shape, and so has a cell that holds more than one price and a digit of a footnote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from decision.feeds.answers import Refusal, Said, SchemaChanged, reading
from decision.feeds.formats.markdown_tables import tables

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
    for head, rows in tables(text.splitlines()):
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
