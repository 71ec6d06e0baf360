"""Plans of vendors: the cheapest that allows what is used, and what a plan that the team names does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from decision.costs.bill import bill
from decision.costs.costs import Costs
from decision.errors import BadInput
from decision.loading import load
from decision.recommendation import recommend
from decision.scenario import Inputs, inputs_of, scenario_from
from decision.scenario.link import open_link
from tests.test_link import packed
from tests.unpublished import unpublished

CATALOG, DAY = load(), dt.date(2026, 11, 20)
PLANNED = {option_id: option for option_id, option in CATALOG.options.items() if option.planned}
CHOICE = {option_id: option for option_id, option in PLANNED.items() if len(option.plan_names) > 1}

groups = st.fixed_dictionaries({
    "agents": st.integers(0, 1500),
    "days_per_month": st.integers(1, 31),
    "sessions_per_day": st.floats(0.1, 40),
    "active_hours_per_session": st.floats(0.01, 30),
    "pauses_per_session": st.just(0),
    "sandbox": st.fixed_dictionaries({"vcpu": st.sampled_from([0.5, 1, 2]), "memory_gb": st.sampled_from([0.5, 2, 4])}),
})  # fmt: skip
fleets = st.lists(groups, min_size=1, max_size=3).map(lambda found: [{"name": f"g{n}", **group} for n, group in enumerate(found)])


def fleet_inputs(fleet: list[dict[str, Any]], **options: dict[str, Any]) -> Inputs:
    own = {"options": {name.replace("_", "-"): own for name, own in options.items()}, "prices": unpublished(CATALOG, DAY)}
    said = {"as_of": str(DAY), "fleet": fleet, "overrides": own}
    return inputs_of(scenario_from(said), CATALOG)


def allowed(inputs: Inputs, option_id: str) -> list[str]:
    """Plans that allow what is used, from the figures of the fleet."""
    planned = CATALOG.options[option_id].planned
    assert planned is not None
    names = []
    own = [inputs.own(group) for group in inputs.scenario.fleet]
    at_once = [float(each["agents"]) * max(1.0, float(each["sessions_per_day"]) * float(each["active_hours_per_session"]) / 24) for each in own]
    for plan in planned.plans:
        used = {
            "concurrent_sessions": sum(at_once),
            "session_hours": max(float(each["active_hours_per_session"]) for each in own),
            "vcpu_at_once": sum(n * float(each["sandbox.vcpu"]) for n, each in zip(at_once, own, strict=True)),
            "memory_gb_at_once": sum(n * float(each["sandbox.memory_gb"]) for n, each in zip(at_once, own, strict=True)),
        }
        within = all(getattr(plan, name) is None or value <= getattr(plan, name) for name, value in used.items())
        charged: dict[str, float] = {}
        for item in bill(option_id, inputs).items:
            if float(item.quantity) > 0:
                charged[item.price.id] = charged.get(item.price.id, 0.0) + float(item.quantity)
        if within and (plan.overage or all(charged.get(price_id, 0.0) <= most for price_id, most in plan.includes.items())):
            names.append(plan.name)
    return names


@pytest.mark.parametrize("option_id", CHOICE)
@given(fleet=fleets)
def test_the_plan_is_the_cheapest_that_allows_what_is_used(option_id: str, fleet: list[dict[str, Any]]) -> None:
    """Every plan tried one by one."""
    inputs = fleet_inputs(fleet)
    candidates = allowed(inputs, option_id) or [CHOICE[option_id].plan_names[-1]]
    tried = {name: float(bill(option_id, fleet_inputs(fleet, **{option_id: {"plan": name}})).total) for name in candidates}
    found = bill(option_id, inputs)
    assert found.plan in candidates
    assert float(found.total) == pytest.approx(min(tried.values()), rel=1e-12)


@pytest.mark.parametrize("option_id", PLANNED)
@given(fleet=fleets)
def test_what_is_included_is_at_most_what_is_used_and_never_more_than_the_plan_says(option_id: str, fleet: list[dict[str, Any]]) -> None:
    items = bill(option_id, fleet_inputs(fleet)).items
    used: dict[str, float] = {}
    for item in items:
        used[item.price.id] = used.get(item.price.id, 0.0) + float(item.quantity)
    assert all(quantity >= -1e-9 for quantity in used.values())
    planned = CATALOG.options[option_id].planned
    assert planned is not None
    most = {price_id: max(plan.includes.get(price_id, 0.0) for plan in planned.plans) for plan in planned.plans for price_id in plan.includes}
    if not any(plan.included_use for plan in planned.plans):
        assert all(-float(item.quantity) <= most[item.price.id] * (1 + 1e-9) for item in items if float(item.quantity) < 0)


def test_of_many_draws_each_has_its_own_plan() -> None:
    inputs = fleet_inputs([{"agents": 1, "active_hours_per_session": 0.5, "pauses_per_session": 0}])
    agents = [1.0, 20.0, 21.0, 100.0, 101.0, 600.0, 601.0, 1100.0, 5000.0]
    found = bill("e2b", inputs.vary({"agents": np.array(agents)}))
    fees = sum(np.asarray(item.cost) for item in found.items if item.label.startswith("Plan: "))
    assert fees.tolist() == [0, 0, 150, 150, 650, 650, 1150, 1150, 1150]
    assert found.plan == "Hobby or Pro or Pro, 600 at once or Pro, 1,100 at once"


def test_a_plan_that_allows_less_than_is_used_rules_the_option_out_by_name() -> None:
    fleet = [{"agents": 30, "active_hours_per_session": 0.5, "pauses_per_session": 0}]
    found = recommend(_considering(fleet, "Hobby"))
    hit = next(hit for hit in found.verdict.gates if "e2b" in hit.removes)
    assert hit.id == "concurrent_sessions"
    assert hit.because == "At the peak 30 sessions are open at once, and at most 20 may be."
    assert not any("e2b" in hit.removes for hit in recommend(_considering(fleet, "Pro")).verdict.gates)
    assert not any("e2b" in hit.removes for hit in recommend(_considering(fleet, None)).verdict.gates)


def _considering(fleet: list[dict[str, Any]], plan: str | None) -> Inputs:
    said = {"as_of": "2026-11-20", "fleet": fleet, "consider": ["e2b", "vps"], "overrides": {"options": {"e2b": {"plan": plan}}}}
    return inputs_of(scenario_from(said), CATALOG)


def test_a_plan_nobody_offers_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(BadInput) as refusal:
        fleet_inputs([{}], e2b={"plan": "Proo"})
    assert refusal.value.problems == ('overrides.options.e2b.plan: "Proo" is not a known plan of E2B sandboxes, own harness. Did you mean "Pro"?',)


def test_a_link_with_a_plan_that_is_gone_opens_and_says_so() -> None:
    opened = open_link(packed({"fleet": [{}], "overrides": {"options": {"e2b": {"plan": "Gone", "upkeep_fte": 0.5}}}}), CATALOG)
    assert opened.dropped == ('overrides.options.e2b.plan: "Gone" is not known here, so the cheapest that allows what is used is taken.',)
    assert opened.scenario.overrides.options["e2b"].upkeep_fte is not None


def test_on_a_day_without_a_fee_the_missing_price_is_named() -> None:
    said = {"as_of": "2026-09-01", "fleet": [{}], "consider": ["e2b", "vps"]}
    reason = str(Costs(inputs_of(scenario_from(said), CATALOG))["e2b"])
    assert reason.startswith("e2b.hobby-plan: no price on 2026-09-01")


@pytest.mark.parametrize(
    ("said", "gate"),
    [
        ({"sandbox": {"vcpu": 1, "memory_gb": 8}}, "vercel sandbox_memory_per_cpu"),
        ({"active_hours_per_session": 25}, "modal session_length"),
        ({"active_hours_per_session": 25}, "e2b session_length"),
        ({"active_hours_per_session": 6}, "vercel session_length"),
        ({"agents": 501, "sandbox": {"vcpu": 1, "memory_gb": 1}}, "daytona pool_of_cpu"),
        ({"agents": 300, "sandbox": {"vcpu": 1, "memory_gb": 4}}, "daytona pool_of_memory"),
        ({"agents": 1101}, "e2b concurrent_sessions"),
        ({"open_hours_per_session": 9, "pauses_per_session": 2}, "openai-containers longest_pause"),
    ],
)
def test_published_limits_of_sandboxes_rule_them_out(said: dict[str, Any], gate: str) -> None:
    option, expected = gate.split()
    content = {"as_of": "2026-11-20", "fleet": [{"agents": 2, "model_mix": {"gpt-5.6-terra": 1}, **said}], "consider": ["all"]}
    found = recommend(inputs_of(scenario_from(content), CATALOG)).verdict
    assert expected in [hit.id for hit in found.gates if option in hit.removes]


# -- what else an option costs -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ([{"label": "Support", "usd": -1}], "it must be at least 0 (USD per month)"),
        ([{"label": "Support", "usd": 1}, {"label": "support", "usd": 2}], 'two other costs are called "Support"'),
        ([{"label": " ", "usd": 1}], "the name is empty"),
        ([{"label": "Support"}], "usd"),
        ([{"label": f"n{n}", "usd": 1} for n in range(21)], "other_per_month"),
        ("Support", '"Support" does not say what it costs. Write a name and USD a month, such as Support: 100.'),
        ("Support: much", '"much" is not a number'),
    ],
)
def test_other_costs_that_cannot_be_read_are_refused(said: Any, problem: str) -> None:
    with pytest.raises(BadInput) as refusal:
        fleet_inputs([{}], modal={"other_per_month": said})
    assert problem in refusal.value.problems[0]
    assert "other_per_month" in refusal.value.problems[0]


def test_other_costs_may_be_typed_in_one_line_and_are_drawn_like_every_figure() -> None:
    inputs = fleet_inputs([{}], modal={"other_per_month": "Support: 100; Audit of 2026: 20 to 40"})
    assert [(charge.label, charge.usd.likely) for charge in inputs.scenario.overrides.options["modal"].other_per_month] == [
        ("Support", 100), ("Audit of 2026", 30),
    ]  # fmt: skip
    path = "options.modal.other_per_month.audit-of-2026"
    usual = float(bill("modal", inputs).total)
    assert bill("modal", inputs.vary({path: np.array([20.0, 40.0])})).total.tolist() == pytest.approx([usual - 10, usual + 10])
    assert inputs.facts[path].amount.low == 20
