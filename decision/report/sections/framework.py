"""The questions, every way through them, and the way that a scenario takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from decision.catalog import Catalog
from decision.framework import Answer, Framework, GateHit, Verdict
from decision.framework import table as ways
from decision.report.document import Block, Gap, Heading, Section, sentence
from decision.scenario import Inputs
from decision.words import number, spelled

_PROVEN = "Every combination of answers reaches exactly one outcome; no outcome is out of reach, and no question is asked in vain."


def framework(rules: Framework) -> Iterator[Block]:
    """The section without a scenario."""
    yield Heading(f"The {_questions(rules)}", "data/framework.yaml")
    for question in rules.questions:
        yield sentence(f"{question.text} ({question.answered_by})", lead=f"{question.name}: ")
        yield sentence(" / ".join(rules.label(question.id, answer.id) for answer in question.classes), depth=2)
    yield from _every_way(rules, ())
    yield Gap()
    yield sentence(_PROVEN)


def walked(inputs: Inputs, rules: Framework, found: Verdict) -> Iterator[Block]:
    """The section for a scenario."""
    yield Heading(inputs.scenario.name, f"the {_questions(rules)}, prices of {inputs.as_of}")
    yield from answers(rules, found)
    yield Gap()
    yield sentence(found.sentence)
    yield from _every_way(rules, found.path)
    yield from gates(found.gates, inputs.catalog)
    if found.signals:
        yield Section("Signals, weighed in words and never counted")
        for signal in found.signals:
            yield sentence(f"{signal.side.replace('_', '-')}: {signal.text} ({signal.weight})", lead="- ")
    yield from (sentence(warning, lead="! ") for warning in found.warnings)


def answers(rules: Framework, found: Verdict) -> Iterator[Block]:
    """The questions on the way, with the scenario's answers."""
    for step in found.path:
        value = f", {number(step.value)}" if isinstance(step.value, float) else ""
        why = f": {step.why}" if step.why else ""
        yield sentence(f"{rules.question(step.question).text} {step.label} ({step.origin}{value}{why})", lead="- ")


def _questions(rules: Framework) -> str:
    """The questions that are named by number; the others only decide between their outcomes."""
    return f"{spelled(sum(question.name.startswith('Question') for question in rules.questions))} questions"


def _every_way(rules: Framework, path: Sequence[Answer]) -> Iterator[Block]:
    yield Section("Every way through")
    for row in ways(rules, path):
        said = ", ".join(answer for answer in row.answers.values() if answer != "any")
        yield sentence(f"{said} -> {row.outcome} ({', '.join(row.families)})", lead="=> " if row.taken else "   ")


def gates(hits: Sequence[GateHit], catalog: Catalog) -> Iterator[Block]:
    """What the gates remove, with the reason and the way out."""
    if not hits:
        yield Gap()
        yield sentence("No gate removes an option.")
        return
    yield Section("Gates")
    for hit in hits:
        names = ", ".join(catalog.option(option_id).short_name for option_id in hit.removes)
        yield sentence(f"{hit.because} {hit.relax}", lead=f"- {names}: ")
