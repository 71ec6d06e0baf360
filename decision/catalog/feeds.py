"""When prices were read again: the ledgers of data/feeds/, one for each feed of prices, to which entries are added and in which none changes.

A price that a feed confirms gets no new row, and its source keeps the day on which it was read: what an earlier day knew stays what it knew.
The confirmation stands in the ledger of the feed, for that price alone, with the day it was fetched and the day that the answer speaks of.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from decision.catalog.prices import DataModel, Day


def _digest(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise ValueError(f'"{text[:70]}" is not a SHA-256 digest: 64 digits and letters from a to f. Take it from the answer.')
    return text


Digest = Annotated[str, AfterValidator(_digest)]


class Visit(DataModel):
    """One answer of a feed. confirmed, differs: price ids whose row in force that day it repeated, and contradicted.

    read_on: the day inside the answer where it names one, else the day it was fetched. An answer that names several has a visit for each.
    etag, last_modified: as the server sent them, so that it can say that nothing changed since.
    """

    fetched_on: Day
    read_on: Day
    sha256: Digest
    etag: str | None = None
    last_modified: str | None = None
    confirmed: tuple[str, ...]
    differs: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _read_before_it_was_fetched(self) -> Visit:
        if self.read_on > self.fetched_on:
            raise ValueError(f"read_on {self.read_on} is later than fetched_on {self.fetched_on}. Correct one of the two.")
        return self


def _in_order(visits: tuple[Visit, ...]) -> tuple[Visit, ...]:
    for earlier, later in itertools.pairwise(visits):
        if later.fetched_on < earlier.fetched_on:
            raise ValueError(f"{later.fetched_on} stands after {earlier.fetched_on}. A ledger is only added to: move the earlier day up.")
    return visits


class Ledger(DataModel):
    """One file of data/feeds/: the visits to a feed of data/feeds.yaml, the first one first."""

    feed: str
    visits: Annotated[tuple[Visit, ...], Field(min_length=1), AfterValidator(_in_order)]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A price was read again, and was what its row says."""

    feed: str
    fetched_on: dt.date
    read_on: dt.date


def confirmations(ledgers: Mapping[str, Ledger]) -> dict[str, tuple[Confirmation, ...]]:
    """Every confirmation by price id."""
    found: dict[str, tuple[Confirmation, ...]] = {}
    for ledger in ledgers.values():
        for visit in ledger.visits:
            for price_id in visit.confirmed:
                found[price_id] = (*found.get(price_id, ()), Confirmation(ledger.feed, visit.fetched_on, visit.read_on))
    return found
