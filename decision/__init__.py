"""Where should our agents run, and when does that answer change: the flow of the tool.

    data/*.yaml -> Catalog            what things cost, since when, who says so
    form, file, link -> Scenario      what the team says: points or ranges
        Scenario -> Inputs            plain numbers or NumPy arrays of them
        -> Bill per Option            line items: quantity x price, each with its working
            -> CostOfOwnership        bills over the months, plus build, delay and exit
                -> analysis           break-even, flip points, odds, what to measure next
        -> Answers -> Verdict         the four questions, walked through data/framework.yaml
            -> Recommendation         the only room that sees rules and money together
                -> page | report | command line

Everything below the page is a pure function of (scenario, catalog, framework, as_of).

    from decision import inputs_of, load, read_scenario, recommend
    answer = recommend(inputs_of(read_scenario("support-desk.yaml"), load()))
"""

import importlib
from typing import Any

_HOME = {
    "BadInput": "decision.errors",
    "PriceMissing": "decision.errors",
    "load": "decision.catalog",
    "read_scenario": "decision.scenario",
    "scenario_from": "decision.scenario",
    "inputs_of": "decision.scenario",
    "bill": "decision.costs.bill",
    "ownership": "decision.costs.ownership",
    "crossings": "decision.analysis.breakeven",
    "flip_points": "decision.analysis.flips",
    "outlook": "decision.analysis.outlook",
    "recommend": "decision.recommendation",
}
__all__ = [
    "BadInput",
    "PriceMissing",
    "bill",
    "crossings",
    "flip_points",
    "inputs_of",
    "load",
    "outlook",
    "ownership",
    "read_scenario",
    "recommend",
    "scenario_from",
]


def __getattr__(name: str) -> Any:
    """A public name, from the room it lives in; rooms are opened only when asked for, so that importing costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'decision' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)
