"""Each way of billing says which inputs it feels; the formulas are asked whether that is true."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

import numpy as np
import pytest

from decision.analysis.comparison import Cause, cause_of
from decision.catalog import Option
from decision.catalog.options import FELT_BY_SOME, Meter
from decision.costs.bill import bill
from decision.costs.costs import ownership
from decision.costs.line_items import MACHINES, MODELS
from decision.errors import BadInput
from decision.loading import load
from decision.scenario import Inputs, inputs_of, paths, scenario_from
from decision.scenario.link import open_link
from decision.scenario.model import OptionOverrides, PerSession, Sandbox
from tests.test_link import packed
from tests.unpublished import unpublished

CATALOG, DAY = load(), dt.date(2026, 11, 20)
ALL = tuple(CATALOG.options.values())
COUNTED = dict.fromkeys(PerSession.model_fields, 40)
GROUP: dict[str, Any] = {
    "name": "a", "agents": 300, "active_hours_per_session": 1, "open_hours_per_session": 4, "pauses_per_session": 6, "peak_to_average": 3,
    "sandbox": {"vcpu": 2, "memory_gb": 3, "cpu_busy_share": 0.5}, "per_session": COUNTED,
}  # fmt: skip


@functools.cache
def fleet() -> Inputs:
    """Hours of people are given, so that a server is chosen by its price alone."""
    said: dict[str, dict[str, float]] = {option.id: {"upkeep_fte": 0.1} for option in ALL}
    for option in ALL:
        if f"{option.id}.licence" in CATALOG.prices:
            said[option.id]["licence_per_month"] = 100
    prices = unpublished(CATALOG, DAY) | {"agentcore.identity-via-runtime": 0.01}  # free by the list, and felt where it is not
    content = {"as_of": str(DAY), "fleet": [GROUP], "overrides": {"options": said, "prices": prices}}
    return inputs_of(scenario_from(content), CATALOG)


@functools.cache
def total(option_id: str, name: str | None = None, times: float = 1.0) -> float:
    """USD of month 12 for models and machines with one input of the group changed; people have no meter."""
    inputs = fleet()
    if name is not None:
        path = name if name in inputs.values else paths.of_group("a", name)
        inputs = inputs.vary({path: inputs[path] * times})
    return float(np.asarray(bill(option_id, inputs).of(*MODELS, *MACHINES)))


def felt(option_id: str, name: str) -> bool:
    return any(abs(total(option_id, name, times) - total(option_id)) > 1e-9 for times in (0.2, 0.5, 2.0, 4.0))


@pytest.mark.parametrize("option", ALL, ids=lambda option: option.id)
def test_no_bill_feels_what_none_of_its_meters_declares(option: Option) -> None:
    declared = {name for meter in option.meters for name in (*meter.felt(), *meter.feels_where_said)}
    assert {name for name in FELT_BY_SOME - declared if felt(option.id, name)} == set()


def meters() -> dict[type[Meter], list[Option]]:
    found: dict[type[Meter], list[Option]] = {}
    for option in ALL:
        for meter in option.meters:
            found.setdefault(type(meter), []).append(option)
    return found


@pytest.mark.parametrize(("meter", "options"), meters().items(), ids=lambda part: part.__name__ if isinstance(part, type) else "")
def test_what_a_meter_declares_moves_a_bill_that_has_it(meter: type[Meter], options: list[Option]) -> None:
    billed = {name for option in options for each in option.meters if isinstance(each, meter) for name in (*each.felt(), *each.feels_where_said)}
    assert {name for name in billed if not any(felt(option.id, name) for option in options)} == set()


def test_an_input_of_a_sandbox_or_a_counted_thing_is_felt_by_some_meter() -> None:
    """Else it would be told as one that matters for every option."""
    asked = {f"sandbox.{name}" for name in Sandbox.model_fields} | {f"per_session.{name}" for name in PerSession.model_fields}
    assert asked <= FELT_BY_SOME


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("fleet.a.sandbox.memory_gb", Cause.MACHINES),
        ("fleet.a.peak_to_average", Cause.MACHINES),
        ("general.host_reserve_gb", Cause.MACHINES),
        ("options.vps.ram_per_agent_gb", Cause.MACHINES),
        ("options.vps.upkeep_fte", Cause.PEOPLE),
        ("people.fleet.onboarding_weeks", Cause.PEOPLE),
        ("fleet.a.open_hours_per_session", Cause.VOLUME),
        ("fleet.a.per_session.spans", Cause.VOLUME),
        ("fleet.a.agents", Cause.VOLUME),
        ("fleet.a.batchable_share", Cause.MIX),
        ("fleet.a.model_mix.claude-sonnet-5", Cause.MIX),
        ("prices.managed-agents.session", Cause.PRICE),
    ],
)
def test_the_cause_of_a_difference_follows_from_who_feels_the_input(path: str, cause: Cause) -> None:
    assert cause_of(path) is cause


def test_what_counts_things_in_one_session_is_told_by_its_name() -> None:
    given = fleet()
    every = (*given.facts, *given.following)
    counted = {parts.name for path in every if (parts := paths.parsed(path)).group and paths.in_a_session(parts.name)}
    single = {"active_hours_per_session", "open_hours_per_session", "pauses_per_session", "web_searches_per_session"}
    assert counted == single | {name for name in counted if name.startswith(("tokens_per_session.", "per_session."))}
    assert len(counted) == len(single) + len(COUNTED) + 5  # five classes of tokens


# -- what is said of an option itself ----------------------------------------------------------------------

SAID: dict[str, Any] = {
    "upkeep_fte": 0.37, "build_weeks": 41, "exit_weeks": 43, "weeks_to_production": 47, "ram_per_agent_gb": 37, "vcpu_per_agent": 3,
    "idle_timeout_seconds": 77, "residual_memory_share": 0.77, "gpu_node_per_month": 777, "licence_per_month": 7777,
    "idle": "stop", "sessions_per_instance": 9,
    "redundant": True, "providers": ["AWS Lightsail"], "server": {"price_month": 777, "vcpu": 64, "ram_gb": 256}, "buys": ["langfuse-core"],
    "plan": "Pro", "other_per_month": [{"label": "Support", "usd": 77}],
}  # fmt: skip


def owned(option_id: str, **said: Any) -> tuple[float, float, str | None]:
    """USD of month 12 and over the horizon, and the plan; two plans with their use included may cost the same.

    A licence without a price is given one, so that only what is said makes the difference.
    """
    licence = {"licence_per_month": 100} if option_id == "managed-agents-own-service" else {}
    content = {
        "as_of": "2026-11-20", "fleet": [GROUP], "value_per_week_in_production": 500, "constraints": {"models": "mixed"},
        "overrides": {"options": {option_id: {**licence, **said}}, "prices": unpublished(CATALOG, DAY)},
    }  # fmt: skip
    inputs = inputs_of(scenario_from(content), CATALOG)
    billed = bill(option_id, inputs)
    return float(np.asarray(billed.total)), float(np.asarray(ownership(option_id, inputs).total)), billed.plan


def test_every_field_of_an_option_is_tried() -> None:
    assert set(SAID) == set(OptionOverrides.model_fields)


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("option", ALL, ids=lambda option: option.id)
def test_what_is_said_of_an_option_changes_it_or_is_refused_by_name(option: Option, name: str) -> None:
    said = {name: SAID[name]}
    if name == "plan" and name in option.takes:  # one that is not billed unless said
        usual = bill(option.id, inputs_of(scenario_from({"as_of": "2026-11-20", "fleet": [GROUP]}), CATALOG)).plan
        said = {name: next(plan for plan in option.plan_names if plan != usual)}
    if name == "idle" and name in option.takes:  # each word but the vendor's own changes the bill, where there is something to time out
        timeout = {"idle_timeout_seconds": 600} if "time_out" in option.idle else {}
        usual = owned(option.id, **timeout)
        for word in option.idle[1:]:
            assert owned(option.id, **(timeout if word == "stop" else {}), idle=word) != usual, word
        return
    if name in option.takes:
        assert owned(option.id, **said) != owned(option.id)
        return
    with pytest.raises(BadInput) as refusal:
        owned(option.id, **said)
    reason = f"one way with a session that waits ({option.idle[0]})" if name == "idle" and option.idle else "nothing that this would change"
    assert refusal.value.problems[0].startswith(f"overrides.options.{option.id}.{name}: {option.name} has {reason}. Leave it out; it takes ")
    opened = open_link(packed({"fleet": [{}], "overrides": {"options": {option.id: said}}}), CATALOG)
    assert any(f"overrides.options.{option.id}.{name}" in sentence for sentence in opened.dropped)
    assert opened.scenario.overrides.options[option.id] == OptionOverrides()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            {"e2b": {"idle": "stop"}},
            'overrides.options.e2b.idle: "stop" is not a known idle behaviour of E2B sandboxes',
        ),
        ({"daytona": {"idle": "pause", "idle_timeout_seconds": 60}}, "overrides.options.daytona.idle_timeout_seconds: nothing times out where"),
        ({"e2b": {"stops_sessions": True}}, 'overrides.options.e2b.idle: "stop" is not a known idle behaviour'),
        ({"managed-agents": {"idle": "keep"}}, "overrides.options.managed-agents.idle: Claude Managed Agents has nothing that this would change."),
    ],
)
def test_an_idle_behaviour_that_an_option_does_not_have_is_refused_by_name(said: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput) as refusal:
        inputs_of(scenario_from({"as_of": "2026-11-20", "fleet": [{}], "overrides": {"options": said}}), CATALOG)
    assert refusal.value.problems[0].startswith(words)


def test_a_file_of_earlier_days_stops_sessions() -> None:
    earlier = scenario_from({"fleet": [{}], "overrides": {"options": {"daytona": {"stops_sessions": True}, "vercel": {"stops_sessions": False}}}})
    assert (earlier.overrides.of("daytona").idle, earlier.overrides.of("vercel").idle) == ("stop", None)
    opened = open_link(packed({"fleet": [{}], "overrides": {"options": {"daytona": {"stops_sessions": True}}}}), CATALOG)
    assert opened.scenario.overrides.of("daytona").idle == "stop"
    assert not opened.dropped


def test_a_shared_instance_is_there_while_any_session_is_and_holds_no_more_than_it_may() -> None:
    """Against a simulation of sessions that begin at random: instances are at least those of the formula, and about them where they are many."""
    rng = np.random.default_rng(7)
    for at_once, held in ((0.2, 9), (3.0, 9), (40.0, 9), (5.0, 1)):
        group = {
            "agents": at_once,
            "sessions_per_day": 24,
            "active_hours_per_session": 1,
            "pauses_per_session": 0,
            "sandbox": {"vcpu": 1, "memory_gb": 1},
        }
        said = {"google-agent-runtime": {"sessions_per_instance": held}}
        inputs = inputs_of(
            scenario_from({"as_of": "2026-11-20", "fleet": [{**group, "days_per_month": 30}], "overrides": {"options": said}}), CATALOG
        )
        hours = next(item.quantity for item in bill("google-agent-runtime", inputs).items if item.label == "CPU allocated")
        sessions = rng.poisson(at_once, 200_000)
        instances = float(np.mean(np.ceil(sessions / held)) if held > 1 else np.mean(sessions))
        assert float(hours) / 720 <= instances * 1.01
        assert float(hours) / 720 >= instances * (0.8 if at_once > 3 or held == 1 else 0.6)
