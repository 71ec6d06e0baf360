"""The pages, driven without a browser: what is on screen, what a change does, and what happens to input that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from decision.analysis.breakeven import Crossing, at_whole_numbers
from decision.loading import load
from decision.recommendation import recommend
from decision.scenario import MOST_GROUPS, inputs_of, read_scenario, ready_made, scenario_from
from decision.scenario.link import link_code
from decision.ui.decide.breakeven import round_steps
from decision.ui.formats import escaped
from decision.words import money
from tests.page_driver import title

pytestmark = pytest.mark.usefixtures("whole_page_runs")

SCRIPT = Path(__file__).parents[1] / "decision" / "ui" / "main.py"
FIRST = "support-desk-30-days"
FOLDS = ("work_0", "tokens_0", "team", "constraints", "exit", "options", "assumed")
HOSTILE = "<script>alert(1)</script> $x$ **b** [l](javascript:alert(1)) :red[r] <img src=x onerror=alert(2)>"
RAW = re.compile(r"(?<!\\)(<script|\$x|\*\*b|:red\[r|<img)")  # markup that a backslash does not disarm


def opened(link: str = "", folds: tuple[str, ...] = (), **context: str) -> AppTest:
    """The first page after its first run."""
    page = AppTest.from_file(str(SCRIPT), default_timeout=60)
    if link:
        page.query_params["s"] = link
    for name in folds:
        page.session_state[f"fold_{name}"] = True
    page.context = context or {"theme": "light"}
    return page.run()


def field(page: AppTest, label: str) -> Any:
    return next(box for box in page.text_input if box.label.replace("\\", "") == label)


def texts(page: AppTest) -> str:
    """Everything readable on the page, markup included."""
    return "\n".join(str(element.proto) for kind in ("html", "markdown", "alert", "title", "expander") for element in page.get(kind))


def scenario(page: AppTest) -> Any:
    return page.session_state.sheet.scenario


@pytest.fixture
def page() -> Iterator[AppTest]:
    page = opened()
    yield page
    assert not page.exception


def test_the_answer_is_there_before_anything_is_typed(page: AppTest) -> None:
    expected = recommend(inputs_of(read_scenario(ready_made()[FIRST]), load()))
    assert expected.recommended is not None
    assert title(page) == f"{expected.recommended.name}, {money(expected.recommended.monthly or 0)} a month"
    assert expected.because.split(".")[0] in texts(page).replace("&#x27;", "'")


@pytest.mark.parametrize("name", ready_made())
def test_every_example_opens_and_answers(name: str) -> None:
    ready = read_scenario(ready_made()[name])
    page = opened(link_code(ready), FOLDS)
    assert not page.exception
    expected = recommend(inputs_of(ready, load())).recommended
    assert expected is not None
    assert title(page).startswith(expected.name)


def test_an_example_chosen_replaces_the_answers_after_asking(page: AppTest) -> None:
    field(page, "Now").set_value("7").run()
    page.selectbox[0].set_value("monitoring").run()
    assert scenario(page).fleet[0].agents.likely == 7
    page.button(key="keep").click().run()
    assert scenario(page).fleet[0].agents.likely == 7
    page.selectbox[0].set_value("monitoring").run()
    page.button(key="replace").click().run()
    assert scenario(page) == read_scenario(ready_made()["monitoring"])
    page.button(key="undo").click().run()
    assert scenario(page).fleet[0].agents.likely == 7


def test_an_answer_changes_the_bill_and_undo_takes_it_back(page: AppTest) -> None:
    before = title(page)
    field(page, "Now").set_value("40").run()
    assert scenario(page).fleet[0].agents.likely == 40
    assert title(page) != before
    page.button(key="undo").click().run()
    assert title(page) == before
    assert field(page, "Now").value == "1"


def test_a_range_can_be_typed_or_switched_to(page: AppTest) -> None:
    field(page, "Now").set_value("2 to 8").run()
    amount = scenario(page).fleet[0].agents
    assert (amount.low, amount.likely, amount.high) == (2, 5, 8)
    field(page, "Likely").set_value("3").run()
    assert scenario(page).fleet[0].agents.likely == 3
    next(b for b in page.button if b.label == "I know it").click().run()
    assert not scenario(page).fleet[0].agents.is_range
    next(b for b in page.button if b.label == "Somewhere between").click().run()
    field(page, "High").set_value("12,000").run()
    assert scenario(page).fleet[0].agents.high == 12_000


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("12,5", "A comma separates thousands"),
        ("many", "is not a number"),
        ("-3", "at least 0"),
        ("8 to 2", "reversed"),
        ("1e400", "finite"),
        ("5e9", "at most"),
    ],
)
def test_what_cannot_be_used_stays_with_a_sentence(page: AppTest, typed: str, words: str) -> None:
    field(page, "Now").set_value(typed).run()
    assert scenario(page).fleet[0].agents.likely == 1
    assert field(page, "Now").value == typed
    problems = [m.value.replace("\\", "") for m in page.markdown if m.value.startswith(":red[")]
    assert any(words in problem for problem in problems), problems
    page.get("button")  # other answers still work while it waits
    field(page, "In 12 months").set_value("9").run()
    assert scenario(page).fleet[0].agents_in_12_months.likely == 9
    assert field(page, "Now").value == typed


def test_the_switch_for_a_spare_server_shows_what_high_stakes_do() -> None:
    said = {"fleet": [{"agents": 3, "stakes": "high"}], "consider": ["vps", "multica"]}
    page = opened(link_code(scenario_from(said)), ("options",))
    switch = next(toggle for toggle in page.toggle if toggle.label == "One server more, in case one fails")
    assert switch.value is True
    assert "Counted by itself" in texts(page)
    switch.set_value(False).run()
    assert scenario(page).overrides.of("vps").redundant is False
    assert next(toggle for toggle in page.toggle if toggle.label == switch.label).value is False
    assert "Counted by itself" not in texts(page)
    assert not page.exception


def test_what_waits_for_correction_survives_a_reload(page: AppTest) -> None:
    field(page, "Now").set_value("12,5").run()
    again = AppTest.from_file(str(SCRIPT), default_timeout=60)
    again.query_params["s"] = link_code(scenario(page))
    again.query_params["waiting"] = page.session_state.sheet.waiting()
    again.run()
    assert field(again, "Now").value == "12,5"
    assert scenario(again).fleet[0].agents.likely == 1


@pytest.mark.parametrize(
    "waiting", ["x", "W10", "AAAA", "W1tdXQ", "W1tbImZsZWV0Iiw5LCJhIl0sIjMiXV0", "W1tbIm5hbWUiLCJ4Il0sIjMiXV0", "W1tbImZsZWV0Il0sIjMiXV0"]
)
def test_an_altered_address_does_no_harm(waiting: str) -> None:
    page = AppTest.from_file(str(SCRIPT), default_timeout=60)
    page.query_params["s"] = link_code(read_scenario(ready_made()[FIRST]))
    page.query_params["waiting"] = waiting
    page.run()
    assert not page.exception
    assert scenario(page) == read_scenario(ready_made()[FIRST])


def test_a_blank_takes_the_estimate_again(page: AppTest) -> None:
    field(page, "Now").set_value("").run()
    assert scenario(page).fleet[0].agents is None
    assert "assumed" in field(page, "Now").placeholder


def test_each_question_changes_what_it_should() -> None:
    base = {"name": "x", "as_of": "2026-11-20", "fleet": [{"agents": 20, "load": "steady"}]}
    page = opened(link_code(scenario_from(base)))
    path = [step.answer for step in recommend(page.session_state.sheet.inputs).verdict.path]
    assert path == ["three_or_more", "stretched"]
    control = next(c for c in page.get("button_group") if "engineers free" in c.label)
    control.set_value("bench").run()
    assert [step.answer for step in recommend(page.session_state.sheet.inputs).verdict.path][:2] == ["three_or_more", "bench"]
    control = next(c for c in page.get("button_group") if "several makers" in c.label)
    control.set_value("mixed").run()
    assert scenario(page).constraints.models == "mixed"
    assert "Ruled out" in texts(page)


def test_groups_are_added_and_removed_with_undo(page: AppTest) -> None:
    page.button(key="add_group").click().run()
    assert [group.name for group in scenario(page).fleet] == ["support", "group 2"]
    page.session_state["fold_work_1"] = True
    page.run()
    next(b for b in page.button if b.label.startswith("Remove group")).click().run()
    assert [group.name for group in scenario(page).fleet] == ["support"]
    page.button(key="undo").click().run()
    assert [group.name for group in scenario(page).fleet] == ["support", "group 2"]


def test_a_fleet_of_the_most_groups_takes_no_more() -> None:
    page = opened(link_code(scenario_from({"as_of": "2026-11-20", "fleet": [{"name": f"group {n}", "agents": 1} for n in range(MOST_GROUPS - 1)]})))
    assert not page.button(key="add_group").disabled
    page.button(key="add_group").click().run()
    assert len(scenario(page).fleet) == MOST_GROUPS
    assert page.button(key="add_group").disabled
    assert "at most 50 groups" in page.button(key="add_group").help
    page.session_state.sheet.add_group()  # a click that was on its way already
    assert not page.run().exception
    assert len(scenario(page).fleet) == MOST_GROUPS


def test_a_broken_link_says_so_and_shows_an_answer() -> None:
    page = opened("1thisisnolink")
    assert not page.exception
    assert "This link cannot be opened" in page.error[0].value.replace("\\", "")
    assert title(page)


def test_what_a_person_typed_is_never_markup() -> None:
    content = {"name": HOSTILE[:80], "as_of": "2026-11-20", "fleet": [{"name": HOSTILE[:40], "agents": 3}, {"name": HOSTILE[41:100], "agents": 2}]}
    page = opened(link_code(scenario_from(content)), FOLDS)
    assert not page.exception
    for block in page.get("html"):
        assert "<script" not in block.proto.body
        assert "<img" not in block.proto.body
    for element in (*page.markdown, *page.title, *page.error, *page.warning, *page.info):
        assert not RAW.search(element.value)
    for widget in (*page.text_input, *page.expander, *page.button, *page.get("button_group")):
        assert not RAW.search(widget.label)


def test_every_assumption_is_one_click_from_its_answer() -> None:
    page = opened(folds=("assumed",))
    page.button(key="answer_people.components.sandbox.upkeep_hours").click().run()
    field(page, "Sandbox, hours to keep").set_value("8").run()
    assert scenario(page).overrides.people["components.sandbox.upkeep_hours"].likely == 8


def answer_buttons(page: AppTest) -> list[str]:
    return [button.key for button in page.button if (button.key or "").startswith("answer_")]


def test_every_assumption_that_a_scenario_can_say_has_its_answer_beside_it() -> None:
    content = {"name": "x", "as_of": "2026-11-20", "fleet": [{"name": "a", "agents": 20}, {"name": "b", "agents": 3}]}
    page = opened(link_code(scenario_from(content)), FOLDS)  # every fold open: each field stands on the page twice
    assumed = recommend(page.session_state.sheet.inputs).assumed
    assert set(answer_buttons(page)) == {f"answer_{line.path}" for line in assumed if not line.path.startswith("general.")}
    for line in assumed:
        if not line.path.startswith("general."):
            page.button(key=f"answer_{line.path}").click().run()
            assert not page.exception, line.path
            assert f"answer_{line.path}" not in answer_buttons(page)


def test_a_question_is_answered_in_the_list_and_in_the_form_at_once() -> None:
    page = opened(link_code(scenario_from({"name": "x", "as_of": "2026-11-20", "fleet": [{"agents": 20}]})), FOLDS)
    page.button(key="answer_team.platform_talent").click().run()
    next(c for c in page.get("button_group") if c.label == "Platform engineers free").set_value("bench").run()
    assert scenario(page).team.platform_talent == "bench"
    assert next(c for c in page.get("button_group") if "engineers free to build" in c.label).value == "bench"
    page.button(key="answer_fleet.agents.days_per_month").click().run()
    in_list = [box for box in page.text_input if box.key.startswith("fleet.0.days_per_month:assumed")]
    in_list[0].set_value("22").run()
    assert scenario(page).fleet[0].days_per_month.likely == 22
    assert next(box for box in page.text_input if box.key.startswith("fleet.0.days_per_month@")).value == "22"
    page.button(key="answer_fleet.agents.model_mix.claude-sonnet-5-5").click().run()
    next(box for box in page.multiselect if box.key.startswith("fleet.0.model_mix:assumed")).set_value(["claude-opus-5"]).run()
    assert set(scenario(page).fleet[0].model_mix) == {"claude-opus-5"}
    assert not page.exception


def test_what_alone_could_change_the_answer_stands_first_among_the_assumed() -> None:
    runs = dict.fromkeys(("sandbox", "orchestrator", "session_state", "credential_vault", "observability"), "runs")
    page = opened(link_code(scenario_from({"fleet": [{"agents": 800}], "team": {"components": runs}})), ("assumed",))
    flips = recommend(page.session_state.sheet.inputs).flips
    decisive = {f"answer_{flip.driver}" for flip in flips if flip.is_likely} & set(answer_buttons(page))
    assert decisive
    assert set(answer_buttons(page)[: len(decisive)]) == decisive


def of_option(page: AppTest, option_id: str) -> AppTest:
    """The page with an option chosen in the group about options."""
    return page.selectbox(key="known_better").set_value(option_id).run()


def test_a_server_of_the_team_s_own_counts_once_it_is_complete() -> None:
    page = of_option(opened(link_code(scenario_from({"name": "x", "as_of": "2026-11-20", "fleet": [{"agents": 3}]})), ("options",)), "vps")
    field(page, "USD a month").set_value("60").run()
    field(page, "vCPU").set_value("4").run()
    assert "vps" not in scenario(page).overrides.options
    assert "needs all three" in texts(page)
    assert field(page, "USD a month").value == "60"
    field(page, "Memory, GB").set_value("8").run()
    server = scenario(page).overrides.options["vps"].server
    assert (server.price_month.likely, server.vcpu.likely, server.ram_gb.likely) == (60, 4, 8)
    assert "own server" in str(recommend(page.session_state.sheet.inputs).result("vps").costed.bill.items)
    for label in ("USD a month", "vCPU", "Memory, GB"):
        field(page, label).set_value("").run()
    assert scenario(page).overrides.options == {}
    assert not page.exception


def test_providers_spare_servers_and_bought_components_are_asked_where_they_count() -> None:
    page = of_option(opened(link_code(scenario_from({"name": "x", "as_of": "2026-11-20", "fleet": [{"agents": 30}]})), ("options",)), "multica")
    next(box for box in page.multiselect if box.label == "Server providers").set_value(["Hetzner Cloud"]).run()
    next(box for box in page.multiselect if box.label.startswith("Bought")).set_value(["hcp-vault-small"]).run()
    next(box for box in page.toggle if box.label.startswith("One server more")).set_value(True).run()
    said = scenario(page).overrides.options["multica"]
    assert (said.providers, said.buys, said.redundant) == (("Hetzner Cloud",), ("hcp-vault-small",), True)
    assert "Hetzner" in texts(of_lines(page, "multica"))
    of_option(page, "managed-agents")
    assert not any(box.label in ("Server providers", "Bought as a service instead of built") for box in page.multiselect)
    assert not page.exception


def of_lines(page: AppTest, option_id: str) -> AppTest:
    """The page with the bill of one option."""
    return next(box for box in page.selectbox if box.label.startswith("Every line")).set_value(option_id).run()


def test_a_share_of_a_model_may_be_a_range_and_the_other_follows() -> None:
    page = opened(folds=("tokens_0",))
    next(box for box in page.multiselect if box.label == "Models").set_value(["claude-opus-5", "claude-haiku-5-5"]).run()
    field(page, "Share of Claude Opus 5, per cent").set_value("20 to 40").run()
    opus, haiku = (scenario(page).fleet[0].model_mix[model] for model in ("claude-opus-5", "claude-haiku-5-5"))
    assert (opus.low, opus.likely, opus.high) == (0.2, 0.3, 0.4)
    assert (haiku.low, haiku.likely, haiku.high) == (0.6, 0.7, 0.8)
    assert field(page, "Share of Claude Haiku 5.5, per cent").value == "60 % to 80 %"
    field(page, "Share of Claude Haiku 5.5, per cent").set_value("0.9").run()
    assert scenario(page).fleet[0].model_mix["claude-opus-5"].likely == 0.1
    assert not page.exception


def test_the_bars_without_people_leave_upkeep_out(page: AppTest) -> None:
    control = next(c for c in page.get("button_group") if c.label == "What the bars show")
    control.set_value("machines").run()
    chart = next(c for c in page.get("vega_lite_chart") if "without people" in c.proto.alt)
    rows = pa.ipc.open_stream(next(data.data.data for data in chart.proto.datasets if data.name == "main")).read_all().to_pydict()
    assert "runtime" in rows["category"]
    assert "upkeep" not in rows["category"]
    assert "left out here" in texts(page)


def test_a_day_before_any_price_says_so_and_offers_today() -> None:
    page = opened(link_code(scenario_from({"name": "x", "as_of": "2024-01-01", "fleet": [{"agents": 3}]})))
    assert not page.exception
    assert title(page).startswith("No recommendation")
    assert "no price on 2024-01-01" in page.error[0].value.replace("\\", "")
    page.button(key="todays_prices").click().run()
    assert title(page).endswith("a month")
    assert scenario(page).as_of is None


def test_charts_keep_their_alt_text_so_that_the_browser_redraws_instead_of_rebuilding(page: AppTest) -> None:
    before = [(chart.proto.spec, chart.proto.alt) for chart in page.get("vega_lite_chart")]
    field(page, "Now").set_value("2").run()
    assert [(chart.proto.spec, chart.proto.alt) for chart in page.get("vega_lite_chart")] == before


def test_crossings_between_two_whole_numbers_are_one_or_none() -> None:
    a, b, back = Crossing(190.3, "a", "b", False, 1.0), Crossing(191.4, "b", "a", True, 2.0), Crossing(191.6, "a", "b", False, 3.0)
    assert at_whole_numbers((a, b, back)) == (a,)
    found = at_whole_numbers((Crossing(5.2, "a", "b", False, 1.0), Crossing(5.7, "b", "c", False, 2.0)))
    assert [(crossing.before, crossing.after, crossing.first_whole) for crossing in found] == [("a", "c", 6)]


def test_charts_carry_words_for_those_who_do_not_see_them(page: AppTest) -> None:
    figures = page.get("vega_lite_chart") or page.get("arrow_vega_lite_chart")
    assert len(figures) == 2
    assert all("Managed Agents" in str(figure.proto) for figure in figures)


def test_the_dark_theme_draws_with_its_own_palette() -> None:
    page = opened(theme="dark")
    assert not page.exception
    assert "#eef2f8" in str(page.get("vega_lite_chart")[0].proto.spec)


def test_escaped_words_mean_nothing_to_markdown() -> None:
    assert escaped("$5 *and* [x](y) <b>") == r"\$5 \*and\* \[x\]\(y\) \<b\>"


@pytest.mark.parametrize(
    ("low", "high", "first", "last", "count"), [(2.478, 250.3, 25, 250, 10), (0.01, 24, 5, 20, 4), (0, 10, 0, 10, 11), (0.1, 1.0, 0.1, 1.0, 10)]
)
def test_tables_go_by_round_numbers(low: float, high: float, first: float, last: float, count: int) -> None:
    steps = round_steps(low, high)
    assert (steps[0], steps[-1], len(steps)) == (first, last, count)
