"""People: hours a month to keep an option running, engineer-weeks to build it and to leave it, put together from components.

    hours = T x (sum of m_c x u_c x S + glue x S + a x H ** b) + (sum of m_c x i_c + i_h x H) x h + attention x D + extra

    T thoroughness; u_c hours of component c; m_c 0 where the option brings it or nobody needs it, 1 where the team builds it, a share where
    it runs already or is bought; S = max(agents at the peak / 10, 1) ** growth; H servers; i incidents a month, h hours for each;
    D = sum of agents of a group ** sharing, over the groups: agents that are alike share what they take.

Every figure stands in data/people.yaml and is an input of its own (people.components.sandbox.upkeep_hours), so it is drawn once for all options.
A figure that the team gives for an option (overrides.options.<id>.upkeep_fte and so on) is taken as it is.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

from decision.catalog import Option, PriceInForce, Source, Value
from decision.catalog.options import COMPONENTS, Component, Servers
from decision.costs.line_items import Billing, Category, LineItem
from decision.costs.use import Use, some
from decision.scenario import ENGINEER_COST, Inputs, paths
from decision.words import COMPONENT_WORDS, HOURS_PER_FTE

MONTHS_PER_YEAR, WEEKS_PER_YEAR = 12, 52
PEOPLE = "people."  # how the paths of these inputs begin
AGENTS_BEFORE_GROWTH = 10  # the size that the hours of people.yaml are for

Mode = Literal["not_needed", "option", "runs", "buys", "builds"]


def mode(inputs: Inputs, option: Option, component: Component) -> Mode:
    """Who has a component: nobody needs it, the option brings it, it is bought, it runs already, or the team builds it."""
    return _modes(*_said(inputs, option))[component]


def kept(inputs: Inputs, option: Option) -> Mapping[Component, Mode]:
    """The components that are the team's own work with this option, with how it has them."""
    return _kept(*_said(inputs, option))


Said = tuple[tuple[Component, ...], tuple[tuple[Component, Mode], ...], frozenset[Component]]


def _said(inputs: Inputs, option: Option) -> Said:
    """What decides over the modes: what the option provides, what the team says, and what it buys for this very option.

    A mature pipeline of its own for traces and metrics is observability that runs, unless the team says otherwise of that component.
    """
    team = inputs.scenario.team.components
    if inputs.scenario.constraints.observability == "mature" and "observability" not in team:
        team = {**team, "observability": "runs"}
    bought = frozenset(inputs.catalog.components[name].component for name in inputs.scenario.overrides.of(option.id).buys)
    return option.provides, tuple(team.items()), bought


@functools.lru_cache(maxsize=512)
def _modes(provides: tuple[Component, ...], team: tuple[tuple[Component, Mode], ...], bought: frozenset[Component]) -> Mapping[Component, Mode]:
    found: dict[Component, Mode] = {}
    for component in COMPONENTS:
        said = dict(team).get(component)
        if component in bought:
            found[component] = "buys"
        elif said == "not_needed":
            found[component] = "not_needed"
        elif component in provides:
            found[component] = "option"
        else:
            found[component] = said if said in ("buys", "runs") else "builds"
    return found


@functools.lru_cache(maxsize=512)
def _kept(provides: tuple[Component, ...], team: tuple[tuple[Component, Mode], ...], bought: frozenset[Component]) -> Mapping[Component, Mode]:
    return {component: found for component, found in _modes(provides, team, bought).items() if found not in ("not_needed", "option")}


def _shares(inputs: Inputs, modes: Mapping[Component, Mode], what: str) -> dict[Component, Value]:
    return {c: 1.0 if found == "builds" else inputs[f"people.modes.{found}.{what}_share"] for c, found in modes.items()}


@dataclass(frozen=True, slots=True)
class Crew:
    """What the fleet of a month asks of people, whichever option it runs on: how upkeep grows, and how many agents differ."""

    growth: Value
    distinct_agents: Value
    thoroughness: Value
    lines: dict[tuple[str, str], LineItem] = field(default_factory=dict, repr=False, compare=False)
    """Lines that options share, by what they are for and how the team has it; worked out for the first that asks."""

    @classmethod
    def of(cls, inputs: Inputs, uses: Sequence[Use]) -> Crew:
        """Growth is 1 up to ten agents at the peak. Shapes as the agents of the uses."""
        peak: Value = sum(use.peak_sessions for use in uses)
        alike: dict[str, Value] = {}
        for use in uses:
            slug = inputs.split_off.get(use.group.slug, use.group.slug)
            alike[slug] = alike.get(slug, 0.0) + use.agents
        return cls(
            np.maximum(peak / AGENTS_BEFORE_GROWTH, 1.0) ** inputs["people.fleet.growth_exponent"],
            sum(agents ** inputs["people.fleet.sharing_exponent"] * np.greater(agents, 0) for agents in alike.values()),
            inputs["people.thoroughness"],
        )


