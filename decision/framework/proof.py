"""Reading data/framework.yaml, and the proof that it decides: every combination of answers reaches exactly one outcome."""

from __future__ import annotations

import functools
import itertools
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from decision import strict_yaml
from decision.catalog import DATA, Option
from decision.catalog.options import Limits
from decision.errors import BadInput, field_names, nearest, sentences
from decision.framework.measures import FIELDS, MEASURES
from decision.framework.shapes import ChoiceGate, Framework, LimitGate, ModelsGate, Question, Row, When
from decision.scenario.model import Group, Scenario

FILE = "framework.yaml"

CLOSE_CALL_SHARE, CLOSE_CALL_USD, CLEAR_ODDS = "close_call_share", "close_call_usd_per_month", "clear_odds"
MATERIALITY_SHARE, MATERIALITY_USD, ODDS_DRAWS = "materiality_share", "materiality_usd_per_month", "odds_draws"
OWN_EXIT = "exit_to_yearly_cost"  # the measure behind question 4, computed again for the option recommended


@functools.cache
def load_framework(path: Path = DATA / FILE) -> Framework:
    """The framework in a file, proven. Raises BadInput with one sentence per problem or gap."""
    try:
        framework = Framework.model_validate(strict_yaml.read(path))
    except ValidationError as error:
        raise BadInput(sentences(error, path.name, field_names(Framework))) from None
    if problems := gaps(framework):
        raise BadInput(f"{path.name}: {problem}" for problem in problems)
    return framework


def gaps(framework: Framework) -> tuple[str, ...]:
    """What keeps the framework from deciding, one sentence each; () when every combination of answers reaches exactly one outcome.

    Names first, then classes, then the flow: a later check would only repeat an earlier problem.
    """
    for check in (_unknown_names, _unclear_classes, _flow_gaps):
        if problems := tuple(check(framework)):
            return problems
    return ()


def combinations(framework: Framework) -> Iterator[dict[str, str]]:
    """Every combination of answers to all questions, as question id -> class id."""
    for answers in itertools.product(*(question.classes for question in framework.questions)):
        yield {question.id: answer.id for question, answer in zip(framework.questions, answers, strict=True)}


def fits(row: Row, answers: Mapping[str, str]) -> bool:
    """Whether a row of the flow fits these answers."""
    return all(answers[question] == answer for question, answer in row.when.items())


# -- names -------------------------------------------------------------------------------------------------


def _unknown_names(framework: Framework) -> Iterator[str]:
    for place, name, known, what in _names(framework):
        if name not in (known := list(known)):
            yield f'{place}: "{name}" is not a known {what}.{nearest(name, known) or " Known: " + ", ".join(sorted(known)[:12]) + "."}'
    for kind, items in (("questions", framework.questions), ("gates", framework.gates), ("signals", framework.signals)):
        ids = [item.id for item in items]
        for item_id in dict.fromkeys(ids):
            if ids.count(item_id) > 1:
                yield f'{kind}: the id "{item_id}" stands twice. Give each its own.'


Named = tuple[str, str, Iterable[str], str]  # place, name, known names, what it should be


def _names(framework: Framework) -> Iterator[Named]:
    for name in (CLOSE_CALL_SHARE, CLOSE_CALL_USD, CLEAR_ODDS, MATERIALITY_SHARE, MATERIALITY_USD, ODDS_DRAWS):
        if name not in framework.thresholds:
            yield "thresholds", name, framework.thresholds, "threshold, and the recommendation needs it"
    yield from _evidence_names(framework)
    yield from _question_names(framework)
    questions = {question.id: question for question in framework.questions}
    for i, row in enumerate(framework.flow):
        yield f"flow[{i}].outcome", row.outcome, framework.outcomes, "outcome"
        for question, answer in row.when.items():
            yield f"flow[{i}].when", question, questions, "question"
            if question in questions:
                yield f"flow[{i}].when.{question}", answer, [c.id for c in questions[question].classes], "answer to that question"
    for place, conditions in _conditions(framework):
        for condition in conditions:
            yield from _condition_names(f"{place}.when", condition, framework)
    yield from _gate_names(framework)


def _evidence_names(framework: Framework) -> Iterator[Named]:
    cited = [(f"thresholds.{name}", threshold.source) for name, threshold in framework.thresholds.items()]
    cited += [(f"questions.{question.id}", question.source) for question in framework.questions]
    cited += [(f"gates.{gate.id}", gate.source) for gate in framework.gates if not isinstance(gate, LimitGate)]
    for place, source in cited:
        if source is not None:
            yield f"{place}.source", source, framework.sources, "source of this file"


