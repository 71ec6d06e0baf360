"""Value of information: a closed-form case, nested simulation as brute force, and the laws."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decision.analysis.draws import Array, at_shares, drawn
from decision.analysis.information import Worth, information
from decision.costs.costs import all_costs
from decision.loading import load
from decision.scenario import Amount, Inputs, inputs_of, scenario_from
from decision.words import about_money

DAY = dt.date(2026, 11, 20)
FIVE = ("managed-agents", "agentcore-v1", "agentcore-v2", "vps", "multica")
A_YEAR = 194_315
BUSY = {"agents": "20 to 80", "active_hours_per_session": {"low": 4, "likely": 8, "high": 12}, "sessions_per_day": "1 to 3"}
UPKEEP = "options.vps.upkeep_fte"


def inputs(group: dict[str, object], **rest: object) -> Inputs:
    return inputs_of(scenario_from({"as_of": DAY, "fleet": [group], **rest}), load())


def two_options(vps: dict[str, object] | None = None, managed: dict[str, object] | None = None, **rest: object) -> Inputs:
    """Managed agents (2,304 dollars of runtime a year) against a VPS with a free server: only people make the difference."""
    server = {"server": {"price_month": 0, "vcpu": 4096, "ram_gb": 65536}, "ram_per_agent_gb": 1, "vcpu_per_agent": 0.5}
    still = {"build_weeks": 0, "exit_weeks": 0, "upkeep_fte": 0}
    return inputs(
        {"agents": 10, "sandbox": {"vcpu": 1, "memory_gb": 2, "cpu_busy_share": 0.2}},
        horizon_months=12,
        team={"engineer_cost_per_year": A_YEAR},
        consider=["managed-agents", "vps"],
        exit={"chance_of_leaving_in_horizon": 0.2},
        overrides={"options": {"managed-agents": {**still, **(managed or {})}, "vps": {**still, **server, **(vps or {})}}},
        **rest,
    )


def worth_of(path: str, one: Inputs, option_ids: tuple[str, ...], draws: int = 4096) -> Worth:
    return next(worth for worth in information(one, option_ids, draws).inputs if worth.path == path)


def nested(path: str, one: Inputs, option_ids: tuple[str, ...], outer: int = 300, inner: int = 1024) -> float:
    """EVPPI the long way: at each of `outer` values of the input, the means of the options over `inner` draws of all others."""
    fact = one.facts[path]
    others = drawn(one, inner, seed=99, option_ids=option_ids)
    means = []
    for value in np.asarray(at_shares(fact.amount, fact.spec, (np.arange(outer) + 0.5) / outer)):
        costs = all_costs(replace(others, values={**others.values, path: float(value)}), option_ids)
        means.append([float(np.mean(cost.total)) for cost in costs.values()])
    table = np.array(means)
    return float(table.mean(axis=0).min() - table.min(axis=1).mean())


# -- closed form ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("likely", [0.008, 0.012, 0.02])
def test_one_input_that_decides_alone_is_worth_what_the_integral_says(likely: float) -> None:
    one = two_options({"upkeep_fte": {"low": 0.005, "likely": likely, "high": 0.03}})
    fact = one.facts[UPKEEP]
    exact = all_costs(one, one.options)
    managed, rest = exact["managed-agents"].total, exact["vps"].total - likely * A_YEAR
    vps = np.asarray(at_shares(fact.amount, fact.spec, (np.arange(1_000_000) + 0.5) / 1_000_000)) * A_YEAR + rest
    integral = min(managed, vps.mean()) - np.minimum(managed, vps).mean()
    result = information(one, one.options)
    assert integral > 100  # dollars: there is something to find
    assert result.evpi == pytest.approx(integral, rel=0.01)
    worth = result.inputs[0]
    assert worth.path == UPKEEP
    assert worth.value == pytest.approx(integral, rel=0.01)
    assert worth.variance_share == pytest.approx(1, abs=0.01)
    assert [other.value for other in result.inputs[1:]] == [0.0] * (len(result.inputs) - 1)


def test_variance_shares_of_a_sum_are_the_shares_of_its_parts() -> None:
    one = two_options({"upkeep_fte": {"low": 0.01, "likely": 0.02, "high": 0.03}}, {"upkeep_fte": {"low": 0.01, "likely": 0.03, "high": 0.05}})
    shares = {worth.path: worth.variance_share for worth in information(one, one.options).inputs}
    assert shares[UPKEEP] == pytest.approx(1 / 5, abs=0.01)  # widths 1 : 2, variances 1 : 4
    assert shares["options.managed-agents.upkeep_fte"] == pytest.approx(4 / 5, abs=0.01)


# -- brute force ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "people.components.orchestrator.upkeep_hours",
        "people.thoroughness",
        "people.fleet.growth_exponent",
        "options.vps.ram_per_agent_gb",
        "fleet.agents.agents",
    ],
)
def test_value_agrees_with_nested_simulation(path: str) -> None:
    one = inputs(BUSY, horizon_months=36)
    found, brute = worth_of(path, one, FIVE), nested(path, one, FIVE)
    assert found.value == pytest.approx(brute, abs=3 * found.error + 0.02 * brute + 1)


def test_value_of_an_input_that_acts_in_steps_agrees_with_nested_simulation() -> None:
    # memory per agent decides how many 400-dollar servers ten agents need: the cost is a staircase
    server = {"price_month": 400, "vcpu": 64, "ram_gb": 10}
    one = two_options({"upkeep_fte": "0 to 0.01", "server": server, "ram_per_agent_gb": {"low": 0.5, "likely": 1, "high": 4}, "vcpu_per_agent": 0.5})
    one = replace(one, scenario=one.scenario, values={**one.values, "fleet.agents.active_hours_per_session": 24.0})
    path = "options.vps.ram_per_agent_gb"
    found, brute = worth_of(path, one, one.options), nested(path, one, one.options)
    assert brute > 100
    assert found.value == pytest.approx(brute, abs=3 * found.error + 0.02 * brute)


def test_perfect_information_agrees_with_plain_random_draws() -> None:
    one = inputs(BUSY, horizon_months=36)
    generator = np.random.default_rng(5)
    values: dict[str, float | Array] = {**one.values}
    for path, fact in one.facts.items():
        if fact.amount.is_range:
            values[path] = at_shares(fact.amount, fact.spec, generator.random(50_000))
    totals = np.array([cost.total for cost in all_costs(replace(one, values=values), FIVE).values()])
    brute = totals.mean(axis=1).min() - totals.min(axis=0).mean()
    result = information(one, FIVE)
    assert result.evpi == pytest.approx(brute, abs=3 * result.evpi_error)


def test_an_input_that_moves_with_the_deciding_one_is_worth_the_same() -> None:
    tied = two_options(
        {"upkeep_fte": {"low": 0.005, "likely": 0.012, "high": 0.03}, "weeks_to_production": "1 to 2"},
        correlations=[["vps.upkeep_fte", "vps.weeks_to_production", 1]],
    )
    found = {worth.path: worth for worth in information(tied, tied.options).inputs}
    twin = found["options.vps.weeks_to_production"]
    assert twin.value == pytest.approx(found[UPKEEP].value, rel=0.05)
    alone = replace(tied, scenario=tied.scenario.model_copy(update={"correlations": ()}))
    assert worth_of("options.vps.weeks_to_production", alone, alone.options).value == 0


# -- laws -----------------------------------------------------------------------------------------------


@given(seed=st.integers(0, 1000), agents=st.integers(1, 200), hours=st.integers(1, 24))
def test_one_input_is_never_worth_more_than_all_of_them(seed: int, agents: int, hours: int) -> None:
    result = information(inputs({"agents": f"{agents} to {2 * agents}", "active_hours_per_session": hours}, horizon_months=36), FIVE, 512, seed)
    assert result.evpi >= 0
    for worth in result.inputs:
        assert 0 <= worth.value <= result.evpi
        assert 0 <= worth.variance_share <= 1
        assert worth.error >= 0
    assert [w.value for w in result.inputs] == sorted((w.value for w in result.inputs), reverse=True)


def test_nothing_is_worth_anything_when_one_option_is_cheapest_in_every_draw() -> None:
    one = two_options({"upkeep_fte": {"low": 0.2, "likely": 0.3, "high": 0.5}})
    result = information(one, one.options)
    assert (result.evpi, result.evpi_error) == (0, 0)
    assert all(worth.value == 0 for worth in result.inputs)
    assert result.sentence == "Measuring one input alone would not change the choice of Managed Agents: it is the cheapest in every draw."


def test_identical_seeds_give_identical_bytes() -> None:
    one = inputs(BUSY)
    first, again, other = (repr(information(one, FIVE, 1000, seed)).encode() for seed in (3, 3, 4))
    assert first == again != other


def test_seeds_agree_within_their_error() -> None:
    one = two_options({"upkeep_fte": {"low": 0.005, "likely": 0.012, "high": 0.03}}, {"upkeep_fte": {"low": 0, "likely": 0.001, "high": 0.02}})
    results = [information(one, one.options, 4096, seed) for seed in (1, 2, 3, 4)]
    for path in ("options.vps.upkeep_fte", "options.managed-agents.upkeep_fte"):
        found = [next(w for w in result.inputs if w.path == path) for result in results]
        assert np.ptp([w.value for w in found]) < 4 * max(w.error for w in found)


def test_sentence_names_what_to_measure_and_what_not_to_argue_about() -> None:
    one = two_options({"upkeep_fte": {"low": 0.005, "likely": 0.012, "high": 0.03}, "exit_weeks": "0 to 0.01"})
    result = information(one, one.options)
    assert result.sentence == (
        f'Measure "Upkeep, VPS, own harness" first: it is worth up to {about_money(result.inputs[0].value)} over 12 months; '
        '"Exit, VPS, own harness" does not matter (0).'
    )
    assert result.inputs[0].matters


def test_without_ranges_there_is_nothing_to_measure() -> None:
    point = inputs(BUSY)
    certain = replace(point, facts={path: replace(fact, amount=Amount.point(fact.amount.likely)) for path, fact in point.facts.items()})
    result = information(certain, FIVE)
    assert (result.evpi, result.inputs) == (0, ())
    assert result.sentence.startswith("No input is a range")


def test_a_single_option_leaves_nothing_to_choose() -> None:
    result = information(inputs(BUSY), ("vps",))
    assert (result.best, result.rival, result.evpi) == ("vps", None, 0)
    assert {worth.value for worth in result.inputs} == {0}
