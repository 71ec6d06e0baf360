"""From a scenario to plain numbers: every quantity under one dotted path, blanks filled from the estimates.

    inputs = inputs_of(scenario, catalog)
    inputs["fleet.tickets.agents"]                    # 3.0
    inputs.vary({"agents": np.arange(1.0, 200.0)})   # the same inputs for 199 fleet sizes at once

A value is a float, or a 1-D array; all arrays of one evaluation share that last axis. Nothing below this
module knows whether it computes a point, a sweep, a map or 4,096 draws.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from decision.catalog import Catalog, Option, Prices, Value
from decision.errors import BadInput, nearest, shown, the_first
from decision.scenario import paths
from decision.scenario.facts import Fact, facts_of, price_spec
from decision.scenario.model import Group, OptionOverrides, Scenario, checked_day
from decision.scenario.quantity import Spec
from decision.scenario.work import DERIVED, RATES, TOKENS, completed
from decision.scenario.work import SPECS as WORKED_OUT

PER_OPTION = {name: spec for name, spec, _ in OptionOverrides().amounts()}
ADD_UP = ("upkeep_fte", "build_weeks", "exit_weeks")
"""An option's own figures that add up from the components of data/people.yaml, unless the team gives them."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """Plain numbers by path, beside the scenario's choices that are not numbers."""

    scenario: Scenario
    catalog: Catalog = field(repr=False)  # thousands of prices are no help in a message
    as_of: dt.date
    values: Mapping[str, Value]
    facts: Mapping[str, Fact]
    split_off: Mapping[str, str] = field(default_factory=dict)
    """Groups whose agents are those of another group, apart only since something else is done with them: slug -> slug of that group."""

    def __getitem__(self, path: str) -> Value:
        return self.values[path]

    def get(self, path: str, default: Value) -> Value:
        """The value at `path`, or `default` where the scenario and the estimates are silent."""
        return self.values.get(path, default)

    def option_value(self, option_id: str, name: str) -> Value:
        """An option's own number (upkeep_fte, idle_timeout_seconds, ...). Raises BadInput when no estimate exists."""
        path = paths.of_option(option_id, name)
        if path not in self.values:
            raise BadInput(f"options/{option_id}.yaml: estimates.{name}: needed but missing. Add an estimate or give it under overrides.{path}.")
        return self.values[path]

    def prices(self) -> Prices:
        """The price list of the day, with negotiated and varied prices laid over it; made once."""
        return self._prices

    @functools.cached_property
    def _prices(self) -> Prices:
        overrides = {price: value for path, value in self.values.items() if (price := paths.parsed(path).price)}
        return self.catalog.prices_on(self.as_of, overrides)

    @functools.cached_property
    def has_arrays(self) -> bool:
        """Whether any value is an array: results then keep the array axis."""
        return any(isinstance(value, np.ndarray) and value.ndim for value in self.values.values())

    @functools.cached_property
    def assumed(self) -> frozenset[str]:
        """The paths that nobody answered, so that an estimate stands there."""
        return frozenset(path for path, fact in self.facts.items() if fact.amount.origin == "assumed")

    @functools.cached_property
    def assumed_in(self) -> Mapping[str, frozenset[str]]:
        """Group (slug) -> names of its own inputs that nobody answered, or that follow from such; looked through once for all groups."""
        here: dict[str, set[str]] = {group.slug: set() for group in self.scenario.fleet}
        guessed: dict[str, set[str]] = {group.slug: set() for group in self.scenario.fleet}
        for path in self.facts:
            parts = paths.parsed(path)
            if parts.group in here:
                here[parts.group].add(parts.name)
                if path in self.assumed:
                    guessed[parts.group].add(parts.name)
        for slug, names in guessed.items():
            for name, sources in DERIVED.items():  # in an order in which each stands after those it follows from
                known = here[slug]
                if name not in known and (not names.isdisjoint(sources) or (name in TOKENS.values() and known.isdisjoint(sources[:1]))):
                    names.add(name)
        return {slug: frozenset(names) for slug, names in guessed.items()}

    @property
    def options(self) -> tuple[str, ...]:
        """The ids that are ranked. Named or not, so is what runs already and, inside an air gap, what brings its own model."""
        if self.scenario.consider == ("all",):
            return tuple(self.catalog.options)
        scenario, joining = self.scenario, list[str]()
        if scenario.constraints.data_residency == "air_gapped":
            joining += (option.id for option in self.catalog.options.values() if option.hosts_models == "open_weights")
        if scenario.running_on is not None:
            joining.append(scenario.running_on)
        return tuple(dict.fromkeys((*scenario.consider, *joining)))

    # -- drivers: inputs that can be varied ------------------------------------------------------------

    def drivers(self) -> Iterator[str]:
        """Paths of every number that may be varied, in a stable order: fleet size first."""
        yield paths.AGENTS
        for path, fact in self.facts.items():
            if fact.spec.driver and paths.parsed(path).name not in paths.SIZES:
                yield path
        yield from self.added_up

    @functools.cached_property
    def added_up(self) -> Mapping[str, Spec]:
        """Upkeep, build and exit of options for which the team gave no figure of its own, so that they add up from components.

        They may be varied like any other input: a number there wins over the components, and NaN, where they stand, does not.
        """
        own = {paths.of_option(option_id, name): PER_OPTION[name] for option_id in self.catalog.options for name in ADD_UP}
        return {path: spec for path, spec in own.items() if path not in self.facts}

    @functools.cached_property
    def following(self) -> Mapping[str, Spec]:
        """Numbers of the groups that follow from others (hours of units of work, tokens of active hours), since nobody gave them.

        They may be varied like any other input: a number there stays.
        """
        own = {paths.of_group(group.slug, name): spec for group in self.scenario.fleet for name, spec in WORKED_OUT.items()}
        return {path: spec for path, spec in own.items() if path not in self.facts}

    def driver_path(self, name: str) -> str:
        """The full path of a driver given by its full or short name. Raises BadInput with the nearest known name.

        `agents` is the fleet size in 12 months; `vps.upkeep_fte`, `active_hours_per_session` and a price id work too.
        """
        if name == paths.AGENTS or name in self.facts or name in self.added_up or name in self.following:
            return name
        price_id = paths.parsed(name).price or name
        if price_id in self.catalog.prices:
            return paths.of_price(price_id)
        every = (*self.facts, *self.following, *self.added_up)
        ends = [path for path in every if paths.ends_in(path, name)]
        ends = [path for path in ends if path == f"options.{name}"] or ends  # multica.build_weeks is an option's, whatever else ends like it
        if len(ends) == 1 or (ends and all(paths.parsed(path).group for path in ends) and len({paths.parsed(path).name for path in ends}) == 1):
            return ends[0] if len(ends) == 1 else name
        if ends:
            raise BadInput(f'the driver "{name}" could mean {", ".join(ends)}. Write one of them in full.')
        known = [paths.AGENTS, *every, *(short for path in every for short in paths.short_names(path))]
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
        if path == paths.AGENTS:
            return Spec("Agents in 12 months", "agents", at_most=1e7)
        parts = paths.parsed(path)
        if parts.price:
            series = self.catalog.series(parts.price)
            return Spec(series.description.rstrip("."), f"USD per {series.pricing_unit}", at_most=price_spec(self.catalog, parts.price).at_most)
        if spec := self._own_spec(path):
            if parts.option:
                return replace(spec, label=f"{spec.label}, {self.catalog.options[parts.option].short_name}")
            names = {group.slug: group.name for group in self.scenario.fleet}
            return replace(spec, label=f"{spec.label}, {names[parts.group]}") if parts.group in names and len(names) > 1 else spec
        return next(fact.spec for other, fact in self.facts.items() if paths.ends_in(other, path))

    def _own_spec(self, path: str) -> Spec | None:
        return self.facts[path].spec if path in self.facts else self.added_up.get(path) or self.following.get(path)

    def driver_value(self, name: str) -> Value:
        """Where the scenario stands on a driver now; NaN where components add up to it (see decision.costs.labour.standing)."""
        path = self.driver_path(name)
        if path == paths.AGENTS:
            groups = (self.own(group) for group in self.scenario.fleet)
            return sum(own.get("agents_in_12_months", own["agents"]) for own in groups)
        if price_id := paths.parsed(path).price:
            return self.prices()[price_id].amount
        if path in self.values:
            return self.values[path]
        if path in self.added_up:
            return np.nan
        by_slug, parts = {group.slug: group for group in self.scenario.fleet}, paths.parsed(path)
        if parts.group in by_slug:
            return self.own(by_slug[parts.group])[parts.name]
        return next(own[path] for group in by_slug.values() if path in (own := self.own(group)))

    def vary(self, changes: Mapping[str, Value]) -> Inputs:
        """The same inputs with other values for some drivers, given by full or short name. The values may be arrays.

        `agents` scales all groups, now and in 12 months, in proportion. A short name that several groups have sets all of them.
        Where some shares of a model mix change, the others share what is left, so that they keep adding up to 1 (see _filled).
        """
        return replace(self, values={**self.values, **self.moved(changes)})

    def moved(self, changes: Mapping[str, Value]) -> dict[str, Value]:
        """Every value, by full path, that `vary` sets for these changes."""
        found: dict[str, Value] = {}
        for name, value in changes.items():
            path = self.driver_path(name)
            if path == paths.AGENTS:
                found |= self._sized(value)
            elif self._own_spec(path) or paths.parsed(path).price:
                found[path] = value
            else:
                found |= dict.fromkeys((other for other in (*self.facts, *self.following) if paths.ends_in(other, path)), value)
        for slug in {parts.group for path in found if (parts := paths.parsed(path)).group and parts.model}:
            found |= self._filled(slug, found)
            found |= self._some_model(slug, found)
        return found

    def _sized(self, total: Value) -> dict[str, Value]:
        now = self.driver_value(paths.AGENTS)
        if not np.all(now):
            raise BadInput("the fleet has no agents in 12 months, so it cannot be scaled. Give agents above 0.")
        return self._scaled({group.slug: total / now for group in self.scenario.fleet})

    def _filled(self, slug: str, changed: Mapping[str, Value]) -> dict[str, Value]:
        """The shares of a group's model mix, of which some have changed.

        The others share what is left in proportion to where they stand. Where they all stand at 0 they stay there (the cost functions
        normalise), but a share that changes alone takes from them evenly: else it could not fall. The only model of a mix keeps its share.
        """
        mix = {path: value for path, value in self.values.items() if (parts := paths.parsed(path)).group == slug and parts.model}
        others = [path for path in mix if path not in changed]
        lone = len(mix) - len(others) == 1
        if not others:
            return {path: np.broadcast_to(value, np.shape(changed[path])) if np.ndim(changed[path]) else value for path, value in mix.items() if lone}
        left = np.maximum(1.0 - sum(changed[path] for path in mix if path in changed), 0.0)
        rest = sum(mix[path] for path in others)
        if np.all(rest):
            return {path: mix[path] * (left / rest) for path in others}
        return dict.fromkeys(others, left / len(others) if lone else 0.0)

    def _some_model(self, slug: str, changed: Mapping[str, Value]) -> dict[str, Value]:
        """The mix as it stands where the changed shares all vanish, as several ranges that start at 0 may; {} where they never do."""
        mix = {path: value for path, value in self.values.items() if (parts := paths.parsed(path)).group == slug and parts.model}
        nothing = np.equal(sum(changed.get(path, value) for path, value in mix.items()), 0)
        return {path: np.where(nothing, value, changed.get(path, value)) for path, value in mix.items()} if np.any(nothing) else {}

    # -- the fleet: inputs with other groups -------------------------------------------------------------

    def own(self, group: Group) -> dict[str, Value]:
        """The numbers of a group by name, those that follow from others included (see decision.scenario.work)."""
        return completed(self._given_in.get(group.slug, {}), self.catalog.token_rates.of(group.kind))

    @functools.cached_property
    def _given_in(self) -> Mapping[str, Mapping[str, Value]]:
        """Group (slug) -> its own numbers by name, without those that follow from others; looked through once for all groups."""
        found: dict[str, dict[str, Value]] = {}
        for path, value in self.values.items():
            parts = paths.parsed(path)
            if parts.group:
                found.setdefault(parts.group, {})[parts.name] = value
        return found

    def models_in(self, slug: str) -> int:
        """How many models a group's mix names."""
        return len(paths.part(self._given_in.get(slug, {}), "model_mix"))

    def spelled_out(self) -> Inputs:
        """The same inputs with every number that follows from others standing as a number of its own."""
        own = {group.slug: {k: v for k, v in self.own(group).items() if k not in RATES} for group in self.scenario.fleet}
        return self.with_fleet(self.scenario.fleet, own)

    def with_fleet(self, fleet: Iterable[Group], own: Mapping[str, Mapping[str, Value]] = {}, facts: Iterable[Fact] = ()) -> Inputs:
        """The same inputs with these groups as the whole fleet.

        own: slug -> all numbers of that group by name, for groups that are new or that change. facts: of new groups.
        """
        fleet = tuple(fleet)
        slugs = {group.slug for group in fleet}

        def stays(path: str) -> bool:
            parts = paths.parsed(path)
            return parts.group is None or (parts.group in slugs and (parts.group not in own or parts.name in own[parts.group]))

        values = {path: value for path, value in self.values.items() if stays(path)}
        values |= {paths.of_group(slug, name): value for slug, numbers in own.items() for name, value in numbers.items()}
        scenario = self.scenario.model_copy(update={"fleet": fleet})
        known = {path: fact for path, fact in self.facts.items() if (group := paths.parsed(path).group) is None or group in slugs}
        return replace(self, scenario=scenario, values=values, facts={**known, **{fact.path: fact for fact in facts}})

    def scaled(self, shares: Mapping[str, Value]) -> Inputs:
        """The same inputs with these shares of the agents of some groups (slug -> share), now and in 12 months."""
        return replace(self, values={**self.values, **self._scaled(shares)})

    def _scaled(self, shares: Mapping[str, Value]) -> dict[str, Value]:
        sizes = {paths.of_group(slug, size): share for slug, share in shares.items() for size in paths.SIZES}
        return {path: self.values[path] * share for path, share in sizes.items() if path in self.values}


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
    _check_options(scenario, catalog)
    facts = {fact.path: fact for fact in facts_of(scenario, catalog, day)}
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


