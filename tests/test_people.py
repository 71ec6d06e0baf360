"""What people cost: the published totals that the figures were set to, the formula worked out a second way, and the laws that it obeys."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from decision.analysis.draws import dimensions, drawn
from decision.catalog import Catalog, Option
from decision.catalog.options import COMPONENTS
from decision.catalog.people import THOROUGHNESS, People, PeopleEstimate
from decision.costs.bill import Bill, bill
from decision.costs.costs import ownership, standing
from decision.costs.labour import mode
from decision.costs.line_items import Category
from decision.costs.ownership import CostOfOwnership
from decision.errors import BadInput
from decision.loading import load
from decision.recommendation import recommend
from decision.scenario import ENGINEER_COST, Inputs, inputs_of, scenario_from
from decision.scenario.model import Team
from decision.words import COMPONENT_WORDS
from tests.unpublished import without_a_price

CATALOG = load()
DAY = dt.date(2026, 11, 20)
HOURS = 160  # of one FTE in a month
SERVERS = ("vps", "multica")
OPTIONS = tuple(option_id for option_id in CATALOG.options if option_id not in without_a_price(CATALOG, DAY))
ALL_RUN = dict.fromkeys(COMPONENTS, "runs")
NONE_NEEDED = dict.fromkeys(COMPONENTS, "not_needed")


def inputs(catalog: Catalog = CATALOG, **said: Any) -> Inputs:
    return inputs_of(scenario_from({"fleet": [{"agents": 3}]} | said), catalog, DAY)


def own_server(agents: float, servers: int) -> dict[str, Any]:
    """A server of such a size that so many of them hold all agents, one GiB each, and the 0.75 GiB that Multica keeps for itself."""
    server = {"price_month": 10, "vcpu": 4096, "ram_gb": 2 + (agents + 0.75) / servers}
    return {"ram_per_agent_gb": 1, "vcpu_per_agent": 0.01, "server": server}


def like_agents(agents: int, servers: int, **team: Any) -> Inputs:
    """One group of like agents, and as many servers of their own where the option has any."""
    options = dict.fromkeys(SERVERS, own_server(agents, servers))
    return inputs(fleet=[{"agents": agents}], team=team, overrides={"options": options})


def hours_by_line(option_id: str, known: Inputs) -> dict[str, Any]:
    return {item.label: item.quantity for item in bill(option_id, known).items if item.category is Category.UPKEEP}


def fte(option_id: str, known: Inputs) -> Any:
    return bill(option_id, known).upkeep_hours / HOURS


def plumbing(option_id: str, known: Inputs) -> Any:
    """FTE without the attention that agents take wherever they run."""
    return fte(option_id, known) - hours_by_line(option_id, known)["Attention to the agents"] / HOURS


# -- calibration: what is published of whole set-ups ---------------------------------------------------


TIGHT = 0.1  # of the figure

# Source -> what it tells of a team, and the ends of what it publishes: FTE of one server and what runs on it, agents apart.
PUBLISHED = {
    "arunbaby.com, April 2026: one team's own set-up takes 0.4 FTE": ({}, 0.4, 0.4),
    "agentchassis, undated: two engineers at 30 % after 18 months, 0.6 FTE": ({"thoroughness": "hardened"}, 0.6, 0.6),
    "autolearningagents.com, May 2026: a multi-node set-up 8 to 20 hours a month": ({"thoroughness": "minimal"}, 8 / 160, 20 / 160),
    "the same: one simple agent 2 to 4 hours a month": ({"components": NONE_NEEDED}, 2 / 160, 4 / 160),
}


@pytest.mark.parametrize("source", PUBLISHED)
def test_hours_come_out_as_published_for_whole_set_ups(source: str) -> None:
    team, low, high = PUBLISHED[source]
    assert low * (1 - TIGHT) <= plumbing("vps", like_agents(3, 1, **team)) <= high * (1 + TIGHT)


def test_a_platform_team_of_two_to_three_is_what_a_thousand_agents_take() -> None:
    """bitloops.com, March 2026: two or three platform engineers as a precondition; one to three of them at 1,000 agents."""
    assert plumbing("vps", like_agents(1000, 63)) == pytest.approx(1.8, rel=TIGHT)


# What was worked out apart from the product when the figures were chosen, on the same evidence: FTE with attention, engineer-weeks to build and
# to leave. Agents of one group, servers, and for each option those three. Rounded to hundredths and tenths.
NOTHING_RUN = {
    (1, 1): {"managed-agents": (0.04, 2.2, 6.8), "agentcore-v2": (0.14, 6.0, 5.1), "multica": (0.36, 12.7, 1.6), "vps": (0.40, 15.2, 1.0)},
    (3, 1): {"managed-agents": (0.07, 2.4, 6.9), "agentcore-v2": (0.16, 6.2, 5.2), "multica": (0.38, 12.9, 1.6), "vps": (0.42, 15.4, 1.0)},
    (12, 1): {"managed-agents": (0.12, 2.9, 7.4), "agentcore-v2": (0.21, 6.7, 5.3), "multica": (0.45, 13.4, 1.7), "vps": (0.49, 15.9, 1.1)},
    (50, 7): {"managed-agents": (0.24, 4.0, 8.3), "agentcore-v2": (0.38, 7.8, 5.7), "multica": (0.79, 15.2, 1.8), "vps": (0.85, 17.7, 1.2)},
    (200, 13): {"managed-agents": (0.46, 6.1, 10.0), "agentcore-v2": (0.67, 9.9, 6.4), "multica": (1.30, 17.8, 2.0), "vps": (1.38, 20.3, 1.4)},
    (1000, 63): {"managed-agents": (1.01, 11.4, 14.4), "agentcore-v2": (1.35, 15.2, 8.2), "multica": (2.62, 26.2, 2.4), "vps": (2.74, 28.7, 1.8)},
}
ALL_FIVE_RUN = {
    (1, 1): {"agentcore-v2": (0.09, 3.5), "multica": (0.16, 4.2), "vps": (0.15, 4.2)},
    (3, 1): {"agentcore-v2": (0.11, 3.7), "multica": (0.19, 4.4), "vps": (0.18, 4.4)},
    (12, 1): {"agentcore-v2": (0.17, 4.2), "multica": (0.24, 4.9), "vps": (0.23, 4.9)},
    (50, 7): {"agentcore-v2": (0.31, 5.3), "multica": (0.48, 6.7), "vps": (0.47, 6.6)},
    (200, 13): {"agentcore-v2": (0.57, 7.4), "multica": (0.84, 9.3), "vps": (0.81, 9.3)},
    (1000, 63): {"agentcore-v2": (1.18, 12.6), "multica": (1.88, 17.7), "vps": (1.83, 17.6)},
}


@pytest.mark.parametrize(("team", "worked_out"), [({}, NOTHING_RUN), ({"components": ALL_RUN}, ALL_FIVE_RUN)], ids=["nothing runs", "all five run"])
def test_fleets_of_every_size_take_what_was_worked_out_apart(team: dict[str, Any], worked_out: dict[Any, Any]) -> None:
    for (agents, servers), options in worked_out.items():
        known = like_agents(agents, servers, **team)
        for option_id, figures in options.items():
            billed, owned = bill(option_id, known), ownership(option_id, known)
            assert billed.hosts == (servers if option_id in SERVERS else 0)
            found = (fte(option_id, known), owned.build_weeks, owned.exit_weeks)
            for name, ours, (theirs, rounding) in zip(
                ("upkeep", "build", "exit"), found, zip(figures, (0.005, 0.05, 0.05), strict=False), strict=False
            ):
                assert ours == pytest.approx(theirs, rel=TIGHT, abs=rounding * 1.01), f"{name} of {option_id} for {agents} agents"


WEEKS = {
    "agentchassis: 6 weeks; arunbaby.com: a quarter near the middle; months": ("vps", "build_weeks", 15.4, 5.7, 33),
    "claude.com, June 2026: days rather than months on the managed runtime, here above that": ("managed-agents", "build_weeks", 2.4, 0.7, 5.4),
    "zenml.io on Cox Automotive: several agents on AgentCore in five weeks": ("agentcore-v2", "build_weeks", 6.2, 2.1, 13),
    "rulesell.com: one day to six weeks out of the Assistants API, its vault and sandbox apart": ("managed-agents", "exit_weeks", 6.9, 6.0, 11.0),
}


@pytest.mark.parametrize("source", WEEKS)
def test_weeks_and_their_tenths_come_out_as_worked_out(source: str) -> None:
    option_id, name, likely, low, high = WEEKS[source]
    known = like_agents(3, 1)
    assert getattr(ownership(option_id, known), name) == pytest.approx(likely, rel=TIGHT)
    draws = np.sort(getattr(ownership(option_id, drawn(known, 4096, 1, [option_id])), name))
    assert [float(draws[409]), float(draws[3686])] == pytest.approx([low, high], rel=TIGHT)


def test_what_leaving_the_assistants_api_took_lies_in_the_range_of_what_is_left_there() -> None:
    """rulesell.com: one day for one shared assistant, two to six weeks with stored threads of many tenants; orchestrator and session state."""
    components = load().people.components
    parts = [components["orchestrator"].exit_weeks, components["session_state"].exit_weeks]
    assert sum(part.likely for part in parts) == pytest.approx(3, rel=TIGHT)
    assert sum(part.low or 0 for part in parts) < 2
    assert sum(part.high or 0 for part in parts) > 6


# -- the formula, a second time ------------------------------------------------------------------------


def by_hand(option_id: str, known: Inputs, hosts: float) -> tuple[float, float, float]:
    """Hours a month, weeks to build and weeks to leave of one option, in plain numbers."""
    option, team, portable = known.catalog.options[option_id], known.scenario.team, known.scenario.exit.portable_main_loop

    def figure(path: str) -> float:
        return float(known.values[f"people.{path}"])

    sizes = [
        {k: float(v) for k, v in known.own(group).items() if k in ("agents", "agents_in_12_months", "peak_to_average")}
        for group in known.scenario.fleet
    ]
    agents = [size.get("agents_in_12_months", size["agents"]) for size in sizes]
    peak = sum(n * size["peak_to_average"] for n, size in zip(agents, sizes, strict=True))
    growth = max(peak / 10, 1) ** figure("fleet.growth_exponent")
    distinct = sum(n ** figure("fleet.sharing_exponent") for n in agents)
    thorough, together = figure("thoroughness"), hosts ** figure("hosts.exponent") if hosts else 0.0
    upkeep = build = incidents = 0.0
    left = figure("fleet.exit_base_weeks")
    kept = 0
    for component in COMPONENTS:
        said = team.components.get(component)
        if said == "not_needed":
            continue
        if component in option.provides:
            left += 0 if portable and component == "orchestrator" else option.exit_share * figure(f"components.{component}.exit_weeks")
            continue
        kept += 1
        upkeep_share, build_share = (
            (figure(f"modes.{said}.upkeep_share"), figure(f"modes.{said}.build_share")) if said in ("runs", "buys") else (1.0, 1.0)
        )
        upkeep += upkeep_share * figure(f"components.{component}.upkeep_hours")
        build += build_share * figure(f"components.{component}.build_weeks")
        incidents += upkeep_share * figure("incidents.per_component")
    if option.glue != "none":
        upkeep, build = upkeep + figure(f"glue.{option.glue}.upkeep_hours"), build + figure(f"glue.{option.glue}.build_weeks")
    hours = thorough * (upkeep * growth + figure("hosts.upkeep_hours") * together)
    hours += (incidents + hosts * figure("incidents.per_host")) * figure("incidents.hours_each") + figure("fleet.attention_hours") * distinct
    if team.on_call == "around_the_clock" and (kept or hosts):
        hours += figure("on_call.hours")
    extra_hours, extra_weeks = (0.0 if each is None else each.likely for each in (option.extra_upkeep_hours, option.extra_build_weeks))
    weeks = thorough * (figure("fleet.onboarding_weeks") + build + figure("hosts.build_weeks") * together) + extra_weeks
    weeks += figure("fleet.build_weeks_per_further_agent") * max(distinct - 1, 0)
    left += figure("fleet.exit_weeks_per_agent") * option.agent_exit_share * (0.5 if portable else 1) * distinct
    return hours + extra_hours, weeks, left


def between(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False, allow_infinity=False, allow_subnormal=False)


groups = st.fixed_dictionaries(
    {"agents": between(1, 400), "peak_to_average": between(1, 4)},
    optional={"agents_in_12_months": between(1, 900)},
)  # fmt: skip
MODES = {component: st.sampled_from(["not_needed", "option", "runs", "builds"]) for component in COMPONENTS} | {
    component: st.sampled_from(["not_needed", "option", "runs", "buys", "builds"])
    for component in ("orchestrator", "credential_vault", "observability")
}
FIGURES = {
    "fleet.growth_exponent": between(0, 1), "fleet.sharing_exponent": between(0.05, 1), "fleet.attention_hours": between(0, 40),
    "hosts.exponent": between(0.3, 1), "hosts.upkeep_hours": between(0, 20), "modes.runs.upkeep_share": between(0, 1),
    "modes.runs.build_share": between(0, 1), "modes.buys.upkeep_share": between(0, 1), "components.sandbox.upkeep_hours": between(0, 200),
    "components.observability.build_weeks": between(0, 30), "incidents.per_component": between(0, 5), "incidents.per_host": between(0, 1),
}  # fmt: skip
TEAMS = st.fixed_dictionaries(
    {"components": st.fixed_dictionaries({}, optional=MODES)},
    optional={"thoroughness": st.sampled_from(THOROUGHNESS), "on_call": st.sampled_from(["none", "around_the_clock"])},
)
SCENARIOS = st.fixed_dictionaries(
    {
        "fleet": st.lists(groups, min_size=1, max_size=3).map(lambda fleet: [{"name": f"group {i}", **group} for i, group in enumerate(fleet)]),
        "team": TEAMS,
        "exit": st.fixed_dictionaries({"portable_main_loop": st.booleans()}),
        "overrides": st.fixed_dictionaries({"people": st.fixed_dictionaries({}, optional=FIGURES)}),
    }
)

# One plan, so that more agents never mean fewer servers.
ON_ONE_PLAN = {"ram_per_agent_gb": 1.5, "vcpu_per_agent": 0.5, "server": {"price_month": 40, "vcpu": 8, "ram_gb": 16}}
ONE_PLAN = dict.fromkeys(("vps", "multica", "gpu-node", "managed-agents-own-sandboxes"), ON_ONE_PLAN)


def on_one_plan(content: dict[str, Any], catalog: Catalog = CATALOG) -> Inputs:
    return inputs(catalog, **{**content, "overrides": {**content["overrides"], "options": ONE_PLAN}})


def said_of(content: dict[str, Any], component: str, how: str) -> dict[str, Any]:
    """The same scenario with that way of having a component."""
    team = content["team"]
    return {**content, "team": {**team, "components": {**team["components"], component: how}}}


def people_of(option_id: str, known: Inputs) -> tuple[Bill, CostOfOwnership]:
    return bill(option_id, known), ownership(option_id, known)


def at_most(less: Any, more: Any) -> bool:
    return bool(np.all(np.asarray(less) <= np.asarray(more) * (1 + 1e-9) + 1e-9))


@given(SCENARIOS, st.sampled_from(OPTIONS))
def test_hours_and_weeks_are_those_of_the_formula(content: dict[str, Any], option_id: str) -> None:
    known = inputs(**content)
    billed, owned = people_of(option_id, known)
    hours, build, leave = by_hand(option_id, known, float(billed.hosts))
    assert billed.upkeep_hours == pytest.approx(hours, rel=1e-9)
    assert owned.build_weeks == pytest.approx(build, rel=1e-9)
    assert owned.exit_weeks == pytest.approx(leave, rel=1e-9)
    assert billed.of(Category.UPKEEP) == pytest.approx(hours * float(known[ENGINEER_COST]) / 12 / HOURS, rel=1e-9)


# -- laws ----------------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(SCENARIOS, between(1, 30))
def test_more_agents_never_lower_upkeep_build_or_exit(content: dict[str, Any], factor: float) -> None:
    few = on_one_plan(content)
    many = few.vary({"agents": few.driver_value("agents") * factor})
    for option_id in OPTIONS:
        (billed, owned), (more, dearer) = people_of(option_id, few), people_of(option_id, many)
        assert at_most(billed.upkeep_hours, more.upkeep_hours), option_id
        assert at_most(owned.build_weeks, dearer.build_weeks), option_id
        assert at_most(owned.exit_weeks, dearer.exit_weeks), option_id


@given(SCENARIOS, between(1, 30))
def test_more_agents_never_lower_what_servers_and_their_people_cost_together(content: dict[str, Any], factor: float) -> None:
    """The plan is chosen for both, so larger servers may take fewer hours, and never less money."""
    few = inputs(**content)
    many = few.vary({"agents": few.driver_value("agents") * factor})
    for option_id in SERVERS:
        assert at_most(with_servers(option_id, few), with_servers(option_id, many)), option_id


def with_servers(option_id: str, known: Inputs) -> float:
    return float(sum(item.cost for item in bill(option_id, known).items if item.category is Category.SERVERS or item.label == "Servers"))


@settings(max_examples=25)
@given(SCENARIOS, st.sampled_from(COMPONENTS))
def test_what_runs_already_never_costs_more_than_what_is_built(content: dict[str, Any], component: str) -> None:
    """Nothing is cheaper than a component that nobody needs; one that runs costs no more than one to build, whatever the option."""
    built, run, unneeded = (inputs(**said_of(content, component, how)) for how in ("builds", "runs", "not_needed"))
    for option_id in OPTIONS:
        (b, b_owned), (r, r_owned), (n, n_owned) = (people_of(option_id, each) for each in (built, run, unneeded))
        assert at_most(n.upkeep_hours, r.upkeep_hours), option_id
        assert at_most(r.upkeep_hours, b.upkeep_hours), option_id
        assert at_most(n_owned.build_weeks, r_owned.build_weeks), option_id
        assert at_most(r_owned.build_weeks, b_owned.build_weeks), option_id
        assert at_most(n_owned.exit_weeks, r_owned.exit_weeks), option_id
        assert r_owned.exit_weeks == pytest.approx(b_owned.exit_weeks), option_id
        assert at_most(r_owned.total, b_owned.total), option_id


@settings(max_examples=25)
@given(SCENARIOS, st.sampled_from(["orchestrator", "credential_vault", "observability"]))
def test_what_is_bought_lowers_upkeep_and_build_and_costs_its_price(content: dict[str, Any], component: str) -> None:
    built, bought = (inputs(**said_of(content, component, how)) for how in ("builds", "buys"))
    offers = [offer.price for offer in CATALOG.components.values() if offer.component == component]
    price = min(CATALOG.prices_on(DAY)[offer].amount for offer in offers if CATALOG.prices_on(DAY).priced(offer))
    for option_id in OPTIONS:
        (b, b_owned), (s, s_owned) = people_of(option_id, built), people_of(option_id, bought)
        assert at_most(s.upkeep_hours, b.upkeep_hours), option_id
        assert at_most(s_owned.build_weeks, b_owned.build_weeks), option_id
        apart = 0 if component in CATALOG.options[option_id].provides else price
        assert s.of(Category.SERVICES) - b.of(Category.SERVICES) == pytest.approx(apart, abs=1e-6), option_id


@pytest.mark.parametrize("option_id", ["vps", "multica", "e2b", "agentcore-v1"])
def test_each_component_that_runs_or_is_bought_takes_less_than_one_built(option_id: str) -> None:
    """At the figures on file the two are not merely no dearer: each of them saves hours and weeks, of every component that the option lacks."""
    for component in set(COMPONENTS) - set(CATALOG.options[option_id].provides):
        ways = ["builds", "runs", *(["buys"] if component in ("orchestrator", "credential_vault", "observability") else [])]
        found = {how: people_of(option_id, inputs(team={"components": {component: how}})) for how in ways}
        for how in ways[1:]:
            assert found[how][0].upkeep_hours < found["builds"][0].upkeep_hours - 1, (component, how)
            assert found[how][1].build_weeks < found["builds"][1].build_weeks - 0.5, (component, how)


def test_what_is_bought_for_one_option_is_bought_there_alone() -> None:
    built, bought = inputs(), inputs(overrides={"options": {"vps": {"buys": ["temporal-business"]}}})
    assert mode(bought, CATALOG.options["vps"], "orchestrator") == "buys"
    assert hours_by_line("vps", bought)["Orchestrator"] == pytest.approx(hours_by_line("vps", built)["Orchestrator"] * 0.25)
    assert hours_by_line("e2b", bought) == hours_by_line("e2b", built)


def with_more(option_id: str, components: set[str]) -> Catalog:
    """The catalog with an option that provides these components too."""
    option = CATALOG.options[option_id]
    more = option.model_copy(update={"provides": tuple(c for c in COMPONENTS if c in components or c in option.provides)})
    return dataclasses.replace(CATALOG, options={**CATALOG.options, option_id: more})


@given(SCENARIOS, st.sampled_from(OPTIONS), st.sets(st.sampled_from(COMPONENTS)))
def test_an_option_that_provides_more_never_needs_more(content: dict[str, Any], option_id: str, components: set[str]) -> None:
    less, more = people_of(option_id, inputs(**content)), people_of(option_id, inputs(with_more(option_id, components), **content))
    assert at_most(more[0].upkeep_hours, less[0].upkeep_hours)
    assert at_most(more[1].build_weeks, less[1].build_weeks)
    assert at_most(less[1].exit_weeks, more[1].exit_weeks)  # and is never easier to leave


@given(SCENARIOS)
def test_of_two_options_the_one_that_provides_all_that_the_other_does_keeps_no_more_components(content: dict[str, Any]) -> None:
    known = inputs(**content)
    names = {*COMPONENT_WORDS.values(), "Incidents"}
    kept = {i: sum(float(hours) for label, hours in hours_by_line(i, known).items() if label in names) for i in OPTIONS}
    for one in OPTIONS:
        for other in OPTIONS:
            if set(CATALOG.options[one].provides) >= set(CATALOG.options[other].provides):
                assert at_most(kept[one], kept[other]), (one, other)


@given(SCENARIOS, st.sampled_from(OPTIONS), between(0, 5), between(0, 100), between(0, 100))
def test_a_figure_of_the_teams_own_is_taken_as_it_is(content: dict[str, Any], option_id: str, upkeep: float, build: float, leave: float) -> None:
    own = {"upkeep_fte": upkeep, "build_weeks": build, "exit_weeks": leave}
    known = inputs(**{**content, "overrides": {**content["overrides"], "options": {option_id: own}}})
    varied = inputs(**content).vary({f"options.{option_id}.{name}": value for name, value in own.items()})
    for found in (known, varied):
        billed, owned = people_of(option_id, found)
        assert list(hours_by_line(option_id, found)) == ["Upkeep"]
        assert billed.upkeep_hours == pytest.approx(upkeep * HOURS)
        assert (owned.build_weeks, owned.exit_weeks) == (pytest.approx(build), pytest.approx(leave))
    for other in ("vps", "agentcore-v1"):
        if other != option_id:
            assert bill(other, known).upkeep_hours == bill(other, inputs(**content)).upkeep_hours


@given(SCENARIOS, st.sampled_from(OPTIONS))
def test_what_components_add_up_to_is_where_the_scenario_stands(content: dict[str, Any], option_id: str) -> None:
    """Giving what the components add up to, as a figure of the team's own, moves nothing: neither bill nor ownership."""
    known = on_one_plan(content)
    owned = ownership(option_id, known)
    own = {f"options.{option_id}.{name}": standing(known, f"options.{option_id}.{name}") for name in ("upkeep_fte", "build_weeks", "exit_weeks")}
    said = ownership(option_id, known.vary(own))
    if not any("agents_in_12_months" in group for group in content["fleet"]):  # upkeep of one's own is the same in every month of growth
        assert said.run == pytest.approx(owned.run)
    assert (said.build, said.delay, said.exit) == (pytest.approx(owned.build), pytest.approx(owned.delay), pytest.approx(owned.exit))
    assert bill(option_id, known.vary(own)).total == pytest.approx(bill(option_id, known).total)


