"""The script behind the scheduled workflow: one branch and one pull request for each feed with news, in a repository and against a remote of its own.

GitHub itself is played by a `gh` that writes down what it was asked.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.changed_data import copied
from tests.feeds.kept_answers import ANSWERS, linode

ROOT = Path(__file__).parents[1]
GH = """#!/bin/sh
echo "$@" >> "$GH_SAID"
case "$1 $2" in
  "pr list") grep -q "^pr create --head $4 " "$GH_SAID" && echo 7 ;;
  "pr create") shift 7; cp "$1" "$GH_SAID.text" ;;
esac
exit 0
"""


class Repository:
    """A copy of the tool under git, with a remote and a gh of its own."""

    def __init__(self, folder: Path) -> None:
        self.here, self.remote, self.said = folder / "tool", folder / "remote.git", folder / "said"
        self.answers = Path(shutil.copytree(ANSWERS, folder / "answers"))
        self.here.mkdir()
        copied(self.here)
        (self.here / ".ci").mkdir()
        shutil.copy(ROOT / ".ci/prices", self.here / ".ci/prices")
        (self.here / ".gitignore").write_text("__pycache__\n", encoding="utf-8")
        (folder / "bin").mkdir()
        (folder / "bin/gh").write_text(GH, encoding="utf-8")
        (folder / "bin/gh").chmod(0o755)
        self.environment = {
            **os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "GH_SAID": str(self.said), "ANSWERS": str(self.answers),
            "PYTHON": sys.executable, "CHECK": f"{sys.executable} -m decision check-data", "GIT_CONFIG_GLOBAL": os.devnull,
        }  # fmt: skip
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "A")
        self.git("config", "user.email", "a@example.org")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "As it is")
        self.git("init", "-q", "--bare", str(self.remote))
        self.git("remote", "add", "origin", str(self.remote))

    def git(self, *words: str) -> str:
        return subprocess.run(["git", *words], cwd=self.here, env=self.environment, capture_output=True, text=True, check=True).stdout

    def run(self) -> tuple[int, str]:
        done = subprocess.run([".ci/prices"], cwd=self.here, env=self.environment, capture_output=True, text=True, check=False)
        assert not done.stderr, done.stderr
        return done.returncode, done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    found = Repository(tmp_path)
    for path in found.answers.iterdir():  # two feeds are enough; the others are down that day
        if path.stem not in ("linode", "ovh"):
            path.unlink()
    return found


def test_a_pull_request_for_each_feed_and_a_draft_where_somebody_has_to_look(repository: Repository) -> None:
    linode(repository.answers, g6_standard_1=24.5)
    code, out = repository.run()
    assert code == 1
    assert "unread: ecb, no saved answer ecb.answer (No such file or directory)" in out
    branches = repository.git("ls-remote", "--heads", "origin").split()[1::2]
    assert branches == ["refs/heads/bot/prices-linode", "refs/heads/bot/prices-ovh"]
    changed = repository.git("diff", "--name-only", "main", "bot/prices-linode").split()
    assert changed == ["data/feeds/linode.yaml", "data/prices/linode.yaml"]
    assert repository.git("diff", "--name-only", "main", "bot/prices-ovh").split() == ["data/feeds/ovh.yaml"]
    created = [line for line in repository.said.read_text(encoding="utf-8").splitlines() if line.startswith("pr create")]
    assert [("linode" in line, line.endswith("--draft")) for line in created] == [(True, True), (False, False)]
    text = Path(f"{repository.said}.text").read_text(encoding="utf-8")  # of the last one
    assert "6 confirmed, 0 changed" in text
    assert "Tests of the data: passed" in text

    repository.git("checkout", "-q", "main")
    repository.run()
    asked = repository.said.read_text(encoding="utf-8").splitlines()
    assert [line.split()[1] for line in asked if not line.startswith("pr list")] == ["create", "create", "edit", "edit"]


def test_nothing_new_is_no_pull_request(repository: Repository) -> None:
    repository.run()
    for feed in ("linode", "ovh"):
        repository.git("checkout", "-q", "main")
        repository.git("merge", "-q", f"bot/prices-{feed}", "-m", feed)
    repository.said.unlink()
    repository.run()
    assert not repository.said.exists()


def test_the_workflow_runs_the_script_and_may_write_no_more_than_it_must() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/prices.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "write", "pull-requests": "write"}
    (job,) = workflow["jobs"].values()
    assert job["steps"][-1]["run"] == ".ci/prices"
    assert "schedule" in workflow[True]  # YAML reads the key `on` so
