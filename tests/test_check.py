"""Filed decisions read again: which conditions have come about, what that changes, and records that were tampered with."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from decision.__main__ import main
from decision.catalog import Catalog
from decision.errors import BadInput
from decision.loading import load
from decision.recommendation import recommend
from decision.recommendation.triggers import fired, months_later, triggers
from decision.report.filed import filed
from decision.report.formats import FORMATS
from decision.report.recorded import as_recorded, check, recorded
from decision.scenario import Scenario, inputs_of, read_scenario, ready_made, scenario_from

ROOT = Path(__file__).parents[1]
DAY = dt.date(2026, 11, 20)
NAME = "five-departmental-specialists"


def scenario(**said: Any) -> Scenario:
    return scenario_from({"as_of": DAY.isoformat(), "name": "Desk", "fleet": [{"name": "desk", "agents": 4}], **said})


def written(ending: str, said: Scenario) -> str:
    return FORMATS[ending].written(filed(inputs_of(said, load()))).decode()


def with_price(catalog: Catalog, price_id: str, price: float, day: dt.date) -> Catalog:
    """The catalog with a further row of a price."""
    series = catalog.prices[price_id]
    row = series.rows[-1].model_copy(update={"effective_from": day, "price": price})
    changed = series.model_copy(update={"rows": (*series.rows, row)})
    return dataclasses.replace(catalog, prices={**catalog.prices, price_id: changed})


@pytest.mark.parametrize("ending", ["md", "json"])
def test_a_record_is_read_back_as_it_was_filed(ending: str) -> None:
    said = scenario(name="`x` </details> ``` <b>")
    found = recorded(written(ending, said))
    expected = as_recorded(said, load(), DAY)
    assert found is not None
    assert (found.title, found.as_of, found.option, found.triggers) == (expected.title, expected.as_of, expected.option, expected.triggers)
    assert found.scenario == said
    assert dict(found.monthly) == pytest.approx(dict(expected.monthly))


def test_on_the_day_it_was_filed_nothing_has_come_about() -> None:
    for path in ready_made().values():
        said = as_recorded(read_scenario(path), load(), DAY)
        found = check(said, load(), said.as_of)
        assert found.stands
        assert [each.trigger.kind for each in found.fired] in ([], ["stale"])  # a price may be stale when it is filed
        assert not found.causes
        assert found.monthly["filed"] == pytest.approx(found.monthly["now"])


def test_each_condition_comes_about_when_what_it_says_is_so() -> None:
    found = recommend(inputs_of(scenario(), load()))
    conditions = triggers(found)
    assert {each.kind for each in conditions} == {"input", "cost", "price", "stale", "review"}
    for each in (each for each in conditions if each.kind == "input"):
        at = each.above if each.above is not None else each.below
        assert at is not None
        just = at * (1.001 if each.above is not None else 0.999)
        moved = recommend(found.inputs.vary({each.subject: just}))
        assert each in [one.trigger for one in fired(conditions, moved)]
        assert moved.ranking[0] != found.ranking[0]  # it is the cheapest that the condition is about
        short = at * (0.99 if each.above is not None else 1.01)
        assert each not in [one.trigger for one in fired(conditions, recommend(found.inputs.vary({each.subject: short})))]


def test_more_agents_than_a_decision_was_filed_for_come_about_with_the_scenario_as_it_is_now() -> None:
    said = as_recorded(scenario(), load(), DAY)
    assert not check(said, load(), DAY).fired
    grown = check(said, load(), DAY, scenario(fleet=[{"name": "desk", "agents": 40}]))
    assert "cost" in [each.trigger.kind for each in grown.fired]
    assert sum(grown.causes.values()) == pytest.approx((grown.monthly["now"] or 0) - (grown.monthly["then"] or 0))
    assert set(grown.causes) <= {"volume", "people", "machines"}


def test_a_changed_price_is_told_with_what_it_changes() -> None:
    said = as_recorded(scenario(), load(), DAY)
    later = DAY + dt.timedelta(days=10)
    found = check(said, with_price(load(), "managed-agents.session", 0.16, later), later)
    changed = [each for each in found.fired if each.trigger.kind == "price"]
    assert [each.trigger.subject for each in changed] == ["managed-agents.session"]
    assert changed[0].because == f"It is $0.16 since {later}."
    assert list(found.causes) == ["price"]
    assert found.causes["price"] == pytest.approx((found.monthly["now"] or 0) - (found.monthly["filed"] or 0))


def test_a_price_that_was_corrected_after_the_fact_is_told_apart_from_a_change() -> None:
    said = as_recorded(scenario(), load(), DAY)
    found = check(dataclasses.replace(said, monthly={option: value + 5 for option, value in said.monthly.items()}), load(), DAY)
    assert found.monthly["filed"] == pytest.approx((found.monthly["then"] or 0) + 5)
    assert not found.causes


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2026-08-31", 6, "2027-02-28"), ("2026-11-20", 6, "2027-05-20"), ("2027-08-31", 6, "2028-02-29"), ("2026-12-15", 12, "2027-12-15")],
)
def test_months_later_is_the_same_day_or_the_last_one(start: str, months: int, end: str) -> None:
    assert months_later(dt.date.fromisoformat(start), months) == dt.date.fromisoformat(end)


# -- records that cannot be read -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        {"triggers": [{"kind": "other", "words": "x"}]}, {"triggers": [7]}, {"triggers": 7}, {"as_of": "yesterday"}, {"as_of": 7}, {"monthly": [1]},
        {"monthly": {"vps": "much"}}, {"scenario": 7}, {"scenario": {"fleet": [{"agents": -1}]}}, {"option": 7},
    ],
)  # fmt: skip
def test_a_damaged_record_gets_a_sentence(damage: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = json.loads(written("json", scenario()))
    content["check"] |= damage
    file = tmp_path / "record.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    code = main(["check", str(file), "--on", "2026-11-21"])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert code == (2 if said.err else 1)
    if said.err:
        assert len(said.err) < 2000


@pytest.mark.parametrize("content", ["", "# Notes\n", "{", "[]", '{"format": "decision record"}', "decision record ```json\n{\n}\n```"])
def test_a_file_without_a_record_is_told_so(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "notes.md"
    file.write_text(content, encoding="utf-8")
    assert main(["check", str(file)]) == 2
    assert "holds no decision record" in capsys.readouterr().err


def test_a_day_before_it_was_filed_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", NAME, "--on", "2020-01-01"]) == 2
    assert "before the day it was filed" in capsys.readouterr().err


def test_a_record_is_never_evaluated() -> None:
    with pytest.raises(BadInput):
        recorded(json.dumps({"check": {"format": "agent runtime decision record 1"}, "x": "decision record"}))


# -- as a step of a pipeline ----------------------------------------------------------------------------


def steps() -> list[str]:
    """What the GitHub example of the README runs, without the installation."""
    examples = re.findall(r"```yaml\n(on:.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    content = yaml.safe_load(examples[0])
    return [step["run"] for step in content["jobs"]["decision"]["steps"] if "run" in step and "pip" not in step["run"]]


@pytest.mark.parametrize("day", ["2026-04-10", "today"])
def test_the_step_of_the_readme_passes_and_fails_in_a_repository(day: str, tmp_path: Path) -> None:
    """The very words of the README, in a sample repository; only the name of the program is that of this checkout."""
    today = dt.datetime.now().astimezone().date()
    said = scenario(as_of=today.isoformat() if day == "today" else day, consider=["managed-agents", "vps"])
    record = tmp_path / "docs" / "decisions" / "agents.md"
    record.parent.mkdir(parents=True)
    record.write_text(written("md", said), encoding="utf-8")
    summary = tmp_path / "summary.md"
    script = "\n".join(steps()).replace("agent-runtime-decision", f'"{sys.executable}" -m decision')
    environment = {**os.environ, "GITHUB_STEP_SUMMARY": str(summary), "PYTHONPATH": str(ROOT)}
    words = ["bash", "-eo", "pipefail", "-c", script]
    done = subprocess.run(words, check=False, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    found = check(as_recorded(said, load(), today), load(), today)
    assert done.returncode == int(bool(found.fired) or not found.stands), done.stderr
    assert day == "today" or done.returncode == 1  # its day of review has come
    assert "conditions to look again" in summary.read_text(encoding="utf-8")