def test_a_figure_of_the_teams_own_and_components_may_stand_in_one_array() -> None:
    known = on_one_plan({"overrides": {}})
    mixed = known.vary({"vps.upkeep_fte": np.array([0.1, np.nan, 0.3]), "vps.build_weeks": np.array([np.nan, 2.0, 3.0])})
    hours, weeks = bill("vps", mixed).upkeep_hours, ownership("vps", mixed).build_weeks
    assert np.asarray(hours) == pytest.approx([16, bill("vps", known).upkeep_hours, 48])
    assert np.asarray(weeks) == pytest.approx([ownership("vps", known).build_weeks, 2, 3])


@settings(max_examples=25)
@given(SCENARIOS)
def test_arrays_say_what_each_of_their_elements_says(content: dict[str, Any]) -> None:
    known = on_one_plan(content)
    sizes = np.array([1.0, 9.5, 40.0, 700.0])
    many = known.vary({"agents": sizes})
    for option_id in ("managed-agents", "agentcore-v1", "vps", "multica"):
        billed, owned = people_of(option_id, many)
        for n, size in enumerate(sizes):
            one, one_owned = people_of(option_id, known.vary({"agents": float(size)}))
            assert np.broadcast_to(billed.upkeep_hours, sizes.shape)[n] == pytest.approx(float(one.upkeep_hours))
            assert np.broadcast_to(owned.build_weeks, sizes.shape)[n] == pytest.approx(float(one_owned.build_weeks))
            assert np.broadcast_to(owned.exit_weeks, sizes.shape)[n] == pytest.approx(float(one_owned.exit_weeks))


