"""From a scenario to plain numbers: every quantity under one dotted path, blanks filled from the estimates.

    inputs = inputs_of(scenario, catalog)
    inputs["fleet.tickets.agents"]                    # 3.0
    inputs.replace({"agents": np.arange(1.0, 200.0)})   # the same inputs for 199 fleet sizes at once

A value is a float, or a 1-D array; all arrays of one evaluation share that last axis. Nothing below this
module knows whether it computes a point, a sweep, a map or 4,096 draws.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from decision.catalog import Catalog, Estimate, Prices, Value
from decision.errors import BadInput, nearest, shown, the_first
from decision.scenario.model import Group, OptionOverrides, Scenario, Tokens, checked_day
from decision.scenario.quantity import Amount, Origin, Spec

PER_OPTION = {name: spec for name, spec, _ in OptionOverrides().amounts()}
_PRICE_SPEC = Spec("Price", "USD per pricing unit", at_most=1e9)
_SHARE_SPEC = Spec("Price", "share of an amount in USD", at_most=1)
GENERAL = {
    "general.host_reserve_gb": Spec("Memory a server keeps for itself", "GiB", at_most=64),
    "general.onboarding_weeks": Spec("Work that even a complete runtime takes", "engineer-weeks", at_most=100),
    "general.portable_loop_exit_share": Spec("Exit work left with a portable main loop", "share of 1", at_most=1),
    "general.engineers_building": Spec("Engineers building", "engineers", at_least=0.1, at_most=100, driver=False),
}


@dataclass(frozen=True)
class Fact:
    """What is known of one input: its three points, meaning, and where it comes from."""

    path: str
    amount: Amount
    spec: Spec
    why: str = ""

    @property
    def origin(self) -> Origin:
        """given, measured or assumed."""
        return self.amount.origin


@dataclass(frozen=True)
class Inputs:
    """Plain numbers by path, beside the scenario's choices that are not numbers."""

    scenario: Scenario
    catalog: Catalog
    as_of: dt.date
    values: Mapping[str, Value]
    facts: Mapping[str, Fact]

    def __getitem__(self, path: str) -> Value:
        return self.values[path]

    def get(self, path: str, default: Value) -> Value:
        """The value at `path`, or `default` where the scenario and the estimates are silent."""
        return self.values.get(path, default)

    def option_value(self, option_id: str, name: str) -> Value:
        """An option's own number (upkeep_fte, idle_timeout_seconds, ...). Raises BadInput when no estimate exists."""
        path = f"options.{option_id}.{name}"
        if path not in self.values:
            raise BadInput(f"options/{option_id}.yaml: estimates.{name}: needed but missing. Add an estimate or give it under overrides.{path}.")
        return self.values[path]

    def prices(self) -> Prices:
        """The price list of the day, with negotiated and varied prices laid over it; made once."""
        return self._prices

    @functools.cached_property
    def _prices(self) -> Prices:
        overrides = {path.removeprefix("prices."): value for path, value in self.values.items() if path.startswith("prices.")}
        return self.catalog.prices_on(self.as_of, overrides)

    @functools.cached_property
    def varied(self) -> bool:
        """Whether any value is an array: results then keep the array axis."""
        return any(isinstance(value, np.ndarray) and value.ndim for value in self.values.values())

    @functools.cached_property
    def assumed(self) -> frozenset[str]:
        """The paths that nobody answered, so that an estimate stands there."""
        return frozenset(path for path, fact in self.facts.items() if fact.amount.origin == "assumed")

    @property
    def options(self) -> tuple[str, ...]:
        """The ids that are ranked."""
        return tuple(self.catalog.options) if self.scenario.consider == ("all",) else self.scenario.consider

    # -- drivers: inputs that can be varied ------------------------------------------------------------

    def drivers(self) -> Iterator[str]:
        """Paths of every number that may be varied, in a stable order: fleet size first."""
        yield "agents"
        for path, fact in self.facts.items():
            if fact.spec.driver and not path.endswith((".agents", ".agents_in_12_months")):
                yield path

    def driver_path(self, name: str) -> str:
        """The full path of a driver given by its full or short name. Raises BadInput with the nearest known name.

        `agents` is the fleet size in 12 months; `vps.upkeep_fte`, `active_hours_per_session` and a price id work too.
        """
        if name == "agents" or name in self.facts:
            return name
        price_id = name.removeprefix("prices.")
        if price_id in self.catalog.prices:
            return f"prices.{price_id}"
        ends = [path for path in self.facts if path.endswith("." + name)]
        if len(ends) == 1 or (ends and all(path.startswith("fleet.") for path in ends)):
            return ends[0] if len(ends) == 1 else name
        if ends:
            raise BadInput(f'the driver "{name}" could mean {", ".join(ends)}. Write one of them in full.')
        known = ["agents", *self.facts, *(path.split(".", 2)[-1] for path in self.facts), *(path.split(".", 1)[-1] for path in self.facts)]
        raise BadInput(
            f'"{shown(name)}" is not an input that can be varied.{nearest(name, known)} '
            "Examples: agents, active_hours_per_session, vps.upkeep_fte, managed-agents.session."
        )

    def driver_spec(self, name: str) -> Spec:
        """Label, unit and bounds of a driver."""
        known = self._specs.get(name)
        if known is None:
            known = self._specs[name] = self._spec(self.driver_path(name))
        return known

    @functools.cached_property
    def _specs(self) -> dict[str, Spec]:
        return {}

    def _spec(self, path: str) -> Spec:
        if path == "agents":
            return Spec("Agents in 12 months", "agents", at_most=1e7)
        if path.startswith("prices."):
            series_id = path.removeprefix("prices.")
            series = self.catalog.series(series_id)
            return Spec(series.description.rstrip("."), f"USD per {series.pricing_unit}", at_most=price_spec(self.catalog, series_id).at_most)
        if path in self.facts:
            spec = self.facts[path].spec
            owner = path.split(".")[1] if path.count(".") > 1 else ""
            if owner and path.startswith("options."):
                return replace(spec, label=f"{spec.label}, {self.catalog.options[owner].short_name}")
            names = {group.slug: group.name for group in self.scenario.fleet}
            return replace(spec, label=f"{spec.label}, {names[owner]}") if owner in names and len(names) > 1 else spec
        return next(fact.spec for other, fact in self.facts.items() if other.endswith("." + path))

    def driver_value(self, name: str) -> Value:
        """Where the scenario stands on a driver now."""
        path = self.driver_path(name)
        if path == "agents":
            return sum(self.get(f"fleet.{g.slug}.agents_in_12_months", self[f"fleet.{g.slug}.agents"]) for g in self.scenario.fleet)
        if path.startswith("prices."):
            return self.prices()[path.removeprefix("prices.")].amount
        if path in self.values:
            return self.values[path]
        return next(value for other, value in self.values.items() if other.endswith("." + path))

    def replace(self, changes: Mapping[str, Value]) -> Inputs:
        """The same inputs with other values for some drivers. Shares of a model mix keep adding up to 1.

        `agents` scales all groups, now and in 12 months, in proportion. A short name that several groups have sets all of them.
        """
        values = dict(self.values)
        for name, value in changes.items():
            path = self.driver_path(name)
            if path == "agents":
                self._scale_fleet(values, value)
            elif ".model_mix." in path:
                _share_out(values, path, value)
            elif path in self.facts or path.startswith("prices."):
                values[path] = value
            else:
                values.update({other: value for other in self.facts if other.endswith("." + path)})
        return replace(self, values=values)

    def _scale_fleet(self, values: dict[str, Value], total: Value) -> None:
        now = self.driver_value("agents")
        if not np.all(now):
            raise BadInput("the fleet has no agents in 12 months, so it cannot be scaled. Give agents above 0.")
        for group in self.scenario.fleet:
            for name in ("agents", "agents_in_12_months"):
                path = f"fleet.{group.slug}.{name}"
                if path in values:
                    values[path] = self.values[path] * (total / now)


