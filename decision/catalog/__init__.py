"""The catalog: everything data/ says, checked and dated.

    catalog = load()
    prices = catalog.prices_on(date(2026, 11, 20))
    prices["managed-agents.session"].amount        # 0.08, with its source and dates

A price that is unknown, not yet in force or withdrawn raises PriceMissing; it is never 0.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel, ValidationError

from decision import strict_yaml
from decision.catalog.options import COLOURS, COMPONENTS, MARKS, Estimate, HostedComponent, Option
from decision.catalog.prices import (
    TOKEN_CLASSES,
    DataModel,
    Model,
    Plan,
    PriceFile,
    PriceInForce,
    PriceRow,
    PriceSeries,
    Source,
    Throughput,
    Value,
    row_in_force,
    unit_size,
)
from decision.errors import BadInput, PriceMissing, field_names, nearest, sentences, shown
from decision.places import DATA

__all__ = [
    "COMPONENTS", "DATA", "EUR_USD", "TOKEN_CLASSES", "Catalog", "Estimate", "HostedComponent", "Model", "Option", "Plan", "PriceInForce", "PriceRow",
    "PriceSeries", "Prices", "Source", "Throughput", "Value", "load", "unit_size",
]  # fmt: skip

EUR_USD = "fx.eur-usd"
_SEE_ALL = "`python -m decision prices list` shows all."

Parsed = TypeVar("Parsed", bound=BaseModel)


class EstimatesFile(DataModel):
    """data/estimates.yaml: what a blank input takes. An option's own estimates stand in its file."""

    model_mix: Mapping[str, Mapping[str, float]]
    scenario: Mapping[str, Estimate]


class ComponentsFile(DataModel):
    """data/components.yaml: components that can be bought."""

    components: Mapping[str, HostedComponent]


@dataclass(frozen=True, eq=False)
class Catalog:
    """All prices, options and estimates. `version` is a digest of the files it was read from."""

    prices: Mapping[str, PriceSeries]
    sources: Mapping[str, Mapping[str, Source]]  # price id -> source id -> Source
    vendors: Mapping[str, str]  # price id -> vendor
    models: Mapping[str, Model]
    plans: Mapping[str, Plan]
    throughputs: Mapping[str, Throughput]
    components: Mapping[str, HostedComponent]
    options: Mapping[str, Option]
    estimates: EstimatesFile
    version: str
    _listed: dict[tuple[dt.date, str], PriceInForce] = field(default_factory=dict, repr=False, compare=False)

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

    def change_days(self) -> list[dt.date]:
        """Every day on which some price has a new row, ascending."""
        return sorted({row.effective_from for series in self.prices.values() for row in series.rows})


@dataclass(frozen=True)
class Prices(Mapping[str, PriceInForce]):
    """The price list of one day. A missing, future or withdrawn price raises PriceMissing; it is never 0."""

    catalog: Catalog
    day: dt.date
    overrides: Mapping[str, Value]
    _found: dict[str, PriceInForce] = field(default_factory=dict, repr=False)

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
        return self.catalog.listed(price_id, self.day)

    def __iter__(self) -> Iterator[str]:
        return iter(self.catalog.prices)

    def __len__(self) -> int:
        return len(self.catalog.prices)

    def _negotiated(self, price_id: str) -> PriceInForce:
        series = self.catalog.series(price_id)
        source = Source(title="Given in the scenario", kind="given", retrieved=self.day)
        return PriceInForce(price_id, self.overrides[price_id], series.pricing_unit, source, self.day, negotiated=True)

    def priced(self, price_id: str) -> bool:
        """Whether the price exists on this day."""
        try:
            return self[price_id] is not None
        except PriceMissing:
            return False


@functools.cache
def load(folder: Path = DATA) -> Catalog:
    """Read and check every file of `folder`. Raises BadInput with all problems of the first broken file."""
    digest = hashlib.sha256()
    parsed: dict[Path, Any] = {}
    for path in sorted(folder.rglob("*.yaml")):
        if path.parent.name != "scenarios":
            parsed[path] = strict_yaml.read(path)
            digest.update(path.read_bytes())
    if not parsed:
        raise BadInput(f"{folder}: no YAML files here. The catalog needs prices/, options/, components.yaml and estimates.yaml.")
    catalog = _catalog(folder, parsed, digest.hexdigest()[:12])
    check(catalog)
    return catalog


def _catalog(folder: Path, parsed: Mapping[Path, Any], version: str) -> Catalog:
    prices: dict[str, PriceSeries] = {}
    files: dict[str, str] = {}
    sources: dict[str, Mapping[str, Source]] = {}
    vendors: dict[str, str] = {}
    models: dict[str, Model] = {}
    plans: dict[str, Plan] = {}
    throughputs: dict[str, Throughput] = {}
    for path in (p for p in parsed if p.parent == folder / "prices"):
        file = _checked(PriceFile, parsed[path], f"prices/{path.name}")
        series: dict[str, PriceSeries] = {}
        for price_id, one_series in _all_series(file):
            if price_id in prices or price_id in series:
                raise BadInput(f'prices/{path.name}: "{price_id}" is priced twice, here and in prices/{files.get(price_id, path.name)}. Keep one.')
            series[price_id] = one_series
        for throughput in file.throughputs:
            if throughput in throughputs:
                raise BadInput(f"prices/{path.name}: throughputs.{throughput} stands in another file too. Keep one.")
        prices |= series
        files |= dict.fromkeys(series, path.name)
        sources |= dict.fromkeys(series, file.sources) | dict.fromkeys(file.throughputs, file.sources)
        vendors |= dict.fromkeys(series, file.vendor)
        models |= file.models
        plans |= file.plans
        throughputs |= file.throughputs
    options = {}
    for path in (p for p in parsed if p.parent == folder / "options"):
        option = _checked(Option, parsed[path], f"options/{path.name}")
        if option.id != path.stem:
            raise BadInput(f'options/{path.name}: id is "{option.id}". Name the file {option.id}.yaml or correct the id.')
        options[option.id] = option
    one = _reader(folder, parsed)
    return Catalog(
        prices, sources, vendors, models, plans, throughputs, one("components.yaml", ComponentsFile).components,
        options, one("estimates.yaml", EstimatesFile), version,
    )  # fmt: skip


