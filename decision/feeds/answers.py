"""What a feed's answer says, before anybody asks which of our prices that is: readings, and what could not be read as one.

Numbers are decimals from the first character on. A missing field is no reading; null, true, "" and negative numbers are refusals, never 0.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from decision.errors import shown

_DIGITS = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")  # no digits of other scripts, no 1_000, no blanks
_LARGEST = Decimal("1e12")  # of any unit; more is a mistake, and would not fit the digits that prices are kept to


class SchemaChanged(ValueError):
    """An answer has another shape than the one that its reader knows: none of it is used."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One price as the feed says it. starts: from when on, where the feed says so; read_on: the day the feed names as that of its own reading."""

    key: str
    price: Decimal
    unit: str
    currency: str = "USD"
    starts: dt.date | None = None
    read_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something in the place of a price that is none."""

    key: str
    why: str


Said: TypeAlias = Reading | Refusal
Reader: TypeAlias = Callable[[str], Iterator[Said]]
"""From the text of an answer to what it says. Raises SchemaChanged."""


def reading(key: str, value: object, unit: str, currency: str = "USD", starts: dt.date | None = None, read_on: dt.date | None = None) -> Said:
    """The reading of a value, or why it is no price. value: a Decimal, an int, or digits in a text."""
    if value is None or isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        return Refusal(key, f"{_as_written(value)} stands where a price should")
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        return Refusal(key, f"{_as_written(value)} stands where a price should")
    price = Decimal(value)
    if not price.is_finite() or not 0 <= price < _LARGEST:
        return Refusal(key, f"{_as_written(value)} is not a price")
    return Reading(key, price, unit, currency, starts, read_on)


def _as_written(value: object) -> str:
    return "null" if value is None else shown(f'"{value}"' if isinstance(value, str) else value)


def json_of(text: str) -> Any:
    """JSON with decimals for numbers. Raises SchemaChanged where the text is something else, or one object has a key twice."""
    try:
        return json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
    except SchemaChanged:
        raise
    except (ValueError, ArithmeticError, RecursionError):  # ArithmeticError: an exponent that no decimal has
        raise SchemaChanged(f"the answer is not JSON: it begins with {shown(repr(text[:30]))}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1)
        raise SchemaChanged(f"{shown(repr(twice))} stands twice in one place")
    return found


def at(part: Any, path: str, kind: type) -> Any:
    """What stands at a path of keys, of the kind expected. Raises SchemaChanged naming the path."""
    for key in path.split(".") if path else ():
        if not isinstance(part, Mapping) or key not in part:
            raise SchemaChanged(f'"{path}" is missing')
        part = part[key]
    if not isinstance(part, kind):
        raise SchemaChanged(f'"{path or "the whole answer"}" is a {type(part).__name__}, not a {kind.__name__}')
    return part


def day_of(text: object) -> dt.date:
    """A day at the start of a text, or a date as YAML gives it. Raises SchemaChanged."""
    if isinstance(text, dt.date):
        return text.date() if isinstance(text, dt.datetime) else text
    try:
        return dt.date.fromisoformat(str(text)[:10])
    except ValueError:
        raise SchemaChanged(f"{shown(repr(text))} is not a day") from None
