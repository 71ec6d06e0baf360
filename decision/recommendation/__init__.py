"""From a scenario to a recommendation: gates, verdict, bills and odds, put together once.

    answer = recommend(inputs)
    answer.option, answer.status, answer.because     # what to do, how far rules and dollars agree, the sentence that decided it

The only room that sees rules and money together. results.py holds what each option costs, choice.py the decision and its sentence,
stated.py what was given, assumed and measured.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from decision.analysis.draws import USUAL_SEED, drawn
from decision.analysis.flips import Flip, flip_points
from decision.analysis.outlook import odds
from decision.costs.bill import Bill
from decision.costs.costs import Costs
from decision.costs.labour import exit_weeks, week_cost
from decision.costs.load import Load, load_of
from decision.framework import (
    ODDS_DRAWS,
    OWN_EXIT,
    Case,
    Framework,
    Verdict,
    class_of,
    exceeding,
    exit_to_yearly_cost,
    has_properties,
    holds,
    verdict,
)
from decision.recommendation.choice import Lead, Status, choice_of, lead
from decision.recommendation.people import Trade, correlation_warnings, exit_warnings, moving_words, on_call_warnings, rests_on, trade
from decision.recommendation.results import OptionResult, option_results, options_left, require_one
from decision.recommendation.stated import InputLine, input_lines
from decision.scenario import Inputs
from decision.scenario.work import kind_warnings
from decision.words import about_money, number

__all__ = ["InputLine", "Lead", "OptionResult", "Recommendation", "Status", "lead", "recommend"]


@dataclass(frozen=True)
class Recommendation:
    """What to do and why.

    option: None when the status is none. considered: in the order of the catalog. ranking: options left, the lowest total cost of ownership first.
    """

    inputs: Inputs = field(repr=False)
    as_of: dt.date
    catalog_version: str
    horizon_months: int
    option: str | None
    status: Status
    because: str
    rests_on: str
    conditions: tuple[str, ...]
    verdict: Verdict
    considered: tuple[OptionResult, ...]
    costs: Costs = field(repr=False)
    ranking: tuple[str, ...]
    given: tuple[InputLine, ...]
    assumed: tuple[InputLine, ...]
    measured: tuple[InputLine, ...]
    warnings: tuple[str, ...]

    @functools.cached_property
    def flips(self) -> tuple[Flip, ...]:
        """What would change the answer; computed when first asked for, since it takes longer than the answer itself."""
        return flip_points(self.costs, self.ranking)

    @functools.cached_property
    def trade(self) -> Trade | None:
        """Hours to keep and weeks to build, changed together, that turn an answer which rests on assumed hours."""
        return trade(self.inputs, self.recommended, [self.result(option_id) for option_id in self.ranking])

    @functools.cached_property
    def load(self) -> Load:
        """Sessions at once."""
        return load_of(self.inputs)

    @functools.cached_property
    def beyond_limits(self) -> Mapping[str, float]:
        """Option left -> share of the draws in which one of its published limits is exceeded in some month."""
        framework = self.inputs.catalog.framework
        many = drawn(self.inputs, int(framework.threshold(ODDS_DRAWS)), option_ids=self.ranking)
        case = Case(Costs(many))
        found = {option_id: exceeding(framework, case, self.inputs.catalog.options[option_id]) for option_id in self.ranking}
        return {option_id: float(np.mean(exceeded)) for option_id, exceeded in found.items()}

    @functools.cached_property
    def options(self) -> tuple[OptionResult, ...]:
        """Every option of the catalog, in its order; those not considered are costed when first asked for."""
        known = {result.id: result for result in self.considered}
        every = self.inputs.catalog.options
        known |= {result.id: result for result in option_results(every.keys() - known, self.costs, self.verdict, self.ranking)}
        return tuple(known[option_id] for option_id in every)

    def result(self, option_id: str) -> OptionResult:
        """The result of one option."""
        among = self.considered if option_id in self.inputs.options else self.options
        return next(result for result in among if result.id == option_id)

    @property
    def recommended(self) -> OptionResult | None:
        """The result of the recommended option."""
        return None if self.option is None else self.result(self.option)


def recommend(inputs: Inputs, draws: int | None = None, seed: int = USUAL_SEED) -> Recommendation:
    """Run the whole flow once, at the most likely values; the odds come from the ranges.

    draws: behind the odds; the framework's own number unless given. Raises PriceMissing when none of the options considered can be
    priced that day, or when the way through the flow asks for a bill that cannot.
    """
    framework = inputs.catalog.framework
    costs = Costs(inputs)
    require_one(costs)
    found = verdict(costs)
    left = options_left(costs, found) if found.populated else ()
    won = odds(inputs, left, draws or int(framework.threshold(ODDS_DRAWS)), seed) if len(left) > 1 else dict.fromkeys(left, 1.0)
    considered = option_results((i for i in inputs.catalog.options if i in inputs.options), costs, found, left, won)
    results = {result.id: result for result in considered}
    ranked = [results[option_id] for option_id in left]
    choice = choice_of(framework, found, ranked, results, inputs.scenario.horizon_months)
    lines = input_lines(framework, inputs, found)
    return Recommendation(
        inputs=inputs,
        as_of=inputs.as_of,
        catalog_version=inputs.catalog.version,
        horizon_months=inputs.scenario.horizon_months,
        option=choice.option,
        status=choice.status,
        because=choice.because,
        rests_on=rests_on(inputs, results.get(choice.option) if choice.option else None, ranked),
        conditions=tuple(_conditions(framework, Case(costs), found, results[choice.option])) if choice.option else (),
        verdict=found,
        considered=considered,
        costs=costs,
        ranking=left,
        given=lines["given"],
        assumed=lines["assumed"],
        measured=lines["measured"],
        warnings=(
            *inputs.scenario.constraints.read_as,
            *kind_warnings(inputs.scenario, inputs.catalog),
            *_warnings(found, ranked, results, choice.option),
            *_workers_warnings(costs),
            *on_call_warnings(inputs),
            *correlation_warnings(inputs),
            *exit_warnings(inputs),
        ),
    )


def _conditions(framework: Framework, case: Case, found: Verdict, result: OptionResult) -> Iterator[str]:
    """What the recommendation depends on: question 4 for this option, its licence, and what its file warns of."""
    assert result.costed is not None  # it is recommended
    yield from moving_words(case.inputs, result)
    question = next(question for question in framework.questions if question.reads == OWN_EXIT)
    exit_class = class_of(question, framework, exit_to_yearly_cost(result.costed))
    now, portable, chance = _exit_costs(case.inputs, result.costed.bill)
    terms = {
        "option": result.name,
        "exit": about_money(now),
        "saving": about_money(now - portable),
        "expected": about_money((now - portable) * chance),
    }
    for condition in framework.conditions:
        applies = (not condition.exit or exit_class in condition.exit) and has_properties(result.option, condition.option)
        if applies and holds(condition.when, framework, case, found.answers.classes):
            yield condition.text.format(**terms)
    yield from result.option.warnings


def _exit_costs(inputs: Inputs, bill: Bill) -> tuple[float, float, float]:
    """USD to move away now, USD with a portable main loop, and the chance of moving."""
    leaving = inputs.scenario.exit.model_copy(update={"portable_main_loop": True})
    portable = dataclasses.replace(inputs, scenario=inputs.scenario.model_copy(update={"exit": leaving}))
    weekly = float(week_cost(inputs))
    chance = float(inputs["exit.chance_of_leaving_in_horizon"])
    now, then = (float(exit_weeks(each, bill.option.id, bill.crew)) * weekly for each in (inputs, portable))
    return now, then, chance


def _workers_warnings(costs: Costs) -> Iterator[str]:
    """Groups whose agents would be active for more than a day a day, and what is made of that."""
    for use in costs.month.uses:
        if float(use.workers) > float(use.agents):
            hours, several = number(use.active_hours_a_day), number(use.workers / use.agents)
            yield f"{use.group.name}: one agent would be active for {hours} hours a day, so its work is taken as that of {several} agents."


def _warnings(found: Verdict, ranked: Sequence[OptionResult], results: Mapping[str, OptionResult], chosen: str | None) -> Iterator[str]:
    """Contradictions, options without a price, and what the files of the options not recommended warn of."""
    yield from found.warnings
    for result in results.values():
        if result.unpriced:
            yield f"{result.name} is left out of the ranking: {result.unpriced}"
    for result in ranked:
        if result.id != chosen:
            yield from (f"{result.option.short_name}: {warning}" for warning in result.option.warnings)
