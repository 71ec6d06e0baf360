"""The scenario: what a file may say, what a blank takes, and that nothing is lost on the way out and back."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decision.catalog import COMPONENTS, Catalog
from decision.costs.costs import standing
from decision.errors import BadInput
from decision.loading import load
from decision.scenario import Amount, as_yaml, inputs_of, paths, read_scenario, ready_made, scenario_from, schema
from decision.scenario.link import open_link
from decision.scenario.quantity import NORMAL_90, read
from decision.terminal.arguments import parser
from decision.ui.sheet import typed_value
from tests.test_link import packed
from tests.unpublished import without_a_price

DAY = dt.date(2026, 11, 20)
CATALOG = load()

# -- quantities ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (3, Amount.point(3)),
        (2.5, Amount.point(2.5)),
        ("2 to 8", Amount(2, 5, 8)),
        ("2..8", Amount(2, 5, 8)),
        ("1,000 to 2,000", Amount(1000, 1500, 2000)),
        ("1,000", Amount.point(1000)),  # YAML reads it as text, and a range of such numbers is one
        ("12,345,678.5", Amount.point(12_345_678.5)),
        ({"low": 2, "high": 8}, Amount(2, 5, 8)),
        ({"low": 2, "likely": 3, "high": 8}, Amount(2, 3, 8)),
        ({"measured": 3.1}, Amount(3.1, 3.1, 3.1, "measured")),
    ],
)
def test_a_number_may_be_a_point_a_range_or_a_measurement(written: Any, amount: Amount) -> None:
    assert read(written) == amount


@pytest.mark.parametrize("typed", ["1,5 to 2,5", "1,5", "1,5..2", "10,00", "1_ to 2__,,"])
def test_a_decimal_comma_could_mean_two_things_so_it_is_refused_everywhere(typed: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        read(typed)
    with pytest.raises(ValueError, match="is not a number"):
        typed_value(typed)  # the form
    opened = open_link(packed({"fleet": [{"name": "tickets"}, {"name": "other", "agents": typed}]}), CATALOG)
    assert opened.scenario.fleet[1].agents is None
    assert any("fleet[1].agents" in sentence and "is not a number" in sentence for sentence in opened.dropped)
    if " to " in typed:
        low, _, high = typed.partition(" to ")
        with pytest.raises(SystemExit):
            parser().parse_args(["breakeven", "-", "--driver", "agents", "--range", f"{low}:{high}"])


@pytest.mark.parametrize("typed", ["$x^2$ **bold**", "$12 each", "12.5.1 %", "$", "%", "1,5k"])
def test_a_complaint_repeats_what_was_typed_with_its_unit(typed: str) -> None:
    with pytest.raises(ValueError, match=rf'^"{re.escape(typed)}" is not a number'):
        typed_value(typed)


def test_thousands_are_read_alike_by_file_form_and_command_line() -> None:
    assert read("1,000").likely == typed_value("1,000") == 1000
    assert (read("1,000 to 2,000").low, typed_value("1,000 to 2,000")["low"]) == (1000, 1000)
    assert parser().parse_args(["breakeven", "-", "--driver", "agents", "--range", "1,000:2,000"]).range == (1000, 2000)


def test_a_measurement_spreads_by_its_sampling_error() -> None:
    found = read({"measured": 3.0, "n": 40, "stderr": 0.2})
    assert (found.low, found.high) == pytest.approx((3 - 0.2 * NORMAL_90, 3 + 0.2 * NORMAL_90))
    assert (found.n, found.origin) == (40, "measured")


def test_a_whole_number_too_large_for_a_float_is_refused() -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        read(10**400)


# -- blanks ----------------------------------------------------------------------------------------------


def test_a_blank_takes_the_estimate_and_is_shown_as_assumed(catalog: Catalog) -> None:
    inputs = inputs_of(scenario_from({"fleet": [{"agents": 7}]}), catalog, DAY)
    given_fact, assumed = inputs.facts["fleet.agents.agents"], inputs.facts["fleet.agents.active_hours_per_session"]
    assert (given_fact.origin, given_fact.amount.likely) == ("given", 7)
    assert (assumed.origin, assumed.amount.likely) == ("assumed", catalog.estimates.scenario["fleet.active_hours_per_session"].likely)
    assert assumed.why


def test_a_bursty_load_takes_another_peak() -> None:
    inputs = inputs_of(scenario_from({"fleet": [{"load": "bursty"}]}), CATALOG, DAY)
    assert inputs["fleet.agents.peak_to_average"] == CATALOG.estimates.scenario["fleet.peak_to_average_bursty"].likely


def test_one_class_of_tokens_alone_leaves_the_others_where_they_were() -> None:
    """A figure that somebody knows says nothing of those that nobody gave: they stay what the kind of work says, and are shown as assumed."""
    one = inputs_of(scenario_from({"fleet": [{"kind": "coding", "tokens_per_session": {"output": 20_000}}]}), CATALOG, DAY)
    none = inputs_of(scenario_from({"fleet": [{"kind": "coding"}]}), CATALOG, DAY)
    (group,), (blank,) = one.scenario.fleet, none.scenario.fleet
    assert one.own(group)["tokens_per_session.output"] == 20_000
    for name in ("input", "cache_read", "cache_write_5m"):
        assert one.own(group)[f"tokens_per_session.{name}"] == none.own(blank)[f"tokens_per_session.{name}"] > 0
        assert f"tokens_per_session.{name}" in one.assumed_in[group.slug]
    assert "tokens_per_session.output" not in one.assumed_in[group.slug]
    assert one.facts["fleet.agents.requests_per_active_hour"].origin == "assumed"


@pytest.mark.parametrize(
    ("day", "model"),
    [
        ("2025-01-01", "claude-sonnet-4-5"),
        ("2026-06-30", "claude-sonnet-5"),
        ("2026-09-27", "claude-sonnet-5"),
        ("2026-11-20", "claude-sonnet-5-5"),
    ],
)
def test_the_usual_model_follows_the_day(day: str, model: str) -> None:
    inputs = inputs_of(scenario_from({"fleet": [{}]}), CATALOG, dt.date.fromisoformat(day))
    assert inputs[f"fleet.agents.model_mix.{model}"] == 1


def test_every_estimate_is_used_by_some_input(catalog: Catalog) -> None:
    groups = [{"name": "steady"}, {"name": "bursty", "load": "bursty"}]
    facts = inputs_of(scenario_from({"fleet": groups}), catalog, DAY).facts
    whys = {fact.why for fact in facts.values()}
    reasons = {name: estimate.assumption or (estimate.source and estimate.source.title) for name, estimate in catalog.estimates.scenario.items()}
    assert [name for name, reason in reasons.items() if reason not in whys] == []


# -- days ------------------------------------------------------------------------------------------------


def test_the_scenarios_own_day_comes_before_the_callers() -> None:
    assert inputs_of(scenario_from({"as_of": "2026-09-30", "fleet": [{}]}), CATALOG, DAY).as_of == dt.date(2026, 9, 30)


def test_a_scenario_without_any_day_is_refused() -> None:
    with pytest.raises(BadInput, match=r"no as_of date\. Add one, such as as_of: 2026-11-20, or pass --as-of"):
        inputs_of(scenario_from({"fleet": [{}]}), CATALOG)


# -- varying inputs --------------------------------------------------------------------------------------


def test_agents_scale_all_groups_now_and_later() -> None:
    fleet = [{"name": "a", "agents": 1, "agents_in_12_months": 6}, {"name": "b", "agents": 2}]
    inputs = inputs_of(scenario_from({"fleet": fleet}), CATALOG, DAY)
    assert inputs.driver_value("agents") == 8
    scaled = inputs.vary({"agents": np.array([8.0, 16.0])})
    assert scaled["fleet.a.agents"] == pytest.approx([1, 2])
    assert scaled["fleet.a.agents_in_12_months"] == pytest.approx([6, 12])
    assert scaled["fleet.b.agents"] == pytest.approx([2, 4])


def test_shares_of_a_mix_keep_adding_up_to_one() -> None:
    mix = {"claude-opus-5-5": 0.5, "claude-sonnet-5-5": 0.3, "claude-haiku-5-5": 0.2}
    inputs = inputs_of(scenario_from({"fleet": [{"model_mix": mix}]}), CATALOG, DAY)
    changed = inputs.vary({"fleet.agents.model_mix.claude-opus-5-5": 0.75})
    assert [changed[f"fleet.agents.model_mix.{model}"] for model in mix] == pytest.approx([0.75, 0.15, 0.10])
    two = inputs.vary({paths.of_model("agents", "claude-opus-5-5"): 0.75, paths.of_model("agents", "claude-haiku-5-5"): np.array([0.05, 0.5])})
    assert [np.asarray(two[paths.of_model("agents", model)]).tolist() for model in mix] == [0.75, pytest.approx([0.2, 0.0]), [0.05, 0.5]]


def test_a_share_that_falls_alone_is_taken_up_by_models_that_stood_at_nothing() -> None:
    mix = {"claude-opus-5-5": 1, "claude-sonnet-5-5": 0, "claude-haiku-5-5": 0}
    inputs = inputs_of(scenario_from({"fleet": [{"model_mix": mix}]}), CATALOG, DAY)
    changed = inputs.vary({paths.of_model("agents", "claude-opus-5-5"): 0.4})
    assert [changed[paths.of_model("agents", model)] for model in mix] == pytest.approx([0.4, 0.3, 0.3])


def test_the_only_model_of_a_mix_keeps_its_share() -> None:
    only = inputs_of(scenario_from({"fleet": [{"model_mix": {"claude-opus-5-5": 1}}]}), CATALOG, DAY)
    assert only.vary({paths.of_model("agents", "claude-opus-5-5"): 0.0})[paths.of_model("agents", "claude-opus-5-5")] == 1


# -- another fleet ---------------------------------------------------------------------------------------


def test_a_group_can_be_added_changed_scaled_and_left_out() -> None:
    inputs = inputs_of(scenario_from({"fleet": [{"name": "a", "agents": 2, "agents_in_12_months": 6}, {"name": "b", "agents": 4}]}), CATALOG, DAY)
    a, b = inputs.scenario.fleet
    c = a.model_copy(update={"name": "c"})
    more = inputs.with_fleet((a, b, c), {"c": {**inputs.own(a), "agents": 7.0}})
    assert [more.own(group)["agents"] for group in more.scenario.fleet] == [2, 4, 7]
    assert more.driver_value("agents") == 6 + 4 + 6
    halved = more.scaled({"a": 0.5})
    assert (halved.own(a)["agents"], halved.own(a)["agents_in_12_months"], halved.own(b)["agents"]) == (1, 3, 4)
    fewer = inputs.with_fleet((b,), {"b": {"agents": 1.0}})
    assert fewer.own(b) == {"agents": 1.0}
    assert fewer.driver_value("agents") == 1
    assert inputs.driver_value("agents") == 10


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("agens", 'Did you mean "agents"?'),
        ("upkeep_fte", "Write one of them in full"),
        ("managed-agents.sesion", 'Did you mean "managed-agents.'),
    ],
)
def test_an_unknown_driver_is_refused_with_the_nearest_name(name: str, words: str) -> None:
    with pytest.raises(BadInput) as refusal:
        inputs_of(scenario_from({"fleet": [{}]}), CATALOG, DAY).driver_path(name)
    assert words in str(refusal.value)


def test_every_driver_can_be_varied() -> None:
    inputs = inputs_of(scenario_from({"fleet": [{"agents": 3, "agents_in_12_months": 10}]}), CATALOG, DAY)
    drivers = list(inputs.drivers())
    assert len(drivers) == len(set(drivers)) > 50
    unpriced = without_a_price(CATALOG, DAY)
    for name in drivers:
        if paths.parsed(name).option in unpriced and name in inputs.added_up:
            continue  # nothing adds up
        spec = inputs.driver_spec(name)
        assert spec.at_least <= standing(inputs, name) <= spec.at_most
        assert spec.label
        assert spec.unit
        changed = inputs.vary({name: spec.at_most if standing(inputs, name) == spec.at_least else spec.at_least})
        assert changed.driver_value(name) != inputs.driver_value(name) or ".model_mix." in name


# -- out and back ----------------------------------------------------------------------------------------


def amounts(low: float, high: float) -> st.SearchStrategy[Any]:
    number = st.floats(low, high, allow_nan=False, allow_infinity=False) | st.integers(int(np.ceil(low)), int(high))
    three = st.tuples(number, number, number).map(sorted)
    return st.one_of(
        number,
        three.map(lambda points: dict(zip(("low", "likely", "high"), points, strict=True))),
        three.map(lambda points: f"{points[0]:.6f} to {points[2] + 1e-6 if points[2] < high - 1e-6 else high:.6f}"),
        st.fixed_dictionaries({"measured": number}, optional={"n": st.integers(1, 10**6), "stderr": st.floats(0, 1e6)}),
    )


LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
NAMES = st.text(LETTERS, min_size=1, max_size=40).filter(lambda name: any(map(str.isalnum, name)))


@st.composite
def fleets(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = draw(st.lists(GROUP, min_size=1, max_size=3))
    return [{**group, "name": f"{group['name']} {i}"} for i, group in enumerate(found)]


GROUP = st.fixed_dictionaries(
    {"name": NAMES},
    optional={
        "agents": amounts(0, 1e6),
        "agents_in_12_months": amounts(0, 1e6),
        "days_per_month": amounts(0, 31),
        "active_hours_per_session": amounts(0, 24),
        "open_hours_per_session": amounts(24, 744),
        "load": st.sampled_from(["steady", "bursty"]),
        "stakes": st.sampled_from(["normal", "high"]),
        "peak_to_average": amounts(1, 100),
        "model_mix": st.sampled_from([{"claude-sonnet-5-5": 1}, {"claude-sonnet-5-5": 0.8, "claude-haiku-5-5": 0.2}]),
        "tokens_per_session": st.fixed_dictionaries({}, optional={kind: amounts(0, 1e9) for kind in ("input", "cache_read", "output")}),
        "sandbox": st.fixed_dictionaries({}, optional={"vcpu": amounts(0.25, 64), "cpu_busy_share": amounts(0, 1)}),
        "per_session": st.fixed_dictionaries({}, optional={"spans": amounts(0, 1e6)}),
    },
)
PRICES_OF_THINGS = [price_id for price_id, series in sorted(CATALOG.prices.items()) if series.pricing_unit != "USD"]  # the others are shares


def usable(options: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What is said of options, without what they cannot use."""
    return {
        option_id: {name: value for name, value in said.items() if name in CATALOG.options[option_id].takes} for option_id, said in options.items()
    }