def _share_out(values: dict[str, Value], path: str, share: Value) -> None:
    mix = path.rpartition(".model_mix.")[0] + ".model_mix."
    others = [other for other in values if other.startswith(mix) and other != path]
    rest = sum(values[other] for other in others)
    for other in others:
        values[other] = values[other] * ((1 - share) / rest) if np.all(rest) else (1 - share) / len(others)
    values[path] = share if others else values[path]


def inputs_of(scenario: Scenario, catalog: Catalog, as_of: dt.date | None = None) -> Inputs:
    """Check the scenario against the catalog and fill its blanks. Raises BadInput naming field and nearest known id.

    as_of: used where the scenario has no date of its own.
    """
    day = scenario.as_of or as_of
    if day is None:
        raise BadInput("the scenario has no as_of date. Add one, such as as_of: 2026-11-20, or pass --as-of.")
    _check_day(day)
    _check_names(scenario, catalog)
    _check_shares(scenario, catalog)
    facts = {fact.path: fact for fact in _facts(scenario, catalog, day)}
    values: dict[str, Value] = {path: fact.amount.likely for path, fact in facts.items()}
    return Inputs(scenario, catalog, day, values, facts)


def _check_names(scenario: Scenario, catalog: Catalog) -> None:
    unknown = [named for named in _names(scenario, catalog) if named[1] not in named[2]]
    if unknown:
        raise BadInput(the_first(unknown, lambda named: _unknown(*named)))


