"""What is known of every input of a scenario: what the team said, else an estimate of data/, with its reason."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from decision.catalog import Catalog, Estimate
from decision.errors import BadInput
from decision.scenario import paths
from decision.scenario.model import Group, OptionOverrides, Scenario, Tokens
from decision.scenario.people import BEYOND_COMPONENTS, ENGINEER_COST, ENGINEER_SPEC, engineer_cost, people_specs
from decision.scenario.quantity import Amount, Origin, Spec

_PRICE_SPEC = Spec("Price", "USD per pricing unit", at_most=1e9)
_SHARE_SPEC = Spec("Price", "share of an amount in USD", at_most=1)
GENERAL = {
    "general.host_reserve_gb": Spec("Memory a server keeps for itself", "GiB", at_most=64),
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


def price_spec(catalog: Catalog, price_id: str) -> Spec:
    """What a negotiated price may be: a premium, a discount or a fee that is a share of an amount is at most 1."""
    return _SHARE_SPEC if price_id in catalog.prices and catalog.series(price_id).pricing_unit == "USD" else _PRICE_SPEC


def facts_of(scenario: Scenario, catalog: Catalog, day: dt.date) -> Iterator[Fact]:
    """Every input that the scenario gives or leaves blank. Raises BadInput where a blank has no estimate, or a figure is out of its bounds."""
    guess = catalog.estimates.scenario
    for group in scenario.fleet:
        yield from _group_facts(group, catalog, day)
    for part, prefix in ((scenario.team, "team."), (scenario.exit, "exit."), (scenario, "")):
        for name, spec, amount in part.amounts():
            if prefix != "team.":
                yield _fact(prefix + name, spec, amount, guess.get(prefix + name))
    for path, spec in GENERAL.items():
        yield _fact(path, spec, None, guess[path])
    yield from _people_facts(scenario, catalog, day)
    for option_id in catalog.options:
        yield from _option_facts(option_id, scenario.overrides.of(option_id), catalog)
    for price_id, amount in scenario.overrides.prices.items():
        yield Fact(paths.of_price(price_id), amount, price_spec(catalog, price_id))


def _people_facts(scenario: Scenario, catalog: Catalog, day: dt.date) -> Iterator[Fact]:
    """What an engineer costs, and every figure of data/people.yaml."""
    cost = engineer_cost(scenario.team, catalog, day)
    yield Fact(ENGINEER_COST, cost.amount, ENGINEER_SPEC, cost.why)
    for path, spec, estimate in people_specs(catalog):
        said = scenario.overrides.people.get(path.removeprefix("people."))
        if said is not None and not spec.at_least <= said.low <= said.high <= spec.at_most:
            place = f"overrides.{path.replace('people.', 'people: ', 1)}"
            raise BadInput(f"{place}: {said.low:g} to {said.high:g} is not between {spec.at_least:g} and {spec.at_most:g} {spec.unit}. Correct it.")
        if path == "people.thoroughness" and scenario.team.thoroughness and said is None:
            said = Amount.point(getattr(catalog.people.thoroughness, scenario.team.thoroughness), "given")
        yield _fact(path, spec, said, estimate)


def _group_facts(group: Group, catalog: Catalog, day: dt.date) -> Iterator[Fact]:
    guess, own = catalog.estimates.scenario, functools.partial(paths.of_group, group.slug)
    for name, spec, amount in group.amounts():
        if name in ("agents_in_12_months", "open_hours_per_session") and amount is None:
            continue  # they follow agents and active hours
        key = "peak_to_average_bursty" if name == "peak_to_average" and group.load == "bursty" else name
        yield _fact(own(name), spec, amount, guess.get(f"fleet.{key}"))
    for part_name, part in (("sandbox", group.sandbox), ("per_session", group.per_session)):
        for name, spec, amount in part.amounts():
            yield _fact(own(f"{part_name}.{name}"), spec, amount, guess.get(f"fleet.{part_name}.{name}"))
    tokens = group.tokens_per_session
    for name, spec, amount in (tokens or _NO_TOKENS).amounts():
        if tokens is not None and amount is None:
            yield Fact(own(f"tokens_per_session.{name}"), Amount.point(0, "assumed"), spec, "left out of tokens_per_session, so taken as none")
        else:
            yield _fact(own(f"tokens_per_session.{name}"), spec, amount, guess.get(f"fleet.tokens_per_session.{name}"))
    share = Spec("Share of the model", "share of 1", at_most=1)
    if group.model_mix is not None:
        for model_id, amount in group.model_mix.items():
            yield Fact(paths.of_model(group.slug, model_id), amount, share)
    else:
        for model_id, likely in _usual_model(catalog, day).items():
            yield Fact(paths.of_model(group.slug, model_id), Amount.point(likely, "assumed"), share, "The usual Claude model of that day.")


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
                yield Fact(paths.of_price(f"{option_id}.licence"), amount, _PRICE_SPEC)
        elif amount is not None or name in guess:
            yield _fact(paths.of_option(option_id, name), spec, amount, guess.get(name))
    for name, spec in BEYOND_COMPONENTS.items():
        if (estimate := getattr(catalog.options[option_id], name)) is not None:
            yield _fact(paths.of_option(option_id, name), spec, None, estimate)
    if given.server is not None:
        for name, spec, amount in given.server.amounts():
            assert amount is not None  # required fields
            yield Fact(paths.of_option(option_id, f"server.{name}"), amount, spec)


def _fact(path: str, spec: Spec, given: Amount | None, estimate: Estimate | None) -> Fact:
    if given is not None:
        return Fact(path, given, spec)
    if estimate is None:
        raise BadInput(f"estimates.yaml: {path}: no estimate for a blank. Add one with a source or an assumption.")
    low = estimate.likely if estimate.low is None else estimate.low
    high = estimate.likely if estimate.high is None else estimate.high
    why = estimate.assumption or (estimate.source.title if estimate.source else "")
    return Fact(path, Amount(low, estimate.likely, high, "assumed"), spec, why)