# -- one draw for all options --------------------------------------------------------------------------


def test_each_component_is_drawn_once_for_all_options() -> None:
    """What a component takes in one draw is the same wherever the team keeps it, so cheap on one option is never dear on another."""
    known = like_agents(3, 1)
    many = drawn(known, 256, 1, ("vps", "multica", "e2b", "agentcore-v1", "managed-agents"))
    lines = {option_id: hours_by_line(option_id, many) for option_id in ("vps", "multica", "e2b", "agentcore-v1", "managed-agents")}
    shared = {label: [i for i in lines if label in lines[i]] for label in {*COMPONENT_WORDS.values(), "Attention to the agents", "Servers"}}
    assert shared["Sandbox"] == ["vps", "multica"]
    assert shared["Observability"] == ["vps", "multica", "e2b"]
    assert shared["Orchestrator"] == ["vps", "e2b", "agentcore-v1"]
    for label, options in shared.items():
        hours = [np.asarray(lines[i][label]) for i in options]
        assert hours[0].shape == (256,)
        assert len(set(hours[0].tolist())) > 200
        for other in hours[1:]:
            assert np.array_equal(hours[0], other), label


def test_a_component_is_one_input_however_many_options_keep_it() -> None:
    known = inputs(consider=["all"])
    for name in ("components.sandbox.upkeep_hours", "fleet.growth_exponent", "thoroughness"):
        assert [path for path in dimensions(known) if path.endswith(name)] == [f"people.{name}"]


