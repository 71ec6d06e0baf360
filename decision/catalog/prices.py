"""Dated prices: what a thing costs, since when, and who says so.

A price change is a new row; a row has a start and no end, so rows cannot overlap or leave a hole.
A withdrawn or unpublished price is a row with null: whoever needs it gets an error, never 0.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import AfterValidator, AllowInfNan, BaseModel, ConfigDict, Field, Strict, WithJsonSchema, model_validator

from decision.errors import PriceMissing, nearest

type_of_source = Literal[
    "official", "official-copy", "official-undated", "vendor-repository",
    "third-party-dated", "third-party", "derived", "assumption", "given",
]  # fmt: skip

Value = float | npt.NDArray[np.float64]
"""A number, or an array of numbers that broadcasts with the others of one evaluation."""

PRICING_UNITS = (
    "Session-Hours", "vCPU-Hours", "Core-Hours", "GB-Hours", "GiB-Hours", "GPU-Hours", "Hours", "Months",
    "20-Minute Passes", "1M Tokens", "1K Tokens", "1K Searches", "1K Calls", "1K Requests", "1K Events", "1K Creations",
    "1K Records-Months", "1K Retrievals", "1K Authorizations", "1K Units", "1K Actions", "1K Traces", "100 Tools-Months",
    "GB", "GB-Months", "GiB-Months", "GB-Seconds", "Seats-Months", "Secrets-Months", "Clients-Months", "LCU", "LSU", "USD", "USD per EUR",
)  # fmt: skip

TOKEN_CLASSES = ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output")
BATCH_CLASSES = ("batch_input", "batch_output")


_STEP = re.compile(r"\.over-\d+$")
_BATCH = re.compile(r"\.batch_(?=(?:input|output)(?:\.over-\d+)?$)")


@functools.lru_cache(maxsize=4096)
def bases(price_id: str) -> tuple[str, ...]:
    """The token prices that this one is a discount or a surcharge on, nearest first: <model>.output for <model>.batch_output, and so on.

    What is negotiated for one of them reaches this one too, in proportion to the list.
    """
    return tuple(
        found for found in (_STEP.sub("", price_id), _BATCH.sub(".", price_id), _BATCH.sub(".", _STEP.sub("", price_id))) if found != price_id
    )


def unit_size(pricing_unit: str) -> float:
    """How many single things one pricing unit holds: '1K Searches' -> 1000, 'Session-Hours' -> 1."""
    found = re.match(r"(\d+)([KM]?) ", pricing_unit)
    return int(found[1]) * {"": 1, "K": 1_000, "M": 1_000_000}[found[2]] if found else 1.0


def _known_unit(unit: str) -> str:
    if unit not in PRICING_UNITS:
        raise ValueError(f'"{unit}" is not a known pricing unit.{nearest(unit, PRICING_UNITS)}')
    return unit


PricingUnit = Annotated[str, AfterValidator(_known_unit), WithJsonSchema({"type": "string", "enum": list(PRICING_UNITS)})]

# Strict, so that nothing is guessed: "0.08", true and 20261120 are neither prices nor days.
Number = Annotated[float, Strict(), AllowInfNan(False)]
NotNegative = Annotated[Number, Field(ge=0)]
Positive = Annotated[Number, Field(gt=0)]
Count = Annotated[int, Strict(), Field(ge=1)]
Flag = Annotated[bool, Strict()]
Day = Annotated[dt.date, Strict()]


class DataModel(BaseModel):
    """Base of everything read from data/: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(DataModel):
    """Who says so: title, address, kind of evidence, and the day it was read."""

    title: str
    url: str | None = None
    kind: type_of_source
    retrieved: Day
    note: str | None = None


class PriceRow(DataModel):
    """A price from one day on. `dated_by: reading` means the first day it was seen, not an announced start."""

    effective_from: Day
    price: NotNegative | None
    source: str
    dated_by: Literal["announcement", "reading"] = "announcement"
    also: tuple[str, ...] = ()
    note: str | None = None


