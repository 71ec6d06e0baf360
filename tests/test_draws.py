"""Draws: the distribution keeps its three points and bounds, the points cover evenly, correlations come out as asked."""

import dataclasses
import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decision.analysis.draws import at_shares, correlation, dimensions, drawn, lattice, of_options, ranged, shares, triangle
from decision.analysis.information import information
from decision.analysis.outlook import outlook
from decision.catalog import Catalog
from decision.errors import BadInput
from decision.loading import load
from decision.recommendation import recommend
from decision.scenario import Amount, Inputs, Spec, inputs_of, scenario_from

DAY = dt.date(2026, 11, 20)
WIDE = Spec("Anything", "units", at_least=-1e12, at_most=1e12)


def inputs(group: dict[str, object] | None = None, **rest: object) -> Inputs:
    return inputs_of(scenario_from({"as_of": DAY, "fleet": [group or {}], **rest}), load())


def ranges(least: float = -1e6, most: float = 1e6) -> st.SearchStrategy[Amount]:
    points = st.lists(st.floats(least, most, allow_nan=False), min_size=3, max_size=3).map(sorted)
    return points.filter(lambda p: p[2] - p[0] > 1e-6 * max(1.0, abs(p[0]), abs(p[2]))).map(lambda p: Amount(p[0], p[1], p[2]))


# -- one input ------------------------------------------------------------------------------------------


def test_symmetric_triangle_by_hand() -> None:
    # a symmetric triangle of half-width w keeps 10 % beyond w x (1 - sqrt(0.2)) from its peak: w = 1 / (1 - 0.447214) = 1.809017
    shape = triangle(9.0, 10.0, 11.0)
    assert shape.most - shape.mode == pytest.approx(1.8090169943749475, rel=1e-12)
    assert shape.mode - shape.least == pytest.approx(1.8090169943749475, rel=1e-12)


@given(ranges())
def test_tenth_and_ninetieth_percentile_and_mode_are_kept(amount: Amount) -> None:
    scale = amount.high - amount.low
    low, high = np.asarray(at_shares(amount, WIDE, np.array([0.1, 0.9])))
    assert low == pytest.approx(amount.low, abs=1e-9 * scale)
    assert high == pytest.approx(amount.high, abs=1e-9 * scale)
    shape = triangle(amount.low, amount.likely, amount.high)
    assert shape.mode == amount.likely
    # the density rises to the mode and falls after it, by the same height on both sides: a triangle
    left, right = shape.mode - shape.least, shape.most - shape.mode
    at_mode = float(np.asarray(at_shares(amount, WIDE, np.array([left / (left + right)])))[0])
    assert at_mode == pytest.approx(amount.likely, abs=1e-6 * scale)


@pytest.mark.parametrize(("low", "likely", "high"), [(2, 3, 8), (0.05, 0.4, 0.6), (6, 15, 40), (1, 1, 5), (1, 5, 5)])
def test_values_are_the_inverse_of_the_textbook_distribution(low: float, likely: float, high: float) -> None:
    u = np.linspace(0.001, 0.999, 997)
    x = np.asarray(at_shares(Amount(low, likely, high), WIDE, u))
    a, c, b = (shape := triangle(float(low), float(likely), float(high))).least, shape.mode, shape.most
    textbook = np.where(x < c, (x - a) ** 2 / ((b - a) * (c - a)), 1 - (b - x) ** 2 / ((b - a) * (b - c)))
    assert textbook == pytest.approx(u, abs=1e-12)


@given(ranges(0.0, 1.0))
def test_draws_stay_inside_the_bounds_and_keep_the_percentiles(amount: Amount) -> None:
    share = Spec("A share", "share of 1", at_most=1)
    u = (np.arange(1000) + 0.5) / 1000
    values = np.asarray(at_shares(amount, share, u))
    assert values.min() >= 0
    assert values.max() <= 1
    assert np.all(np.diff(values) >= 0)
    assert np.mean(values < amount.low) <= 0.1
    assert np.mean(values > amount.high) <= 0.1
    low, high = np.asarray(at_shares(amount, share, np.array([0.1, 0.9])))
    assert (low, high) == (pytest.approx(amount.low, abs=1e-9), pytest.approx(amount.high, abs=1e-9))


