"""The share link carries a whole scenario, and says what it could not carry."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decision.errors import BadInput
from decision.loading import load
from decision.scenario import Scenario, read_scenario, ready_made, scenario_from
from decision.scenario import link as link_module
from decision.scenario.link import LARGEST_CONTENT, LONGEST_CODE, VERSION, link_code, open_link

FULL: dict[str, Any] = {
    "name": "Everything said",
    "as_of": "2026-11-20",
    "horizon_months": 36,
    "discount_rate": 0.08,
    "value_per_week_in_production": "500 to 2000",
    "fleet": [
        {
            "name": f"group {n}",
            "agents": 3 + n,
            "agents_in_12_months": {"low": 2, "likely": 9, "high": 40},
            "days_per_month": 22,
            "sessions_per_day": 4,
            "active_hours_per_session": 1.5,
            "open_hours_per_session": 3,
            "pauses_per_session": 2,
            "load": "bursty",
            "peak_to_average": 3,
            "stakes": "high",
            "model_mix": {"claude-sonnet-5-5": 0.7, "gpt-5.4": 0.3},
            "typical_prompt_tokens": 30000,
            "batchable_share": 0.25,
            "web_searches_per_session": 2,
            "tokens_per_session": {"input": 50000, "cache_read": 40000, "cache_write_5m": 10000, "output": 15000, "cache_write_1h": 0},
            "sandbox": {"vcpu": 2, "memory_gb": 4, "cpu_busy_share": {"low": 0.05, "likely": 0.2, "high": 0.5}},
            "per_session": {"tool_calls": 20, "spans": 100},
        }
        for n in range(5)
    ],
    "team": {"engineer_cost_per_year": "120000 to 275000", "platform_talent": "bench", "already_runs": ["sandbox", "observability"]},
    "constraints": {"models": "mixed", "data_residency": "own_account", "observability": "mature", "poll_interval_seconds": 2},
    "exit": {"portable_main_loop": True, "chance_of_leaving_in_horizon": 0.3},
    "consider": ["managed-agents", "vps", "multica", "e2b"],
    "running_on": "azure-foundry",
    "overrides": {
        "prices": {"managed-agents.session": 0.06},
        "options": {"vps": {"upkeep_fte": 0.2, "server": {"price_month": 60, "vcpu": 8, "ram_gb": 16}}},
    },
}


def packed(content: Any) -> str:
    """A code of version 1 with any content, as another writer might make it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, link_module._DICTIONARY)
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return VERSION + base64.urlsafe_b64encode(packer.compress(text) + packer.flush()).rstrip(b"=").decode()


@pytest.mark.parametrize("name", ready_made())
def test_every_ready_made_scenario_survives_the_link(name: str) -> None:
    scenario = read_scenario(ready_made()[name])
    opened = open_link(link_code(scenario), load())
    assert opened.scenario == scenario
    assert opened.dropped == ()


def test_a_scenario_that_says_everything_fits_into_an_address() -> None:
    scenario = scenario_from(FULL)
    code = link_code(scenario)
    assert open_link(code, load()).scenario == scenario
    assert len(code) <= 1500
    assert re.fullmatch(r"[A-Za-z0-9_-]+", code)


@given(
    name=st.text(st.characters(blacklist_categories=["C"]), min_size=1, max_size=80).filter(lambda text: bool(text.strip())),
    agents=st.floats(0, 1e6, allow_nan=False),
    share=st.floats(0, 1),
    months=st.integers(1, 120),
)
@settings(max_examples=60)
def test_whatever_can_be_said_survives(name: str, agents: float, share: float, months: int) -> None:
    content = {"name": name, "horizon_months": months, "fleet": [{"agents": {"low": agents, "high": agents * 2}, "batchable_share": share}]}
    try:
        scenario = scenario_from(content)
    except BadInput:
        return  # a name that the scenario itself refuses
    assert open_link(link_code(scenario), load()).scenario == scenario


def test_of_many_unusable_parts_all_go_at_once_and_the_first_are_named() -> None:
    opened = open_link(packed({"fleet": [{"agents": 3, **{f"field {n}": n for n in range(400)}}], "name": "Kept"}), load())
    assert opened.scenario == scenario_from({"fleet": [{"agents": 3}], "name": "Kept"})
    assert len(opened.dropped) == 21
    assert opened.dropped[-1] == "380 more problems. Correct these first."


