"""Rows and ledgers onto the disk: all of what is meant or nothing, and only after a copy of the data was read and every earlier day proved unchanged.

Each file is written beside its place and moved there whole, price files before ledgers. A run that is killed in between leaves every file as it was
or as it is meant to be, and a catalog that can be read: the next run finds the written rows confirmed and adds what lacks.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path

from decision.catalog import Catalog, PriceRow
from decision.errors import BadInput
from decision.feeds.judging import Finding
from decision.feeds.rows import number
from decision.loading import checked

_MAY_CHANGE = ("prices", "models", "plans", "sources", "ledgers", "folder", "version")  # what adding rows and visits touches; looked at row by row


def write(files: Mapping[str, str], rows: Iterable[Finding], catalog: Catalog) -> None:
    """Put files (name below the folder -> text) in their places. rows: what they add. Raises BadInput where they say anything else, or cannot be."""
    if not files:
        return
    with tempfile.TemporaryDirectory() as trial:
        folder = Path(shutil.copytree(catalog.folder, Path(trial) / "data"))
        for name, text in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        if problems := _problems(catalog, folder, rows):
            raise BadInput([f"nothing was written: {problem}" for problem in problems])
    _replace(catalog.folder, files)


def _problems(catalog: Catalog, folder: Path, rows: Iterable[Finding]) -> list[str]:
    try:
        return list(_differences(catalog, checked(folder), rows))
    except BadInput as error:
        return list(error.problems)


def _replace(folder: Path, files: Mapping[str, str]) -> None:
    beside: list[tuple[Path, Path]] = []
    try:
        for name in sorted(files, key=lambda name: name.startswith("feeds/")):
            place = folder / name
            place.parent.mkdir(exist_ok=True)
            new = place.with_name(f"{place.name}.new")
            with new.open("w", encoding="utf-8") as file:
                file.write(files[name])
                file.flush()
                os.fsync(file.fileno())
            beside.append((new, place))
    except OSError as error:
        for new, _ in beside:
            new.unlink(missing_ok=True)
        raise BadInput(f"nothing was written: {folder} takes no file ({error.strerror}). Make room, or write where you may.") from None
    for new, place in beside:
        new.replace(place)


def _differences(before: Catalog, after: Catalog, rows: Iterable[Finding]) -> Iterator[str]:
    """What is other than before beside the rows that are meant."""
    meant: dict[str, dict[dt.date, float]] = {}
    for it in rows:
        assert it.effective_from is not None  # only of what is proposed
        meant.setdefault(it.price_id, {})[it.effective_from] = number(it.read)
    if set(before.prices) != set(after.prices):
        yield f"{min(set(before.prices) ^ set(after.prices))} would come or go. Look at its file."
        return
    for name in (field.name for field in fields(Catalog) if not field.name.startswith("_")):
        if name not in _MAY_CHANGE and getattr(before, name) != getattr(after, name):
            yield f"{name} would change. Look at the folder."
    for price_id in before.prices:
        if why := _series_differs(price_id, before, after, meant.get(price_id, {})):
            yield f"{price_id}: {why}. Look at its file."
    first = min((day for days in meant.values() for day in days), default=dt.date.max)
    for day in (day for day in before.change_days() if day < first):
        yield from _day_differs(before, after, day)


def _series_differs(price_id: str, before: Catalog, after: Catalog, meant: Mapping[dt.date, float]) -> str:
    old, new = before.prices[price_id], after.prices[price_id]
    if old.model_copy(update={"rows": ()}) != new.model_copy(update={"rows": ()}):
        return "it would be another price"
    if any(after.sources[price_id].get(name) != source for name, source in before.sources[price_id].items()):
        return "a source would change"
    return _rows_differ(old.rows, new.rows, meant)


def _rows_differ(before: tuple[PriceRow, ...], after: tuple[PriceRow, ...], meant: Mapping[dt.date, float]) -> str:
    if after[: len(before)] != before:
        return "a row that stands would change"
    price = before[-1].price
    for row in after[len(before) :]:  # a row of a model repeats the classes that do not change
        price = meant.get(row.effective_from, price)
        if row.price != price:
            return f"the row of {row.effective_from} would not say what was read"
    lacking = set(meant) - {row.effective_from for row in after[len(before) :]}
    return f"the row of {min(lacking)} is missing" if lacking else ""


def _day_differs(before: Catalog, after: Catalog, day: dt.date) -> Iterator[str]:
    old, new = before.prices_on(day), after.prices_on(day)
    for price_id in before.prices:
        if old.priced(price_id) != new.priced(price_id) or (old.priced(price_id) and old[price_id].amount != new[price_id].amount):
            yield f"{price_id} would be another price on {day}. Look at its file."
            return
