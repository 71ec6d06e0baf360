"""The data of the commands about prices and published claims; documented with all others in as_json.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from decision.catalog import Catalog, PriceInForce, Source
from decision.catalog.history import Change, Stale
from decision.claims import Claims, Recomputed
from decision.report.as_json import Data, cited, price_source

if TYPE_CHECKING:  # the network is loaded for one command alone
    from decision.feeds import Finding, Run


def prices(catalog: Catalog, day: dt.date, listed: Mapping[str, PriceInForce | None]) -> Data:
    """`prices list`."""
    return {"as_of": day, "catalog_version": catalog.version, "prices": [
        {
            "id": price_id, "description": catalog.prices[price_id].description, "vendor": catalog.vendors[price_id],
            "price": price.amount if price else None, "pricing_unit": catalog.prices[price_id].pricing_unit, "currency": "USD",
            "source": price_source(price) if price else None,
        }
        for price_id, price in listed.items()
    ]}  # fmt: skip


def price_series(catalog: Catalog, price_id: str) -> Data:
    """`prices show`."""
    series, sources = catalog.prices[price_id], catalog.sources[price_id]
    return {
        "id": price_id, "description": series.description, "vendor": catalog.vendors[price_id], "pricing_unit": series.pricing_unit,
        "currency": series.currency,
        "rows": [
            {
                "effective_from": row.effective_from, "dated_by": row.dated_by, "price": row.price,
                "source": _read(sources[row.source]),
                "also": [_read(sources[name]) for name in row.also], "note": row.note,
            }
            for row in series.rows
        ],
    }  # fmt: skip


def stale_prices(day: dt.date, max_age_days: int, found: Iterable[Stale], announced: Iterable[Stale]) -> Data:
    """`prices stale`."""
    return {"as_of": day, "max_age_days": max_age_days, "stale": [_aged(stale) for stale in found], "announced": [_aged(each) for each in announced]}


def _aged(stale: Stale) -> Data:
    return {
        "id": stale.price.id, "price": stale.price.amount, "last_read": stale.last_read, "age_days": stale.age_days,
        "source": price_source(stale.price),
    }  # fmt: skip


def refreshed(run: Run) -> Data:
    """`prices refresh`."""
    return {
        "day": run.day, "confirmed": sum(len(each.confirmed) for each in run.feeds), "written": list(run.written),
        "feeds": [
            {
                "id": each.feed_id, "unread": each.unread, "warning": each.warning, "unchanged": each.unchanged, "confirmed": list(each.confirmed),
                "findings": [_found(finding) for finding in each.findings if finding.is_news],
            }
            for each in run.feeds
        ],
        "rows": [{"id": it.price_id, "feed": it.feed, "price": _amount(it.read), "effective_from": it.effective_from} for it in run.rows],
        "without_feed": [{"id": price_id, "last_read": day} for price_id, day in run.unwatched],
    }  # fmt: skip


def _found(it: Finding) -> Data:
    return {
        "id": it.price_id, "status": it.status, "on_file": _amount(it.on_file), "read": _amount(it.read), "effective_from": it.effective_from,
        "dated_by": it.dated_by, "read_on": it.read_on, "level": it.level, "why": it.why,
    }  # fmt: skip


def _amount(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def price_changes(start: dt.date, end: dt.date, changes: Iterable[Change]) -> Data:
    """`prices diff`."""
    return {"from": start, "to": end, "changes": [
        {
            "id": change.price_id, "before": change.before.amount if change.before else None, "after": change.after.amount if change.after else None,
            "effective_from": change.since,
            "source": {**_read(change.source), "effective_from": change.since},
        }
        for change in changes
    ]}  # fmt: skip


def claims(said: Claims, found: Iterable[Recomputed]) -> Data:
    """`claims`."""
    return {"checked": said.checked, "about": said.about, "claims": [
        {
            "id": each.claim.id, "claim": each.claim.claim, "sources": [{"id": name, "title": said.sources[name]} for name in each.claim.sources],
            "verdict": each.claim.verdict, "correct": each.correct, "result": each.result,
            "figures": [
                {
                    "name": figure.name, "what": figure.what, "unit": figure.unit, "published": figure.published, "ours": figure.ours,
                    "agrees": figure.agrees, "working": figure.working,
                }
                for figure in each.figures
            ],
        }
        for each in found
    ]}  # fmt: skip


def _read(source: Source) -> Data:
    """A source and the day it was read."""
    return {**cited(source), "retrieved": source.retrieved}
