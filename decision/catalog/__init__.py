"""The catalog: everything data/ says, dated. decision/loading.py reads and checks it.

    catalog = load()
    prices = catalog.prices_on(date(2026, 11, 20))
    prices["managed-agents.session"].amount        # 0.08, with its source and dates

A price that is unknown, not yet in force or withdrawn raises PriceMissing; it is never 0.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from decision.catalog.claims import Claims
from decision.catalog.feeds import Confirmation, Ledger, confirmations
from decision.catalog.framework import Framework
from decision.catalog.levers import LeversFile
from decision.catalog.options import COMPONENTS, Estimate, HostedComponent, Option
from decision.catalog.people import People
from decision.catalog.prices import (
    TOKEN_CLASSES,
    DataModel,
    Model,
    Plan,
    PriceInForce,
    PriceRow,
    PriceSeries,
    Source,
    Throughput,
    Value,
    bases,
    row_in_force,
    unit_size,
)
from decision.catalog.search import Search
from decision.catalog.sellers import Seller
from decision.catalog.token_rates import TokenRates
from decision.errors import BadInput, PriceMissing, nearest, shown
from decision.places import DATA

__all__ = [
    "COMPONENTS", "DATA", "EUR_USD", "TOKEN_CLASSES", "Catalog", "Estimate", "HostedComponent", "Model", "Option", "Plan", "PriceInForce", "PriceRow",
    "PriceSeries", "Prices", "Seller", "Source", "Throughput", "Value", "unit_size",
]  # fmt: skip

EUR_USD = "fx.eur-usd"
_SEE_ALL = "`python -m decision prices list` shows all."


class EstimatesFile(DataModel):
    """data/estimates.yaml: what a blank input takes. An option's own estimates stand in its file."""

    model_mix: Mapping[str, Mapping[str, float]]
    scenario: Mapping[str, Estimate]


class ComponentsFile(DataModel):
    """data/components.yaml: components that can be bought."""

    components: Mapping[str, HostedComponent]


@dataclass(frozen=True, eq=False)
class Catalog:
    """Everything the files of `folder` say. `version` is a digest of what figures rest on: ready-made scenarios and ledgers are left out."""

    prices: Mapping[str, PriceSeries]
    sources: Mapping[str, Mapping[str, Source]]  # price id -> source id -> Source
    vendors: Mapping[str, str]  # price id -> vendor
    models: Mapping[str, Model]
    plans: Mapping[str, Plan]
    throughputs: Mapping[str, Throughput]
    components: Mapping[str, HostedComponent]
    sellers: Mapping[str, Seller]
    options: Mapping[str, Option]
    estimates: EstimatesFile
    framework: Framework
    levers: LeversFile
    search: Search
    people: People
    token_rates: TokenRates
    claims: Claims
    ledgers: Mapping[str, Ledger]  # feed -> when its prices were read again
    folder: Path
    version: str
    _listed: dict[tuple[dt.date, str], PriceInForce] = field(default_factory=dict, repr=False, init=False)  # a changed copy starts with none

    def prices_on(self, day: dt.date, overrides: Mapping[str, Value] | None = None) -> Prices:
        """The prices in force on `day`, with negotiated ones (USD per pricing unit) laid over them."""
        return Prices(self, day, overrides or {})

    def series(self, price_id: str) -> PriceSeries:
        """The price series of that id. Raises PriceMissing with the nearest known id."""
        try:
            return self.prices[price_id]
        except KeyError:
            raise PriceMissing(f'"{shown(price_id)}" is not a known price.{nearest(price_id, self.prices)} {_SEE_ALL}') from None

    def model(self, model_id: str) -> Model:
        """The model of that id. Raises BadInput with the nearest known id."""
        try:
            return self.models[model_id]
        except KeyError:
            raise BadInput(f'"{shown(model_id)}" is not a known model.{nearest(model_id, self.models)} {_SEE_ALL}') from None

    def option(self, option_id: str) -> Option:
        """The option of that id. Raises BadInput with the nearest known id."""
        try:
            return self.options[option_id]
        except KeyError:
            raise BadInput(
                f'"{shown(option_id)}" is not a known option.{nearest(option_id, self.options)} Known: {", ".join(self.options)}.'
            ) from None

    def seller_of(self, option: Option) -> Seller | None:
        """Who sells the option's tokens and searches; None where it sells neither."""
        return self.sellers.get(option.sold_by)

    def listed(self, price_id: str, day: dt.date) -> PriceInForce:
        """The list price on `day` in USD; EUR rows converted with the rate in force that day. Raises PriceMissing."""
        found = self._listed.get((day, price_id))
        if found is None:
            found = self._listed[day, price_id] = self._look_up(price_id, day)
        return found

    def _look_up(self, price_id: str, day: dt.date) -> PriceInForce:
        if self.series(price_id).currency == "USD":
            return self.in_dollars(price_id, day)
        row_in_force(price_id, self.series(price_id), day)  # a missing price is a better reason than a missing rate
        try:
            rate = self.listed(EUR_USD, day)
        except PriceMissing as missing:
            raise PriceMissing(f"{price_id}: priced in euros, and {missing}") from None
        return self.in_dollars(price_id, day, rate)

    def in_dollars(self, price_id: str, day: dt.date, rate: PriceInForce | None = None) -> PriceInForce:
        """The list price on `day`, times `rate` (USD per EUR) where one is passed. Raises PriceMissing."""
        series = self.series(price_id)
        row = row_in_force(price_id, series, day)
        assert row.price is not None  # row_in_force raises on null
        amount: Value = row.price
        note = row.note
        if rate is not None:
            amount = row.price * rate.amount
            note = f"{row.price:g} EUR x {float(np.mean(rate.amount)):g} USD per EUR ({rate.effective_from})" + (f"; {note}" if note else "")
        return PriceInForce(price_id, amount, series.pricing_unit, self.source_of(price_id, row), row.effective_from, row.dated_by, note=note)

    def source_of(self, price_id: str, row: PriceRow) -> Source:
        """The source that a row of a price names."""
        return self.sources[price_id][row.source]

    @functools.cached_property
    def confirmed(self) -> Mapping[str, tuple[Confirmation, ...]]:
        """The days on which a feed repeated a price, by price id; a price that no feed was asked for has none."""
        return confirmations(self.ledgers)

    def change_days(self) -> list[dt.date]:
        """Every day on which some price has a new row, ascending."""
        return sorted({row.effective_from for series in self.prices.values() for row in series.rows})