def _unknown(place: str, name: str, known: Collection[str], what: str) -> str:
    return f'{place}: "{shown(name)}" is not a known {what}.{nearest(name, known) or " Known: " + ", ".join(sorted(known)[:12]) + " ..."}'


def _check_day(day: dt.date) -> None:
    try:
        checked_day(day)
    except ValueError as error:
        raise BadInput(str(error)) from None


def price_spec(catalog: Catalog, price_id: str) -> Spec:
    """What a negotiated price may be: a premium, a discount or a fee that is a share of an amount is at most 1."""
    return _SHARE_SPEC if price_id in catalog.prices and catalog.series(price_id).pricing_unit == "USD" else _PRICE_SPEC


def _check_shares(scenario: Scenario, catalog: Catalog) -> None:
    for price_id, amount in scenario.overrides.prices.items():
        try:
            price_spec(catalog, price_id).check(amount)
        except ValueError as error:
            raise BadInput(f"overrides.prices.{price_id}: {error}") from None


def _names(scenario: Scenario, catalog: Catalog) -> Iterator[tuple[str, str, Collection[str], str]]:
    """Every id that the scenario names: where it stands, the id, the ids known there, and what they are."""
    for option_id in scenario.consider:
        yield "consider", option_id, [*catalog.options, "all"], "option"
    for i, group in enumerate(scenario.fleet):
        for model_id in group.model_mix or ():
            yield f"fleet[{i}].model_mix", model_id, catalog.models, "model"
    for price_id in scenario.overrides.prices:
        yield "overrides.prices", price_id, catalog.prices, "price"
    for option_id, override in scenario.overrides.options.items():
        place = f"overrides.options.{option_id}"
        yield "overrides.options", option_id, catalog.options, "option"
        for provider in override.providers:
            yield f"{place}.providers", provider, {plan.provider for plan in catalog.plans.values()}, "provider"
        for component in override.buys:
            yield f"{place}.buys", component, catalog.components, "hosted component"


