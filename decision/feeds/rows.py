"""From findings to the text of data/: a row below the last one, the source that it cites, and an entry in the ledger of the feed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from decision import strict_yaml
from decision.catalog.editing import Braced, added_entry, added_row, written
from decision.catalog.feeds import Visit
from decision.catalog.prices import BATCH_CLASSES, TOKEN_CLASSES
from decision.catalog.watched import Feed
from decision.feeds.judging import Finding

_HEAD = (
    "# yaml-language-server: $schema=../schema/readings.json\n"
    "# Added to by `python -m decision prices refresh --write`. What stands here is never changed.\n"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows of a price stand: the file, the path of keys in it, and for a token price its class and the prompt length it starts above."""

    file: str
    path: tuple[str, ...]
    token_class: str = ""
    step: int | None = None


class PriceTexts:
    """The price files of a folder as text while rows are added to them."""

    def __init__(self, folder: Path) -> None:
        self.texts = {f"prices/{path.name}": path.read_text(encoding="utf-8") for path in sorted((folder / "prices").glob("*.yaml"))}
        self.before = dict(self.texts)
        self.content = {file: strict_yaml.read(file, text) for file, text in self.texts.items()}
        self.places = {price_id: place for file, held in self.content.items() for price_id, place in _places(file, held)}

    @property
    def changed(self) -> dict[str, str]:
        """The files that are other than before."""
        return {file: text for file, text in self.texts.items() if text != self.before[file]}

    def add(self, findings: Iterable[Finding], confirmed: Iterable[str], feed_id: str, feed: Feed) -> None:
        """A row for each finding. Prices of one model and day are one row; confirmed: price ids that the same answer repeated."""
        grouped: dict[tuple[str, tuple[str, ...], dt.date], list[Finding]] = defaultdict(list)
        for it in findings:
            assert it.effective_from is not None  # only of what is proposed
            place = self.places[it.price_id]
            grouped[place.file, place.path, it.effective_from].append(it)
        repeated = set(confirmed)
        for (file, path, day), together in sorted(grouped.items(), key=lambda item: item[0]):
            source = self._source(file, feed_id, feed, max(it.read_on or day for it in together))
            row = self._token_row(file, path, together, repeated, source) if path[0] == "models" else _row(together[0], source)
            self.texts[file] = added_row(self.texts[file], path, row, Path(file).name)
            self._rows(file, path).append(row)

    def _source(self, file: str, feed_id: str, feed: Feed, read_on: dt.date) -> str:
        """The id of the source of this reading, which is added to the file where it is not there yet."""
        source_id = f"{feed_id}-{read_on}"
        if source_id not in self.content[file]["sources"]:
            said = {
                "title": feed.title,
                "url": feed.page or feed.url,
                "kind": feed.kind,
                "retrieved": read_on,
                "note": f"Read by machine from {feed.url}",
            }
            self.texts[file] = added_entry(self.texts[file], ("sources",), source_id, said, Path(file).name)
            self.content[file]["sources"][source_id] = said
        return source_id

    def _rows(self, file: str, path: tuple[str, ...]) -> list[Any]:
        found: list[Any] = self.content[file][path[0]][path[1]][path[2]]
        return found

    def _token_row(self, file: str, path: tuple[str, ...], together: Sequence[Finding], repeated: set[str], source: str) -> dict[str, Any]:
        """The last row of a model with the prices that changed. A class that this answer did not give keeps the source that it had."""
        last, model_id = self._rows(file, path)[-1], path[1]
        kept = {key: value for key, value in last.items() if key in TOKEN_CLASSES + BATCH_CLASSES}
        steps = [Braced(step) for step in last.get("steps", ())]
        read = {it.price_id for it in together} | repeated
        for it in together:
            place = self.places[it.price_id]
            holder: dict[str, Any] = kept if place.step is None else next(step for step in steps if step["over_prompt_tokens"] == place.step)
            holder[place.token_class] = number(it.read)
        named = last.get("class_sources", {})
        elsewhere = {name: named.get(name, last["source"]) for name, price in kept.items() if price is not None and f"{model_id}.{name}" not in read}
        first = together[0]
        return {
            "effective_from": first.effective_from, **kept, **({"steps": steps} if steps else {}),
            **({"class_sources": elsewhere} if elsewhere else {}), "source": source, "dated_by": first.dated_by,
        }  # fmt: skip


def _places(file: str, held: Mapping[str, Any]) -> Iterable[tuple[str, Place]]:
    for kind in ("prices", "plans"):
        for price_id in held.get(kind, {}):
            yield price_id, Place(file, (kind, price_id, "rows"))
    for model_id, model in held.get("models", {}).items():
        steps = {step["over_prompt_tokens"] for row in model["rows"] for step in row.get("steps", ())}
        for token_class in TOKEN_CLASSES + BATCH_CLASSES:
            for step in (None, *steps):
                price_id = f"{model_id}.{token_class}" + (f".over-{step}" if step else "")
                yield price_id, Place(file, ("models", model_id, "rows"), token_class, step)


def _row(it: Finding, source: str) -> dict[str, Any]:
    return {"effective_from": it.effective_from, "price": number(it.read), "source": source, "dated_by": it.dated_by}


def number(amount: Decimal | None) -> int | float:
    """A price as a plain number, as rows have them."""
    assert amount is not None  # only of what was read
    return int(amount) if amount == int(amount) else float(amount)


def with_visits(text: str | None, feed_id: str, visits: Sequence[Visit]) -> str:
    """The text of a ledger with visits at its end. text: None for a feed that has no ledger yet."""
    for visit in visits:
        said = {key: list(value) if isinstance(value, tuple) else value for key, value in visit if value not in (None, ())}
        said.setdefault("confirmed", [])
        text = _new_ledger(feed_id, said) if text is None else added_row(text, ("visits",), said, f"{feed_id}.yaml")
    assert text is not None  # there is a visit
    return text


def _new_ledger(feed_id: str, visit: Mapping[str, Any]) -> str:
    return _HEAD + written({"feed": feed_id, "visits": [Braced(visit)]})
