"""OpenAI and Google models for data/prices, taken from the data inside the genai-prices package (Pydantic).

    python -m decision.catalog.genai openai            # what would be added to data/prices/openai.yaml
    python -m decision.catalog.genai openai --write    # adds it

Run it again when the pinned version of genai-prices changes; nothing here is used at run time. The file is added to, never made anew: a model
that is not in it joins with its rows, a price that differs from the row in force joins as a new row, and what stands there stays, also of a model
that the package no longer calls current. What the package would have been otherwise on an earlier day is told and left to a person.

Which models: not marked deprecated, input and output priced per token, no image, audio or video output, and
  - OpenAI: listed in the tables of service tiers (flex, priority, fast) and a context window of at least 200,000;
  - Google: a Gemini model with prices for cached input and for grounding with web search.
The package marks no OpenAI model as deprecated, hence the tiers: it took them from the price list of October 2026.

Which day: the package's start date where it gives one, else the day of its release (`dated_by: reading`). What a
model cost before its first start date is left out, since the package does not say from when. Batch prices join in
a row of their own on the day the package verified them, if that is later.

Cache writes: the package's own price where it has one, as the 5-minute class (OpenAI keeps such an entry 30 minutes).
Without one, but with a price for cached reads, a written token costs what an uncached one does: the package bills it
so (a class without a price stays in `input_mtok`) and the vendor's caching page says so, which is the row's source for
that class. Without either price it stays null. So does the 1-hour class: the package has no price for it here.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from decision import strict_yaml
from decision.catalog.editing import Braced, added_entry, added_row
from decision.places import DATA

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, TieredPrices

RELEASES = {"0.2.3": dt.date(2026, 11, 10)}
"""Day of each release used so far: the package itself does not hold it."""

BATCH = {"processing": "batch"}  # the price context that selects batch prices


@dataclass(frozen=True)
class Vendor:
    """What differs between the vendors: how to tell a current model, and who says what a cache write costs."""

    name: str
    rule: str
    is_current: Callable[[ModelInfo], bool]
    caching: dict[str, Any]


def _in_service_tiers(model: ModelInfo) -> bool:
    tiers = any("service_tier" in variant.when for variant in model.price_variants or ())
    return tiers and (model.context_window or 0) >= 200_000


def _is_gemini_agent_model(model: ModelInfo) -> bool:
    return model.id.startswith("gemini-") and {"cache_read_mtok", "web_searches_kcount"} <= _priced(model)


VENDORS = {
    "openai": Vendor(
        "OpenAI",
        "text models listed in service tiers, with a context window of at least 200,000 tokens",
        _in_service_tiers,
        {
            "title": "OpenAI guide to prompt caching",
            "url": "https://developers.openai.com/api/docs/guides/prompt-caching",
            "kind": "official-undated",
            "retrieved": dt.date(2026, 6, 26),
            "note": "Undated copy that names GPT-5.6, so on or after that day. Before the GPT-5.6 family a cache write "
            "has no extra fee: the tokens are billed as uncached input.",
        },
    ),
    "google": Vendor(
        "Google",
        "Gemini text models, not deprecated, with prices for cached input and for web search",
        _is_gemini_agent_model,
        {
            "title": "Google Cloud context caching overview",
            "url": "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/context-cache/context-cache-overview",
            "kind": "official-undated",
            "retrieved": dt.date(2026, 4, 22),
            "note": "Undated copy under the platform name announced on that day, so on or after it. Tokens that create "
            "a cache are billed as standard input. Explicit caches also cost storage by the hour, not in these rows.",
        },
    ),
}


def price_file(vendor_id: str, released: dt.date) -> dict[str, Any]:
    """The vendor's current models in the format of data/prices, with `released` as the day the package was read."""
    from genai_prices.data import providers  # the data of the package, never a download

    vendor = VENDORS[vendor_id]
    provider = next(provider for provider in providers if provider.id == vendor_id)
    package = {
        "title": f"genai-prices {version('genai-prices')} (Pydantic)",
        "url": "https://github.com/pydantic/genai-prices",
        "kind": "third-party-dated",
        "retrieved": released,
        "note": f"Dated by its release. The vendor's price page is {(provider.pricing_urls or ['not named'])[0]}",
    }
    chosen = [model for model in provider.models if _is_text_model(model) and vendor.is_current(model)]
    return {
        "vendor": vendor.name,
        "sources": {"genai-prices": package, "caching": vendor.caching},
        "models": {model.id: _entry(model, vendor_id, released) for model in chosen},
    }