def _facts(scenario: Scenario, catalog: Catalog, day: dt.date) -> Iterator[Fact]:
    guess = catalog.estimates.scenario
    for group in scenario.fleet:
        yield from _group_facts(group, catalog, day)
    for part, prefix in ((scenario.team, "team."), (scenario.exit, "exit."), (scenario, "")):
        for name, spec, amount in part.amounts():
            yield _fact(prefix + name, spec, amount, guess.get(prefix + name))
    for path, spec in GENERAL.items():
        yield _fact(path, spec, None, guess[path])
    for option_id in catalog.options:
        yield from _option_facts(option_id, scenario.overrides.options.get(option_id, OptionOverrides()), catalog)
    for price_id, amount in scenario.overrides.prices.items():
        yield Fact(f"prices.{price_id}", amount, price_spec(catalog, price_id))


def _group_facts(group: Group, catalog: Catalog, day: dt.date) -> Iterator[Fact]:
    guess, prefix = catalog.estimates.scenario, f"fleet.{group.slug}."
    for name, spec, amount in group.amounts():
        if name in ("agents_in_12_months", "open_hours_per_session") and amount is None:
            continue  # they follow agents and active hours
        key = "peak_to_average_bursty" if name == "peak_to_average" and group.load == "bursty" else name
        yield _fact(prefix + name, spec, amount, guess.get(f"fleet.{key}"))
    for part_name, part in (("sandbox", group.sandbox), ("per_session", group.per_session)):
        for name, spec, amount in part.amounts():
            yield _fact(f"{prefix}{part_name}.{name}", spec, amount, guess.get(f"fleet.{part_name}.{name}"))
    tokens = group.tokens_per_session
    for name, spec, amount in (tokens or _NO_TOKENS).amounts():
        if tokens is not None and amount is None:
            yield Fact(f"{prefix}tokens_per_session.{name}", Amount.point(0, "assumed"), spec, "left out of tokens_per_session, so taken as none")
        else:
            yield _fact(f"{prefix}tokens_per_session.{name}", spec, amount, guess.get(f"fleet.tokens_per_session.{name}"))
    share = Spec("Share of the model", "share of 1", at_most=1)
    if group.model_mix is not None:
        for model_id, amount in group.model_mix.items():
            yield Fact(f"{prefix}model_mix.{model_id}", amount, share)
    else:
        for model_id, likely in _usual_model(catalog, day).items():
            yield Fact(f"{prefix}model_mix.{model_id}", Amount.point(likely, "assumed"), share, "The usual Claude model of that day.")


_NO_TOKENS = Tokens()


def _usual_model(catalog: Catalog, day: dt.date) -> Mapping[str, float]:
    """The model mix a blank takes: the last entry of estimates.yaml that started by `day` (the first, before all)."""
    starts = sorted(catalog.estimates.model_mix)
    return catalog.estimates.model_mix[max((s for s in starts if s <= day.isoformat()), default=starts[0])]


def _option_facts(option_id: str, given: OptionOverrides, catalog: Catalog) -> Iterator[Fact]:
    guess = catalog.options[option_id].estimates
    for name, spec, amount in given.amounts():
        if name == "licence_per_month":
            if amount is not None:
                yield Fact(f"prices.{option_id}.licence", amount, _PRICE_SPEC)
        elif amount is not None or name in guess:
            yield _fact(f"options.{option_id}.{name}", spec, amount, guess.get(name))
    if given.server is not None:
        for name, spec, amount in given.server.amounts():
            assert amount is not None  # required fields
            yield Fact(f"options.{option_id}.server.{name}", amount, spec)


def _fact(path: str, spec: Spec, given: Amount | None, estimate: Estimate | None) -> Fact:
    if given is not None:
        return Fact(path, given, spec)
    if estimate is None:
        raise BadInput(f"estimates.yaml: {path}: no estimate for a blank. Add one with a source or an assumption.")
    low = estimate.likely if estimate.low is None else estimate.low
    high = estimate.likely if estimate.high is None else estimate.high
    why = estimate.assumption or (estimate.source.title if estimate.source else "")
    return Fact(path, Amount(low, estimate.likely, high, "assumed"), spec, why)


__all__ = ["Fact", "Inputs", "inputs_of", "price_spec"]
