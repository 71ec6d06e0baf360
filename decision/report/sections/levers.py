"""What the team can do about the bill, alone and together, and what a loop that nobody notices costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decision.analysis.exposure import Exposure
from decision.analysis.levers import Effect, Levers
from decision.catalog import Catalog, Value
from decision.costs.costs import Priced
from decision.report.document import Block, Cell, Figure, Gap, Heading, Part, Section, Sentence, sentence, table
from decision.report.sections.evidence import changed, not_priced, short
from decision.scenario import Inputs
from decision.words import scalar

SHOWN_SAVING = 0.005  # USD a month; less is nothing


def levers(inputs: Inputs, found: Levers, loops: Priced[Exposure], missing: Mapping[str, str]) -> Iterator[Block]:
    """The section. missing: why options of the scenario were not looked at."""
    catalog, texts = inputs.catalog, inputs.catalog.levers.levers
    letters = {effect.levers[0]: chr(ord("a") + n) for n, effect in enumerate(found.effects)}
    yield Heading(inputs.scenario.name, f"USD saved in month 12, prices of {inputs.as_of}")
    for effect in found.effects:
        for lever in effect.levers:
            yield sentence(f"{texts[lever].label}{_flips(effect, catalog)}", lead=f"{letters[lever]}  ")
    yield Gap()
    head = ("option", *letters.values(), "together", "added up")
    yield table(head, _savings(found, catalog), numbers=range(1, len(letters) + 3), gives_way=0)
    yield Gap()
    together = ", ".join(letters[lever] for lever in found.combined.levers) or "no lever, since none saves anything here"
    yield sentence(f"together: {together}, chosen for {short(catalog.option(found.recommended))}{_flips(found.combined, catalog)}.")
    yield sentence("added up: what the same levers would save if they did not get in each other's way.")
    yield Section("What they change")
    yield from [changed(change) for change in found.combined.changes] or [sentence("Nothing.")]
    yield Section("A loop that nobody notices")
    yield from (_loop(each, catalog) for each in loops.costs.values())
    yield from not_priced(loops.left_out)
    yield Gap()
    yield from not_priced({**missing, **found.left_out})


def _savings(found: Levers, catalog: Catalog) -> Iterator[tuple[Cell, ...]]:
    for option_id, saving in found.combined.savings.items():
        singles = (_saved(effect.savings[option_id].monthly) for effect in found.effects)
        yield catalog.option(option_id).short_name, *singles, _saved(saving.monthly), _saved(found.naive_sum[option_id])


def _saved(value: Value | None) -> Cell:
    return "no price" if value is None else Figure(value, "cents")


def _flips(effect: Effect, catalog: Catalog) -> str:
    return f"; with it {catalog.option(effect.cheapest).short_name} becomes the cheapest" if effect.flips else ""


def _loop(each: Exposure, catalog: Catalog) -> Sentence:
    limited = () if each.capped is None else (", ", Figure(each.capped, "cents"), " with a budget")
    without, hours = Figure(each.without, "cents"), Figure(each.hours)
    lead = f"- {catalog.option(each.option).short_name}: "
    return sentence(without, " USD in ", hours, " hours without a limit", *limited, f" ({each.why})", lead=lead, in_currency=True)


def lead(inputs: Inputs, found: Levers) -> Sentence:
    """What the levers save together on the recommended option, and whether another becomes the cheapest."""
    name, saving = inputs.catalog.option(found.recommended).short_name, found.combined.savings[found.recommended]
    if not found.combined.levers:
        none = not any(each.savings[found.recommended].monthly for each in found.effects)
        return sentence(f"No lever saves anything on {name} in this scenario." if none else "Choose a lever to see what it saves.")
    if saving.monthly is None:
        return sentence(f"{name} has no price with these levers: {saving.why}")
    together, naive = scalar(saving.monthly), scalar(found.naive_sum[found.recommended])
    saved = Figure(abs(together), "cents")
    verb: tuple[Part, ...] = ("save ", saved, " a month") if together >= 0 else ("cost ", saved, " more a month")
    claimed: tuple[Part, ...] = (" Added up one by one they would claim ", Figure(naive, "cents"), "; they act on the same dollars.")
    less = claimed if abs(naive - together) > SHOWN_SAVING else ()
    flips = f" With them {inputs.catalog.option(found.combined.cheapest).short_name} becomes the cheapest." if found.combined.flips else ""
    return sentence("Together they ", *verb, f" on {name}.", *less, flips or " The cheapest option stays the same.")