def test_a_tail_that_would_cross_the_bound_is_squeezed_between_bound_and_point() -> None:
    share = Spec("A share", "share of 1", at_most=1)
    values = np.asarray(at_shares(Amount(0.05, 0.2, 0.5), share, (np.arange(100_000) + 0.5) / 100_000))
    assert np.mean(values < 0.05) == pytest.approx(0.1)
    assert 0 <= values.min() < 0.001


def test_sampling_error_of_a_measurement_stays_inside_the_bounds() -> None:
    measured = inputs({"batchable_share": {"measured": 0.02, "n": 10, "stderr": 0.05}})
    values = np.asarray(drawn(measured)["fleet.agents.batchable_share"])
    assert values.min() == 0
    assert np.quantile(values, 0.9) == pytest.approx(0.02 + 1.2815515655446004 * 0.05, rel=0.01)


def test_counts_are_whole() -> None:
    pieces = Spec("Pieces", "pieces", whole=True)
    values = np.asarray(at_shares(Amount(2, 3, 8), pieces, (np.arange(1000) + 0.5) / 1000))
    assert np.array_equal(values, np.rint(values))
    assert (np.quantile(values, 0.1), np.quantile(values, 0.9)) == (2, 8)


def test_a_point_stays_a_float() -> None:
    many = drawn(inputs({"agents": 3, "sessions_per_day": {"low": 2, "likely": 2, "high": 2}}))
    assert (many["fleet.agents.agents"], many["fleet.agents.sessions_per_day"]) == (3.0, 2.0)


# -- many inputs ----------------------------------------------------------------------------------------


def test_every_range_is_drawn_and_nothing_else() -> None:
    one = inputs({"agents": "2 to 8"})
    many = drawn(one, 256)
    arrays = {path for path, value in many.values.items() if np.ndim(value)}
    assert arrays == set(ranged(one))
    assert {np.shape(many[path]) for path in arrays} == {(256,)}
    few = drawn(one, 256, option_ids=("vps",))
    assert {path for path, value in few.values.items() if np.ndim(value)} == set(of_options(one, ranged(one), ("vps",)))
    assert np.array_equal(few["options.vps.ram_per_agent_gb"], many["options.vps.ram_per_agent_gb"])


def test_an_input_that_was_set_is_not_drawn_again() -> None:
    fixed = inputs({"agents": "2 to 8"}).vary({"agents": 50.0})
    assert drawn(fixed)["fleet.agents.agents"] == 50.0


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    one = inputs({"agents": "2 to 8"})
    draws = [np.asarray(drawn(one, 512, seed)["fleet.agents.agents"]).tobytes() for seed in (7, 7, 8)]
    assert draws[0] == draws[1] != draws[2]


def test_a_longer_run_begins_with_the_shorter_one_and_can_be_continued() -> None:
    one = inputs({"agents": "2 to 8"})
    path = "options.vps.ram_per_agent_gb"
    long = np.asarray(drawn(one, 1000)[path])
    assert np.array_equal(long[:300], drawn(one, 300)[path])
    assert np.array_equal(long[300:], drawn(one, 700, first=300)[path])


def test_each_input_is_covered_evenly() -> None:
    paths = {f"input {i}": i for i in range(60)}
    for points in lattice(paths, 0, 1024, 3).values():
        assert np.array_equal(np.bincount((points * 1024).astype(int), minlength=1024), np.ones(1024))  # one draw in each 1,024th


