"""The tables of a page in Markdown, for the formats that are one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from decision.feeds.answers import SchemaChanged


def tables(lines: Sequence[str]) -> Iterator[tuple[list[str], list[list[str]]]]:
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
