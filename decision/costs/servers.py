"""Servers and GPUs: how many, which plan, what they cost a month."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decision.catalog import EUR_USD, Catalog, PriceInForce, Prices, Value
from decision.catalog.options import GpuNode, Servers
from decision.costs.labour import host_cost
from decision.costs.line_items import Billing, Category, LineItem
from decision.costs.use import HOURS_PER_MONTH, ROUNDING, SECONDS_PER_HOUR, is_populated, plain, some
from decision.errors import BadInput, PriceMissing
from decision.scenario import Inputs, paths


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str
    vcpu: Value
    ram_gb: Value
    price: PriceInForce


@dataclass(frozen=True, slots=True)
class _Choice:
    """Servers rented: how many, of which plan, at what price; arrays where the plan differs from element to element."""

    cost: Value
    count: Value
    amount: Value
    plan: _Candidate


def servers(meter: Servers, billing: Billing) -> list[LineItem]:
    """The plan that costs least, the people who keep its servers included, and holds all agents at the peak; times how many are needed.

    count = max(memory needed / (plan memory - reserve), CPU needed / plan CPU), rounded up; one more if redundant or where stakes are high.
    An agent is not split over two servers. Fleet sizes and prices may be arrays: the plan is chosen for each element.
    """
    load = _load(meter, billing)
    spare = 1.0 if has_spare(billing.inputs, billing.option.id) else 0.0
    reserve = billing.inputs["general.host_reserve_gb"]
    best: _Choice | None = None
    for plan in _candidates(billing):
        fits = np.greater_equal(plan.ram_gb - reserve, load.ram_each) & np.greater_equal(plan.vcpu, load.cpu_each)
        if some(fits):
            count = _count(load.ram, plan.ram_gb - reserve, load.cpu, plan.vcpu, fits) + spare
            amount = plan.price.amount if np.all(fits) else np.where(fits, plan.price.amount, np.inf)  # a plan that is too small, even for nothing
            kept = host_cost(billing.inputs, billing.option.id, np.where(fits, count, 0.0))
            best = _cheaper(best, _Choice(count * amount + kept, count, amount, plan))
    if best is None:
        raise BadInput(
            f"{billing.option.id}: no server plan has room for one agent of {np.max(load.ram_each):g} GiB and {np.max(load.cpu_each):g} vCPU "
            f"on {billing.inputs.as_of}. "
            f"Lower {load.ram_from}, or give a server of your own."
        )
    label = meter.label or "Servers"
    return [
        LineItem(
            f"{label}: {best.plan.name}" if np.ndim(best.count) == 0 else label, Category.SERVERS, None, plain(best.count),
            dataclasses.replace(best.plan.price, amount=best.amount),
            "{peak} agents at the peak, {ram} GiB and {cpu} vCPU in all, on the cheapest plan that fits" + (", and one to spare" if spare else ""),
            {"peak": load.agents, "ram": load.ram, "cpu": load.cpu}, load.assumed,
        )
    ]  # fmt: skip


SANDBOX_OF = {"ram_per_agent_gb": "sandbox.memory_gb", "vcpu_per_agent": "sandbox.vcpu"}
"""What an agent takes on a server of one's own, and what a group says of it."""


def is_sized_by_sandbox(inputs: Inputs, option_id: str, slug: str, name: str) -> bool:
    """Whether what an agent of a group takes is the sandbox that the group gives, and not the option's own figure. name: of SANDBOX_OF."""
    said = paths.of_group(inputs.split_off.get(slug, slug), SANDBOX_OF[name])
    return paths.of_option(option_id, name) in inputs.assumed and said in inputs.facts and said not in inputs.assumed


@dataclass(frozen=True, slots=True)
class _Load:
    """What servers must hold at the busiest time: all agents together, and the largest of them alone.

    ram_from: where the memory of the largest agent was said. assumed: whether an estimate of the option stands for some group.
    """

    agents: Value
    ram: Value
    cpu: Value
    ram_each: Value
    cpu_each: Value
    ram_from: str
    assumed: bool


def _load(meter: Servers, billing: Billing) -> _Load:
    """Sessions at once of each group x what one of them takes.

    That is the option's own figure where the team gives it, else the sandbox that the group says it needs, else the estimate of the option.
    """
    agents: Value = 0.0
    ram: Value = meter.control_plane_ram_gb
    cpu: Value = meter.control_plane_vcpu
    ram_each: Value = 0.0
    cpu_each: Value = 0.0
    assumed, ram_from = False, f"overrides.options.{billing.option.id}.ram_per_agent_gb"
    for use in billing.uses:
        residents = use.peak_sessions
        if not some(residents):
            continue
        slug, own = use.group.slug, [name for name in SANDBOX_OF if not is_sized_by_sandbox(billing.inputs, billing.option.id, use.group.slug, name)]
        memory = billing.own("ram_per_agent_gb") if "ram_per_agent_gb" in own else use.memory_gb
        vcpu = billing.own("vcpu_per_agent") if "vcpu_per_agent" in own else use.vcpu
        if "ram_per_agent_gb" not in own and some(np.greater(memory, ram_each)):
            ram_from = f"fleet.{slug}.sandbox.memory_gb"
        agents, ram, cpu = agents + residents, ram + residents * memory, cpu + residents * vcpu
        there = 1.0 if np.all(residents) else np.greater(residents, 0)  # a group that is not there asks for no room
        ram_each, cpu_each = np.maximum(ram_each, memory * there), np.maximum(cpu_each, vcpu * there)
        assumed = assumed or billing.assumes(*own)
    return _Load(agents, ram, cpu, ram_each, cpu_each, ram_from, assumed)


