"""Explore, driven without a browser: what each section says for the scenario at hand, and what its widgets do."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from decision.analysis.breakeven import Basis, costs_by
from decision.analysis.information import information
from decision.analysis.levers import levers
from decision.analysis.outlook import outlook
from decision.analysis.tornado import tornado
from decision.loading import load
from decision.recommendation import recommend
from decision.scenario import Inputs, as_yaml, inputs_of, read_scenario, ready_made, scenario_from
from decision.scenario.link import link_code
from decision.words import cents, money, percent, rounded

pytestmark = pytest.mark.usefixtures("whole_page_runs")

UI = Path(__file__).parents[1] / "decision" / "ui"
DAY = dt.date(2026, 11, 20)
DESK: dict[str, Any] = {"as_of": DAY.isoformat(), "fleet": [{"agents": 3}]}
HOSTILE = "<script>alert(1)</script> $x$ **b** :red[r] <img src=x onerror=alert(2)>"
RAW = re.compile(r"(?<!\\)(<script|\$x|\*\*b|:red\[r|<img)")  # markup that a backslash does not disarm
SECTIONS = ("How sure", "What moves it", "What to find out", "Who wins where", "Break-even", "Levers", "Split", "Compare")

NO_TOKENS = dict.fromkeys(("input", "cache_read", "cache_write_5m", "cache_write_1h", "output"), 0)
# Servers are cheaper than the runtime of 200 agents around the clock, and dearer than that of bursts.
SPLIT: dict[str, Any] = {
    "as_of": DAY.isoformat(),
    "consider": ["managed-agents", "agentcore-v1", "vps"],
    "fleet": [
        {"name": "base", "agents": 200, "active_hours_per_session": 24, "tokens_per_session": NO_TOKENS},
        {"name": "burst", "agents": 50, "active_hours_per_session": 0.1, "peak_to_average": 100, "tokens_per_session": NO_TOKENS},
    ],
    "overrides": {
        "options": {
            "managed-agents": {"upkeep_fte": 0.05, "build_weeks": 2, "exit_weeks": 8},
            "vps": {"upkeep_fte": 0.1, "build_weeks": 6, "exit_weeks": 2},
        }
    },
}


def opened(section: str, said: dict[str, Any] | None = None, **chosen: Any) -> AppTest:
    """The page with a scenario, at a section, with some widgets already set."""
    page = AppTest.from_file(str(UI / "main.py"), default_timeout=120)
    page.query_params["s"] = link_code(scenario_from(said or DESK))
    page.context = {"theme": "light"}
    page.run()
    page.switch_page(str(UI / "explore" / "screen.py"))
    for name, value in {"explore_section": section, **chosen}.items():
        page.session_state[name] = value
    return page.run()


def inputs(said: dict[str, Any] | None = None) -> Inputs:
    return inputs_of(scenario_from(said or DESK), load())


def words(page: AppTest) -> str:
    """Everything to read, without markup."""
    assert not page.exception
    parts = [block.proto.body for block in page.get("html")] + [block.value for kind in (page.title, page.header, page.error) for block in kind]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", " ".join(parts)))).replace("\\", "")


def specs(page: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in page.get("vega_lite_chart")]


def box(page: AppTest, kind: str, label: str) -> Any:
    return next(widget for widget in getattr(page, kind) if widget.label == label)


def name_of(option_id: str) -> str:
    return load().option(option_id).short_name


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("preset", ["support-desk-30-days", "five-departmental-specialists"])
def test_every_section_opens_and_every_chart_has_a_sentence_titles_and_words_for_those_who_do_not_see_it(section: str, preset: str) -> None:
    page = AppTest.from_file(str(UI / "main.py"), default_timeout=120)
    page.query_params["s"] = link_code(read_scenario(ready_made()[preset]))
    page.context = {"theme": "dark"}
    page.run()
    page.switch_page(str(UI / "explore" / "screen.py"))
    page.session_state["explore_section"] = section
    page.run()
    assert not page.exception
    assert not page.error
    for chart in page.get("vega_lite_chart"):
        assert len(chart.proto.alt) > 40
        assert "@" not in chart.proto.spec
        assert re.search(r"dollars|draws|FTE|agents|weeks|hours|USD|tokens|share", chart.proto.spec)
    assert 'class="verdict"' in " ".join(block.proto.body for block in page.get("html"))


# -- how sure ----------------------------------------------------------------------------------------


def test_the_outlook_says_what_the_draws_say() -> None:
    page, answer = opened("How sure"), recommend(inputs())
    found = outlook(inputs(), answer.ranking, 4096, 1, answer.option)
    said = words(page)
    assert answer.option is not None
    assert f"cheapest in {percent(found.odds[answer.option])} of them" in said
    assert money(rounded(found.total[answer.option].median)) in said
    assert money(rounded(found.regret[answer.option])) in said
    assert f"4,096 draws of {len(found.varied)} ranges, seed 1" in said
    assert len(specs(page)) == 3


def test_seed_and_draws_are_chosen_and_shown() -> None:
    page = opened("How sure")
    box(page, "selectbox", "Draws").set_value(1024)
    box(page, "number_input", "Seed").set_value(7).run()
    assert "1,024 draws" in words(page)
    assert "seed 7" in words(page)
    found = outlook(inputs(), recommend(inputs()).ranking, 1024, 7, recommend(inputs()).option)
    assert money(rounded(found.total[found.reference].median)) in words(page)


def test_the_period_changes_the_bands() -> None:
    page = opened("How sure")
    box(page, "segmented_control", "Period").set_value("monthly").run()
    assert "bill of month 12" in page.get("vega_lite_chart")[0].proto.spec


def test_two_inputs_that_move_together_become_part_of_the_scenario() -> None:
    page = opened("How sure", fold_together=True)
    page.session_state["pair_a"], page.session_state["pair_b"], page.session_state["pair_rho"] = (
        "people.components.sandbox.upkeep_hours",
        "people.hosts.upkeep_hours",
        0.8,
    )
    next(button for button in page.button if button.label == "Let them move together").click().run()
    assert page.session_state.sheet.scenario.correlations == (("people.components.sandbox.upkeep_hours", "people.hosts.upkeep_hours", 0.8),)
    assert not page.exception
    slider = next(slider for slider in page.slider if "hours to keep" in slider.label)
    slider.set_value(-0.5).run()
    assert page.session_state.sheet.scenario.correlations[0][2] == -0.5
    next(button for button in page.button if button.label == "Remove").click().run()
    assert page.session_state.sheet.scenario.correlations == ()
    assert page.session_state.sheet.undo()
    assert page.session_state.sheet.scenario.correlations != ()


def test_correlations_that_cannot_hold_together_are_refused_in_words() -> None:
    a, b, c = (f"people.components.{part}.upkeep_hours" for part in ("sandbox", "orchestrator", "observability"))
    page = opened("How sure", {**DESK, "correlations": [[a, b, 0.9], [b, c, 0.4]]}, fold_together=True)
    page.session_state["pair_a"], page.session_state["pair_b"], page.session_state["pair_rho"] = a, c, -0.9
    next(button for button in page.button if button.label == "Let them move together").click().run()
    assert "cannot all hold at once" in words(page)
    assert len(page.session_state.sheet.scenario.correlations) == 2


def test_a_link_with_impossible_correlations_can_be_put_right_here() -> None:
    a, b, c = (f"options.{option_id}.upkeep_fte" for option_id in ("managed-agents", "vps", "multica"))
    page = opened("How sure", {**DESK, "correlations": [[a, b, 0.9], [b, c, 0.9], [a, c, -0.9]]})
    assert "cannot all hold at once" in words(page)
    page.button[0].click().run()
    assert not page.error
    assert len(specs(page)) == 3


# -- what moves it, what to find out -----------------------------------------------------------------


def test_the_tornado_compares_the_recommended_option_with_its_best_rival_unless_told() -> None:
    page, answer = opened("What moves it"), recommend(inputs())
    assert answer.option is not None
    rival = next(option_id for option_id in answer.ranking if option_id != answer.option)
    found = tornado(inputs(), answer.option, rival)
    assert found.swings[0].label in words(page)
    assert money(rounded(found.swings[0].width)) in words(page)
    last = answer.ranking[-1]
    box(page, "selectbox", "Against").set_value(last).run()
    assert money(rounded(abs(tornado(inputs(), answer.option, last).now))) in words(page)


def test_what_to_measure_first_is_said_in_a_sentence() -> None:
    page, answer = opened("What to find out"), recommend(inputs())
    found = information(inputs(), answer.ranking, 4096, 1)
    assert found.sentence in words(page)
    assert page.metric[0].value.replace("\\", "") == money(rounded(found.evpi))


def test_where_nothing_is_a_range_there_is_nothing_to_find_out() -> None:
    given: dict[str, Any] = {
        f"{option_id}": {"upkeep_fte": 0.1, "build_weeks": 2, "exit_weeks": 2, "ram_per_agent_gb": 1, "vcpu_per_agent": 0.1}
        for option_id in ("managed-agents", "vps")
    }
    said = {**DESK, "consider": ["managed-agents"], "overrides": {"options": given}}
    assert "the only option left" in words(opened("What to find out", said))
    assert "the only option left" in words(opened("Who wins where", said))


# -- who wins where ----------------------------------------------------------------------------------


def test_the_map_is_redrawn_as_a_third_input_moves() -> None:
    page = opened("Who wins where")
    before = words(page)
    third = box(page, "selectbox", "Also move")
    third.set_value("team.engineer_cost_per_year").run()
    slider = next(slider for slider in page.select_slider if slider.label.startswith("Engineer"))
    slider.set_value(slider.options[0] if isinstance(slider.options[0], float) else 0.0).run()
    assert not page.exception
    assert words(page) != before
    assert "with Engineer, fully loaded at" in words(page)


def test_scales_of_the_map_can_be_logarithmic() -> None:
    page = opened("Who wins where")
    box(page, "segmented_control", "Scale across").set_value("Logarithmic").run()
    fields = specs(page)[0]["layer"][0]["encoding"]
    assert fields["x"]["scale"]["type"] == "log"
    assert "type" not in fields["y"]["scale"]


# -- break-even --------------------------------------------------------------------------------------


def test_every_crossing_is_worded_at_whole_numbers_with_until_when_and_why() -> None:
    """The cheapest at 0 to 200 whole agents, found one by one, against what the page says."""
    page, answer = opened("Break-even", crossing_basis=Basis.RUNTIME), recommend(inputs())
    agents = np.arange(1.0, 201.0)
    costs = costs_by(inputs(), answer.ranking, "agents", agents, Basis.RUNTIME)
    cheapest = np.array([costs[option_id] for option_id in answer.ranking]).argmin(axis=0)
    changes = [int(agents[n + 1]) for n in np.flatnonzero(np.diff(cheapest))]
    said = words(page)
    starts = [int(found) for found in re.findall(r"From (\d+) agents?\b", said)]
    assert [start for start in starts if start > 1] == changes
    assert len(changes) > 8
    assert said.count(", until ") == len(starts) - 1
    assert re.search(r"where the second server of \w|where .* changes to \d+ servers? of the plan", said)
    assert "where a cost steps up" not in said


def test_any_driver_any_range_and_any_options_can_be_looked_at() -> None:
    page = opened("Break-even")
    box(page, "selectbox", "As this changes").set_value("team.engineer_cost_per_year").run()
    next(field for field in page.text_input if field.label.startswith("From and to")).set_value("10,000 to 300,000").run()
    box(page, "multiselect", "Options").set_value(["vps", "multica"]).run()
    assert not page.error
    assert "10,000" in words(page)
    box(page, "multiselect", "Options").set_value(["vps"]).run()
    assert "Choose two options or more" in words(page)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("200 to 1", "low"), ("12", "two ends"), ("many", "not a"), ("-5 to 10", "Narrow the range"), ("1 to 1e300", "Narrow the range")],
)
def test_a_range_that_cannot_be_used_is_explained(typed: str, said: str) -> None:
    page = opened("Break-even")
    next(field for field in page.text_input if field.label.startswith("From and to")).set_value(typed).run()
    assert not page.exception
    assert said in page.error[0].value.replace("\\", "")


# -- levers ------------------------------------------------------------------------------------------


def test_levers_combine_and_the_sum_is_not_the_naive_one() -> None:
    page, answer = opened("Levers"), recommend(inputs())
    assert answer.option is not None
    found = levers(inputs(), answer.ranking, None, answer.option)
    assert cents(found.combined.savings[answer.option].monthly) in words(page)
    assert cents(found.naive_sum[answer.option]) in words(page)
    pills = next(pills for pills in page.pills if pills.label == "Levers to combine")
    pills.set_value([]).run()
    assert "Choose a lever" in words(page)


def test_a_loop_that_runs_longer_costs_more() -> None:
    page = opened("Levers")
    before = [row["value"] for row in _rows(page, -1)]
    slider = next(slider for slider in page.select_slider if slider.label.startswith("Hours a loop"))
    slider.set_value(620.0).run()
    assert not page.exception
    assert f"loops for {620:,} hours" in words(page)
    assert len(before) >= 5


def _rows(page: AppTest, index: int) -> list[dict[str, Any]]:
    """The bars of a chart, from its data as they were sent."""
    import pyarrow as pa

    chart = page.get("vega_lite_chart")[index]
    data = next(part for part in chart.proto.datasets if part.name == "main")
    rows: list[dict[str, Any]] = pa.ipc.open_stream(data.data.data).read_all().to_pylist()
    return rows


# -- split -------------------------------------------------------------------------------------------


def test_a_split_is_shown_where_it_pays_and_one_sentence_where_not() -> None:
    page = opened("Split", SPLIT)
    assert "Split the 2 groups: base on VPS" in words(page)
    assert len(specs(page)) == 1
    bars = _rows(page, 0)
    parts = [bar["value"] - bar["start"] for bar in bars if bar["label"].startswith("of it")]
    assert sum(parts) == pytest.approx(next(bar["value"] for bar in bars if bar["label"].startswith("The split")))
    together = opened("Split", {**DESK, "fleet": [{"name": "one", "agents": 2}, {"name": "other", "agents": 3}]})
    assert "Keep the 2 groups together" in words(together)
    assert not specs(together)
    assert "nothing to split" in words(opened("Split"))


# -- compare -----------------------------------------------------------------------------------------


def test_the_bridge_to_another_day_adds_up_to_the_cent() -> None:
    page = opened("Compare", compare_with="day")
    next(iter(page.date_input)).set_value(dt.date(2026, 5, 1)).run()
    assert not page.exception
    bars = _rows(page, 0)
    steps = sum(round(bar["value"] - bar["start"], 2) for bar in bars[1:-1])
    assert round(bars[0]["value"] + steps, 2) == round(bars[-1]["value"], 2)
    assert "1 May 2026" in words(page)


def test_the_same_day_has_nothing_to_compare() -> None:
    page = opened("Compare", compare_with="day")
    next(iter(page.date_input)).set_value(DAY).run()
    assert "Choose another" in words(page)
    assert not specs(page)


def test_a_file_is_compared_and_not_opened() -> None:
    page = opened("Compare", compare_with="file")
    other = scenario_from({**DESK, "name": "Thirty agents", "fleet": [{"agents": 30}]})
    page.file_uploader[0].upload("thirty.yaml", as_yaml(other).encode(), "application/yaml").run()
    assert not page.error
    assert "Thirty agents" in words(page)
    assert len(specs(page)) == 1
    assert page.session_state.sheet.scenario.name != "Thirty agents"


def test_a_broken_file_is_explained() -> None:
    page = opened("Compare", compare_with="file")
    page.file_uploader[0].upload("broken.yaml", b"fleet: [{agents: many}]\n", "application/yaml").run()
    assert not page.exception
    assert page.error


# -- at the edges ------------------------------------------------------------------------------------


def test_where_no_option_is_left_the_split_and_the_comparison_still_work() -> None:
    said = {**DESK, "consider": ["managed-agents"], "constraints": {"data_residency": "air_gapped"}}
    page = opened("How sure", said)
    assert "None of these can" in words(page)
    assert page.pills[0].options == ["Split", "Compare"]
    assert not page.exception


@pytest.mark.parametrize("section", SECTIONS)
def test_what_a_person_typed_is_text_everywhere(section: str) -> None:
    said = {**SPLIT, "name": HOSTILE[:79], "fleet": [{**SPLIT["fleet"][0], "name": HOSTILE[:79]}, SPLIT["fleet"][1]]}
    page = opened(section, said)
    assert not page.exception
    shown = [str(element.proto) for kind in ("markdown", "alert", "title", "expander", "select_slider", "slider") for element in page.get(kind)]
    assert not RAW.search("\n".join(shown))
    assert not re.search(r"<(script|img)", " ".join(block.proto.body for block in page.get("html")))