SCENARIOS = st.fixed_dictionaries(
    {"fleet": fleets()},
    optional={
        "version": st.just(1),
        "name": NAMES,
        "as_of": st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
        "horizon_months": st.integers(1, 120),
        "discount_rate": amounts(0, 1),
        "team": st.fixed_dictionaries(
            {}, optional={"engineer_cost_per_year": amounts(0, 1e6), "already_runs": st.lists(st.sampled_from(COMPONENTS), unique=True)}
        ),
        "constraints": st.fixed_dictionaries(
            {}, optional={"models": st.sampled_from(["claude_only", "mixed"]), "data_residency": st.sampled_from(["own_account", "own_machines"])}
        ),
        "exit": st.fixed_dictionaries({}, optional={"portable_main_loop": st.booleans(), "chance_of_leaving_in_horizon": amounts(0, 1)}),
        "value_per_week_in_production": amounts(0, 1e6),
        "consider": st.just("all") | st.lists(st.sampled_from(sorted(CATALOG.options)), min_size=1, unique=True),
        "running_on": st.sampled_from(sorted(CATALOG.options)),
        "overrides": st.fixed_dictionaries(
            {},
            optional={
                "prices": st.dictionaries(st.sampled_from(PRICES_OF_THINGS), amounts(0, 1e6), max_size=3),
                "options": st.dictionaries(
                    st.sampled_from(sorted(CATALOG.options)),
                    st.fixed_dictionaries(
                        {},
                        optional={
                            "upkeep_fte": amounts(0, 100),
                            "redundant": st.booleans(),
                            "providers": st.lists(st.sampled_from(["Contabo", "AWS Lightsail"]), unique=True),
                            "server": st.fixed_dictionaries({"price_month": amounts(0, 1e4), "vcpu": amounts(1, 64), "ram_gb": amounts(1, 512)}),
                        },
                    ),
                    max_size=3,
                ).map(usable),
            },
        ),
        "correlations": st.just([["agents", "vps.upkeep_fte", 0.5]]),
    },
)


