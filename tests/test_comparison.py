"""Two scenarios side by side, and a bridge between their bills that adds up whatever changed."""

import dataclasses
import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decision.analysis.comparison import Cause, bridge, cause_of, compare, on_day
from decision.costs.bill import bill
from decision.errors import BadInput, PriceMissing
from decision.loading import load
from decision.scenario import Inputs, inputs_of, scenario_from

CATALOG = load()
TODAY, SEPTEMBER = "2026-11-20", "2026-09-30"
OWN = {"managed-agents": {"upkeep_fte": 0.05, "build_weeks": 2, "exit_weeks": 8}, "vps": {"upkeep_fte": 0.4, "build_weeks": 15, "exit_weeks": 1}}


LIGHT = {"input": 10_000, "cache_read": 40_000, "cache_write_5m": 0, "cache_write_1h": 0, "output": 15_000}
TICKETS = {"name": "tickets", "agents": 3, "tokens_per_session": LIGHT}


def inputs(as_of: str = TODAY, **content: Any) -> Inputs:
    return inputs_of(scenario_from({"as_of": as_of, "fleet": [TICKETS], **content}), CATALOG)


def group(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"name": st.just(name), "agents": st.integers(0, 60)},
        optional={
            "agents_in_12_months": st.integers(0, 60),
            "open_hours_per_session": st.floats(8, 24),
            "model_mix": st.sampled_from([{"claude-opus-5-5": 1}, {"claude-sonnet-5-5": 0.4, "claude-haiku-4-5": 0.6}]),
            "sandbox": st.fixed_dictionaries({"vcpu": st.floats(0.5, 4)}),
            "batchable_share": st.floats(0, 1),
            "web_searches_per_session": st.integers(0, 4),
        },
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Inputs:
    names = draw(st.sets(st.sampled_from(["tickets", "pipeline", "inbox"]), min_size=1))
    options = st.fixed_dictionaries(
        {},
        optional={
            "vps": st.fixed_dictionaries(
                {}, optional={"upkeep_fte": st.floats(0, 1), "redundant": st.booleans(), "buys": st.just(["langfuse-core"])}
            ),
            "agentcore-v1": st.fixed_dictionaries({}, optional={"stops_sessions": st.booleans(), "idle_timeout_seconds": st.integers(60, 900)}),
        },
    )
    overrides = st.fixed_dictionaries({"options": options}, optional={"prices": st.just({"managed-agents.session": 0.06})})
    return inputs(
        draw(st.sampled_from([TODAY, SEPTEMBER])),
        fleet=[draw(group(name)) for name in sorted(names)],
        overrides=draw(overrides),
        team=draw(st.fixed_dictionaries({}, optional={"engineer_cost_per_year": st.floats(80_000, 300_000)})),
        constraints={"data_residency": draw(st.sampled_from(["none", "vendor_region"]))},
    )


ids = st.sampled_from(["managed-agents", "agentcore-v1", "agentcore-v2", "vps"])