@dataclass(frozen=True)
class Merged:
    """A price file with what the package adds to it. added: what that is; differs: what it says otherwise of days that the file speaks of already."""

    text: str
    added: tuple[str, ...]
    differs: tuple[str, ...]


def merged(text: str, extracted: Mapping[str, Any], release: str, file: str) -> Merged:
    """The text of a price file with the models and rows that it lacks. extracted: as `price_file` gives it; release: the package's version.

    Raises BadInput where the file has no place for them.
    """
    merging = _Merging(text, file, _source_id(strict_yaml.read(file, text)["sources"], extracted, release))
    for model_id, entry in extracted["models"].items():
        merging.add(model_id, entry)
    if merging.added and merging.source not in strict_yaml.read(file, merging.text)["sources"]:
        merging.text = added_entry(merging.text, ("sources",), merging.source, extracted["sources"]["genai-prices"], file)
    return Merged(merging.text, tuple(merging.added), tuple(merging.differs))


def _source_id(sources: Mapping[str, Any], extracted: Mapping[str, Any], release: str) -> str:
    """Under which id rows of this release stand: the one the file has for it already, else one of its own."""
    title = extracted["sources"]["genai-prices"]["title"]
    return next((source_id for source_id, source in sources.items() if source["title"] == title), f"genai-prices-{release}")


class _Merging:
    """One file while models are added to it, and what was found on the way."""

    def __init__(self, text: str, file: str, source: str) -> None:
        self.text, self.file, self.source = text, file, source
        self.standing = strict_yaml.read(file, text)["models"]
        self.added: list[str] = []
        self.differs: list[str] = []

    def add(self, model_id: str, entry: Mapping[str, Any]) -> None:
        """A model that lacks, or the rows that it lacks."""
        rows = [Braced(row | {"source": self.source}) for row in entry["rows"]]
        if model_id not in self.standing:
            self.text = added_entry(self.text, ("models",), model_id, {**entry, "rows": rows}, self.file)
            self.added.append(f"{model_id}: a new model")
            return
        standing = self.standing[model_id]["rows"]
        for row in rows:
            day = row["effective_from"]
            before = next((old for old in reversed(standing) if old["effective_from"] <= day), None)
            if before is not None and _prices_of(before) == _prices_of(row):
                continue
            if day > standing[-1]["effective_from"]:
                self.text = added_row(self.text, ("models", model_id, "rows"), row, self.file)
                standing = [*standing, row]
                self.added.append(f"{model_id}: a row from {day}")
            else:
                self.differs.append(f"{model_id}: the package has other prices on {day} than the file. What stands is kept: look which is right.")


def _prices_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says without who says it and when."""
    return {key: value for key, value in row.items() if key not in ("effective_from", "source", "dated_by", "class_sources", "also", "note")}


def _entry(model: ModelInfo, maker: str, released: dt.date) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": _name(model), "maker": maker, "status": "current", "released": None}
    if model.context_window:
        entry["context_window"] = model.context_window
    pages = [url.rstrip(".") for url in re.findall(r"https://[^\s,)]+", model.price_comments or "")]
    if own := [url for url in pages if re.search(rf"[/#]{re.escape(model.id)}$", url)]:
        entry["note"] = f"The vendor's own page of this model is {own[0]}"
    return entry | {"rows": _rows(model, released)}


def _name(model: ModelInfo) -> str:
    """The package's name if it spells the id, else the id ("o4 Mini High" is the package's name of o4-mini)."""
    name = re.sub(r"^gpt ", "GPT-", model.name or "")
    return name if re.sub(r"[ -]", "", name).lower() == model.id.replace("-", "") else model.id


def _rows(model: ModelInfo, released: dt.date) -> list[dict[str, Any]]:
    """One row per day on which a token price starts; equal neighbours are one row."""
    starts = {day for day in _starts(_conditions(model)) if _changes_on(model, day)}
    batch_starts = _starts(variant.constraint for variant in model.price_variants or () if variant.when == BATCH)
    first = min((day for day in starts if day <= released), default=released)
    rows: list[dict[str, Any]] = []
    before: dict[str, Any] = {}
    for day in sorted({first} | {day for day in starts | batch_starts if day > first}):
        prices = _prices_on(model, day)
        if prices != before:
            dated_by = "announcement" if day in starts else "reading"
            rows.append(Braced({"effective_from": day} | prices | {"source": "genai-prices", "dated_by": dated_by}))
        before = prices
    return rows


def _prices_on(model: ModelInfo, day: dt.date) -> dict[str, Any]:
    """Token prices that hold on `day`; steps price the whole request, as the package's tiers do."""
    from genai_prices.types import TieredPrices

    moment = dt.datetime.combine(day, dt.time(), dt.UTC)
    standard, batch = model.get_prices(moment), _batch_prices(model, moment)
    by_class = {
        "input": standard.input_mtok,
        "output": standard.output_mtok,
        "cache_read": standard.cache_read_mtok,
        "cache_write_5m": standard.cache_write_mtok,
        "cache_write_1h": standard.cache_write_1h_mtok,
    }
    as_input = standard.cache_write_mtok is None and standard.cache_read_mtok is not None
    if as_input:
        by_class["cache_write_5m"] = standard.input_mtok
    if batch:
        by_class |= {"batch_input": batch.input_mtok, "batch_output": batch.output_mtok}
    tiered = [price for price in by_class.values() if isinstance(price, TieredPrices)]
    prices: dict[str, Any] = {name: _number(price) for name, price in by_class.items()}
    if over := sorted({tier.start for price in tiered for tier in price.tiers}):
        # a flat batch price beside stepped standard ones: nobody published it for long prompts
        unknown = {name for name, price in by_class.items() if name.startswith("batch") and isinstance(price, Decimal)}
        prices["steps"] = [
            {"over_prompt_tokens": start} | {name: None if name in unknown else _number(price, start) for name, price in by_class.items()}
            for start in over
        ]
    return prices | ({"class_sources": {"cache_write_5m": "caching"}} if as_input else {})