@given(SCENARIOS)
def test_a_scenario_survives_its_file(content: dict[str, Any]) -> None:
    scenario = scenario_from(content)
    text = as_yaml(scenario)
    assert read_scenario("copy.yaml", text) == scenario
    assert as_yaml(read_scenario("copy.yaml", text)) == text


@given(SCENARIOS)
def test_every_scenario_that_is_accepted_has_inputs(content: dict[str, Any]) -> None:
    inputs = inputs_of(scenario_from(content), CATALOG, DAY)
    assert all(np.isfinite(value) for value in inputs.values.values())
    assert set(inputs.values) == set(inputs.facts)


@pytest.mark.parametrize("path", ready_made().values(), ids=lambda path: path.stem)
def test_a_ready_made_scenario_survives_its_file(path: Path) -> None:
    scenario = read_scenario(path)
    assert read_scenario("copy.yaml", as_yaml(scenario)) == scenario


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*schema()["properties"], "agents"]), JUNK, max_size=4) | JUNK)
def test_whatever_a_scenario_holds_it_is_read_or_refused_in_words(content: Any) -> None:
    assert all(problem.startswith("scenario: ") for problem in problems_of(content))


@given(st.dictionaries(st.sampled_from(["name", "agents", "load", "model_mix", "tokens_per_session", "sandbox", "days_per_month"]), JUNK, max_size=4))
def test_whatever_a_group_holds_it_is_read_or_refused_in_words(group: dict[str, Any]) -> None:
    assert all(problem.startswith("scenario: fleet") for problem in problems_of({"fleet": [group]}))


