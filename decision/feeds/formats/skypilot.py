"""SkyPilot's catalog of one cloud: US dollars an hour by machine, CSV. Its columns stand in another order for each cloud, so names count."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from decision.feeds.answers import Said, SchemaChanged, reading

_MACHINE, _PRICE = "InstanceType", "Price"


def read(text: str) -> Iterator[Said]:
    """One reading for each machine and price: a machine that costs the same everywhere is one, another is several and fits no price."""
    try:
        rows = csv.DictReader(text.splitlines(), strict=True)
        yield from _rows(rows)
    except csv.Error as error:
        raise SchemaChanged(f"the answer is not CSV ({error})") from None


def _rows(rows: csv.DictReader[str]) -> Iterator[Said]:
    if missing := {_MACHINE, _PRICE} - set(rows.fieldnames or ()):
        raise SchemaChanged(f'the column "{min(missing)}" is missing')
    seen: set[tuple[str, str]] = set()
    for row in rows:
        machine, price = row[_MACHINE] or "", row[_PRICE]
        if machine and price and (machine, price) not in seen:
            seen.add((machine, price))
            yield reading(machine, price, "hour")
