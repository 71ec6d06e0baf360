"""Tokens: what a share, a price or a class that was typed alone does to the others. Figures worked out by hand stand in tests/golden/tokens.yaml."""

import datetime as dt
from typing import Any

import numpy as np
import pytest

from decision.analysis.draws import drawn
from decision.catalog import Catalog
from decision.costs.bill import bill
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
