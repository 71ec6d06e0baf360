"""How sure the answer is: bands, odds, regret and payback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decision.analysis.outlook import Band, Outlook, Payback
from decision.report.document import Block, Cell, Figure, Gap, Heading, sentence, table
from decision.report.sections.evidence import not_priced
from decision.scenario import Inputs

_HEAD = ("option", "odds", "m12 low", "median", "high", "all low", "median", "high", "regret", "pays back")


def outlook(inputs: Inputs, found: Outlook, missing: Mapping[str, str]) -> Iterator[Block]:
    """The section: the likeliest to be cheapest first."""
    yield Heading(inputs.scenario.name, f"{found.draws:,d} draws of {len(found.varied)} ranges, seed {found.seed}, prices of {inputs.as_of}")
    ordered = sorted(found.option_ids, key=lambda option_id: -found.odds[option_id])
    yield table(_HEAD, (_row(inputs, found, option_id) for option_id in ordered), numbers=range(1, 9), gives_way=0)
    yield Gap()
    yield sentence(_legend(inputs, found))
    yield Gap()
    yield from not_priced(missing)


def _row(inputs: Inputs, found: Outlook, option_id: str) -> Iterator[Cell]:
    yield inputs.catalog.option(option_id).short_name
    yield Figure(found.odds[option_id], "percent")
    yield from _band(found.monthly[option_id])
    yield from _band(found.total[option_id])
    yield Figure(found.regret[option_id], "dollars")
    payback = found.payback.get(option_id)
    yield "" if payback is None else _payback(payback)


def _band(band: Band) -> Iterator[Figure]:
    return (Figure(value, "dollars") for value in (band.low, band.median, band.high))


def _payback(payback: Payback) -> str:
    if payback.median is None:
        return "later"
    return "at once" if payback.median == 0 else f"month {payback.median}"


def _legend(inputs: Inputs, found: Outlook) -> str:
    reference = inputs.catalog.option(found.reference).short_name
    return (
        "USD. odds: share of the draws in which the option costs least; m12: the bill of month 12; all: cost of ownership over "
        f"{inputs.scenario.horizon_months} months; low and high: 10th and 90th percentile; regret: what choosing it costs on average over knowing "
        f"better; pays back: when {reference} has become cheaper than this option, cumulatively (median; later: not within the horizon)."
    )