def test_draws_of_two_options_move_together() -> None:
    """Upkeep of two options that keep the same five components is nearly one number; that of two that share only the agents is not."""
    many = drawn(inputs(), 512, 1, ("vps", "multica", "managed-agents"))
    vps, multica, managed = (np.asarray(bill(i, many).upkeep_hours) for i in ("vps", "multica", "managed-agents"))
    assert np.corrcoef(vps, multica)[0, 1] > 0.9
    assert np.corrcoef(vps, managed)[0, 1] < 0.9


def test_options_that_nobody_considers_and_parts_that_nobody_keeps_are_not_drawn() -> None:
    alone = dimensions(inputs(), ["managed-agents"])
    assert not [path for path in alone if path.startswith("people.components.") and not path.endswith("exit_weeks")]
    assert not [path for path in alone if path.startswith(("people.hosts.", "people.modes.", "people.on_call."))]
    assert {"people.glue.managed.upkeep_hours", "people.fleet.attention_hours"} <= set(alone)


# -- thoroughness, standby, country, own time ----------------------------------------------------------


@pytest.mark.parametrize(("said", "factor"), [("minimal", 0.3), ("standard", 1), ("hardened", 1.7)])
def test_a_thorough_team_does_more_of_everything_but_incidents_and_attention(said: str, factor: float) -> None:
    usual, found = like_agents(12, 2), like_agents(12, 2, thoroughness=said)
    assert found.facts["people.thoroughness"].origin == "given"
    before, after = hours_by_line("vps", usual), hours_by_line("vps", found)
    incidents = 2 * 0.03 * 4  # of the servers
    for label in {*COMPONENT_WORDS.values()} - {"Servers"}:
        assert after[label] == pytest.approx(before[label] * factor), label
    assert after["Servers"] - incidents == pytest.approx((before["Servers"] - incidents) * factor)
    assert (after["Incidents"], after["Attention to the agents"]) == (before["Incidents"], before["Attention to the agents"])
    further = 0.3 * (12**0.5 - 1)
    weeks = [float(ownership("vps", each).build_weeks) - further for each in (usual, found)]
    assert weeks[1] == pytest.approx(weeks[0] * factor)
    assert ownership("vps", found).exit_weeks == ownership("vps", usual).exit_weeks


