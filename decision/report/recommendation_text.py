"""A recommendation as plain text: the answer first, then the money, what would change it, the rules, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from decision.analysis.flips import Flip
from decision.catalog import Catalog
from decision.framework import GateHit
from decision.recommendation import InputLine, OptionResult, Recommendation
from decision.report.text import LEGEND, cents, driver_name, heading, marks, paragraph, section, short, small, table, whole
from decision.words import STATUS, bare, counted, in_unit, number, percent

_NEAREST = 3  # flips shown for each rival; `flips` lists all


def recommendation_text(name: str, found: Recommendation, catalog: Catalog) -> str:
    """The whole recommendation."""
    best = found.recommended
    parts = [heading(name, f"prices of {found.as_of}, catalog {found.catalog_version}")]
    parts.append(paragraph(f"{best.name if best else 'None'} ({STATUS[found.status]})", 2, "Recommendation: "))
    parts.append(paragraph(found.because, 2))
    parts += [paragraph(condition, 2, "- ") for condition in found.conditions]
    parts += ["", _costs(found), *_others(found)]
    parts += _changes(found, catalog)
    parts += _rules(found, catalog)
    parts += _inputs(found)
    if found.warnings:
        parts += [section("Warnings"), *(paragraph(warning, 2, "- ") for warning in found.warnings)]
    return "\n".join(parts)


def _costs(found: Recommendation) -> str:
    months = f"{found.horizon_months} months"
    rows = [_cost_row(found.result(option_id), found.option) for option_id in found.ranking]
    if not rows:
        return "  Nothing is left to compare."
    return table(("option", "month 12", "a session", "run", "build", "delay", "exit", months, "cheapest in"), rows, right=range(1, 9), wrap=0)


def _cost_row(result: OptionResult, chosen: str | None) -> tuple[str, ...]:
    assert result.costed is not None  # only options with costs are ranked
    owned, bill = result.costed.owned, result.costed.bill
    name = f"{'=> ' if result.id == chosen else '   '}{result.option.short_name} {marks(*bill.items)}"
    parts = [round(float(part)) for part in (owned.run, owned.build, owned.delay, owned.exit)]
    return (
        name, cents(bill.shown_total),
        "" if result.per_session is None else small(result.per_session), *(whole(part) for part in parts), whole(owned.shown_total),
        "" if result.odds is None else percent(result.odds),
    )  # fmt: skip


def _others(found: Recommendation) -> Iterator[str]:
    yield paragraph(LEGEND, 2)
    yield paragraph(
        "USD. Month 12 is the bill of that month; run, build, delay and exit add up to the cost of ownership; the last column is the share of draws.",
        2,
    )
    asked = [result for result in found.options if not result.considered and result.total is not None and not result.ruled_out_by]
    if asked:
        shown = ", ".join(
            f"{result.option.short_name} {whole(result.total or 0.0)}" for result in sorted(asked, key=lambda result: result.total or 0.0)
        )
        yield paragraph(f"{shown}. The evidence behind their people costs is thinner.", 2, f"Not ranked, over {found.horizon_months} months: ")


def _changes(found: Recommendation, catalog: Catalog) -> Iterator[str]:
    if len(found.ranking) > 1:
        yield section("What would change it")
    for option_id in found.ranking[1:]:
        if option_id != found.ranking[1]:
            yield ""
        yield f"  {short(catalog.option(option_id))} is the cheapest when one of these changes"
        yield flip_table([flip for flip in found.flips if flip.option == option_id], _NEAREST)


def flip_table(flips: Sequence[Flip], most: int | None = None) -> str:
    """The inputs that flip the answer, nearest first, and how many do not in any range."""
    reached = [flip for flip in flips if flip.flips_at is not None]
    silent = len(flips) - len(reached)
    if not reached:
        return f"  None of {counted(silent, 'input')} does it alone, in any range looked at."
    rows = [
        (flip.label, number(flip.now), number(flip.flips_at), flip.unit, driver_name(flip.driver))
        for flip in reached[:most] if flip.flips_at is not None
    ]  # fmt: skip
    more = f"\n  {len(reached) - len(rows)} more: `flips` lists them." if len(rows) < len(reached) else ""
    return (
        table(("input", "now", "flips at", "unit", "name"), rows, right=(1, 2), wrap=0)
        + more
        + (f"\n  {counted(silent, 'other input')}: none in range." if silent else "")
    )


def _rules(found: Recommendation, catalog: Catalog) -> Iterator[str]:
    verdict = found.verdict
    yield section("The rules")
    yield paragraph(verdict.sentence, 2)
    for side, said in (("flowchart", verdict.outcome.flowchart), ("prose", verdict.outcome.prose), ("here", verdict.outcome.shown)):
        if said:
            yield paragraph(said, 4, f"{side}: ")
    if verdict.token_to_runtime_ratio is not None:
        yield paragraph(f"Tokens are {number(verdict.token_to_runtime_ratio)} times the runtime on the managed bill.", 2)
    yield from (paragraph(f"{signal.text} ({signal.weight})", 2, f"- for {signal.side.replace('_', '-')}: ") for signal in verdict.signals)
    yield from gate_lines([hit for hit in verdict.gates if any(found.result(option_id).considered for option_id in hit.removes)], catalog)


def gate_lines(hits: Sequence[GateHit], catalog: Catalog) -> list[str]:
    """What the gates remove, with the reason and the way out."""
    lines = [section("Gates")] if hits else ["", "  No gate removes an option."]
    for hit in hits:
        names = ", ".join(catalog.option(option_id).short_name for option_id in hit.removes)
        lines.append(paragraph(f"{hit.because} {hit.relax}", 2, f"- {names}: "))
    return lines


def _inputs(found: Recommendation) -> Iterator[str]:
    for title, lines in (("Given", found.given), ("Measured", found.measured), ("Assumed", found.assumed)):
        unsure = [line for line in lines if title != "Assumed" or line.low != line.high]
        if lines:
            yield section(title)
            yield from (paragraph(_input(line), 2, "- ") for line in unsure)
        if len(unsure) < len(lines):
            rest = [line for line in lines if line not in unsure]
            yield paragraph("; ".join(_input(line) for line in rest) + ".", 2, "- and as a point: ")


def _input(line: InputLine) -> str:
    if isinstance(line.value, str):
        return f"{line.label} {line.value}"
    model = line.path.rpartition(".model_mix.")[2] if ".model_mix." in line.path else ""
    label = f"{line.label} {model}" if model else line.label
    if line.low is None or line.high is None or line.low == line.high:
        return f"{label}: {in_unit(line.value, line.unit or '')}"
    low, high = (bare(end, line.unit or "") for end in (line.low, line.high))
    return f"{label}: {in_unit(line.value, line.unit or '')}, from {low} to {high}"
