"""A decision record: what a decision can be filed under, in the order of MADR 4.0 (Markdown Architectural Decision Records)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from decision.analysis.draws import USUAL_SEED
from decision.analysis.information import Information
from decision.catalog import PriceInForce
from decision.catalog.history import last_read, stale_prices
from decision.charts import stack_rows
from decision.costs.line_items import MACHINES, MODELS, PEOPLE
from decision.framework import STALE_DAYS
from decision.recommendation import OptionResult, Recommendation
from decision.recommendation.prices_used import last_confirmed
from decision.recommendation.triggers import triggers
from decision.report import record_json
from decision.report.document import Attached, Block, Cell, Figure, Part, Picture, Section, Sources, sentence, table
from decision.report.sections.bill import lines_of
from decision.report.sections.evidence import LEGEND, price_source
from decision.report.sections.flips import flip, flips_of
from decision.report.sections.framework import answers, gates
from decision.report.sections.recommendation import answer, apart, at_once, costs_of, inputs_of
from decision.words import MONTHS_AND_HORIZON, OWNERSHIP, counted, listed, money

_TURNING = 3  # flips told on the first page
_WORTH_TELLING = 0.05  # of the draws: an option that is cheapest in fewer is not praised for it


@dataclass(frozen=True, slots=True)
class People:
    """Who decides, who is asked and who is told, as the front matter of a record names them."""

    decision_makers: tuple[str, ...] = ()
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()


NOBODY = People()


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A recommendation to be filed. unknown: what is worth finding out; None where nothing is left to choose between. link: of the scenario."""

    found: Recommendation
    unknown: Information | None
    link: str
    version: str
    status: str = "proposed"
    people: People = NOBODY

    @property
    def title(self) -> str:
        """Of the record: the question as it was asked."""
        return self.found.inputs.scenario.name

    @property
    def date(self) -> dt.date:
        """The day whose prices count. No clock: the same scenario gives the same record."""
        return self.found.as_of

    @property
    def charged(self) -> tuple[OptionResult, ...]:
        """Options that are considered and have a price, those that are left first and the cheapest of them on top."""
        order = {option_id: n for n, option_id in enumerate(self.found.ranking)}
        priced = (result for result in self.found.considered if result.costed is not None)
        return tuple(sorted(priced, key=lambda result: order.get(result.id, len(order))))

    @property
    def prices(self) -> dict[str, PriceInForce]:
        """Every price on their bills of month 12, by id."""
        return {item.price.id: item.price for result in self.charged if result.costed for item in result.costed.bill.items}


def summary(record: DecisionRecord) -> Iterator[Block]:
    """The first page: the question, the answer, machines and people apart, what would turn it, what it rests on."""
    yield Section("Context and problem statement")
    yield sentence(*question(record))
    yield Section("Answer", 2)
    yield from answer(record.found, odds=True)
    yield from apart(record.found, level=2)
    yield Section("What would change it", 2)
    yield from turning(record)


def question(record: DecisionRecord) -> tuple[Part, ...]:
    """What was asked, in one sentence."""
    found = record.found
    inputs, names = found.inputs, listed(result.option.short_name for result in found.considered)
    groups = len(inputs.scenario.fleet)
    agents = float(inputs.driver_value("agents"))
    of_groups = f" in {counted(groups, 'group')}" if groups > 1 else ""
    return (
        "Where should ",
        Figure(agents),
        f" agent{'' if agents == 1 else 's'}{of_groups} run over {found.horizon_months} months: {names}? Prices of {found.as_of}.",
    )


def turning(record: DecisionRecord) -> Iterator[Block]:
    """The nearest changes of one input that make another option the cheapest."""
    found = record.found
    reached = [each for each in found.flips if each.flips_at is not None]
    if not reached:
        yield sentence("No single input turns the answer, in any range looked at.")
    for each in reached[:_TURNING]:
        said = flip(found.inputs.catalog, each)
        yield sentence(*said.parts, lead="- ")