def _question_names(framework: Framework) -> Iterator[Named]:
    for question in framework.questions:
        place = f"questions.{question.id}"
        yield f"{place}.reads", question.reads, (*MEASURES, *FIELDS), "quantity or field of the scenario"
        if question.blank:
            yield f"{place}.blank.answer", question.blank.answer, [c.id for c in question.classes], "answer to this question"
        for answer in question.classes:
            yield from _bounds(f"{place}.classes.{answer.id}", answer.from_, answer.below, framework)


def _bounds(place: str, low: str | None, high: str | None, framework: Framework) -> Iterator[Named]:
    for key, name in (("from", low), ("below", high)):
        if name is not None:
            yield f"{place}.{key}", name, framework.thresholds, "threshold"


def _conditions(framework: Framework) -> Iterator[tuple[str, tuple[When, ...]]]:
    yield from ((f"gates.{gate.id}", gate.when) for gate in framework.gates if isinstance(gate, ChoiceGate))
    yield from ((f"signals.{signal.id}", signal.when) for signal in framework.signals)
    yield from ((f"conditions.{condition.id}", condition.when) for condition in framework.conditions)
    yield from ((f"warnings.{warning.id}", warning.when) for warning in framework.warnings)


def _condition_names(place: str, condition: When, framework: Framework) -> Iterator[Named]:
    questions = {question.id: [c.id for c in question.classes] for question in framework.questions}
    yield f"{place}.reads", condition.reads, (*questions, *MEASURES, *FIELDS), "question, quantity or field of the scenario"
    yield from _bounds(place, condition.from_, condition.below, framework)
    known = questions.get(condition.reads) or choices_of(condition.reads)
    for value in condition.is_:
        if known is not None and isinstance(value, str):
            yield f"{place}.is", value, known, f"value of {condition.reads}"


def _gate_names(framework: Framework) -> Iterator[Named]:
    properties = [(f"gates.{gate.id}.removes", gate.removes) for gate in framework.gates if isinstance(gate, ChoiceGate)]
    properties += [(f"conditions.{condition.id}.option", condition.option) for condition in framework.conditions]
    for place, names in properties:
        for name in names:
            yield place, name, Option.model_fields, "property of an option"
    for gate in framework.gates:
        if isinstance(gate, LimitGate):
            yield f"gates.{gate.id}.limit", gate.limit, Limits.model_fields, "limit of an option"
            yield f"gates.{gate.id}.reads", gate.reads, (*MEASURES, *FIELDS), "quantity or field of the scenario"
        elif isinstance(gate, ModelsGate):
            for value in gate.refused_when_stated:
                yield f"gates.{gate.id}.refused_when_stated", value, choices_of("constraints.models") or (), "value of constraints.models"
    exits = [answer.id for question in framework.questions if question.reads == OWN_EXIT for answer in question.classes]
    for condition in framework.conditions:
        for value in condition.exit:
            yield f"conditions.{condition.id}.exit", value, exits, f"class of a question that reads {OWN_EXIT}"


def choices_of(reads: str) -> tuple[str, ...] | None:
    """The values that a measure or a field of the scenario can take; None where it is a number or free."""
    if reads in MEASURES:
        return MEASURES[reads].choices
    shape: Any = Scenario
    for name in reads.split("."):
        if name not in getattr(shape, "model_fields", {}):
            return None
        shape = Group if name == "fleet" else shape.model_fields[name].annotation
    members = typing.get_args(shape) if typing.get_origin(shape) in (typing.Union, types.UnionType) else (shape,)
    found = [value for member in members if typing.get_origin(member) is Literal for value in typing.get_args(member)]
    return tuple(found) or None


# -- classes -----------------------------------------------------------------------------------------------


def _unclear_classes(framework: Framework) -> Iterator[str]:
    for question in framework.questions:
        yield from (_stretches(question, framework) if question.is_number else _values(question))


def _values(question: Question) -> Iterator[str]:
    values = [answer.is_ for answer in question.classes]
    known = choices_of(question.reads) or ()
    for value in dict.fromkeys(values):
        if values.count(value) > 1:
            yield f'questions.{question.id}: two classes take "{value}", so an answer would have two meanings. Keep one.'
        elif value not in known:
            yield f'questions.{question.id}: {question.reads} never says "{value}", so this class cannot be reached.{nearest(str(value), known)}'
    for value in known:
        if value not in values:
            yield f'questions.{question.id}: no class takes "{value}", which {question.reads} may say. Add one.'


