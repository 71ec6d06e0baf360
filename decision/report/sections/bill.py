"""The bill of month 12, line by line, with every source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from decision.costs.bill import Bill
from decision.costs.costs import Costed
from decision.costs.line_items import MACHINES, MODELS, PEOPLE
from decision.framework import GateHit
from decision.report.document import Block, Cell, Figure, Gap, Heading, Part, Section, Sentence, Sources, Table, sentence, table
from decision.report.sections.evidence import LEGEND, marks, not_priced, price_source
from decision.scenario import Inputs
from decision.words import scalar

_HEAD = ("", "line", "quantity", "unit", "price", "USD", "source")


@dataclass(frozen=True, slots=True)
class Billed:
    """Bills to show, what they cost over the horizon, and what every option considered pays for tokens (USD of month 12)."""

    costed: tuple[Costed, ...]
    common: float
    gates: tuple[GateHit, ...]
    missing: Mapping[str, str]


def bills(inputs: Inputs, billed: Billed, with_workings: bool) -> Iterator[Block]:
    """The section: every bill with what rules the option out, then the sources of all of them. with_workings: how quantities come about, too."""
    for bill in (costed.bill for costed in billed.costed):
        yield Heading(bill.option.name, f"month 12, prices of {inputs.as_of}, USD")
        yield lines_of(bill)
        yield Gap()
        yield _each(bill, billed.common)
        yield _apart(bill)
        if with_workings:
            yield Section("How the quantities come about")
            yield from (sentence(f"{item.label}: {item.explained()}") for item in bill.items)
        for hit in billed.gates:
            if bill.option.id in hit.removes:
                yield sentence(f"Ruled out: {hit.because} {hit.relax}")
        yield Gap()
    yield from not_priced(billed.missing)
    yield sentence(LEGEND, depth=0)
    yield Gap()
    yield Sources()


def lines_of(bill: Bill) -> Table:
    """Every line with quantity, price, cost and source, and the total."""
    return table(_HEAD, _lines(bill), numbers=(2, 4, 5), gives_way=1)


def _lines(bill: Bill) -> Iterator[tuple[Cell, ...]]:
    category, several_groups = "", len(bill.uses) > 1
    for item in bill.items:
        label = f"{item.group}: {item.label}" if several_groups and item.group else item.label
        yield (
            "" if item.category == category else str(item.category), f"{label} {marks(item)}".rstrip(), Figure(item.quantity),
            item.price.pricing_unit, Figure(item.price.amount, "unit_price"), Figure(item.cost, "cents"), price_source(item.price),
        )  # fmt: skip
        category = str(item.category)
    yield "total", "", "", "", "", Figure(bill.shown_total, "cents"), ""


def _apart(bill: Bill) -> Sentence:
    """Models, machines and people of the bill, each for itself."""
    models, machines, people = (Figure(bill.of(*of), "cents") for of in (MODELS, MACHINES, PEOPLE))
    hours = Figure(bill.upkeep_hours, "about")
    return sentence("Of it models ", models, ", machines ", machines, ", people ", people, " for ", hours, " hours of work.", in_currency=True)


def _each(bill: Bill, common: float) -> Sentence:
    """The bill by session and by active hour, and what of it is not common to all options."""
    total, parts = bill.shown_total, list[Part]()
    for count, thing in ((scalar(bill.sessions), "a session"), (scalar(bill.active_hours), "an active hour")):
        if count:
            parts += [Figure(total / count, "each"), f" {thing}, "]
    beyond = Figure(total - round(common, 2), "cents")
    return sentence(*parts, beyond, " beyond the tokens that every option pays.", in_currency=True)
