"""Commands about doing something else: levers, split, compare."""

from __future__ import annotations

import argparse
import datetime as dt

from decision.analysis import exposure
from decision.analysis import levers as pulling
from decision.analysis.comparison import bridge
from decision.analysis.comparison import compare as compared
from decision.analysis.portfolio import split as split_of
from decision.analysis.pulled import Lever, dials
from decision.costs.costs import Costs
from decision.errors import BadInput, nearest, shown
from decision.framework import MATERIALITY_SHARE, MATERIALITY_USD
from decision.recommendation.eligible import allowed
from decision.report import analysis_json
from decision.report.document import Report
from decision.report.sections.compare import compare as compare_section
from decision.report.sections.levers import levers as levers_section
from decision.report.sections.split import split as split_section
from decision.terminal import FINE, NO, Answer
from decision.terminal.reading import inputs_in, inputs_on, still_open


def levers(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """What each lever saves on each option still open, and what they save together."""
    inputs = inputs_in(arguments, today)
    options = still_open(arguments, Costs(inputs))
    chosen = [_lever(name) for name in arguments.lever] if arguments.lever else None
    at = dials(inputs.catalog.levers, dict(arguments.dial or ()))
    found = pulling.levers(inputs, options.ids, chosen, at=at)
    loops = exposure.exposures(inputs, options.ids, at)

    return Answer(Report(lambda: levers_section(inputs, found, loops, options.left_out), lambda: analysis_json.levers(inputs, found, loops)))


def _lever(name: str) -> Lever:
    try:
        return Lever(name.replace("-", "_"))
    except ValueError:
        raise BadInput(f'"{shown(name)}" is not a lever.{nearest(name, [*Lever])} Known: {", ".join(Lever)}.') from None


def split(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """The cheapest assignment of the agent groups to options."""
    inputs = inputs_in(arguments, today)
    options = still_open(arguments, Costs(inputs), gated=False)
    share, least = (inputs.catalog.framework.threshold(name) for name in (MATERIALITY_SHARE, MATERIALITY_USD))
    found = split_of(inputs, options.ids, allowed(inputs, options.ids), materiality_share=share, materiality_month=least)

    return Answer(Report(lambda: split_section(inputs, found, share, least, options.left_out), lambda: analysis_json.split(inputs, found)))


def compare(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """Two scenarios, or one on two days, and why the bill differs; exit code 1 when another option becomes the cheapest."""
    if arguments.other is None and arguments.start is None and arguments.end is None:
        raise BadInput("compare needs a second scenario, or --from and --to to price one scenario on two days.")
    before = inputs_on(arguments.file, arguments.start, today)
    after = inputs_on(arguments.other or arguments.file, arguments.end, today)
    named = arguments.option
    for option_id in named or ():
        before.catalog.option(option_id)
    found = compared(before, after, named)
    ends = (named[0], named[0]) if named and len(named) == 1 else (found.cheapest_before, found.cheapest_after)
    steps = bridge(before, after, ends[0], ends[1]) if ends[0] and ends[1] else None

    return Answer(Report(lambda: compare_section(found, steps), lambda: analysis_json.comparison(found, steps)), NO if found.flips else FINE)


__all__ = ["compare", "levers", "split"]
