"""Which lines of a bill rest on an estimate: those, and only those, whose quantity or price nobody gave."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from decision import bill, inputs_of, load, scenario_from
from decision.costs.line_items import Category
from decision.scenario import Inputs

DAY = dt.date(2026, 11, 20)


def inputs(**said: Any) -> Inputs:
    return inputs_of(scenario_from(said), load(), DAY)


GIVEN: dict[str, Any] = {
    "agents": 2, "sessions_per_day": 1, "days_per_month": 20, "active_hours_per_session": 1, "open_hours_per_session": 2, "pauses_per_session": 1,
    "web_searches_per_session": 3, "sandbox": {"vcpu": 1, "memory_gb": 1, "cpu_busy_share": 0.5},
    "tokens_per_session": {"input": 1000, "cache_read": 1000, "cache_write_5m": 1000, "cache_write_1h": 1000, "output": 1000},
}  # fmt: skip
OWN = {"upkeep_fte": 0.1, "build_weeks": 1, "exit_weeks": 1}
OWN_SERVERS = OWN | {"ram_per_agent_gb": 1, "vcpu_per_agent": 0.5}
OWN_WAITS = OWN | {"idle_timeout_seconds": 900}
ALL_GIVEN = {
    "managed-agents": OWN, "agentcore-v1": OWN_WAITS, "agentcore-v2": OWN_WAITS | {"residual_memory_share": 0.3}, "vps": OWN_SERVERS, "e2b": OWN,
    "fly": OWN, "openai-containers": OWN, "gpu-node": OWN_SERVERS,
}  # fmt: skip


def guessed(option: str, group: dict[str, Any] = GIVEN, given: dict[str, Any] | None = None, yearly: float | None = 100_000) -> set[str]:
    """The lines of an option's bill that rest on an estimate, by what they are for."""
    overrides = {"options": {option: ALL_GIVEN[option] if given is None else given}}
    team = {"engineer_cost_per_year": yearly} if yearly else {}
    return {
        item.label.split(":")[0].split(", ")[-1] for item in bill(option, inputs(fleet=[group], team=team, overrides=overrides)).items if item.assumed
    }


@pytest.mark.parametrize("option", ALL_GIVEN)
def test_what_the_team_gives_is_no_estimate(option: str) -> None:
    assert guessed(option) == ({"GPUs for Qwen3-8B FP8"} if option == "gpu-node" else set())  # how fast a GPU is for this fleet is always one
    assert guessed(option, yearly=None) - guessed(option) == {"Upkeep"}
    put_together = guessed(option, given=ALL_GIVEN[option] | {"upkeep_fte": None}) - guessed(option)
    assert "Attention to the agents" in put_together
    upkeep = {item.label.split(":")[0] for item in bill(option, inputs(fleet=[GIVEN])).items if item.category is Category.UPKEEP}
    assert put_together <= upkeep


@pytest.mark.parametrize("part", ["vcpu", "memory_gb", "cpu_busy_share"])
@pytest.mark.parametrize(
    ("option", "lines"),
    [("agentcore-v1", {"CPU in use", "Memory while resident"}), ("e2b", {"CPU allocated", "Memory allocated"}), ("fly", {"Machine"}),
     ("openai-containers", {"Container time"})],
)  # fmt: skip
def test_each_part_of_a_sandbox_left_blank_is_an_estimate(part: str, option: str, lines: set[str]) -> None:
    sandbox = {name: value for name, value in GIVEN["sandbox"].items() if name != part}
    assert guessed(option, GIVEN | {"sandbox": sandbox}) == lines


@pytest.mark.parametrize(
    ("option", "name", "lines"),
    [("agentcore-v1", "idle_timeout_seconds", {"Memory while resident"}), ("agentcore-v2", "residual_memory_share", {"Memory while resident"}),
     ("vps", "ram_per_agent_gb", {"Servers"}), ("vps", "vcpu_per_agent", {"Servers"})],
)  # fmt: skip
def test_each_number_of_an_option_left_blank_is_an_estimate(option: str, name: str, lines: set[str]) -> None:
    needs_no_own = {key: value for key, value in GIVEN.items() if key != "sandbox" or option != "vps"}  # its servers hold sandboxes that are said
    assert guessed(option, needs_no_own, given={key: value for key, value in ALL_GIVEN[option].items() if key != name}) == lines
    if option == "vps":
        assert guessed(option, given=OWN) == set()


@pytest.mark.parametrize(
    ("token_class", "words"),
    [("input", "input"), ("cache_read", "cache reads"), ("cache_write_5m", "5-minute cache writes"), ("cache_write_1h", "1-hour cache writes"),
     ("output", "output")],
)  # fmt: skip
def test_blank_tokens_and_hours_are_estimates(token_class: str, words: str) -> None:
    found = bill("vps", inputs(fleet=[{key: value for key, value in GIVEN.items() if key != "tokens_per_session"}]))
    labels = {item.label.split(", ")[-1]: item.assumed for item in found.items if item.category is Category.TOKENS}
    assert labels.get(words, True)
    assert guessed("managed-agents", {key: value for key, value in GIVEN.items() if key != "active_hours_per_session"}) == {"Session runtime"}
    given = bill("vps", inputs(fleet=[GIVEN]))
    line_of_class = next(item for item in given.items if item.label.endswith(f", {words}"))
    assert not line_of_class.assumed
    assert line_of_class.price.id.endswith(f".{token_class}")
