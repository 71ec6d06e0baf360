"""data/feeds.yaml: which feeds of prices there are, and which of their keys is which price. Read when somebody refreshes prices or checks data/.

The mapping is data and exact: a key of a feed is one price or none. A key that only begins like another is another thing, and so is another
unit. What a unit of a feed is in a unit of ours is one table (`factor`); a pair that is not in it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from decision import strict_yaml
from decision.catalog import Catalog
from decision.catalog.prices import Count, DataModel, Flag, Positive, type_of_source
from decision.catalog.reading import shaped
from decision.errors import BadInput, nearest

FILE = "feeds.yaml"
HOURS_PER_MONTH = 730

Format = Literal["genai", "litellm", "claude-pricing", "ecb", "linode", "ovh", "karpenter", "aws-price-list", "skypilot", "temporal", "cloudflare"]

Role = Literal["vendor", "third-party", "opinion"]
"""vendor: the seller says so. third-party: somebody read the seller. opinion: agrees or not, and is never the ground of a row."""


class Watched(DataModel):
    """The key of a price in a feed, with the unit that the feed is known to give it in.

    divided_by: of how many of ours the feed's thing consists (a machine of 8 GPUs). hours_a_month: where a month is billed as other than 730.
    decimals: to how many the price is kept on file, where the feed's unit makes more of them.
    """

    key: str
    unit: str | None = None
    divided_by: Positive = 1
    hours_a_month: Count = HOURS_PER_MONTH
    decimals: Annotated[int, Field(ge=0, le=9)] | None = None


TokenClass = Literal["input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "batch_input", "batch_output"]


class WatchedModel(DataModel):
    """The key of a model in a feed; its classes of tokens follow. without: classes that the feed does not give.

    long_prompts: whether it gives the prices of long prompts.
    """

    key: str
    long_prompts: Flag = True
    without: tuple[TokenClass, ...] = ()


class Feed(DataModel):
    """A feed that needs no login. models: by the model's id, prices: by the price's.

    unit, decimals: of all its prices, unless one says otherwise. at_least: prices below which an answer is taken for a part of one.
    dated: it says from which day a price holds, so that a price to come that it no longer names may be cancelled.
    rate: an exchange rate, kept while it moves less than 2 % for 30 days. max_age_days: an answer that speaks of an older day is told.
    """

    title: str
    url: str
    page: str | None = None
    format: Format
    role: Role
    kind: type_of_source
    currency: Literal["USD", "EUR"] = "USD"
    unit: str | None = None
    decimals: Annotated[int, Field(ge=0, le=9)] | None = None
    max_kb: Count = 2_000
    at_least: Count = 1
    dated: Flag = False
    rate: Flag = False
    max_age_days: Count | None = None
    note: str | None = None
    models: Mapping[str, WatchedModel] = {}
    prices: Mapping[str, Watched] = {}


class FeedsFile(DataModel):
    """data/feeds.yaml."""

    feeds: Mapping[str, Feed]


@dataclass(frozen=True, slots=True)
class Link:
    """One price of the catalog and where a feed gives it. factor: what a price of the feed is multiplied by."""

    price_id: str
    key: str
    unit: str
    factor: Decimal
    decimals: int | None


_TO_OURS: Mapping[tuple[str, str], Decimal] = {
    ("1M tokens", "1M Tokens"): Decimal(1), ("token", "1M Tokens"): Decimal(1_000_000), ("1K searches", "1K Searches"): Decimal(1),
    ("month", "Months"): Decimal(1), ("USD per EUR", "USD per EUR"): Decimal(1), ("Invocations", "1K Calls"): Decimal(1000),
    ("hour", "Hours"): Decimal(1), ("hour", "GPU-Hours"): Decimal(1), ("hours", "vCPU-Hours"): Decimal(1), ("hours", "GB-Hours"): Decimal(1),
    ("1M actions", "1K Actions"): Decimal("0.001"), ("GBh", "GB-Hours"): Decimal(1), ("GB-second", "GB-Hours"): Decimal(3600),
    ("vCPU-second", "vCPU-Hours"): Decimal(3600), ("GiB-second", "GiB-Hours"): Decimal(3600), ("vCPU-Hours", "vCPU-Hours"): Decimal(1),
    ("GB-Hours", "GB-Hours"): Decimal(1),
}  # fmt: skip
"""How many of the feed's units one of ours holds. Hours in a month are not here: a price may say that its month has others."""

