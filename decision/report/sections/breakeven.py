"""Every point at which the cheapest option changes along one input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from decision.analysis.breakeven import Basis, Crossing
from decision.analysis.steps import Step, step_at
from decision.catalog import Catalog
from decision.report.document import Block, Cell, Figure, Gap, Heading, Sentence, sentence, table
from decision.report.sections.evidence import not_priced, short
from decision.scenario import Inputs, Spec
from decision.words import BASES, counted, number, ordinal


@dataclass(frozen=True, slots=True)
class Driver:
    """An input that is varied from `low` to `high`; `now` is where the scenario stands."""

    name: str
    spec: Spec
    now: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Crossings:
    """Where the cheapest of `compared` options changes along a driver, from the lowest value on; and why other options are left out."""

    driver: Driver
    basis: Basis
    cheapest_at_low: str
    points: tuple[Crossing, ...]
    compared: int
    left_out: Mapping[str, str]


def breakeven(inputs: Inputs, found: Crossings) -> Iterator[Block]:
    """The section."""
    driver, catalog = found.driver, inputs.catalog
    yield Heading(
        f"{driver.spec.label}: {number(driver.low)} to {number(driver.high)} {driver.spec.unit}", f"{BASES[found.basis]}, prices of {inputs.as_of}"
    )
    yield sentence("The scenario stands at ", Figure(driver.now), ".")
    yield Gap()
    if found.points:
        yield table(("from", "to", "cheapest", ""), _stretches(found, catalog), numbers=(0, 1))
        yield Gap()
        yield from (_crossing(inputs, driver, point) for point in found.points)
    else:
        cheapest = short(catalog.option(found.cheapest_at_low))
        yield sentence(f"No break-even in this range: {cheapest} is the cheapest of {found.compared} throughout.")
    yield Gap()
    yield from not_priced(found.left_out)


def _stretches(found: Crossings, catalog: Catalog) -> Iterator[tuple[Cell, ...]]:
    driver, points = found.driver, found.points
    ends: Sequence[float] = [driver.low, *(point.at for point in points), driver.high]
    winners = [found.cheapest_at_low, *(point.after for point in points)]
    for start, end, winner in zip(ends, ends[1:], winners, strict=False):
        here = "<- now" if start <= driver.now < end or (end == driver.high and driver.now == end) else ""
        yield Figure(start), Figure(end), short(catalog.option(winner)), here


def _crossing(inputs: Inputs, driver: Driver, point: Crossing) -> Sentence:
    catalog = inputs.catalog
    after, before = catalog.option(point.after).short_name, catalog.option(point.before).short_name
    whole = f" (from {point.first_whole:,d} whole {driver.spec.unit})" if driver.spec.counted and point.at != point.first_whole else ""
    step = step_at(inputs, driver.name, point, driver.high - driver.low)
    how = f"where {step_words(catalog, step)}" if point.step else "where the two cost the same"
    changes = f" {driver.spec.unit}{whole} {after} becomes cheaper than {before}, {how}: "
    return sentence("At ", Figure(point.at), changes, Figure(point.cost, "dollars"), ".")


def step_words(catalog: Catalog, step: Step | None) -> str:
    """What happens at a step, to follow "where": the second server of VPS starts."""
    if step is None:
        return "a cost steps up"
    name = catalog.option(step.option).short_name
    if not step.servers:
        return f'"{step.line.label.partition(":")[0]}" of {name} {"starts" if step.before is None else "ends" if step.after is None else "steps"}'
    assert step.before is not None
    servers = round(float(step.line.quantity))
    if step.before.label == step.line.label and servers == round(float(step.before.quantity)) + 1:
        return f"the {ordinal(servers)} server of {name} starts"
    plan = step.line.label.partition(": ")[2] or step.line.label
    return f"{name} changes to {counted(servers, 'server')} of the plan {plan}"
