"""Commands about doing something else: levers, split, compare."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator

from decision.analysis import exposure
from decision.analysis import levers as pulling
from decision.analysis.comparison import Bridge, Change, Comparison, Side, bridge
from decision.analysis.comparison import compare as compared
from decision.analysis.portfolio import Split, only
from decision.analysis.portfolio import split as split_of
from decision.analysis.pulled import Lever, dials, levers_file
from decision.catalog import Catalog, Value
from decision.errors import BadInput, nearest, shown
from decision.framework import MATERIALITY_SHARE, MATERIALITY_USD, load_framework
from decision.report import analysis_json
from decision.report.text import cents, heading, paragraph, section, short, table, whole
from decision.terminal import FINE, NO, Answer
from decision.terminal.reading import gates, inputs_in, not_priced, still_open
from decision.words import in_unit, number, signed, value_or_word


def levers(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """What each lever saves on each option still open, and what they save together."""
    inputs = inputs_in(arguments, today)
    options = still_open(arguments, inputs)
    chosen = [_lever(name) for name in arguments.lever] if arguments.lever else None
    at = dials(dict(arguments.dial or ()))
    found = pulling.levers(inputs, options.ids, chosen, at=at)
    loops = exposure.exposures(inputs, options.ids, at)

    def words() -> str:
        texts = levers_file().levers
        letters = {effect.levers[0]: chr(ord("a") + n) for n, effect in enumerate(found.effects)}
        parts = [heading(inputs.scenario.name, f"USD saved in month 12, prices of {inputs.as_of}")]
        parts += [
            paragraph(f"{texts[lever].label}{_flips(effect, inputs.catalog)}", 2, f"{letters[lever]}  ")
            for effect in found.effects
            for lever in effect.levers
        ]
        together = ", ".join(letters[lever] for lever in found.combined.levers) or "no lever, since none saves anything here"
        parts += [
            "",
            table(("option", *letters.values(), "together", "added up"), _savings(found, inputs.catalog), right=range(1, len(letters) + 3), wrap=0),
            "",
        ]
        parts += [
            paragraph(
                f"together: {together}, chosen for {short(inputs.catalog.option(found.recommended))}{_flips(found.combined, inputs.catalog)}.", 2
            )
        ]
        parts += [paragraph("added up: what the same levers would save if they did not get in each other's way.", 2), section("What they change")]
        parts += [paragraph(_change(change), 2, "- ") for change in found.combined.changes] or ["  Nothing."]
        parts += [section("A loop that nobody notices"), *(_loop(each, inputs.catalog) for each in loops)]
        return "\n".join([*parts, "", *not_priced({**options.missing, **found.left_out})])

    return Answer(words, lambda: analysis_json.levers(inputs, found, loops))


def _savings(found: pulling.Levers, catalog: Catalog) -> Iterator[tuple[str, ...]]:
    for option_id, saving in found.combined.savings.items():
        singles = (_saved(effect.savings[option_id].monthly) for effect in found.effects)
        yield catalog.option(option_id).short_name, *singles, _saved(saving.monthly), _saved(found.naive_sum[option_id])


def _lever(name: str) -> Lever:
    try:
        return Lever(name.replace("-", "_"))
    except ValueError:
        raise BadInput(f'"{shown(name)}" is not a lever.{nearest(name, [*Lever])} Known: {", ".join(Lever)}.') from None


def _saved(value: Value | None) -> str:
    return "no price" if value is None else cents(float(value))


def _flips(effect: pulling.Effect, catalog: Catalog) -> str:
    return f"; with it {catalog.option(effect.cheapest).short_name} becomes the cheapest" if effect.flips else ""


def _loop(each: exposure.Exposure, catalog: Catalog) -> str:
    limited = "" if each.capped is None else f", {cents(float(each.capped))} with a budget"
    said = f"{cents(float(each.without))} USD in {number(float(each.hours))} hours without a limit{limited} ({each.why})"
    return paragraph(said, 2, f"- {catalog.option(each.option).short_name}: ")


def _change(change: Change) -> str:
    before, after = (value_or_word(value) for value in (change.before, change.after))
    return f"{change.label}: {before} -> {after} {change.unit}"


def split(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """The cheapest assignment of the agent groups to options."""
    inputs = inputs_in(arguments, today)
    options = still_open(arguments, inputs, gated=False)
    allowed = {}
    for group in inputs.scenario.fleet:
        removed = {option_id for hit in gates(only(inputs, (group.name,)), options.ids) for option_id in hit.removes}
        allowed[group.name] = [option_id for option_id in options.ids if option_id not in removed]
    share, least = (load_framework().threshold(name) for name in (MATERIALITY_SHARE, MATERIALITY_USD))
    found = split_of(inputs, options.ids, allowed, materiality_share=share, materiality_month=least)

    def words() -> str:
        months = inputs.scenario.horizon_months
        rows = [
            (inputs.catalog.option(stack.option).short_name, ", ".join(stack.groups), cents(stack.monthly), whole(stack.ownership.shown_total))
            for stack in found.stacks
        ]
        return "\n".join((
            heading(inputs.scenario.name, f"split of {len(inputs.scenario.fleet)} groups, USD, prices of {inputs.as_of}"),
            paragraph(_split_sentence(found, inputs.catalog, share, least), 2), "",
            table(("option", "groups", "month 12", f"{months} months"), rows, right=(2, 3), wrap=1), "",
            *(paragraph(convention, 2, "- ") for convention in found.conventions), "", *not_priced({**options.missing, **found.left_out}),
        ))  # fmt: skip

    return Answer(words, lambda: analysis_json.split(inputs, found))


def _split_sentence(found: Split, catalog: Catalog, share: float, least: float) -> str:
    if found.single is None or found.saving is None:
        return "No single option may take every group, so the groups have to be split."
    single = short(catalog.option(found.single))
    if len(found.stacks) == 1:
        return f"Keep the groups together: nothing is cheaper than {single} for all of them."
    sure = "" if found.exact else f" The cheapest split there is may cost up to {whole(found.at_most_above)} USD less than this one."
    if not found.material:
        bar = f"under {in_unit(share, 'share')} of the cost or {whole(least)} USD a month is not worth a second stack"
        return f"Keep the groups together on {single}: the split saves {whole(found.saving)} USD over the horizon, and {bar}.{sure}"
    return f"Split the groups: it saves {whole(found.saving)} USD over the horizon against {single} for all of them.{sure}"


def compare(arguments: argparse.Namespace, today: dt.date) -> Answer:
    """Two scenarios, or one on two days, and why the bill differs; exit code 1 when another option becomes the cheapest."""
    if arguments.other is None and arguments.start is None and arguments.end is None:
        raise BadInput("compare needs a second scenario, or --from and --to to price one scenario on two days.")
    arguments.as_of = arguments.start
    before = inputs_in(arguments, today)
    arguments.as_of = arguments.end
    after = inputs_in(arguments, today, arguments.other or arguments.file)
    named = arguments.option
    for option_id in named or ():
        before.catalog.option(option_id)
    found = compared(before, after, named)
    ends = (named[0], named[0]) if named and len(named) == 1 else (found.cheapest_before, found.cheapest_after)
    steps = bridge(before, after, ends[0], ends[1]) if ends[0] and ends[1] else None

    def words() -> str:
        rows = [(before.catalog.option(row.option).short_name, *_sides(row.before, row.after)) for row in found.rows]
        return "\n".join((
            heading(f"{before.scenario.name} ({before.as_of}) -> {after.scenario.name} ({after.as_of})"),
            table(("option", "month 12", "then", "change", "ownership", "then", "change"), rows, right=range(1, 7), wrap=0), "",
            paragraph(_answers(found, before.catalog), 2), *(_bridge_lines(found, steps, before.catalog) if steps else ()), "",
        ))  # fmt: skip

    return Answer(words, lambda: analysis_json.comparison(found, steps), NO if found.flips else FINE)


def _sides(before: Side, after: Side) -> Iterator[str]:
    months = [None if side.monthly is None else side.monthly.shown_total for side in (before, after)]
    totals = [None if side.ownership is None else float(side.ownership.shown_total) for side in (before, after)]
    for (start, end), written in ((months, cents), (totals, whole)):
        yield "no price" if start is None else written(start)
        yield "no price" if end is None else written(end)
        yield "" if start is None or end is None else signed(written(end - start))


def _answers(found: Comparison, catalog: Catalog) -> str:
    before, after = (short(catalog.option(option_id)) if option_id else "nothing" for option_id in (found.cheapest_before, found.cheapest_after))
    return (
        f"The answer changes: {before} was the cheapest, now {after} is."
        if found.flips
        else f"The answer stands: {after} is the cheapest both times."
    )


def _adding_up(steps: Bridge, change: float) -> dict[str, float]:
    """The causes to the cent; the largest takes what rounding leaves over, so that they add up to the change shown."""
    shown = {str(cause): round(float(value), 2) for cause, value in steps.causes.items() if float(value)}
    if shown:
        largest = max(shown, key=lambda cause: abs(shown[cause]))
        shown[largest] += change - sum(shown.values())
    return shown


def _bridge_lines(found: Comparison, steps: Bridge, catalog: Catalog) -> Iterator[str]:
    totals = {row.option: [side.monthly.shown_total if side.monthly else 0.0 for side in (row.before, row.after)] for row in found.rows}
    start, end = totals[steps.option_before][0], totals[steps.option_after][1]
    option = catalog.option(steps.option_before).short_name
    other = catalog.option(steps.option_after).short_name
    yield section(f"Why the bill of month 12 differs: {option if option == other else f'{option} -> {other}'}")
    causes = [(str(cause), signed(cents(value))) for cause, value in _adding_up(steps, end - start).items()]
    yield table(("cause", "USD"), [("before", cents(start)), *causes, ("after", cents(end))], right=(1,))
    yield ""
    yield from (paragraph(_change(change), 2, f"- {change.cause}: ") for change in steps.changes)


__all__ = ["compare", "levers", "split"]
