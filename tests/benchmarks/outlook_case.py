"""Twelve ranges, five options, 36 months: the case that bench_outlook.py gives to every contender.

The scenario is read by this project; the same figures go to the others as constants and as the corners of triangular distributions.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from decision.analysis.draws import of_options, ranged, triangle
from decision.catalog.options import ActiveCompute, Servers
from decision.costs.labour import PEOPLE
from decision.loading import load
from decision.scenario import DEFAULT_OPTIONS, Inputs, inputs_of, scenario_from

DAY = dt.date(2026, 11, 20)
MODEL = "claude-sonnet-5-5"
SERVER = {"price_month": 60, "vcpu": 8, "ram_gb": 16}
ROOM = {"server": SERVER, "ram_per_agent_gb": 1.25, "vcpu_per_agent": 0.5}
SCENARIO = {
    "as_of": DAY,
    "horizon_months": 36,
    "fleet": [
        {
            "agents": 10,
            "agents_in_12_months": {"low": 30, "likely": 50, "high": 80},
            "active_hours_per_session": {"low": 2, "likely": 4, "high": 6},
            "model_mix": {MODEL: 1},
            "tokens_per_session": {
                "input": 10_000,
                "cache_read": "60000 to 200000",
                "output": "8000 to 24000",
                "cache_write_5m": 0,
                "cache_write_1h": 0,
            },
            "sandbox": {"vcpu": 1, "memory_gb": 2, "cpu_busy_share": {"low": 0.12, "likely": 0.2, "high": 0.4}},
        }
    ],
    "team": {"engineer_cost_per_year": {"low": 120_000, "likely": 194_315, "high": 275_000}},
    "consider": list(DEFAULT_OPTIONS),
    "overrides": {
        "options": {
            "managed-agents": {"upkeep_fte": {"low": 0.03, "likely": 0.05, "high": 0.1}, "build_weeks": 2, "exit_weeks": 8},
            "agentcore-v1": {"upkeep_fte": {"low": 0.06, "likely": 0.1, "high": 0.2}, "build_weeks": 6, "exit_weeks": 5},
            "agentcore-v2": {"upkeep_fte": 0.15, "build_weeks": 6, "exit_weeks": 5, "residual_memory_share": 0.3},
            "vps": {
                "upkeep_fte": {"low": 0.2, "likely": 0.4, "high": 0.6},
                "build_weeks": {"low": 8, "likely": 15, "high": 30},
                "exit_weeks": 1,
                **ROOM,
            },
            "multica": {
                "upkeep_fte": {"low": 0.12, "likely": 0.2, "high": 0.4},
                "build_weeks": {"low": 4, "likely": 6, "high": 12},
                "exit_weeks": 2,
                **ROOM,
            },
        }
    },
}
RANGES = {
    "agents_later": "fleet.agents.agents_in_12_months",
    "hours": "fleet.agents.active_hours_per_session",
    "cache_read": "fleet.agents.tokens_per_session.cache_read",
    "output": "fleet.agents.tokens_per_session.output",
    "cpu_busy_share": "fleet.agents.sandbox.cpu_busy_share",
    "engineer_cost": "team.engineer_cost_per_year",
    "managed_upkeep": "options.managed-agents.upkeep_fte",
    "v1_upkeep": "options.agentcore-v1.upkeep_fte",
    "vps_upkeep": "options.vps.upkeep_fte",
    "multica_upkeep": "options.multica.upkeep_fte",
    "vps_build": "options.vps.build_weeks",
    "multica_build": "options.multica.build_weeks",
}


def inputs() -> Inputs:
    """The case as this project reads it."""
    return inputs_of(scenario_from(SCENARIO), load())


def plain(one: Inputs) -> dict[str, Any]:
    """The same case as constants and corners (least, mode, most). Asserts that nothing else varies and no corner crosses a bound."""
    drawn_paths = {path for path in of_options(one, ranged(one), one.options) if not path.startswith(PEOPLE)}
    assert drawn_paths == set(RANGES.values())  # hours and weeks are given, so what they would be put together from is not used
    corners = {}
    for name, path in RANGES.items():
        fact = one.facts[path]
        shape = triangle(fact.amount.low, fact.amount.likely, fact.amount.high)
        assert fact.spec.at_least <= shape.least <= shape.most <= fact.spec.at_most, path
        corners[name] = [shape.least, shape.mode, shape.most]
    return {"constants": _constants(one), "ranges": corners}


def _constants(one: Inputs) -> dict[str, float]:
    prices, fleet = one.prices(), "fleet.agents."
    price = {
        "input_price": f"{MODEL}.input", "cache_read_price": f"{MODEL}.cache_read", "output_price": f"{MODEL}.output",
        "session_price": "managed-agents.session",
        "v1_cpu": "agentcore-v1.vcpu", "v1_memory": "agentcore-v1.memory", "v2_cpu": "agentcore-v2.vcpu", "v2_memory": "agentcore-v2.memory",
    }  # fmt: skip
    value = {
        "agents": f"{fleet}agents", "input": f"{fleet}tokens_per_session.input",
        "vcpu": f"{fleet}sandbox.vcpu", "memory_gb": f"{fleet}sandbox.memory_gb",
        "leaving": "exit.chance_of_leaving_in_horizon", "v2_upkeep": "options.agentcore-v2.upkeep_fte",
        "residual_memory_share": "options.agentcore-v2.residual_memory_share", "ram_per_agent": "options.vps.ram_per_agent_gb",
        "cpu_per_agent": "options.vps.vcpu_per_agent", "server_price": "options.vps.server.price_month", "server_cpu": "options.vps.server.vcpu",
        **{f"{option} exit": f"options.{option}.exit_weeks" for option in one.options},
        **{f"{option} build": f"options.{option}.build_weeks" for option in one.options[:3]},
    }  # fmt: skip
    compute = next(m for m in one.catalog.options["agentcore-v2"].meters if isinstance(m, ActiveCompute))
    machines = next(m for m in one.catalog.options["multica"].meters if isinstance(m, Servers))
    assert compute.full_memory_seconds is not None
    assert compute.lifetime_hours is not None
    return {
        **{name: float(prices[price_id].amount) for name, price_id in price.items()},
        **{name: float(one[path]) for name, path in value.items()},
        "sessions_per_month": float(one[f"{fleet}sessions_per_day"] * one[f"{fleet}days_per_month"]),
        "idle_hours": float(one["options.agentcore-v2.idle_timeout_seconds"]) / 3600,
        "full_memory_hours": compute.full_memory_seconds / 3600,
        "lifetime_hours": compute.lifetime_hours,
        "server_ram": float(one["options.vps.server.ram_gb"] - one["general.host_reserve_gb"]),
        "control_ram": machines.control_plane_ram_gb,
        "control_cpu": machines.control_plane_vcpu,
    }
