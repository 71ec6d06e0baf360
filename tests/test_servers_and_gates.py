"""Servers by brute force, and gates by a plain reading of the limits: two groups, bursts, overlap, growth, several days."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import math
from typing import Any

import numpy as np
import pytest

from decision import BadInput, bill, inputs_of, load, recommend, scenario_from
from decision.catalog import Catalog
from decision.catalog.framework import When
from decision.costs.line_items import Category
from decision.recommendation.eligible import allowed
from tests import record
from tests.test_record import in_force, price_rows

DAY = dt.date(2026, 11, 20)


# -- servers, by brute force ---------------------------------------------------------------------------


def plans_for_sale(day: dt.date) -> list[tuple[str, str, float, float, float]]:
    """Name, provider, vCPU, GB and USD a month of the servers that can be ordered, read from the record's text."""
    rows, found = price_rows(), []
    for line in record.recorded():
        if line.startswith("plan | ") and " | orderable | server" in line:
            _, plan_id, name, vcpu, ram, *_ = line.split(" | ")
            price = in_force(rows[plan_id], day)
            rate = in_force(rows["fx.eur-usd"], day) if rows[plan_id][0][2] == "EUR" else 1.0
            if price is not None and rate is not None:
                found.append((name, load().plans[plan_id].provider, float(vcpu.split()[0]), float(ram.split()[0]), price * rate))
    return found


@pytest.mark.parametrize(
    "providers", [(), ("Hetzner Cloud",), ("AWS Lightsail", "DigitalOcean"), ("Linode/Akamai", "OVH Public Cloud"), ("OVH VPS",)]
)
@pytest.mark.parametrize("redundant", [False, True])
@pytest.mark.parametrize("day", [DAY, dt.date(2026, 8, 16)])
def test_servers_are_the_cheapest_that_can_be_ordered(providers: tuple[str, ...], redundant: bool, day: dt.date) -> None:
    """For fleets of two groups, one of them bursty: every plan tried, the agents that fit counted at the peak; nobody's time counts."""
    plans = [plan for plan in plans_for_sale(day) if not providers or plan[1] in providers]
    for desk, crawl, ram, cpu in itertools.product((1, 7, 40), (2, 9), (0.5, 1.25, 6), (0.25, 3)):
        said = {"ram_per_agent_gb": ram, "vcpu_per_agent": cpu, "redundant": redundant, "providers": list(providers), "upkeep_fte": 0}
        fleet = [{"name": "desk", "agents": desk, "load": "bursty", "peak_to_average": 2.5}, {"name": "crawl", "agents": crawl}]
        inputs = inputs_of(scenario_from({"fleet": fleet, "consider": ["vps"], "overrides": {"options": {"vps": said}}}), load(), day)
        peak = desk * 2.5 + crawl
        costs = {}
        for name, _, vcpu, gb, usd in plans:
            if gb - 2 >= ram and vcpu >= cpu:
                needed = max(peak * ram / (gb - 2), peak * cpu / vcpu)
                costs[name] = (math.ceil(needed - 1e-9) + redundant) * usd
        if not costs:
            with pytest.raises(BadInput, match="no server plan has room"):
                bill("vps", inputs)
            continue
        line = next(item for item in bill("vps", inputs).items if item.category is Category.SERVERS)
        assert float(line.cost) == pytest.approx(min(costs.values())), f"{desk} and {crawl} agents of {ram} GiB and {cpu} vCPU"
        assert costs[line.label.removeprefix("Servers: ")] == pytest.approx(min(costs.values()))


def test_machines_rented_by_the_second_are_no_servers() -> None:
    fleet = [{"name": "t", "agents": 3}]
    given = inputs_of(scenario_from({"fleet": fleet, "overrides": {"prices": {"fly.performance-8x-16gb": 0.01}}}), load(), DAY)
    label = next(item.label for item in bill("vps", given).items if item.category is Category.SERVERS)
    assert "Fly.io" not in label


