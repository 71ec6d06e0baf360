"""Commands about data/ itself: prices, claims, the schema, and the check of all files."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any

from decision import claims as published
from decision.catalog import Catalog
from decision.catalog.history import in_force, price_changes, stale_prices, unconfirmed_prices
from decision.catalog.schemas import SHAPES, data_schema
from decision.errors import BadInput, nearest, shown
from decision.loading import checked, load
from decision.recommendation import recommend
from decision.recommendation.prices_used import changed_since
from decision.report import prices_json
from decision.report.document import Report
from decision.report.sections import prices as sections
from decision.report.sections.claims import claims as claims_section
from decision.scenario import ready_made
from decision.scenario import schema as scenario_schema
from decision.terminal import FINE, NO, Answer
from decision.terminal.reading import inputs_on

# -- prices --------------------------------------------------------------------------------------------


def prices_list(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """The prices in force on a day; those that have none, with the reason."""
    catalog, day = load(), arguments.as_of or today
    found = [price_id for price_id in catalog.prices if _matches(catalog, price_id, arguments.word)]
    if not found:
        raise BadInput(f'no price holds "{arguments.word}" in its id, description or vendor. `python -m decision prices list` shows all.')
    listed = {price_id: in_force(catalog, price_id, day) for price_id in found}

    return Answer(Report(lambda: sections.prices(catalog, day, listed), lambda: prices_json.prices(catalog, day, listed)))


def _matches(catalog: Catalog, price_id: str, word: str) -> bool:
    wanted = word.casefold()
    return any(wanted in text.casefold() for text in (price_id, catalog.prices[price_id].description, catalog.vendors[price_id]))


def prices_show(arguments: argparse.Namespace, _today: dt.date) -> Answer:
    """Every row of one price. Raises PriceMissing for an unknown id."""
    catalog = load()
    catalog.series(arguments.id)

    return Answer(Report(lambda: sections.price_history(catalog, arguments.id), lambda: prices_json.price_series(catalog, arguments.id)))


def prices_stale(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """Prices in force whose last reading is older than --max-age days (exit code 1 when there are any); beside them, those only announced."""
    catalog, day, age = load(), arguments.as_of or today, arguments.max_age
    found, announced = stale_prices(catalog, day, age), unconfirmed_prices(catalog, day)

    report = Report(lambda: sections.stale_prices(day, age, found, announced), lambda: prices_json.stale_prices(day, age, found, announced))
    return Answer(report, NO if found else FINE)


def prices_diff(arguments: argparse.Namespace, _today: dt.date) -> Answer:
    """Prices that differ between two days, all or those a scenario uses; exit code 1 when any does. Raises BadInput when the days are reversed."""
    catalog, end = load(), arguments.end
    inputs = None if arguments.used_by is None else inputs_on(arguments.used_by, arguments.start, end)
    start = arguments.start if inputs is None else inputs.as_of
    if start is None:
        raise BadInput("--from is missing. Give the earlier day, or with --used-by a scenario that has one.")
    if start > end:
        raise BadInput(f"--from {start} is later than --to {end}. Give the earlier day first.")
    changes = price_changes(catalog, start, end) if inputs is None else changed_since(recommend(inputs), end)

    report = Report(lambda: sections.price_changes(start, end, changes), lambda: prices_json.price_changes(start, end, changes))
    return Answer(report, NO if changes else FINE)


# -- claims, schema, check -----------------------------------------------------------------------------


def claims(_arguments: argparse.Namespace, _today: dt.date) -> Answer:
    """Every published claim beside our figures."""
    catalog = load()
    said, found = catalog.claims, published.recomputed(catalog)

    return Answer(Report(lambda: claims_section(said, found), lambda: prices_json.claims(said, found)))


SCENARIO = "scenario"


def schema(arguments: argparse.Namespace, _today: dt.date) -> Answer:
    """JSON Schema of the scenario file, or of a kind of data file: the same in both formats. Raises BadInput for an unknown kind."""
    kind, known = arguments.kind, (SCENARIO, *SHAPES)
    if kind not in known:
        raise BadInput(f'"{shown(kind)}" is not a kind of file.{nearest(kind, known)} Known: {", ".join(known)}.')
    return Answer(Report(None, scenario_schema if kind == SCENARIO else lambda: data_schema(kind)))


def check_data(_arguments: argparse.Namespace, _today: dt.date) -> Answer:
    """How much of each kind data/ holds, after reading and checking all of it. Raises BadInput with every problem of every file."""
    catalog = checked()
    counted: dict[str, Any] = {
        "catalog_version": catalog.version, "prices": len(catalog.prices), "models": len(catalog.models), "plans": len(catalog.plans),
        "options": len(catalog.options), "scenarios": len(ready_made()), "claims": len(catalog.claims.claims),
        "questions": len(catalog.framework.questions), "levers": len(catalog.levers.levers), "search_ranges": len(catalog.search.up_to),
    }  # fmt: skip
    return Answer(Report(lambda: sections.sound_data(counted), lambda: counted))
