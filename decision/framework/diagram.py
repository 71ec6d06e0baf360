"""The flow as a table and as a tree to draw, both from the rows that decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from decision.catalog.framework import Framework
from decision.framework.proof import branches
from decision.framework.verdict import Answer

ANY_ANSWER = "any"
GATES_NODE = "gates"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the decision table: an answer in words for each question of the flow ("any" where it is not asked), and where it leads."""

    answers: Mapping[str, str]
    outcome: str
    families: tuple[str, ...]
    text: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the diagram."""

    id: str
    text: str
    kind: Literal["gates", "question", "outcome"]
    taken: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """A line of the diagram, from box to box, with the answer that leads along it."""

    start: str
    end: str
    label: str
    taken: bool


def table(framework: Framework, path: Sequence[Answer] = ()) -> tuple[TableRow, ...]:
    """The flow as a decision table, the row taken marked."""
    asked = list(dict.fromkeys(question for row in framework.flow for question in row.when))
    walked = {step.question: step.answer for step in path}
    rows = []
    for row in framework.flow:
        words = {q: framework.label(q, row.when[q]) if q in row.when else ANY_ANSWER for q in asked}
        outcome = framework.outcomes[row.outcome]
        rows.append(TableRow(words, outcome.label, outcome.families, outcome.text, walked == dict(row.when)))
    return tuple(rows)


def edges(framework: Framework, path: Sequence[Answer] = ()) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """Boxes and lines of the flow as a tree with the gates on top, the path taken marked."""
    walked = tuple((step.question, step.answer) for step in path)
    on_path = {walked[:i] for i in range(len(walked) + 1)} if walked else set()
    nodes = [Node(GATES_NODE, "Gates: what cannot be used", "gates", bool(walked))]
    lines = [Edge(GATES_NODE, _node_id(()), "what is left", bool(walked))]
    for asked, rows in branches(framework).items():
        question = framework.question(list(rows[0].when)[len(asked)])
        nodes.append(Node(_node_id(asked), question.text, "question", asked in on_path))
        for answer in question.classes:
            step = (*asked, (question.id, answer.id))
            lines.append(Edge(_node_id(asked), _node_id(step), framework.label(question.id, answer.id), step in on_path))
    for row in framework.flow:
        end = tuple(row.when.items())
        nodes.append(Node(_node_id(end), framework.outcomes[row.outcome].label, "outcome", end == walked))
    return tuple(nodes), tuple(lines)


def _node_id(asked: Sequence[tuple[str, str]]) -> str:
    return "/".join(("start", *(f"{question}={answer}" for question, answer in asked)))
