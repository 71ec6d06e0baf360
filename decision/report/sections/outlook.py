"""How sure the answer is: bands, odds, regret and payback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decision.analysis.outlook import Band, Outlook, Payback
from decision.report.document import Block, Cell, Figure, Gap, Heading, Part, Sentence, sentence, table
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
    yield Figure(found.odds[option_id], "odds_words")
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


def lead(inputs: Inputs, found: Outlook, option_id: str) -> Sentence:
    """What an option costs in the middle of the draws and around it, how often it is the cheapest, and what choosing it costs on average."""
    total, months = found.total[option_id], inputs.scenario.horizon_months
    low, median, high = (Figure(value, "about_money") for value in (total.low, total.median, total.high))
    costs: tuple[Part, ...] = (
        f"{inputs.catalog.option(option_id).short_name} costs ",
        median,
        f" over {months} months in the middle of the draws, and ",
    )
    costs += (low, " to ", high, " in eight of ten.")
    if len(found.option_ids) == 1:
        return sentence(*costs, " It is the only option left.")
    odds, regret = Figure(found.odds[option_id], "odds_words"), Figure(found.regret[option_id], "about_money")
    return sentence(
        *costs, " It is the cheapest in ", odds, " of them; choosing it costs ", regret, " more on average than always knowing the cheapest."
    )  # fmt: skip


def payback(inputs: Inputs, found: Outlook, against: str) -> Sentence:
    """When the reference of the draws has become cheaper than another option, cumulatively. against: any option but the reference."""
    mine, other = (inputs.catalog.option(option_id).short_name for option_id in (found.reference, against))
    months, paid = inputs.scenario.horizon_months, found.payback[against]
    never: tuple[Part, ...] = (
        (" In ", Figure(paid.never, "percent"), f" of the draws it does not happen within {months} months.") if paid.never else ()
    )
    if paid.median is None:
        return sentence(f"In most draws {mine} does not become cheaper than {other} within {months} months.", *never)
    if paid.median == 0 == paid.high:
        return sentence(f"{mine} has cost less than {other} from the start.", *never)
    ends = f"month {paid.low} to {'after the horizon' if paid.high is None else paid.high} in eight of ten draws"
    return sentence(f"{mine} has cost less than {other} from month {paid.median} on ({ends}).", *never)
