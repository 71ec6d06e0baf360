"""What .github/ tells newcomers is true: the files, tests and commands it names exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from decision.terminal.arguments import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / ".github/CONTRIBUTING.md").read_text(encoding="utf-8")
QUOTED = set(re.findall(r"`([^`\n]+)`", GUIDE))
BLOCKS = [line.split("#")[0].strip() for block in re.findall(r"```\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize(
    "path", sorted(q for q in QUOTED if re.fullmatch(r"\.?[\w./-]+/[\w.-]*", q) and not q.startswith((".venv", ".hypothesis", "test-results")))
)
def test_a_path_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("line", sorted(set(BLOCKS)))
def test_a_command_line_names_what_exists(line: str) -> None:
    words = shlex.split(line)
    assert words[0] == ".venv/bin/python"
    if words[2] == "decision":
        assert words[3] in COMMANDS
    elif words[2] == "pytest":
        assert all((ROOT / word).exists() for word in words if word.startswith("tests/"))
        if "-k" in words:
            file, part = next(ROOT / word for word in words if word.startswith("tests/")), words[words.index("-k") + 1]
            assert re.search(rf"def test_\w*{part}", file.read_text(encoding="utf-8"))
    else:
        assert (ROOT / words[2].replace(".", "/")).with_suffix(".py").exists()


def test_the_workflow_does_what_a_person_would() -> None:
    (job,) = yaml.safe_load((ROOT / ".github/workflows/checks.yml").read_text(encoding="utf-8"))["jobs"].values()
    assert job["steps"][-1] == {"run": ".ci/run"}


def test_the_hooks_are_steps_of_the_whole_check() -> None:
    whole = (ROOT / ".ci/run").read_text(encoding="utf-8")
    (repo,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    for hook in repo["hooks"]:
        assert hook["entry"].removesuffix(" .") in whole or hook["entry"] in whole


@pytest.mark.parametrize("form", ["price.yml", "case.yml"])
def test_an_issue_form_asks_for_something(form: str) -> None:
    content = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE" / form).read_text(encoding="utf-8"))
    assert content["name"]
    asked = [part for part in content["body"] if part["type"] != "markdown"]
    assert asked
    assert any(part.get("validations", {}).get("required") for part in asked)
