"""Facts about the tree: the layout, the lock, the documented commands, and nothing of one particular machine in it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
TOP_LEVEL = {"app.py", "decision", "data", "tests", "requirements.txt", "README.md", "pyproject.toml", "CHANGELOG.md", "LICENSE", "Dockerfile"}
HIDDEN = {".ci", ".dockerignore", ".github", ".gitignore", ".pre-commit-config.yaml", ".streamlit"}
MADE_HERE = {"__pycache__", "build", "dist", "test-results", "secrets.toml"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
ON_A_FRESH_MACHINE = "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && "
START = ON_A_FRESH_MACHINE + ".venv/bin/streamlit run app.py"
TEST = ON_A_FRESH_MACHINE + ".venv/bin/python -m pytest"


def files() -> Iterator[Path]:
    """Every file of the project, generated ones left out."""
    waiting = [path for path in ROOT.iterdir() if path.name in TOP_LEVEL | HIDDEN]
    while waiting:
        path = waiting.pop()
        if path.name in MADE_HERE or path.suffix == ".egg-info":
            continue
        if path.is_dir():
            waiting.extend(path.iterdir())
        else:
            yield path


def text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="ignore")


def locked() -> dict[str, list[Requirement]]:
    """The lock by package name; a package has several lines where Pythons need different versions."""
    found: dict[str, list[Requirement]] = {}
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if bare := line.partition("#")[0].strip():
            requirement = Requirement(bare)
            found.setdefault(requirement.name, []).append(requirement)
    return found


def test_the_top_level_is_what_the_layout_names() -> None:
    if (ROOT / ".git").exists() and shutil.which("git"):
        tracked = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.splitlines()
        present = {path.split("/")[0] for path in tracked}
    else:
        present = {path.name for path in ROOT.iterdir()} - MADE_HERE
    assert {name for name in present if not name.startswith(".")} == TOP_LEVEL


def test_the_entry_is_short() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 40


def test_readme_has_the_two_commands_and_ci_runs_the_second() -> None:
    lines = README.splitlines()
    assert START in lines
    assert TEST in lines
    assert re.search(r"grep .*python3 -m venv .* -m pytest' README\.md", text(ROOT / ".ci" / "run"))


def documented_commands() -> list[str]:
    return sorted(set(re.findall(r"python -m decision ([a-z][a-z-]*)", README)))


def test_readme_shows_the_command_line() -> None:
    assert {"recommend", "bill", "breakeven", "flips", "framework", "prices", "claims", "schema", "check-data"} <= set(documented_commands())


@pytest.mark.parametrize("command", documented_commands())
def test_documented_commands_exist(command: str) -> None:
    answer = subprocess.run([sys.executable, "-m", "decision", command, "--help"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert f"python -m decision {command}" in answer.stdout


def test_paths_in_the_readme_exist() -> None:
    named = set(re.findall(r"(?<![\w./-])((?:data|decision|tests|\.ci|\.streamlit)/[\w./-]*\w)", README))
    assert named
    assert sorted(path for path in named if not (ROOT / path).exists() and not path.endswith("secrets.toml")) == []


def test_every_line_of_the_lock_is_one_exact_version() -> None:
    for requirements in locked().values():
        for requirement in requirements:
            assert [spec.operator for spec in requirement.specifier] == ["=="], str(requirement)
            assert requirement.url is None


@pytest.mark.parametrize("wanted", [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["test"]])
def test_the_lock_has_what_pyproject_asks_for(wanted: str) -> None:
    requirement = Requirement(wanted)
    assert requirement.name in locked(), f"requirements.txt is behind pyproject.toml: make it again with the command in its first lines ({wanted})"
    for found in locked()[requirement.name]:
        assert next(iter(found.specifier)).version in requirement.specifier


def test_nothing_of_this_machine_stands_in_a_file() -> None:
    homes = {Path.home(), ROOT, ROOT.parent} - {Path("/"), Path(tempfile.gettempdir())}
    assert homes
    path_of_this_machine = re.compile("|".join(rf"(?<![\w.-]){re.escape(str(home))}/" for home in homes))
    assert [path.name for path in files() if path_of_this_machine.search(text(path))] == []


def test_no_registry_is_named() -> None:
    option = re.compile(r'-{2}(extra.)?index.url\b|-{2}find.links\b|"resolved"\s*:')
    assert [path.name for path in files() if path != Path(__file__) and option.search(text(path))] == []
    assert "://" not in text(ROOT / "requirements.txt")


def test_the_image_copies_only_what_exists_and_is_not_ignored() -> None:
    allowed = {line[1:] for line in text(ROOT / ".dockerignore").splitlines() if line.startswith("!")}
    copied = [name for line in text(ROOT / "Dockerfile").splitlines() if line.startswith("COPY ") for name in line.split()[1:-1]]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists() or name not in allowed] == []
