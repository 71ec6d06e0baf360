"""Ready-made scenarios: the published workloads, with their published figures and nothing invented."""

import datetime as dt
import re
from pathlib import Path

import pytest

from decision.costs.bill import bill
from decision.costs.costs import all_costs
from decision.costs.line_items import Category
from decision.loading import load
from decision.scenario import Inputs, as_yaml, inputs_of, read_scenario, ready_made

# Session runtime of month 12 in USD (per session where the publisher gives a session), and the fields that the publisher gives.
WORKLOADS: dict[str, tuple[float | None, set[str]]] = {
    "monitoring": (2.88, {"agents", "days_per_month", "sessions_per_day", "active_hours_per_session", "open_hours_per_session"}),  # 720 x 0.05 x 0.08
    "support-desk-30-days": (19.20, {"agents", "days_per_month", "sessions_per_day", "active_hours_per_session"}),  # 8 x 30 x 0.08
    "support-desk-22-days": (14.08, {"agents", "days_per_month", "sessions_per_day", "active_hours_per_session"}),  # 8 x 22 x 0.08
    "continuous-pipeline": (48.00, {"agents", "days_per_month", "sessions_per_day", "active_hours_per_session"}),  # 20 x 30 x 0.08
    "daily-research": (1.20, {"agents", "days_per_month", "sessions_per_day", "active_hours_per_session"}),  # 0.5 x 30 x 0.08
    "weekly-batch": (2.08, {"agents", "days_per_month", "sessions_per_day", "active_hours_per_session"}),  # 13 x 2 x 0.08
    "human-in-the-loop-inbox": (None, {"agents", "active_hours_per_session", "open_hours_per_session"}),
    "ten-token-light-agents-running-hot": (576.0, {"agents", "days_per_month", "sessions_per_day", "active_hours_per_session"}),  # 10 x 720 x 0.08
    "one-hour-coding-session": (None, {
        "agents", "active_hours_per_session", "model_mix.claude-opus-4-8",
        *(f"tokens_per_session.{name}" for name in ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output")),
    }),
    "five-departmental-specialists": (None, {"agents"}),
    "three-agents-and-a-60-dollar-server": (57.60, {  # 3 x 8 x 30 x 0.08
        "agents", "days_per_month", "sessions_per_day", "active_hours_per_session",
        *(f"options.vps.server.{name}" for name in ("price_month", "vcpu", "ram_gb")),  # 60 dollars are published, the size is not
    }),
    "spiky-knowledge-workspace": (None, set()),
    "high-stakes-bug-fixer": (None, set()),
}  # fmt: skip


def inputs(name: str) -> Inputs:
    return inputs_of(read_scenario(ready_made()[name]), load())


def test_the_published_workloads_are_there() -> None:
    assert set(ready_made()) == set(WORKLOADS)


@pytest.mark.parametrize("name", [name for name, (runtime, _) in WORKLOADS.items() if runtime is not None])
def test_runtime_is_the_published_figure(name: str) -> None:
    assert bill("managed-agents", inputs(name)).of(Category.RUNTIME) == pytest.approx(WORKLOADS[name][0], abs=1e-9)


def test_a_session_of_the_inbox_pays_for_thirty_minutes() -> None:
    month = bill("managed-agents", inputs("human-in-the-loop-inbox"))
    assert month.of(Category.RUNTIME) / month.sessions == pytest.approx(0.04)  # 0.5 x 0.08


def test_a_coding_session_costs_what_the_vendor_computes() -> None:
    month = bill("managed-agents", inputs("one-hour-coding-session"))
    assert month.of(Category.RUNTIME, Category.TOKENS) / month.sessions == pytest.approx(0.705)  # 0.250 + 0.375 + 0.080


@pytest.mark.parametrize("name", WORKLOADS)
def test_only_published_figures_are_given(name: str) -> None:
    """Everything that the publisher is silent on stays blank, so that it is shown as assumed."""
    given = {path.split(".", 2)[2] if path.startswith("fleet.") else path for path, fact in inputs(name).facts.items() if fact.origin != "assumed"}
    assert given == WORKLOADS[name][1]


@pytest.mark.parametrize("path", ready_made().values(), ids=ready_made())
def test_a_comment_names_a_claim_that_exists(path: Path) -> None:
    head = path.read_text(encoding="utf-8").partition("version:")[0]
    named = re.findall(r"\b[EC]\d+\b", head)
    assert named
    assert set(named) <= {claim.id for claim in load().claims.claims}


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_scenario_has_a_readable_name_and_the_day_of_its_prices(name: str) -> None:
    scenario = read_scenario(ready_made()[name])
    assert scenario.as_of == dt.date(2026, 11, 20)
    assert scenario.name[0].isupper()
    assert scenario.name != name


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_default_option_has_a_cost(name: str) -> None:
    found = inputs(name)
    costs = all_costs(found, found.options)
    assert {"managed-agents", "vps"} <= set(costs)
    assert all(float(cost.total) > 0 for cost in costs.values())


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_scenario_survives_being_written_and_read(name: str) -> None:
    scenario = read_scenario(ready_made()[name])
    assert read_scenario("again", as_yaml(scenario)) == scenario


def test_load_and_stakes_reach_the_scenario() -> None:
    assert read_scenario(ready_made()["spiky-knowledge-workspace"]).fleet[0].load == "bursty"
    assert read_scenario(ready_made()["high-stakes-bug-fixer"]).fleet[0].stakes == "high"
    assert len(read_scenario(ready_made()["five-departmental-specialists"]).fleet) == 5