def test_who_does_not_say_how_thorough_is_drawn_between_the_ends() -> None:
    fact = inputs().facts["people.thoroughness"]
    assert (fact.amount.low, fact.amount.likely, fact.amount.high, fact.origin) == (0.3, 1, 1.7, "assumed")
    assert not inputs(team={"thoroughness": "standard"}).facts["people.thoroughness"].amount.is_range
    assert inputs(overrides={"people": {"thoroughness": 1.2}})["people.thoroughness"] == 1.2


def test_on_call_around_the_clock_costs_standby_and_says_how_many_people_it_takes() -> None:
    quiet, reachable = inputs(), inputs(team={"on_call": "around_the_clock"})
    for option_id in ("vps", "multica", "agentcore-v1"):
        extra = bill(option_id, reachable).upkeep_hours - bill(option_id, quiet).upkeep_hours
        assert extra == pytest.approx(48)  # 0.3 FTE
    assert bill("managed-agents", reachable).upkeep_hours == bill("managed-agents", quiet).upkeep_hours  # nothing of its own to stand by for
    assert "Standby around the clock" not in hours_by_line("managed-agents", reachable)
    said = [warning for warning in recommend(reachable).warnings if warning.startswith("On call around the clock")]
    assert len(said) == 1
    assert "at least 8 people at one site, or 6 at each of two" in said[0]
    assert "Google" in said[0]
    assert not [warning for warning in recommend(quiet).warnings if "On call" in warning]


