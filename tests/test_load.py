"""One notion of load: sessions at once, told as they are used, and limits held against them in every month and in every draw."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decision.costs.bill import Month
from decision.costs.load import load_of
from decision.framework.limits import BOUNDED, Load
from decision.loading import load
from decision.recommendation import recommend
from decision.recommendation.at_once import limit_sentences, load_sentence
from decision.report import as_json
from decision.scenario import Inputs, inputs_of, scenario_from

CATALOG = load()


def inputs(*groups: dict[str, Any], **said: Any) -> Inputs:
    fleet = [{"name": f"group {i}", **group} for i, group in enumerate(groups)]
    return inputs_of(scenario_from({"as_of": "2026-11-25", "fleet": fleet, **said}), CATALOG)


SIX_HOURS = {"sessions_per_day": 3, "active_hours_per_session": 1, "open_hours_per_session": 2, "peak_to_average": 4}


@pytest.mark.parametrize(
    ("group", "now", "last", "worst"),
    [  # mean = agents x sessions a day x open hours / 24; at the peak four times as many agents as on average, each with one session
        ({"agents": 8, **SIX_HOURS}, (2, 32), (2, 32), 1),
        ({"agents": 2, "agents_in_12_months": 14, **SIX_HOURS}, (0.5, 8), (3.5, 56), 12),
        ({"agents": 14, "agents_in_12_months": 2, **SIX_HOURS}, (3.5, 56), (0.5, 8), 1),
        # 240 sessions of half an hour are 120 hours a day: five at once for each agent, times the peak
        ({"agents": 1, "sessions_per_day": 240, "active_hours_per_session": 0.5, "peak_to_average": 2}, (5, 10), (5, 10), 1),
    ],
)
def test_sessions_at_once_follow_from_throughput(group: dict[str, Any], now: tuple[float, float], last: tuple[float, float], worst: int) -> None:
    found = load_of(inputs(group))
    assert (found.now.mean, found.now.peak) == pytest.approx(now)
    assert (found.month_12.mean, found.month_12.peak) == pytest.approx(last)
    assert found.worst.month == worst


def test_load_is_told_in_words_and_in_data() -> None:
    found = recommend(inputs({"agents": 2, "agents_in_12_months": 14, **SIX_HOURS}))
    words = "Sessions open at once: 8 at the busiest time of month 1, 0.5 on average; 56 at the busiest time of month 12, 3.5 on average."
    assert load_sentence(found.load) == words
    data = json.loads(as_json.written(as_json.recommendation(found)))["load"]
    assert data == {
        "mean": 3.5, "peak": 56, "now": {"month": 1, "mean": 0.5, "peak": 8}, "month_12": {"month": 12, "mean": 3.5, "peak": 56},
        "worst_month": {"month": 12, "mean": 3.5, "peak": 56}, "beyond_limits": dict.fromkeys(found.ranking, 0),
    }  # fmt: skip


def test_more_than_a_day_of_work_a_day_is_the_work_of_several_agents_and_is_said() -> None:
    one = recommend(inputs({"agents": 1, "sessions_per_day": 240, "active_hours_per_session": 0.5}))
    assert "group 0: one agent would be active for 120 hours a day, so its work is taken as that of 5 agents." in one.warnings
    assert one.verdict.answers.found["agents_in_12_months"].value == pytest.approx(5)
    within = recommend(inputs({"agents": 1, "sessions_per_day": 48, "active_hours_per_session": 0.5}))
    assert not any("active for" in warning for warning in within.warnings)
    assert within.verdict.answers.found["agents_in_12_months"].value == pytest.approx(1)


def test_the_share_of_draws_that_a_limit_rules_out_is_told() -> None:
    """AgentCore allows 5,000 sessions at once; four times 500 to 3,000 agents are too many for it at times."""
    found = recommend(
        inputs(
            {"agents": {"low": 500, "likely": 800, "high": 3000}, **SIX_HOURS, "sandbox": {"vcpu": 1, "memory_gb": 1}},
            consider=["agentcore-v1", "vps"],
        )
    )
    assert "agentcore-v1" in found.ranking
    share = found.beyond_limits["agentcore-v1"]
    assert 0.05 < share < 0.95
    assert found.beyond_limits["vps"] == 0
    (words,) = limit_sentences(found.beyond_limits, CATALOG.options)
    assert words.endswith(f"of the draws {CATALOG.options['agentcore-v1'].name} exceeds a limit that its vendor publishes.")
    assert as_json.recommendation(found)["load"]["beyond_limits"] == {"agentcore-v1": share, "vps": 0}


@given(
    st.integers(1, 4000), st.integers(0, 4000), st.floats(0.1, 60), st.floats(0.01, 24), st.floats(1, 30), st.sampled_from([0.5, 2.0, 8.0]),
)  # fmt: skip
def test_what_is_recommended_breaks_no_limit_in_any_month(
    agents: int, later: int, sessions: float, hours: float, open_for: float, memory: float
) -> None:
    given = inputs(
        {
            "agents": agents, "agents_in_12_months": later, "sessions_per_day": sessions, "active_hours_per_session": hours,
            "open_hours_per_session": hours * open_for, "sandbox": {"vcpu": 2, "memory_gb": memory},
        },
        consider=["all"],
    )  # fmt: skip
    found = recommend(given)
    if found.option is None:
        return
    limits = CATALOG.options[found.option].limits_on(given.as_of)
    for month in range(1, 13):
        of = Month(given, float(month))
        for name, amount in BOUNDED.items():
            most = getattr(limits, name, None)
            used = amount(Load(of.uses, of.machines_at_once(found.option), None))
            assert most is None or used is None or np.max(used) <= most * (1 + 1e-9), f"{found.option}: {name} in month {month}"