class Dated(Protocol):
    """Something that holds from one day on."""

    @property
    def effective_from(self) -> dt.date:
        """The first day it holds."""


DatedRow = TypeVar("DatedRow", bound=Dated)


def in_order(rows: tuple[DatedRow, ...]) -> tuple[DatedRow, ...]:
    """The rows as they are. Raises ValueError when two stand on one day or one stands before an earlier one."""
    for earlier, later in itertools.pairwise(rows):
        if later.effective_from == earlier.effective_from:
            raise ValueError(f"two rows on {later.effective_from}. Keep one row a day.")
        if later.effective_from < earlier.effective_from:
            raise ValueError(f"rows out of order: {later.effective_from} stands after {earlier.effective_from}. Move the earlier day up.")
    return rows


def _some(rows: tuple[DatedRow, ...]) -> tuple[DatedRow, ...]:
    if not rows:
        raise ValueError("no rows. Add at least one dated row; a price that is not published is a row with price: null.")
    return rows


Rows = Annotated[tuple[PriceRow, ...], AfterValidator(_some), AfterValidator(in_order)]


class PriceSeries(DataModel):
    """One price over time."""

    description: str
    pricing_unit: PricingUnit
    currency: Literal["USD", "EUR"]
    rows: Rows


def _known_classes(names: Mapping[str, str]) -> Mapping[str, str]:
    for name in names:
        if name not in TOKEN_CLASSES + BATCH_CLASSES:
            raise ValueError(f'"{name}" is not a class of tokens.{nearest(name, TOKEN_CLASSES + BATCH_CLASSES)}')
    return names


class TokenPrices(DataModel):
    """USD per million tokens: five classes, plus the published batch prices. null: not published, an error for whoever needs it."""

    input: NotNegative | None
    output: NotNegative | None
    cache_read: NotNegative | None = None
    cache_write_5m: NotNegative | None = None
    cache_write_1h: NotNegative | None = None
    batch_input: NotNegative | None = None
    batch_output: NotNegative | None = None


class TokenRow(TokenPrices):
    """The prices of a model from one day on."""

    effective_from: Day
    steps: tuple[TokenStep, ...] = ()
    source: str
    class_sources: Annotated[Mapping[str, str], AfterValidator(_known_classes)] = {}
    dated_by: Literal["announcement", "reading"] = "announcement"
    also: tuple[str, ...] = ()
    note: str | None = None


class TokenStep(TokenPrices):
    """Prices of the whole request once its prompt is longer than `over_prompt_tokens`."""

    over_prompt_tokens: Count


class Model(DataModel):
    """A token-priced model. Its prices join the catalog as series `<id>.<class>` and `<id>.<class>.over-<tokens>`."""

    name: str
    maker: str
    status: Literal["current", "superseded", "retired"]
    released: Day | None = None
    variant_of: str | None = None
    tokenizer: Literal["new", "old"] | None = None
    context_window: Count | None = None
    note: str | None = None
    rows: Annotated[tuple[TokenRow, ...], AfterValidator(_some), AfterValidator(in_order)]

    @functools.cached_property
    def steps(self) -> tuple[int, ...]:
        """Prompt lengths above which another price holds, in tokens, ascending."""
        return tuple(sorted({step.over_prompt_tokens for row in self.rows for step in row.steps}))

    def series(self, model_id: str) -> dict[str, PriceSeries]:
        """The model's prices as ordinary price series, keyed by price id."""
        found = {}
        for token_class in TOKEN_CLASSES + BATCH_CLASSES:
            for step in (None, *self.steps):
                rows = tuple(self._row(row, token_class, step) for row in self.rows)
                if token_class in BATCH_CLASSES and all(row.price is None for row in rows):
                    continue
                price_id = f"{model_id}.{token_class}" + (f".over-{step}" if step else "")
                words = f"{self.name}, {token_class.replace('_', ' ')} tokens" + (f", prompts over {step:,} tokens" if step else "")
                found[price_id] = PriceSeries(description=words, pricing_unit="1M Tokens", currency="USD", rows=rows)
        return found

    def _row(self, row: TokenRow, token_class: str, step: int | None) -> PriceRow:
        at_step = next((s for s in row.steps if s.over_prompt_tokens == step), row)
        return PriceRow(
            effective_from=row.effective_from,
            price=getattr(at_step, token_class),
            source=row.class_sources.get(token_class, row.source),
            dated_by=row.dated_by, also=row.also, note=row.note,
        )  # fmt: skip


