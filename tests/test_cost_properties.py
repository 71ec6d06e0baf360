"""Laws that every bill obeys, on scenarios that nobody chose: sums, growth, arrays, and the scale of money."""

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from decision.costs.bill import Month, bill, common_cost
from decision.costs.costs import all_costs, ownership
from decision.costs.line_items import Category
from decision.loading import load
from decision.scenario import Inputs, inputs_of, scenario_from
from tests.unpublished import unpublished

CATALOG = load()
DAY = dt.date(2026, 11, 20)
OPTIONS = tuple(CATALOG.options)
GIVEN = unpublished(CATALOG, DAY)
MODELS = ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "claude-haiku-4-5")  # Haiku 5.5 has a prompt-length step
SHARES = ("USD", "USD per EUR")  # units of premiums, discounts and the exchange rate, which are not amounts of money


def between(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False, allow_infinity=False, allow_subnormal=False)


def groups(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "name": st.just(name),
            "agents": between(0.5, 500),
            "days_per_month": between(1, 31),
            "sessions_per_day": between(0.1, 50),
            "active_hours_per_session": between(0.01, 24),
            "pauses_per_session": between(0, 10),
            "peak_to_average": between(1, 5),
            "tokens_per_session": st.fixed_dictionaries(
                {kind: between(0, 1e6) for kind in ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output")}
            ),
            "typical_prompt_tokens": between(1000, 500_000),
            "batchable_share": between(0, 1),
            "web_searches_per_session": between(0, 20),
            "sandbox": st.fixed_dictionaries({"vcpu": between(0.1, 2), "memory_gb": between(0.05, 8), "cpu_busy_share": between(0, 1)}),
            "per_session": st.fixed_dictionaries({kind: between(0, 50) for kind in ("tool_calls", "memory_events", "memory_records", "spans")}),
        },
        optional={
            "agents_in_12_months": between(0.5, 1000),
            "open_hours_per_session": between(24, 72),
            "model_mix": st.sampled_from(MODELS).flatmap(
                lambda model: between(0.1, 0.9).map(lambda share: {model: share, "claude-opus-4-8": 1 - share})
            ),
        },
    )


SCENARIOS = st.fixed_dictionaries(
    {
        "fleet": st.one_of(st.tuples(groups("one")), st.tuples(groups("one"), groups("two"))).map(list),
        "horizon_months": st.integers(1, 60),
        "discount_rate": between(0, 0.3),
        "value_per_week_in_production": between(0, 1e4),
        "team": st.fixed_dictionaries({"engineer_cost_per_year": between(20_000, 400_000)}),
        "constraints": st.fixed_dictionaries({"data_residency": st.sampled_from(["none", "vendor_region"])}),
        "overrides": st.fixed_dictionaries(
            {
                "options": st.fixed_dictionaries(
                    {
                        "managed-agents-own-service": st.fixed_dictionaries({"licence_per_month": between(0, 1e4)}),
                        "agentcore-v1": st.fixed_dictionaries({"stops_sessions": st.booleans()}),
                        "vps": st.fixed_dictionaries({"redundant": st.booleans(), "ram_per_agent_gb": between(0.1, 8)}),
                    }
                )
            }
        ),
    }
)


def inputs_from(content: dict[str, Any]) -> Inputs:
    said = content.get("overrides", {})
    return inputs_of(scenario_from({**content, "overrides": {**said, "prices": GIVEN | said.get("prices", {})}}), CATALOG, DAY)


def totals(inputs: Inputs) -> dict[str, Any]:
    return {option_id: bill(option_id, inputs).total for option_id in OPTIONS}


def assert_never_lower(before: dict[str, Any], after: dict[str, Any], options: Iterable[str] = OPTIONS) -> None:
    for option_id in options:
        assert after[option_id] >= before[option_id] * (1 - 1e-9) - 1e-9, option_id


@given(SCENARIOS)
def test_line_items_sum_to_the_totals(content: dict[str, Any]) -> None:
    inputs = inputs_from(content)
    for option_id in OPTIONS:
        found = bill(option_id, inputs)
        assert found.total == pytest.approx(sum(item.quantity * item.price.amount for item in found.items), rel=1e-12)
        assert found.total == pytest.approx(sum(found.of(category) for category in Category), rel=1e-12)
        owned = ownership(option_id, inputs)
        assert owned.total == pytest.approx(owned.run + owned.build + owned.delay + owned.exit, rel=1e-12)


@given(SCENARIOS)
def test_options_that_share_what_a_month_uses_are_billed_as_if_alone(content: dict[str, Any]) -> None:
    inputs = inputs_from(content)
    month = Month(inputs)
    for option_id in (*OPTIONS, *reversed(OPTIONS)):  # token lines are kept by the first of those that sell alike
        assert month.bill(option_id).items == bill(option_id, inputs).items, option_id


