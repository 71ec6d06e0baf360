"""The largest fleet that a scenario may have, and inputs at which costs know no bound: right, and without a NumPy warning."""

from __future__ import annotations

import datetime as dt
import math
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from decision.analysis import breakeven, flips, search
from decision.analysis.breakeven import MOST_CROSSINGS, Basis, crossings
from decision.analysis.information import information
from decision.analysis.map import usual_axis, who_wins
from decision.analysis.outlook import outlook
from decision.catalog import Catalog
from decision.errors import BadInput
from decision.recommendation import recommend
from decision.scenario import Inputs, inputs_of, scenario_from

DAY = dt.date(2026, 11, 21)
SMALL = {"price_month": 9, "vcpu": 1, "ram_gb": 2}


@pytest.fixture(autouse=True)
def warnings_are_errors() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def inputs_from(catalog: Catalog, content: dict[str, Any]) -> Inputs:
    return inputs_of(scenario_from(content), catalog, DAY)


def many_groups(catalog: Catalog, count: int = 6) -> Inputs:
    return inputs_from(catalog, {"fleet": [{"name": f"g{n}", "agents": 3 + n, "agents_in_12_months": 9} for n in range(count)]})


def test_flips_break_evens_and_maps_are_the_same_in_one_evaluation_and_in_many(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = many_groups(catalog)

    def found() -> tuple[Any, ...]:
        across, up = usual_axis(inputs, "agents", cells=9), usual_axis(inputs, "vps.upkeep_fte", cells=7)
        wins = who_wins(inputs, across, up)
        flips = [((flip.option, flip.driver), (flip.now, flip.flips_at or 0.0)) for flip in recommend(inputs).flips]
        said = [said for said, _ in flips], crossings(inputs, inputs.options, "agents"), wins.winner.tolist()
        return said, [figures for _, figures in flips], wins.gap

    said, figures, gap = found()
    monkeypatch.setattr(search, "_MOST_AT_ONCE", 200 * search.figures(inputs))
    assert search.points_at_once(inputs) < 20
    now = found()  # powers of an array may differ in their last bit with the place in it
    assert now[0] == said
    assert np.asarray(now[1]) == pytest.approx(np.asarray(figures), rel=1e-9)
    assert now[2] == pytest.approx(gap, rel=1e-9)


def test_points_are_shared_out_where_a_fleet_has_very_many_inputs(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = many_groups(catalog)
    closely = {(flip.option, flip.driver): flip.flips_at for flip in recommend(inputs).flips if flip.flips_at is not None and flip.change < 2}
    monkeypatch.setattr(flips, "_MOST_FIGURES", 1)
    roughly = {(flip.option, flip.driver): flip.flips_at for flip in recommend(inputs).flips}
    assert closely
    for which, at in closely.items():
        assert roughly[which] == pytest.approx(at, rel=0.05)


def test_two_staircases_that_cross_at_every_step_are_not_listed(catalog: Catalog) -> None:
    options = {
        "vps": {"server": {"price_month": 60, "vcpu": 8, "ram_gb": 16}, "upkeep_fte": 0, "build_weeks": 0, "exit_weeks": 0},
        "multica": {"server": {"price_month": 64.2857142857, "vcpu": 8, "ram_gb": 17}, "upkeep_fte": 0, "build_weeks": 0, "exit_weeks": 0},
    }
    inputs = inputs_from(catalog, {"fleet": [{"agents": 10}], "team": {"engineer_cost_per_year": 0}, "overrides": {"options": options}})
    with pytest.raises(BadInput, match=rf"changes more than {MOST_CROSSINGS} times between .* Narrow the range of agents"):
        crossings(inputs, ("vps", "multica"), "agents", 1, 1e6, Basis.TOTAL)
    assert crossings(inputs, ("vps", "multica"), "agents", 1, 60)


def test_no_option_crosses_nothing(catalog: Catalog) -> None:
    assert breakeven.crossings(many_groups(catalog, 1), (), "agents") == ()


def test_draws_that_do_not_fit_into_the_memory_are_refused(catalog: Catalog) -> None:
    inputs = many_groups(catalog, 1)
    with pytest.raises(BadInput, match=r"draws is 4,194,304; with \d+ inputs that are ranges the value of information takes at most [\d,]+\."):
        information(inputs, inputs.options, 1 << 22)


@pytest.mark.parametrize(
    "content",
    [
        {"overrides": {"options": {"vps": {"ram_per_agent_gb": 8}}}},
        {"consider": "all", "fleet": [{"agents": 5, "sessions_per_day": 0}]},
        {"consider": "all", "fleet": [{"agents": 5, "agents_in_12_months": 0}]},
        {"consider": "all", "fleet": [{"agents": 0}]},
        {"consider": "all", "fleet": [{"agents": 5, "active_hours_per_session": 0}]},
        {"consider": "all", "team": {"engineer_cost_per_year": 0}},
        {"overrides": {"prices": {"contabo.cloud-vps-20": 0}}},
        {"overrides": {"options": {"vps": {"server": SMALL}, "multica": {"server": SMALL}}}},
        {"fleet": [{"agents": 1e7, "sessions_per_day": 1e6,
         "tokens_per_session": {"input": 1e12, "cache_read": 0, "cache_write_5m": 0, "cache_write_1h": 0, "output": 0}}], "consider": "all"},
    ],
)  # fmt: skip
def test_every_figure_is_a_number_where_nothing_is_large_enough_or_free(content: dict[str, Any], catalog: Catalog) -> None:
    inputs = inputs_from(catalog, {"fleet": [{"agents": 5}], **content})
    answer = recommend(inputs)
    assert all(flip.flips_at is None or math.isfinite(flip.flips_at) for flip in answer.flips)
    assert all(odds is not None and 0 <= odds <= 1 for result in answer.considered if result.id in answer.ranking for odds in [result.odds])
    across = usual_axis(inputs, "general.host_reserve_gb", cells=12)
    assert np.isfinite(who_wins(inputs, across, usual_axis(inputs, "discount_rate", cells=3)).gap).all()


@pytest.mark.parametrize(
    "mix",
    [
        {"claude-sonnet-5-5": {"low": 0, "likely": 1, "high": 1}},
        {"claude-sonnet-5-5": "0 to 1", "claude-opus-5": "0 to 1"},
        {"claude-sonnet-5-5": {"low": 0, "likely": 1, "high": 1}, "claude-opus-5": 0},
    ],
)
def test_shares_that_may_all_vanish_leave_the_most_likely_mix(mix: dict[str, Any], catalog: Catalog) -> None:
    group = {
        "agents": 50,
        "batchable_share": 1,
        "tokens_per_session": {"input": 2_000_000, "output": 500_000, "cache_read": 0, "cache_write_5m": 0, "cache_write_1h": 0},
    }
    content = {"fleet": [{**group, "model_mix": mix}], "team": {"platform_talent": "bench"}}
    inputs = inputs_from(catalog, content)
    found = outlook(inputs, inputs.options, 512)
    assert sum(found.odds.values()) == pytest.approx(1)
    assert information(inputs, inputs.options, 512).evpi >= 0
    if len(mix) == 1:  # a single model does all there is, whatever its share is said to be
        certain = recommend(inputs_from(catalog, {**content, "fleet": [{**group, "model_mix": {"claude-sonnet-5-5": 1}}]}))
        answer = recommend(inputs)
        assert (answer.option, answer.status) == (certain.option, certain.status)
