"""Outlook and tornado: bands, odds, regret, cumulative cost and payback against hand arithmetic and laws."""

import datetime as dt
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decision.analysis.draws import at_shares
from decision.analysis.outlook import Band, bands, cumulative_cost, drawn, outlook, payback, samples, wins
from decision.analysis.tornado import Tornado, tornado
from decision.costs.bill import bill
from decision.costs.costs import all_costs
from decision.costs.ownership import discount_factors
from decision.errors import BadInput
from decision.loading import load
from decision.scenario import Amount, Inputs, inputs_of, scenario_from

DAY = dt.date(2026, 11, 20)
FIVE = ("managed-agents", "agentcore-v1", "agentcore-v2", "vps", "multica")
GROWING = {"agents": "2 to 8", "agents_in_12_months": {"low": 5, "likely": 30, "high": 120}, "active_hours_per_session": "1 to 8"}
KNOWN_PEOPLE = {"engineer_cost_per_year": 194_315}
AROUND_EVEN = {"low": 0.005, "likely": 0.01, "high": 0.03}  # FTE: 10 agents x 8 h x 30 d x 0.08 x 12 = 2,304 dollars = 0.0119 FTE of a year
LIGHT = {"input": 10_000, "cache_read": 40_000, "cache_write_5m": 0, "cache_write_1h": 0, "output": 15_000}
FREE_SERVER = {"price_month": 0, "vcpu": 4096, "ram_gb": 65536}


def inputs(group: dict[str, object] | None = None, **rest: object) -> Inputs:
    return inputs_of(scenario_from({"as_of": DAY, "fleet": [group or {}], **rest}), load())


def one_uncertain(upkeep: object, **vps: object) -> Inputs:
    """Managed agents against a VPS whose upkeep is the only range: the difference is linear in it."""
    still = {"build_weeks": 0, "exit_weeks": 0}
    server = {"server": FREE_SERVER, "ram_per_agent_gb": 1, "vcpu_per_agent": 0.5}
    return inputs(
        {
            "agents": 10,
            "tokens_per_session": LIGHT,
            "sandbox": {"vcpu": 1, "memory_gb": 2, "cpu_busy_share": 0.2},
        },
        horizon_months=12,
        team=KNOWN_PEOPLE,
        consider=["managed-agents", "vps"],
        exit={"chance_of_leaving_in_horizon": 0},
        overrides={"options": {"managed-agents": {**still, "upkeep_fte": 0}, "vps": {**still, **server, "upkeep_fte": upkeep, **vps}}},
    )


# -- zero width -----------------------------------------------------------------------------------------


@given(agents=st.integers(1, 200), later=st.integers(1, 400), rate=st.sampled_from([0, 0.05]), horizon=st.sampled_from([6, 12, 36]))
def test_ranges_of_zero_width_give_the_point_answer_exactly(agents: int, later: int, rate: float, horizon: int) -> None:
    point = inputs({"agents": agents, "agents_in_12_months": later}, horizon_months=horizon, discount_rate=rate)
    certain = replace(point, facts={path: replace(fact, amount=Amount.point(fact.amount.likely)) for path, fact in point.facts.items()})
    result, exact = outlook(certain, FIVE), all_costs(certain, FIVE)
    cheapest = min(FIVE, key=lambda option_id: exact[option_id].total)
    assert result.odds == {option_id: float(option_id == cheapest) for option_id in FIVE}
    for option_id in FIVE:
        total, monthly = exact[option_id].total, bill(option_id, certain).total
        assert astuple(result.total[option_id]) == pytest.approx((total,) * 4, rel=1e-13)  # powers of arrays may differ in the last bit
        assert astuple(result.monthly[option_id]) == pytest.approx((monthly,) * 4, rel=1e-13)
        assert result.regret[option_id] == pytest.approx(total - exact[cheapest].total, rel=1e-9)


def test_a_bill_that_no_range_touches_is_exact_among_others_that_vary() -> None:
    one = one_uncertain("0.1 to 0.5")
    assert outlook(one, one.options).total["managed-agents"] == Band(*[all_costs(one, one.options)["managed-agents"].total] * 4)


