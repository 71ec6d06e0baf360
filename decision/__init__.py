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

Everything below the page is a pure function of (scenario, catalog with its rules, as_of).

    from decision import inputs_of, load, read_scenario, recommend
    answer = recommend(inputs_of(read_scenario("support-desk.yaml"), load()))
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decision.analysis.breakeven import crossings as crossings
    from decision.analysis.flips import flip_points as flip_points
    from decision.analysis.outlook import outlook as outlook
    from decision.costs.bill import bill as bill
    from decision.costs.costs import Costs as Costs
    from decision.costs.costs import ownership as ownership
    from decision.errors import BadInput as BadInput
    from decision.errors import PriceMissing as PriceMissing
    from decision.loading import load as load
    from decision.recommendation import recommend as recommend
    from decision.scenario import inputs_of as inputs_of
    from decision.scenario import read_scenario as read_scenario
    from decision.scenario import scenario_from as scenario_from

_HOME = {
    "BadInput": "decision.errors",
    "Costs": "decision.costs.costs",
    "PriceMissing": "decision.errors",
    "bill": "decision.costs.bill",
    "crossings": "decision.analysis.breakeven",
    "flip_points": "decision.analysis.flips",
    "inputs_of": "decision.scenario",
    "load": "decision.loading",
    "outlook": "decision.analysis.outlook",
    "ownership": "decision.costs.costs",
    "read_scenario": "decision.scenario",
    "recommend": "decision.recommendation",
    "scenario_from": "decision.scenario",
}

if not TYPE_CHECKING:  # a type checker knows the names above, and that there are no others

    def __getattr__(name: str) -> Any:
        """A public name, from the room it lives in; rooms are opened only when asked for, so that importing costs nothing."""
        if name not in _HOME:
            raise AttributeError(f"module 'decision' has no attribute {name!r}")
        return getattr(importlib.import_module(_HOME[name]), name)
