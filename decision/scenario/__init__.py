"""What a team says: a scenario file, checked, with its blanks filled from the estimates.

    scenario = read_scenario("support-desk.yaml")
    inputs = inputs_of(scenario, catalog)

Unknown fields, impossible numbers and unknown ids are refused with one sentence each.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from decision import strict_yaml
from decision.errors import BadInput, sentences, shown
from decision.places import DATA
from decision.scenario import paths as paths
from decision.scenario.bounds import LARGEST_FILE, MOST_VALUES, check_bounds
from decision.scenario.facts import Fact
from decision.scenario.inputs import Inputs, inputs_of
from decision.scenario.model import DEFAULT_OPTIONS, KNOWN_FIELDS, MOST_GROUPS, Group, OptionOverrides, Overrides, Scenario
from decision.scenario.people import BEYOND_COMPONENTS, ENGINEER_COST
from decision.scenario.quantity import Amount, Spec

__all__ = [
    "BEYOND_COMPONENTS", "DEFAULT_OPTIONS", "ENGINEER_COST", "LARGEST_FILE", "MOST_GROUPS",
    "Amount", "Fact", "Group", "Inputs", "OptionOverrides", "Overrides", "Scenario", "Spec",
    "as_yaml", "inputs_of", "read_scenario", "ready_made", "scenario_from", "schema",
]  # fmt: skip


def read_scenario(path: Path | str, text: str | bytes | None = None) -> Scenario:
    """The scenario in a YAML file (or in `text`). Raises BadInput with one sentence per problem."""
    name = shown(Path(path).name if text is None else path)
    return scenario_from(strict_yaml.read(path, text, LARGEST_FILE, MOST_VALUES), name)


def scenario_from(content: Any, name: str = "scenario") -> Scenario:
    """The scenario in plain data. Raises BadInput with one sentence per problem."""
    if not isinstance(content, dict):
        raise BadInput(f"{name}: a scenario is keys with values, and this file holds none. Start it with fleet:.")
    check_bounds(content, name)
    if content.get("version", 1) != 1 or isinstance(content.get("version"), bool):
        raise BadInput(f"{name}: version is {shown(content['version'], 40)}; this tool reads version 1. Set version: 1.")
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        raise BadInput(sentences(error, name, KNOWN_FIELDS)) from None


def plain(scenario: Scenario) -> dict[str, Any]:
    """Only what was said: the scenario as plain data without defaults. `scenario_from` gives it back."""
    return {"version": 1, **scenario.model_dump(mode="json", exclude_defaults=True)}


def as_yaml(scenario: Scenario) -> str:
    """The scenario as a file that `read_scenario` takes."""
    content = plain(scenario)
    if scenario.as_of:
        content["as_of"] = scenario.as_of
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)


def schema() -> dict[str, Any]:
    """JSON Schema of the scenario file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}


def ready_made(folder: Path = DATA) -> dict[str, Path]:
    """The ready-made scenarios of a folder of data, by name."""
    return {path.stem: path for path in sorted((folder / "scenarios").glob("*.yaml"))}
