"""Commands about data/ itself: prices, claims, the schema, and the check of all files."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator
from typing import Any

from decision import claims as published
from decision.analysis.pulled import levers_file
from decision.analysis.search import search_settings
from decision.catalog import Catalog, PriceInForce, PriceRow, load
from decision.catalog.history import Change, in_force, price_changes, stale_prices
from decision.errors import BadInput
from decision.framework import load_framework
from decision.report import as_json
from decision.report.text import THIRD_PARTY, References, heading, is_third_party, paragraph, publisher, table, unit_price
from decision.scenario import inputs_of, read_scenario, ready_made
from decision.scenario import schema as scenario_schema
from decision.terminal import FINE, NO, Answer
from decision.words import change_percent, computed

# -- prices --------------------------------------------------------------------------------------------


def prices_list(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """The prices in force on a day; those that have none, with the reason."""
    catalog, day = load(), arguments.as_of or today
    found = [price_id for price_id in catalog.prices if _matches(catalog, price_id, arguments.word)]
    if not found:
        raise BadInput(f'no price holds "{arguments.word}" in its id, description or vendor. `python -m decision prices list` shows all.')
    listed = {price_id: in_force(catalog, price_id, day) for price_id in found}

    def text() -> str:
        references = References()
        rows = [_list_row(catalog, price_id, price, references) for price_id, price in listed.items()]
        missing = sum(price is None for price in listed.values())
        unpriced = f" {missing} of them have no price on that day; `prices show ID` says why." if missing else ""
        return "\n".join((
            heading(f"{len(listed)} prices", f"in force on {day}, USD, catalog {catalog.version}"),
            table(("id", "price", "unit", "since", "src"), rows, right=(1,), indent=0),
            "", paragraph(f"{THIRD_PARTY} price as a third party tells it. EUR plans are converted with the rate of the day.{unpriced}"),
            "", "Sources", references.listed(),
        ))  # fmt: skip

    return Answer(text, lambda: as_json.prices(catalog, day, listed))


def _matches(catalog: Catalog, price_id: str, word: str) -> bool:
    wanted = word.casefold()
    return any(wanted in text.casefold() for text in (price_id, catalog.prices[price_id].description, catalog.vendors[price_id]))


def _list_row(catalog: Catalog, price_id: str, price: PriceInForce | None, references: References) -> tuple[str, ...]:
    if price is None:
        return price_id, "none ", catalog.prices[price_id].pricing_unit, "", ""
    amount = unit_price(float(price.amount)) + (THIRD_PARTY if is_third_party(price) else " ")
    source = references.of(f"{publisher(price.source)}, read {price.source.retrieved}")
    return price_id, amount, price.pricing_unit, str(price.effective_from), source


def prices_show(arguments: argparse.Namespace, _today: dt.date) -> Answer:
    """Every row of one price. Raises PriceMissing for an unknown id."""
    catalog = load()
    series = catalog.series(arguments.id)

    def text() -> str:
        parts = [
            heading(arguments.id, f"{series.currency} per {series.pricing_unit}, {catalog.vendors[arguments.id]}"),
            paragraph(series.description, 2),
        ]
        for row in series.rows:
            parts += ["", *_row_lines(catalog, arguments.id, row)]
        return "\n".join(parts)

    return Answer(text, lambda: as_json.price_series(catalog, arguments.id))


def _row_lines(catalog: Catalog, price_id: str, row: PriceRow) -> Iterator[str]:
    amount = "no price" if row.price is None else unit_price(row.price)
    yield f"  {'from' if row.dated_by == 'announcement' else 'seen from'} {row.effective_from}: {amount}"
    for role, name in (("source", row.source), *(("also", name) for name in row.also)):
        source = catalog.sources[price_id][name]
        yield paragraph(
            f"{source.title} ({source.kind}), read {source.retrieved}" + (f", {source.url}" if source.url else ", no public address"), 4, f"{role}: "
        )
        if source.note:
            yield paragraph(source.note, 12)
    if row.note:
        yield paragraph(row.note, 4, "note: ")


def prices_stale(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """Prices in force whose last reading is older than --max-age days; exit code 1 when there are any."""
    catalog, day = load(), arguments.as_of or today
    found = stale_prices(catalog, day, arguments.max_age)

    def text() -> str:
        if not found:
            return f"Every price in force on {day} was read within {arguments.max_age} days."
        references = References()
        rows = []
        for stale in found:
            source = references.of(publisher(stale.price.source))
            rows.append((stale.price.id, unit_price(float(stale.price.amount)), str(stale.last_read), str(stale.age_days), source))
        return "\n".join((
            heading(f"{len(found)} prices not read for over {arguments.max_age} days", f"on {day}, USD"),
            table(("id", "price", "last read", "days", "src"), rows, right=(1, 3)), "", "Sources", references.listed(),
        ))  # fmt: skip

    return Answer(text, lambda: as_json.stale_prices(day, arguments.max_age, found), NO if found else FINE)


def prices_diff(arguments: argparse.Namespace, _today: dt.date) -> Answer:
    """Prices that differ between two days; exit code 1 when any does. Raises BadInput when the days are reversed."""
    start, end = arguments.start, arguments.end
    if start > end:
        raise BadInput(f"--from {start} is later than --to {end}. Give the earlier day first.")
    catalog = load()
    changes = price_changes(catalog, start, end)

    def text() -> str:
        if not changes:
            return f"No price changed between {start} and {end}."
        references = References()
        rows = [_diff_row(change, references) for change in changes]
        return "\n".join((
            heading(f"{len(changes)} prices changed", f"from {start} to {end}, USD"),
            table(("id", "before", "after", "change", "since", "src"), rows, right=(1, 2, 3), indent=0), "",
            paragraph("new: on sale since then; seen: first read then; gone: no longer on sale."), "", "Sources", references.listed(),
        ))  # fmt: skip

    return Answer(text, lambda: as_json.price_changes(start, end, changes), NO if changes else FINE)


def _diff_row(change: Change, references: References) -> tuple[str, ...]:
    price = change.after or change.before
    assert price is not None  # a price that neither day has did not change
    shown = ["none" if each is None else unit_price(float(each.amount)) for each in (change.before, change.after)]
    since = str(price.effective_from) if change.after else ""
    return change.price_id, *shown, _moved(change), since, references.of(publisher(price.source))


def _moved(change: Change) -> str:
    if change.after is None:
        return "gone"
    if change.before is None:
        return "new" if change.after.dated_by == "announcement" else "seen"
    return change_percent(change.before.amount, change.after.amount)


# -- claims, schema, check -----------------------------------------------------------------------------


def claims(_arguments: argparse.Namespace, _today: dt.date) -> Answer:
    """Every published claim beside our figures."""
    said, catalog = published.load_claims(), load()
    found = published.recomputed(catalog, said)

    def text() -> str:
        counts = {result: sum(claim.result is result for claim in found) for result in published.Result}
        parts = [heading(f"{len(found)} published claims", f"computed again with the prices of {said.checked}")]
        parts.append(paragraph(", ".join(f"{count} {result}" for result, count in counts.items()) + ". " + said.closeness.assumption))
        for claim in found:
            parts += ["", *_claim_lines(claim)]
        parts += ["", "Published by", *(paragraph(title, 2, f"{name}: ") for name, title in said.sources.items())]
        return "\n".join(parts)

    return Answer(text, lambda: as_json.claims(said, found))


def _claim_lines(found: published.Recomputed) -> Iterator[str]:
    claim = found.claim
    yield paragraph(f"{claim.claim} ({', '.join(claim.sources)})", 0, f"{claim.id:<4}")
    yield f"    our figures: {found.result}; verdict: {claim.verdict}"
    if found.correct is not None:
        yield paragraph(found.correct, 4, "correct: ")
    for figure in found.figures:
        against = f"; published {figure.published}" if figure.published is not None else ""
        sign = {True: "agrees", False: "differs", None: "not compared"}[figure.agrees]
        shown = computed(figure.ours)
        working = "" if figure.working == shown else f"{figure.working} = "
        yield paragraph(f"{figure.what}: {working}{shown} {figure.unit}{against}" + (f", {sign}" if against else ""), 4, "- ")


def schema(_arguments: argparse.Namespace, _today: dt.date) -> Answer:
    """JSON Schema of the scenario file: the same in both formats."""
    found = scenario_schema()
    return Answer(lambda: as_json.written(found), lambda: found)


def check_data(_arguments: argparse.Namespace, today: dt.date) -> Answer:
    """How much of each kind data/ holds, after reading and checking all of it. Raises BadInput with every problem of the first broken part."""
    catalog = load()
    made = ready_made()
    problems: list[str] = []
    for name, path in made.items():
        try:
            inputs_of(read_scenario(path), catalog, today)
        except BadInput as error:
            problems += [f"scenarios/{name}.yaml: {problem.removeprefix(f'{path.name}: ')}" for problem in error.problems]
    if problems:
        raise BadInput(problems)
    found: dict[str, Any] = {
        "catalog_version": catalog.version, "prices": len(catalog.prices), "models": len(catalog.models), "plans": len(catalog.plans),
        "options": len(catalog.options), "scenarios": len(made), "claims": len(published.recomputed(catalog)),
        "questions": len(load_framework().questions), "levers": len(levers_file().levers), "search_ranges": len(search_settings().up_to),
    }  # fmt: skip
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in found.items() if name != "catalog_version")
    return Answer(lambda: paragraph(f"data/ is sound: {counts}. Catalog {catalog.version}."), lambda: found)
