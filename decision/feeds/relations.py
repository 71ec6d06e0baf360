"""What the prices of a model have kept to each other so far. A change that breaks one of these is looked at by a person: it is news, or a mistake.

An alarm and never a derivation: no price is worked out from another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

Prices = Mapping[str, Decimal]
"""Prices of one model at one prompt length by class of tokens; what is not published is not there."""

_RELATIONS: tuple[tuple[str, str, str, Callable[[Decimal, Decimal], bool]], ...] = (
    ("output", "input", "output costs less than input", lambda one, other: one >= other),
    ("cache_read", "input", "a cache read does not cost less than input", lambda one, other: one < other),
    ("cache_write_5m", "input", "a cache write costs less than input, or over twice as much", lambda one, other: other <= one <= 2 * other),
    ("cache_write_1h", "input", "a cache write costs less than input, or over twice as much", lambda one, other: other <= one <= 2 * other),
    ("batch_input", "input", "batch input is not half of input", lambda one, other: 2 * one == other),
    ("batch_output", "output", "batch output is not half of output", lambda one, other: 2 * one == other),
)


def broken(prices: Prices, token_class: str) -> Iterator[str]:
    """Relations of one class with the others that these prices break."""
    for one, other, said, holds in _RELATIONS:
        if token_class in (one, other) and one in prices and other in prices and not holds(prices[one], prices[other]):
            yield said
