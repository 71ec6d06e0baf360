"""Tokens: what a share, a price or a class that was typed alone does to the others. Figures worked out by hand stand in tests/golden/tokens.yaml."""

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decision.analysis.draws import drawn
from decision.catalog import Catalog
from decision.catalog.token_rates import KINDS, PROMPT
from decision.costs.bill import bill
from decision.errors import BadInput
from decision.loading import load
from decision.recommendation import recommend
from decision.scenario import Inputs, inputs_of, scenario_from

DAY = dt.date(2026, 11, 20)


def inputs(catalog: Catalog, group: dict[str, Any], **other: Any) -> Inputs:
    return inputs_of(scenario_from({"fleet": [{"name": "t", **group}], **other}), catalog, DAY)


@pytest.mark.parametrize(
    "mix",
    [
        {"claude-sonnet-5-5": {"low": 0, "likely": 1, "high": 1}},
        {"claude-sonnet-5-5": {"low": 0, "likely": 0.5, "high": 1}, "claude-haiku-5-5": {"low": 0, "likely": 0.5, "high": 1}},
    ],
)
def test_a_share_that_may_be_nothing_leaves_no_draw_without_a_model(catalog: Catalog, mix: dict[str, Any]) -> None:
    """Draws in which all shares are 0 had no odds, and 'not a number below 0.8' passed for sure."""
    group = {"agents": 50, "batchable_share": 1, "model_mix": mix}
    tokens = {"input": 2_000_000, "cache_read": 0, "cache_write_5m": 0, "cache_write_1h": 0, "output": 500_000}
    said = inputs(catalog, {**group, "tokens_per_session": tokens}, team={"platform_talent": "bench"})
    many = drawn(said, 512)
    shares = [np.asarray(many[path]) for path in many.values if ".model_mix." in path]
    assert np.all(np.greater(sum(shares), 0))
    assert np.all(np.isfinite(bill("vps", many).total))
    assert all(result.odds is None or 0 <= result.odds <= 1 for result in recommend(said).options)


# -- kinds of work ---------------------------------------------------------------------------------------

UNITS_OF = {"chat": "conversations_per_day", "batch": "documents_per_day", "monitor": "beats_per_day"}


@pytest.mark.parametrize("kind", KINDS)
def test_requests_times_prompt_length_is_the_prompt_in_every_draw(catalog: Catalog, kind: str) -> None:
    said = inputs(catalog, {"kind": kind, "active_hours_per_session": "1 to 6"})
    many = drawn(said, 1024)
    (group,) = many.scenario.fleet
    own = many.own(group)
    hours = np.asarray(own["active_hours_per_session"])
    prompt = sum(np.asarray(own[f"tokens_per_session.{name}"]) for name in PROMPT)
    assert np.ptp(np.asarray(own["requests_per_active_hour"])) > 0
    assert prompt == pytest.approx(own["requests_per_active_hour"] * own["typical_prompt_tokens"] * hours, rel=1e-12)
    for name in PROMPT:
        assert np.all(np.asarray(own[f"tokens_per_session.{name}"]) >= 0)


@pytest.mark.parametrize("kind", UNITS_OF)
def test_a_unit_of_work_takes_its_requests_in_every_draw(catalog: Catalog, kind: str) -> None:
    """Prompt tokens of a day are units x requests for one x prompt length, however long the requests take."""
    many = drawn(inputs(catalog, {"kind": kind, UNITS_OF[kind]: 120}), 1024)
    (group,) = many.scenario.fleet
    own = many.own(group)
    a_day = sum(np.asarray(own[f"tokens_per_session.{name}"]) for name in PROMPT) * own["sessions_per_day"]
    assert a_day == pytest.approx(120 * np.asarray(own["requests_per_unit"]) * own["typical_prompt_tokens"], rel=1e-12)


@given(requests=st.floats(0.01, 1e6), prompt=st.floats(0, 1e7), kind=st.sampled_from(KINDS))
def test_a_prompt_of_any_size_is_split_without_a_rest(requests: float, prompt: float, kind: str) -> None:
    own_inputs = inputs(load(), {"kind": kind, "requests_per_active_hour": requests, "typical_prompt_tokens": prompt, "active_hours_per_session": 1})
    own = own_inputs.own(own_inputs.scenario.fleet[0])
    assert sum(float(own[f"tokens_per_session.{name}"]) for name in PROMPT) == pytest.approx(requests * prompt, rel=1e-9, abs=1e-6)


def test_each_rate_says_how_it_was_found(catalog: Catalog) -> None:
    lines = {line.path: line for line in recommend(inputs(catalog, {"kind": "coding"})).assumed}
    requests, output = lines["fleet.t.requests_per_active_hour"], lines["fleet.t.tokens_per_active_hour.output"]
    assert (requests.basis, output.basis) == ("measured", "derived")
    assert "TraceLab" in requests.why
    support = {line.path: line for line in recommend(inputs(catalog, {"kind": "chat"})).assumed}
    assert support["fleet.t.requests_per_active_hour"].basis == "assumed"


def test_a_kind_that_is_not_said_and_tokens_that_are_given_in_part_are_warned_of(catalog: Catalog) -> None:
    blank = recommend(inputs(catalog, {})).warnings
    assert any('The kind of work of "t" is not said' in warning and "coding" in warning for warning in blank)
    part = recommend(inputs(catalog, {"kind": "batch", "tokens_per_session": {"output": 1000}})).warnings
    assert any("only some tokens are given; uncached input, cache reads and 5-minute cache writes are those of documents in bulk" in w for w in part)
    zeros = {"input": 1, "cache_read": 0, "cache_write_5m": 0, "output": 1}
    assert not any('of "t"' in warning.lower() for warning in recommend(inputs(catalog, {"tokens_per_session": zeros})).warnings)


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ({"tokens_per_session": {"output": 1}, "tokens_per_active_hour": {"output": 1}}, "say the same"),
        ({"web_searches_per_session": 1, "web_searches_per_active_hour": 1}, "say the same"),
        ({"kind": "chat", "conversations_per_day": 5, "sessions_per_day": 5}, "say the same"),
        ({"kind": "batch", "documents_per_day": 5, "active_hours_per_session": 5}, "say the same"),
        ({"kind": "coding", "documents_per_day": 5}, "Write kind: batch"),
        ({"conversations_per_day": 5}, "Write kind: chat"),
        ({"kind": "chat", "requests_per_unit": 5}, "needs conversations_per_day"),
        ({"kind": "coding", "beats_per_day": "1,5"}, "is not a number"),
    ],
)
def test_what_is_said_twice_or_of_another_kind_is_refused(group: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        scenario_from({"fleet": [{"name": "t", **group}]})


def test_hours_and_tokens_that_follow_can_be_varied_like_any_input(catalog: Catalog) -> None:
    said = inputs(catalog, {"kind": "batch", "agents": 1, "documents_per_day": 260})
    assert said.driver_value("active_hours_per_session") == pytest.approx(2)
    moved = said.vary({"tokens_per_session.output": np.array([0.0, 1e6])})
    difference = np.asarray(bill("vps", moved).total)
    assert difference[1] - difference[0] == pytest.approx(30 * 10)  # 30 sessions x 1 M tokens x 10 USD
    assert said.driver_spec("documents_per_day").unit == "documents"
