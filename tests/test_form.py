"""The form follows data/framework.yaml: what stands there is asked, and nothing has to be added in Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from decision.framework.measures import FIELDS
from decision.framework.proof import choices_of
from decision.ui.form.choices import CHOICES
from tests.changed_data import copied, run

SCRIPT = Path(__file__).parent / "scripts" / "further_questions.py"
STAKES, WORTH = "What happens when an agent fails?", "What is it worth to be live a week earlier?"


def test_every_choice_of_a_scenario_is_in_words() -> None:
    choices = {path: set(values) for path in FIELDS if (values := choices_of(path)) and path != "version" and True not in values}  # a yes is a tick
    assert {path: set(choice.words) for path, choice in CHOICES.items() if not path.startswith("team.components.")} == choices


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the page shows where framework.yaml asks two more questions, a choice and a number, on one of its branches."""
    folder = tmp_path_factory.mktemp("further_questions")
    path = copied(folder) / "framework.yaml"
    framework = yaml.safe_load(path.read_text(encoding="utf-8"))
    framework["thresholds"]["worth"] = {"label": "Worth", "value": 10_000, "unit": "USD per week", "assumption": "For a test."}
    framework["questions"] += [
        {
            "id": "stakes", "name": "Question 5", "text": STAKES, "help": "Think of the worst day.", "answered_by": "scenario",
            "reads": "fleet.stakes", "assumption": "For a test.", "blank": {"answer": "ordinary", "assumption": "Nobody said that it is expensive."},
            "classes": [{"id": "ordinary", "label": "ordinary stakes", "is": "normal"}, {"id": "high", "label": "high stakes", "is": "high"}],
        },
        {
            "id": "worth", "name": "Question 6", "text": WORTH, "help": "In dollars a week.", "answered_by": "scenario",
            "reads": "value_per_week_in_production", "unit": "USD per week", "assumption": "For a test.",
            "classes": [{"id": "little", "label": "little", "below": "worth"}, {"id": "much", "label": "much", "from": "worth"}],
        },
    ]  # fmt: skip
    row = {"agents_in_12_months": "fewer_than_3", "load": "steady", "models": "claude_only"}
    ends = [({"stakes": "ordinary"}, "managed"), ({"stakes": "high", "worth": "little"}, "managed_or_multica")]
    ends += [({"stakes": "high", "worth": "much"}, "managed")]
    framework["flow"] = [kept for kept in framework["flow"] if kept["when"] != row]
    framework["flow"] += [{"when": row | more, "outcome": outcome} for more, outcome in ends]
    path.write_text(yaml.safe_dump(framework, sort_keys=False), encoding="utf-8")
    pages: dict[str, Any] = run(folder, SCRIPT)
    return pages


def test_a_further_question_is_asked_in_its_words_and_in_its_place(pages: dict[str, Any]) -> None:
    first = pages["first"]
    assert [label for label in first["choices"] if "\u00a0" in label][-1] == f"5.\u00a0{STAKES}"
    assert f"**6.\u00a0{WORTH}**" in [heading.replace("\\", "") for heading in first["headings"]]


def test_what_a_question_asks_is_not_asked_again_in_a_folded_group(pages: dict[str, Any]) -> None:
    first = pages["first"]
    assert "What is at stake?" not in first["choices"]
    assert [label for label in first["numbers"] if "earlier launch" in label] == []
    assert sum(label.startswith("Value of a week") for label in first["numbers"]) == 1


def test_a_question_nobody_answered_is_assumed_and_can_be_answered_where_it_is_listed(pages: dict[str, Any]) -> None:
    assert "Not answered, so assumed: ordinary stakes." in pages["first"]["said"]
    assert "Nobody said that it is expensive." in pages["first"]["said"]
    assert pages["from_the_list"] == ["What is at stake?"]


def test_its_answer_reaches_the_scenario_and_the_way_walked(pages: dict[str, Any]) -> None:
    answered = pages["answered"]
    assert (answered["stakes"], answered["weekly"]) == ("high", 25_000)
    for question in (STAKES, WORTH):
        assert question in answered["said"]
    walked = answered["said"].split(STAKES)[1]
    assert "high stakes, your answer" in walked
    assert "much, your answer" in walked
    assert "high stakes, your answer" not in pages["first"]["said"]


def test_a_further_question_is_in_the_report_and_its_data(pages: dict[str, Any]) -> None:
    said = pages["commands"]
    assert said["framework"].startswith("The six questions")
    assert f"Question 5: {STAKES} (scenario)" in said["framework"]
    assert "ordinary stakes / high stakes" in said["framework"]
    assert [question["id"] for question in said["framework_json"]["questions"]][-2:] == ["stakes", "worth"]
    assert f"- {STAKES} ordinary stakes (assumed" in said["walked"]
    assert {"question": "stakes", "answer": "ordinary"} in said["walked_json"]["path"]