def _all_series(file: PriceFile) -> Iterator[tuple[str, PriceSeries]]:
    yield from file.prices.items()
    for model_id, model in file.models.items():
        yield from model.series(model_id).items()
    for plan_id, plan in file.plans.items():
        yield plan_id, plan.series()


def _reader(folder: Path, parsed: Mapping[Path, Any]) -> Callable[[str, type[Parsed]], Parsed]:
    def one(name: str, shape: type[Parsed]) -> Parsed:
        if folder / name not in parsed:
            raise BadInput(f"{folder / name}: no such file. The catalog needs it.")
        return _checked(shape, parsed[folder / name], name)

    return one


def _checked(shape: type[Parsed], content: Any, file: str) -> Parsed:
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        raise BadInput(sentences(error, file, field_names(shape))) from None


def check(catalog: Catalog) -> None:
    """What one file says of another: ids, units and estimates that must fit together. Raises BadInput with all problems."""
    problems = [*_component_problems(catalog), *_mix_problems(catalog), *_estimate_problems(catalog), *_twin_problems(catalog)]
    for option in catalog.options.values():
        problems += _option_problems(option, catalog)
    if problems:
        raise BadInput(problems)


def _option_problems(option: Option, catalog: Catalog) -> Iterator[str]:
    file = f"options/{option.id}.yaml"
    if option.regional_premium:
        yield from _price_problems(f"{file}: regional_premium", option.regional_premium, ("USD",), catalog)
    for i, meter in enumerate(option.meters):
        place = f"{file}: meters[{i}]"
        for role, price_id in meter.price_ids().items():
            yield from _price_problems(f"{place}.{role}", price_id, meter.units(role), catalog)
        if (throughput := getattr(meter, "throughput", None)) and throughput not in catalog.throughputs:
            yield f'{place}.throughput: "{throughput}" is not known.{nearest(throughput, catalog.throughputs)} Add it to a file of data/prices/.'
        if (provider := getattr(meter, "provider", None)) and provider not in (known := {plan.provider for plan in catalog.plans.values()}):
            yield f'{place}.provider: "{provider}" has no plans.{nearest(provider, known)} Add plans to a file of data/prices/.'


def _price_problems(place: str, price_id: str, units: tuple[str, ...], catalog: Catalog) -> Iterator[str]:
    if price_id not in catalog.prices:
        yield f'{place}: "{price_id}" is not a known price.{nearest(price_id, catalog.prices)} Add it to a file of data/prices/.'
    elif (unit := catalog.prices[price_id].pricing_unit) not in units:
        yield f'{place}: "{price_id}" is priced in {unit}; {" or ".join(units)} is taken here. Correct the unit or choose another price.'


def _component_problems(catalog: Catalog) -> Iterator[str]:
    for component_id, component in catalog.components.items():
        yield from _price_problems(f"components.yaml: components.{component_id}.price", component.price, ("Months",), catalog)


def _twin_problems(catalog: Catalog) -> Iterator[str]:
    drawn: dict[tuple[str, str], str] = {}
    for option_id, option in catalog.options.items():
        look = (option.colour, option.mark)
        if look in drawn:
            taken = {(other.colour, other.mark) for other in catalog.options.values()}
            free = next((f"{colour}, {mark}" for mark in MARKS for colour in COLOURS if (colour, mark) not in taken), "no pair")
            yield f"options/{option_id}.yaml: colour, mark: {', '.join(look)} is how {drawn[look]} is drawn. Give each its own; {free} is free."
        drawn[look] = option_id


_PEOPLE = ("upkeep_fte", "build_weeks", "exit_weeks")


def _mix_problems(catalog: Catalog) -> Iterator[str]:
    for day, mix in catalog.estimates.model_mix.items():
        place = f"estimates.yaml: model_mix.{day}"
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
            yield f"{place}: the key is not a day. Write it as 2026-11-20."
        if abs(sum(mix.values()) - 1) > 1e-9:
            yield f"{place}: adds up to {sum(mix.values()):g}. The shares must add up to 1."
        for model_id in mix:
            if model_id not in catalog.models:
                yield f'{place}: "{model_id}" is not a known model.{nearest(model_id, catalog.models)} Add it to a file of data/prices/.'


def _estimate_problems(catalog: Catalog) -> Iterator[str]:
    for option_id, option in catalog.options.items():
        place, needed = f"options/{option_id}.yaml: estimates", _needed(option)
        if missing := sorted(needed - set(option.estimates)):
            yield f"{place}: {', '.join(missing)} missing. Add an estimate of each, with a source or an assumption."
        for name in sorted(set(option.estimates) - needed):
            yield f"{place}.{name}: no meter of this option uses it.{nearest(name, needed)} Correct the name or remove it."


def _needed(option: Option) -> set[str]:
    return {*_PEOPLE, *(name for meter in option.meters for name in meter.needs())}
