"""What is recommended, how far rules and dollars agree, and what is said about it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from decision.costs.costs import ownership
from decision.costs.line_items import Category
from decision.errors import BadInput, PriceMissing
from decision.framework import CLEAR_ODDS, CLOSE_CALL_LARGE_SHARE, CLOSE_CALL_SHARE, CLOSE_CALL_USD, INDIFFERENT_USD, exit_to_yearly_cost
from decision.loading import load
from decision.recommendation import Recommendation, lead, recommend
from decision.scenario import Inputs, inputs_of, read_scenario, ready_made, scenario_from
from decision.words import about_money, percent

DAY = dt.date(2026, 11, 20)
KNOWN = {"exit_weeks": 1, "ram_per_agent_gb": 1, "vcpu_per_agent": 0.5}
WEEK = 194_315 / 52


def inputs(day: dt.date = DAY, **said: Any) -> Inputs:
    return inputs_of(scenario_from({"fleet": [{"name": "t", "agents": 3}], **said}), load(), day)


def recommended(day: dt.date = DAY, **said: Any) -> Recommendation:
    return recommend(inputs(day, **said))


def certain(vps_upkeep_usd_per_month: float, **said: Any) -> Recommendation:
    """Managed Agents (57.60 runtime, 1,000 upkeep a month) beside a 57.60 dollar server with the same build and exit: only upkeep differs."""
    yearly = 120_000
    share = 12 / yearly
    server = {"price_month": 57.6, "vcpu": 8, "ram_gb": 16}
    weeks = {"build_weeks": 10, "exit_weeks": 1}
    options = {
        "managed-agents": {"upkeep_fte": 1000 * share, **weeks},
        "vps": {"upkeep_fte": vps_upkeep_usd_per_month * share, **weeks, "server": server, "ram_per_agent_gb": 1, "vcpu_per_agent": 0.5},
    }
    team = {"engineer_cost_per_year": yearly, "platform_talent": "stretched"}
    return recommended(team=team, consider=["managed-agents", "vps"], overrides={"options": options}, **said)


# -- status ------------------------------------------------------------------------------------------------


def test_rule_and_bill_agree_on_the_default() -> None:
    found = recommended()
    assert (found.option, found.status) == ("managed-agents", "agree")
    assert found.ranking[0] == "managed-agents"
    assert "The rule says the same" in found.because


@pytest.mark.parametrize(
    ("upkeep", "option", "status"),
    [
        (1000.0, "managed-agents", "indifferent"),  # a tie of all goes to the rule
        (951.0, "vps", "indifferent"),  # 49 a month under the 50
        (949.0, "managed-agents", "close_call"),  # 51 a month: 51 x 24 = 1,224 of 48,921 is under a tenth
        (501.0, "managed-agents", "close_call"),  # 499 a month under the 500, and 24.5 % of what differs
        (499.0, "vps", "disagree"),  # 501 a month
    ],
)
def test_50_and_500_dollars_a_month_separate_what_does_not_matter_a_close_call_and_a_disagreement(upkeep: float, option: str, status: str) -> None:
    found = certain(upkeep)
    assert (found.option, found.status) == (option, status)


def test_a_close_call_names_the_margin_and_what_the_rule_prefers() -> None:
    found = certain(501.0)
    assert "close call: the lead is under $500 a month, and under 25 % of the cost that differs." in found.because
    assert "Self-hosted on a VPS, own harness would cost $12,000 less over 24 months" in found.because  # 499 x 24 = 11,976
    assert "rent the managed runtime" in found.because
    vps = found.result("vps").option
    assert found.ranking[0] == vps.id  # the cheapest, which is not recommended, warns as every other
    assert {f"{vps.short_name}: {warning}" for warning in vps.warnings} <= set(found.warnings)


def test_a_disagreement_prints_the_rules_objection() -> None:
    found = certain(0.0)
    assert "The rule objects" in found.because
    assert "platform talent stretched: rent the managed runtime" in found.because
    assert "Claude Managed Agents" in found.because  # the runner-up, by name


def test_a_lead_above_500_a_month_but_under_a_tenth_is_a_close_call() -> None:
    # 20 x the upkeep: 20,000 against 18,900 a month, 1,100 better, which is under a tenth of what differs (about 21,000)
    share = 12 / 120_000
    options = {
        "managed-agents": {"upkeep_fte": 20_000 * share, "build_weeks": 10, "exit_weeks": 1},
        "vps": {"upkeep_fte": 18_900 * share, "build_weeks": 10, **KNOWN, "server": {"price_month": 57.6, "vcpu": 8, "ram_gb": 16}},
    }
    team = {"engineer_cost_per_year": 120_000, "platform_talent": "stretched"}
    found = recommended(team=team, consider=["managed-agents", "vps"], overrides={"options": options})
    assert found.status == "close_call"
    assert "under 10 % of the cost that differs" in found.because
    assert "$500" not in found.because


def test_tokens_that_both_pay_do_not_turn_a_disagreement_into_a_close_call() -> None:
    heavy = {"input": 100_000_000, "output": 10_000_000, "cache_read": 0, "cache_write_5m": 0, "cache_write_1h": 0}
    found = certain(0.0, fleet=[{"name": "t", "agents": 3, "tokens_per_session": heavy, "web_searches_per_session": 0}])
    best, other = found.result("vps"), found.result("managed-agents")
    assert best.total is not None
    assert other.total is not None
    assert (other.total - best.total) / other.total < load().framework.threshold(CLOSE_CALL_SHARE)  # of the whole bill it is little
    # the 24,000 of upkeep over 24,000 + 57.60 x 24 runtime + 10 weeks and 0.2 x 1 week of 120,000 / 52 = 48,920.86: half of what differs
    assert lead(best, other, 24).share == pytest.approx(24_000 / 48_920.86)
    assert found.status == "disagree"


def test_unsure_odds_make_a_close_call() -> None:
    # the VPS is 900 a month cheaper at its most likely upkeep, but its upkeep may be far higher
    share = 12 / 120_000
    upkeep = {"low": 0, "likely": 100 * share, "high": 6000 * share}
    options = {
        "managed-agents": {"upkeep_fte": 1000 * share, "build_weeks": 10, "exit_weeks": 1},
        "vps": {"upkeep_fte": upkeep, "build_weeks": 10, **KNOWN, "server": {"price_month": 57.6, "vcpu": 8, "ram_gb": 16}},
    }
    team = {"engineer_cost_per_year": 120_000, "platform_talent": "stretched"}
    found = recommended(team=team, consider=["managed-agents", "vps"], overrides={"options": options})
    odds = found.result("vps").odds
    assert odds is not None
    assert odds < load().framework.threshold(CLEAR_ODDS)
    assert (found.option, found.status) == ("managed-agents", "close_call")
    assert f"beaten in only {percent(odds)} of the draws" in found.because


def test_rivals_that_share_the_odds_do_not_hide_that_the_rule_is_beaten() -> None:
    # two servers far cheaper than the managed runtime: neither is sure to beat the other, both are sure to beat the rule
    alike = {"upkeep_fte": "0.3 to 0.5", "build_weeks": 10, "exit_weeks": 1, "ram_per_agent_gb": 1, "vcpu_per_agent": 0.5}
    found = recommended(
        fleet=[
            {
                "name": "t",
                "agents": 200,
                "active_hours_per_session": 24,
                "tokens_per_session": {"input": 1000, "output": 1000, "cache_read": 0, "cache_write_5m": 0, "cache_write_1h": 0},
                "web_searches_per_session": 0,
            }
        ],
        overrides={"options": {"vps": alike, "multica": alike}},
    )
    first = found.result(found.ranking[0])
    assert first.odds is not None
    assert first.odds < load().framework.threshold(CLEAR_ODDS)
    assert found.status == "disagree"
    assert found.option == found.ranking[0]
    assert "no clear winner over" in found.because


def test_when_a_gate_removes_all_that_the_rule_names_it_falls_to_the_nearest_family_and_says_so() -> None:
    found = recommended(constraints={"models": "mixed"}, team={"platform_talent": "stretched"})
    assert found.recommended is not None
    assert found.recommended.option.family == "portable_managed"  # rented as the managed runtime is, before anything self-hosted
    assert found.status in ("agree", "close_call")
    assert "managed-agents" not in found.ranking
    assert "That cannot be had: Managed Agents (Only Claude models run here" in found.because
    assert "The nearest left is a rented runtime that takes any model." in found.because


def test_a_rule_that_names_nothing_considered_says_so() -> None:
    found = recommended(consider=["agentcore-v1", "vps"], team={"platform_talent": "stretched"})
    assert "none of the options it names is among those considered" in found.because


def test_nothing_left_names_the_gate_to_relax_and_what_it_brings_back() -> None:
    found = recommended(consider=["managed-agents", "agentcore-v1"], constraints={"data_residency": "own_machines"})
    assert (found.option, found.status, found.ranking, found.flips, found.conditions) == (None, "none", (), (), ())
    assert found.recommended is None
    assert "What would bring back Claude Managed Agents" in found.because
    assert "Allow session state in a vendor's cloud" in found.because


def test_relaxing_one_gate_is_proposed_before_relaxing_two() -> None:
    # Managed Agents is the cheaper, but two gates remove it (models, residency); AgentCore needs only one relaxed
    found = recommended(consider=["managed-agents", "agentcore-v1"], constraints={"data_residency": "own_machines", "models": "mixed"})
    assert "What would bring back AWS Bedrock AgentCore (V1)" in found.because
    assert "Let these agents use Claude models only" not in found.because


def assert_status_and_sentence_agree(found: Recommendation) -> None:
    """The option is the one that the status calls for, and the sentence opens as the status does."""
    outcome = found.verdict.outcome
    left = {found.result(option).option.family for option in found.ranking}
    considered = {result.option.family for result in found.considered}
    families = set(outcome.families)
    if not families & left and families & considered:
        families = {next(family for family in outcome.otherwise if family in left)} if set(outcome.otherwise) & left else families
    inside = [option for option in found.ranking if found.result(option).option.family in families]
    totals = {option: found.result(option).total or 0.0 for option in found.ranking}
    cheapest, dearest = min(totals.values(), default=0.0), max(totals.values(), default=0.0)
    if len(totals) > 1 and dearest - cheapest < 50 * found.horizon_months:
        assert found.status == "indifferent"
    match found.status:
        case "none":
            assert (found.option, found.ranking) == (None, ())
            assert found.because.startswith("None of these can: ")
        case "indifferent":
            assert found.option in (found.ranking[0], *inside)
            assert totals[found.option] - cheapest < 1
            assert dearest - cheapest < 50 * found.horizon_months
            assert found.because.startswith("It does not matter: ")
        case "agree":
            assert found.option == inside[0]
            assert totals[found.option] - cheapest < 1
            assert "The rule says the same. " in found.because
        case "close_call":
            assert found.option == inside[0] != found.ranking[0]
            assert "The rule decides. " in found.because
            assert lead(found.result(found.ranking[0]), found.result(inside[0]), found.horizon_months).usd >= 1
        case "disagree":
            assert found.option == found.ranking[0]
            assert found.option not in inside
            assert ("The rule objects. " if inside else "The rule says otherwise. ") in found.because
    fallen = f"The nearest left is {found.inputs.catalog.framework.families[next(iter(families))]}." if families != set(outcome.families) else ""
    assert ("The nearest left is" in found.because and found.status != "none") == bool(fallen)
    assert fallen in found.because


TALENT = st.sampled_from(["bench", "stretched"])
FLEETS = st.fixed_dictionaries(
    {"name": st.just("t"), "agents": st.sampled_from([1, 2, 3, 12, 200]), "active_hours_per_session": st.sampled_from([0.5, 8, 12])},
    optional={
        "load": st.sampled_from(["steady", "bursty"]),
        "model_mix": st.sampled_from([{"claude-sonnet-5-5": 1}, {"gpt-5.5": 1}, {"claude-sonnet-5-5": 0.5, "gpt-5.5": 0.5}]),
        "tokens_per_session": st.sampled_from([{"input": 100_000_000, "output": 1_000_000}, {"input": 1000, "output": 100}]),
        "sessions_per_day": st.sampled_from([0, 0.1]),
    },
)


@settings(max_examples=60)
@given(
    st.fixed_dictionaries(
        {
            "fleet": st.tuples(FLEETS),
            "team": st.fixed_dictionaries(
                {}, optional={"platform_talent": st.sampled_from(["bench", "stretched"]), "own_time_is_free": st.booleans()}
            ),
            "constraints": st.fixed_dictionaries(
                {"data_residency": st.sampled_from(["none", "vendor_region", "own_account", "own_machines", "air_gapped"])},
                optional={"models": st.sampled_from(["claude_only", "mixed"]), "hosted_product_for_third_parties": st.just(True)},
            ),
        },
        optional={
            "consider": st.lists(st.sampled_from(sorted(load().options)), min_size=2, max_size=6, unique=True),
            "overrides": st.just({"options": {"gpu-node": {"gpu_node_per_month": 4000, "server": {"price_month": 300, "vcpu": 32, "ram_gb": 128}}}}),
        },
    )
)
def test_status_and_sentence_agree(said: dict[str, Any]) -> None:
    try:
        found = recommend(inputs_of(scenario_from(said), load(), DAY), draws=64)
    except PriceMissing:
        reject()  # nothing considered has a price
    assert_status_and_sentence_agree(found)


@pytest.mark.parametrize("name", sorted(ready_made()))
def test_every_ready_made_scenario_gets_an_answer(name: str) -> None:
    found = recommend(inputs_of(read_scenario(ready_made()[name]), load(), DAY))
    assert found.option in found.ranking
    totals = [found.result(option).total for option in found.ranking]
    assert totals == sorted(totals, key=lambda total: total or 0.0)
    assert_status_and_sentence_agree(found)
    assert sum(found.result(option).odds or 0.0 for option in found.ranking) == pytest.approx(1.0)


# -- options and prices --------------------------------------------------------------------------------------


def test_every_option_is_priced_or_says_why_not() -> None:
    found = recommended()
    assert [result.id for result in found.options] == list(load().options)
    assert [result for result in found.options if result.considered] == list(found.considered)
    for result in found.options:
        assert (result.costed is None) != (result.unpriced is None)
        assert result.considered is (result.id in found.ranking)  # no gate and no missing price among the five
    assert "licence" in str(found.result("managed-agents-own-service").unpriced)
    assert not found.warnings or not any("left out of the ranking" in warning for warning in found.warnings)  # it was not considered


def test_a_considered_option_without_a_price_is_left_out_with_a_warning() -> None:
    found = recommended(consider=["managed-agents", "managed-agents-own-service"])
    assert found.ranking == ("managed-agents",)
    assert found.result("managed-agents").odds == 1.0
    said = "Claude Managed Agents, self-hosted service is left out of the ranking: managed-agents-own-service.licence"
    assert any(said in warning for warning in found.warnings)
    assert "it is the only option left" in found.because


def test_a_typed_licence_price_brings_it_in() -> None:
    licence = {"options": {"managed-agents-own-service": {"licence_per_month": 0}}}
    found = recommended(consider=["managed-agents", "managed-agents-own-service"], overrides=licence)
    assert set(found.ranking) == {"managed-agents", "managed-agents-own-service"}


def test_when_no_considered_option_has_a_price_the_reason_is_raised() -> None:
    with pytest.raises(PriceMissing, match=r"managed-agents-own-service\.licence"):
        recommended(consider=["managed-agents-own-service"])


@pytest.mark.parametrize("mix", [{"claude-sonnet-5-5": 0.5, "gpt-5.5": 0.5}, {"gpt-5.5": 1}, {"gemini-3.1-pro-preview": 1}])
def test_a_fleet_of_other_makers_models_gets_an_answer(mix: dict[str, float]) -> None:
    found = recommended(fleet=[{"name": "t", "agents": 3, "model_mix": mix}], consider="all")
    assert found.option is not None
    assert not {"managed-agents", "managed-agents-own-sandboxes"} & set(found.ranking)


def test_a_model_without_a_price_that_day_is_named() -> None:
    with pytest.raises(PriceMissing, match=r"claude-sonnet-5-5.*2026-09-01"):
        recommended(dt.date(2026, 9, 1), fleet=[{"agents": 3, "model_mix": {"claude-sonnet-5-5": 1}}])


def test_an_option_too_small_for_the_fleet_does_not_sink_the_others() -> None:
    huge = {"options": {"vps": {"ram_per_agent_gb": 4000}}}
    found = recommended(consider=["managed-agents", "vps"], overrides=huge)
    assert found.ranking == ("managed-agents",)
    assert "no server plan has room" in str(found.result("vps").unpriced)


def test_totals_are_those_of_the_cost_functions() -> None:
    given = inputs(fleet=[{"name": "t", "agents": 3, "agents_in_12_months": 10}])
    found = recommend(given)
    for option in found.ranking:
        assert found.result(option).total == ownership(option, given).total


def test_differential_per_session_and_per_hour() -> None:
    found = recommended(fleet=[{"name": "t", "agents": 3}])
    result = found.result("managed-agents")
    assert result.monthly is not None
    assert result.costed is not None
    assert result.per_session == pytest.approx(result.monthly / 90)  # 3 agents x 1 session x 30 days
    assert result.per_active_hour == pytest.approx(result.monthly / 720)  # of 8 hours
    tokens = result.costed.bill.of(Category.TOKENS)
    assert result.differential == pytest.approx(result.monthly - tokens)


def test_without_sessions_there_is_no_cost_per_session() -> None:
    result = recommended(fleet=[{"agents": 3, "sessions_per_day": 0}]).result("managed-agents")
    assert result.per_session is None
    assert result.per_active_hour is None


def test_a_gpu_node_that_is_not_considered_does_not_touch_the_common_cost() -> None:
    without, beside = recommended(consider=["managed-agents", "vps"]), recommended()
    assert without.result("vps").differential == pytest.approx(beside.result("vps").differential)


# -- conditions and warnings ----------------------------------------------------------------------------------


def test_what_runs_already_is_compared_whether_named_or_not_and_is_an_answer_of_the_team() -> None:
    found = recommended(running_on="e2b")
    assert "e2b" in found.ranking
    assert ("running_on", "E2B sandboxes, own harness") in {(line.path, line.value) for line in found.given}
    question = exit_to_yearly_cost(found.result("e2b").costed)
    assert question == pytest.approx(exit_to_yearly_cost(recommended(consider=["e2b"]).result("e2b").costed))  # leaving costs what it costs


@pytest.mark.parametrize("name", ["build_weeks", "weeks_to_production"])
def test_what_runs_already_is_not_built_and_a_figure_for_that_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match=f"agents run on vps already, so {name} of that option changes nothing"):
        recommended(running_on="vps", overrides={"options": {"vps": {name: 3}}})
    assert not {flip.driver for flip in recommended(running_on="vps").flips} & {"options.vps.build_weeks", "options.vps.weeks_to_production"}


@pytest.mark.parametrize("agents", [{"agents": 3}, {"agents": 3, "agents_in_12_months": 40}])
def test_staying_is_never_dearer_than_moving_there_and_moving_costs_every_other_option_the_same(agents: dict[str, int]) -> None:
    fleet = [{"name": "t", **agents}]
    before, after = (
        recommended(fleet=fleet, value_per_week_in_production=500),
        recommended(fleet=fleet, value_per_week_in_production=500, running_on="vps"),
    )
    moved = set()
    for option in before.ranking:
        was, now = before.result(option).costed, after.result(option).costed
        assert was is not None
        assert now is not None
        if option == "vps":
            assert (now.owned.build, now.owned.delay, now.owned.exit, now.owned.moving) == (0, 0, 0, 0)
            assert now.owned.total == pytest.approx(was.owned.run)
            assert now.people == pytest.approx(was.people - was.owned.build - was.owned.exit)
        else:
            assert now.owned.total == pytest.approx(was.owned.total + now.owned.moving)
            assert now.people == pytest.approx(was.people + now.owned.moving)
            moved.add(now.owned.moving)
    (moving,) = moved
    assert moving == pytest.approx(after.result("vps").costed.owned.exit_weeks * 194_314.72 / 52, rel=1e-3)  # type: ignore[union-attr]


def test_an_expensive_exit_asks_for_a_portable_loop_first_and_says_what_it_saves() -> None:
    found = recommended(exit={"chance_of_leaving_in_horizon": 0.8})
    assert found.option == "managed-agents"
    given = inputs()  # the orchestrator's weeks, and half of those of each agent that differs
    each = given["people.fleet.exit_weeks_per_agent"] * 3 ** given["people.fleet.sharing_exponent"]
    saving = float(given["people.components.orchestrator.exit_weeks"] + each / 2) * WEEK
    condition = next(said for said in found.conditions if said.startswith("First make the main loop portable"))
    assert f"about {about_money(saving)} off" in condition
    assert f"{about_money(0.8 * saving)} of it expected" in condition


def test_a_portable_loop_is_not_asked_for_twice() -> None:
    found = recommended(exit={"chance_of_leaving_in_horizon": 0.95, "portable_main_loop": True})
    assert not any("First make the main loop portable" in condition for condition in found.conditions)
    assert any("stays expensive" in condition for condition in found.conditions)


def test_a_cheap_exit_asks_for_nothing() -> None:
    found = recommended(exit={"chance_of_leaving_in_horizon": 0.01})
    assert not any("portable" in condition for condition in found.conditions)


def test_licence_and_the_options_own_warnings_are_conditions() -> None:
    found = recommended(consider=["multica"])
    assert any("needs a commercial licence" in condition for condition in found.conditions)
    assert set(load().options["multica"].warnings) <= set(found.conditions)


def test_warnings_of_the_other_options_name_them() -> None:
    found = recommended()
    assert "AgentCore V2: Available in five regions since 2026-09-18." in found.warnings
    assert not any(warning.startswith("Managed Agents:") for warning in found.warnings)


def test_own_cloud_of_earlier_files_is_read_as_an_account_of_ones_own_and_a_sentence_says_so() -> None:
    found = recommended(constraints={"data_residency": "own_cloud"})
    assert found.inputs.scenario.constraints.data_residency == "own_account"
    assert any("Data residency says own_cloud" in warning for warning in found.warnings)
    assert not recommended(constraints={"data_residency": "own_account"}).inputs.scenario.constraints.read_as


# -- sentences --------------------------------------------------------------------------------------------------


def test_the_sentence_has_dollars_the_runner_up_and_no_false_precision() -> None:
    found = recommended()
    assert found.result(found.ranking[1]).name in found.because
    amounts = re.findall(r"\$([\d,]+(?:\.\d+)?)", found.because)
    assert len(amounts) >= 2
    for amount in amounts:
        assert len(amount.replace(",", "").replace(".", "").strip("0")) <= 3, amount


@pytest.mark.parametrize(
    ("usd", "text"),
    [(12_345, "$12,300"), (499.6, "$500"), (27.04, "$27"), (10.84, "$10.80"), (0, "$0"), (1_234_567, "$1,230,000")],
)
def test_money_in_a_sentence_has_three_figures(usd: float, text: str) -> None:
    assert about_money(usd) == text


def test_the_same_inputs_give_the_same_recommendation() -> None:
    first, second = recommended(), recommended()
    assert first.because == second.because
    assert [result.odds for result in first.options] == [result.odds for result in second.options]


# -- inputs -----------------------------------------------------------------------------------------------------


def test_inputs_are_told_apart_by_origin() -> None:
    found = recommended(
        fleet=[{"name": "t", "agents": 3, "sessions_per_day": {"measured": 2.5, "n": 30, "stderr": 0.1}, "load": "bursty"}],
        overrides={"prices": {"managed-agents.session": 0.06}},
    )
    given, assumed, measured = ({line.path: line for line in lines} for lines in (found.given, found.assumed, found.measured))
    assert {"fleet.t.agents", "fleet.load", "prices.managed-agents.session"} <= given.keys()
    assert set(measured) == {"fleet.t.sessions_per_day"}
    assert {"team.platform_talent", "fleet.t.active_hours_per_session", "people.components.sandbox.upkeep_hours"} <= assumed.keys()
    assert not given.keys() & assumed.keys()
    upkeep, estimate = assumed["people.components.sandbox.upkeep_hours"], load().people.components["sandbox"].upkeep_hours
    assert (upkeep.low, upkeep.value, upkeep.high, upkeep.unit) == (estimate.low, estimate.likely, estimate.high, "hours a month")
    assert "nobody who keeps sandboxes has published hours" in upkeep.why
    assert all(line.why for line in found.assumed)


def test_what_is_not_considered_is_not_listed() -> None:
    found = recommended(consider=["managed-agents"])
    paths = {line.path for line in found.assumed}
    assert not any(path.startswith("options.") and not path.startswith("options.managed-agents.") for path in paths)
    assert "fleet.t.sandbox.cpu_busy_share" not in paths
    assert "fleet.t.per_session.tool_calls" not in paths
    assert "fleet.t.web_searches_per_active_hour" in paths


CONSIDERED = [
    ["managed-agents"], ["vps"], ["agentcore-v1", "agentcore-v2"], ["openai-containers"], ["fly"], ["e2b", "modal"], ["gpu-node"],
    ["managed-agents", "vps", "multica"],
]  # fmt: skip


@pytest.mark.parametrize("consider", CONSIDERED, ids=",".join)
@pytest.mark.parametrize("portable", [False, True])
def test_an_input_that_is_left_out_changes_no_cost(consider: list[str], portable: bool) -> None:
    hours = {"active_hours_per_session": 2, "open_hours_per_session": 5, "pauses_per_session": 2}
    given = inputs(consider=consider, exit={"portable_main_loop": portable}, fleet=[{"name": "t", "agents": 7, **hours}])
    found = recommend(given)
    listed = {line.path for line in (*found.given, *found.assumed, *found.measured)}
    before = {option: ownership(option, given).total for option in consider}
    for path, fact in given.facts.items():
        if path in listed or path.startswith("options."):
            continue
        value = fact.amount.likely
        for other in (fact.spec.at_least, value / 2, min(value * 3 + 1, fact.spec.at_most)):
            varied = given.vary({path: other})
            assert {option: ownership(option, varied).total for option in consider} == before, path


def test_thresholds_of_the_recommendation_are_the_published_ones() -> None:
    framework = load().framework
    names = (CLOSE_CALL_SHARE, CLOSE_CALL_USD, CLOSE_CALL_LARGE_SHARE, INDIFFERENT_USD, CLEAR_ODDS)
    assert [framework.threshold(name) for name in names] == [0.1, 500, 0.25, 50, 0.8]


@pytest.mark.parametrize("said", [{"fleet": [{"agents": 12}]}, {"fleet": [{"agents": 12}], "consider": ["vps", "multica"]}])
def test_the_trade_of_hours_and_weeks_makes_both_options_cost_the_same(said: dict[str, Any]) -> None:
    found = recommended(**said)
    assert found.trade is not None
    traded = found.trade
    best, rival = found.ranking[:2]
    assert traded.option in (best, rival)
    own = {"upkeep_fte": traded.hours_per_month / 160, "build_weeks": traded.build_weeks}
    then = recommended(**said, overrides={"options": {traded.option: own}})
    assert then.result(best).total == pytest.approx(then.result(rival).total, rel=1e-9)
    hour_more = {"upkeep_fte": (traded.hours_per_month + 1) / 160, "build_weeks": traded.build_weeks - traded.weeks_for_an_hour}
    along = recommended(**said, overrides={"options": {traded.option: hour_more}})
    assert along.result(best).total == pytest.approx(along.result(rival).total, rel=1e-9)
    assert "draws level where" in traded.sentence


def test_an_answer_that_rests_on_no_assumed_hours_has_no_trade() -> None:
    assert recommended(team={"own_time_is_free": True}).trade is None
    assert certain(0.0).trade is None