def test_standby_is_felt_by_draws_only_where_it_is_asked_for() -> None:
    assert "people.on_call.hours" in dimensions(inputs(team={"on_call": "around_the_clock"}), ["vps"])
    assert "people.on_call.hours" not in dimensions(inputs(), ["vps"])


EUR = 1.1637  # USD on 2026-11-20
COUNTRIES = {
    "US": ({}, 135_980 * 1.429, 1, "BLS, May 2025"),
    "DE": ({}, 65_250 * 1.21, EUR, "Stepstone 2026"),
    "FR": ({}, 51_000 * 1.42, EUR, "of 2022"),
    "GB": ({"usd_per_currency": 1.3}, 70_000 * 1.18, 1.3, "October 2026"),
    "PL": ({"usd_per_currency": 0.27}, 21_500 * 12 * 1.2048, 0.27, "senior DevOps"),
    "IN": ({"usd_per_currency": 0.011}, 2_200_000, 0.011, "cost to company"),
}


@pytest.mark.parametrize("code", COUNTRIES)
def test_an_engineer_costs_what_the_country_pays_times_its_load(code: str) -> None:
    more, local, rate, source = COUNTRIES[code]
    known = inputs(team={"country": code, **more})
    assert float(known[ENGINEER_COST]) == pytest.approx(local * rate, rel=1e-4)
    fact = known.facts[ENGINEER_COST]
    assert fact.origin == "assumed"
    assert CATALOG.people.countries[code].name in fact.why
    assert source in fact.why
    line = next(item for item in bill("vps", known).items if item.category is Category.UPKEEP)
    assert source in line.price.source.title
    assert line.assumed
    assert line.price.amount == pytest.approx(local * rate / 12 / HOURS, rel=1e-4)
    low, high = fact.amount.low / fact.amount.likely, fact.amount.high / fact.amount.likely
    assert (low, high) == (pytest.approx(120_000 / 194_315, rel=1e-2), pytest.approx(275_000 / 194_315, rel=1e-2))  # as wide as the American one