_HOURLY = {"hour": Decimal(1), "Hrs": Decimal(1), "10^-8 per hour": Decimal("1e-8")}


def factor(watched: Watched, unit: str, pricing_unit: str) -> Decimal | None:
    """What a price in the feed's unit is multiplied by to be one in ours; None for a pair of units that nobody has looked at."""
    if pricing_unit == "Months" and unit in _HOURLY:
        found: Decimal | None = _HOURLY[unit] * watched.hours_a_month
    else:
        found = _TO_OURS.get((unit, pricing_unit))
    return None if found is None else found / Decimal(str(watched.divided_by))


def feeds_of(folder: Path) -> Mapping[str, Feed]:
    """The feeds of a folder of data, in the order of the file. Raises BadInput with every problem of the file."""
    found, problems = shaped(FeedsFile, strict_yaml.read(folder / FILE), FILE)
    if found is None:
        raise BadInput(problems)
    return found.feeds


def links(feed: Feed, catalog: Catalog) -> tuple[Link, ...]:
    """Every price that a feed gives. A model stands for all its prices: `<model>.<class>` is `<key>/<class>`. Raises BadInput as `feed_problems`."""
    if problems := list(feed_problems("feed", feed, catalog)):
        raise BadInput(problems)
    return tuple(_links(feed, catalog))


def _links(feed: Feed, catalog: Catalog) -> Iterator[Link]:
    for price_id, watched in _watched(feed, catalog):
        unit = watched.unit or feed.unit or ""
        times = factor(watched, unit, catalog.prices[price_id].pricing_unit)
        assert times is not None  # feed_problems has seen to it
        yield Link(price_id, watched.key, unit, times, feed.decimals if watched.decimals is None else watched.decimals)


def _watched(feed: Feed, catalog: Catalog) -> Iterator[tuple[str, Watched]]:
    for model_id, model in feed.models.items():
        for price_id in catalog.models[model_id].series(model_id):
            token_class, _, over = price_id.removeprefix(f"{model_id}.").partition(".")
            if token_class not in model.without and (model.long_prompts or not over):
                yield price_id, Watched(key="/".join([model.key, token_class, *([over] if over else [])]))
    yield from feed.prices.items()


def feeds_fit_the_prices(catalog: Catalog) -> Iterator[str]:
    """Every price that feeds.yaml names exists and is given in a unit that can be told in its own; no key is two prices."""
    try:
        feeds = feeds_of(catalog.folder)
    except BadInput as error:
        yield from error.problems
        return
    for feed_id, feed in feeds.items():
        yield from feed_problems(f"{FILE}: feeds.{feed_id}", feed, catalog)
    for feed_id in catalog.ledgers:
        if feed_id not in feeds:
            yield f'feeds/{feed_id}.yaml: "{feed_id}" is not a feed of {FILE}.{nearest(feed_id, feeds)} Rename the ledger, or add the feed.'


def feed_problems(place: str, feed: Feed, catalog: Catalog) -> Iterator[str]:
    """What is wrong with one feed, a sentence each."""
    named: tuple[tuple[str, Iterable[str], Mapping[str, object]], ...] = (
        ("model", feed.models, catalog.models),
        ("price", feed.prices, catalog.prices),
    )
    unknown = [(f"{what}s.{name}", name, what, known) for what, names, known in named for name in names if name not in known]
    for at, name, what, known in unknown:
        yield f'{place}.{at}: "{name}" is not a known {what}.{nearest(name, known)} Correct the id.'
    if unknown:
        return
    taken: dict[str, str] = {}
    for price_id, watched in _watched(feed, catalog):
        series, unit = catalog.prices[price_id], watched.unit or feed.unit
        if unit is None:
            yield f"{place}.prices.{price_id}: the unit of the feed is missing. Say it here, or once for the feed."
        elif factor(watched, unit, series.pricing_unit) is None:
            yield f'{place}.prices.{price_id}: "{unit}" cannot be told in {series.pricing_unit}. Add the pair to the table, or take another key.'
        if feed.currency != series.currency:
            yield f"{place}.prices.{price_id}: the feed is in {feed.currency}, the price in {series.currency}. Take another feed."
        if watched.key in taken:
            yield f'{place}.prices.{price_id}: the key "{watched.key}" is {taken[watched.key]} already. A key is one price.'
        taken[watched.key] = price_id
