"""Shared by all tests: the catalog as it is in data/, and how long hypothesis searches."""

import pytest
from hypothesis import HealthCheck, settings

from decision.catalog import Catalog, load

# No deadlines: how fast a machine is says nothing about whether a law holds.
settings.register_profile("laws", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laws")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load()
