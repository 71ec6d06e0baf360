"""What is known of every input of a scenario: what the team said, else an estimate of data/, with its reason."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from decision.catalog import Catalog, Estimate
from decision.catalog.token_rates import Basis, Rate
from decision.errors import BadInput
from decision.scenario import paths
from decision.scenario.model import UNITS, Group, OptionOverrides, Scenario, TokensPerHour
from decision.scenario.people import BEYOND_COMPONENTS, ENGINEER_COST, ENGINEER_SPEC, engineer_cost, people_specs
from decision.scenario.quantity import Amount, Origin, Spec
from decision.scenario.work import TOKENS, estimated

_PRICE_SPEC = Spec("Price", "USD per pricing unit", at_most=1e9)
_SHARE_SPEC = Spec("Price", "share of an amount in USD", at_most=1)
FOLLOW = ("agents_in_12_months", "open_hours_per_session")
"""Numbers of a group that stand where another one does when they are left blank: agents and active hours."""

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
    basis: Basis | None = None
    """How an estimate of work was found; None for a guess of another kind and for what was given."""

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
        if name in OF_WORK or (amount is None and (name in FOLLOW or (name == "sessions_per_day" and group.conversations_per_day is not None))):
            continue  # of the kind of work; or it follows another number of the group
        if name == "active_hours_per_session" and amount is None and group.unit:
            continue  # it follows the units of work
        key = "peak_to_average_bursty" if name == "peak_to_average" and group.load == "bursty" else name
        yield _fact(own(name), spec, amount, guess.get(f"fleet.{key}"))
    for part_name, part in (("sandbox", group.sandbox), ("per_session", group.per_session)):
        for name, spec, amount in part.amounts():
            yield _fact(own(f"{part_name}.{name}"), spec, amount, guess.get(f"fleet.{part_name}.{name}"))
    yield from _work_facts(group, catalog)
    share = Spec("Share of the model", "share of 1", at_most=1)
    if group.model_mix is not None:
        for model_id, amount in group.model_mix.items():
            yield Fact(paths.of_model(group.slug, model_id), amount, share)
    else:
        for model_id, likely in _usual_model(catalog, day).items():
            yield Fact(paths.of_model(group.slug, model_id), Amount.point(likely, "assumed"), share, "The usual Claude model of that day.")


def _work_facts(group: Group, catalog: Catalog) -> Iterator[Fact]:
    """What a group says of its work, and the rates of its kind for what it does not say and something follows from."""
    own, rates = functools.partial(paths.of_group, group.slug), catalog.token_rates
    of_kind = rates.of(group.kind)
    given = {name: Fact(own(name), amount, spec) for name, spec, amount in group.amounts() if name in OF_WORK and amount is not None}
    for part in (group.tokens_per_session, group.tokens_per_active_hour):
        prefix = "tokens_per_session" if part is group.tokens_per_session else "tokens_per_active_hour"
        given |= (
            {f"{prefix}.{name}": Fact(own(f"{prefix}.{name}"), amount, spec) for name, spec, amount in part.amounts() if amount is not None}
            if part
            else {}
        )
    yield from given.values()
    hours_follow = group.unit is not None and group.active_hours_per_session is None
    steps = sorted({step for model_id in group.model_mix or () if model_id in catalog.models for step in catalog.models[model_id].steps})

    def usual(name: str, rate: Rate, drawn: bool = True) -> Iterator[Fact]:
        if name not in given:
            amount = Amount(rate.low, rate.likely, rate.high, "assumed") if drawn else Amount.point(rate.likely, "assumed")
            yield Fact(own(name), amount, OF_WORK[name], rates.why(rate, group.kind), rate.basis)

    prompts = bool(estimated(given))
    if prompts or hours_follow:
        yield from usual("requests_per_active_hour", of_kind.model_requests)
    if hours_follow and of_kind.unit:
        yield from usual("requests_per_unit", of_kind.unit.requests)
    yield from usual("typical_prompt_tokens", of_kind.prompt_tokens, drawn=prompts)
    if "typical_prompt_tokens" not in given:
        yield from usual("long_prompt_share", of_kind.longer_than(steps[0] if steps else 0), drawn=bool(steps))
    if TOKENS["output"] not in given:
        yield from usual("tokens_per_active_hour.output", of_kind.output_tokens)
    if "web_searches_per_session" not in given and group.kind is None and "web_searches_per_active_hour" not in given:
        name = "web_searches_per_active_hour"
        yield Fact(own(name), Amount.point(0, "assumed"), OF_WORK[name], "No searches unless they or the kind of work are said.", "assumed")
    elif "web_searches_per_session" not in given:
        yield from usual("web_searches_per_active_hour", of_kind.web_searches)


OF_WORK: Mapping[str, Spec] = {
    **{name: spec for name, spec, _ in Group().amounts() if name in (
        *UNITS, "requests_per_unit", "requests_per_active_hour", "typical_prompt_tokens", "long_prompt_share", "web_searches_per_session",
        "web_searches_per_active_hour",
    )},
    **{f"tokens_per_active_hour.{name}": spec for name, spec, _ in TokensPerHour().amounts()},
}  # fmt: skip
"""Numbers of a group that its kind of work has rates for, or that count its work."""


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
    for charge in given.other_per_month:
        spec = Spec(charge.label, "USD per month", at_most=1e9)
        yield Fact(paths.of_option(option_id, f"other_per_month.{charge.slug}"), charge.usd, spec)
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
