"""The catalog: everything data/ says, checked and dated.

    catalog = load()
    prices = catalog.prices_on(date(2026, 11, 20))
    prices["managed-agents.session"].amount        # 0.08, with its source and dates
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from decision import strict_yaml
from decision.catalog.options import COMPONENTS, HostedComponent, Option
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
from decision.errors import BadInput, PriceMissing, nearest, sentences

__all__ = [
    "COMPONENTS", "DATA", "TOKEN_CLASSES", "Catalog", "Estimate", "HostedComponent", "Model", "Option", "Plan", "PriceInForce", "PriceSeries",
    "PriceRow", "Prices", "Source", "Throughput", "Value", "load", "unit_size",
]  # fmt: skip

DATA = Path(__file__).resolve().parents[2] / "data"
EUR_USD = "fx.eur-usd"

Parsed = TypeVar("Parsed", bound=BaseModel)


class Estimate(DataModel):
    """A starting value for a blank input: 10th percentile, most likely, 90th; with a source or an honest assumption."""

    likely: float
    low: float | None = None
    high: float | None = None
    source: Source | None = None
    assumption: str | None = None


class EstimatesFile(DataModel):
    """data/estimates.yaml: what a blank input takes."""

    model_mix: Mapping[str, Mapping[str, float]]
    scenario: Mapping[str, Estimate]
    options: Mapping[str, Mapping[str, Estimate]]


class ComponentsFile(DataModel):
    """data/components.yaml: components that can be bought."""

    components: Mapping[str, HostedComponent]


@dataclass(frozen=True)
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
            raise PriceMissing(f'"{price_id}" is not a known price.{nearest(price_id, self.prices)} `python -m decision prices list` shows all.') from None

    def model(self, model_id: str) -> Model:
        """The model of that id. Raises BadInput with the nearest known id."""
        try:
            return self.models[model_id]
        except KeyError:
            raise BadInput(f'"{model_id}" is not a known model.{nearest(model_id, self.models)} `python -m decision prices list` shows all.') from None

    def option(self, option_id: str) -> Option:
        """The option of that id. Raises BadInput with the nearest known id."""
        try:
            return self.options[option_id]
        except KeyError:
            raise BadInput(f'"{option_id}" is not a known option.{nearest(option_id, self.options)} Known: {", ".join(self.options)}.') from None

    def listed(self, price_id: str, day: dt.date) -> PriceInForce:
        """The list price on `day` in USD; EUR rows converted with the rate in force that day. Raises PriceMissing."""
        found = self._listed.get((day, price_id))
        if found is None:
            found = self._listed[day, price_id] = self._look_up(price_id, day)
        return found

    def _look_up(self, price_id: str, day: dt.date) -> PriceInForce:
        series = self.series(price_id)
        row = row_in_force(price_id, series, day)
        assert row.price is not None  # row_in_force raises on null
        amount, note = row.price, row.note
        if series.currency == "EUR":
            rate = self.listed(EUR_USD, day)
            note = f"{row.price:g} EUR x {rate.amount:g} USD per EUR ({rate.effective_from})" + (f"; {note}" if note else "")
            amount = row.price * float(rate.amount)
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
            found = self._found[price_id] = (
                self._negotiated(price_id) if price_id in self.overrides else self.catalog.listed(price_id, self.day)
            )
        return found

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
            digest.update(path.read_bytes())
            parsed[path] = strict_yaml.read(path)
    if not parsed:
        raise BadInput(f"{folder}: no YAML files here. The catalog needs prices/, options/, components.yaml and estimates.yaml.")
    catalog = _catalog(folder, parsed, digest.hexdigest()[:12])
    check(catalog, folder)
    return catalog


def _catalog(folder: Path, parsed: Mapping[Path, Any], version: str) -> Catalog:
    prices: dict[str, PriceSeries] = {}
    sources: dict[str, Mapping[str, Source]] = {}
    vendors: dict[str, str] = {}
    models: dict[str, Model] = {}
    plans: dict[str, Plan] = {}
    throughputs: dict[str, Throughput] = {}
    for path in (p for p in parsed if p.parent == folder / "prices"):
        file = _checked(PriceFile, parsed[path], f"prices/{path.name}")
        series = dict(file.prices)
        series |= {price_id: s for model_id, model in file.models.items() for price_id, s in model.series(model_id).items()}
        series |= {plan_id: plan.series() for plan_id, plan in file.plans.items()}
        for price_id in series:
            if price_id in prices:
                raise BadInput(f'prices/{path.name}: "{price_id}" is already priced in another file ({vendors[price_id]}). Keep one.')
        prices |= series
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
        raise BadInput(sentences(error, file, _field_names(shape))) from None


def _field_names(shape: type[BaseModel]) -> dict[str, list[str]]:
    return {"": list(shape.model_fields)}


def check(catalog: Catalog, folder: Path = DATA) -> None:
    """What one file says of another: price ids, units and sources that options and estimates name. Raises BadInput."""
    problems = []
    for option in catalog.options.values():
        file = f"options/{option.id}.yaml"
        for place, price_id in option.price_ids().items():
            if price_id not in catalog.prices:
                problems.append(f'{file}: {place}: "{price_id}" is not a known price.{nearest(price_id, catalog.prices)} Add it under data/prices/.')
        for i, meter in enumerate(option.meters):
            for role, units in meter.accepts.items():
                price_id = getattr(meter, role)
                if price_id in catalog.prices and catalog.prices[price_id].pricing_unit not in units:
                    problems.append(
                        f'{file}: meters[{i}].{role}: "{price_id}" is priced in {catalog.prices[price_id].pricing_unit}; '
                        f"the meter {meter.meter} takes {' or '.join(units)}. Correct the unit or choose another price."  # type: ignore[attr-defined]
                    )
            if (throughput := getattr(meter, "throughput", None)) and throughput not in catalog.throughputs:
                problems.append(f'{file}: meters[{i}].throughput: "{throughput}" is not known.{nearest(throughput, catalog.throughputs)}')
            if (provider := getattr(meter, "provider", None)) and provider not in (known := {p.provider for p in catalog.plans.values()}):
                problems.append(f'{file}: meters[{i}].provider: "{provider}" has no plans.{nearest(provider, known)}')
        if option.id not in catalog.estimates.options:
            problems.append(f"estimates.yaml: options.{option.id}: missing. Add upkeep_fte, build_weeks and exit_weeks.")
    for component_id, component in catalog.components.items():
        if component.price not in catalog.prices:
            problems.append(f'components.yaml: {component_id}: "{component.price}" is not a known price.{nearest(component.price, catalog.prices)}')
    for option_id in catalog.estimates.options:
        if option_id not in catalog.options:
            problems.append(f'estimates.yaml: options.{option_id}: no such option.{nearest(option_id, catalog.options)}')
    if problems:
        raise BadInput(problems)
