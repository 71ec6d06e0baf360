"""From a scenario to the record of a decision: the recommendation, what is worth finding out, and the link to come back to it."""

from __future__ import annotations

from decision.analysis.information import information
from decision.errors import BadInput
from decision.recommendation import recommend
from decision.report.sections.decision import NOBODY, DecisionRecord, People
from decision.scenario import Inputs
from decision.scenario.link import link_code

VERSION = "0.1.0"
MOST_NAMES, LONGEST_NAME = 40, 120


def filed(inputs: Inputs, people: People = NOBODY, status: str = "proposed") -> DecisionRecord:
    """The record of what the scenario leads to. Raises BadInput for too many or too long names, and what `recommend` raises."""
    for role, names in (("decision-makers", people.decision_makers), ("consulted", people.consulted), ("informed", people.informed)):
        if len(names) > MOST_NAMES:
            raise BadInput(f"{role}: {len(names)} names were given; at most {MOST_NAMES} are kept. Name a group instead.")
        if too_long := next((name for name in names if len(name) > LONGEST_NAME), None):
            raise BadInput(f"{role}: a name of {len(too_long)} characters was given; at most {LONGEST_NAME} are kept. Shorten it.")
    found = recommend(inputs)
    unknown = information(inputs, found.ranking) if len(found.ranking) > 1 else None
    return DecisionRecord(found, unknown, link_code(inputs.scenario.model_copy(update={"as_of": inputs.as_of})), VERSION, status, people)
