"""Shared by all tests: the catalog as it is in data/, how long hypothesis searches, and how the tests are dealt out to processes."""

import os
from typing import Any

import pytest
import streamlit
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from decision.catalog import Catalog
from decision.loading import load

# Files whose tests are dealt out one by one: they are the longest, and a process of tests builds nothing for one of them that the next cannot use.
ONE_BY_ONE = ("tests/e2e/test_journeys.py", "tests/e2e/test_other_pages.py")

# No deadlines: how fast a machine is says nothing about whether a law holds.
settings.register_profile("laws", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laws")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A whole run takes one process more than there are processors, since a test with a browser mostly waits; named tests start at once, in none."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + 1 if config.args_source is pytest.Config.ArgsSource.TESTPATHS else 0


class _Dealer(LoadScopeScheduling):
    """A file goes to one process, which builds once what its tests share; the longest files are dealt out test by test."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file in ONE_BY_ONE else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """How the tests of a whole run are dealt out; no test may depend on another, or on the order."""
    return _Dealer(config, log)


@pytest.fixture(scope="session", autouse=True)
def own_boards(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Boards of tests, and of the servers that they start, stand in a file of their own."""
    os.environ["DECISION_BOARDS"] = str(tmp_path_factory.mktemp("boards") / "boards.db")
    os.environ.pop("DATABASE_URL", None)


@pytest.fixture
def whole_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change runs the whole page, since AppTest forgets the rest of it when a part is drawn on its own. The browser tests see the parts."""
    rerun = streamlit.rerun
    monkeypatch.setattr(streamlit, "rerun", lambda scope="app": rerun() if scope == "app" else None)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load()