def _stretches(question: Question, framework: Framework) -> Iterator[str]:
    """Numbers that no class takes, or that two take. Classes stand in ascending order."""
    place, below = f"questions.{question.id}", None
    for i, answer in enumerate(question.classes):
        start, before = answer.from_, question.classes[i - 1].id if i else None
        if i == 0 and start is not None:
            yield f'{place}: no class takes numbers below {framework.threshold(start):g}. Leave out from on "{answer.id}", or add a class.'
        elif i and (start is None or below is None):
            yield f'{place}: "{before}" and "{answer.id}" overlap. Give below to the one and from to the other.'
        elif start is not None and below is not None and framework.threshold(start) != framework.threshold(below):
            low, high = framework.threshold(below), framework.threshold(start)
            hole, overlap = f"no class takes numbers from {low:g} to {high:g}", f'"{before}" and "{answer.id}" overlap from {high:g} to {low:g}'
            yield f"{place}: {hole if low < high else overlap}. Let one end where the next starts."
        if answer.from_ and answer.below and framework.threshold(answer.from_) >= framework.threshold(answer.below):
            yield f'{place}: "{answer.id}" holds no number, since it ends where or before it starts. Correct its bounds.'
        below = answer.below
    if below is not None:
        yield f"{place}: no class takes numbers from {framework.threshold(below):g} on. Leave out below on the last class, or add one."


# -- flow --------------------------------------------------------------------------------------------------


def _flow_gaps(framework: Framework) -> Iterator[str]:
    used: set[int] = set()
    clashes: set[str] = set()
    for answers in combinations(framework):
        rows = [i for i, row in enumerate(framework.flow) if fits(row, answers)]
        used |= set(rows)
        asked = {q: answers[q] for q in dict.fromkeys(q for row in framework.flow for q in row.when)}
        said = ", ".join(f"{question}: {answer}" for question, answer in asked.items())
        if not rows:
            clashes.add(f"flow: no row fits {said}. Add a row.")
        elif len(rows) > 1:
            numbers = " and ".join(str(i + 1) for i in rows)
            clashes.add(f"flow: rows {numbers} both fit {said}. Make them differ in one answer.")
    yield from sorted(clashes)[:5]
    for outcome in framework.outcomes:
        if outcome not in {framework.flow[i].outcome for i in used}:
            yield f"outcomes.{outcome}: no combination of answers reaches it. Lead a row of the flow there, or remove it."
    if not clashes:
        yield from _branch_gaps(framework)
    yield from _unused_questions(framework)


def _branch_gaps(framework: Framework) -> Iterator[str]:
    """Branches that cannot be drawn as a tree, and questions whose answer changes nothing where they are asked."""
    for asked, rows in branches(framework).items():
        questions = {list(row.when)[len(asked)] for row in rows}
        after = " after " + ", ".join(f"{q}: {a}" for q, a in asked) if asked else ""
        if len(questions) > 1:
            yield f"flow: the rows{after} ask {' and '.join(sorted(questions))} at the same point. Ask one first in all of them."
            continue
        question = framework.question(questions.pop())
        endings = {answer.id: set[tuple[tuple[tuple[str, str], ...], str]]() for answer in question.classes}
        for row in rows:
            rest = tuple(sorted((q, a) for q, a in list(row.when.items())[len(asked) + 1 :]))
            endings[row.when[question.id]].add((rest, row.outcome))
        outcomes = {row.outcome for row in rows}
        if len(outcomes) == 1 or len({frozenset(ends) for ends in endings.values()}) == 1:
            yield f"flow: {question.id}{after} is asked, yet every answer leads to the same outcome. Leave it out there."


def branches(framework: Framework) -> dict[tuple[tuple[str, str], ...], list[Row]]:
    """Every point at which a question is asked, as the answers so far, with the rows that pass it."""
    found: dict[tuple[tuple[str, str], ...], list[Row]] = {}
    for row in framework.flow:
        steps = tuple(row.when.items())
        for i in range(len(steps)):
            found.setdefault(steps[:i], []).append(row)
    return found


def _unused_questions(framework: Framework) -> Iterator[str]:
    used = {question for row in framework.flow for question in row.when}
    used |= {condition.reads for _, conditions in _conditions(framework) for condition in conditions}
    if any(condition.exit for condition in framework.conditions):
        used |= {question.id for question in framework.questions if question.reads == OWN_EXIT}
    for question in framework.questions:
        if question.id not in used:
            yield f"questions.{question.id}: nothing depends on the answer. Use it in the flow, a gate, a signal or a condition, or do not ask."
