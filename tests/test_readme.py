"""Every figure in the README is what the tool prints today."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from decision.loading import load
from decision.recommendation import recommend
from decision.scenario import inputs_of, read_scenario
from decision.terminal.arguments import parser

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [tuple(found) for found in re.findall(r"```console\n\$ (python -m decision .*)\n((?s:.*?))```", README)]


def without_version(text: str) -> str:
    """The catalog's digest changes with every edit of data/, also with those that change no figure."""
    return re.sub(r" *catalog [0-9a-f]{12}", " catalog", text)


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_the_output_shown_is_the_output(command: str, shown: str) -> None:
    run = subprocess.run([sys.executable, *shlex.split(command)[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    lines, printed = without_version(shown).splitlines(), without_version(run.stdout).splitlines()
    if lines[-1] == "...":
        lines, printed = lines[:-1], printed[: len(lines) - 1]
    assert printed == lines


def test_there_are_outputs_to_compare() -> None:
    assert len(BLOCKS) >= 3


def test_the_scenario_shown_can_be_used() -> None:
    (text,) = [block for block in re.findall(r"```yaml\n((?s:.*?))```", README) if "fleet:" in block]
    answer = recommend(inputs_of(read_scenario("README.md", text), load()))
    assert answer.option is not None


def test_every_command_of_the_table_is_a_command_and_none_is_missing() -> None:
    (commands,) = [action.choices for action in parser()._actions if action.choices]
    shown = set(re.findall(r"`python -m decision ([a-z-]+)", README))
    assert shown == set(commands)
