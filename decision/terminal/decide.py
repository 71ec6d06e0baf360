"""Commands about one scenario: recommend, bill, breakeven, flips, framework."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Mapping

import numpy as np

from decision import recommendation
from decision.analysis.breakeven import Basis, checked_range, costs_by, crossings
from decision.analysis.flips import Flip, flip_points
from decision.costs.bill import common_cost
from decision.costs.costs import Costed, Costs, Priced, standing
from decision.costs.ownership import CostOfOwnership
from decision.framework import verdict
from decision.loading import load
from decision.recommendation.eligible import gates
from decision.report import as_json
from decision.report.document import Report
from decision.report.sections.bill import Billed
from decision.report.sections.bill import bills as bill_section
from decision.report.sections.breakeven import Crossings, Driver
from decision.report.sections.breakeven import breakeven as breakeven_section
from decision.report.sections.flips import flips as flips_section
from decision.report.sections.framework import framework as framework_section
from decision.report.sections.framework import walked
from decision.report.sections.recommendation import recommendation as recommendation_section
from decision.terminal import FINE, NO, Answer
from decision.terminal.reading import inputs_in, options_of, some_priced, still_open


def recommend(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """Where these agents should run; exit code 1 when no option is left."""
    inputs = inputs_in(arguments, today)
    found = recommendation.recommend(inputs)
    report = Report(lambda: recommendation_section(inputs.scenario.name, found, inputs.catalog), lambda: as_json.recommendation(found))
    return Answer(report, FINE if found.option else NO)


def bill(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """The month-12 bill of the options considered, or of those named; workings too when they are named."""
    inputs = inputs_in(arguments, today)
    costs = Costs(inputs)
    found = some_priced(costs, options_of(arguments, inputs), bool(arguments.option))
    compared = {**costs.priced(inputs.options).costs, **found.costs}
    common = float(common_cost([costed.bill for costed in compared.values()]))
    billed = Billed(tuple(found.costs.values()), common, gates(costs, found.ids), found.left_out)

    def flip_points_left() -> tuple[Flip, ...]:
        removed = {option_id for hit in billed.gates for option_id in hit.removes}
        return flip_points(costs, [option_id for option_id in _ranked(_owned(found)) if option_id not in removed])

    return Answer(Report(lambda: bill_section(inputs, billed, bool(arguments.option)), lambda: as_json.bill(inputs, billed, flip_points_left())))


def _owned(found: Priced[Costed]) -> dict[str, CostOfOwnership]:
    return {option_id: costed.owned for option_id, costed in found.costs.items()}


def _ranked(owned: Mapping[str, CostOfOwnership]) -> list[str]:
    """Option ids, the lowest total cost of ownership first."""
    return sorted(owned, key=lambda option_id: float(owned[option_id].total))


def breakeven(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """Every point at which the cheapest option changes along a driver."""
    inputs = inputs_in(arguments, today)
    basis = Basis(arguments.basis)
    inputs.driver_path(arguments.driver)
    found = still_open(arguments, Costs(inputs), least=2)
    low, high = checked_range(inputs, arguments.driver, *(arguments.range or (None, None)))
    points = crossings(inputs, found.ids, arguments.driver, low, high, basis)
    at_low = costs_by(inputs, found.ids, arguments.driver, np.array([low]), basis)
    first = min(at_low, key=lambda option_id: float(at_low[option_id][0]))
    driver = Driver(arguments.driver, inputs.driver_spec(arguments.driver), standing(inputs, arguments.driver), low, high)
    answer = Crossings(driver, basis, first, points, len(found.ids), found.left_out)
    return Answer(Report(lambda: breakeven_section(inputs, answer), lambda: as_json.breakeven(inputs, answer)))


def flips(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """For each option that does not win, what would make it win."""
    inputs = inputs_in(arguments, today)
    costs = Costs(inputs)
    found = still_open(arguments, costs, least=2)
    owned = _owned(found)
    ranked = _ranked(owned)
    points = flip_points(costs, ranked)
    report = Report(
        lambda: flips_section(inputs, points, {option_id: owned[option_id] for option_id in ranked}, found.left_out),
        lambda: {"as_of": inputs.as_of, "flips": as_json.flips(points), "warnings": list(found.left_out.values())},
    )
    return Answer(report)


def framework(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """The questions, the flow as a table, and with a scenario the way it takes."""
    if arguments.file is None:
        rules = load().framework
        return Answer(Report(lambda: framework_section(rules), lambda: as_json.framework(rules)))
    inputs = inputs_in(arguments, today)
    rules = inputs.catalog.framework
    found = verdict(Costs(inputs))
    return Answer(Report(lambda: walked(inputs, rules, found), lambda: {"as_of": inputs.as_of, **as_json.verdict(found)}))
