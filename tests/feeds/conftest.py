"""Copies of the kept answers and of the data, that a test may change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from decision.catalog import DATA
from tests.feeds.kept_answers import ANSWERS


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """The kept answers, to be changed."""
    return Path(shutil.copytree(ANSWERS, tmp_path / "answers"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data, to be written to."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))
