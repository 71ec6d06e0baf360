"""The one door to data/: every file of a folder read, and held against one list of checks.

    catalog = load()                       # the data that comes with the tool
    catalog = load(Path("trial"))          # a folder of one's own: prices, options, rules, all of it

A check takes the catalog and yields sentences: file, key, the nearest word that is known, what to do. None stops the next, so a reader sees
every problem at once. To add one: write the function in the room that knows the subject, and name it here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from decision.catalog import DATA, Catalog
from decision.catalog import checks as of_catalog
from decision.catalog.reading import Reading, read
from decision.catalog.watched import feeds_fit_the_prices
from decision.claims import claims_can_be_computed
from decision.costs.checks import ready_made_scenarios_can_be_priced
from decision.errors import BadInput
from decision.framework import checks as of_framework
from decision.framework.proof import framework_decides
from decision.scenario import checks as of_inputs


@dataclass(frozen=True)
class Check:
    """A check, and the kinds of file (as `Reading.broken` names them) without which it would complain of what only could not be read.

    priced: it works bills out, or reads what only a refresh needs; that takes too long for every start, so `checked` and
    `python -m decision check-data` alone run it.
    """

    of: Callable[[Catalog], Iterable[str]]
    reads: tuple[str, ...] = ()
    priced: bool = False


CHECKS: tuple[Check, ...] = (
    Check(of_catalog.euros_have_a_rate, ("prices",)),
    Check(of_catalog.ledgers_name_prices, ("prices", "feeds")),
    Check(of_catalog.options_fit_the_prices, ("prices",)),
    Check(of_catalog.options_have_a_seller, ("sellers.yaml",)),
    Check(of_catalog.sellers_fit_the_prices, ("prices", "sellers.yaml")),
    Check(of_catalog.meters_are_billed_some_day),
    Check(of_catalog.limits_say_something),
    Check(of_catalog.options_look_different),
    Check(of_catalog.options_have_their_estimates),
    Check(of_catalog.texts_are_written_out),
    Check(of_inputs.option_estimates_lie_within_bounds),
    Check(of_inputs.usual_options_exist, ("options",)),
    Check(of_catalog.components_fit_the_prices, ("prices",)),
    Check(of_catalog.usual_models_are_on_sale, ("prices", "estimates.yaml")),
    Check(of_inputs.estimates_are_of_inputs, ("estimates.yaml",)),
    Check(of_inputs.estimates_lie_within_bounds, ("estimates.yaml",)),
    Check(of_inputs.searches_are_of_inputs, ("analysis.yaml",)),
    Check(of_catalog.levers_name_options, ("options", "levers.yaml")),
    Check(of_catalog.lever_texts_are_written_out, ("levers.yaml",)),
    Check(of_catalog.framework_texts_name_what_is_filled_in, ("framework.yaml",)),
    Check(of_framework.framework_names_what_exists, ("framework.yaml",)),
    Check(of_framework.framework_uses_what_it_gives, ("framework.yaml",)),
    Check(of_framework.framework_fits_the_options, ("options", "sellers.yaml", "framework.yaml")),
    Check(of_framework.framework_makers_are_known, ("prices", "framework.yaml")),
    Check(framework_decides, ("framework.yaml",)),
    Check(feeds_fit_the_prices, ("prices", "feeds"), priced=True),
    Check(ready_made_scenarios_can_be_priced, ("prices", "options", "sellers.yaml", "estimates.yaml", "components.yaml"), priced=True),
    Check(claims_can_be_computed, ("prices", "options", "sellers.yaml", "estimates.yaml", "components.yaml", "claims.yaml"), priced=True),
)


@functools.cache
def load(folder: Path = DATA) -> Catalog:
    """Everything the files of `folder` say. Raises BadInput with every problem, those apart that only show when bills are worked out."""
    return _sound(read(folder), priced=False)


def checked(folder: Path = DATA) -> Catalog:
    """The same after every check. Raises BadInput with every problem of every file."""
    return _sound(read(folder), priced=True)


def failing(catalog: Catalog) -> tuple[str, ...]:
    """What the checks say of a catalog put together otherwise than by reading a folder."""
    return tuple(_problems(Reading(catalog, (), frozenset()), priced=False))


def _sound(reading: Reading, priced: bool) -> Catalog:
    if found := tuple(_problems(reading, priced)):
        raise BadInput(found)
    return reading.catalog


def _problems(reading: Reading, priced: bool) -> Iterator[str]:
    yield from reading.problems
    for check in CHECKS:
        if (priced or not check.priced) and not reading.broken.intersection(check.reads):
            yield from check.of(reading.catalog)