@settings(max_examples=60, deadline=None)
@given(scenarios(), scenarios(), ids, ids)
def test_the_causes_add_up_to_the_difference_and_turn_round(before: Inputs, after: Inputs, one: str, other: str) -> None:
    steps, back = bridge(before, after, one, other), bridge(after, before, other, one)
    assert steps.start == pytest.approx(bill(one, before).total)
    assert steps.end == pytest.approx(bill(other, after).total)
    assert steps.start + sum(steps.causes.values()) == pytest.approx(steps.end, rel=1e-9, abs=1e-9)
    for cause in Cause:  # order-free: the way back is the same way
        assert steps.causes[cause] == pytest.approx(-back.causes[cause], rel=1e-6, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(scenarios(), ids)
def test_no_change_is_an_empty_bridge(same: Inputs, option: str) -> None:
    steps = bridge(same, same, option)
    assert steps.changes == ()
    assert set(steps.causes.values()) == {0.0}


@pytest.mark.parametrize(
    ("change", "option", "cause", "dollars"),
    [
        # 3 x 8 x 30 session-hours
        ({"overrides": {"options": OWN, "prices": {"managed-agents.session": 0.06}}}, "managed-agents", Cause.PRICE, -0.02 * 720),
        ({"fleet": [{**TICKETS, "agents": 4}]}, "agentcore-v1", Cause.VOLUME, None),
        ({"fleet": [{**TICKETS, "model_mix": {"claude-opus-5-5": 1}}]}, "managed-agents", Cause.MIX, None),
        ({"team": {"engineer_cost_per_year": 120_000}}, "managed-agents", Cause.PEOPLE, 0.05 * (120_000 - 194_315) / 12),
        ({"overrides": {"options": OWN, "people": {"fleet.attention_hours": 0}}}, "agentcore-v1", Cause.PEOPLE, None),
        # one vCPU more, 20 % busy for 720 hours, at 0.0895 a vCPU-hour
        ({"fleet": [{**TICKETS, "sandbox": {"vcpu": 2}}]}, "agentcore-v1", Cause.MACHINES, 720 * 0.2 * 0.0895),
    ],
)
def test_a_single_change_is_all_of_its_cause(change: dict[str, Any], option: str, cause: Cause, dollars: float | None) -> None:
    before = {"overrides": {"options": OWN}, "team": {"engineer_cost_per_year": 194_315}}
    steps = bridge(inputs(**before), inputs(**{**before, **change}), option)
    assert steps.causes[cause] == pytest.approx(steps.end - steps.start)
    assert steps.causes[cause] != 0
    assert all(steps.causes[other] == 0 for other in Cause if other is not cause)
    assert {found.cause for found in steps.changes} == {cause}
    if dollars is not None:
        assert steps.causes[cause] == pytest.approx(dollars)


def test_two_causes_share_what_they_do_together() -> None:
    # 3 -> 6 agents and 0.08 -> 0.06 USD an hour at 240 h a month and agent; the 3 x 240 x -0.02 that both make is halved between them.
    # volume also buys 3 agents' tokens, which the session price does not touch.
    after = inputs(fleet=[{"name": "tickets", "agents": 6}], overrides={"prices": {"managed-agents.session": 0.06}})
    steps = bridge(inputs(), after, "managed-agents")
    assert steps.causes[Cause.PRICE] == pytest.approx(-0.02 * 240 * (3 + 6) / 2)


def test_a_group_that_comes_is_volume() -> None:
    more = inputs(fleet=[TICKETS, {"name": "inbox", "agents": 2, "model_mix": {"claude-opus-5-5": 1}}])
    steps = bridge(inputs(), more, "managed-agents")
    assert steps.causes[Cause.VOLUME] == pytest.approx(steps.end - steps.start)
    assert [(change.path, change.before, change.after) for change in steps.changes] == [("fleet.inbox.agents", 0.0, 2.0)]


def test_another_option_is_a_cause_of_its_own() -> None:
    steps = bridge(inputs(), inputs(), "managed-agents", "vps")
    assert steps.causes[Cause.OPTION] == pytest.approx(bill("vps", inputs()).total - bill("managed-agents", inputs()).total)


def test_between_two_dates_the_price_list_explains_the_difference() -> None:
    # Sonnet 5.5 cache reads fell from 0.20 to 0.10 on 2026-10-07: 90 sessions x 40,000 tokens x -0.10 / 1 M
    scenario = inputs().scenario
    steps = bridge(on_day(scenario, CATALOG, dt.date(2026, 9, 30)), on_day(scenario, CATALOG, dt.date(2026, 11, 20)), "managed-agents")
    assert steps.causes[Cause.PRICE] == pytest.approx(-0.36)
    assert [change.path for change in steps.changes] == ["prices.claude-sonnet-5-5.cache_read"]


def test_a_model_that_did_not_exist_on_the_first_day_counts_as_mix() -> None:
    scenario = scenario_from({"fleet": [{"name": "tickets", "agents": 3}]})
    steps = bridge(on_day(scenario, CATALOG, dt.date(2026, 5, 1)), on_day(scenario, CATALOG, dt.date(2026, 11, 20)), "managed-agents")
    assert steps.causes[Cause.MIX] == pytest.approx(steps.end - steps.start)
    assert {change.path for change in steps.changes} == {f"fleet.tickets.model_mix.claude-sonnet-{version}" for version in ("4-6", "5-5")}


def test_an_end_without_a_price_is_an_error_and_a_row_without_a_price_says_so() -> None:
    early = inputs("2026-09-01", fleet=[{"name": "tickets", "agents": 3, "model_mix": {"claude-sonnet-5": 1}}])
    with pytest.raises(PriceMissing, match="2026-09-18"):
        bridge(early, inputs(), "agentcore-v2")
    row = next(row for row in compare(early, inputs()).rows if row.option == "agentcore-v2")
    assert (row.monthly_change, row.total_change, row.before.monthly) == (None, None, None)
    assert "2026-09-18" in (row.before.missing or "")


def test_side_by_side() -> None:
    team = {"engineer_cost_per_year": 194_315}
    after = {**OWN, "vps": {"upkeep_fte": 0, "build_weeks": 0, "exit_weeks": 1}}
    found = compare(inputs(team=team, overrides={"options": OWN}), inputs(team=team, overrides={"options": after}))
    assert (found.cheapest_before, found.cheapest_after, found.flips) == ("managed-agents", "vps", True)
    row = next(row for row in found.rows if row.option == "vps")
    assert row.monthly_change == pytest.approx(-0.4 * 194_315 / 12)
    assert compare(inputs(), inputs()).flips is False
    assert {row.option for row in compare(inputs(), inputs(consider=["e2b"])).rows} >= {"vps", "e2b"}


def test_every_input_has_a_cause() -> None:
    causes = {path: cause_of(path) for path in inputs(overrides={"options": OWN}).values}
    assert set(causes.values()) == {Cause.VOLUME, Cause.MIX, Cause.PEOPLE, Cause.MACHINES}
    assert causes["fleet.tickets.sandbox.vcpu"] is Cause.MACHINES
    assert causes["options.vps.upkeep_fte"] is Cause.PEOPLE
    assert {cause for path, cause in causes.items() if path.startswith("people.")} == {Cause.PEOPLE}


def test_different_price_data_cannot_be_bridged() -> None:
    other = dataclasses.replace(inputs(), catalog=dataclasses.replace(CATALOG, version="another"))
    with pytest.raises(BadInput, match="different price data"):
        bridge(inputs(), other, "vps")
