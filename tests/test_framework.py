"""The framework decides: every combination of answers, every gate, and every way to break the file."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from decision.catalog import DATA
from decision.catalog.reading import shaped
from decision.costs.costs import Costs
from decision.errors import BadInput, PriceMissing
from decision.framework import (
    Answer,
    Answers,
    Framework,
    Verdict,
    combinations,
    edges,
    fits,
    gaps,
    reads_per_minute,
    table,
    verdict,
    walk,
)
from decision.loading import failing, load
from decision.scenario import inputs_of, scenario_from

DAY = dt.date(2026, 11, 20)
FLOW_QUESTIONS = ("agents_in_12_months", "load", "models", "platform_talent", "token_to_runtime")


def judged(day: dt.date = DAY, fleet: list[dict[str, Any]] | None = None, **said: Any) -> Verdict:
    scenario = scenario_from({"fleet": fleet or [{"name": "t", "agents": 3}], **said})
    return verdict(Costs(inputs_of(scenario, load(), day)))


def said(answers: dict[str, str]) -> Answers:
    return Answers({q: Answer(q, a, a, None, "given") for q, a in answers.items()}, {})


def removed_by(found: Verdict, gate: str) -> set[str]:
    return {option for hit in found.gates if hit.id == gate for option in hit.removes}


# -- the flow ----------------------------------------------------------------------------------------------


def published(a: dict[str, str]) -> set[str]:
    """The flowchart of the article, written down a second time by hand."""
    if a["agents_in_12_months"] == "fewer_than_3":
        if a["load"] == "steady" and a["models"] == "mixed":
            return {"self_hosted", "multica", "portable_managed"}
        return {"managed"}
    if a["platform_talent"] == "stretched":
        return {"managed"}
    return {"self_hosted", "multica"} if a["token_to_runtime"] == "token_dominated" else {"managed", "multica"}


def test_every_combination_of_answers_reaches_exactly_one_outcome_and_it_is_the_published_one() -> None:
    framework = load().framework
    everything = list(combinations(framework))
    assert len(everything) == 2 * 2 * 2 * 3 * 2 * 2  # classes of the six questions
    for answers in everything:
        assert sum(fits(row, answers) for row in framework.flow) == 1, answers
        path, outcome = walk(framework, said(answers))
        assert set(framework.outcomes[outcome].families) == published(answers), answers
        assert all(answers[step.question] == step.answer for step in path)


def test_every_outcome_and_every_row_is_reached() -> None:
    framework = load().framework
    reached = [row for answers in combinations(framework) for row in framework.flow if fits(row, answers)]
    assert {row.outcome for row in reached} == set(framework.outcomes)
    assert {id(row) for row in reached} == {id(row) for row in framework.flow}


@pytest.mark.parametrize("question", FLOW_QUESTIONS)
def test_every_question_of_the_flow_can_change_the_outcome(question: str) -> None:
    framework = load().framework
    outcomes: dict[tuple[tuple[str, str], ...], set[str]] = {}
    for answers in combinations(framework):
        others = tuple((q, a) for q, a in answers.items() if q != question)
        outcomes.setdefault(others, set()).add(walk(framework, said(answers))[1])
    assert any(len(found) > 1 for found in outcomes.values())


def test_the_diagram_shows_one_unbroken_way_for_every_combination() -> None:
    framework = load().framework
    for answers in combinations(framework):
        path, outcome = walk(framework, said(answers))
        nodes, lines = edges(framework, path)
        by_id = {node.id: node for node in nodes}
        assert len(by_id) == len(nodes)
        here, steps = "gates", 0
        while following := [line for line in lines if line.start == here and line.taken]:
            assert len(following) == 1
            here, steps = following[0].end, steps + 1
        assert steps == len(path) + 1  # one from the gates to the first question, then one for each answer
        assert by_id[here].kind == "outcome"
        assert by_id[here].text == framework.outcomes[outcome].label
        assert {node.id for node in nodes if node.taken} == {"gates"} | {line.end for line in lines if line.taken}
        assert sum(row.taken for row in table(framework, path)) == 1


def test_the_diagram_without_a_path_marks_nothing() -> None:
    nodes, lines = edges(load().framework)
    assert not any(node.taken for node in nodes)
    assert not any(line.taken for line in lines)


def test_the_table_names_the_thresholds_of_the_file() -> None:
    first = table(load().framework)[0]
    assert first.answers["agents_in_12_months"] == "fewer than 3 agents"
    assert first.answers["platform_talent"] == "any"
    assert first.families == ("managed",)


def test_prose_and_flowchart_are_both_kept_where_they_differ() -> None:
    outcomes = load().framework.outcomes
    assert "engineering time" in str(outcomes["self_hosted"].prose)
    assert "noise" in str(outcomes["self_hosted"].flowchart)
    assert "before the flow" in str(outcomes["managed"].shown)


# -- broken files ------------------------------------------------------------------------------------------

Break = Callable[[dict[str, Any]], Any]


def set_at(*path: str | int, to: Any) -> Break:
    def change(content: dict[str, Any]) -> None:
        part: Any = content
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = to

    return change


def drop(*path: str | int) -> Break:
    def change(content: dict[str, Any]) -> None:
        part: Any = content
        for key in path[:-1]:
            part = part[key]
        del part[path[-1]]

    return change


def add(*path: str | int, item: Any) -> Break:
    def change(content: dict[str, Any]) -> None:
        part: Any = content
        for key in path:
            part = part[key]
        part.append(item)

    return change


def ask_at_the_same_point(content: dict[str, Any]) -> None:
    content["flow"][1]["when"] = {"agents_in_12_months": "fewer_than_3", "models": "claude_only", "load": "steady"}


def a_question_before_the_same_questions(content: dict[str, Any]) -> None:
    """The last two rows ask for the load first, and go on alike whatever it is."""
    *first, tokens, runtime = content["flow"]
    content["flow"] = first
    for load_said in ("bursty", "steady"):
        for row in (tokens, runtime):
            agents, talent, cost = row["when"].items()
            content["flow"].append({"when": dict((agents, talent, ("load", load_said), cost)), "outcome": row["outcome"]})


FIRST_ROW = {"agents_in_12_months": "fewer_than_3", "load": "bursty"}
EXTRA = {"label": "Five", "value": 5, "unit": "agents", "assumption": "For the test."}


def a_hole_between_classes(content: dict[str, Any]) -> None:
    content["thresholds"]["five"] = EXTRA
    content["questions"][0]["classes"][1]["from"] = "five"


def overlapping_classes(content: dict[str, Any]) -> None:
    content["thresholds"]["five"] = EXTRA
    content["questions"][0]["classes"][0]["below"] = "five"


BROKEN: dict[str, tuple[Break, str]] = {
    "row missing": (drop("flow", 0), "no row fits agents_in_12_months: fewer_than_3, load: bursty"),
    "rows overlap": (drop("flow", 1, "when", "models"), "rows 2 and 3 both fit"),
    "row twice": (add("flow", item={"when": dict(FIRST_ROW), "outcome": "managed"}), "rows 1 and 7 both fit"),
    "outcome without a row": (
        set_at("outcomes", "lost", to={"label": "Lost", "families": ["managed"], "text": "nowhere."}),
        "outcomes.lost: no combination of answers reaches it",
    ),
    "question that cannot matter": (set_at("flow", 5, "outcome", to="self_hosted"), "every answer leads to the same outcome"),
    "question before the same questions": (a_question_before_the_same_questions, "flow: load after agents_in_12_months: three_or_more"),
    "two questions at one point": (ask_at_the_same_point, "ask load and models at the same point"),
    "unknown answer in a row": (set_at("flow", 0, "when", "load", to="burst"), 'Did you mean "bursty"'),
    "unknown question in a row": (set_at("flow", 0, "when", to={"agents": "fewer_than_3"}), '"agents" is not a known question'),
    "unknown outcome in a row": (set_at("flow", 0, "outcome", to="manged"), 'Did you mean "managed"'),
    "hole between classes": (a_hole_between_classes, "no class takes numbers from 3 to 5"),
    "classes overlap": (overlapping_classes, '"fewer_than_3" and "three_or_more" overlap from 3 to 5'),
    "classes without a bound between": (drop("questions", 0, "classes", 1, "from"), '"fewer_than_3" and "three_or_more" overlap'),
    "no class for small numbers": (set_at("questions", 0, "classes", 0, "from", to="token_multiple"), "no class takes numbers below 10"),
    "no class for large numbers": (set_at("questions", 0, "classes", 1, "below", to="token_multiple"), "no class takes numbers from 10 on"),
    "class that holds nothing": (set_at("questions", 3, "classes", 1, "below", to="exit_moderate"), '"moderate" holds no number'),
    "value without a class": (set_at("questions", 4, "classes", 0, "is", to="steady"), 'two classes take "steady"'),
    "value that is never said": (set_at("questions", 4, "classes", 0, "is", to="spiky"), 'fleet.load never says "spiky"'),
    "blank that is no answer": (set_at("questions", 4, "blank", "answer", to="calm"), 'questions.load.blank.answer: "calm" is not a known answer'),
    "question nobody uses": (
        add("questions", item={
            "id": "watched", "name": "Watching", "text": "Watched?", "help": "-", "answered_by": "scenario", "reads": "constraints.observability",
            "source": "article",
            "classes": [{"id": "none", "label": "none", "is": "none"}, {"id": "mature", "label": "mature", "is": "mature"}],
        }),
        "questions.watched: nothing depends on the answer",
    ),
    "unknown quantity": (set_at("questions", 0, "reads", to="agentz"), 'questions.agents_in_12_months.reads: "agentz" is not a known quantity'),
    "unknown threshold": (set_at("questions", 0, "classes", 0, "below", to="persistent_agent"), 'Did you mean "persistent_agents"'),
    "needed threshold missing": (drop("thresholds", "clear_odds"), '"clear_odds" is not a known threshold, and the recommendation needs it'),
    "threshold without evidence": (drop("thresholds", "clear_odds", "assumption"), "thresholds.clear_odds: give either source or assumption"),
    "threshold that is text": (set_at("thresholds", "clear_odds", "value", to="high"), "thresholds.clear_odds.value"),
    "unknown source": (set_at("thresholds", "persistent_agents", "source", to="articel"), 'Did you mean "article"'),
    "unknown kind of gate": (set_at("gates", 0, "kind", to="model"), "is 'model', which is not one of"),
    "gate on an unknown limit": (set_at("gates", 8, "limit", to="sessions"), "gates.session_creation_rate.limit"),
    "gate on an unknown property": (set_at("gates", 4, "removes", to={"state": ["vendor"]}), '"state" is not a known property of an option'),
    "gate on an unknown value": (set_at("gates", 4, "when", 0, "is", to=["own_acount"]), 'Did you mean "own_account"'),
    "gate refused by an unknown word": (set_at("gates", 0, "refused_when_stated", 0, to="mixt"), 'Did you mean "mixed"'),
    "gate id twice": (set_at("gates", 1, "id", to="claude_models_only"), 'gates: the id "claude_models_only" stands twice'),
    "condition that compares nothing": (drop("signals", 0, "when", 0, "is"), "compares with nothing"),
    "condition that holds for no number": (
        set_at("signals", 0, "when", 1, "below", to="high_volume_hours"),
        "no number is from high_volume_hours and below high_volume_hours",
    ),
    "condition on an unknown exit class": (set_at("conditions", 0, "exit", to=["huge"]), "conditions.portable_loop_first.exit"),
    "half a difference": (drop("outcomes", "self_hosted", "prose"), "flowchart, prose and shown belong together"),
    "unknown family": (set_at("outcomes", "managed", "families", to=["rented"]), "outcomes.managed.families[0]"),
    "unknown key": (set_at("outcomes", "managed", "family", to="managed"), "outcomes.managed.family: unknown field"),
    "no flow": (set_at("flow", to=[]), "flow"),
}  # fmt: skip


def source() -> dict[str, Any]:
    content = yaml.safe_load((DATA / "framework.yaml").read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def loaded(content: dict[str, Any]) -> Framework:
    framework, problems = shaped(Framework, content, "framework.yaml")
    if framework is not None:
        problems = list(failing(dataclasses.replace(load(), framework=framework)))
    if problems or framework is None:
        raise BadInput(problems)
    return framework


def test_a_gate_on_models_that_no_option_hosts_is_told() -> None:
    catalog = load()
    without = {option_id: option for option_id, option in catalog.options.items() if option.hosts_models != "openai_only"}
    said = "gates.openai_models_only.hosts: no option hosts openai_only, so it removes nothing"
    assert any(said in problem for problem in failing(dataclasses.replace(catalog, options=without)))
    assert not any("so it removes nothing" in problem for problem in failing(catalog))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_framework_is_refused_with_a_sentence(name: str) -> None:
    change, words = BROKEN[name]
    content = source()
    change(content)
    with pytest.raises(BadInput) as refused:
        loaded(content)
    assert words in str(refused.value)
    assert all(problem.startswith("framework.yaml: ") for problem in refused.value.problems)


def test_the_file_itself_has_no_gap() -> None:
    assert gaps(load().framework) == ()


def test_a_question_and_a_threshold_are_added_in_yaml_alone() -> None:
    content = copy.deepcopy(source())
    content["thresholds"]["rich"] = {"label": "Expensive engineers", "value": 200_000, "unit": "USD per year", "assumption": "For the test."}
    content["questions"].append({
        "id": "pay", "name": "Pay", "text": "What does an engineer cost?", "help": "-", "answered_by": "scenario", "assumption": "For the test.",
        "reads": "team.engineer_cost_per_year",
        "classes": [{"id": "usual", "label": "usual", "below": "rich"}, {"id": "dear", "label": "over {rich}", "from": "rich"}],
    })  # fmt: skip
    last = content["flow"].pop()
    content["flow"] += [
        {"when": {**last["when"], "pay": "usual"}, "outcome": "managed_or_multica"},
        {"when": {**last["when"], "pay": "dear"}, "outcome": "managed"},
    ]
    catalog = dataclasses.replace(load(), framework=loaded(content))
    for cost, outcome in ((199_999, "managed_or_multica"), (200_000, "managed")):
        light = {"input": 10_000, "cache_read": 40_000, "cache_write_5m": 0, "output": 15_000}
        scenario = scenario_from(
            {"fleet": [{"agents": 3, "tokens_per_session": light}], "team": {"platform_talent": "bench", "engineer_cost_per_year": cost}}
        )
        assert verdict(Costs(inputs_of(scenario, catalog, DAY))).outcome_id == outcome


# -- answers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("agents", "answer"), [(0, "fewer_than_3"), (2, "fewer_than_3"), (3, "three_or_more"), (200, "three_or_more")])
def test_question_1_counts_the_fleet_in_12_months(agents: int, answer: str) -> None:
    found = judged(fleet=[{"agents": 1, "agents_in_12_months": agents}])
    assert found.answers["agents_in_12_months"].answer == answer
    assert found.path[0].answer == answer


def test_question_1_adds_the_groups_up() -> None:
    found = judged(fleet=[{"name": "a", "agents": 1}, {"name": "b", "agents": 2}])
    assert found.answers["agents_in_12_months"].value == 3


def test_question_2_is_token_cost_over_runtime_cost_on_the_managed_bill() -> None:
    # Sonnet 4.6 at 3/15: 100,000 in and 20,000 out an hour are 0.30 + 0.30 = 0.60 USD; one session-hour is 0.08; 0.60 / 0.08 = 7.5
    tokens = {"input": 100_000, "output": 20_000, "cache_read": 0, "cache_write_5m": 0, "cache_write_1h": 0}
    hour = {"agents": 3, "sessions_per_day": 1, "active_hours_per_session": 1, "model_mix": {"claude-sonnet-4-6": 1}, "tokens_per_session": tokens}
    found = judged(fleet=[hour])
    assert found.token_to_runtime_ratio == pytest.approx(7.5)
    assert found.answers["token_to_runtime"].answer == "runtime_heavy"


@pytest.mark.parametrize(("price", "answer"), [(0.0599, "token_dominated"), (0.06, "token_dominated"), (0.0601, "runtime_heavy")])
def test_question_2_says_token_dominated_from_exactly_ten_times(price: float, answer: str) -> None:
    tokens = {
        "input": 100_000,
        "output": 20_000,
        "cache_read": 0,
        "cache_write_5m": 0,
        "cache_write_1h": 0,
    }  # 0.60 USD, ten times a session-hour of 0.06
    hour = {"agents": 3, "active_hours_per_session": 1, "model_mix": {"claude-sonnet-4-6": 1}, "tokens_per_session": tokens}
    found = judged(fleet=[hour], overrides={"prices": {"managed-agents.session": price}})
    assert found.answers["token_to_runtime"].answer == answer


def test_question_2_without_runtime_is_token_dominated_and_the_ratio_is_no_number() -> None:
    found = judged(fleet=[{"agents": 3, "active_hours_per_session": 0, "tokens_per_session": {"output": 15_000}}])
    assert found.token_to_runtime_ratio is None
    assert found.answers["token_to_runtime"].answer == "token_dominated"


def test_question_2_without_sessions_is_assumed_and_says_so() -> None:
    answer = judged(fleet=[{"agents": 3, "sessions_per_day": 0}]).answers["token_to_runtime"]
    assert (answer.answer, answer.origin) == ("runtime_heavy", "assumed")
    assert "Nothing runs" in answer.why


def test_question_2_can_be_computed_for_a_mixed_fleet() -> None:
    mixed = judged(fleet=[{"agents": 3, "model_mix": {"claude-sonnet-5-5": 0.5, "gpt-5.5": 0.5}}])
    assert mixed.token_to_runtime_ratio is not None
    assert mixed.token_to_runtime_ratio > 0


@pytest.mark.parametrize(
    ("mix", "stated", "answer", "origin"),
    [
        (None, None, "claude_only", "assumed"),
        (None, "mixed", "mixed", "given"),
        ({"claude-sonnet-5-5": 1}, None, "claude_only", "given"),
        ({"claude-sonnet-5-5": 0.9, "gpt-5.5": 0.1}, None, "mixed", "given"),
        ({"claude-sonnet-5-5": 0.9, "gpt-5.5": 0.1}, "claude_only", "mixed", "given"),
        ({"claude-sonnet-5-5": 1, "gpt-5.5": 0}, None, "claude_only", "given"),
        ({"gpt-5.5": 1}, None, "mixed", "given"),
    ],
)
def test_question_3_hears_both_the_constraint_and_the_mix(mix: dict[str, float] | None, stated: str | None, answer: str, origin: str) -> None:
    found = judged(fleet=[{"agents": 3, "model_mix": mix}], constraints={"models": stated}).answers["models"]
    assert (found.answer, found.origin) == (answer, origin)


@pytest.mark.parametrize(("chance", "answer"), [(0.05, "low"), (0.2, "moderate"), (0.5, "high")])
def test_question_4_sets_expected_exit_against_a_year_of_what_differs(chance: float, answer: str) -> None:
    # one week is 194,315 / 52 = 3,736.83; 8 weeks = 29,894.62. A year besides tokens: 12 x (57.60 runtime + 0.05 x 194,315 / 12) = 10,406.95
    # 0.05 x 29,894.62 / 10,406.95 = 0.144; 0.2: 0.575; 0.5: 1.436. Classes end at 0.25 and 1.
    own = {"managed-agents": {"upkeep_fte": 0.05, "exit_weeks": 8}}
    team = {"engineer_cost_per_year": 194_315}
    found = judged(exit={"chance_of_leaving_in_horizon": chance}, team=team, overrides={"options": own}).answers["cost_to_get_out"]
    assert found.answer == answer
    assert found.value == pytest.approx(chance * 29_894.62 / 10_406.95, rel=1e-5)


def test_question_4_is_lower_with_a_portable_loop() -> None:
    # 1 + 1 + 2 + 1.5 + 0.5 + 1 + 4 agents ** 0.5 x 0.5 = 8 weeks; the orchestrator and half of the agents' week fall away: 5.5
    weeks = {"sandbox": 1, "orchestrator": 2, "session_state": 1.5, "credential_vault": 0.5, "observability": 1}
    people = {
        **{f"components.{component}.exit_weeks": value for component, value in weeks.items()},
        "fleet.exit_base_weeks": 1, "fleet.exit_weeks_per_agent": 0.5, "fleet.sharing_exponent": 0.5,
    }  # fmt: skip
    said = {"fleet": [{"name": "t", "agents": 4}], "overrides": {"people": people}}
    before = judged(exit={"chance_of_leaving_in_horizon": 0.5}, **said).answers["cost_to_get_out"].value
    after = judged(exit={"chance_of_leaving_in_horizon": 0.5, "portable_main_loop": True}, **said).answers["cost_to_get_out"].value
    assert isinstance(before, float)
    assert after == pytest.approx(5.5 / 8 * before)


def test_a_blank_load_or_talent_is_assumed_with_a_reason() -> None:
    found = judged().answers
    assert (found["load"].answer, found["load"].origin) == ("steady", "assumed")
    assert (found["platform_talent"].answer, found["platform_talent"].origin) == ("stretched", "assumed")
    assert found["platform_talent"].why


def test_the_load_of_a_fleet_is_the_one_most_active_hours_have() -> None:
    groups = [
        {"name": "a", "agents": 1, "load": "bursty", "active_hours_per_session": 2},
        {"name": "b", "agents": 1, "load": "steady", "active_hours_per_session": 1},
    ]
    assert judged(fleet=groups).answers["load"].answer == "bursty"
    groups[1]["agents"] = 3
    assert judged(fleet=groups).answers["load"].answer == "steady"


def test_an_answer_from_logs_is_measured() -> None:
    assert judged(fleet=[{"agents": {"measured": 4, "n": 30, "stderr": 0.2}}]).answers["agents_in_12_months"].origin == "measured"


BEFORE_MANAGED_AGENTS = dt.date(2026, 4, 1)  # the first row of managed-agents.session is of 2026-04-08


def test_a_bill_without_a_price_stops_the_walk_only_where_it_is_asked_for() -> None:
    assert judged(BEFORE_MANAGED_AGENTS, team={"platform_talent": "stretched"}).families == ("managed",)
    with pytest.raises(PriceMissing, match=r"managed-agents.session"):
        judged(BEFORE_MANAGED_AGENTS, team={"platform_talent": "bench"})


# -- gates -------------------------------------------------------------------------------------------------


def test_fifty_sessions_polled_every_two_seconds_are_1500_reads_a_minute() -> None:
    assert reads_per_minute(50, 2) == 1500


@pytest.mark.parametrize(
    ("day", "interval", "removed"),
    [(DAY, 2, True), (DAY, 2.5, False), (DAY, 3, False), (dt.date(2026, 6, 1), 3, True), (DAY, None, False)],
)
def test_polling_is_checked_against_the_limit_of_the_day(day: dt.date, interval: float | None, removed: bool) -> None:
    # 50 sessions: every 2 s 1,500; every 2.5 s 1,200, which is the limit itself; every 3 s 1,000, above the 600 of 2026-06-01
    found = judged(day, fleet=[{"agents": 50}], constraints={"poll_interval_seconds": interval})
    assert ("managed-agents" in removed_by(found, "polling_rate")) is removed
    if removed:
        hit = next(hit for hit in found.gates if hit.id == "polling_rate")
        assert "1,200" in hit.because or "600" in hit.because
        assert hit.source is not None
        assert hit.source.kind == "official"


@pytest.mark.parametrize(("sessions", "removed"), [(144, False), (145, True)])
def test_session_creation_is_checked_at_the_peak(sessions: int, removed: bool) -> None:
    # 1,000 agents x 144 sessions a day x 3 at the peak / 1,440 minutes = 300 a minute, the limit itself
    found = judged(fleet=[{"agents": 1000, "sessions_per_day": sessions, "active_hours_per_session": 0.1, "peak_to_average": 3}])
    assert ("managed-agents" in removed_by(found, "session_creation_rate")) is removed


@pytest.mark.parametrize(("hours", "removed"), [(8, False), (8.5, True)])
def test_a_session_may_not_be_longer_than_the_vendor_allows(hours: float, removed: bool) -> None:
    found = judged(fleet=[{"agents": 1, "active_hours_per_session": hours, "open_hours_per_session": 24}])
    assert ({"agentcore-v1", "agentcore-v2"} <= removed_by(found, "session_length")) is removed
    assert "managed-agents" not in removed_by(found, "session_length")  # none was published


def test_memory_cpu_and_concurrency_are_checked() -> None:
    found = judged(fleet=[{"agents": 6000, "sandbox": {"memory_gb": 8.5, "vcpu": 3}}])
    assert {"managed-agents", "agentcore-v1"} <= removed_by(found, "sandbox_memory")
    assert "agentcore-v1" in removed_by(found, "sandbox_cpu")
    assert "agentcore-v1" in removed_by(found, "concurrent_sessions")
    assert not removed_by(found, "sandbox_cpu") & {"managed-agents", "vps"}


MANAGED = {"managed-agents", "managed-agents-own-sandboxes", "managed-agents-own-service"}
OPENAIS = {"openai-containers", "openai-agents-api", "bedrock-managed-agents"}
GEMINIS = {"gemini-managed-agents"}


@pytest.mark.parametrize(
    ("mix", "stated", "gone"),
    [
        ({"claude-sonnet-5-5": 1}, None, OPENAIS | GEMINIS | {"gpu-node"}),
        ({"claude-sonnet-5-5": 1}, "claude_only", OPENAIS | GEMINIS | {"gpu-node"}),
        ({"claude-sonnet-5-5": 1}, "mixed", MANAGED | OPENAIS | GEMINIS),
        ({"claude-sonnet-5-5": 0.5, "gpt-5.5": 0.5}, None, MANAGED | OPENAIS | GEMINIS),
        ({"gpt-5.5": 1}, None, MANAGED | GEMINIS),
        ({"gpt-5.5": 1}, "mixed", MANAGED | GEMINIS),  # all of one maker, which its own containers and agents run
        ({"gemini-3.8-flash": 1}, None, MANAGED | OPENAIS),
        ({"gpt-5.5": 1}, "claude_only", MANAGED | GEMINIS),  # the mix counts, and a warning says so
    ],
)
def test_a_runtime_that_cannot_run_the_fleets_models_is_removed(mix: dict[str, float], stated: str | None, gone: set[str]) -> None:
    found = judged(fleet=[{"agents": 1, "model_mix": mix}], constraints={"models": stated})
    gates = ("claude_models_only", "openai_models_only", "google_models_only", "open_models_only")
    assert set().union(*(removed_by(found, gate) for gate in gates)) == gone


def test_the_models_gate_names_the_models() -> None:
    found = judged(fleet=[{"agents": 1, "model_mix": {"claude-sonnet-5-5": 0.5, "gpt-5.5": 0.5}}])
    hit = next(hit for hit in found.gates if hit.id == "claude_models_only")
    assert load().models["gpt-5.5"].name in hit.because


AT_HOME = {"managed-agents-own-service", "multica", "vps", "gpu-node"}
IN_AN_ACCOUNT = {
    "agentcore-v1", "agentcore-v2", "azure-foundry", "google-agent-runtime", "bedrock-managed-agents", "cloud-run", "fargate", "fargate-arm",
    "lambda-microvms",
}  # fmt: skip


@pytest.mark.parametrize(
    ("residency", "kept"),
    [
        ("own_account", AT_HOME | IN_AN_ACCOUNT),
        ("own_machines", AT_HOME),
        ("air_gapped", AT_HOME),
    ],
)
def test_residency_keeps_what_keeps_its_state_at_home(residency: str, kept: set[str]) -> None:
    found = judged(constraints={"data_residency": residency})
    gone = removed_by(found, "state_in_vendors_cloud") | removed_by(found, "state_in_own_account")
    assert set(load().options) - gone == kept


def test_an_air_gap_keeps_what_sends_no_prompt_out_and_rents_nothing() -> None:
    found = judged(constraints={"data_residency": "air_gapped"})
    assert set(load().options) - removed_by(found, "prompts_leave_air_gap") == {"gpu-node"}
    assert removed_by(found, "rented_in_air_gap") == {"gpu-node", "managed-agents-own-sandboxes", "managed-agents-own-service", "multica", "vps"}
    hit = next(hit for hit in found.gates if hit.id == "rented_in_air_gap" and "gpu-node" in hit.removes)
    assert "overrides.options.gpu-node.gpu_node_per_month and overrides.options.gpu-node.server" in hit.relax
    owned = {"gpu-node": {"gpu_node_per_month": 0, "server": {"price_month": 0, "vcpu": 64, "ram_gb": 256}}}
    assert not {option for hit in judged(constraints={"data_residency": "air_gapped"}, overrides={"options": owned}).gates
                for option in hit.removes if option == "gpu-node"}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({}, "mixed"),
        ({"constraints": {"models": "claude_only"}}, "claude_only"),
        ({"fleet": [{"model_mix": {"claude-sonnet-5-5": 1}}]}, "claude_only"),
    ],
)
def test_a_fleet_in_an_air_gap_needs_claude_only_where_the_team_says_so(said: dict[str, Any], answer: str) -> None:
    constraints = {**said.get("constraints", {}), "data_residency": "air_gapped"}
    found = judged(**{**said, "constraints": constraints})
    assert found.answers["models"].answer == answer
    assert (found.answers["models"].origin == "assumed") is (answer == "mixed")
    assert ("gpu-node" in removed_by(found, "open_models_only")) is (answer == "claude_only")


@pytest.mark.parametrize("residency", ["none", "vendor_region"])
def test_weaker_residency_removes_nothing(residency: str) -> None:
    found = judged(fleet=[{"active_hours_per_session": 4}], constraints={"data_residency": residency})
    assert {hit.id for hit in found.gates} == {"openai_models_only", "google_models_only", "open_models_only"}


def test_a_hosted_product_for_third_parties_needs_multicas_commercial_licence() -> None:
    assert removed_by(judged(constraints={"hosted_product_for_third_parties": True}), "commercial_licence") == {"multica"}
    assert not removed_by(judged(), "commercial_licence")


def test_every_gate_hit_says_why_and_what_to_relax() -> None:
    found = judged(
        fleet=[{"agents": 9000, "sessions_per_day": 100, "active_hours_per_session": 9, "sandbox": {"memory_gb": 99, "vcpu": 9}}],
        constraints={"models": "mixed", "data_residency": "air_gapped", "hosted_product_for_third_parties": True, "poll_interval_seconds": 1},
    )
    assert len({hit.id for hit in found.gates}) >= 10
    for hit in found.gates:
        assert "{" not in hit.because
        assert hit.because.endswith(".")
        assert hit.relax.endswith(".")
        assert (hit.source is None) != (hit.assumption is None)


# -- signals and warnings ----------------------------------------------------------------------------------


AROUND_THE_CLOCK = {"active_hours_per_session": 24, "load": "steady"}


@pytest.mark.parametrize(
    ("signal", "yes", "no"),
    [
        ("stable_high_volume", {"fleet": [{"agents": 10, **AROUND_THE_CLOCK}]}, {"fleet": [{"agents": 9, **AROUND_THE_CLOCK}]}),
        ("other_models", {"constraints": {"models": "mixed"}}, {"constraints": {"models": "claude_only"}}),
        ("air_gapped_data", {"constraints": {"data_residency": "air_gapped"}}, {"constraints": {"data_residency": "own_account"}}),
        ("mature_observability", {"constraints": {"observability": "mature"}}, {}),
        ("bursty_load", {"fleet": [{"agents": 3, "load": "bursty"}]}, {"fleet": [{"agents": 3, "load": "steady"}]}),
        ("high_stakes", {"fleet": [{"name": "a"}, {"name": "b", "stakes": "high"}]}, {"fleet": [{"stakes": "normal"}]}),
        ("long_tail", {"fleet": [{"name": f"g{i}", "agents": 1} for i in range(5)]}, {"fleet": [{"name": f"g{i}", "agents": 1} for i in range(4)]}),
        ("no_platform_team", {"team": {"platform_talent": "stretched"}}, {}),
    ],
)
def test_a_signal_shows_when_said_and_not_when_assumed(signal: str, yes: dict[str, Any], no: dict[str, Any]) -> None:
    assert signal in {found.id for found in judged(**yes).signals}
    assert signal not in {found.id for found in judged(**no).signals}


def test_a_contradiction_is_a_warning() -> None:
    said_claude = judged(fleet=[{"agents": 1, "model_mix": {"gpt-5.5": 1}}], constraints={"models": "claude_only"})
    assert "names models of other makers" in said_claude.warnings[0]
    said_mixed = judged(fleet=[{"agents": 1, "model_mix": {"claude-sonnet-5-5": 1}}], constraints={"models": "mixed"})
    assert "holds Claude only" in said_mixed.warnings[0]
    assert judged().warnings == ()