# -- upkeep --------------------------------------------------------------------------------------------


_LOGARITHMS = np.log(np.maximum(np.arange(1024.0), 1e-300))


def _together(hosts: Value, exponent: Value) -> Value:
    """Hosts ** exponent, nothing for none. Servers come in whole numbers, mostly few: to look their logarithms up halves the time of a power."""
    most = np.max(hosts)
    if most <= 1:
        return hosts
    if np.ndim(hosts) and most < len(_LOGARITHMS):
        few: Value = np.exp(exponent * _LOGARITHMS[np.asarray(hosts).astype(np.intp)]) * np.greater(hosts, 0)
        return few
    return hosts**exponent * np.greater(hosts, 0)


def host_hours(inputs: Inputs, hosts: Value) -> Value:
    """Hours a month that `hosts` servers take, incidents included: T x a x H ** b + H x incidents x hours each."""
    alone = inputs["people.thoroughness"] * inputs["people.hosts.upkeep_hours"] * _together(hosts, inputs["people.hosts.exponent"])
    return alone + hosts * inputs["people.incidents.per_host"] * inputs["people.incidents.hours_each"]


def host_cost(inputs: Inputs, option_id: str, hosts: Value) -> Value:
    """USD a month that people spend on servers; 0 where the team's own figure says what upkeep takes, however many servers there are."""
    hours = host_hours(inputs, hosts) * np.isnan(inputs.get(paths.of_option(option_id, "upkeep_fte"), np.nan))
    return hours * (inputs[ENGINEER_COST] / (MONTHS_PER_YEAR * HOURS_PER_FTE))


def hour_price(inputs: Inputs) -> PriceInForce:
    """USD for an engineer's hour: fully loaded cost a year / 12 / 160."""
    fact = inputs.facts[ENGINEER_COST]
    source = _source(fact.why, fact.origin == "assumed", inputs.as_of)
    return PriceInForce(ENGINEER_COST, inputs[ENGINEER_COST] / (MONTHS_PER_YEAR * HOURS_PER_FTE), "Hours", source, inputs.as_of)


@functools.lru_cache(maxsize=64)
def _source(why: str, assumed: bool, day: dt.date) -> Source:
    return Source(title=why or "Given in the scenario", kind="assumption" if assumed else "given", retrieved=day)


def upkeep(billing: Billing, crew: Crew, hosts: Value) -> list[LineItem]:
    """Hours that keeping the option takes every month, a line for each part; one line where the team gave its own figure.

    hosts: servers of the option that month.
    """
    own = billing.inputs.get(paths.of_option(billing.option.id, "upkeep_fte"), np.nan)
    adds_up = np.isnan(own)
    price = hour_price(billing.inputs)
    items: list[LineItem] = []
    if some(adds_up):
        items = _parts(billing, crew, hosts, price)
        if not np.all(adds_up):
            items = [item._replace(quantity=np.where(adds_up, item.quantity, 0.0)) for item in items]
    if not np.all(adds_up):
        hours = np.nan_to_num(own) * HOURS_PER_FTE
        words, terms = "{fte} FTE x 160 hours, the team's own figure", {"fte": own}
        items.append(LineItem("Upkeep", Category.UPKEEP, None, hours, price, words, terms, ENGINEER_COST in billing.inputs.assumed))
    return items


def _parts(billing: Billing, crew: Crew, hosts: Value, price: PriceInForce) -> list[LineItem]:
    """A line for each part of the sum; those that do not depend on the option are worked out once for all."""
    inputs, option, asked = billing.inputs, billing.option, _Lines(billing.inputs, crew, price)
    modes = kept(inputs, option)
    items = [asked.component(component, found) for component, found in modes.items()]
    if option.glue != "none":
        items.append(asked.glue(option.glue))
    if some(hosts):
        figures = ("hosts.upkeep_hours", "hosts.exponent", "incidents.per_host", "incidents.hours_each", "thoroughness")
        items.append(asked.line("Servers", host_hours(inputs, hosts), "{hosts} servers, incidents included", {"hosts": hosts}, *figures))
    if modes:
        items.append(asked.incidents(modes))
    if inputs.scenario.team.on_call == "around_the_clock" and (modes or some(hosts)):
        hours = inputs["people.on_call.hours"] if modes else np.where(np.greater(hosts, 0), inputs["people.on_call.hours"], 0.0)
        items.append(asked.line("Standby around the clock", hours, "{hours} hours of pay", {"hours": hours}, "on_call.hours"))
    items.append(asked.attention())
    if paths.of_option(option.id, "extra_upkeep_hours") in inputs.values:
        hours = billing.own("extra_upkeep_hours")
        items.append(asked.line(f"Beyond the components: {option.short_name}", hours, "{hours} hours", {"hours": hours}, "extra"))
    return items


