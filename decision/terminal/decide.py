"""Commands about one scenario: recommend, bill, breakeven, flips, framework."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from decision import recommendation
from decision.analysis.breakeven import Basis, Crossing, checked_range, costs_by, crossings
from decision.analysis.flips import Flip, flip_points
from decision.catalog import Catalog
from decision.costs.bill import common_cost
from decision.costs.ownership import CostOfOwnership, all_costs
from decision.framework import Answer as Given
from decision.framework import load_framework, table, verdict
from decision.report import as_json, text
from decision.report.recommendation_text import flip_table, gate_lines, recommendation_text
from decision.terminal import FINE, NO, Answer
from decision.terminal.reading import gates, inputs_in, not_priced, options_of, priced, some_priced, still_open
from decision.words import BASES, number, scalar


def recommend(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """Where these agents should run; exit code 1 when no option is left."""
    inputs = inputs_in(arguments, today)
    found = recommendation.recommend(inputs)
    return Answer(
        lambda: recommendation_text(inputs.scenario.name, found, inputs.catalog), lambda: as_json.recommendation(found), FINE if found.option else NO
    )


def bill(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """The month-12 bill of the options considered, or of those named; workings too when they are named."""
    inputs = inputs_in(arguments, today)
    found = some_priced(inputs, options_of(arguments, inputs), bool(arguments.option))
    compared = {bill.option.id: bill for bill in (*priced(inputs, inputs.options).bills, *found.bills)}
    billed = as_json.Billed(
        found.bills, all_costs(inputs, found.ids), float(common_cost(list(compared.values()))), gates(inputs, found.ids), found.missing
    )

    def words() -> str:
        references = text.References()
        parts = []
        for each in billed.bills:
            parts += [text.option_bill(each, billed.common, inputs.as_of, references, bool(arguments.option))]
            parts += [text.paragraph(f"Ruled out: {hit.because} {hit.relax}", 2) for hit in billed.gates if each.option.id in hit.removes] + [""]
        parts += [*not_priced(billed.missing), text.LEGEND, "", "Sources", references.listed()]
        return "\n".join(parts)

    def flip_points_left() -> tuple[Flip, ...]:
        removed = {option_id for hit in billed.gates for option_id in hit.removes}
        return flip_points(inputs, [option_id for option_id in _ranked(billed.owned) if option_id not in removed])

    return Answer(words, lambda: as_json.bill(inputs, billed, flip_points_left()))


def _ranked(owned: Mapping[str, CostOfOwnership]) -> list[str]:
    """Option ids, the lowest total cost of ownership first."""
    return sorted(owned, key=lambda option_id: float(owned[option_id].total))


def breakeven(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """Every point at which the cheapest option changes along a driver."""
    inputs = inputs_in(arguments, today)
    basis = Basis(arguments.basis)
    inputs.driver_path(arguments.driver)
    found = still_open(arguments, inputs, least=2)
    low, high = checked_range(inputs, arguments.driver, *(arguments.range or (None, None)))
    points = crossings(inputs, found.ids, arguments.driver, low, high, basis)
    at_low = costs_by(inputs, found.ids, arguments.driver, np.array([low]), basis)
    first = min(at_low, key=lambda option_id: float(at_low[option_id][0]))
    driver = as_json.Driver(arguments.driver, inputs.driver_spec(arguments.driver), scalar(inputs.driver_value(arguments.driver)), low, high)

    def words() -> str:
        spec, catalog = driver.spec, inputs.catalog
        parts = [text.heading(f"{spec.label}: {number(low)} to {number(high)} {spec.unit}", f"{BASES[basis]}, prices of {inputs.as_of}")]
        parts.append(f"  The scenario stands at {number(driver.now)}.\n")
        if points:
            parts.append(text.table(("from", "to", "cheapest", ""), _stretches(driver, first, points, catalog), right=(0, 1)))
            parts += ["", *(text.paragraph(_crossing(driver, point, catalog), 2) for point in points)]
        else:
            parts.append(
                text.paragraph(f"No break-even in this range: {text.short(catalog.option(first))} is the cheapest of {len(found.ids)} throughout.", 2)
            )
        return "\n".join([*parts, "", *not_priced(found.missing)])

    return Answer(words, lambda: as_json.breakeven(inputs, driver, basis, first, points, found.missing))


def _stretches(driver: as_json.Driver, first: str, points: Sequence[Crossing], catalog: Catalog) -> Iterator[tuple[str, ...]]:
    ends = [driver.low, *(point.at for point in points), driver.high]
    winners = [first, *(point.after for point in points)]
    for start, end, winner in zip(ends, ends[1:], winners, strict=False):
        here = "<- now" if start <= driver.now < end or (end == driver.high and driver.now == end) else ""
        yield number(start), number(end), text.short(catalog.option(winner)), here


def _crossing(driver: as_json.Driver, point: Crossing, catalog: Catalog) -> str:
    after, before = catalog.option(point.after).short_name, catalog.option(point.before).short_name
    whole = f" (from {point.first_whole:,d} whole {driver.spec.unit})" if driver.counts and point.at != point.first_whole else ""
    how = "where a cost jumps" if point.step else "where the two cost the same"
    return f"At {number(point.at)} {driver.spec.unit}{whole} {after} becomes cheaper than {before}, {how}: {text.whole(point.cost)} USD."


def flips(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """For each option that does not win, what would make it win."""
    inputs = inputs_in(arguments, today)
    found = still_open(arguments, inputs, least=2)
    owned = all_costs(inputs, found.ids)
    best, *others = ranked = _ranked(owned)
    points = flip_points(inputs, ranked)

    def words() -> str:
        months = inputs.scenario.horizon_months
        parts = [text.heading(inputs.scenario.name, f"cost of ownership over {months} months, prices of {inputs.as_of}")]
        parts.append(text.paragraph(f"{text.short(inputs.catalog.option(best))} is the cheapest: {text.whole(owned[best].shown_total)} USD.", 2))
        for option_id in others:
            behind = owned[option_id].shown_total - owned[best].shown_total
            parts += [
                text.section(
                    f"{text.short(inputs.catalog.option(option_id))}, {text.whole(behind)} USD behind, is the cheapest when one of these changes"
                ),
                flip_table([flip for flip in points if flip.option == option_id]),
            ]
        return "\n".join([*parts, "", *not_priced(found.missing)])

    return Answer(words, lambda: {"as_of": inputs.as_of, "flips": as_json.flips(points), "warnings": list(found.missing.values())})


def framework(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """The questions, the flow as a table, and with a scenario the way it takes."""
    rules = load_framework()
    if arguments.file is None:
        return Answer(
            lambda: "\n".join(
                (
                    text.heading("The four questions", "data/framework.yaml"),
                    *_questions(),
                    text.section("Every way through"),
                    *_flow(()),
                    "",
                    text.paragraph(_PROVEN, 2),
                )
            ),
            lambda: as_json.framework(rules),
        )
    inputs = inputs_in(arguments, today)
    found = verdict(inputs, rules)

    def words() -> str:
        parts = [text.heading(inputs.scenario.name, f"the four questions, prices of {inputs.as_of}"), *_path(found.path)]
        parts += ["", text.paragraph(found.sentence, 2), text.section("Every way through"), *_flow(found.path)]
        parts += gate_lines(found.gates, inputs.catalog)
        if found.signals:
            parts += [text.section("Signals, weighed in words and never counted")]
            parts += [text.paragraph(f"{signal.side.replace('_', '-')}: {signal.text} ({signal.weight})", 2, "- ") for signal in found.signals]
        return "\n".join(parts + [text.paragraph(warning, 2, "! ") for warning in found.warnings])

    return Answer(words, lambda: {"as_of": inputs.as_of, **as_json.verdict(found)})


_PROVEN = "Every combination of answers reaches exactly one outcome; no outcome is out of reach, and no question is asked in vain."


def _questions() -> Iterator[str]:
    rules = load_framework()
    for question in rules.questions:
        labels = " / ".join(rules.label(question.id, answer.id) for answer in question.classes)
        yield text.paragraph(f"{question.text} ({question.answered_by})", 2, f"{question.name}: ")
        yield text.paragraph(labels, 4)


def _path(path: Sequence[Given]) -> Iterator[str]:
    for step in path:
        value = f", {number(step.value)}" if isinstance(step.value, float) else ""
        why = f": {step.why}" if step.why else ""
        yield text.paragraph(f"{load_framework().question(step.question).text} {step.label} ({step.origin}{value}{why})", 2, "- ")


def _flow(path: Sequence[Given]) -> Iterator[str]:
    rules = load_framework()
    for row in table(rules, path):
        said = ", ".join(answer for answer in row.answers.values() if answer != "any")
        yield text.paragraph(f"{said} -> {row.outcome} ({', '.join(row.families)})", 2, "=> " if row.taken else "   ")