class Plan(DataModel):
    """A server for rent by the month."""

    provider: str
    name: str
    vcpu: Positive
    ram_gb: Positive
    cpu: str
    region: str | None = None
    orderable: Flag = True
    machine: Flag = False  # rented by the second as a sandbox, not as a server
    currency: Literal["USD", "EUR"]
    note: str | None = None
    rows: Rows

    def series(self) -> PriceSeries:
        """The plan's price as an ordinary price series."""
        words = f"{self.provider} {self.name}, {self.vcpu:g} vCPU, {self.ram_gb:g} GB"
        return PriceSeries(description=words, pricing_unit="Months", currency=self.currency, rows=self.rows)


class Throughput(DataModel):
    """Published speed of an open model on given GPUs, tokens per second at full load."""

    model: str
    gpu: str
    gpus: Count
    engine: str
    workload: str
    total_tokens_per_second: Positive | None = None
    output_tokens_per_second: Positive | None = None
    latency_target: str | None = None
    source: str
    measured: Day | None = None
    note: str | None = None


class PriceFile(DataModel):
    """One file of data/prices/."""

    vendor: str
    sources: Mapping[str, Source]
    prices: Mapping[str, PriceSeries] = {}
    models: Mapping[str, Model] = {}
    plans: Mapping[str, Plan] = {}
    throughputs: Mapping[str, Throughput] = {}

    @model_validator(mode="after")
    def _names_exist(self) -> PriceFile:
        used: dict[str, str] = {}
        for kind in ("prices", "models", "plans"):
            for item_id, item in getattr(self, kind).items():
                for row in item.rows:
                    for name in (row.source, *row.also, *getattr(row, "class_sources", {}).values()):
                        used.setdefault(name, f"{kind}.{item_id}")
        used |= {item.source: f"throughputs.{item_id}" for item_id, item in self.throughputs.items()}
        for model_id, model in self.models.items():
            if (base := model.variant_of) and base not in self.models:
                raise ValueError(f'models.{model_id}.variant_of: "{base}" is not a model of this file.{nearest(base, self.models)} Correct it.')
        for name, place in used.items():
            if name not in self.sources:
                raise ValueError(f'{place} names the source "{name}", which is not under sources.{nearest(name, self.sources)} Add it there.')
        return self


@dataclass(frozen=True, slots=True)
class PriceInForce:
    """A list unit price on one day, in USD per pricing unit, with where it comes from.

    `amount` is a float, or an array when a price is the driver under study.
    """

    id: str
    amount: Value
    pricing_unit: str
    source: Source
    effective_from: dt.date
    dated_by: str = "announcement"
    negotiated: bool = False
    note: str | None = None

    @property
    def per_thing(self) -> float:
        """Single things in one pricing unit (1,000,000 for '1M Tokens')."""
        return unit_size(self.pricing_unit)


def row_in_force(price_id: str, series: PriceSeries, day: dt.date) -> PriceRow:
    """The row that holds on `day`. Raises PriceMissing with the id, the day and the first row."""
    current = None
    for row in series.rows:
        if row.effective_from <= day:
            current = row
    if current is None:
        first = series.rows[0].effective_from
        raise PriceMissing(
            f"{price_id}: no price on {day}; the first row starts on {first}. Choose a later date, or give your own price under overrides.prices."
        )
    if current.price is None:
        why = current.note or "withdrawn or not published"
        raise PriceMissing(
            f"{price_id}: no price on {day}: {why} (since {current.effective_from}). Give your own price under overrides.prices, or leave it out."
        )
    return current
