"""The four-question framework: data/framework.yaml, proven and walked.

    framework = load_framework()
    found = verdict(inputs, framework)
    found.families, found.path, found.gates          # where the rules lead, how, and what they remove

shapes.py is the file's shape, proof.py shows that every combination of answers reaches exactly one outcome, measures.py computes what
the questions read, gates.py removes options, verdict.py walks, diagram.py gives the table and the tree.
"""

from decision.framework.diagram import Edge, Node, TableRow, edges, table
from decision.framework.gates import GateHit, gate_hits, has_properties, holds
from decision.framework.measures import Case, Costed, case_of, exit_to_yearly_cost, reads_per_minute
from decision.framework.proof import (
    CLEAR_ODDS,
    CLOSE_CALL_SHARE,
    CLOSE_CALL_USD,
    MATERIALITY_SHARE,
    MATERIALITY_USD,
    ODDS_DRAWS,
    OWN_EXIT,
    combinations,
    fits,
    gaps,
    load_framework,
)
from decision.framework.shapes import Condition, Framework, Outcome, Question, Signal, Threshold
from decision.framework.verdict import Answer, Answers, Verdict, answers, class_of, verdict, walk

__all__ = [
    "CLEAR_ODDS", "CLOSE_CALL_SHARE", "CLOSE_CALL_USD", "MATERIALITY_SHARE", "MATERIALITY_USD", "ODDS_DRAWS", "OWN_EXIT",
    "Answer", "Answers", "Case", "Condition", "Costed",
    "Edge", "Framework", "GateHit", "Node", "Outcome", "Question", "Signal", "TableRow", "Threshold", "Verdict", "answers", "case_of", "class_of",
    "combinations", "edges", "exit_to_yearly_cost", "fits", "gaps", "gate_hits", "has_properties", "holds", "load_framework",
    "reads_per_minute", "table", "verdict", "walk",
]  # fmt: skip
