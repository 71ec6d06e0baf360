"""Two scenarios, or two dates, side by side; and the bridge that explains the difference in dollars by cause.

    found = compare(inputs_of(before, catalog), inputs_of(after, catalog))
    steps = bridge(before, after, "managed-agents")
    steps.start + sum(steps.causes.values()) == steps.end     # USD in month 12

The bridge gives each cause its Shapley value: the average, over all orders in which the causes could have happened, of what the bill
changes when that cause is added. It depends on no order and adds up exactly; a cause in which nothing changed gets exactly 0.
Source of the method: Shapley (1953), "A value for n-person games"; its additivity and symmetry are theorems there.
"""

from __future__ import annotations

import datetime as dt
import enum
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from decision.catalog import Catalog, Value
from decision.catalog.options import FELT_BY_SOME
from decision.costs.bill import Bill, bill
from decision.costs.costs import Costed, Costs
from decision.costs.line_items import Category
from decision.costs.ownership import CostOfOwnership
from decision.costs.tokens import PRICED_BY
from decision.errors import BadInput
from decision.scenario import BEYOND_COMPONENTS, Inputs, Scenario, inputs_of, paths


class Cause(enum.StrEnum):
    """Why a bill differs."""

    PRICE = "price"  # the day's price list and negotiated prices
    VOLUME = "volume"  # agents, sessions, hours, tokens, searches and calls; groups that came or went
    MIX = "mix"  # which models, prompts long or short, in batches or not, in which region
    PEOPLE = "people"  # upkeep and what an engineer costs
    MACHINES = "machines"  # sandbox, servers, peaks, idle rules, bought components
    OPTION = "option"  # another option altogether


_MIX = ("model_mix.", *PRICED_BY)
_MACHINE_CHOICES = {
    "idle": "While a session waits", "redundant": "One server more than needed", "providers": "Server providers",
    "server": "Server of the team's own", "buys": "Bought components",
}  # fmt: skip
_PEOPLE = ("upkeep_fte", "build_weeks", "exit_weeks", "weeks_to_production", *BEYOND_COMPONENTS)


def cause_of(path: str) -> Cause:
    """The cause that an input belongs to. Inputs that no bill reads (build, exit, discount rate) stand with people."""
    parts = paths.parsed(path)
    if parts.price:
        return Cause.PRICE
    if parts.option:
        return Cause.PEOPLE if parts.name in _PEOPLE else Cause.MACHINES
    if parts.name in FELT_BY_SOME and not paths.in_a_session(parts.name):
        return Cause.MACHINES
    if parts.group:
        return Cause.MIX if parts.name.startswith(_MIX) else Cause.VOLUME
    return Cause.PEOPLE


@dataclass(frozen=True, slots=True)
class Change:
    """One input or price that differs. before or after is None where it does not exist on that side."""

    cause: Cause
    path: str
    label: str
    unit: str
    before: Value | str | None
    after: Value | str | None


@dataclass(frozen=True)
class Bridge:
    """From one month-12 bill to another, in USD. causes add up to end - start."""

    option_before: str
    option_after: str
    start: Value
    end: Value
    causes: Mapping[Cause, Value]
    changes: tuple[Change, ...]
    """What changed, in the order of the causes."""


@dataclass(frozen=True)
class Side:
    """One option in one of the two scenarios; `missing` says why when it has no price there."""

    monthly: Bill | None = None
    ownership: CostOfOwnership | None = None
    missing: str | None = None

    def of(self, category: Category) -> Value | None:
        """USD of a category in month 12; None where the option has no price."""
        return None if self.monthly is None else self.monthly.of(category)


@dataclass(frozen=True)
class Row:
    """One option in both scenarios."""

    option: str
    before: Side
    after: Side

    @property
    def monthly_change(self) -> Value | None:
        """USD by which month 12 differs; None unless both sides have a price."""
        if self.before.monthly is None or self.after.monthly is None:
            return None
        return self.after.monthly.total - self.before.monthly.total

    @property
    def total_change(self) -> Value | None:
        """USD by which the total cost of ownership differs; None unless both sides have a price."""
        if self.before.ownership is None or self.after.ownership is None:
            return None
        return self.after.ownership.total - self.before.ownership.total


@dataclass(frozen=True)
class Comparison:
    """Two scenarios side by side. cheapest_*: by total cost of ownership, None when nothing has a price."""

    before: Inputs
    after: Inputs
    rows: tuple[Row, ...]
    cheapest_before: str | None
    cheapest_after: str | None

    @property
    def flips(self) -> bool:
        """Whether the cheapest option differs."""
        return self.cheapest_before != self.cheapest_after


