"""Levers: what each saves by hand, that their order cannot matter, and that they go through the ordinary bill."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decision.analysis.exposure import exposures
from decision.analysis.levers import Lever, Levers, levers
from decision.analysis.pulled import applied, dials
from decision.costs.bill import bill
from decision.costs.line_items import Category
from decision.errors import BadInput
from decision.loading import load
from decision.scenario import Inputs, inputs_of, scenario_from

CATALOG = load()
ALL = tuple(Lever)

# Uncached, four sessions of two hours a day with an hour of waiting: everything a lever can act on.
WORK = {
    "name": "tickets", "agents": 3, "sessions_per_day": 4, "active_hours_per_session": 2, "open_hours_per_session": 3, "pauses_per_session": 3,
    "web_searches_per_session": 5, "typical_prompt_tokens": 30_000,
    "tokens_per_session": {"input": 500_000, "output": 15_000, "cache_read": 0, "cache_write_5m": 0, "cache_write_1h": 0},
    "model_mix": {"claude-opus-5-5": 1},
}  # fmt: skip


def inputs(as_of: str = "2026-11-20", **group: Any) -> Inputs:
    return inputs_of(scenario_from({"as_of": as_of, "fleet": [{**WORK, **group}]}), CATALOG)


def monthly(found: Levers, lever: Lever, option: str) -> float:
    effect = next(effect for effect in found.effects if effect.levers == (lever,))
    value = effect.savings[option].monthly
    assert value is not None
    return float(value)


SESSIONS = 3 * 4 * 30  # a month


def test_caching_turns_uncached_input_into_reads_and_the_writes_they_need() -> None:
    # Opus 5.5 at 4 / 0.2 / 5 USD per 1 M (input, read, 5-minute write). 90 % of 500,000 read: 450,000. 10 reads a write: 45,000 written.
    # 495,000 tokens leave the input: 495,000 x 4 - 450,000 x 0.2 - 45,000 x 5 = 1.665 USD a session
    found = levers(inputs())
    assert monthly(found, Lever.PROMPT_CACHING, "managed-agents") == pytest.approx(SESSIONS * 1.665)
    after = applied(inputs(), [Lever.PROMPT_CACHING])
    tokens = {name: after[f"fleet.tickets.tokens_per_session.{name}"] for name in ("input", "cache_read", "cache_write_5m")}
    assert tokens == {"input": pytest.approx(5_000), "cache_read": pytest.approx(450_000), "cache_write_5m": pytest.approx(45_000)}


def test_caching_leaves_alone_what_is_cached_enough_and_what_has_no_cache_price() -> None:
    cached = inputs(tokens_per_session={"input": 1_000, "cache_read": 99_000, "output": 15_000, "cache_write_5m": 0, "cache_write_1h": 0})
    assert monthly(levers(cached), Lever.PROMPT_CACHING, "vps") == 0
    fast = inputs(model_mix={"claude-opus-5-5-fast": 1})
    assert applied(fast, [Lever.PROMPT_CACHING]).values == fast.values


def test_routing_moves_a_share_to_the_cheapest_model_of_the_maker() -> None:
    # Opus 5.5 (4 in, 20 out) to Haiku 5.5 (0.1 in, 0.5 out), the same tokenizer; 30 % of the sessions
    # 0.3 x (500,000 x 3.9 + 15,000 x 19.5) / 1 M = 0.67275 USD a session
    assert monthly(levers(inputs()), Lever.MODEL_ROUTING, "managed-agents") == pytest.approx(SESSIONS * 0.67275)


def test_routing_counts_the_tokens_of_the_other_tokenizer() -> None:
    # Opus 4.6 (5 in, 25 out, older tokenizer) to Haiku 5.5 (newer): 1.3 tokens for each
    # 0.3 x (500,000 x (5 - 1.3 x 0.1) + 15,000 x (25 - 1.3 x 0.5)) / 1 M = 0.840075 USD a session
    found = levers(inputs(model_mix={"claude-opus-4-6": 1}))
    assert monthly(found, Lever.MODEL_ROUTING, "vps") == pytest.approx(SESSIONS * 0.840075)
    # and back to an older tokenizer: Opus 5.5 to Haiku 4.5 (1 in, 5 out), 1 / 1.3 tokens for each
    old = levers(inputs(), at=dials(CATALOG.levers, routed_to="claude-haiku-4-5"))
    saved = 0.3 * (500_000 * (4 - 1 / 1.3) + 15_000 * (20 - 5 / 1.3)) / 1e6
    assert monthly(old, Lever.MODEL_ROUTING, "vps") == pytest.approx(SESSIONS * saved)


def test_routing_pays_the_step_that_its_longer_prompts_reach() -> None:
    # 90,000 tokens of the older tokenizer are 117,000 of the newer, above the 100,000 of Haiku 5.5: 0.5 in and 2.5 out
    found = levers(inputs(model_mix={"claude-opus-4-6": 1}, typical_prompt_tokens=90_000), at=dials(CATALOG.levers, routed_to="claude-haiku-5-5"))
    saved = 0.3 * (500_000 * (5 - 1.3 * 0.5) + 15_000 * (25 - 1.3 * 2.5)) / 1e6
    assert monthly(found, Lever.MODEL_ROUTING, "vps") == pytest.approx(SESSIONS * saved)


def test_routing_stays_where_nothing_is_cheaper_and_never_leaves_the_maker() -> None:
    cheapest = inputs(model_mix={"claude-haiku-5-5": 1})
    assert applied(cheapest, [Lever.MODEL_ROUTING]).scenario == cheapest.scenario
    after = applied(inputs(model_mix={"gpt-4.1": 1}), [Lever.MODEL_ROUTING])
    makers = {CATALOG.model(path.rpartition(".model_mix.")[2]).maker for path in after.values if ".model_mix." in path}
    assert makers == {"openai"}
    assert len(after.scenario.fleet) == 2


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 1), st.floats(1, 50), st.sampled_from(["vps", "agentcore-v1", "e2b", "cloudflare", "openai-containers", "gpu-node"]))
def test_routing_moves_nothing_but_tokens(share: float, peak: float, option: str) -> None:
    before = inputs(agents=7, peak_to_average=peak, model_mix={"claude-opus-5-5": 0.5, "claude-sonnet-5-5": 0.5})
    after = applied(before, [Lever.MODEL_ROUTING], dials(CATALOG.levers, {"routed_share": share}))
    rest = [category for category in Category if category is not Category.TOKENS]
    assert bill(option, after).of(*rest) == pytest.approx(bill(option, before).of(*rest))
    assert after.driver_value("agents") == pytest.approx(7)


def test_all_sessions_can_be_routed() -> None:
    after = applied(inputs(), [Lever.MODEL_ROUTING], dials(CATALOG.levers, {"routed_share": 1}))
    used = {line.label.split(",")[0] for line in bill("vps", after).items if line.category is Category.TOKENS and line.cost > 0}
    assert used == {"Claude Haiku 5.5"}


def test_batches_save_only_where_they_are_offered() -> None:
    found = levers(inputs())
    assert monthly(found, Lever.BATCH, "managed-agents") == 0
    assert found.effects[ALL.index(Lever.BATCH)].savings["managed-agents"].why == "no batch discount is offered here"
    # 30 % of (500,000 x 4 + 15,000 x 20) / 1 M = 2.30 USD of tokens at half price
    assert monthly(found, Lever.BATCH, "vps") == pytest.approx(SESSIONS * 2.30 * 0.3 * 0.5)


def test_a_lever_without_a_price_that_day_says_so_and_the_others_still_combine() -> None:
    # cached tokens in batches need the batch discount, whose first row is of 2026-08-21
    work = inputs(
        "2026-07-01",
        model_mix={"claude-opus-4-8": 1},
        tokens_per_session={"input": 500_000, "cache_read": 1000, "output": 15_000, "cache_write_5m": 0, "cache_write_1h": 0},
    )
    found = levers(work, ("managed-agents", "vps"), chosen=ALL)
    saving = found.effects[ALL.index(Lever.BATCH)].savings["vps"]
    assert saving.monthly is None
    assert "anthropic.batch-discount" in saving.why
    assert found.combined.savings["vps"].monthly is not None


def test_searches_and_idle_time() -> None:
    found = levers(inputs())
    assert monthly(found, Lever.FEWER_SEARCHES, "managed-agents") == pytest.approx(SESSIONS * 2.5 * 10 / 1000)
    # AgentCore V1, 2 GB: three waits of 20 minutes were billed for 15 and are now for 1; the tail of 15 minutes is gone
    saved_hours = 3 * 14 / 60 + 15 / 60
    assert monthly(found, Lever.IDLE_TRIMMING, "agentcore-v1") == pytest.approx(SESSIONS * saved_hours * 2 * 0.00945)
    assert monthly(found, Lever.IDLE_TRIMMING, "managed-agents") == 0


def test_longer_sessions_save_tails_and_pay_for_carried_context() -> None:
    free = dials(CATALOG.levers, {"context_carried_share": 0, "start_tokens": 0})
    found = levers(inputs(), at=free)
    # two sessions in one: half the tails of 15 minutes at 2 GB on AgentCore V1, nothing where no tail is billed
    assert monthly(found, Lever.LONGER_SESSIONS, "agentcore-v1") == pytest.approx(SESSIONS / 2 * 0.25 * 2 * 0.00945)
    assert monthly(found, Lever.LONGER_SESSIONS, "managed-agents") == pytest.approx(0, abs=1e-9)
    # all context carried: a session twice as long reads four times as much, twice the two sessions; 10,000 starting tokens are saved
    carried = levers(inputs(), at=dials(CATALOG.levers, {"context_carried_share": 1}))
    assert monthly(carried, Lever.LONGER_SESSIONS, "vps") == pytest.approx(SESSIONS / 2 * (10_000 - 2 * 500_000) * 4 / 1e6)
    one_a_day = inputs(sessions_per_day=1)
    assert monthly(levers(one_a_day), Lever.LONGER_SESSIONS, "agentcore-v1") == 0


@settings(max_examples=20, deadline=None)
@given(st.sets(st.sampled_from(ALL), min_size=2), st.randoms())
def test_the_order_of_choosing_cannot_matter(chosen: set[Lever], random: Any) -> None:
    order = sorted(chosen)
    random.shuffle(order)
    one, other = applied(inputs(), order), applied(inputs(), tuple(sorted(chosen)))
    assert one.values == other.values
    assert one.scenario == other.scenario


def test_together_is_computed_and_not_added_up() -> None:
    found = levers(inputs(), chosen=ALL)
    after = applied(inputs(), ALL)
    for option in ("vps", "agentcore-v1"):
        saved = found.combined.savings[option].monthly
        assert saved == pytest.approx(bill(option, inputs()).total - bill(option, after).total)
        assert found.naive_sum[option] == pytest.approx(sum(monthly(found, lever, option) for lever in ALL))
        assert abs(saved - found.naive_sum[option]) > 10
    pair = levers(inputs(), chosen=(Lever.PROMPT_CACHING, Lever.BATCH))
    assert pair.combined.levers == (Lever.PROMPT_CACHING, Lever.BATCH)
    assert pair.combined.savings["vps"].monthly < pair.naive_sum["vps"]  # cheaper tokens leave less for the batch to halve


def test_unless_told_the_levers_that_save_are_combined() -> None:
    found = levers(inputs())
    assert found.recommended == found.cheapest
    assert all(monthly(found, lever, found.recommended) > 0 for lever in found.combined.levers)
    assert Lever.LONGER_SESSIONS not in found.combined.levers  # here it costs more


def test_a_lever_can_change_the_answer() -> None:
    # without tokens AgentCore would be behind Managed Agents by its upkeep; a batch discount that only one of them offers turns it round
    heavy = inputs(agents=40, tokens_per_session={"input": 5_000_000, "output": 100_000, "cache_read": 0, "cache_write_5m": 0, "cache_write_1h": 0})
    found = levers(heavy, ("managed-agents", "agentcore-v1"))
    batch = found.effects[ALL.index(Lever.BATCH)]
    assert (found.cheapest, batch.cheapest, batch.flips) == ("managed-agents", "agentcore-v1", True)
    assert not found.effects[ALL.index(Lever.FEWER_SEARCHES)].flips


def test_levers_take_arrays() -> None:
    shares = np.linspace(0, 1, 5)
    swept = applied(inputs(), ALL, dials(CATALOG.levers, {"routed_share": shares, "cached_share": shares}))
    for i, share in enumerate(shares):
        single = applied(inputs(), ALL, dials(CATALOG.levers, {"routed_share": float(share), "cached_share": float(share)}))
        assert np.asarray(bill("agentcore-v1", swept).total)[i] == pytest.approx(bill("agentcore-v1", single).total)
    drawn = levers(inputs().vary({"agents": np.array([1.0, 2.0, 3.0])}))
    assert np.shape(drawn.combined.savings["vps"].monthly) == (3,)


def test_the_working_shows_what_changed() -> None:
    found = levers(inputs())
    searches = found.effects[ALL.index(Lever.FEWER_SEARCHES)].changes
    assert [(change.path, change.before, change.after) for change in searches] == [("fleet.tickets.web_searches_per_session", 5.0, 2.5)]
    routed = {change.path: change.after for change in found.effects[ALL.index(Lever.MODEL_ROUTING)].changes}
    assert routed == {"fleet.tickets.agents": pytest.approx(2.1), "fleet.tickets-moved-to-claude-haiku-5-5.agents": pytest.approx(0.9)}


# -- the spend cap -------------------------------------------------------------------------------------------------------


def test_a_weekend_loop_with_and_without_a_budget() -> None:
    found = {exposure.option: exposure for exposure in exposures(inputs()).costs.values()}
    # 62 h at 31 sessions' worth of 2.30 USD of tokens and 5 searches of 0.01, and 62 session-hours of 0.08
    assert found["managed-agents"].without == pytest.approx(31 * (2.30 + 0.05) + 62 * 0.08)
    # a budget of three usual sessions of 2.30 + 0.05 + 2 x 0.08, and the request in flight: 30,000 in at 4 and 16,000 out at 20
    assert found["managed-agents"].limit == pytest.approx(3 * 2.51)
    assert found["managed-agents"].capped == pytest.approx(3 * 2.51 + 0.12 + 0.32)
    # a server costs the same with a loop on it
    assert found["vps"].without == pytest.approx(31 * (2.30 + 0.05))
    assert found["vps"].capped is None
    assert "harness" in found["vps"].why


def test_the_group_that_would_cost_most_is_the_exposed_one() -> None:
    fleet = [WORK, {**WORK, "name": "small", "model_mix": {"claude-haiku-5-5": 1}}, {"name": "off", "active_hours_per_session": 0}]
    both = inputs_of(scenario_from({"as_of": "2026-11-20", "fleet": fleet}), CATALOG)
    assert {exposure.group for exposure in exposures(both).costs.values()} == {"tickets"}


def test_a_budget_holds_from_its_day_on_and_never_costs_more_than_none() -> None:
    early = exposures(inputs("2026-08-01", model_mix={"claude-opus-4-8": 1}), ("managed-agents",)).costs["managed-agents"]
    assert early.capped is None
    assert "2026-08-07" in early.why
    wide = exposures(inputs(), ("managed-agents",), dials(CATALOG.levers, {"budget_times_usual_session": 1000})).costs["managed-agents"]
    assert wide.capped == wide.without


# -- data and messages ---------------------------------------------------------------------------------------------------


def test_the_file_names_known_options_and_describes_every_lever() -> None:
    file = CATALOG.levers
    assert set(file.levers) == set(Lever)
    assert {*file.shortest_idle_timeouts, *file.budgets} <= set(CATALOG.options)
    assert all(dial.at_least <= dial.likely <= dial.at_most for dial in file.dials.values())
    named = set(itertools.chain.from_iterable(text.dials for text in file.levers.values()))
    assert set(file.dials) - named == {"unnoticed_hours", "budget_times_usual_session", "request_output_tokens"}  # of the exposure


def test_bad_dials_and_models_get_a_sentence() -> None:
    with pytest.raises(BadInput, match='Did you mean "cached_share"'):
        dials(CATALOG.levers, {"cache_share": 0.5})
    with pytest.raises(BadInput, match="must be between 0 and 1"):
        dials(CATALOG.levers, {"cached_share": 1.2})
    with pytest.raises(BadInput, match='"claude-haiku-55" is not a known model'):
        levers(inputs(), at=dials(CATALOG.levers, routed_to="claude-haiku-55"))
    with pytest.raises(BadInput, match='"fly" is not among the options'):
        levers(inputs(), recommended="fly")
    with pytest.raises(BadInput, match="none of the options can be priced on 2026-09-01"):
        levers(inputs("2026-09-01", model_mix={"claude-sonnet-5": 1}), ("agentcore-v2",))
