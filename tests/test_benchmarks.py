"""What the benchmarks compare still means what it says: our prices beside those of another library, request by request."""

from decision.catalog import Catalog
from tests.benchmarks.usage_rows import compare


def test_thousands_of_requests_cost_what_another_library_says_or_the_difference_is_accounted_for(catalog: Catalog) -> None:
    compare(catalog, 3_000)  # raises where a cent stays unexplained