_GROWS = " x {thorough} thoroughness x {growth} growth"
_MODE_WORDS = {"builds": "", "runs": " x {share} since it runs already", "buys": " x {share} since it is bought"}


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a month's upkeep. A line rests on an estimate where one of its figures, or what an engineer costs, is one."""

    inputs: Inputs
    crew: Crew
    price: PriceInForce

    def line(self, label: str, hours: Value, working: str, terms: Mapping[str, Value], *figures: str) -> LineItem:
        rests_on = {ENGINEER_COST, *(PEOPLE + figure for figure in figures)}
        assumed = "extra" in figures or not self.inputs.assumed.isdisjoint(rests_on)
        return LineItem(label, Category.UPKEEP, None, hours, self.price, working, terms, assumed)

    def _once(self, kind: str, of: str, make: Callable[[], LineItem]) -> LineItem:
        if (kind, of) not in self.crew.lines:
            self.crew.lines[kind, of] = make()
        return self.crew.lines[kind, of]

    def _grown(self, label: str, figure: str, share: Value = 1.0, how: str = "", *shares: str) -> LineItem:
        crew, each = self.crew, self.inputs[PEOPLE + figure]
        terms = {"each": each, "share": share, "thorough": crew.thoroughness, "growth": crew.growth}
        hours = each * share * (crew.thoroughness * crew.growth)
        return self.line(label, hours, "{each} hours" + how + _GROWS, terms, figure, "thoroughness", "fleet.growth_exponent", *shares)

    def component(self, component: Component, found: Mode) -> LineItem:
        """One of the five, as the team has it."""
        share = _shares(self.inputs, {component: found}, "upkeep")[component]
        figure, shares = f"components.{component}.upkeep_hours", () if found == "builds" else (f"modes.{found}.upkeep_share",)
        return self._once(found, component, lambda: self._grown(COMPONENT_WORDS[component], figure, share, _MODE_WORDS[found], *shares))

    def glue(self, kind: str) -> LineItem:
        """What stays with the team whatever the option brings."""
        return self._once("glue", kind, lambda: self._grown("What stays with you", f"glue.{kind}.upkeep_hours"))

    def incidents(self, modes: Mapping[Component, Mode]) -> LineItem:
        """Incidents of the components that are the team's own work."""

        def make() -> LineItem:
            rate, each = self.inputs["people.incidents.per_component"], self.inputs["people.incidents.hours_each"]
            count = sum(_shares(self.inputs, modes, "upkeep").values())
            words, terms = "{count} components of your own x {rate} incidents x {each} hours", {"count": count, "rate": rate, "each": each}
            return self.line("Incidents", count * (rate * each), words, terms, "incidents.per_component", "incidents.hours_each")

        return self._once("incidents", repr(modes), make)

    def attention(self) -> LineItem:
        """What agents take, whatever they run on."""

        def make() -> LineItem:
            each, distinct = self.inputs["people.fleet.attention_hours"], self.crew.distinct_agents
            words, terms = "{each} hours x {distinct} agents that differ", {"each": each, "distinct": distinct}
            return self.line("Attention to the agents", each * distinct, words, terms, "fleet.attention_hours", "fleet.sharing_exponent")

        return self._once("attention", "", make)


# -- build, delay and exit -----------------------------------------------------------------------------


def week_cost(inputs: Inputs) -> Value:
    """USD per engineer-week."""
    return inputs[ENGINEER_COST] / WEEKS_PER_YEAR


def _own_figure(inputs: Inputs, option_id: str, name: str, adds_up: Value) -> Value:
    """The team's own figure where there is one, else what the components add up to."""
    own = inputs.get(paths.of_option(option_id, name), np.nan)
    return np.where(np.isnan(own), adds_up, own) if np.ndim(own) else adds_up if np.isnan(own) else own


