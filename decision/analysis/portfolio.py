"""Hybrid split: which group of agents runs where, when one option for all is not the cheapest.

    found = split(inputs, materiality_share=0.1, materiality_month=500)
    found.assignment          # {"tickets": "managed-agents", "pipeline": "vps"}
    found.material            # whether it saves enough over the best single option to be shown

Groups on the same option share what does not grow with a group: servers, plan fees, free allowances, upkeep, build and exit. Each option
that is used brings all of these with it, so the price of running two stacks is in the total.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decision.costs.bill import bill
from decision.costs.costs import Costs, ownership
from decision.costs.ownership import CostOfOwnership
from decision.errors import BadInput
from decision.scenario import Inputs, paths

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

EXACT_GROUPS = 10  # up to here every assignment is searched; beyond, one group at a time

CONVENTIONS = (
    "Every option that is used counts its own upkeep, build and exit in full, even where two of them could share work.",
    "The same engineers build one stack after the other, so the weeks to production of all stacks in use add up.",
    "Agents that change places behave as before: same sessions, tokens and machines.",
)


@dataclass(frozen=True)
class Stack:
    """One option in use, and the groups that run on it."""

    option: str
    groups: tuple[str, ...]
    ownership: CostOfOwnership
    monthly: float
    """USD in month 12."""


@dataclass(frozen=True)
class Split:
    """The cheapest assignment of groups to options, beside the best option for all of them. USD over the horizon unless said otherwise."""

    stacks: tuple[Stack, ...]
    single: str | None
    """The cheapest option that may take every group; None when no option may."""
    single_total: float | None
    single_monthly: float | None
    material: bool
    """Whether the split uses several options and saves enough to be shown; always so when no single option may take every group."""
    exact: bool
    """Whether every assignment was searched."""
    at_most_above: float
    """How far the total can lie above the cheapest assignment there is; 0 when the search was exact."""
    left_out: Mapping[str, str]
    """Options that cannot be priced for any group, with the reason."""
    conventions: tuple[str, ...] = CONVENTIONS

    @property
    def total(self) -> float:
        """Total cost of ownership of all stacks in use."""
        return float(sum(stack.ownership.total for stack in self.stacks))

    @property
    def monthly(self) -> float:
        """The month-12 bills of all stacks in use."""
        return float(sum(stack.monthly for stack in self.stacks))

    @property
    def saving(self) -> float | None:
        """What the split saves over the best single option; 0 when that option is the answer, None when there is none."""
        return None if self.single_total is None else self.single_total - self.total

    @property
    def assignment(self) -> dict[str, str]:
        """Group name -> option id."""
        return {group: stack.option for stack in self.stacks for group in stack.groups}


def split(
    inputs: Inputs,
    option_ids: Sequence[str] | None = None,
    allowed: Mapping[str, Collection[str]] | None = None,
    *,
    materiality_share: float,
    materiality_month: float,
    exact_groups: int = EXACT_GROUPS,
) -> Split:
    """The assignment of the scenario's groups to `option_ids` (its own unless told) with the lowest total cost of ownership.

    allowed: group name -> options that its constraints leave; a group that is not named may go anywhere.
    materiality_share, materiality_month: a split is material when it saves at least this share of the best single option's total and at
    least this many USD a month, averaged over the horizon.
    exact_groups: up to so many groups every assignment is searched; beyond, one group is moved at a time and the result states its bound.
    Raises BadInput when a group may go nowhere, or when the inputs are draws instead of points.
    """
    if inputs.has_arrays:
        raise BadInput("a split is searched at one point, and these inputs are arrays. Give the inputs before they are drawn or swept.")
    names = [group.name for group in inputs.scenario.fleet]
    candidates = list(inputs.options if option_ids is None else option_ids)
    open_to, left_out = _open_to(inputs, candidates, allowed or {})
    for group, options in zip(names, open_to, strict=True):
        if not options:
            why = "".join(f" {reason}" for reason in left_out.values())
            raise BadInput(f'no option is left for the group "{group}". Relax one of its constraints, or name more options under consider.{why}')
    search = _Search(inputs, tuple(o for o in candidates if any(o in fits for fits in open_to)), tuple(open_to))
    exact = len(names) <= exact_groups
    single = search.best_single()
    places = search.exact() if exact else search.descended(single)
    used = search.cheapest([single, places] if single else [places])
    stacks = tuple(_stack(inputs, option, [n for n, place in zip(names, used, strict=True) if place == option]) for option in dict.fromkeys(used))
    whole = _stack(inputs, single[0], names) if single else None
    found = Split(
        stacks, single[0] if single else None, float(whole.ownership.total) if whole else None, whole.monthly if whole else None, False, exact,
        0.0 if exact else (total := float(search.totals([used])[0])) - search.at_least(total), left_out,
    )  # fmt: skip
    return dataclasses.replace(found, material=_material(found, inputs.scenario.horizon_months, materiality_share, materiality_month))


def _material(found: Split, months: int, share: float, month: float) -> bool:
    if len(found.stacks) < 2:
        return False
    if found.saving is None or found.single_total is None:
        return True
    return found.saving >= share * found.single_total and found.saving >= month * months and found.saving > 0


def _stack(inputs: Inputs, option: str, groups: Sequence[str]) -> Stack:
    part = only(inputs, groups)
    costed = Costs(part).costed(option)
    return Stack(option, tuple(groups), costed.owned, float(costed.bill.total))


def only(inputs: Inputs, groups: Collection[str]) -> Inputs:
    """The same inputs with these groups (by name) as the whole fleet."""
    return inputs.with_fleet(group for group in inputs.scenario.fleet if group.name in groups)


def _open_to(inputs: Inputs, candidates: Sequence[str], allowed: Mapping[str, Collection[str]]) -> tuple[list[frozenset[str]], dict[str, str]]:
    """The options each group may take and that can be priced for it, and the options that can be priced for none."""
    unknown = allowed.keys() - {group.name for group in inputs.scenario.fleet}
    if unknown:
        raise BadInput(f'"{min(unknown)}" is not a group of the fleet. Groups: {", ".join(group.name for group in inputs.scenario.fleet)}.')
    reasons: dict[str, str] = {}
    found = []
    for group in inputs.scenario.fleet:
        may = [option for option in candidates if option in allowed.get(group.name, candidates)]
        fits = Costs(only(inputs, (group.name,))).priced(may)
        reasons |= {option: why for option, why in fits.left_out.items() if option not in reasons}
        found.append(frozenset(fits.ids))
    return found, {option: reason for option, reason in reasons.items() if not any(option in fits for fits in found)}


Places = tuple[str, ...]
"""An assignment: the option of each group, in the order of the fleet."""


@dataclass(frozen=True)
class _Search:
    """Total cost of ownership of any assignment of groups to options, and the cheap ones among them."""

    inputs: Inputs
    options: Places
    open_to: tuple[frozenset[str], ...]  # per group

    def totals(self, assignments: Sequence[Places]) -> Floats:
        """USD of each assignment, shape (assignments,). One array evaluation per option."""
        table = np.array(assignments)
        total = np.zeros(len(assignments))
        for option in self.options:
            members = table == option
            if members.any():
                total = total + np.where(members.any(axis=1), _costs_of(self.inputs, option, members), 0.0)
        return total

    def cheapest(self, assignments: Sequence[Places]) -> Places:
        """The cheapest of some assignments; of equals the first."""
        return assignments[int(self.totals(assignments).argmin())]

    def best_single(self) -> Places | None:
        """The cheapest option that may take every group, for every group; None when no option may."""
        everywhere = [(option,) * len(self.open_to) for option in self.options if all(option in fits for fits in self.open_to)]
        return self.cheapest(everywhere) if everywhere else None

    def exact(self) -> Places:
        """The cheapest assignment of all: the best way to place each set of groups on the first i options, for i = 1, 2, ...

        A set of groups is a number with one bit a group. Work: options x 3 ** groups additions, in options x 2 ** groups array operations.
        """
        sets = np.arange(1 << len(self.open_to))
        best = np.where(sets == 0, 0.0, np.inf)
        taken = np.zeros((len(self.options), len(sets)), dtype=np.int64)
        for i, option in enumerate(self.options):
            may = sum(1 << g for g, fits in enumerate(self.open_to) if option in fits)
            costs = _costs_of(self.inputs, option, _members(sets & may, len(self.open_to)))
            before = best.copy()
            for part in sets[(sets & ~may == 0) & (sets > 0)]:
                wholes = sets[sets & part == part]
                cost = before[wholes & ~part] + costs[part]
                better = cost < best[wholes]
                best[wholes[better]], taken[i, wholes[better]] = cost[better], part
        return self._traced(taken)

    def _traced(self, taken: npt.NDArray[np.int64]) -> Places:
        """The assignment behind the cheapest way to place all groups: taken[i, set] is the part of the set that option i takes."""
        places = [""] * len(self.open_to)
        left = taken.shape[1] - 1
        for i in reversed(range(len(self.options))):
            part = int(taken[i, left])
            for g in range(len(places)):
                if part >> g & 1:
                    places[g] = self.options[i]
            left &= ~part
        return tuple(places)

    def descended(self, single: Places | None) -> Places:
        """From the best single option, and from every group at its own cheapest: move the one group that saves most, until none saves."""
        eye = np.eye(len(self.open_to), dtype=bool)
        alone = np.array([np.where(self._may(o), _costs_of(self.inputs, o, eye & self._may(o)), np.inf) for o in self.options])
        own = tuple(self.options[i] for i in alone.argmin(axis=0))
        return self.cheapest([self._settled(start) for start in (single, own) if start])

    def _settled(self, places: Places) -> Places:
        while True:
            moves = [(*places[:g], option, *places[g + 1 :]) for g, fits in enumerate(self.open_to) for option in sorted(fits) if option != places[g]]
            best = self.cheapest([places, *moves])  # the first of equals, so every further step is a real saving
            if best == places:
                return places
            places = best

    def at_least(self, found: float) -> float:
        """A total that no assignment can undercut; `found` is the total of one of them.

        With servers, fees and whatever else belongs to no group taken as free, a group never costs less in company than alone (free
        allowances are largest alone). So for any set of options in use: what each costs for being there at all, plus each group at its
        cheapest place among them. The least of these over all sets; a set that already exceeds `found` need not be finished.
        """
        lists = np.vstack([np.eye(len(self.open_to), dtype=bool), np.zeros(len(self.open_to), dtype=bool)])
        table = np.array([_costs_of(_without_shared_prices(self.inputs, o, self._may(o)), o, lists & self._may(o)) for o in self.options])
        being_there = table[:, -1]
        alone = np.where([self._may(o) for o in self.options], table[:, :-1] - being_there[:, np.newaxis], np.inf)
        floor, least = float(alone.min(axis=0).sum()), found
        for size in range(1, len(self.options) + 1):
            for used in map(list, itertools.combinations(range(len(self.options)), size)):
                there = float(being_there[used].sum())
                if there + floor < least:
                    least = min(least, there + float(alone[used].min(axis=0).sum()))
        return least

    def _may(self, option: str) -> Mask:
        return np.array([option in fits for fits in self.open_to])


def _members(sets: npt.NDArray[np.int64], groups: int) -> Mask:
    """Which groups are in each set, shape (sets, groups)."""
    return np.asarray(sets[:, np.newaxis] >> np.arange(groups) & 1, dtype=bool)


def _costs_of(inputs: Inputs, option: str, members: Mask) -> Floats:
    """Total cost of ownership of an option for each set of groups at once, shape (sets,): a group outside a set has no agents in it.

    members: shape (sets, groups).
    """
    fleet = inputs.scenario.fleet
    inside = np.flatnonzero(members.any(axis=0))
    part = only(inputs.scaled({fleet[g].slug: members[:, g].astype(float) for g in inside}), [fleet[g].name for g in inside])
    return np.broadcast_to(np.asarray(ownership(option, part).total, dtype=float), (len(members),))


def _without_shared_prices(inputs: Inputs, option: str, may: Mask) -> Inputs:
    """The inputs with a price of 0 for every line of the option's bill that belongs to no group, upkeep apart."""
    part = only(inputs, [group.name for group, open_ in zip(inputs.scenario.fleet, may, strict=True) if open_])
    shared = {item.price.id for item in bill(option, part).items if item.group is None} & inputs.catalog.prices.keys()
    free = [paths.of_price(price_id) for price_id in shared | inputs.catalog.plans.keys()]
    own_server = paths.of_option(option, "server.price_month")
    return inputs.vary(dict.fromkeys([*free, own_server] if own_server in inputs.values else free, 0.0))


__all__ = ["CONVENTIONS", "EXACT_GROUPS", "Split", "Stack", "only", "split"]
