"""Commands about how sure an answer is: outlook, tornado, voi, map."""

from __future__ import annotations

import argparse
import datetime as dt

from decision.analysis.breakeven import Basis
from decision.analysis.draws import USUAL_DRAWS
from decision.analysis.information import information
from decision.analysis.map import Axis, usual_axis, who_wins
from decision.analysis.outlook import outlook as outlook_of
from decision.analysis.tornado import tornado as tornado_of
from decision.costs.costs import Costs
from decision.errors import BadInput
from decision.report import analysis_json
from decision.report.document import Report
from decision.report.sections.map import who_wins as map_section
from decision.report.sections.outlook import outlook as outlook_section
from decision.report.sections.tornado import tornado as tornado_section
from decision.report.sections.voi import voi as voi_section
from decision.scenario import Inputs
from decision.terminal import Answer
from decision.terminal.reading import inputs_in, still_open


def outlook(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """Bands, odds, regret and payback of the options still open."""
    inputs = inputs_in(arguments, today)
    options = still_open(arguments, Costs(inputs))
    found = outlook_of(inputs, options.ids, _draws(arguments), arguments.seed)

    return Answer(Report(lambda: outlook_section(inputs, found, options.left_out), lambda: analysis_json.outlook(inputs, found, options.left_out)))


def _draws(arguments: argparse.Namespace) -> int:
    return USUAL_DRAWS if arguments.draws is None else int(arguments.draws)


def tornado(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """Which range moves the difference between the recommended option and its best rival most."""
    inputs = inputs_in(arguments, today)
    option, rival = _pair(arguments, inputs)
    found = tornado_of(inputs, option, rival)

    return Answer(Report(lambda: tornado_section(inputs, found), lambda: analysis_json.tornado(inputs, found)))


def _pair(arguments: argparse.Namespace, inputs: Inputs) -> tuple[str, str]:
    """The two options named, or the recommended one and the cheapest of the others still open."""
    from decision.recommendation import recommend

    named = still_open(arguments, Costs(inputs)).ids if arguments.option else ()
    if len(named) == 2:
        return named[0], named[1]
    if named:
        raise BadInput(f"a tornado compares two options, and {len(named)} were named. Name two with --option, or leave --option out.")
    found = recommend(inputs)
    rivals = [option_id for option_id in found.ranking if option_id != found.option]
    if found.option is None or not rivals:
        raise BadInput(
            "a tornado compares two options, and fewer than two are left that can be priced. Name more under consider, or two with --option."
        )
    return found.option, rivals[0]


def voi(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """What it is worth to find out an input before deciding."""
    inputs = inputs_in(arguments, today)
    options = still_open(arguments, Costs(inputs))
    found = information(inputs, options.ids, _draws(arguments), arguments.seed)

    return Answer(Report(lambda: voi_section(inputs, found, options.left_out), lambda: analysis_json.information(inputs, found)))


def who_wins_map(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """The cheapest option over two drivers at once."""
    inputs = inputs_in(arguments, today)
    options = still_open(arguments, Costs(inputs))
    across = _axis(inputs, arguments.x, arguments.x_range, arguments.x_log, arguments.cells)
    up = _axis(inputs, arguments.y, arguments.y_range, arguments.y_log, arguments.cells)
    found = who_wins(inputs, across, up, options.ids, Basis(arguments.basis))

    return Answer(Report(lambda: map_section(inputs, found, options.left_out), lambda: analysis_json.who_wins(inputs, found)))


def _axis(inputs: Inputs, driver: str, span: tuple[float, float] | None, log: bool, cells: int) -> Axis:
    return Axis(driver, *span, log, cells) if span else usual_axis(inputs, driver, log, cells)