def compare(before: Inputs, after: Inputs, option_ids: Sequence[str] | None = None) -> Comparison:
    """Both scenarios priced for each option (those either scenario considers, unless told). Horizons may differ; totals cover each one's own."""
    options = dict.fromkeys((*before.options, *after.options)) if option_ids is None else option_ids
    costs = Costs(before), Costs(after)
    rows = tuple(Row(option, *(_side(side[option]) for side in costs)) for option in options)
    return Comparison(before, after, rows, _cheapest((r.option, r.before) for r in rows), _cheapest((r.option, r.after) for r in rows))


def _side(found: Costed | BadInput) -> Side:
    return Side(missing=str(found)) if isinstance(found, BadInput) else Side(found.bill, found.owned)


def _cheapest(sides: Iterable[tuple[str, Side]]) -> str | None:
    totals = {option: float(side.ownership.total) for option, side in sides if side.ownership is not None}
    return min(totals, key=lambda option: totals[option], default=None)


def bridge(before: Inputs, after: Inputs, option: str, option_after: str | None = None) -> Bridge:
    """The difference of two month-12 bills, by cause: of one option, or from `option` to `option_after` when the answer itself changed.

    At most 2 ** 6 bills, and only 2 ** (causes in which something changed). A price that does not exist on one of the two days (a model
    released between them) has no price change: the day that has it lends it, and its whole effect counts as mix (or option).
    Raises PriceMissing when an end of the bridge cannot be priced, BadInput when the two come from different catalogs.
    """
    if before.catalog.version != after.catalog.version:
        raise BadInput(f"the two were read with different price data ({before.catalog.version}, {after.catalog.version}). Read both again.")
    options = (option, option if option_after is None else option_after)
    start, end = bill(options[0], before), bill(options[1], after)
    sides = _aligned(before, after)
    active = _active(sides, options)
    values = {
        frozenset(chosen): bill(options[Cause.OPTION in chosen], _blend(sides, chosen)).total
        for size in range(len(active) + 1)
        for chosen in itertools.combinations(active, size)
    }
    causes = {cause: _shapley(cause, active, values) if cause in active else 0.0 for cause in Cause}
    return Bridge(*options, start.total, end.total, causes, _changes(sides, (start, end)))


def _shapley(cause: Cause, active: Sequence[Cause], values: Mapping[frozenset[Cause], Value]) -> Value:
    """Sum over the sets S without the cause of |S|! (n - |S| - 1)! / n! x (bill with S and the cause - bill with S)."""
    n = len(active)
    return sum(
        (
            math.factorial(len(rest)) * math.factorial(n - len(rest) - 1) / math.factorial(n) * (values[rest | {cause}] - values[rest])
            for rest in values
            if cause not in rest
        ),
        0.0,
    )


_Sides = tuple[Inputs, Inputs]


def _aligned(before: Inputs, after: Inputs) -> _Sides:
    """Both sides with the same groups and priced items, each bill unchanged: a group that a side lacks has no agents there."""
    one, other = _with_groups_of(before, after), _with_groups_of(after, before)
    return _with_prices_of(one, other), _with_prices_of(other, one)


def _with_groups_of(inputs: Inputs, other: Inputs) -> Inputs:
    inputs = inputs.spelled_out()  # so that groups compare whether their tokens were given or follow from a kind of work
    mine = {group.slug for group in inputs.scenario.fleet}
    lent = [group for group in other.scenario.fleet if group.slug not in mine]
    alone = other.spelled_out()
    own = {group.slug: {name: 0.0 if name in paths.SIZES else value for name, value in alone.own(group).items()} for group in lent}
    facts = [fact for group in lent for fact in paths.own(other.facts, group.slug).values()]
    return inputs.with_fleet((*inputs.scenario.fleet, *lent), own, facts)


def _with_prices_of(inputs: Inputs, other: Inputs) -> Inputs:
    """Prices that only the other day has, lent. Server plans are left alone: one that is not for sale yet would change the choice."""
    mine, theirs = inputs.prices(), other.prices()
    lent = {
        paths.of_price(price_id): theirs[price_id].amount
        for price_id in inputs.catalog.prices
        if price_id not in inputs.catalog.plans and not mine.priced(price_id) and theirs.priced(price_id)
    }
    return inputs.vary(lent)


def _active(sides: _Sides, options: tuple[str, str]) -> tuple[Cause, ...]:
    """Causes in which the two sides differ, in order."""
    found = {change.cause for change in _differing_inputs(sides, options)}
    if sides[0].as_of != sides[1].as_of:
        found.add(Cause.PRICE)
    if options[0] != options[1]:
        found.add(Cause.OPTION)
    return tuple(cause for cause in Cause if cause in found)


