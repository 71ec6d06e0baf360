"""The kept answers of feeds, ways to change them, and a run over them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from decision import strict_yaml
from decision.catalog import Catalog
from decision.catalog.watched import feeds_of
from decision.feeds import FeedRun, Finding, Run, Wishes, refresh
from decision.loading import load

ANSWERS = Path(__file__).parent / "answers"
DAY = dt.date(2026, 11, 25)


def changed(answers: Path, feed: str, old: str, new: str) -> None:
    path = answers / f"{feed}.answer"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def changed_json(answers: Path, feed: str, change: Callable[[Any], None]) -> None:
    path = answers / f"{feed}.answer"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def linode(answers: Path, **monthly: float | None) -> None:
    """Other prices of Linode types; a type at None is gone."""

    def change(content: Any) -> None:
        for entry in list(content["data"]):
            name = entry["id"].replace("-", "_")
            if name in monthly:
                if monthly[name] is None:
                    content["data"].remove(entry)
                else:
                    entry["price"]["monthly"] = monthly[name]

    changed_json(answers, "linode", change)


def gemini(answers: Path, price: str, model: str = "gemini-2.5-flash") -> None:
    """Output of a Gemini model in genai-prices, batch with it."""
    path = answers / "genai-google.answer"
    content = strict_yaml.read("answer", path.read_text(encoding="utf-8"))
    entry = next(entry for entry in content["models"] if entry["id"] == model)
    entry |= {"prices_checked": "2026-11-24"}
    entry["prices"]["output_mtok"] = float(price)
    entry["price_variants"][0].pop("constraint", None)  # a first day before that of the row on file is a finding of its own
    entry["price_variants"][0]["prices"]["output_mtok"] = float(price) / 2
    path.write_text(json.dumps(content, default=str), encoding="utf-8")


def second_opinion(answers: Path, price: str, model: str = "gemini-2.5-flash") -> None:
    def change(content: Any) -> None:
        content[f"gemini/{model}"] |= {"output_cost_per_token": float(price) / 1e6, "output_cost_per_token_batches": float(price) / 2e6}

    changed_json(answers, "litellm", change)


def run(answers: Path, catalog: Catalog | None = None, *feeds: str, day: dt.date = DAY, **wishes: Any) -> Run:
    catalog = catalog or load()
    return refresh(catalog, feeds_of(catalog.folder), day, Wishes(feeds, taken_from=answers, **wishes))


def feed(of: Run, name: str) -> FeedRun:
    return next(each for each in of.feeds if each.feed_id == name)


def finding(of: Run, price_id: str, feed_id: str = "") -> Finding:
    (only,) = [it for it in of.findings if it.price_id == price_id and feed_id in ("", it.feed)]
    return only


def verdict(of: Run, price_id: str, feed_id: str = "") -> tuple[str, str, str]:
    it = finding(of, price_id, feed_id)
    return it.status, it.level, it.why


def texts(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*")) if path.is_file()}
