"""Shared by all tests: the catalog as it is in data/, and how long hypothesis searches."""

import pytest
import streamlit
from hypothesis import HealthCheck, settings

from decision.catalog import Catalog
from decision.loading import load

# No deadlines: how fast a machine is says nothing about whether a law holds.
settings.register_profile("laws", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laws")


@pytest.fixture
def whole_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change runs the whole page, since AppTest forgets the rest of it when a part is drawn on its own. The browser tests see the parts."""
    rerun = streamlit.rerun
    monkeypatch.setattr(streamlit, "rerun", lambda scope="app": rerun() if scope == "app" else None)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load()