def decision_record(record: DecisionRecord) -> Iterator[Block]:
    """The whole record, the first page first."""
    found, catalog = record.found, record.found.inputs.catalog
    yield from summary(record)
    yield Section("Decision drivers")
    yield from answers(catalog.framework, found.verdict)
    yield Section("Considered options")
    yield from _considered(record)
    yield from gates([hit for hit in found.verdict.gates if any(found.result(option_id).considered for option_id in hit.removes)], catalog)
    yield Section("Decision outcome")
    yield from answer(record.found, odds=True)
    yield from _drawn(record)
    yield from costs_of(found)
    yield sentence(MONTHS_AND_HORIZON)
    yield from at_once(found)
    yield Section("Consequences", 2)
    yield from _consequences(record)
    yield Section("Confirmation", 2)
    yield from confirmation(record)
    yield Section("Pros and cons of the options")
    for result in record.charged:
        yield Section(result.name, 2)
        yield from _for_and_against(record, result)
    yield from _how_sure(record)
    yield Section("What was put in")
    yield from inputs_of(found, level=2)
    for result in record.charged:
        yield from _bill(record, result)
    yield Section("More information")
    yield from _prices(record)
    yield from _origin(record)
    if found.warnings:
        yield Section("Warnings", 2)
        yield from (sentence(warning, lead="- ") for warning in found.warnings)
    yield Section("Sources")
    yield Sources()


def confirmation(record: DecisionRecord) -> Iterator[Block]:
    """When to look at it again: in words, and as `check` reads it."""
    found = record.found
    conditions = triggers(found)
    if not conditions:
        yield sentence("Nothing is recommended, so there is nothing to confirm.")
        return
    yield sentence("Look at this decision again when one of these comes about; `check` finds out which have.")
    prices = [each for each in conditions if each.kind == "price"]
    yield from (sentence(each.words, lead="- ") for each in conditions if each.kind != "price")
    yield sentence(f"One of the {counted(len(prices), 'price')} on its bill changes", lead="- ")
    yield Attached("What check reads", record_json.to_check(record.title, found, conditions))


def _considered(record: DecisionRecord) -> Iterator[Block]:
    for result in record.found.considered:
        if result.unpriced:
            yield sentence(f"{result.name}: not priced, {result.unpriced}", lead="- ")
        elif result.ruled_out_by:
            yield sentence(f"{result.name}: ruled out", lead="- ")
        else:
            yield sentence(f"{result.name}: ", Figure(_shown(result), "dollars"), f" over {record.found.horizon_months} months", lead="- ")


def _shown(result: OptionResult) -> float:
    """Its cost of ownership as every table shows it, USD; only of options with costs."""
    assert result.costed is not None
    return result.costed.owned.shown_total


def ownership_picture(record: DecisionRecord) -> Picture | None:
    """The cost of ownership of the options left, as stacked bars; None where there are not two."""
    found = record.found
    owned = {found.result(option_id).option.short_name: found.result(option_id).costed for option_id in found.ranking}
    parts = {name: {part: round(float(getattr(costed.owned, part))) for part in OWNERSHIP} for name, costed in owned.items() if costed}
    if len(parts) < 2:
        return None
    told = "; ".join(f"{name} {money(sum(costs.values()))}" for name, costs in parts.items())
    shown = [words for part, words in OWNERSHIP.items() if any(costs[part] for costs in parts.values())]
    said = f"Cost of ownership over {found.horizon_months} months; from left to right {listed(shown)}. {told}."
    return Picture("ownership", stack_rows([(name, costs, False) for name, costs in parts.items()], OWNERSHIP, money), said)


def _drawn(record: DecisionRecord) -> Iterator[Block]:
    if picture := ownership_picture(record):
        yield picture
        yield sentence(f"{picture.said.partition('. ')[0]}.")


def _consequences(record: DecisionRecord) -> Iterator[Block]:
    found = record.found
    best = found.recommended
    if best is None or best.costed is None:
        yield sentence("Nothing follows from it: no option is left. Relax what rules them out.")
        return
    for other_id in found.ranking:
        other = found.result(other_id)
        if other.id != best.id:
            more = _shown(other) - _shown(best)
            side, than = ("Good", "less than") if more >= 0 else ("Bad", "more than")
            yield sentence(
                f"{side}, because it costs ", Figure(abs(more), "dollars"), f" {than} {other.name} over {found.horizon_months} months.", lead="- "
            )
    hours = Figure(best.costed.bill.upkeep_hours, "about")
    yield sentence("Neutral, because it takes ", hours, " hours of people a month.", lead="- ")
    yield from (sentence(f"Depends: {condition}", lead="- ") for condition in found.conditions)