def _check_shares(scenario: Scenario, catalog: Catalog) -> None:
    for price_id, amount in scenario.overrides.prices.items():
        try:
            price_spec(catalog, price_id).check(amount)
        except ValueError as error:
            raise BadInput(f"overrides.prices.{price_id}: {error}") from None


def _check_options(scenario: Scenario, catalog: Catalog) -> None:
    if useless := list(unusable(scenario.overrides.options, catalog)):
        raise BadInput(the_first(useless, lambda found: useless_in(*found, catalog)))


def unusable(overrides: Mapping[str, OptionOverrides], catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Option and field of everything that is said of an option and changes nothing there."""
    for option_id, said in overrides.items():
        if option := catalog.options.get(option_id):
            given = {name: value for name in type(said).model_fields if (value := getattr(said, name)) not in (None, ())}
            yield from ((option_id, name) for name in useless_of(option, given))


def useless_of(option: Option, said: Mapping[str, object]) -> Iterator[str]:
    """Fields that are said of an option and change nothing there: it does not take them, or nothing times out where its machine waits."""
    timed = said.get("idle") or (option.idle[0] if option.idle else None)
    for name in said:
        if name not in option.takes or (name == "idle_timeout_seconds" and timed not in ("time_out", "stop")):
            yield name


def useless_in(option_id: str, name: str, catalog: Catalog) -> str:
    """The sentence for a field that an option cannot use."""
    option = catalog.options[option_id]
    place, takes = f"overrides.options.{option_id}.{name}", ", ".join(field for field in OptionOverrides.model_fields if field in option.takes)
    if name in option.takes:
        return f"{place}: nothing times out where a waiting session is kept or paused. Leave it out, or write idle: time_out."
    if name == "idle" and option.idle:
        return f"{place}: {option.name} has one way with a session that waits ({option.idle[0]}). Leave it out; it takes {takes}."
    return f"{place}: {option.name} has nothing that this would change. Leave it out; it takes {takes}."


def _names(scenario: Scenario, catalog: Catalog) -> Iterator[tuple[str, str, Collection[str], str]]:
    """Every id that the scenario names: where it stands, the id, the ids known there, and what they are."""
    yield from (("consider", option_id, [*catalog.options, "all"], "option") for option_id in scenario.consider)
    yield from (("running_on", option_id, catalog.options, "option") for option_id in (scenario.running_on,) if option_id is not None)
    for i, group in enumerate(scenario.fleet):
        for model_id in group.model_mix or ():
            yield f"fleet[{i}].model_mix", model_id, catalog.models, "model"
    for price_id in scenario.overrides.prices:
        yield "overrides.prices", price_id, catalog.prices, "price"
    known = {path.removeprefix("people.") for path in catalog.people.figures}
    for name in scenario.overrides.people:
        yield "overrides.people", name, known, "figure of data/people.yaml"
    for option_id, override in scenario.overrides.options.items():
        place = f"overrides.options.{option_id}"
        yield "overrides.options", option_id, catalog.options, "option"
        for provider in override.providers:
            yield f"{place}.providers", provider, {plan.provider for plan in catalog.plans.values()}, "provider"
        if override.idle is not None and option_id in catalog.options and "idle" in catalog.options[option_id].takes:
            yield (
                f"{place}.idle",
                override.idle,
                catalog.options[option_id].idle,
                f"idle behaviour of {catalog.options[option_id].name}",
            )
        if override.plan is not None and option_id in catalog.options and "plan" in catalog.options[option_id].takes:
            yield f"{place}.plan", override.plan, catalog.options[option_id].plan_names, f"plan of {catalog.options[option_id].name}"
        for component in override.buys:
            yield f"{place}.buys", component, catalog.components, "hosted component"


__all__ = ["Inputs", "inputs_of"]