@given(SCENARIOS)
def test_every_line_can_be_explained_and_has_a_source(content: dict[str, Any]) -> None:
    inputs = inputs_from(content)
    for option_id in OPTIONS:
        for item in bill(option_id, inputs).items:
            assert item.label
            assert "{" not in item.explained()
            assert item.price.source.title
            assert item.price.effective_from <= DAY  # a page that was read later may say since when


@given(SCENARIOS)
def test_the_common_cost_is_at_most_the_token_bill_of_any_option(content: dict[str, Any]) -> None:
    inputs = inputs_from(content)
    bills = [bill(option_id, inputs) for option_id in OPTIONS if CATALOG.seller_of(CATALOG.options[option_id])]
    assert common_cost(bills) == min(found.of(Category.TOKENS) for found in bills)


@given(SCENARIOS, between(1, 20))
def test_more_agents_never_lower_a_bill(content: dict[str, Any], factor: float) -> None:
    inputs = inputs_from(content)
    assert_never_lower(totals(inputs), totals(inputs.vary({"agents": inputs.driver_value("agents") * factor})))


@given(SCENARIOS, between(1, 20))
def test_more_active_hours_never_lower_a_bill(content: dict[str, Any], factor: float) -> None:
    """All but the GPU node, which is sized by tokens a second: the same tokens over more hours need fewer GPUs."""
    inputs = inputs_from(content)
    longer = inputs.vary({path: value * factor for path, value in inputs.values.items() if path.endswith(".active_hours_per_session")})
    assert_never_lower(totals(inputs), totals(longer), [option_id for option_id in OPTIONS if option_id != "gpu-node"])


@given(SCENARIOS, between(0, 100))
def test_more_open_hours_never_lower_a_bill(content: dict[str, Any], extra: float) -> None:
    for group in content["fleet"]:
        group.setdefault("open_hours_per_session", 24.0)
    inputs = inputs_from(content)
    longer = inputs.vary({path: value + extra for path, value in inputs.values.items() if path.endswith(".open_hours_per_session")})
    assert_never_lower(totals(inputs), totals(longer))


@given(SCENARIOS, st.sampled_from(["input", "cache_read", "cache_write_5m", "cache_write_1h", "output"]), between(0, 1e6))
def test_more_tokens_never_lower_a_bill(content: dict[str, Any], kind: str, extra: float) -> None:
    inputs = inputs_from(content)
    more = inputs.vary({path: value + extra for path, value in inputs.values.items() if path.endswith(f".tokens_per_session.{kind}")})
    assert_never_lower(totals(inputs), totals(more))


@given(SCENARIOS, st.data(), between(1, 10))
def test_a_higher_price_never_lowers_a_bill(content: dict[str, Any], data: st.DataObject, factor: float) -> None:
    inputs = inputs_from(content)
    used = sorted({item.price.id for option_id in OPTIONS for item in bill(option_id, inputs).items if item.price.id in CATALOG.prices})
    price_id = data.draw(st.sampled_from([price_id for price_id in used if CATALOG.prices[price_id].pricing_unit not in SHARES]))
    dearer = inputs.vary({price_id: inputs.driver_value(price_id) * factor})
    assert_never_lower(totals(inputs), totals(dearer))


@given(SCENARIOS, between(1, 3))
def test_a_dearer_euro_never_lowers_a_bill(content: dict[str, Any], factor: float) -> None:
    inputs = inputs_from(content)
    before, after = totals(inputs), totals(inputs.vary({"fx.eur-usd": inputs.driver_value("fx.eur-usd") * factor}))
    assert_never_lower(before, after)


def test_what_all_pay_for_tokens_is_the_least_of_their_token_bills() -> None:
    inputs = inputs_from({"fleet": [{"name": "one", "agents": 3}], "constraints": {"models": "mixed"}})
    many = inputs.vary({"sessions_per_day": np.array([0.0, 1.0, 2.0])})
    for ids in itertools.permutations(("gpu-node", "openai-containers", "vps")):
        for these, count in ((ids, 0.0), (tuple(option for option in ids if option != "gpu-node"), 1.0)):
            for now in (inputs, many):
                bills = [bill(option, now) for option in these]
                least = np.min(np.broadcast_arrays(*(b.of(Category.TOKENS) for b in bills)), axis=0)
                assert np.broadcast_to(common_cost(bills), least.shape).tolist() == pytest.approx(least.tolist())
                assert bool(np.any(least)) == bool(count)


@pytest.mark.parametrize("nothing", [{"sessions_per_day": 0.0}, {"pauses_per_session": 0.0}, {"agents": 0.0}, {"active_hours_per_session": 0.0}])
def test_nothing_is_divided_by_nothing(nothing: dict[str, float]) -> None:
    inputs = inputs_from({"fleet": [{"name": "one", "agents": 3}]}).vary(nothing)
    with np.errstate(all="raise"):
        for option in OPTIONS:
            if option != "managed-agents-own-service":  # no price is published
                assert np.isfinite(bill(option, inputs).total)


