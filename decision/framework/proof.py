"""The proof that data/framework.yaml decides: every combination of answers reaches exactly one outcome."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from decision.catalog import Catalog
from decision.catalog.framework import Framework, Question, Row
from decision.errors import nearest
from decision.framework.checks import NEEDED_THRESHOLDS, OWN_EXIT, Named, bounds, choices_of, comparable, conditions, unknown


def framework_decides(catalog: Catalog) -> Iterator[str]:
    """The proof as one of the checks of data/."""
    yield from (f"framework.yaml: {problem}" for problem in gaps(catalog.framework))


def gaps(framework: Framework) -> tuple[str, ...]:
    """What keeps the framework from deciding, one sentence each; () when every combination of answers reaches exactly one outcome.

    Names first, then classes, then the flow: a later step would only repeat an earlier problem.
    """
    for step in (_unknown_names, _unclear_classes, _flow_gaps):
        if problems := tuple(step(framework)):
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
    yield from unknown(_names(framework))
    asked = [question.id for question in framework.questions if question.reads == OWN_EXIT]
    if len(asked) != 1:
        yield f"questions: {len(asked)} of them read {OWN_EXIT}, and the recommendation asks that question of its own option. Let one question do so."


def _names(framework: Framework) -> Iterator[Named]:
    for name in NEEDED_THRESHOLDS:
        yield "thresholds", name, framework.thresholds, "threshold, and the recommendation needs it"
    questions = {question.id: question for question in framework.questions}
    for question in framework.questions:
        place, classes = f"questions.{question.id}", [answer.id for answer in question.classes]
        yield f"{place}.reads", question.reads, comparable(), "quantity or field of the scenario"
        if question.blank:
            yield f"{place}.blank.answer", question.blank.answer, classes, "answer to this question"
        for answer in question.classes:
            yield from bounds(f"{place}.classes.{answer.id}", answer.from_, answer.below, framework)
    for i, row in enumerate(framework.flow):
        yield f"flow[{i}].outcome", row.outcome, framework.outcomes, "outcome"
        for question_id, answer_id in row.when.items():
            yield f"flow[{i}].when", question_id, questions, "question"
            if question_id in questions:
                known = [answer.id for answer in questions[question_id].classes]
                yield f"flow[{i}].when.{question_id}", answer_id, known, "answer to that question"


# -- classes -----------------------------------------------------------------------------------------------


def _unclear_classes(framework: Framework) -> Iterator[str]:
    for question in framework.questions:
        if question.is_number and choices_of(question.reads):
            known = ", ".join(map(str, choices_of(question.reads)))
            yield f"questions.{question.id}: {question.reads} is one of several values, and no class names one. Give each class is: {known}."
        else:
            yield from (_stretches(question, framework) if question.is_number else _values(question))


def _values(question: Question) -> Iterator[str]:
    values = [answer.is_ for answer in question.classes]
    known = choices_of(question.reads)
    for value in dict.fromkeys(values):
        if values.count(value) > 1:
            yield f'questions.{question.id}: two classes take "{value}", so an answer would have two meanings. Keep one.'
        elif value not in known:
            hint = nearest(str(value), map(str, known))
            yield f'questions.{question.id}: {question.reads} never says "{value}", so this class cannot be reached.{hint or " Correct it."}'
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
    used |= {condition.reads for _, whens in conditions(framework) for condition in whens}
    if any(condition.exit for condition in framework.conditions):
        used |= {question.id for question in framework.questions if question.reads == OWN_EXIT}
    for question in framework.questions:
        if question.id not in used:
            yield f"questions.{question.id}: nothing depends on the answer. Use it in the flow, a gate, a signal or a condition, or do not ask."
