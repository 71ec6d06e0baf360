"""Linode types API: monthly caps by type id, US dollars. The list price, not that of a region with its own."""

from __future__ import annotations

from collections.abc import Iterator

from decision.feeds.answers import Said, SchemaChanged, at, json_of, reading


def read(text: str) -> Iterator[Said]:
    """One reading for each type; types of some classes have no monthly price and give a refusal."""
    answer = json_of(text)
    if at(answer, "pages", int) != 1:
        raise SchemaChanged('"pages" is not 1: a part of the types is on another page')
    for entry in at(answer, "data", list):
        yield reading(at(entry, "id", str), at(entry, "price", dict).get("monthly"), "month")
