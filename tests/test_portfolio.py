"""The hybrid split: never dearer than the best single option, and exactly the cheapest where it says so."""

import datetime as dt
import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decision.analysis.portfolio import Split, only, split
from decision.costs.bill import bill
from decision.costs.costs import ownership
from decision.costs.line_items import Category
from decision.errors import BadInput
from decision.loading import load
from decision.scenario import Inputs, inputs_of, scenario_from

CATALOG = load()
DAY = dt.date(2026, 11, 20)
OPTIONS = ("managed-agents", "agentcore-v1", "vps")


def inputs(*fleet: dict[str, Any], **options: Any) -> Inputs:
    content = {"fleet": list(fleet), "overrides": {"options": {"vps": {"upkeep_fte": 0.1, "build_weeks": 6}, **options}}}
    return inputs_of(scenario_from(content), CATALOG, DAY)


# What people cost, as the team says, so that a split is about machines and runtime.
OWN_PEOPLE = {
    "managed-agents": {"upkeep_fte": 0.05, "build_weeks": 2, "exit_weeks": 8},
    "agentcore-v1": {"upkeep_fte": 0.15, "build_weeks": 6, "exit_weeks": 5},
    "vps": {"upkeep_fte": 0.1, "build_weeks": 6, "exit_weeks": 1},
}


def best(given_inputs: Inputs, share: float = 0.1, month: float = 500, **more: Any) -> Split:
    return split(given_inputs, OPTIONS, materiality_share=share, materiality_month=month, **more)


groups = st.fixed_dictionaries(
    {
        "agents": st.integers(1, 200),
        "agents_in_12_months": st.integers(1, 200),
        "active_hours_per_session": st.floats(0.1, 24),
        "peak_to_average": st.floats(1, 60),
        "web_searches_per_session": st.integers(0, 3),
    }
)
fleets = st.lists(groups, min_size=1, max_size=3).map(lambda fleet: [{"name": f"group {i}", **group} for i, group in enumerate(fleet)])


def brute_force(given_inputs: Inputs) -> float:
    """The cheapest of all options ** groups assignments, each priced as fleets of their own."""
    names = [group.name for group in given_inputs.scenario.fleet]
    totals = []
    for places in itertools.product(OPTIONS, repeat=len(names)):
        stacks = {o: [n for n, place in zip(names, places, strict=True) if place == o] for o in set(places)}
        totals.append(sum(float(ownership(o, only(given_inputs, stack)).total) for o, stack in stacks.items()))
    return min(totals)


@settings(max_examples=25, deadline=None)
@given(fleets)
def test_the_exact_search_finds_the_cheapest_assignment(fleet: list[dict[str, Any]]) -> None:
    found = best(inputs(*fleet))
    assert found.exact
    assert found.at_most_above == 0
    assert found.total == pytest.approx(brute_force(inputs(*fleet)), rel=1e-9)
    assert found.single_total is not None
    assert found.total <= found.single_total
    assert set(found.assignment) == {group["name"] for group in fleet}


@settings(max_examples=25, deadline=None)
@given(fleets)
def test_moving_one_group_at_a_time_keeps_its_stated_bound(fleet: list[dict[str, Any]]) -> None:
    found, cheapest = best(inputs(*fleet), exact_groups=0), best(inputs(*fleet)).total
    assert not found.exact
    assert found.single_total is not None
    assert cheapest * (1 - 1e-9) <= found.total <= found.single_total
    assert found.total - found.at_most_above <= cheapest * (1 + 1e-9)


# Two hundred agents around the clock with a steady load, and fifty that work six minutes a day, at peaks of a hundred times the mean.
LIGHT = {"input": 10_000, "cache_read": 40_000, "cache_write_5m": 0, "cache_write_1h": 0, "output": 15_000}
BASE = {"name": "base", "tokens_per_session": LIGHT, "agents": 200, "active_hours_per_session": 24}
BURST = {"name": "burst", "tokens_per_session": LIGHT, "agents": 50, "active_hours_per_session": 0.1, "peak_to_average": 100}


def base_and_burst() -> Inputs:
    return inputs(BASE, BURST, **OWN_PEOPLE)


def test_base_load_on_servers_and_bursts_on_the_managed_runtime() -> None:
    found = best(base_and_burst())
    assert found.assignment == {"base": "vps", "burst": "managed-agents"}
    assert found.material
    assert found.saving is not None
    assert found.saving > 0
    # both stacks bring their own upkeep: 0.1 and 0.05 FTE x 194,315 / 12
    upkeep = sum(float(bill(stack.option, only(base_and_burst(), stack.groups)).of(Category.UPKEEP)) for stack in found.stacks)
    assert upkeep == pytest.approx(0.15 * 194315 / 12)


def test_a_split_is_shown_only_when_it_saves_enough() -> None:
    saving = best(base_and_burst()).saving
    assert saving
    assert not best(base_and_burst(), month=saving / 24 * 1.01).material
    assert not best(base_and_burst(), share=0.99).material
    assert best(base_and_burst(), share=0, month=saving / 24 * 0.99).material


def test_one_option_for_all_is_no_split() -> None:
    found = best(inputs({"name": "few", "agents": 1}, {"name": "fewer", "agents": 1}), share=0, month=0)
    assert (len(found.stacks), found.single, found.saving, found.material) == (1, "managed-agents", 0.0, False)


def test_constraints_of_a_group_are_kept() -> None:
    found = best(inputs(BASE, BURST), allowed={"burst": {"agentcore-v1"}, "base": {"vps", "managed-agents"}})
    assert found.assignment["burst"] == "agentcore-v1"
    assert (found.single, found.saving) == (None, None)
    assert found.material  # no single option may take both, so the split is the answer
    same = best(inputs(BASE, BURST), allowed={"burst": {"agentcore-v1"}, "base": {"vps", "managed-agents"}}, exact_groups=0)
    assert same.assignment == found.assignment


def test_many_groups_are_searched_in_bounded_time_and_stay_below_the_single_option() -> None:
    fleet = [{**(BASE if i % 2 else BURST), "name": f"group {i}"} for i in range(14)]
    found = best(inputs(*fleet, **OWN_PEOPLE))
    assert not found.exact
    assert found.single_total is not None
    assert found.total < found.single_total
    assert 0 <= found.at_most_above < found.total


def test_a_group_that_may_go_nowhere_is_named() -> None:
    with pytest.raises(BadInput, match='no option is left for the group "burst"'):
        best(inputs(BASE, BURST), allowed={"burst": set()})
    early = inputs_of(scenario_from({"as_of": "2026-09-01", "fleet": [BASE]}), CATALOG)
    with pytest.raises(BadInput, match=r"agentcore-v2\.vcpu: no price on 2026-09-01"):
        split(early, ("agentcore-v2",), materiality_share=0, materiality_month=0)
    with pytest.raises(BadInput, match='"bursts" is not a group'):
        best(inputs(BASE, BURST), allowed={"bursts": {"vps"}})


def test_an_option_without_a_price_is_left_out_with_its_reason() -> None:
    early = inputs_of(scenario_from({"as_of": "2026-09-01", "fleet": [BASE, BURST]}), CATALOG)
    found = split(early, ("managed-agents", "agentcore-v2"), materiality_share=0.1, materiality_month=500)
    assert set(found.left_out) == {"agentcore-v2"}
    assert {stack.option for stack in found.stacks} == {"managed-agents"}


def test_arrays_are_refused() -> None:
    with pytest.raises(BadInput, match="searched at one point"):
        best(inputs(BASE).vary({"agents": np.array([1.0, 2.0])}))