# -- closed form ----------------------------------------------------------------------------------------


def test_bands_and_odds_of_two_options_that_differ_by_one_known_range() -> None:
    one = one_uncertain(AROUND_EVEN)
    fact = one.facts["options.vps.upkeep_fte"]
    exact = all_costs(one, one.options)
    a_year = KNOWN_PEOPLE["engineer_cost_per_year"]  # horizon 12 months: 1 FTE costs this much
    managed, rest = exact["managed-agents"].total, exact["vps"].total - 0.01 * a_year
    result = outlook(one, one.options, draws=16_384)
    low, median, high = np.asarray(at_shares(fact.amount, fact.spec, np.array([0.1, 0.5, 0.9]))) * a_year + rest
    band = result.total["vps"]
    assert (band.low, band.median, band.high) == (pytest.approx(low, rel=1e-3), pytest.approx(median, rel=1e-3), pytest.approx(high, rel=1e-3))
    u = (np.arange(1_000_000) + 0.5) / 1_000_000
    costs = np.asarray(at_shares(fact.amount, fact.spec, u)) * a_year + rest
    assert band.mean == pytest.approx(costs.mean(), rel=1e-4)
    assert 0.05 < np.mean(costs < managed) < 0.95  # the case decides nothing unless both can win
    assert result.odds["vps"] == pytest.approx(np.mean(costs < managed), abs=2 / 16_384)
    assert result.regret["vps"] == pytest.approx(np.mean(np.maximum(costs - managed, 0)), rel=1e-3)
    assert result.regret["managed-agents"] == pytest.approx(np.mean(np.maximum(managed - costs, 0)), rel=1e-3)


def test_a_tie_is_shared() -> None:
    assert wins(np.array([[1.0, 2.0, 3.0], [1.0, 5.0, 3.0], [4.0, 2.0, 3.0]])).tolist() == pytest.approx(
        [1 / 2 + 1 / 2 + 1 / 3, 1 / 2 + 1 / 3, 1 / 2 + 1 / 3]
    )


# -- laws -----------------------------------------------------------------------------------------------


def test_odds_add_up_to_1_and_regret_is_never_negative() -> None:
    result = outlook(inputs(GROWING), FIVE)
    assert sum(result.odds.values()) == pytest.approx(1, abs=1e-12)
    assert min(result.regret.values()) >= 0
    for band in (*result.total.values(), *result.monthly.values()):
        assert band.low <= band.median <= band.high


def test_identical_seeds_give_identical_bytes() -> None:
    one = inputs(GROWING)
    first, again, other = (repr(outlook(one, FIVE, 1000, seed)).encode() for seed in (3, 3, 4))
    assert first == again != other


def test_more_draws_change_little() -> None:
    one = inputs(GROWING)
    few, many = outlook(one, FIVE), outlook(one, FIVE, 40_000, seed=2)
    for option_id in FIVE:
        assert few.total[option_id].mean == pytest.approx(many.total[option_id].mean, rel=0.01)
        assert few.total[option_id].median == pytest.approx(many.total[option_id].median, rel=0.02)
        assert few.odds[option_id] == pytest.approx(many.odds[option_id], abs=0.02)


def test_parts_of_a_long_run_agree_with_each_other() -> None:
    one = inputs(GROWING)
    whole = outlook(one, ("vps", "managed-agents"), 20_000)
    totals = np.concatenate([sample.totals for sample in samples(one, ("vps", "managed-agents"), 20_000, 1)], axis=1)
    assert totals.shape == (2, 20_000)
    assert whole.total["vps"].median == pytest.approx(np.sort(totals[0])[9_999], rel=1e-6)
    assert whole.odds["vps"] == pytest.approx(np.mean(totals[0] < totals[1]), abs=1e-12)
    assert whole.path_draws < 20_000


