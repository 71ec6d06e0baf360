"""What a recommendation says of people: the hours it rests on, what is known of them, and what being reachable around the clock takes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from decision.costs.labour import week_cost
from decision.recommendation.results import OptionResult
from decision.scenario import ENGINEER_COST, Inputs, paths
from decision.words import about, about_money, listed


def evidence(inputs: Inputs, option_id: str) -> str:
    """What the hours of an option rest on, in words."""
    if paths.of_option(option_id, "upkeep_fte") in inputs.facts:
        return "the team's own figure"
    return inputs.catalog.people.evidence


def rests_on(inputs: Inputs, chosen: OptionResult | None, ranked: Sequence[OptionResult]) -> str:
    """The assumed hours on which the order of the first two rests; "" where the team gave them, or its time costs nothing."""
    rival = next((result for result in ranked if result is not chosen), None)
    assumed = [
        result
        for result in (chosen, rival)
        if result and result.costed and paths.of_option(result.id, "upkeep_fte") not in inputs.facts and float(inputs[ENGINEER_COST])
    ]
    if not assumed:
        return ""
    hours = listed(f"{about(result.costed.bill.upkeep_hours)} for {result.option.short_name}" for result in assumed if result.costed)
    return f"Rests on hours a month that nobody gave: {hours}; {inputs.catalog.people.evidence}."


@dataclass(frozen=True, slots=True)
class Trade:
    """Hours to keep an option x weeks to build it, changed together, that make it cost as much as the recommended one.

    hours_per_month, build_weeks: of month 12, both changed by the same share; *_now: where they stand. weeks_for_an_hour: how many weeks to build
    one hour a month is worth, so that any other trade along that line does it too. Delay stays as it is.
    """

    option: str
    hours_per_month: float
    build_weeks: float
    hours_per_month_now: float
    build_weeks_now: float
    weeks_for_an_hour: float
    sentence: str


def trade(inputs: Inputs, chosen: OptionResult | None, ranked: Sequence[OptionResult]) -> Trade | None:
    """The trade that turns a recommendation which rests on assumed hours; None where it rests on none.

    The share s solves s x (people of the run + build) = what the two options differ by, of the next option where s is below 1 (it would take less
    of people), else of the recommended one (it would take more). Exact where delay costs nothing, for any growth of the fleet.
    """
    rival = next((result for result in ranked if result is not chosen), None)
    if not chosen or not chosen.costed or not rival or not rival.costed or not rests_on(inputs, chosen, ranked):
        return None
    gap = float(rival.costed.owned.total) - float(chosen.costed.owned.total)
    for result, of, way in ((rival, rival.costed, -1.0), (chosen, chosen.costed, 1.0)):
        hours, weeks = float(of.bill.upkeep_hours), float(of.owned.build_weeks)
        run, build = float(of.run.people), float(of.owned.build)
        if hours and weeks and gap > 0 and (share := gap / (run + build)) < (1.0 if way < 0 else math.inf):
            then = 1.0 + way * share
            worth = (run / hours) / (build / weeks)
            whose = "it" if result is rival else result.option.short_name
            words = (
                f"{rival.option.short_name} draws level where {whose} takes {about(hours * then)} hours a month and {about(weeks * then)} weeks "
                f"to build instead of {about(hours)} and {about(weeks)}; an hour a month is worth {about(worth)} weeks. "
                f"Both figures are {_kind_of_figures(inputs, result.id)}."
            )
            return Trade(result.id, hours * then, weeks * then, hours, weeks, worth, words)
    return None


def _kind_of_figures(inputs: Inputs, option_id: str) -> str:
    own = {name for name in ("upkeep_fte", "build_weeks") if paths.of_option(option_id, name) in inputs.facts}
    return "the team's own" if len(own) == 2 else "assumed in part" if own else "assumed"


def moving_words(inputs: Inputs, chosen: OptionResult) -> Iterator[str]:
    """What the option on which the agents run already means for the recommendation."""
    running_on = inputs.scenario.running_on
    if running_on is None or chosen.costed is None:
        return
    name, owned = inputs.catalog.options[running_on].name, chosen.costed.owned
    if running_on == chosen.id:
        moving = about_money(float(owned.exit_weeks) * float(week_cost(inputs)))
        yield f"Your agents run on {name} already: nothing is built or waited for. Every other option also pays for leaving it, about {moving}."
    else:
        yield f"Its cost holds about {about_money(float(owned.moving))} for leaving {name}, on which your agents run already."


def correlation_warnings(inputs: Inputs) -> Iterator[str]:
    """Pairs of inputs that no longer move together, since one of them is put together from components that are drawn themselves."""
    for pair in inputs.scenario.correlations:
        sums = [path for name in pair[:2] if (path := inputs.driver_path(name)) in inputs.added_up and path not in inputs.facts]
        if sums:
            yield (
                f"correlations: {pair[0]} and {pair[1]} move together by {pair[2]:g} only where the team gives them: "
                f"{listed(sums)} is put together from components, which every option shares. "
                "Pair those (people.components...), or give a range of your own."
            )


def exit_warnings(inputs: Inputs) -> Iterator[str]:
    """A main loop that can be taken along lowers what components add up to, and no figure of the team's own."""
    own = [option_id for option_id in inputs.options if paths.of_option(option_id, "exit_weeks") in inputs.facts]
    if inputs.scenario.exit.portable_main_loop and own:
        names = listed(inputs.catalog.options[option_id].short_name for option_id in own)
        yield f"The weeks to leave {names} are your own and taken as they are: the portable main loop takes nothing off them."


def on_call_warnings(inputs: Inputs) -> Iterator[str]:
    """How many people it takes to be reachable at any hour."""
    said = inputs.catalog.people.on_call
    if inputs.scenario.team.on_call == "around_the_clock":
        source = inputs.catalog.people.staffing
        yield (
            f"On call around the clock takes at least {said.people_one_site} people at one site, or {said.people_each_of_two_sites} at each of two, "
            f"so that nobody is on call for more than a quarter of the time ({source.title.split(',')[0]}). "
            "The bill counts their standby, not their posts."
        )
