"""Sentences of data files in which names are filled in, and the check that every name in braces is one that will be."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from decision.errors import nearest


class Fills:
    """Marks a field whose text is filled in, with the names it may use; thresholds: those of the framework. A text without it is shown as it is."""

    def __init__(self, *names: str, thresholds: bool = False) -> None:
        self.names, self.thresholds = names, thresholds


def text_problems(part: BaseModel, place: str, thresholds: Collection[str] = ()) -> Iterator[str]:
    """Names in braces that nothing fills, in every text of `part` and of what it holds."""
    for at, text, fills in _texts(part, place, Fills()):
        yield from filling_problems(at, text, (*fills.names, *thresholds) if fills.thresholds else fills.names)


def filling_problems(place: str, text: str, names: Collection[str]) -> Iterator[str]:
    """Names in braces in one text that are not among those it may use."""
    try:
        fields = [(name, spec, how) for _, name, spec, how in string.Formatter().parse(text) if name is not None]
    except ValueError:
        yield f"{place}: a brace stands alone. Write a name in a pair of them, or leave braces out."
        return
    for name, spec, how in fields:
        if name not in names:
            known = f" Known here: {', '.join(names)}." if names else " Nothing is filled in here: write it out."
            yield f'{place}: "{{{name}}}" is a name that nothing fills in.{nearest(name, names) or known}'
        elif spec or how:
            yield f"{place}: {{{name}}} asks for a format, and words are filled in here. Write {{{name}}} alone."


def _texts(value: Any, place: str, fills: Fills) -> Iterator[tuple[str, str, Fills]]:
    if isinstance(value, str):
        yield place, value, fills
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            marked = next((meta for meta in info.metadata if isinstance(meta, Fills)), Fills())
            yield from _texts(getattr(value, name), f"{place}.{info.alias or name}" if place else info.alias or name, marked)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, f"{place}.{key}", fills)
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from _texts(item, f"{place}.{item.id}" if hasattr(item, "id") else f"{place}[{i}]", fills)