@given(middle=st.floats(0.0125, 0.02), narrow=st.floats(0.001, 0.003), factor=st.floats(1, 2))
def test_widening_a_range_never_raises_the_odds_of_the_option_it_favours(middle: float, narrow: float, factor: float) -> None:
    # the most likely upkeep is above the break-even of 0.0119 FTE: managed is favoured, and every step of width gives the rival more room
    odds = []
    for half in (narrow, narrow * factor):
        one = one_uncertain({"low": middle - half, "likely": middle, "high": middle + half})
        odds.append(outlook(one, one.options, 512).odds["managed-agents"])
    assert odds[0] >= 0.5
    assert odds[1] <= odds[0]


@given(low=st.floats(0.02, 0.03), width=st.floats(0.001, 0.5), factor=st.floats(1, 4))
def test_an_option_that_costs_less_in_every_draw_wins_them_all_however_wide_the_range(low: float, width: float, factor: float) -> None:
    for spread in (width, width * factor):
        # mode and 10th percentile coincide: the tail below is a tenth of the whole width, so a sixth of the distance to the 90th percentile
        one = one_uncertain({"low": low + spread / 6, "likely": low + spread / 6, "high": low + spread})
        costs = next(samples(one, one.options, 256, 1)).totals
        result = outlook(one, one.options, 256)
        assert np.all(costs[0] < costs[1])
        assert result.odds == {"managed-agents": 1.0, "vps": 0.0}
        assert result.regret["managed-agents"] == 0


# -- the path of the cost -------------------------------------------------------------------------------


def test_cumulative_cost_starts_with_build_and_delay_and_ends_short_of_the_exit() -> None:
    one = inputs({"agents": 3, "agents_in_12_months": 30}, horizon_months=18, discount_rate=0.06, value_per_week_in_production=1000)
    for option_id, cost in all_costs(one, FIVE).items():
        path = cumulative_cost(cost, discount_factors(one))
        assert path.shape == (19, 1)
        assert path[0, 0] == pytest.approx(cost.build + cost.delay)
        assert path[-1, 0] == pytest.approx(cost.total - cost.exit, rel=1e-12), option_id
        month = 5
        spent = cost.build + cost.delay + sum(bill(option_id, one, float(m)).total * 1.06 ** (-m / 12) for m in range(1, month + 1))
        assert path[month, 0] == pytest.approx(spent, rel=1e-12)


def test_payback_by_hand() -> None:
    # 100 now and 10 a month against 0 now and 25 a month: 100 + 10 m < 25 m from month 7; and against 5 a month never
    months = np.arange(13.0)[:, np.newaxis]
    mine, fast, slow = 100 + 10 * months, 25 * months, 5 * months
    assert payback(mine, fast).median == 7
    assert payback(mine, slow) == payback(np.ones((13, 1)), np.zeros((13, 1)))
    assert (payback(mine, slow).median, payback(mine, slow).never) == (None, 1.0)
    assert payback(slow, mine).median == 0
    both = payback(np.hstack([mine, mine]), np.hstack([fast, slow]))
    assert (both.low, both.high, both.never) == (7, None, 0.5)


def test_payback_is_against_the_option_with_the_lowest_mean_unless_another_is_named() -> None:
    result = outlook(inputs({"agents": 3}), FIVE, 256)
    means = {option_id: result.total[option_id].mean for option_id in FIVE}
    assert result.reference == min(FIVE, key=means.__getitem__)
    assert result.reference != min(FIVE)


def test_payback_in_the_outlook_agrees_with_the_draws() -> None:
    one = inputs({"agents": "40 to 80", "agents_in_12_months": "60 to 200"}, horizon_months=36)
    result = outlook(one, FIVE, 512, reference="vps")
    many = drawn(one, 512, option_ids=FIVE)
    costs, factors = all_costs(many, FIVE), discount_factors(many)
    mine, other = (np.asarray(cumulative_cost(costs[option_id], factors)) for option_id in ("vps", "multica"))
    first = [next((m for m in range(37) if mine[m, i] < other[m, i]), None) for i in range(512)]
    assert result.payback["multica"].never == pytest.approx(first.count(None) / 512)
    assert "vps" not in result.payback