def _differing_inputs(sides: _Sides, options: Sequence[str]) -> list[Change]:
    """Numbers and choices that differ and that a bill of one of the two options can read."""
    found = []
    for path in dict.fromkeys((*sides[0].values, *sides[1].values)):
        before, after = (inputs.values.get(path) for inputs in sides)
        if paths.parsed(path).option not in (None, *options) or _same(before, after):
            continue
        label, unit = _named(path, sides)
        found.append(Change(cause_of(path), path, label, unit, before, after))
    for cause, path, label, *pair in _choices(sides, options):
        if pair[0] != pair[1]:
            found.append(Change(cause, path, label, "", *pair))
    return found


def differences(before: Inputs, after: Inputs, option_ids: Sequence[str]) -> tuple[Change, ...]:
    """Inputs and choices that differ and that a bill of one of these options can read; a group that one side lacks has no agents there."""
    return tuple(_differing_inputs((_with_groups_of(before, after), _with_groups_of(after, before)), option_ids))


def _same(before: Value | None, after: Value | None) -> bool:
    return before is not None and after is not None and np.array_equal(before, after)


def _named(path: str, sides: _Sides) -> tuple[str, str]:
    """Label and unit of an input, from the side that has it."""
    if model_id := paths.parsed(path).model:
        return f"Share of {sides[0].catalog.model(model_id).name}", "share of 1"
    spec = next(inputs for inputs in sides if path in inputs.values).driver_spec(path)
    return spec.label, spec.unit


def _choices(sides: _Sides, options: Sequence[str]) -> Iterator[tuple[Cause, str, str, str, str]]:
    """What is chosen and not counted: cause, path, label, and the words on both sides."""
    regions = [inputs.scenario.constraints.data_residency for inputs in sides]
    yield Cause.MIX, "constraints.data_residency", "Data residency", regions[0], regions[1]
    for option in dict.fromkeys(options):
        own = [inputs.scenario.overrides.of(option) for inputs in sides]
        billed = sides[0].catalog.option(option)
        for name, label in _MACHINE_CHOICES.items():
            unsaid = billed.idle[0] if name == "idle" and billed.idle else None
            words = [_words(getattr(choice, name) or unsaid) for choice in own]
            yield Cause.MACHINES, f"overrides.options.{option}.{name}", f"{label}, {billed.short_name}", words[0], words[1]


def _words(choice: object) -> str:
    if isinstance(choice, tuple):
        return ", ".join(choice) or "none"
    if isinstance(choice, str):
        return choice.replace("_", " ")
    return "yes" if choice is True else "no" if choice in (None, False) else "given"


def _blend(sides: _Sides, chosen: Iterable[Cause]) -> Inputs:
    """The first side with the chosen causes taken from the second."""
    after = set(chosen)

    def side(cause: Cause) -> Inputs:
        return sides[cause in after]

    values = {path: value for index, inputs in enumerate(sides) for path, value in inputs.values.items() if (cause_of(path) in after) == bool(index)}
    facts = {path: fact for index, inputs in enumerate(sides) for path, fact in inputs.facts.items() if (cause_of(path) in after) == bool(index)}
    constraints, overrides = side(Cause.MIX).scenario.constraints, side(Cause.MACHINES).scenario.overrides
    return Inputs(
        scenario=sides[0].scenario.model_copy(update={"constraints": constraints, "overrides": overrides}),
        catalog=sides[0].catalog,
        as_of=side(Cause.PRICE).as_of,
        values=values,
        facts=facts,  # a sandbox that was said sizes servers, one that is an estimate does not
    )


def _changes(sides: _Sides, bills: tuple[Bill, Bill]) -> tuple[Change, ...]:
    """Everything that differs, in the order of the causes: inputs and choices, then the unit prices of both bills."""
    found = [change for change in _differing_inputs(sides, (bills[0].option.id, bills[1].option.id)) if change.cause is not Cause.PRICE]
    prices = [{item.price.id: item.price for item in b.items} for b in bills]
    for price_id, price in prices[0].items():
        after = prices[1].get(price_id)
        if after is not None and not _same(price.amount, after.amount) and price_id in sides[0].catalog.prices:
            label = sides[0].catalog.series(price_id).description
            found.append(Change(Cause.PRICE, paths.of_price(price_id), label, f"USD per {price.pricing_unit}", price.amount, after.amount))
    return tuple(sorted(found, key=lambda change: list(Cause).index(change.cause)))


def on_day(scenario: Scenario, catalog: Catalog, day: dt.date) -> Inputs:
    """The scenario priced on another day: one side of "does last June's decision still stand?"."""
    return inputs_of(scenario.model_copy(update={"as_of": day}), catalog)


__all__ = ["Bridge", "Cause", "Change", "Comparison", "Row", "Side", "bridge", "cause_of", "compare", "differences", "on_day"]