@dataclass(frozen=True)
class Prices(Mapping[str, PriceInForce]):
    """The price list of one day. A missing, future or withdrawn price raises PriceMissing; it is never 0."""

    catalog: Catalog
    day: dt.date
    overrides: Mapping[str, Value]
    _found: dict[str, PriceInForce] = field(default_factory=dict, repr=False, init=False)

    def __getitem__(self, price_id: str) -> PriceInForce:
        found = self._found.get(price_id)
        if found is None:
            found = self._found[price_id] = self._look_up(price_id)
        return found

    def _look_up(self, price_id: str) -> PriceInForce:
        if price_id in self.overrides:
            return self._negotiated(price_id)
        if EUR_USD in self.overrides and self.catalog.series(price_id).currency == "EUR":
            return self.catalog.in_dollars(price_id, self.day, self._negotiated(EUR_USD))
        listed = self.catalog.listed(price_id, self.day)
        return next((found for base in bases(price_id) if base in self.overrides and (found := self._in_proportion(listed, base))), listed)

    def __iter__(self) -> Iterator[str]:
        return iter(self.catalog.prices)

    def __len__(self) -> int:
        return len(self.catalog.prices)

    def _negotiated(self, price_id: str) -> PriceInForce:
        series = self.catalog.series(price_id)
        source = Source(title="Given in the scenario", kind="given", retrieved=self.day)
        return PriceInForce(price_id, self.overrides[price_id], series.pricing_unit, source, self.day, negotiated=True)

    def _in_proportion(self, listed: PriceInForce, base: str) -> PriceInForce | None:
        """A token price that stands to the negotiated one as the two stand to each other on the list; None where the list cannot say."""
        try:
            on_list = self.catalog.listed(base, self.day).amount
        except PriceMissing:
            return None
        if not on_list:
            return None
        note = f"the negotiated {base}, times {listed.amount:g} / {on_list:g} as on the list"
        return dataclasses.replace(self._negotiated(base), id=listed.id, amount=self.overrides[base] * (listed.amount / on_list), note=note)

    def priced(self, price_id: str) -> bool:
        """Whether the price exists on this day."""
        try:
            return self[price_id] is not None
        except PriceMissing:
            return False
