"""What a recommendation says beside its figures, against those figures: inputs that matter, warnings, and what moved from day to day."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from decision import bill, inputs_of, load, ownership, read_scenario, recommend, scenario_from
from decision.analysis.search import search_range
from decision.catalog import DATA
from decision.costs.line_items import Category
from decision.errors import BadInput
from decision.framework import CLEAR_ODDS, CLOSE_CALL_LARGE_SHARE, CLOSE_CALL_SHARE, CLOSE_CALL_USD
from decision.recommendation.through_time import through_time
from decision.scenario import Inputs
from decision.words import about_money
from tests.unpublished import unpublished

DAY = dt.date(2026, 11, 20)


def inputs(**said: Any) -> Inputs:
    return inputs_of(scenario_from({"fleet": [{"name": "t", "agents": 3, "load": "bursty"}], **said}), load(), DAY)


SCENARIOS: dict[str, dict[str, Any]] = {
    "usual": {},
    "managed alone": {"consider": ["managed-agents"]},
    "servers alone": {"consider": ["vps", "multica"]},
    "sandboxes": {"consider": ["e2b", "fly", "vercel"]},
    "no sessions": {"fleet": [{"name": "t", "agents": 3, "sessions_per_day": 0}]},
    "an open model": {"consider": ["gpu-node", "vps"], "constraints": {"models": "mixed"}},
    "no tokens sold": {"consider": ["gpu-node"], "constraints": {"models": "mixed"}},
    "steps of a price": {"fleet": [{"name": "t", "agents": 3, "model_mix": {"claude-haiku-5-5": 1}}]},
    "tokens given": {
        "fleet": [
            {"name": "t", "tokens_per_session": {"input": 1, "cache_read": 1, "cache_write_5m": 1, "cache_write_1h": 1, "output": 1}},
        ]
    },
    "a portable loop": {"exit": {"portable_main_loop": True}},
    "parts that are run": {"team": {"already_runs": ["observability"]}},
    "parts that are bought": {"overrides": {"options": {"vps": {"buys": ["langfuse-core"]}, "multica": {"upkeep_fte": 0.1}}}},
    "on call": {"team": {"on_call": "around_the_clock"}},
    "hours given": {
        "consider": ["modal"],
        "overrides": {"options": {"modal": {"upkeep_fte": 0.1, "build_weeks": 3}}},
    },
    "own numbers": {
        "overrides": {"options": {"vps": {"server": {"price_month": 60, "vcpu": 8, "ram_gb": 16}}}, "prices": {"managed-agents.session": 0.07}}
    },
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_input_that_is_not_listed_moves_no_cost(name: str) -> None:
    """Every input that is left out is set to the ends of its range: nothing that is considered may cost more or less. Nothing is listed twice."""
    given = inputs(**SCENARIOS[name])
    found = recommend(given)
    listed = [line.path for line in (*found.given, *found.assumed, *found.measured)]
    assert len(listed) == len(set(listed))
    assert "agents" not in listed
    now = costs(given)
    left_out = set(given.facts) - set(listed)
    assert left_out
    for path in left_out:
        for end in search_range(given, path):
            try:
                moved = given.vary({path: end})
            except BadInput:  # a mix of one model has no other share
                continue
            assert costs(moved) == now, path


def costs(given: Inputs) -> dict[str, tuple[float, float]]:
    return {option_id: (float(bill(option_id, given).total), float(ownership(option_id, given).total)) for option_id in given.options}


@pytest.mark.parametrize(
    ("name", "path", "shown"),
    [
        ("usual", "people.modes.runs.upkeep_share", False),
        ("parts that are run", "people.modes.runs.upkeep_share", True),
        ("usual", "people.modes.buys.build_share", False),
        ("parts that are bought", "people.modes.buys.build_share", True),
        ("usual", "people.components.orchestrator.exit_weeks", True),
        ("a portable loop", "people.components.orchestrator.exit_weeks", False),
        ("managed alone", "people.components.sandbox.upkeep_hours", False),
        ("servers alone", "people.hosts.upkeep_hours", True),
        ("sandboxes", "people.hosts.upkeep_hours", False),
        ("usual", "people.on_call.hours", False),
        ("on call", "people.on_call.hours", True),
        ("hours given", "people.fleet.growth_exponent", False),
        ("usual", "fleet.t.long_prompt_share", False),
        ("steps of a price", "fleet.t.long_prompt_share", True),
        ("usual", "fleet.t.typical_prompt_tokens", True),  # tokens follow from it
        ("tokens given", "fleet.t.typical_prompt_tokens", False),
        ("tokens given", "fleet.t.requests_per_active_hour", False),
        ("usual", "fleet.t.requests_per_active_hour", True),
        ("usual", "general.host_reserve_gb", True),
        ("managed alone", "general.host_reserve_gb", False),
        ("servers alone", "general.host_reserve_gb", True),
        ("servers alone", "fleet.t.sandbox.cpu_busy_share", False),
        ("sandboxes", "fleet.t.sandbox.cpu_busy_share", True),
        ("sandboxes", "fleet.t.peak_to_average", True),  # upkeep grows with the agents at the peak
        ("hours given", "fleet.t.peak_to_average", False),
        ("servers alone", "fleet.t.peak_to_average", True),
        ("managed alone", "fleet.t.batchable_share", False),
        ("servers alone", "fleet.t.batchable_share", True),
        ("no tokens sold", "fleet.t.web_searches_per_active_hour", False),
        ("an open model", "fleet.t.web_searches_per_active_hour", True),
        ("managed alone", "fleet.t.per_session.tool_calls", False),
        ("usual", "fleet.t.per_session.tool_calls", True),
        ("usual", "fleet.load", True),
        ("no sessions", "token_to_runtime_ratio", False),
        ("own numbers", "prices.managed-agents.session", True),
        ("own numbers", "options.vps.server.price_month", True),
    ],
)
def test_an_input_is_listed_where_something_feels_it(name: str, path: str, shown: bool) -> None:
    found = recommend(inputs(**SCENARIOS[name]))
    assert (path in {line.path for line in (*found.given, *found.assumed, *found.measured)}) == shown


def test_every_option_left_says_what_its_file_warns_of() -> None:
    found = recommend(inputs(consider=["all"], constraints={"models": "mixed"}))
    assert len(found.ranking) > 10
    catalog = found.inputs.catalog
    for option_id in found.inputs.options:
        option = catalog.options[option_id]
        for warning in option.warnings:
            assert (warning in found.conditions) == (option_id == found.option)
            assert (f"{option.short_name}: {warning}" in found.warnings) == (option_id in found.ranking and option_id != found.option)
        unpriced = found.result(option_id).unpriced
        assert (unpriced is None) == (not any(sentence.startswith(f"{option.name} is left out of the ranking: ") for sentence in found.warnings))


@pytest.mark.parametrize("name", sorted(path.stem for path in (DATA / "scenarios").glob("*.yaml")))
def test_what_moved_from_day_to_day_is_told_as_it_moved(name: str) -> None:
    rows = through_time(inputs_of(read_scenario(DATA / "scenarios" / f"{name}.yaml"), load(), DAY))
    options = load().options
    for before, row in itertools.pairwise(rows):
        if row.option is None or before.option is None:
            continue
        assert row.sentence.startswith("The recommendation changes from ") == (row.option != before.option)
        if row.option == before.option:
            assert row.sentence.startswith(f"Still {options[row.option].name}, {moved(before.totals[row.option], row.totals[row.option])}")
            assert (" (now " in row.sentence) == (row.status != before.status)
        for option_id in set(before.totals) & set(row.totals) - {row.option, before.option}:
            was, now = before.totals[option_id], row.totals[option_id]
            for word, holds in (("Cheaper", now < was), ("Dearer", now > was)):
                told = next((part for part in row.sentence.split(". ") if part.strip().startswith(f"{word}: ")), "")
                assert (options[option_id].short_name in told) == holds


def moved(was: float, now: float) -> str:
    if about_money(was) == about_money(now):
        return f"about {about_money(now)} as before"
    return f"{'down' if now < was else 'up'} from about {about_money(was)} to {about_money(now)}"


def test_a_winner_that_is_not_clear_is_told_and_one_that_is_clear_is_not() -> None:
    """The lead worked out from the bills: small as a share of what differs, small a month, or with odds that are low."""
    told = set()
    names = [*SCENARIOS.values(), {"consider": ["vps", "vercel"]}, {"consider": ["gpu-node", "vps"], "constraints": {"models": "mixed"}}]
    for found in (recommend(inputs(**said)) for said in names):
        if found.status in ("close_call", "indifferent") or len(found.ranking) < 2:
            continue
        best, other = (found.result(option_id) for option_id in found.ranking[:2])
        assert best.costed is not None
        assert other.costed is not None
        ahead = float(other.costed.owned.total) - float(best.costed.owned.total)
        tokens = min(float(result.costed.bill.of(Category.TOKENS)) for result in (best, other) if result.costed)
        differs = float(other.costed.owned.total) - float(other.costed.owned.run) * tokens / float(other.costed.bill.total)
        names = (CLOSE_CALL_SHARE, CLOSE_CALL_LARGE_SHARE, CLOSE_CALL_USD, CLEAR_ODDS)
        share, large, usd, odds = map(found.inputs.catalog.framework.threshold, names)
        assert best.odds is not None
        unclear = ahead / differs < share or (ahead / found.horizon_months < usd and ahead / differs < large) or best.odds < odds
        assert (f"{best.name} is no clear winner over {other.name}" in found.because) == unclear
        told.add(unclear)
    assert told == {True, False}


@pytest.mark.parametrize("residency", ["none", "own_account", "own_machines", "air_gapped"])
def test_a_condition_is_told_of_the_options_that_it_is_about(residency: str) -> None:
    """Each option alone, by a plain reading of data/framework.yaml: a licence, another model, rented servers, and prompts that travel."""
    recommended = set()
    for option in load().options.values():
        models = "claude_only" if option.hosts_models == "claude_only" else "mixed"
        licence = {"prices": {"managed-agents-own-service.licence": 100, **unpublished(load(), DAY)}}
        said = {"consider": [option.id], "overrides": licence, "constraints": {"data_residency": residency, "models": models}}
        found = recommend(inputs(**said))
        if found.option is None:
            continue
        told = " ".join(found.conditions)
        assert ("needs a commercial licence" in told) == option.hosted_product_licence
        assert ("prices another model than the fleet names" in told) == (option.hosts_models == "open_weights")
        assert ("Prompts still go to whoever sells the model" in told) == (residency.startswith("own") and option.hosts_models != "open_weights")
        assert ("is priced on rented servers" in told) == (residency == "own_machines")
        recommended.add(option.hosts_models)
    assert recommended >= ({"any", "open_weights"} if residency != "air_gapped" else set())


def test_an_option_without_a_price_says_so_where_nothing_is_left() -> None:
    long = {"name": "t", "agents": 3, "active_hours_per_session": 9}  # an hour more than AgentCore allows
    found = recommend(inputs(fleet=[long], consider=["agentcore-v1", "managed-agents-own-service"]))
    reason = found.result("managed-agents-own-service").unpriced
    assert found.status == "none"
    assert reason
    assert f"({reason.rstrip('.')})" in found.because
