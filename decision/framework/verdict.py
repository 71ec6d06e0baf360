"""Answers, the walk through the flow, and the verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from decision.catalog.framework import Framework, Outcome, Question, Signal
from decision.catalog.options import Family
from decision.costs.costs import Costs
from decision.costs.use import is_populated
from decision.errors import PriceMissing
from decision.framework.gates import GateHit, gate_hits, holds
from decision.framework.measures import Case, Found, reading, token_to_runtime_ratio
from decision.scenario import paths

Origin = Literal["given", "measured", "assumed", "computed"]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question: its class, the value it was read from, and where that comes from."""

    question: str
    answer: str
    label: str
    value: Found
    origin: Origin
    why: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers by question, and why the others have none (a price is missing that day)."""

    found: Mapping[str, Answer]
    unanswered: Mapping[str, PriceMissing]

    def __getitem__(self, question_id: str) -> Answer:
        if question_id in self.unanswered:
            raise self.unanswered[question_id]
        return self.found[question_id]

    @property
    def classes(self) -> dict[str, str]:
        """Question id -> class id."""
        return {question_id: answer.answer for question_id, answer in self.found.items()}

    @property
    def said(self) -> dict[str, str]:
        """The same without assumed answers: an assumption is no signal."""
        return {question_id: answer.answer for question_id, answer in self.found.items() if answer.origin != "assumed"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where the rules lead, and how. token_to_runtime_ratio: None where there is no runtime, or no bill to compute it from.

    populated: whether any group has agents, now or in 12 months.
    """

    families: tuple[Family, ...]
    path: tuple[Answer, ...]
    gates: tuple[GateHit, ...]
    signals: tuple[Signal, ...]
    token_to_runtime_ratio: float | None
    sentence: str
    outcome_id: str
    outcome: Outcome
    answers: Answers
    warnings: tuple[str, ...]
    populated: bool

    def ruled_out_by(self, option_id: str) -> tuple[GateHit, ...]:
        """The gates that remove an option."""
        return tuple(hit for hit in self.gates if option_id in hit.removes)


def verdict(costs: Costs) -> Verdict:
    """Walk the questions for a scenario at its most likely values; gates are checked for every option of the catalog.

    Raises PriceMissing when the way through the flow asks for a bill that has no price that day.
    """
    framework, case = costs.inputs.catalog.framework, Case(costs)
    found = answers(framework, case)
    path, outcome_id = walk(framework, found)
    outcome = framework.outcomes[outcome_id]
    said = ", ".join(step.label for step in path)
    return Verdict(
        families=outcome.families,
        path=path,
        gates=gate_hits(framework, case, found.classes, costs.inputs.catalog.options.values()),
        signals=tuple(signal for signal in framework.signals if holds(signal.when, framework, case, found.said)),
        token_to_runtime_ratio=_finite_ratio(case),
        sentence=f"{said[:1].upper()}{said[1:]}: {outcome.text}",
        outcome_id=outcome_id,
        outcome=outcome,
        answers=found,
        warnings=tuple(warning.text for warning in framework.warnings if holds(warning.when, framework, case, found.classes)),
        populated=any(is_populated(costs.inputs, group) for group in costs.inputs.scenario.fleet),
    )


def answers(framework: Framework, case: Case) -> Answers:
    """The answer to every question that the scenario, the estimates or the reference option's bill can answer."""
    found: dict[str, Answer] = {}
    unanswered: dict[str, PriceMissing] = {}
    for question in framework.questions:
        try:
            found[question.id] = _answer(question, framework, case)
        except PriceMissing as missing:
            unanswered[question.id] = missing
    return Answers(found, unanswered)


def walk(framework: Framework, found: Answers) -> tuple[tuple[Answer, ...], str]:
    """The questions asked on the way, with their answers, and the outcome. Raises PriceMissing where an answer on the way has no price.

    The proof at loading guarantees that one row is left in the end.
    """
    path: tuple[Answer, ...] = ()
    rows = list(framework.flow)
    while len(rows) > 1 or len(path) < len(rows[0].when):
        step = found[list(rows[0].when)[len(path)]]
        rows = [row for row in rows if row.when[step.question] == step.answer]
        path = (*path, step)
    return path, rows[0].outcome


def _answer(question: Question, framework: Framework, case: Case) -> Answer:
    value = reading(question.reads, case)
    answer_id = class_of(question, framework, value)
    if answer_id is None:
        assert question.blank is not None, f"{question.id} has no answer and no blank"
        answer_id = question.blank.answer
        return Answer(question.id, answer_id, framework.label(question.id, answer_id), value, "assumed", question.blank.assumption)
    origin: Origin = "computed"
    why = ""
    if question.answered_by == "scenario":
        origin, why = _origin(question, case)
    return Answer(question.id, answer_id, framework.label(question.id, answer_id), value, origin, why)


def class_of(question: Question, framework: Framework, value: Found) -> str | None:
    """The class that a value falls into; None for no value."""
    for answer in question.classes:
        if question.is_number:
            if isinstance(value, float) and framework.within(value, answer.from_, answer.below):
                return answer.id
        elif value == answer.is_:
            return answer.id
    return None


def _origin(question: Question, case: Case) -> tuple[Origin, str]:
    """Where an answer of the scenario comes from: assumed if any input behind it is."""
    inputs, groups = case.inputs, [paths.own(case.inputs.facts, use.group.slug) for use in case.use]
    if question.reads == "models" and inputs.scenario.constraints.models is None:
        facts = [fact for own in groups for fact in paths.part(own, "model_mix").values()]
    elif question.reads == "agents":
        facts = [own.get("agents_in_12_months", own["agents"]) for own in groups]
    elif name := paths.field_of_fleet(question.reads):
        facts = [own[name] for own in groups if name in own]
    else:
        facts = [inputs.facts[question.reads]] if question.reads in inputs.facts else []
    for origin in ("assumed", "measured"):
        for fact in facts:
            if fact.origin == origin:
                return fact.origin, fact.why
    return "given", ""


def _finite_ratio(case: Case) -> float | None:
    try:
        ratio = token_to_runtime_ratio(case)
    except PriceMissing:
        return None
    return ratio if ratio is not None and math.isfinite(ratio) else None
