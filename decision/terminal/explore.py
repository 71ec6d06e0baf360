"""Commands about how sure an answer is: outlook, tornado, voi, map."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator

from decision.analysis.breakeven import Basis
from decision.analysis.information import information
from decision.analysis.map import Axis, WhoWins, usual_axis, who_wins
from decision.analysis.outlook import Band, Outlook, Payback
from decision.analysis.outlook import outlook as outlook_of
from decision.analysis.tornado import Swing, Tornado
from decision.analysis.tornado import tornado as tornado_of
from decision.errors import BadInput
from decision.report import analysis_json
from decision.report.text import WIDTH, driver_name, heading, paragraph, short, table, whole
from decision.scenario import Inputs
from decision.terminal import Answer
from decision.terminal.reading import inputs_in, not_priced, still_open
from decision.words import counted, in_unit, number, percent


def outlook(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """Bands, odds, regret and payback of the options still open."""
    inputs = inputs_in(arguments, today)
    options = still_open(arguments, inputs)
    found = outlook_of(inputs, options.ids, arguments.draws, arguments.seed)

    def words() -> str:
        rows = [_outlook_row(inputs, found, option_id) for option_id in sorted(found.option_ids, key=lambda option_id: -found.odds[option_id])]
        header = ("option", "odds", "m12 low", "median", "high", "all low", "median", "high", "regret", "pays back")
        return "\n".join((
            heading(inputs.scenario.name, f"{found.draws:,d} draws of {len(found.varied)} ranges, seed {found.seed}, prices of {inputs.as_of}"),
            table(header, rows, right=range(1, 9), wrap=0), "",
            paragraph(_outlook_legend(inputs, found), 2), "", *not_priced(options.missing),
        ))  # fmt: skip

    return Answer(words, lambda: analysis_json.outlook(inputs, found, options.missing))


def _outlook_row(inputs: Inputs, found: Outlook, option_id: str) -> tuple[str, ...]:
    payback = found.payback.get(option_id)
    return (
        inputs.catalog.option(option_id).short_name, percent(found.odds[option_id]), *_band(found.monthly[option_id]), *_band(found.total[option_id]),
        whole(found.regret[option_id]), "" if payback is None else _payback(payback),
    )  # fmt: skip


def _band(band: Band) -> tuple[str, str, str]:
    return whole(band.low), whole(band.median), whole(band.high)


def _payback(payback: Payback) -> str:
    if payback.median is None:
        return "later"
    return "at once" if payback.median == 0 else f"month {payback.median}"


def _outlook_legend(inputs: Inputs, found: Outlook) -> str:
    reference = inputs.catalog.option(found.reference).short_name
    return (
        "USD. odds: share of the draws in which the option costs least; m12: the bill of month 12; all: cost of ownership over "
        f"{inputs.scenario.horizon_months} months; low and high: 10th and 90th percentile; regret: what choosing it costs on average over knowing "
        f"better; pays back: when {reference} has become cheaper than this option, cumulatively (median; later: not within the horizon)."
    )


def tornado(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """Which range moves the difference between the recommended option and its best rival most."""
    inputs = inputs_in(arguments, today)
    option, rival = _pair(arguments, inputs)
    found = tornado_of(inputs, option, rival)

    def words() -> str:
        names = [inputs.catalog.option(option_id).short_name for option_id in (option, rival)]
        rows = [_swing_row(found, swing) for swing in found.swings if swing.width]
        still, cheaper = len(found.swings) - len(rows), names[0] if found.now < 0 else names[1]
        return "\n".join((
            heading(f"{names[0]} less {names[1]}", f"cost of ownership over {inputs.scenario.horizon_months} months, USD, prices of {inputs.as_of}"),
            paragraph(f"Now {whole(found.now)}: {cheaper} is cheaper. Each row moves one input over its range and keeps the others.", 2), "",
            table(_SWING_HEADER, rows, right=(1, 2, 3, 4), wrap=0) if rows else "  No input of these two is a range.",
            *([f"\n  {counted(still, 'other range')} that move nothing are left out."] if still else []),
        ))  # fmt: skip

    return Answer(words, lambda: analysis_json.tornado(inputs, found))


_SWING_HEADER = ("input", "low", "high", "at low", "at high", "swing", "")


def _swing_row(found: Tornado, swing: Swing) -> tuple[str, ...]:
    bar = "#" * max(1, round(20 * swing.width / found.swings[0].width))
    ends = (number(swing.low), number(swing.high), whole(swing.at_low), whole(swing.at_high))
    return swing.label, *ends, bar, "turns" if swing.turns else ""


def _pair(arguments: argparse.Namespace, inputs: Inputs) -> tuple[str, str]:
    """The two options named, or the recommended one and the cheapest of the others still open."""
    from decision.recommendation import recommend

    named = still_open(arguments, inputs).ids if arguments.option else ()
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
    options = still_open(arguments, inputs)
    found = information(inputs, options.ids, arguments.draws, arguments.seed)

    def words() -> str:
        worth = [each for each in found.inputs if each.matters]
        rows = [(each.label, whole(each.value), f"+- {whole(each.error)}", percent(each.variance_share), driver_name(each.path)) for each in worth]
        rest, best = len(found.inputs) - len(worth), short(inputs.catalog.option(found.best))
        return "\n".join((
            heading(inputs.scenario.name, f"{found.draws:,d} draws, seed {found.seed}, prices of {inputs.as_of}"),
            paragraph(found.sentence, 2),
            paragraph(f"Knowing everything is worth {whole(found.evpi)} USD (+- {whole(found.evpi_error)}). Without it, choose {best}.", 2), "",
            *([table(("input", "worth, USD", "error", "of the spread", "name"), rows, right=(1, 2, 3), wrap=0)] if rows else []),
            *([f"  {counted(rest, 'other input')}: worth nothing that the draws could show."] if rest else []), "", *not_priced(options.missing),
        ))  # fmt: skip

    return Answer(words, lambda: analysis_json.information(inputs, found))


def who_wins_map(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """The cheapest option over two drivers at once."""
    inputs = inputs_in(arguments, today)
    options = still_open(arguments, inputs)
    across = _axis(inputs, arguments.x, arguments.x_range, arguments.x_log, arguments.cells)
    up = _axis(inputs, arguments.y, arguments.y_range, arguments.y_log, arguments.cells)
    found = who_wins(inputs, across, up, options.ids, Basis(arguments.basis))

    def words() -> str:
        return "\n".join((
            heading(f"{_axis_words(inputs, found.y)} (up) by {_axis_words(inputs, found.x)} (across)", f"prices of {inputs.as_of}"),
            *_rows(found), "", *_legend(inputs, found), *not_priced(options.missing),
        ))  # fmt: skip

    return Answer(words, lambda: analysis_json.who_wins(inputs, found))


def _axis(inputs: Inputs, driver: str, span: tuple[float, float] | None, log: bool, cells: int) -> Axis:
    return Axis(driver, *span, log, cells) if span else usual_axis(inputs, driver, log, cells)


def _axis_words(inputs: Inputs, axis: Axis) -> str:
    return inputs.driver_spec(axis.driver).label + (", logarithmic" if axis.log else "")


def _rows(found: WhoWins) -> Iterator[str]:
    """One letter a cell, the high end of y first; * where the scenario stands. Of a map wider than the terminal every second (third, ...) column."""
    letters = _letters(found)
    margin = max(len(number(value)) for value in (found.y.low, found.y.high))
    step = -(-found.x.cells // (WIDTH - margin - 5))
    cells = [[letters[found.option_ids[i]] for i in row] for row in found.winner.tolist()]
    if found.here_cell:
        cells[found.here_cell[0]][found.here_cell[1] // step * step] = "*"
    for n in reversed(range(len(cells))):
        label = number(found.y.high) if n == len(cells) - 1 else number(found.y.low) if n == 0 else ""
        yield f"  {label.rjust(margin)} |{''.join(cells[n][::step])}"
    width = len(cells[0][::step])
    yield f"  {' ' * margin} +{'-' * width}"
    low, high = number(found.x.low), number(found.x.high)
    yield f"  {' ' * margin}  {low}{high.rjust(max(width - len(low), len(high) + 1))}"


def _letters(found: WhoWins) -> dict[str, str]:
    return {option_id: chr(ord("A") + i) for i, option_id in enumerate(found.winners())}


def _legend(inputs: Inputs, found: WhoWins) -> Iterator[str]:
    letters = _letters(found)
    for option_id, share in found.winners().items():
        yield f"  {letters[option_id]}  {short(inputs.catalog.option(option_id))}: the cheapest in {percent(share)} of the cells"
    here = " and ".join(in_unit(value, inputs.driver_spec(axis.driver).unit) for value, axis in zip(found.here, (found.x, found.y), strict=True))
    cell = found.here_cell
    if cell is None:
        yield paragraph(f"The scenario ({here}) lies outside the map.", 2)
    else:
        winner = short(inputs.catalog.option(found.option_ids[int(found.winner[cell])]))
        yield paragraph(f"the scenario: {here}. {winner} is {whole(float(found.gap[cell]))} USD cheaper than the next one ({found.basis}).", 2, "*  ")