def test_of_two_plans_that_cost_the_same_the_one_with_the_lower_price_is_told() -> None:
    """Six agents of 1 GB: three servers with room for two at 10 dollars, or one with room for six at 30."""
    own = {"ram_per_agent_gb": 1, "vcpu_per_agent": 0.1, "providers": ["Linode/Akamai"], "upkeep_fte": 0.1}
    prices = {"linode.4gb": 10, "linode.8gb": 30}
    said = {"fleet": [{"name": "t", "agents": 6}], "consider": ["vps"], "overrides": {"options": {"vps": own}, "prices": prices}}
    line = next(item for item in bill("vps", inputs_of(scenario_from(said), load(), DAY)).items if item.category is Category.SERVERS)
    assert (float(line.cost), line.label) == (30.0, f"Servers: Linode/Akamai {load().plans['linode.4gb'].name}")


def test_a_server_that_is_too_small_is_not_taken_though_it_costs_nothing() -> None:
    server = {"price_month": 0, "vcpu": 4, "ram_gb": 4}
    said = {"fleet": [{"name": "t", "agents": 3}], "consider": ["vps"], "overrides": {"options": {"vps": {"server": server}}}}
    many = inputs_of(scenario_from(said), load(), DAY).vary({"options.vps.ram_per_agent_gb": np.array([0.5, 20.0])})
    line = next(item for item in bill("vps", many).items if item.category is Category.SERVERS)
    assert np.asarray(line.cost).tolist() == [0.0, math.inf]


# -- gates, by a plain reading of the limits -----------------------------------------------------------

FLEETS: dict[str, list[dict[str, Any]]] = {
    "one small group": [{"agents": 3}],
    "a second, larger group": [{"agents": 3}, {"name": "b", "agents": 9, "active_hours_per_session": 9, "sandbox": {"memory_gb": 12, "vcpu": 3}}],
    "a first, larger group": [{"name": "b", "agents": 9, "active_hours_per_session": 9, "sandbox": {"memory_gb": 12, "vcpu": 3}}, {"agents": 3}],
    "just within": [{"agents": 1, "active_hours_per_session": 8, "sandbox": {"memory_gb": 8, "vcpu": 2}}],
    "just above": [{"agents": 1, "active_hours_per_session": 8.01, "sandbox": {"memory_gb": 8.01, "vcpu": 2.01}}],
    "bursts": [{"agents": 900, "sessions_per_day": 200, "active_hours_per_session": 0.05, "load": "bursty"}, {"name": "b", "agents": 1}],
    "bursts within": [{"agents": 715, "sessions_per_day": 200, "active_hours_per_session": 0.05, "load": "bursty"}, {"name": "b", "agents": 2}],
    "starts of both": [
        {"agents": 1500, "sessions_per_day": 200, "active_hours_per_session": 0.05},
        {"name": "b", "agents": 1000, "sessions_per_day": 200, "active_hours_per_session": 0.05},
    ],
    "bursts of both": [{"agents": 1500, "load": "bursty"}, {"name": "b", "agents": 300, "peak_to_average": 2}],
    "at most open": [{"agents": 1500, "load": "bursty"}, {"name": "b", "agents": 250, "peak_to_average": 2}],
    "overlap": [{"agents": 400, "sessions_per_day": 48, "active_hours_per_session": 1, "open_hours_per_session": 6}, {"name": "b", "agents": 250}],
    "growth": [{"agents": 10, "agents_in_12_months": 5001}],
    "fewer later": [{"agents": 20_000, "agents_in_12_months": 100}],
    "idle but billed": [{"agents": 1, "sessions_per_day": 500_000, "active_hours_per_session": 1 / 120}],
}