def _for_and_against(record: DecisionRecord, result: OptionResult) -> Iterator[Block]:
    found, costed = record.found, result.costed
    assert costed is not None  # only options with costs are told
    best = min((_shown(other) for other in record.charged if not other.ruled_out_by), default=_shown(result))
    yield sentence(result.option.summary)
    brings = [component.replace("_", " ") for component in result.option.provides]
    if brings:
        yield sentence(f"Good, because it brings {listed(brings)}.", lead="- ")
    if result.odds and result.odds >= _WORTH_TELLING:
        yield sentence("Good, because it is the cheapest in ", Figure(result.odds, "odds_words"), " of the draws.", lead="- ")
    parts: list[Part] = []
    for name, of in (("models", MODELS), ("machines", MACHINES), ("people", PEOPLE)):
        parts += [", " if parts else "", f"{name} ", Figure(costed.bill.of(*of), "cents")]
    yield sentence("Neutral, because a month costs ", Figure(costed.bill.shown_total, "cents"), ": ", *parts, ".", lead="- ")
    if _shown(result) > best:
        yield sentence(
            "Bad, because it costs ",
            Figure(_shown(result) - best, "dollars"),
            f" more than the cheapest over {found.horizon_months} months.",
            lead="- ",
        )
    for hit in found.verdict.ruled_out_by(result.id):
        yield sentence(f"Bad, because it is ruled out: {hit.because} {hit.relax}", lead="- ")
    yield from (sentence(f"Bad, because: {warning}", lead="- ") for warning in result.option.warnings)


def _how_sure(record: DecisionRecord) -> Iterator[Block]:
    found, unknown = record.found, record.unknown
    yield Section("How sure, and what to find out next")
    if unknown is None:
        yield sentence("There is nothing to choose between, so nothing is worth finding out for it.")
    else:
        yield sentence(unknown.sentence)
        yield sentence("Knowing everything would be worth ", Figure(unknown.evpi, "money"), f" ({unknown.draws:,d} draws, seed {unknown.seed}).")
        for each in [each for each in unknown.inputs if each.matters][:_TURNING]:
            yield sentence(f"Find out {each.label}: worth up to ", Figure(each.value, "money"), ".", lead="- ")
    for option_id in found.ranking[1:]:
        yield Section(f"What would make {found.result(option_id).option.short_name} the cheapest", 2)
        yield from flips_of([each for each in found.flips if each.option == option_id])


def _bill(record: DecisionRecord, result: OptionResult) -> Iterator[Block]:
    costed = result.costed
    assert costed is not None  # only options with costs have bills
    owned = costed.owned
    yield Section(f"Bill of month 12: {result.name}")
    yield lines_of(costed.bill)
    yield sentence(LEGEND)
    yield Section("How the quantities come about", 2)
    yield from (sentence(f"{item.label}{f' of {item.group}' if item.group else ''}: {item.explained()}", lead="- ") for item in costed.bill.items)
    yield sentence(
        f"Over {record.found.horizon_months} months: run ", Figure(owned.run, "dollars"), ", build ", Figure(owned.build, "dollars"), ", delay ",
        Figure(owned.delay, "dollars"), ", exit ", Figure(owned.exit, "dollars"), ", together ", Figure(owned.shown_total, "dollars"), ".",
    )  # fmt: skip


def _prices(record: DecisionRecord) -> Iterator[Block]:
    catalog, day = record.found.inputs.catalog, record.date
    rows: list[tuple[Cell, ...]] = [
        (price_id, Figure(price.amount, "unit_price"), price.pricing_unit, str(price.effective_from), _read(record, price), price_source(price))
        for price_id, price in sorted(record.prices.items())
    ]
    yield Section("Every price used", 2)
    yield table(("price", "USD", "unit", "since", "read", "source"), rows, numbers=(1,), gives_way=0)
    if confirmed := last_confirmed(record.found):
        yield sentence(confirmed.sentence)
    most = int(catalog.framework.threshold(STALE_DAYS))
    old = [stale for stale in stale_prices(catalog, day, most) if stale.price.id in record.prices]
    if old:
        names = listed(f"{stale.price.id} ({stale.age_days} days)" for stale in old)
        yield sentence(f"Not read for more than {most} days: {names}.")
    else:
        yield sentence(f"Every one of them was read within {most} days of {day}.")


def _read(record: DecisionRecord, price: PriceInForce) -> str:
    if price.negotiated or price.id not in record.found.inputs.catalog.prices:
        return "given"
    return str(last_read(record.found.inputs.catalog, price.id, record.date) or "")


def _origin(record: DecisionRecord) -> Iterator[Block]:
    yield Section("Where this comes from", 2)
    yield sentence(
        f"Prices of {record.date}, catalog {record.found.catalog_version}, agent-runtime-decision {record.version}, seed {USUAL_SEED}.", lead="- "
    )
    yield sentence(f"The scenario as a link: ?s={record.link}", lead="- ")


def named(people: Iterable[str]) -> tuple[str, ...]:
    """Names without blanks around them, those that are blank left out."""
    return tuple(name.strip() for name in people if name.strip())