@pytest.mark.parametrize("name", ["a-newcomer", "zz-newcomer"])  # before and after every other option in the alphabet
def test_an_option_that_is_not_considered_moves_no_figure(name: str) -> None:
    scenario = scenario_from({"as_of": DAY, "consider": ["managed-agents", "vps", "e2b"], "fleet": [{"agents": "2 to 8"}]})
    plain, more = (inputs_of(scenario, catalog) for catalog in (load(), with_option(load(), name)))
    assert len(ranged(more)) > len(ranged(plain))  # its estimates are ranges, and the catalog has them
    assert outlook(plain, plain.options, 512) == outlook(more, more.options, 512)
    assert information(plain, plain.options, 512) == information(more, more.options, 512)
    assert recommend(plain).considered == recommend(more).considered


def test_options_that_do_not_come_before_a_newcomer_keep_their_draws() -> None:
    scenario = scenario_from({"as_of": DAY, "consider": ["all"], "fleet": [{"agents": "2 to 8"}]})
    plain, more = (drawn(inputs_of(scenario, catalog), 256) for catalog in (load(), with_option(load(), "zz-newcomer")))
    for path in ranged(inputs_of(scenario, load())):
        assert np.array_equal(plain[path], more[path])


def test_the_order_in_which_options_are_considered_moves_no_draw() -> None:
    one, other = (inputs(consider=list(order)) for order in (("vps", "e2b", "managed-agents"), ("managed-agents", "vps", "e2b")))
    for path in ranged(one):
        assert np.array_equal(drawn(one, 256)[path], drawn(other, 256)[path])


def with_option(catalog: Catalog, name: str) -> Catalog:
    """The catalog with one more option, which costs and is estimated as a server of one's own."""
    options = {**catalog.options, name: catalog.options["vps"].model_copy(update={"id": name})}
    return dataclasses.replace(catalog, options=dict(sorted(options.items())))


def test_pairs_of_inputs_are_covered_more_evenly_than_by_chance() -> None:
    points = np.array(list(lattice({f"input {i}": i for i in range(40)}, 0, 4096, 3).values()))
    worst = max(abs(np.corrcoef(points)[np.triu_indices(40, 1)]))
    by_chance = max(abs(np.corrcoef(np.random.default_rng(3).random((40, 4096)))[np.triu_indices(40, 1)]))
    assert worst < by_chance / 2


def test_shares_of_a_model_mix_keep_adding_up_to_1() -> None:
    mix = {"claude-sonnet-5-5": {"low": 0.6, "likely": 0.8, "high": 0.9}, "claude-haiku-5-5": 0.15, "claude-opus-4-8": 0.05}
    many = drawn(inputs({"model_mix": mix}))
    drawn_shares = [np.asarray(many[f"fleet.agents.model_mix.{model}"]) for model in mix]
    assert sum(drawn_shares) == pytest.approx(1)
    assert np.quantile(drawn_shares[0], [0.1, 0.9]) == pytest.approx([0.6, 0.9], abs=1e-3)
    assert drawn_shares[1] == pytest.approx(3 * drawn_shares[2])


def test_varied_sets_full_paths_only() -> None:
    changed = inputs().vary({"options.vps.ram_per_agent_gb": np.array([0.1, 0.2])})
    assert np.array_equal(changed["options.vps.ram_per_agent_gb"], [0.1, 0.2])
    assert changed["options.multica.ram_per_agent_gb"] == 1.25


# -- correlation ----------------------------------------------------------------------------------------


def rank_correlation(a: object, b: object) -> float:
    ranks = [np.argsort(np.argsort(np.asarray(x))) for x in (a, b)]
    return float(np.corrcoef(ranks)[0, 1])


@pytest.mark.parametrize("rho", [-1.0, -0.7, 0.3, 0.8, 1.0])
def test_rank_correlation_comes_out_as_asked_and_leaves_each_input_as_it_was(rho: float) -> None:
    free = inputs()
    tied = inputs(correlations=[["vps.ram_per_agent_gb", "multica.ram_per_agent_gb", rho]])
    one, other = "options.vps.ram_per_agent_gb", "options.multica.ram_per_agent_gb"
    many = drawn(tied)
    assert rank_correlation(many[one], many[other]) == pytest.approx(rho, abs=0.02)
    for path in ranged(free):
        assert np.array_equal(np.sort(np.asarray(many[path])), np.sort(np.asarray(drawn(free)[path])))
    assert abs(rank_correlation(many[one], many["team.engineer_cost_per_year"])) < 0.05


