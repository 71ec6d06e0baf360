"""Two scenarios, or one on two days, and why the bill of month 12 differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from decision.analysis.comparison import Bridge, Comparison, Row
from decision.catalog import Catalog
from decision.report.document import Block, Cell, Figure, Gap, Heading, Kind, Section, Sentence, sentence, table
from decision.report.sections.evidence import changed, short
from decision.words import day

_HEAD = ("option", "month 12", "then", "change", "ownership", "then", "change")


def compare(found: Comparison, steps: Bridge | None) -> Iterator[Block]:
    """The section. steps: None where one of the two has no option with a price."""
    before, after = found.before, found.after
    catalog = before.catalog
    yield Heading(f"{before.scenario.name} ({before.as_of}) -> {after.scenario.name} ({after.as_of})")
    yield table(_HEAD, ((catalog.option(row.option).short_name, *_sides(row)) for row in found.rows), numbers=range(1, 7), gives_way=0)
    yield Gap()
    yield sentence(_answer(found, catalog))
    if steps:
        yield from _bridge(found, steps, catalog)
    yield Gap()


def _sides(row: Row) -> Iterator[Cell]:
    months = [None if side.monthly is None else side.monthly.shown_total for side in (row.before, row.after)]
    totals = [None if side.ownership is None else side.ownership.shown_total for side in (row.before, row.after)]
    yield from _change(months, "cents")
    yield from _change(totals, "dollars")


def _change(sides: Sequence[float | None], kind: Kind) -> Iterator[Cell]:
    start, end = sides
    yield "no price" if start is None else Figure(start, kind)
    yield "no price" if end is None else Figure(end, kind)
    yield "" if start is None or end is None else Figure(end - start, kind, signed=True)


def _answer(found: Comparison, catalog: Catalog) -> str:
    before, after = (short(catalog.option(option_id)) if option_id else "nothing" for option_id in (found.cheapest_before, found.cheapest_after))
    if found.flips:
        return f"The answer changes: {before} was the cheapest, now {after} is."
    return f"The answer stands: {after} is the cheapest both times."


def _adding_up(steps: Bridge, change: float) -> dict[str, float]:
    """The causes to the cent; the largest takes what rounding leaves over, so that they add up to the change shown."""
    shown = {str(cause): round(float(value), 2) for cause, value in steps.causes.items() if float(value)}
    if shown:
        largest = max(shown, key=lambda cause: abs(shown[cause]))
        shown[largest] += change - sum(shown.values())
    return shown


def _bridge(found: Comparison, steps: Bridge, catalog: Catalog) -> Iterator[Block]:
    totals = {row.option: [side.monthly.shown_total if side.monthly else 0.0 for side in (row.before, row.after)] for row in found.rows}
    start, end = totals[steps.option_before][0], totals[steps.option_after][1]
    option, other = (catalog.option(option_id).short_name for option_id in (steps.option_before, steps.option_after))
    yield Section(f"Why the bill of month 12 differs: {option if option == other else f'{option} -> {other}'}")
    causes = ((cause, Figure(value, "cents", signed=True)) for cause, value in _adding_up(steps, end - start).items())
    yield table(("cause", "USD"), (("before", Figure(start, "cents")), *causes, ("after", Figure(end, "cents"))), numbers=(1,))
    yield Gap()
    yield from (changed(change, f"- {change.cause}: ") for change in steps.changes)


def titles(found: Comparison) -> tuple[str, str]:
    """What tells the two sides apart: their names, or their days where they have one name."""
    sides = (found.before, found.after)
    one_name = found.before.scenario.name == found.after.scenario.name
    first, second = (day(side.as_of) if one_name else side.scenario.name for side in sides)
    return first, second


def lead(found: Comparison) -> Sentence:
    """Whether another option becomes the cheapest, and if not, what the cheapest costs more or less."""
    catalog, (first, second) = found.before.catalog, titles(found)
    if found.cheapest_before is None or found.cheapest_after is None:
        return sentence(f"No option can be priced for {first if found.cheapest_before is None else second}.")
    before, after = (catalog.option(option_id).short_name for option_id in (found.cheapest_before, found.cheapest_after))
    if found.flips:
        return sentence(f"The answer changes: {before} is the cheapest for {first}, {after} for {second}.")
    row = next(row for row in found.rows if row.option == found.cheapest_after)
    assert row.before.monthly is not None
    assert row.after.monthly is not None  # the cheapest on both sides
    change = row.after.monthly.shown_total - row.before.monthly.shown_total
    stands = f"The answer stands: {after} is the cheapest for both"
    if not round(change, 2):
        return sentence(f"{stands}, and costs the same in month 12.")
    more = f" {'more' if change > 0 else 'less'} for {second} than for {first}."
    return sentence(f"{stands}. In month 12 it costs ", Figure(abs(change), "cents"), more)