def problems_of(content: Any) -> tuple[str, ...]:
    try:
        scenario_from(content)
    except BadInput as refusal:
        return refusal.problems
    return ()


# -- the published contract ------------------------------------------------------------------------------


def test_the_schema_knows_every_field_and_is_plain_json() -> None:
    published = schema()
    assert json.loads(json.dumps(published)) == published
    assert {"version", "name", "as_of", "fleet", "team", "constraints", "exit", "consider", "overrides"} <= set(published["properties"])
    assert published["additionalProperties"] is False
    agents = published["$defs"]["Group"]["properties"]["agents"]
    assert "agents" in json.dumps(agents)


@pytest.mark.parametrize("name", ["\x07bell", "be\x07ll", "bell\x07", "two\u2028lines", "para\u2029graphs"])
def test_a_control_character_anywhere_in_a_name_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="control characters or line breaks"):
        scenario_from({"fleet": [{"name": name, "agents": 1}]})


def test_a_short_name_has_the_unit_of_the_input_that_it_stands_for() -> None:
    two = inputs_of(scenario_from({"fleet": [{"name": "a"}, {"name": "b"}]}), CATALOG, DAY)
    facts = {path: fact for path, fact in two.facts.items() if path.startswith("fleet.b.") and "model_mix" not in path}
    assert len({fact.spec.unit for fact in facts.values()}) > 3
    for path, fact in facts.items():
        name = path.removeprefix("fleet.b.")
        if name not in ("agents", "agents_in_12_months"):
            assert (two.driver_spec(name).label, two.driver_spec(name).unit) == (fact.spec.label, fact.spec.unit), name


def test_a_mapping_with_too_many_entries_says_how_many_it_has() -> None:
    with pytest.raises(BadInput, match=r"fleet\[0\]\.model_mix: found 63 entries\. Give at most 20 entries\."):
        scenario_from({"fleet": [{"model_mix": dict.fromkeys(map(str, range(63)), 0)}]})
