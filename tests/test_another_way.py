"""Results worked out a second way: month by month, draw by draw, in plain Python where the product uses arrays and short cuts."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from decision import (
    BadInput,
    bill,
    crossings,
    inputs_of,
    load,
    outlook,
    ownership,
    read_scenario,
    recommend,
    scenario_from,
    strict_yaml,
)  # fmt: skip
from decision.analysis.breakeven import Basis, costs_by
from decision.analysis.comparison import compare
from decision.analysis.draws import drawn, lattice
from decision.analysis.information import information
from decision.analysis.levers import levers
from decision.analysis.map import Axis, who_wins
from decision.analysis.search import search_range
from decision.analysis.tornado import tornado
from decision.catalog import DATA, Catalog
from decision.costs.costs import Costs, standing
from decision.costs.line_items import Category
from decision.recommendation import Recommendation
from decision.recommendation.through_time import through_time
from decision.scenario import Inputs

DAY = dt.date(2026, 11, 20)
PRESETS = sorted(path.stem for path in (DATA / "scenarios").glob("*.yaml"))
EVERY_OPTION = strict_yaml.read(Path(__file__).parent / "golden" / "every_option.yaml")[0]

LIGHT = {"input": 10_000, "cache_read": 40_000, "cache_write_5m": 0, "cache_write_1h": 0, "output": 15_000}
TWO_GROUPS: dict[str, Any] = {
    "horizon_months": 17,
    "discount_rate": 0.07,
    "value_per_week_in_production": 900,
    "fleet": [
        {"name": "desk", "tokens_per_session": LIGHT,
         "agents": 4, "agents_in_12_months": 11, "sessions_per_day": 3, "active_hours_per_session": 0.5, "open_hours_per_session": 2,
         "load": "bursty", "web_searches_per_session": 2, "batchable_share": 0.25},
        {"name": "crawl", "tokens_per_session": LIGHT,
         "agents": 2, "active_hours_per_session": 6, "pauses_per_session": 4, "sandbox": {"vcpu": 2, "memory_gb": 3}},
    ],
    "team": {"platform_talent": "bench"},
    "overrides": {"options": {"vps": {"upkeep_fte": 0.22, "build_weeks": 2}}},
}  # fmt: skip


@functools.cache
def of_preset(name: str) -> Inputs:
    return inputs_of(read_scenario(DATA / "scenarios" / f"{name}.yaml"), load(), DAY)


def two_groups(**said: Any) -> Inputs:
    return inputs_of(scenario_from(TWO_GROUPS | said), load(), DAY)


def every_option() -> Inputs:
    said = {key: EVERY_OPTION[key] for key in ("as_of", "fleet", "constraints", "overrides")}
    for option, upkeep in (("managed-agents", "0.1 to 0.5"), ("vps", "0.1 to 0.5"), ("e2b", "0.1 to 0.4")):  # so that no option is sure to win
        own = said["overrides"]["options"].setdefault(option, {}) | {"upkeep_fte": upkeep, "build_weeks": 5}
        said["overrides"]["options"][option] = own
    return inputs_of(scenario_from(said | {"consider": ["all"], "horizon_months": 30}), load())


SCENARIOS = [
    *(pytest.param(functools.partial(of_preset, name), id=name) for name in PRESETS),
    pytest.param(two_groups, id="two groups"),
    pytest.param(functools.partial(two_groups, consider=["all"], horizon_months=5), id="two groups, all options, five months"),
    pytest.param(every_option, id="every option"),
]


def monthwise(option_id: str, inputs: Inputs) -> float:
    """Total cost of ownership with one bill for each month of the horizon."""
    yearly, owned = 1 + float(inputs["discount_rate"]), ownership(option_id, inputs)
    months = range(1, inputs.scenario.horizon_months + 1)
    run = sum(float(bill(option_id, inputs, float(month)).total) * yearly ** (-month / 12) for month in months)
    return run + float(owned.build) + float(owned.delay) + float(owned.exit)


def totals_left(inputs: Inputs, found: Recommendation) -> dict[str, float]:
    """What the options cost that are considered, that no gate removes and that have a price."""
    removed = {option_id for hit in found.verdict.gates for option_id in hit.removes}
    totals = {}
    for option_id in inputs.options:
        try:
            cost = monthwise(option_id, inputs)
        except BadInput:
            continue
        if option_id not in removed:
            totals[option_id] = cost
    return totals


# -- ranking, totals, odds -----------------------------------------------------------------------------


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_ranking_is_the_order_of_totals_month_by_month(scenario: Any) -> None:
    inputs = scenario()
    found = recommend(inputs)
    totals = totals_left(inputs, found)
    assert list(found.ranking) == sorted(totals, key=lambda option_id: totals[option_id])
    for option_id, total in totals.items():
        result = found.result(option_id)
        assert result.total == pytest.approx(total, rel=1e-9)
        assert result.monthly == pytest.approx(sum(float(item.quantity * item.price.amount) for item in bill(option_id, inputs).items), rel=1e-9)
    assert (found.option is None) == (not totals)
    if found.status in ("agree", "disagree", "indifferent"):
        assert found.option == min(totals, key=lambda option_id: totals[option_id])
    if found.status == "close_call":
        families = found.verdict.families
        assert found.option == min((i for i in totals if inputs.catalog.options[i].family in families), key=lambda option_id: totals[option_id])
        assert found.option != found.ranking[0]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_is_shown_of_an_option_is_its_bill(scenario: Any) -> None:
    inputs = scenario()
    found = recommend(inputs)
    bills = {option_id: bill(option_id, inputs) for option_id in found.ranking}
    cheapest_tokens = min((tokens_of(each) for each in bills.values()), default=0.0)
    for option_id, billed in bills.items():
        result, total = found.result(option_id), sum(float(item.cost) for item in billed.items)
        assert result.differential == pytest.approx(total - cheapest_tokens)
        sessions = hours = 0.0
        for group in inputs.scenario.fleet:
            place = f"fleet.{group.slug}."
            agents = float(inputs.get(f"{place}agents_in_12_months", inputs[f"{place}agents"]))
            n = agents * float(inputs[f"{place}sessions_per_day"]) * float(inputs[f"{place}days_per_month"])
            sessions, hours = sessions + n, hours + n * float(inputs[f"{place}active_hours_per_session"])
        assert result.per_session == (pytest.approx(total / sessions) if sessions else None)
        assert result.per_active_hour == (pytest.approx(total / hours) if hours else None)


def tokens_of(billed: Any) -> float:
    return sum(float(item.cost) for item in billed.items if item.category is Category.TOKENS)


@pytest.mark.parametrize("scenario", [two_groups, every_option])
def test_odds_are_the_share_of_draws_that_an_option_wins(scenario: Any) -> None:
    inputs = scenario()
    draws = 256
    found = recommend(inputs, draws=draws, seed=3)
    many = drawn(inputs, draws, 3, found.ranking)
    costs = {i: np.broadcast_to(np.asarray(ownership(i, many).total), (draws,)).tolist() for i in found.ranking}
    won = dict.fromkeys(found.ranking, 0.0)
    for n in range(draws):
        lowest = min(costs[i][n] for i in found.ranking)
        winners = [i for i in found.ranking if costs[i][n] == lowest]
        for i in winners:
            won[i] += 1 / len(winners) / draws
    assert len(won) > 2
    assert max(won.values()) < 1
    for i in found.ranking:
        assert found.result(i).odds == pytest.approx(won[i], abs=1e-12)
    assert outlook(inputs, found.ranking, draws, 3).odds == pytest.approx(won, abs=1e-12)
    assert [result.odds for result in found.considered if result.id not in found.ranking] == [None] * (len(found.considered) - len(found.ranking))


def test_bands_regret_and_payback_draw_by_draw() -> None:
    inputs, draws = two_groups(), 64
    ids = ("managed-agents", "vps", "agentcore-v1")
    found = outlook(inputs, ids, draws, 5, reference="vps")
    many = drawn(inputs, draws, 5, ids)
    horizon = inputs.scenario.horizon_months
    factors = [1.07 ** (-month / 12) for month in range(1, horizon + 1)]

    def each(value: Any) -> list[float]:
        return [float(x) for x in np.broadcast_to(np.asarray(value, dtype=float), (draws,))]

    totals = {i: each(ownership(i, many).total) for i in ids}
    monthly = {i: each(bill(i, many).total) for i in ids}
    spent = {}
    for i in ids:
        owned = ownership(i, many)
        path = [each(owned.build + owned.delay)]
        for month, factor in enumerate(factors, 1):
            path.append([before + cost * factor for before, cost in zip(path[-1], each(bill(i, many, float(month)).total), strict=True)])
        spent[i] = path
    for i in ids:
        for band, values in ((found.total[i], totals[i]), (found.monthly[i], monthly[i]), *zip(found.cumulative[i], spent[i], strict=True)):
            ordered = sorted(values)
            ranks = [ordered[max(0, math.ceil(share * draws) - 1)] for share in (0.1, 0.5, 0.9)]
            assert [band.low, band.median, band.high] == pytest.approx(ranks, rel=1e-6)
            assert band.mean == pytest.approx(sum(values) / draws, rel=1e-6)
        lost = [totals[i][n] - min(totals[j][n] for j in ids) for n in range(draws)]
        assert found.regret[i] == pytest.approx(sum(lost) / draws, rel=1e-6, abs=1e-6)
    for i in ("managed-agents", "agentcore-v1"):
        first = [next((m for m in range(horizon + 1) if spent["vps"][m][n] < spent[i][m][n]), horizon + 1) for n in range(draws)]
        ordered = [month if month <= horizon else None for month in sorted(first)]
        marks = [ordered[max(0, math.ceil(share * draws) - 1)] for share in (0.1, 0.5, 0.9)]
        assert [found.payback[i].low, found.payback[i].median, found.payback[i].high] == marks
        assert found.payback[i].never == pytest.approx(first.count(horizon + 1) / draws)
    assert set(found.payback) == {"managed-agents", "agentcore-v1"}


def test_the_reference_of_a_payback_is_the_lowest_mean_unless_told() -> None:
    found = outlook(two_groups(), ("multica", "managed-agents", "agentcore-v1"), 64, 1)
    assert found.reference == min(found.total, key=lambda option_id: found.total[option_id].mean) == "managed-agents"


@pytest.mark.parametrize("count", [8, 64, 512, 1024, 2048])
def test_draws_lie_one_in_each_stretch(count: int) -> None:
    """However many, a power of two: each of so many equal stretches between 0 and 1 holds one point of every input."""
    for points in lattice({"a": 0, "b": 1, "c": 7}, 0, count, 3).values():
        assert sorted(int(point * count) for point in points) == list(range(count))


# -- what the bases hold, and every "cheapest" ---------------------------------------------------------


@pytest.mark.parametrize("scenario", [two_groups, every_option])
def test_a_basis_is_the_bill_less_what_it_leaves_out(scenario: Any) -> None:
    inputs = scenario()
    sizes = np.array([1.0, 3.0, 20.0])
    ids = list(Costs(inputs).priced(inputs.options).costs)
    for basis in Basis:
        found = costs_by(inputs, ids, "agents", sizes, basis)
        for option_id, (n, size) in itertools.product(ids, enumerate(sizes)):
            resized = inputs.vary({"agents": float(size)})
            total = expected = float(bill(option_id, resized).total)
            billed = bill(option_id, resized)
            people = sum(float(item.cost) for item in billed.items if item.category is Category.UPKEEP)
            if basis is Basis.RUNTIME:
                expected = total - tokens_of(billed) - people
            elif basis is Basis.PEOPLE:
                expected = total - tokens_of(billed)
            elif basis is Basis.TOTAL:
                expected = monthwise(option_id, resized)
            assert found[option_id][n] == pytest.approx(expected, rel=1e-9, abs=1e-9), f"{basis} of {option_id} at {size:g} agents"


def test_crossings_are_where_the_lowest_of_all_costs_changes() -> None:
    inputs = two_groups()
    ids = inputs.options
    for driver, low, high, basis in (
        ("agents", 1, 120, Basis.TOTAL),
        ("agents", 1, 60, Basis.RUNTIME),
        ("engineer_cost_per_year", 0, 300_000, Basis.TOTAL),
    ):
        found = crossings(inputs, ids, driver, low, high, basis)
        assert found
        edges = [low, *(point.at for point in found), high]
        winners = [found[0].before, *(point.after for point in found)]
        assert [point.before for point in found[1:]] == winners[1:-1]
        for start, end, winner in zip(edges, edges[1:], winners, strict=False):
            for share in (0.02, 0.5, 0.98):
                value = np.array([start + (end - start) * share])
                costs = {i: float(cost[0]) for i, cost in costs_by(inputs, ids, driver, value, basis).items()}
                assert costs[winner] == min(costs.values()), f"{winner} at {driver} {value[0]:g}"


def test_the_map_shows_the_lowest_cost_of_each_cell_and_the_gap_to_the_next() -> None:
    inputs = two_groups()
    found = who_wins(inputs, Axis("agents", 1, 60, cells=5), Axis("vps.upkeep_fte", 0.01, 1, log=True, cells=4))
    for row, upkeep in enumerate(found.y.centres):
        for column, agents in enumerate(found.x.centres):
            moved = inputs.vary({"agents": float(agents), "vps.upkeep_fte": float(upkeep)})
            costs = sorted((monthwise(i, moved), n) for n, i in enumerate(found.option_ids))
            assert found.winner[row, column] == costs[0][1]
            assert found.gap[row, column] == pytest.approx(costs[1][0] - costs[0][0], rel=1e-6)


@pytest.mark.parametrize("name", ["support-desk-22-days", "weekly-batch", "spiky-knowledge-workspace"])
def test_the_answer_of_each_day_is_the_answer_of_that_day(name: str) -> None:
    inputs = of_preset(name)
    rows = through_time(inputs)
    assert len(rows) > 3
    for row in rows:
        dated = inputs_of(inputs.scenario.model_copy(update={"as_of": row.day}), inputs.catalog)
        if row.unanswered:
            with pytest.raises(BadInput):
                recommend(dated)
            continue
        found = recommend(dated)
        assert (row.option, row.status, row.ranking) == (found.option, found.status, found.ranking)
        costs = {i: monthwise(i, dated) for i in row.totals}
        assert dict(row.totals) == pytest.approx(costs, rel=1e-9)
        left = [i for i in costs if i in row.ranking]
        assert row.cheapest == (min(left, key=lambda i: costs[i]) if left else None)
    assert [row.flipped for row in rows] == [False, *(a.option != b.option for a, b in itertools.pairwise(rows))]
    assert [row.day for row in rows] == sorted({row.day for row in rows})


def test_levers_name_the_lowest_total_and_flip_only_when_it_is_another_option() -> None:
    flipped = set()
    for upkeep in (0.02, 0.194, 0.2, 0.4):
        inputs = two_groups(overrides={"options": {"vps": {"upkeep_fte": upkeep, "build_weeks": 2}}})
        found = levers(inputs)
        now = {i: monthwise(i, inputs) for i in inputs.options}
        assert found.cheapest == min(now, key=lambda i: now[i])
        for effect in (*found.effects, found.combined):
            after = {i: now[i] - float(saving.total) for i, saving in effect.savings.items() if saving.total is not None}
            assert effect.cheapest == min(after, key=lambda i: after[i])
            assert effect.flips == (effect.cheapest != found.recommended)
            flipped.add(effect.flips)
        for i in inputs.options:
            chosen = [effect for effect in found.effects if effect.levers[0] in found.combined.levers]
            assert found.naive_sum[i] == pytest.approx(sum(float(effect.savings[i].monthly or 0) for effect in chosen))
    assert flipped == {True, False}


def test_a_comparison_flips_when_the_lowest_total_is_another_option() -> None:
    before = two_groups()
    found_flips = set()
    for upkeep in (0.02, 0.08, 1.0):
        after = two_groups(overrides={"options": {"vps": {"upkeep_fte": upkeep, "build_weeks": 2}}})
        found = compare(before, after)
        lowest = [min(inputs.options, key=lambda i, inputs=inputs: monthwise(i, inputs)) for inputs in (before, after)]
        assert [found.cheapest_before, found.cheapest_after] == lowest
        assert found.flips == (lowest[0] != lowest[1])
        found_flips.add(found.flips)
    assert found_flips == {True, False}


# -- words against their own numbers -------------------------------------------------------------------


@pytest.mark.parametrize("scenario", [two_groups, functools.partial(of_preset, "support-desk-22-days"), functools.partial(of_preset, "monitoring")])
def test_a_flip_is_the_nearest_value_at_which_the_option_wins(scenario: Any) -> None:
    """Between here and there it does not win, just beyond it does; where none is told, it wins nowhere in the range. Likely ones come first."""
    inputs = scenario()
    answer = recommend(inputs)
    ranking, flips = answer.ranking, answer.flips
    assert {flip.option for flip in flips} == set(ranking[1:])
    assert any(flip.flips_at is not None for flip in flips)
    for flip in flips:
        low, high = search_range(inputs, flip.driver)
        assert flip.now == pytest.approx(standing(inputs, flip.driver))
        if flip.flips_at is None:
            assert flip.change == math.inf
            assert flip.option not in winners(inputs, ranking, flip.driver, np.linspace(low, high, 65))
            continue
        assert low <= flip.flips_at <= high
        assert flip.change == pytest.approx(abs(flip.flips_at - flip.now) / abs(flip.now) if flip.now else math.inf)
        way = flip.flips_at - flip.now
        assert winners(inputs, ranking, flip.driver, np.array([min(max(flip.flips_at + way * 1e-3, low), high)])) == {flip.option}
        nearer = np.clip(flip.now + np.linspace(-0.998, 0.998, 65) * way, low, high)
        assert flip.option not in winners(inputs, ranking, flip.driver, nearer)
    for option_id in ranking[1:]:
        own = [(not flip.is_likely, flip.change) for flip in flips if flip.option == option_id]
        assert own == sorted(own)


def winners(inputs: Inputs, ranking: tuple[str, ...], driver: str, values: Any) -> set[str]:
    costs = costs_by(inputs, ranking, driver, values)
    return {min(ranking, key=lambda i, n=n: costs[i][n]) for n in range(len(values))}


def test_a_swing_turns_when_its_ends_favour_different_options() -> None:
    inputs = two_groups()
    for option, rival in itertools.permutations(("managed-agents", "vps", "agentcore-v2"), 2):
        found = tornado(inputs, option, rival)
        assert found.now == pytest.approx(monthwise(option, inputs) - monthwise(rival, inputs))
        assert [swing.width for swing in found.swings] == sorted((swing.width for swing in found.swings), reverse=True)
        for swing in found.swings:
            for end, gap in ((swing.low, swing.at_low), (swing.high, swing.at_high)):
                moved = inputs.vary({swing.path: end})
                assert gap == pytest.approx(monthwise(option, moved) - monthwise(rival, moved), rel=1e-6, abs=1e-6)
            assert swing.width == pytest.approx(abs(swing.at_high - swing.at_low))
            assert swing.turns == (swing.at_low * swing.at_high < 0)


@pytest.mark.parametrize(("draws", "seed", "noise"), [(1024, 2, False), (256, 5, True), (128, 2, True)])
def test_what_matters_is_worth_more_than_its_error_and_knowing_all_is_worth_what_it_saves(draws: int, seed: int, noise: bool) -> None:
    inputs = two_groups()
    ids = ("managed-agents", "vps", "agentcore-v1", "multica")
    found = information(inputs, ids, draws, seed)
    many = drawn(inputs, draws, seed, ids)
    costs = np.array([np.broadcast_to(np.asarray(ownership(i, many).total), (draws,)) for i in ids])
    means = {i: float(row.mean()) for i, row in zip(ids, costs, strict=True)}
    order = sorted(ids, key=lambda i: means[i])
    assert [found.best, found.rival] == order[:2]
    assert found.evpi == pytest.approx(means[order[0]] - float(costs.min(axis=0).mean()), rel=1e-9)
    assert found.evpi > 0
    assert {worth.matters for worth in found.inputs} == {True, False}
    for worth in found.inputs:
        assert worth.matters == (worth.value > 2 * worth.error)
        assert 0 <= worth.value <= found.evpi
    assert any(0 < worth.value <= 2 * worth.error for worth in found.inputs) or not noise
    assert [worth.value for worth in found.inputs] == sorted((worth.value for worth in found.inputs), reverse=True)
    assert found.inputs[0].label in found.sentence


# -- the version of the catalog ------------------------------------------------------------------------


def test_the_version_moves_with_every_byte(tmp_path: Path, catalog: Catalog) -> None:
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    versions = {load(copy).version}
    assert versions == {catalog.version}
    for name in ("framework.yaml", "levers.yaml", "analysis.yaml", "estimates.yaml", "prices/anthropic.yaml", "options/vps.yaml"):
        file = copy / name
        text = file.read_bytes()
        for changed in (text + b"\n", b"#\n" + text):
            file.write_bytes(changed)
            load.cache_clear()
            versions.add(load(copy).version)
        file.write_bytes(text)
    load.cache_clear()
    assert load(copy).version == catalog.version
    assert len(versions) == 13
    assert all(len(version) == 12 for version in versions)
