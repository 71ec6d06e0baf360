"""Arrays that cross a step of a price, a size of a machine or the room of a server: each element as if it were alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from decision import bill, inputs_of, load, scenario_from
from decision.costs.costs import Costs
from decision.costs.line_items import Category
from decision.scenario import Inputs

DAY = dt.date(2026, 11, 25)


def inputs(**said: Any) -> Inputs:
    return inputs_of(scenario_from(said), load(), DAY)


def test_an_array_that_crosses_steps_gives_what_its_elements_give() -> None:
    """Prompt lengths over a step of a price, containers and machines over a size, fleets over a server."""
    group = {
        "agents": 2,
        "agents_in_12_months": 5,
        "load": "bursty",
        "batchable_share": 0.3,
        "model_mix": {"claude-haiku-5-5": 0.6, "gpt-5.6-terra": 0.4},
    }
    given = inputs(
        fleet=[group | {"name": "a", "open_hours_per_session": 9}, {"name": "b", "agents": 3, "model_mix": {"gemini-2.5-pro": 1}}], consider=["all"]
    )
    priced = Costs(given).priced(given.options).costs
    assert len(priced) >= len(given.options) - 4  # those whose vendor publishes no price
    sweeps = {
        "typical_prompt_tokens": [99_999.0, 100_000.0, 100_001.0, 250_000.0, 300_000.0], "memory_gb": [0.5, 1.0, 1.5, 4.0, 12.0],
        "vcpu": [0.5, 1.0, 1.5, 4.0, 7.0], "agents": [1.0, 8.0, 40.0, 41.0, 300.0], "batchable_share": [0.0, 0.2, 0.5, 0.9, 1.0],
        "pauses_per_session": [0.0, 1.0, 2.0, 30.0, 500.0], "open_hours_per_session": [8.0, 8.1, 12.0, 30.0, 100.0],
    }  # fmt: skip
    for driver, values in sweeps.items():
        many = given.vary({driver: np.array(values)})
        for option in priced:
            costs = np.broadcast_to(bill(option, many).total, (len(values),))
            singles = [float(bill(option, given.vary({driver: value})).total) for value in values]
            assert costs.tolist() == pytest.approx(singles, rel=1e-12), f"{option} along {driver}"
            units = [{(line.category, line.group, line.label): line.price.pricing_unit for line in bill(option, each).items}
                     for each in (many, given.vary({driver: values[-1]}))]  # fmt: skip
            assert all(units[0][line] == unit for line, unit in units[1].items() if line in units[0])


def test_a_price_mixed_of_two_steps_keeps_what_it_is() -> None:
    group = {
        "agents": 1,
        "model_mix": {"claude-haiku-5-5": 1},
        "typical_prompt_tokens": 1000,
        "tokens_per_session": {"output": 1_000_000, "input": 0, "cache_read": 0, "cache_write_5m": 0, "cache_write_1h": 0},
    }
    many = inputs(fleet=[group]).vary({"typical_prompt_tokens": np.array([1000.0, 200_000.0])})
    price = next(item for item in bill("managed-agents", many).items if item.category is Category.TOKENS).price
    step = load().listed("claude-haiku-5-5.output.over-100000", DAY)
    assert np.asarray(price.amount).tolist() == [0.5, 2.5]
    assert (price.id, price.pricing_unit, price.source, price.effective_from) == (
        "claude-haiku-5-5.output",
        "1M Tokens",
        step.source,
        step.effective_from,
    )