@pytest.mark.parametrize("fleet", FLEETS.values(), ids=FLEETS)
@pytest.mark.parametrize("poll", [None, 1, 10, 600])
@pytest.mark.parametrize("day", [DAY, dt.date(2026, 6, 26), dt.date(2026, 6, 27), dt.date(2026, 4, 23), dt.date(2026, 4, 24)])
def test_gates_remove_what_exceeds_a_limit(fleet: list[dict[str, Any]], poll: float | None, day: dt.date, catalog: Catalog) -> None:
    said: dict[str, Any] = {"fleet": fleet, "consider": ["all"]}
    if poll:
        said["constraints"] = {"poll_interval_seconds": poll}
    creations = opened = held = 0.0
    for group in fleet:
        peak = max(group.get("agents_in_12_months", 0), group["agents"]) * group.get("peak_to_average", 3 if group.get("load") == "bursty" else 1)
        sessions, active = group.get("sessions_per_day", 1), group.get("active_hours_per_session", 8)
        creations += peak * sessions / 1440
        waits = group.get("open_hours_per_session", active) - active
        opened += peak * max(1, sessions * (active + waits) / 24)
        held += peak * max(1, sessions * (active + min(waits, 0.25) + 0.25) / 24)  # AgentCore: idle for a quarter of an hour, and billed for it
    reads = {
        "session_creation_rate": ("create_sessions_per_minute", creations),
        "polling_rate": ("reads_per_minute", opened * 60 / poll if poll else 0.0),
        "concurrent_sessions": ("concurrent_sessions", opened),
        "session_length": ("session_hours", max(group.get("active_hours_per_session", 8) for group in fleet)),
        "sandbox_memory": ("memory_gb", max(group.get("sandbox", {}).get("memory_gb", 2) for group in fleet)),
        "sandbox_cpu": ("vcpu", max(group.get("sandbox", {}).get("vcpu", 1) for group in fleet)),
    }
    expected = set()
    for option_id, option in catalog.options.items():
        begun = [row for row in option.limits if row.effective_from <= day]
        for gate, (name, value) in reads.items():
            limit = getattr(begun[-1], name) if begun else None
            found_there = held if gate == "concurrent_sessions" and option_id.startswith("agentcore") else value
            if limit is not None and found_there > limit:
                expected.add((gate, option_id))
    found = recommend(inputs_of(scenario_from(said), catalog, day)).verdict
    assert {(hit.id, option_id) for hit in found.gates for option_id in hit.removes if hit.id in reads} == expected


@pytest.mark.parametrize("question", [question.id for question in load().framework.questions])
def test_a_condition_may_read_the_answer_to_any_question(question: str, catalog: Catalog) -> None:
    """A signal for each answer: exactly the one of the answer given is shown."""
    framework = catalog.framework
    signal = framework.signals[0]
    signals = tuple(
        signal.model_copy(update={"id": each.id, "when": (When.model_validate({"reads": question, "is": [each.id]}),)})
        for each in framework.question(question).classes
    )
    asked = dataclasses.replace(catalog, framework=framework.model_copy(update={"signals": signals}))
    said = {"team": {"platform_talent": "bench"}, "fleet": [{"name": "t", "agents": 3, "load": "bursty"}], "constraints": {"models": "claude_only"}}
    found = recommend(inputs_of(scenario_from(said), asked, DAY)).verdict
    assert [each.id for each in found.signals] == [found.answers[question].answer]


@pytest.mark.parametrize(
    ("name", "value", "gate"),
    [("memory_gb", 9.0, "sandbox_memory"), ("vcpu", 3.0, "sandbox_cpu"), ("active_hours_per_session", 9.0, "session_length")],
)
def test_gates_read_the_value_of_now_and_not_what_the_file_said(name: str, value: float, gate: str) -> None:
    given = inputs_of(scenario_from({"fleet": [{"name": "t", "agents": 3}], "consider": ["agentcore-v1", "vps"]}), load(), DAY)
    assert not recommend(given).verdict.ruled_out_by("agentcore-v1")
    assert [hit.id for hit in recommend(given.vary({name: value})).verdict.ruled_out_by("agentcore-v1")] == [gate]


@pytest.mark.parametrize(("hours", "removed"), [(8.0, False), (8 * (1 + 1e-9), False), (8 * (1 + 3e-9), True)])
def test_a_hair_of_rounding_is_not_an_excess(hours: float, removed: bool) -> None:
    given = inputs_of(scenario_from({"fleet": [{"name": "t", "agents": 3}], "consider": ["agentcore-v1", "vps"]}), load(), DAY)
    found = recommend(given.vary({"active_hours_per_session": hours})).verdict.ruled_out_by("agentcore-v1")
    assert [hit.id for hit in found] == ["session_length"] * removed


def test_a_gate_holds_for_the_group_that_it_is_about() -> None:
    """Each group as if it were the whole fleet: one exceeds one limit, one exceeds three, one none."""
    large = {"name": "large", "agents": 1, "active_hours_per_session": 9, "sandbox": {"memory_gb": 9, "vcpu": 3}}
    fleet = [{"name": "long", "agents": 1, "active_hours_per_session": 9}, large, {"name": "small", "agents": 1}]
    ids = ["vps", "agentcore-v1", "managed-agents"]
    found = allowed(inputs_of(scenario_from({"fleet": fleet}), load(), DAY), ids)
    assert found == {"long": ["vps", "managed-agents"], "large": ["vps"], "small": ids}
