"""Temporal Cloud's pricing page in its documentation: steps of a million actions, storage by the gigabyte-hour, and the least of a Business plan.

Dollars are written `&#36;`. A page without one of the three has another shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from decision.feeds.answers import Said, SchemaChanged, reading
from decision.feeds.formats.markdown_tables import tables

_UNITS = {"price per million actions": "1M actions", "price per gbh (usd)": "GBh"}
_PRICE = re.compile(r"(?:&#36;|\$)(\d+(?:\.\d+)?)")
_BUSINESS = re.compile(r"Business tier is priced at the greater of (?:&#36;|\$)(\d+(?:\.\d+)?)/month")


def read(text: str) -> Iterator[Said]:
    """Readings by the label of a row (`Next 5M, up to 10M`, `Active`), and `Business`. A step that is for the sales department to say is none."""
    found = set()
    for head, rows in tables(text.splitlines()):
        if len(head) == 2 and (unit := _UNITS.get(head[1].lower())):
            found.add(unit)
            for label, cell in rows:
                if price := _PRICE.fullmatch(cell):
                    yield reading(label, price[1], unit)
    business = _BUSINESS.search(text)
    if business is None or found != set(_UNITS.values()):
        raise SchemaChanged("the tables of actions and storage or the sentence on the Business plan are not found")
    yield reading("Business", business[1], "month")