def test_correlation_with_an_input_that_is_no_range_changes_nothing() -> None:
    plain = {"agents": 3, "sessions_per_day": 2}
    tied = inputs(plain, correlations=[["sessions_per_day", "vps.ram_per_agent_gb", 0.5]])
    assert np.array_equal(drawn(tied)["options.vps.ram_per_agent_gb"], drawn(inputs(plain))["options.vps.ram_per_agent_gb"])


def test_agents_means_the_fleet_in_12_months() -> None:
    tied = inputs({"agents": "2 to 8", "agents_in_12_months": "10 to 30"}, correlations=[["agents", "sessions_per_day", 0.5]])
    assert correlation(tied).paths == ("fleet.agents.agents_in_12_months", "fleet.agents.sessions_per_day")


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([["vps.upkeep_fte", "vps.upkeep_fte", 0.5]], "paired with itself"),
        ([["vps.upkeep_fte", "vps.upkep_fte", 0.5]], 'Did you mean "vps.upkeep_fte"'),
        ([["upkeep_fte", "agents", 0.5]], "could mean"),
        ([["vps.upkeep_fte", "vps.build_weeks", 0.5], ["vps.build_weeks", "vps.upkeep_fte", 0.2]], "given twice"),
        (
            [
                ["vps.ram_per_agent_gb", "people.thoroughness", 0.9],
                ["people.thoroughness", "engineer_cost_per_year", 0.9],
                ["vps.ram_per_agent_gb", "engineer_cost_per_year", -0.9],
            ],
            "cannot all hold at once",
        ),
    ],
)
def test_correlations_that_cannot_be_get_a_sentence(pairs: list[list[object]], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        drawn(inputs(correlations=pairs))


def test_only_the_correlations_that_cannot_hold_together_are_named() -> None:
    weeks = [["vps.upkeep_fte", "vps.build_weeks", 0.9], ["vps.build_weeks", "vps.exit_weeks", 0.9], ["vps.upkeep_fte", "vps.exit_weeks", -0.9]]
    with pytest.raises(BadInput) as refused:
        drawn(inputs(correlations=[["multica.upkeep_fte", "multica.build_weeks", 0.1], *weeks]))
    said = str(refused.value)
    assert all(f"options.vps.{name}" in said for name in ("upkeep_fte", "build_weeks", "exit_weeks"))
    assert "multica" not in said


def test_a_correlation_beyond_1_is_refused_when_the_scenario_is_read() -> None:
    with pytest.raises(BadInput, match=r"correlations\[0\]\[2\].*at most 1"):
        inputs(correlations=[["vps.upkeep_fte", "agents", 1.5]])


def test_agents_of_several_groups_must_be_named() -> None:
    two = scenario_from({"as_of": DAY, "fleet": [{"name": "a"}, {"name": "b"}], "correlations": [["agents", "vps.upkeep_fte", 0.5]]})
    with pytest.raises(BadInput, match=r"fleet\.a\.agents, fleet\.b\.agents"):
        drawn(inputs_of(two, load()))


@pytest.mark.parametrize(("draws", "seed", "words"), [(0, 1, "draws is 0"), (1 << 23, 1, "at|from 1 to"), (64, -1, "seed is -1")])
def test_draws_and_seed_that_cannot_be_get_a_sentence(draws: int, seed: int, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        drawn(inputs(), draws, seed)


def test_shares_do_not_depend_on_which_options_are_asked_for() -> None:
    one = inputs()
    every, few = (shares(one, dimensions(one, ids), 0, 128, 1) for ids in (None, ("vps", "multica")))
    assert all(np.array_equal(every[path], few[path]) for path in few)
