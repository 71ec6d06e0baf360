"""Prices in force worked out from the record (tests/golden/record.txt), another way than the catalog does; test_golden.py compares it whole."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from decision.catalog import DATA, Catalog
from decision.errors import PriceMissing
from decision.loading import load
from tests import record

ONE_DAY = dt.timedelta(days=1)


def price_rows() -> dict[str, list[tuple[dt.date, str, str]]]:
    """Price id -> (day, amount as written, currency), ascending, read from the record's text."""
    found: dict[str, list[tuple[dt.date, str, str]]] = {}
    for line in record.recorded():
        if line.startswith("price | "):
            _, price_id, day, amount, unit, *_ = line.split(" | ")
            found.setdefault(price_id, []).append((dt.date.fromisoformat(day), amount, unit.split(" per ")[0]))
    return {price_id: sorted(rows) for price_id, rows in found.items()}


def in_force(rows: list[tuple[dt.date, str, str]], day: dt.date) -> float | None:
    """The amount of the last row that has begun, in its own currency."""
    begun = [amount for start, amount, _ in rows if start <= day]
    return None if not begun or begun[-1] == "none" else float(begun[-1])


def test_a_changed_figure_shows_the_line_to_edit(tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    file = copy / "prices" / "anthropic.yaml"
    before = file.read_text(encoding="utf-8")
    changed = before.replace("price: 0.08\n", "price: 0.0824\n")
    assert changed != before
    file.write_text(changed, encoding="utf-8")
    words = record.changes(record.recorded(), record.lines(load(copy)))
    assert "If the change is intended, edit these lines" in words
    assert [line.split(" | USD")[0] for line in words.splitlines() if line[0] in "+-"] == [
        "-price | managed-agents.session | 2026-04-08 | 0.08",
        "+price | managed-agents.session | 2026-04-08 | 0.0824",
    ]


def test_prices_in_force_are_the_last_rows_begun(catalog: Catalog) -> None:
    """On each day of a price's own changes and of the euro's, the day before and the day after; euros at the rate of that day."""
    rows = price_rows()
    assert len(rows) == len(catalog.prices)
    rates = rows["fx.eur-usd"]
    for price_id, series in rows.items():
        for day in sorted({start + step for start, _, _ in (*series, *rates) for step in (-ONE_DAY, 0 * ONE_DAY, ONE_DAY)}):
            amount, rate = in_force(series, day), in_force(rates, day) if series[0][2] == "EUR" else 1.0
            expected = None if amount is None or rate is None else amount * rate
            prices = catalog.prices_on(day)
            assert prices.priced(price_id) == (expected is not None), f"{price_id} on {day}"
            if expected is None:
                with pytest.raises(PriceMissing):
                    prices[price_id]
            else:
                assert prices[price_id].amount == pytest.approx(expected, rel=1e-12), f"{price_id} on {day}"


def test_every_change_day_is_listed_once_and_in_order(catalog: Catalog) -> None:
    assert catalog.change_days() == sorted({day for series in price_rows().values() for day, _, _ in series})
