"""How large a scenario may be, checked before anything else looks at it: a usual one takes 2 kB and a hundred values.

What lies within these bounds is validated in a fraction of a second, whatever it holds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from decision.errors import BadInput, where
from decision.strict_yaml import MAX_DEPTH

LARGEST_FILE = 200_000  # bytes; fifty groups that answer everything with ranges take 100 kB, and overrides come on top
MOST_VALUES = 30_000  # of all lists and mappings together, keys too; the same fifty groups have 12,000
MOST_ENTRIES = 1_000  # of one list or mapping; there are 800 prices
LONGEST_TEXT = 1_000  # characters, of a key too
_LARGEST_WHOLE = 1100  # bits; more than any number has that a computer calculates with


def check_bounds(content: Any, name: str) -> None:
    """Refuse plain data that is too large or too deep to be a scenario. Raises BadInput with one sentence that names the place."""
    waiting: deque[tuple[Any, tuple[Any, ...]]] = deque([(content, ())])
    left = MOST_VALUES
    while waiting:
        value, place = waiting.popleft()
        problem = _too_large(value, place)
        if problem:
            raise BadInput(f"{name}: {where(place) or 'the scenario'}: {problem}")
        if isinstance(value, Mapping):
            waiting.extend((key, (*place, "a key")) for key in value)
            waiting.extend((inner, (*place, key)) for key, inner in value.items())
        elif isinstance(value, list | tuple):
            waiting.extend((inner, (*place, i)) for i, inner in enumerate(value))
        left -= 1
        if left < 0:
            raise BadInput(f"{name}: this holds more than {MOST_VALUES:,} values, so it is no scenario. Check that it is the right file or link.")


def _too_large(value: Any, place: tuple[Any, ...]) -> str:
    """Why a value is no part of a scenario; '' where it may be one."""
    match value:
        case str() if len(value) > LONGEST_TEXT:
            return f"a text of {len(value):,} characters; at most {LONGEST_TEXT:,} are read. Shorten it."
        case str() if any("\ud800" <= letter <= "\udfff" for letter in value):
            return "the text holds half of a character, so it was damaged on its way. Write it again."
        case int() if value.bit_length() > _LARGEST_WHOLE:
            return "a whole number of more than 300 digits. Write a smaller one."
        case list() | tuple() | Mapping() if len(value) > MOST_ENTRIES:
            return f"{len(value):,} entries; at most {MOST_ENTRIES:,} are read. Leave the others out."
        case list() | tuple() | Mapping() if len(place) > MAX_DEPTH:
            return f"nested more than {MAX_DEPTH} levels deep. No scenario is: flatten it."
    return ""


__all__ = ["LARGEST_FILE", "LONGEST_TEXT", "MOST_VALUES", "check_bounds"]