def test_the_first_and_last_month_of_the_path_are_bands_of_those_costs() -> None:
    one = inputs(GROWING, horizon_months=24)
    result = outlook(one, FIVE, 1024)
    costs = all_costs(drawn(one, 1024, option_ids=FIVE), FIVE)
    for option_id, cost in costs.items():
        assert len(result.cumulative[option_id]) == 25
        (band,) = bands(np.atleast_2d(np.asarray(cost.run + cost.build + cost.delay)))
        last = result.cumulative[option_id][-1]
        assert (last.low, last.median, last.high) == tuple(pytest.approx(x, rel=1e-5) for x in (band.low, band.median, band.high))


# -- no room --------------------------------------------------------------------------------------------


def test_a_few_draws_without_room_count_as_the_dearest_that_fits() -> None:
    one = one_uncertain("0.1 to 0.5", ram_per_agent_gb={"low": 1, "likely": 4, "high": 8}, server={"price_month": 60, "vcpu": 8, "ram_gb": 10.5})
    result = outlook(one, one.options)
    assert 0 < result.misfit["vps"] <= 0.1
    assert result.misfit["managed-agents"] == 0
    assert np.isfinite([result.total["vps"].mean, result.total["vps"].high, result.regret["vps"], result.cumulative["vps"][-1].mean]).all()


def test_many_draws_without_room_get_a_sentence() -> None:
    one = one_uncertain("0.1 to 0.5", ram_per_agent_gb={"low": 1, "likely": 4, "high": 8}, server={"price_month": 60, "vcpu": 8, "ram_gb": 8})
    with pytest.raises(BadInput, match=r"vps: in \d+ % of the draws no server has room .* overrides\.options\.vps\.ram_per_agent_gb"):
        outlook(one, one.options)
    with pytest.raises(BadInput, match="at one end of a range no server has room"):
        tornado(one, "managed-agents", "vps")


def test_no_option_gets_a_sentence() -> None:
    with pytest.raises(BadInput, match="no option is left to compare"):
        outlook(inputs(), ())


# -- tornado --------------------------------------------------------------------------------------------


def test_swings_agree_with_one_evaluation_at_a_time_and_are_sorted() -> None:
    one = inputs(GROWING, horizon_months=36)
    result = tornado(one, "managed-agents", "vps")
    costs = all_costs(one, ("managed-agents", "vps"))
    assert result.now == pytest.approx(costs["managed-agents"].total - costs["vps"].total)
    assert [s.width for s in result.swings] == sorted((s.width for s in result.swings), reverse=True)
    for swing in result.swings:
        fact = one.facts[swing.path]
        assert (swing.low, swing.high) == (fact.amount.low, fact.amount.high)
        for value, gap in ((swing.low, swing.at_low), (swing.high, swing.at_high)):
            at = all_costs(one.vary({swing.path: value}), ("managed-agents", "vps"))
            assert gap == pytest.approx(at["managed-agents"].total - at["vps"].total, rel=1e-9, abs=1e-6), swing.path
    assert not any(swing.path.startswith("options.multica.") for swing in result.swings)


def test_a_swing_turns_when_its_ends_favour_different_options() -> None:
    one = one_uncertain(AROUND_EVEN)
    (swing,) = [s for s in tornado(one, "managed-agents", "vps").swings if s.path == "options.vps.upkeep_fte"]
    assert swing.turns
    assert swing.width == pytest.approx(0.025 * KNOWN_PEOPLE["engineer_cost_per_year"])
    assert not tornado(one_uncertain({"low": 0.001, "likely": 0.002, "high": 0.003}), "managed-agents", "vps").swings[0].turns


def test_tornado_of_certain_inputs_has_no_swings() -> None:
    point = inputs()
    certain = replace(point, facts={path: replace(fact, amount=Amount.point(fact.amount.likely)) for path, fact in point.facts.items()})
    costs = all_costs(point, ("vps", "multica"))
    assert tornado(certain, "vps", "multica") == Tornado("vps", "multica", costs["vps"].total - costs["multica"].total, ())
