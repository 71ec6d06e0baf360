"""A recommendation: the answer first, then the money, what would change it, the rules, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterator

from decision.catalog import Catalog
from decision.costs.line_items import MACHINES, MODELS, PEOPLE
from decision.recommendation import InputLine, OptionResult, Recommendation
from decision.recommendation.at_once import limit_sentences, load_sentence
from decision.recommendation.prices_used import last_confirmed
from decision.report.document import Block, Cell, Figure, Gap, Heading, Part, Section, cell_words, sentence, table
from decision.report.sections.evidence import LEGEND, marks, short
from decision.report.sections.flips import flips_of
from decision.report.sections.framework import gates
from decision.words import STATUS

_NEAREST = 3  # flips shown for each rival; `flips` lists all
_HEAD = ("option", "month 12", "a session", "run", "build", "delay", "exit")


def recommendation(name: str, found: Recommendation, catalog: Catalog) -> Iterator[Block]:
    """The whole recommendation. name: of the scenario."""
    yield Heading(name, f"prices of {found.as_of}, catalog {found.catalog_version}")
    yield from answer(found)
    yield from (sentence(condition, lead="- ") for condition in found.conditions)
    if confirmed := last_confirmed(found):
        yield sentence(confirmed.sentence)
    yield from at_once(found)
    yield Gap()
    yield from costs_of(found)
    yield from apart(found)
    yield from _changes(found, catalog)
    yield from _rules(found, catalog)
    yield from inputs_of(found)
    if found.warnings:
        yield Section("Warnings")
        yield from (sentence(warning, lead="- ") for warning in found.warnings)


def answer(found: Recommendation, odds: bool = False) -> Iterator[Block]:
    """The option recommended, why, and what that rests on. odds: and how often it is the cheapest, where no table near it says so."""
    best = found.recommended
    yield sentence(f"{best.name if best else 'None'} ({STATUS[found.status]})", lead="Recommendation: ", answers=True)
    yield sentence(found.because)
    if odds and best and best.odds is not None:
        yield sentence("It is the cheapest in ", Figure(best.odds, "odds_words"), " of the draws of what is uncertain.")
    if found.rests_on:
        yield sentence(found.rests_on)
    if found.trade:
        yield sentence(found.trade.sentence)


def at_once(found: Recommendation) -> Iterator[Block]:
    """Sessions at once, and limits that some of the draws exceed."""
    yield sentence(load_sentence(found.load))
    yield from (sentence(said) for said in limit_sentences(found.beyond_limits, found.inputs.catalog.options))


def costs_of(found: Recommendation) -> Iterator[Block]:
    """What the options left cost, the cheapest first, and below it what those that nobody asked about would."""
    months = f"{found.horizon_months} months"
    moves = found.inputs.scenario.running_on is not None
    rows = [tuple(_cost_row(found.result(option_id), found.option, moves)) for option_id in found.ranking]
    if rows:
        head = (*_HEAD, *(["moving"] if moves else []), months, "cheapest in")
        yield table(head, rows, numbers=range(1, len(head)), gives_way=0)
    else:
        yield sentence("Nothing is left to compare.")
    yield sentence(LEGEND)
    yield sentence(
        "USD. Month 12 is the bill of that month; run and what follows add up to the cost of ownership; the last column is the share of draws."
    )
    asked = [result for result in found.options if not result.considered and result.total is not None and not result.ruled_out_by]
    if asked:
        shown: list[Part] = []
        for result in sorted(asked, key=lambda result: result.total or 0.0):
            shown += [", " if shown else "", f"{result.option.short_name} ", Figure(result.total or 0.0, "dollars")]
        lead = f"Not ranked, over {months}: "
        yield sentence(*shown, ". The evidence behind their people costs is thinner.", lead=lead, in_currency=True)


def _cost_row(result: OptionResult, chosen: str | None, moves: bool) -> Iterator[Cell]:
    assert result.costed is not None  # only options with costs are ranked
    owned, bill = result.costed.owned, result.costed.bill
    yield f"{'=> ' if result.id == chosen else '   '}{result.option.short_name} {marks(*bill.items)}"
    yield Figure(bill.shown_total, "cents")
    yield "" if result.per_session is None else Figure(result.per_session, "each")
    parts = (owned.run, owned.build, owned.delay, owned.exit, *((owned.moving,) if moves else ()), owned.shown_total)
    yield from (Figure(part, "dollars") for part in parts)
    yield "" if result.odds is None else Figure(result.odds, "odds_words")


def apart(found: Recommendation, level: int = 1) -> Iterator[Block]:
    """Models, machines and people, each for itself."""
    costed = [(result, result.costed) for option_id in found.ranking if (result := found.result(option_id)).costed]
    if not costed:
        return
    yield Section("Machines and people apart", level)
    rows: list[tuple[Cell, ...]] = [
        (
            result.option.short_name,
            *(Figure(cost.bill.of(*of), "cents") for of in (MODELS, MACHINES, PEOPLE)),
            Figure(cost.bill.upkeep_hours, "about"), Figure(cost.owned.build_weeks, "about"), Figure(cost.owned.exit_weeks, "about"),
        )
        for result, cost in costed
        if cost is not None
    ]  # fmt: skip
    yield table(("month 12", "models", "machines", "people", "hours", "weeks to build", "to leave"), rows, numbers=range(1, 7), gives_way=0)


def _changes(found: Recommendation, catalog: Catalog) -> Iterator[Block]:
    if len(found.ranking) > 1:
        yield Section("What would change it")
    for option_id in found.ranking[1:]:
        if option_id != found.ranking[1]:
            yield Gap()
        yield sentence(f"What would make {short(catalog.option(option_id))} the cheapest")
        yield from flips_of([flip for flip in found.flips if flip.option == option_id], _NEAREST)


def _rules(found: Recommendation, catalog: Catalog) -> Iterator[Block]:
    verdict = found.verdict
    yield Section("The rules")
    yield sentence(verdict.sentence)
    for side, said in (("flowchart", verdict.outcome.flowchart), ("prose", verdict.outcome.prose), ("here", verdict.outcome.shown)):
        if said:
            yield sentence(said, lead=f"{side}: ", depth=2)
    if verdict.token_to_runtime_ratio is not None:
        yield sentence("Tokens are ", Figure(verdict.token_to_runtime_ratio), " times the runtime on the managed bill.")
    for signal in verdict.signals:
        yield sentence(f"{signal.text} ({signal.weight})", lead=f"- for {signal.side.replace('_', '-')}: ")
    yield from gates([hit for hit in verdict.gates if any(found.result(option_id).considered for option_id in hit.removes)], catalog)


def inputs_of(found: Recommendation, level: int = 1) -> Iterator[Block]:
    """What was given, measured and assumed."""
    for title, lines in (("Given", found.given), ("Measured", found.measured), ("Assumed", found.assumed)):
        unsure = [line for line in lines if title != "Assumed" or line.low != line.high]
        if lines:
            yield Section(title, level)
            yield from (sentence(*_input(line), lead="- ") for line in unsure)
        if len(unsure) < len(lines):
            rest = "; ".join(cell_words(_input(line)) for line in lines if line not in unsure)
            yield sentence(f"{rest}.", lead="- and as a point: ")


def _input(line: InputLine) -> tuple[Part, ...]:
    if isinstance(line.value, str):
        return (f"{line.label} {line.value}",)
    model = line.path.rpartition(".model_mix.")[2] if ".model_mix." in line.path else ""
    label, unit = f"{line.label} {model}" if model else line.label, line.unit or ""
    value = (f"{label}: ", Figure(line.value, "in_unit", unit))
    found = (f" ({line.basis})",) if line.basis else ()
    if line.low is None or line.high is None or line.low == line.high:
        return *value, *found
    return *value, ", from ", Figure(line.low, "bare", unit), " to ", Figure(line.high, "bare", unit), *found