def test_a_rate_that_is_a_range_stays_one() -> None:
    fact = inputs(team={"country": "PL", "usd_per_currency": {"low": 0.2, "likely": 0.27, "high": 0.3}}).facts[ENGINEER_COST].amount
    cost = CATALOG.people.countries["PL"].cost
    assert (fact.low, fact.likely, fact.high) == pytest.approx((cost.low * 0.2, cost.likely * 0.27, cost.high * 0.3))


def test_who_says_how_many_people_a_rota_takes_stands_in_the_file() -> None:
    content = CATALOG.people.model_dump()
    content["on_call"]["staffing_source"] = "nobody"
    with pytest.raises(ValueError, match=r'staffing_source: "nobody" is not under sources'):
        type(CATALOG.people).model_validate(content)


def test_who_says_no_country_has_the_american_cost() -> None:
    assert inputs()[ENGINEER_COST] == inputs(team={"country": "US"})[ENGINEER_COST] == pytest.approx(194_315)


@pytest.mark.parametrize(
    ("team", "words"),
    [
        ({"country": "XX"}, ["team.country", '"XX" is not on file', "DE (Germany)"]),
        ({"country": "PL"}, ["Poland is on file in PLN", "no rate to the dollar", "team.usd_per_currency"]),
        ({"country": "DE", "engineer_cost_per_year": 90_000}, ["engineer_cost_per_year is given too", "Keep one"]),
        ({"usd_per_currency": 1.2}, ["no country is given", "leave it out"]),
        ({"country": "US", "usd_per_currency": 1.2}, ["team.usd_per_currency", "in dollars", "Leave it out"]),
        ({"own_time_is_free": True, "engineer_cost_per_year": 90_000}, ["own_time_is_free", "Keep one"]),
        ({"own_time_is_free": True, "country": "DE"}, ["own_time_is_free", "Keep one"]),
        ({"thoroughness": "sloppy"}, ["thoroughness"]),
        ({"components": {"sandboxes": "runs"}}, ["components"]),
        ({"already_runs": ["sandboxes"]}, ["already_runs", "sandbox"]),
        ({"already_runs": ["sandbox"], "components": {"sandbox": "builds"}}, ["disagree on sandbox"]),
    ],
)
def test_a_team_that_contradicts_itself_or_names_what_nobody_knows_is_refused(team: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(BadInput) as refused:
        inputs(team=team)
    for word in words:
        assert word in str(refused.value)


def test_a_day_without_a_rate_on_file_asks_for_one() -> None:
    with pytest.raises(BadInput, match=r"team\.country: Germany is on file in EUR"):
        inputs_of(scenario_from({"as_of": "2020-01-01", "fleet": [{"agents": 1}], "team": {"country": "DE"}}), CATALOG)


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ({"components.sandbox.upkeep_hour": 3}, ["components.sandbox.upkeep_hour", "components.sandbox.upkeep_hours"]),
        ({"fleet.growth_exponent": 1.5}, ["fleet.growth_exponent", "is not between 0 and 1"]),
        ({"modes.runs.upkeep_share": 2}, ["modes.runs.upkeep_share", "is not between 0 and 1"]),
        ({"thoroughness": 0}, ["thoroughness", "is not between 0.01 and 100"]),
    ],
)
def test_a_figure_that_is_unknown_or_out_of_bounds_is_refused_by_name(people: dict[str, float], words: list[str]) -> None:
    with pytest.raises(BadInput) as refused:
        inputs(overrides={"people": people})
    for word in words:
        assert word in str(refused.value)


