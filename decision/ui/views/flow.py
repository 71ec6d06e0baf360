"""The decision flow of the framework as a tree of boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from decision.framework import Edge, Node
from decision.ui.views.markup import html


def flow(nodes: Sequence[Node], lines: Sequence[Edge]) -> None:
    """The framework as a tree of boxes, drawn from the same rows that decide; the way walked is marked by weight and by words."""
    boxes = {node.id: node for node in nodes}
    ends = {line.end for line in lines}
    root = next(node for node in nodes if node.id not in ends)
    html(f'<ul class="flow" aria-label="Decision flow, the way walked is marked">{_branch(root, "", boxes, lines)}</ul>')


def _branch(node: Node, answer: str, boxes: Mapping[str, Node], lines: Sequence[Edge]) -> str:
    """A box with the answer that leads to it, and what follows from it."""
    walked = ' class="walked"' if node.taken else ""
    end = " end" if node.kind == "outcome" else ""
    arrived = " <span>(this is you)</span>" if node.taken and node.kind == "outcome" else ""
    mine = ", your answer" if node.taken and any(line.end == node.id and boxes[line.start].kind == "question" for line in lines) else ""
    lead = f"<small>{escape(answer)}{mine}</small>" if answer else ""
    below = [line for line in lines if line.start == node.id]
    inner = "".join(_branch(boxes[line.end], line.label, boxes, lines) for line in below)
    nested = f'<ul class="{"walked" if node.taken else ""}">{inner}</ul>' if inner else ""
    return f'<li{walked}>{lead}<span class="box{end}">{escape(node.text)}{arrived}</span>{nested}</li>'
