"""Cloudflare's page on the prices of Containers, Markdown: what a second costs beyond what the Workers Paid plan includes, and that plan."""

from __future__ import annotations

import re
from collections.abc import Iterator

from decision.feeds.answers import Said, SchemaChanged, reading

_SECOND = re.compile(r"\$(\d+(?:\.\d+)?) per additional (vCPU|GiB|GB)-second")
_PLAN = re.compile(r"\$(\d+(?:\.\d+)?) USD per month \[Workers Paid plan\]")


def read(text: str) -> Iterator[Said]:
    """Readings `vCPU`, `GiB` (memory) and `GB` (disk) by the second, and `Workers Paid` by the month."""
    seconds, plan = _SECOND.findall(text), _PLAN.search(text)
    if not seconds or plan is None:
        raise SchemaChanged("the rates by the second or the price of the Workers Paid plan are not found")
    for price, what in seconds:
        yield reading(what, price, f"{what}-second")
    yield reading("Workers Paid", plan[1], "month")