def test_own_time_that_is_free_costs_nothing_and_the_hours_stay() -> None:
    paid, free = inputs(), inputs(team={"own_time_is_free": True})
    assert free[ENGINEER_COST] == 0
    assert free.facts[ENGINEER_COST].origin == "given"
    for option_id in OPTIONS:
        billed, owned = people_of(option_id, free)
        assert billed.of(Category.UPKEEP) == 0
        assert (owned.build, owned.exit) == (0, 0)
        assert owned.run == pytest.approx(24 * (bill(option_id, paid).total - bill(option_id, paid).of(Category.UPKEEP)), rel=0.05)
        assert billed.upkeep_hours > 0
        assert owned.build_weeks > 0
    assert recommend(free).rests_on == ""
    assert recommend(paid).rests_on.startswith("Rests on hours a month that nobody gave")
    assert CATALOG.people.evidence in recommend(paid).rests_on


def test_free_time_chooses_the_cheapest_servers_and_paid_time_fewer_of_them() -> None:
    fleet = [{"agents": 200}]
    free, paid = (bill("vps", inputs(fleet=fleet, team=team)) for team in ({"own_time_is_free": True}, {"engineer_cost_per_year": 275_000}))
    assert free.of(Category.SERVERS) < paid.of(Category.SERVERS)
    assert paid.hosts < free.hosts


# -- the file ------------------------------------------------------------------------------------------


def estimates(part: Any) -> list[PeopleEstimate]:
    if isinstance(part, PeopleEstimate):
        return [part]
    parts = (
        part.values()
        if isinstance(part, Mapping)
        else [getattr(part, name) for name in type(part).model_fields]
        if isinstance(part, BaseModel)
        else []
    )
    return [estimate for each in parts for estimate in estimates(each)]


def test_every_figure_says_what_it_rests_on_and_every_source_is_used() -> None:
    people = CATALOG.people
    found = estimates(people)
    assert len(found) == len(people.figures) + len(people.countries)
    assert all(estimate.assumption and len(estimate.assumption) > 15 for estimate in found)
    named = {name for estimate in found for name in estimate.sources} | {"sre-book"}
    assert named == set(people.sources)


def test_an_hour_that_names_a_source_which_is_not_there_is_refused() -> None:
    content = CATALOG.people.model_dump()
    content["components"]["sandbox"]["upkeep_hours"]["sources"] = ["arunbabi"]
    with pytest.raises(ValueError, match=r'components\.sandbox\.upkeep_hours names the source "arunbabi".*arunbaby'):
        People.model_validate(content)


@pytest.mark.parametrize(("part", "name"), [("components", "observability"), ("glue", "multica")])
def test_a_component_or_a_glue_that_is_missing_is_named(part: str, name: str) -> None:
    content = CATALOG.people.model_dump()
    del content[part][name]
    with pytest.raises(ValueError, match=f"{name} missing"):
        People.model_validate(content)


def test_every_way_of_having_a_component_may_be_said() -> None:
    assert set(get_args(get_args(Team.model_fields["components"].annotation)[1])) == {"not_needed", "option", "runs", "buys", "builds"}
    option: Option = CATALOG.options["multica"]
    expected = {"not_needed": "not_needed", "option": "builds", "runs": "runs", "buys": "buys", "builds": "builds"}
    for said, found in expected.items():
        assert mode(inputs(team={"components": {"observability": said}}), option, "observability") == found
        assert mode(inputs(team={"components": {"orchestrator": said}}), option, "orchestrator") == (
            "not_needed" if said == "not_needed" else "option"
        )
    assert math.isfinite(float(bill("multica", inputs(team={"components": {"observability": "buys"}})).total))
