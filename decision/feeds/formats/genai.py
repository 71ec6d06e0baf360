"""genai-prices (Pydantic), the YAML file of one provider: US dollars for a million tokens, and the day on which somebody looked (`prices_checked`).

The JSON made from it, and the package, leave that day out: what they say looks as young as the download. A class without a price is billed as
input by that project; here it is no reading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from decision import strict_yaml
from decision.errors import BadInput
from decision.feeds.answers import Refusal, Said, SchemaChanged, at, day_of, reading

_CLASSES = {
    "input_mtok": "input", "output_mtok": "output", "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write_5m", "cache_write_1h_mtok": "cache_write_1h",
}  # fmt: skip
_BATCH = {"input_mtok": "batch_input", "output_mtok": "batch_output"}
_SEARCHES = "web_searches_kcount"


def read(text: str) -> Iterator[Said]:
    """Readings `<model>/<class>` and `<model>/<class>/over-<tokens>`, and `<model>/web_searches` for a thousand searches."""
    try:
        provider = strict_yaml.read("the answer", text)
    except BadInput as error:
        raise SchemaChanged(f"the answer is not plain YAML ({error.problems[0]})") from None
    for model in at(provider, "models", list):
        yield from _model(model)


def _model(model: Mapping[str, Any]) -> Iterator[Said]:
    name = at(model, "id", str)
    checked = day_of(model["prices_checked"]) if model.get("prices_checked") else None
    for prices, starts in _periods(at(model, "prices", object), name):
        yield from _prices(name, prices, _CLASSES, starts, checked)
        yield from _searches(name, prices, starts, checked)
    for variant in at(model, "price_variants", list) if model.get("price_variants") else ():
        if at(variant, "when", dict) == {"processing": "batch"}:
            yield from _prices(name, at(variant, "prices", dict), _BATCH, _start(variant, name), checked)


def _periods(prices: Any, name: str) -> Iterator[tuple[Mapping[str, Any], dt.date | None]]:
    if isinstance(prices, Mapping):
        yield prices, None
        return
    for period in at(prices, "", list):
        yield at(period, "prices", dict), _start(period, name)


def _start(period: Mapping[str, Any], name: str) -> dt.date | None:
    constraint = period.get("constraint")
    if constraint is None:
        return None
    if not isinstance(constraint, Mapping) or set(constraint) - {"type"} != {"start_date"}:
        raise SchemaChanged(f"{name} has a price under another condition than a first day")
    return day_of(constraint["start_date"])


def _prices(name: str, prices: Mapping[str, Any], classes: Mapping[str, str], starts: dt.date | None, checked: dt.date | None) -> Iterator[Said]:
    for field, token_class in classes.items():
        if field not in prices:
            continue
        value, key = prices[field], f"{name}/{token_class}"
        tiers = at(value, "tiers", list) if isinstance(value, Mapping) else []
        yield _reading(key, at(value, "base", object) if isinstance(value, Mapping) else value, starts, checked)
        for tier in tiers:
            yield _reading(f"{key}/over-{at(tier, 'start', int)}", at(tier, "price", object), starts, checked)


def _searches(name: str, prices: Mapping[str, Any], starts: dt.date | None, checked: dt.date | None) -> Iterator[Said]:
    if _SEARCHES in prices:
        yield _reading(f"{name}/web_searches", prices[_SEARCHES], starts, checked, "1K searches")


def _reading(key: str, value: object, starts: dt.date | None, checked: dt.date | None, unit: str = "1M tokens") -> Said:
    said = Decimal(repr(value)) if isinstance(value, float) else value  # as it is written there: YAML has read it already
    if isinstance(said, str):
        return Refusal(key, f'"{said[:40]}" stands where a number should')
    return reading(key, said, unit, starts=starts, read_on=checked)