def build_weeks(inputs: Inputs, option_id: str, crew: Crew, hosts: Value) -> Value:
    """Engineer-weeks until it runs: T x (onboarding + sum of m_c x b_c + glue + first server x H ** b) + each further agent x (D - 1)."""
    option = inputs.catalog.options[option_id]
    modes = kept(inputs, option)
    shares = _shares(inputs, modes, "build")
    weeks = inputs["people.fleet.onboarding_weeks"] + sum(share * inputs[f"people.components.{c}.build_weeks"] for c, share in shares.items())
    if option.glue != "none":
        weeks = weeks + inputs[f"people.glue.{option.glue}.build_weeks"]
    if some(hosts):
        weeks = weeks + inputs["people.hosts.build_weeks"] * _together(hosts, inputs["people.hosts.exponent"])
    extra = inputs.get(paths.of_option(option_id, "extra_build_weeks"), 0.0)
    further = inputs["people.fleet.build_weeks_per_further_agent"] * np.maximum(crew.distinct_agents - 1.0, 0.0)
    return _own_figure(inputs, option_id, "build_weeks", crew.thoroughness * weeks + extra + further)


def weeks_to_production(inputs: Inputs, option_id: str, weeks: Value) -> Value:
    """Calendar weeks until the agents run: the team's own figure, or the engineer-weeks to build over the engineers who build."""
    return _own_figure(inputs, option_id, "weeks_to_production", weeks / inputs["general.engineers_building"])


def _is_left(inputs: Inputs, option: Option, component: str) -> bool:
    """Whether an exit has to replace a component: the option brings it, and it is not the main loop that the team can take along."""
    taken_along = inputs.scenario.exit.portable_main_loop and component == "orchestrator"
    return not taken_along and any(c == component and mode(inputs, option, c) == "option" for c in option.provides)


def exit_weeks(inputs: Inputs, option_id: str, crew: Crew) -> Value:
    """Engineer-weeks to move elsewhere: base + what remains of each component that the option brings + each agent that differs.

    A portable main loop leaves nothing to do for the orchestrator, and half for the agents.
    """
    option, portable = inputs.catalog.options[option_id], inputs.scenario.exit.portable_main_loop
    brought = [c for c in option.provides if _is_left(inputs, option, c)]
    weeks = inputs["people.fleet.exit_base_weeks"] + option.exit_share * sum(inputs[f"people.components.{c}.exit_weeks"] for c in brought)
    each = inputs["people.fleet.exit_weeks_per_agent"] * option.agent_exit_share * (0.5 if portable else 1.0)
    return _own_figure(inputs, option_id, "exit_weeks", weeks + each * crew.distinct_agents)


# -- which figures an option can feel ------------------------------------------------------------------


def felt_by_people(inputs: Inputs, options: Iterable[Option]) -> frozenset[str]:
    """Paths of the figures of people.yaml (people.components.sandbox.upkeep_hours, ...) that count for what any of these options takes of people."""
    figures = [_Figure.of(path) for path in inputs.facts if path.startswith(PEOPLE)]
    return frozenset(figure.path for option in options for figure in _felt(inputs, option, figures))


class _Figure(NamedTuple):
    """A figure of people.yaml: `people.components.sandbox.exit_weeks` is in part `components`, of owner `sandbox`."""

    path: str
    part: str
    owner: str
    name: str

    @classmethod
    def of(cls, path: str) -> _Figure:
        part, owner, *_ = (*path.split(".")[1:], "")
        return cls(path, part, owner, paths.last_part(path))


def _felt(inputs: Inputs, option: Option, figures: Iterable[_Figure]) -> Iterator[_Figure]:
    modes, serves = kept(inputs, option), any(isinstance(meter, Servers) for meter in option.meters)
    instead = [kinds for own, kinds in _OWN_FIGURE_INSTEAD.items() if paths.of_option(option.id, own) in inputs.facts]
    decided = tuple(kind for kinds in (*instead, _BUILD if option.id == inputs.scenario.running_on else ()) for kind in kinds)
    owners: Mapping[str, Collection[str]] = {
        "components": modes,
        "modes": modes.values(),
        "glue": (option.glue,),
        "incidents": (*(("per_host",) if serves else ()), *(("per_component",) if modes else ()), *(("hours_each",) if serves or modes else ())),
    }
    parts = {"hosts": serves, "on_call": inputs.scenario.team.on_call == "around_the_clock"}
    left = [component for component in option.provides if _is_left(inputs, option, component)]
    for figure in figures:
        _, part, owner, name = figure
        felt = owner in left if name == "exit_weeks" else owner in owners[part] if part in owners else parts.get(part, True)
        if felt and not name.startswith(decided):
            yield figure


_BUILD = ("build", "onboarding")
_OWN_FIGURE_INSTEAD = {  # which figure of the team's own leaves nothing to figures of people.yaml whose names begin so
    "upkeep_fte": ("upkeep", "growth", "attention", "per_", "hours"),
    "build_weeks": _BUILD,
    "exit_weeks": ("exit",),
}