def test_a_dearer_euro_reaches_the_servers_priced_in_euros() -> None:
    inputs = inputs_from({"fleet": [{"agents": 3}], "overrides": {"options": {"vps": {"providers": ["Contabo"]}}}})
    dearer = inputs.vary({"fx.eur-usd": inputs.driver_value("fx.eur-usd") * 2})
    assert bill("vps", dearer).of(Category.SERVERS) == pytest.approx(2 * bill("vps", inputs).of(Category.SERVERS))


@settings(max_examples=20)
@given(SCENARIOS, st.lists(st.tuples(between(0.1, 3), between(0.1, 3), between(0.1, 3), between(0.2, 5)), min_size=2, max_size=5))
def test_arrays_give_what_their_elements_give(content: dict[str, Any], draws: list[tuple[float, ...]]) -> None:
    inputs = inputs_from(content)
    changes = changes_of(inputs, np.array(draws).T)
    together = inputs.vary(changes)
    bills = {option_id: bill(option_id, together) for option_id in OPTIONS}
    owned = all_costs(together, OPTIONS)
    for i in range(len(draws)):
        alone = inputs.vary({name: float(values[i]) for name, values in changes.items()})
        for option_id in OPTIONS:
            one, single = bill(option_id, alone), ownership(option_id, alone)
            for category in Category:
                assert element(bills[option_id].of(category), i) == pytest.approx(one.of(category), rel=1e-9, abs=1e-9), (option_id, category)
            for part in ("run", "build", "delay", "exit", "moving", "total"):
                expected = element(getattr(single, part), 0)
                assert element(getattr(owned[option_id], part), i) == pytest.approx(expected, rel=1e-9, abs=1e-9), (option_id, part)


def changes_of(inputs: Inputs, factors: np.ndarray) -> dict[str, np.ndarray]:
    """Inputs of every kind at once: fleet, hours, tokens, people, an estimate, prices of a service, a plan and a model."""
    agents, hours, tokens, money = factors
    return {
        "agents": inputs.driver_value("agents") * agents,
        "fleet.one.active_hours_per_session": np.minimum(inputs["fleet.one.active_hours_per_session"] * hours, 744.0),
        "fleet.one.tokens_per_session.output": inputs["fleet.one.tokens_per_session.output"] * tokens,
        "fleet.one.typical_prompt_tokens": inputs["fleet.one.typical_prompt_tokens"] * tokens,
        "team.engineer_cost_per_year": inputs["team.engineer_cost_per_year"] * money,
        "options.vps.ram_per_agent_gb": inputs["options.vps.ram_per_agent_gb"] * hours,
        "managed-agents.session": inputs.driver_value("managed-agents.session") * money,
        "contabo.cloud-vps-20": inputs.driver_value("contabo.cloud-vps-20") * money,
        "fly.performance-2x-4gb": inputs.driver_value("fly.performance-2x-4gb") * money,
        "claude-haiku-5-5.output": inputs.driver_value("claude-haiku-5-5.output") * money,
    }


def element(value: Any, i: int) -> float:
    return float(np.broadcast_to(value, (max(np.size(value), i + 1),))[i])


@settings(max_examples=20)
@given(SCENARIOS, between(0.01, 100))
def test_scaling_every_amount_of_money_scales_every_bill(content: dict[str, Any], factor: float) -> None:
    """Prices, the salary, the licence and the value of a week; not the shares (premiums, discounts, FTE)."""
    inputs = inputs_from(content)
    prices = inputs.prices()
    money = {price_id for price_id in prices if CATALOG.prices[price_id].pricing_unit not in SHARES and prices.priced(price_id)}
    scaled = inputs.vary(
        {f"prices.{price_id}": prices[price_id].amount * factor for price_id in money}
        | {path: inputs[path] * factor for path in ("team.engineer_cost_per_year", "value_per_week_in_production")}
    )
    for option_id in OPTIONS:
        before, after = ownership(option_id, inputs), ownership(option_id, scaled)
        assert after.total == pytest.approx(before.total * factor, rel=1e-9), option_id
        assert bill(option_id, scaled).total == pytest.approx(bill(option_id, inputs).total * factor, rel=1e-9), option_id


@given(SCENARIOS)
def test_a_bill_per_month_adds_up_to_the_run_cost(content: dict[str, Any]) -> None:
    assume(content["horizon_months"] >= 2)
    content["discount_rate"] = 0
    inputs = inputs_from(content)
    for option_id in ("managed-agents", "agentcore-v1", "vps"):
        months = [float(bill(option_id, inputs, float(month)).total) for month in range(1, content["horizon_months"] + 1)]
        assert float(np.squeeze(ownership(option_id, inputs).run)) == pytest.approx(sum(months), rel=1e-9)


STRICTER = ("none", "vendor_region", "own_account", "own_machines", "air_gapped")


@settings(max_examples=40)
@given(SCENARIOS)
def test_stricter_residency_never_costs_less(content: dict[str, Any]) -> None:
    found = [totals(inputs_from({**content, "constraints": {"data_residency": residency}})) for residency in STRICTER]
    for before, after in itertools.pairwise(found):
        assert_never_lower(before, after)