def _batch_prices(model: ModelInfo, moment: dt.datetime) -> ModelPrice | None:
    """Batch prices if the package has any on that day; it would answer with the standard ones otherwise."""
    for variant in model.price_variants or ():
        if variant.when == BATCH and (variant.constraint is None or variant.constraint.active(moment)):
            return model.get_prices(moment, BATCH)
    return None


def _number(price: Decimal | TieredPrices | None, prompt_tokens_over: int = -1) -> int | float | None:
    """The price as a plain number, at the tier that a prompt longer than `prompt_tokens_over` reaches."""
    if price is None:
        return None
    if not isinstance(price, Decimal):
        price = ([price.base] + [tier.price for tier in price.tiers if tier.start <= prompt_tokens_over])[-1]
    return int(price) if price == int(price) else float(price)


def _is_text_model(model: ModelInfo) -> bool:
    keys = _priced(model)
    other_output = {key for key in keys if key.startswith("output_")} - {"output_mtok"}
    return not model.deprecated and {"input_mtok", "output_mtok"} <= keys and not other_output


def _priced(model: ModelInfo) -> set[str]:
    """Keys of everything the package has a price for, in any period."""
    periods = model.prices if isinstance(model.prices, list) else [model]
    return {key for period in periods for key, price in vars(period.prices).items() if price is not None}


def _conditions(model: ModelInfo) -> list[object]:
    return [period.constraint for period in model.prices] if isinstance(model.prices, list) else []


def _starts(constraints: Any) -> set[dt.date]:
    """Start dates among the constraints. A price by time of day has no place in our format and is an error."""
    return {constraint.start_date for constraint in constraints if constraint is not None}


def _changes_on(model: ModelInfo, day: dt.date) -> bool:
    """Whether a token price changes that day: the package also dates changes of its search prices."""
    return _prices_on(model, day) != _prices_on(model, day - dt.timedelta(days=1))


def main(arguments: Sequence[str] | None = None) -> None:
    """Show what the package adds to the file of one vendor; with --write, add it."""
    parser = argparse.ArgumentParser("python -m decision.catalog.genai", description="Merge models and prices into data/prices/<vendor>.yaml.")
    parser.add_argument("vendor", choices=sorted(VENDORS))
    parser.add_argument("--released", type=dt.date.fromisoformat, help="day the installed genai-prices was released")
    parser.add_argument("--folder", type=Path, default=DATA / "prices", help="folder of the price files (default: data/prices)")
    parser.add_argument("--write", action="store_true", help="add it to the file (default: only say what would be added)")
    given = parser.parse_args(arguments)
    installed = version("genai-prices")
    released = given.released or RELEASES.get(installed)
    if released is None:
        parser.error(f"no release day known for genai-prices {installed}. Add it to RELEASES, or give --released.")
    file = given.folder / f"{given.vendor}.yaml"
    found = merged(file.read_text(encoding="utf-8"), price_file(given.vendor, released), installed, file.name)
    for line in (*found.added, *found.differs):
        sys.stdout.write(f"{line}\n")
    if not found.added:
        sys.stdout.write(f"{file.name}: genai-prices {installed} adds nothing.\n")
    elif given.write:
        file.write_text(found.text, encoding="utf-8")


if __name__ == "__main__":
    main()