def has_spare(inputs: Inputs, option_id: str) -> bool:
    """Whether one server more stands by: where the team says so, else where a failure is expensive for agents that there are."""
    said = inputs.scenario.overrides.of(option_id).redundant
    return any(group.stakes == "high" and is_populated(inputs, group) for group in inputs.scenario.fleet) if said is None else said


def _count(ram: Value, usable: Value, cpu: Value, vcpu: Value, fits: npt.NDArray[np.bool_]) -> Value:
    """Servers of one plan that hold the whole fleet; infinitely many where one agent does not fit into one."""
    everywhere = bool(np.all(fits))
    count = np.ceil(np.maximum(ram / (usable if everywhere else np.where(fits, usable, 1.0)), cpu / vcpu) - ROUNDING)
    if not everywhere:
        count = np.where(fits, count, np.inf)
    return count


def _cheaper(best: _Choice | None, other: _Choice) -> _Choice:
    """The cheaper of two choices, element by element; the earlier one on a tie."""
    if best is None:
        return other
    better = np.less(other.cost, best.cost)
    if np.all(better):
        return other
    if not some(better):
        return best
    return _Choice(
        np.where(better, other.cost, best.cost), np.where(better, other.count, best.count), np.where(better, other.amount, best.amount), best.plan
    )


def _candidates(billing: Billing) -> list[_Candidate]:
    """Plans that can be the cheapest that fits: the team's own server, or what is for sale that day."""
    if billing.said.server:
        return [_Candidate("own server", billing.own("server.vcpu"), billing.own("server.ram_gb"), billing.own_price("server.price_month"))]
    catalog, providers = billing.inputs.catalog, billing.said.providers
    overridden = catalog.plans.keys() & billing.prices.overrides.keys()
    if EUR_USD in billing.prices.overrides:
        return _unbeaten(_for_sale(billing.prices, providers, catalog.plans))
    others = _unbeaten_at_list_price(catalog, billing.inputs.as_of, providers, frozenset(overridden))
    return _unbeaten([*others, *_for_sale(billing.prices, providers, overridden)]) if overridden else others


@functools.lru_cache(maxsize=256)
def _unbeaten_at_list_price(catalog: Catalog, day: dt.date, providers: tuple[str, ...], without: frozenset[str]) -> list[_Candidate]:
    return _unbeaten(_for_sale(catalog.prices_on(day), providers, [plan_id for plan_id in catalog.plans if plan_id not in without]))


def _for_sale(prices: Prices, providers: tuple[str, ...], plan_ids: Iterable[str]) -> list[_Candidate]:
    """Those plans of these providers (of all, when none is named) that can be ordered. One not yet priced that day is not for sale."""
    plans = ((plan_id, prices.catalog.plans[plan_id]) for plan_id in plan_ids)
    return [
        _Candidate(f"{plan.provider} {plan.name}", plan.vcpu, plan.ram_gb, prices[plan_id])
        for plan_id, plan in plans
        if plan.orderable and (plan.provider in providers if providers else not plan.machine) and prices.priced(plan_id)
    ]


def _unbeaten(plans: list[_Candidate]) -> list[_Candidate]:
    """Plans that no other plan beats in price, CPU and memory at once: the rest can never be the cheapest that fits.

    A plan whose price is under study (an array) stays.
    """
    kept = [plan for plan in plans if np.ndim(plan.price.amount)]
    fixed = [plan for plan in plans if not np.ndim(plan.price.amount)]
    unbeaten: list[_Candidate] = []
    for plan in sorted(fixed, key=lambda p: (p.price.amount, -p.ram_gb, -p.vcpu)):
        if not any(other.vcpu >= plan.vcpu and other.ram_gb >= plan.ram_gb for other in unbeaten):
            unbeaten.append(plan)
    return unbeaten + kept


def gpu_node(meter: GpuNode, billing: Billing) -> list[LineItem]:
    """GPUs for an open model: tokens per second at the peak over the published throughput, rounded up to whole nodes.

    Rented around the clock, or nodes of the team's own at the price a month that it gives.

    Replaces the token cost of the fleet's own models; another model, so not like for like.
    """
    speed = billing.inputs.catalog.throughputs[meter.throughput]
    if speed.total_tokens_per_second is None:
        raise PriceMissing(f"{meter.throughput}: no total throughput is published. Choose another throughput in options/{billing.option.id}.yaml.")
    demand: Value = 0.0
    for use in billing.uses:
        per_session: Value = sum(use.tokens.values())
        demand = demand + use.busiest_rate * per_session / SECONDS_PER_HOUR
    nodes = np.ceil(demand / speed.total_tokens_per_second - ROUNDING)
    working = "{demand} tokens/s at the peak / {speed} tokens/s a node, rounded up"
    terms = {"demand": demand, "speed": speed.total_tokens_per_second}
    if billing.said.gpu_node_per_month is not None:
        own = billing.own_price("gpu_node_per_month")
        return [LineItem(f"GPU nodes of your own for {speed.model}", Category.SERVERS, None, plain(nodes), own, working, terms, True)]
    hours = nodes * (speed.gpus * HOURS_PER_MONTH)
    return [
        LineItem(
            f"GPUs for {speed.model}", Category.SERVERS, None, plain(hours), billing.prices[meter.price],
            f"{working} to {{nodes}} nodes x {{gpus}} GPU x 730 h", terms | {"nodes": nodes, "gpus": float(speed.gpus)}, True,
        )
    ]  # fmt: skip