def test_only_the_part_that_is_not_whole_is_cut() -> None:
    content = {"fleet": [{"agents": 3}], "overrides": {"options": {"vps": {"upkeep_fte": 0.2, "server": {"price_month": 60}}}}}
    kept = open_link(packed(content), load()).scenario.overrides.options["vps"]
    assert kept.upkeep_fte is not None
    assert kept.server is None


def test_a_link_written_by_the_first_version_still_opens() -> None:
    """The dictionary is part of version 1. If this fails, the change needs a new version."""
    opened = open_link("1QzUEoRCuoja2FgA", load())
    assert opened.scenario == Scenario.model_validate({"fleet": [{"agents": 3}]})


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "no link has"),
        ("1", "no link has"),
        ("1<script>alert(1)</script>", "no link has"),
        ("9abcdef", "version 9"),
        ("1abcdefgh", "cut or changed"),
        ("1" + "A" * LONGEST_CODE, "characters"),
        (packed(b'{"fleet": [{"name": "' + b" " * LARGEST_CONTENT + b'"}]}'), "expands"),
        (packed(b"[" * 50_000), "cut or changed"),
        (packed([1, 2]), "no scenario"),
        (packed({"name": "no fleet"}), "no scenario"),
        (packed({"fleet": 3}), "no scenario"),
        (packed({"version": 2, "fleet": [{}]}), "no scenario"),
        (packed({"version": True, "fleet": [{}]}), "no scenario"),
        (packed({"fleet": [{"agents": "1" * 5000 + "x"}]}), "a text of 5,001 characters"),
        (packed(b'{"fleet":[{"agents":' + b"1" * 5000 + b"}]}"), "cut or changed"),
        (packed({"fleet": [0] * 60_000}), "60,000 entries; at most 1,000"),
        (packed({"fleet": [{}], "consider": [0] * 60_000}), "60,000 entries; at most 1,000"),
        (packed({"fleet": [{}], "overrides": {"options": {"vps": {"providers": ["\ud83d"]}}}}), "half of a character"),
        (packed({"fleet": [{"name": "same"}, {"name": "same"}]}), "no scenario"),
        (link_code(scenario_from(FULL))[:-20], "cut"),
    ],
)
def test_an_unreadable_link_says_why(code: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        open_link(code, load())
    assert "This link cannot be opened" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": "blue"}, "colour: this version does not know this field."),
        ({"horizon_months": 1000}, "horizon_months"),
        ({"consider": ["vps", "punchcards"]}, '"punchcards" is not known here.'),
        ({"running_on": "punchcards"}, 'running_on: "punchcards" is not known here'),
        ({"overrides": {"prices": {"nothing.known": 3}}}, '"nothing.known" is not known here.'),
        ({"overrides": {"options": {"vps": {"providers": ["Nobody"]}}}}, '"Nobody" is not known here.'),
        ({"team": {"engineer_cost_per_year": -5}}, "team.engineer_cost_per_year"),
        (
            {"fleet": [{"agents": 3, "model_mix": {"claude-sonnet-5-5": 0.5, "gone-1": 0.5}}]},
            '"gone-1" is not known here, so the usual model is assumed.',
        ),
        ({"fleet": [{"agents": 3, "model_mix": {"claude-sonnet-5-5": 0.5}}]}, "must add up to 1"),
        ({"fleet": [{"agents": 3, "active_hours_per_session": 8, "open_hours_per_session": 2}]}, "Open time includes the active time"),
        ({"fleet": [{"agents": 3}, 7, 8]}, "fleet[2]: Input should be"),
        ({"team": None}, "team: Input should be"),
        (
            {"overrides": {"options": {"vps": {"upkeep_fte": 0.2, "server": {"price_month": 60}}}}},
            "overrides.options.vps.server.vcpu: Field required",
        ),
        ({"overrides": {"prices": {"anthropic.batch-discount": 50}}}, "overrides.prices.anthropic.batch-discount: Price is 50; it must be at most 1"),
        ({"consider": ["all", "vps"]}, "consider names all and other options beside it"),
        ({"as_of": "0001-01-01"}, "as_of is 0001-01-01; it must be from 2000-01-01"),
        ({"\x1b[2J" + "key" * 300: 1}, "\\x1b[2Jkeykey"),
    ],
)
def test_what_cannot_be_used_is_named_and_the_rest_is_kept(change: dict[str, Any], words: str) -> None:
    opened = open_link(packed({"name": "Kept", "fleet": [{"agents": 3}], **change}), load())
    assert any(words in sentence for sentence in opened.dropped), opened.dropped
    assert opened.scenario.name == "Kept"
    assert opened.scenario.fleet[0].agents is not None
