"""EC2 prices of us-east-1 in the source of Karpenter: a generated Go file of 40 kB in place of the price list of 360 MB."""

from __future__ import annotations

import re
from collections.abc import Iterator

from decision.feeds.answers import Said, SchemaChanged, day_of, reading

_HEAD = re.compile(r"// generated at (\d{4}-\d\d-\d\d)T\S+ for us-east-1\b")
_PRICE = re.compile(r'"([a-z0-9-]+\.[a-z0-9-]+)": (-?\d+\.\d+)\b')


def read(text: str) -> Iterator[Said]:
    """US dollars an hour by instance type, Linux on demand, read on the day of the line `generated at`."""
    head = _HEAD.search(text)
    if head is None:
        raise SchemaChanged('the line "generated at ... for us-east-1" is missing')
    read_on = day_of(head[1])
    for name, price in _PRICE.findall(text):
        yield reading(name, price, "hour", read_on=read_on)
