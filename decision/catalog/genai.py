"""OpenAI and Google models for data/prices, taken from the data inside the genai-prices package (Pydantic).

    python -m decision.catalog.genai openai > data/prices/openai.yaml
    python -m decision.catalog.genai google > data/prices/google.yaml

Run it again when the pinned version of genai-prices changes; nothing here is used at run time.

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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import yaml

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


def price_file_text(vendor_id: str, released: dt.date) -> str:
    """The YAML of `price_file`, headed by how it was made."""
    head = (
        "# yaml-language-server: $schema=../schema/prices.json\n"
        f"# Made by: python -m decision.catalog.genai {vendor_id} > data/prices/{vendor_id}.yaml\n"
        f"# Do not edit by hand. Rule: {VENDORS[vendor_id].rule}.\n"
    )
    return head + yaml.dump(price_file(vendor_id, released), Dumper=_Dumper, sort_keys=False, width=85)


class _Row(dict[str, Any]):
    """A price row: written between braces, as in the files written by hand."""


class _Dumper(yaml.SafeDumper):
    """Plain YAML in the house style: lists indented, no anchors, rows between braces."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


_Dumper.add_representer(_Row, lambda dumper, row: dumper.represent_mapping("tag:yaml.org,2002:map", row.items(), flow_style=True))


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
            rows.append(_Row({"effective_from": day} | prices | {"source": "genai-prices", "dated_by": dated_by}))
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
    """Print the YAML of one vendor."""
    parser = argparse.ArgumentParser("python -m decision.catalog.genai", description="Print data/prices/<vendor>.yaml.")
    parser.add_argument("vendor", choices=sorted(VENDORS))
    parser.add_argument("--released", type=dt.date.fromisoformat, help="day the installed genai-prices was released")
    given = parser.parse_args(arguments)
    installed = version("genai-prices")
    released = given.released or RELEASES.get(installed)
    if released is None:
        parser.error(f"no release day known for genai-prices {installed}. Add it to RELEASES, or give --released.")
    sys.stdout.write(price_file_text(given.vendor, released))


if __name__ == "__main__":
    main()
