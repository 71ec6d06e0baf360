"""The four-question framework: data/framework.yaml, proven and walked.

    found = verdict(Costs(inputs))
    found.families, found.path, found.gates          # where the rules lead, how, and what they remove

checks.py shows that every name in it exists, proof.py that every combination of answers reaches exactly one outcome; measures.py computes what
the questions read, gates.py removes options, verdict.py walks, diagram.py gives the table and the tree.
"""

from decision.catalog.framework import Condition, Framework, Outcome, Question, Signal, Threshold
from decision.framework.checks import (
    CLEAR_ODDS,
    CLOSE_CALL_LARGE_SHARE,
    CLOSE_CALL_SHARE,
    CLOSE_CALL_USD,
    INDIFFERENT_USD,
    MATERIALITY_SHARE,
    MATERIALITY_USD,
    ODDS_DRAWS,
    OWN_EXIT,
    REVISIT_COST_RISE,
    REVISIT_MONTHS,
    STALE_DAYS,
)
from decision.framework.diagram import Edge, Node, TableRow, edges, table
from decision.framework.gates import GateHit, exceeding, gate_hits, has_properties, holds
from decision.framework.limits import reads_per_minute
from decision.framework.measures import Case, exit_to_yearly_cost
from decision.framework.proof import combinations, fits, framework_decides, gaps
from decision.framework.verdict import Answer, Answers, Verdict, answers, class_of, verdict, walk

__all__ = [
    "CLEAR_ODDS", "CLOSE_CALL_LARGE_SHARE", "CLOSE_CALL_SHARE", "CLOSE_CALL_USD", "INDIFFERENT_USD", "MATERIALITY_SHARE", "MATERIALITY_USD",
    "ODDS_DRAWS", "OWN_EXIT", "REVISIT_COST_RISE", "REVISIT_MONTHS", "STALE_DAYS",
    "Answer", "Answers", "Case", "Condition", "Edge", "Framework", "GateHit", "Node", "Outcome", "Question", "Signal", "TableRow", "Threshold",
    "Verdict", "answers", "class_of", "combinations", "edges", "exceeding", "exit_to_yearly_cost", "fits", "framework_decides", "gaps", "gate_hits",
    "has_properties", "holds",
    "reads_per_minute", "table", "verdict", "walk",
]  # fmt: skip
