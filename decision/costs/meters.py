"""One function per way of billing. Each returns line items, not a sum.

Totals, charts, reports, question 2 of the framework and every analysis read the same items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from decision.catalog import PriceInForce, Seller, Value, unit_size
from decision.catalog.options import (
    IDLE,
    ActiveCompute,
    AllocatedCompute,
    ContainerPasses,
    GpuNode,
    MachineHours,
    MonthlyFee,
    PerUse,
    Servers,
    SessionHours,
)
from decision.costs.line_items import Billing, Category, LineItem
from decision.costs.residence import idle, machine_hours_per_session, waits
from decision.costs.servers import gpu_node, servers
from decision.costs.use import HOURS_PER_MONTH, ROUNDING, SECONDS_PER_HOUR, Use, plain, some
from decision.errors import BadInput


def session_hours(meter: SessionHours, billing: Billing) -> list[LineItem]:
    """Runtime billed while a session is running; idle, rescheduled and ended time is free. Source: the price's source."""
    price = billing.prices[meter.price]
    return [
        LineItem(
            "Session runtime", Category.RUNTIME, use.group.name, use.active_hours, price,
            "{agents} agents x {sessions} sessions a day x {days} days x {hours} active hours",
            {"agents": use.agents, "sessions": use.sessions_per_day, "days": use.days_per_month, "hours": use.active_hours_per_session},
            use.assumes("active_hours_per_session"),
        )
        for use in billing.uses
    ]  # fmt: skip


def active_compute(meter: ActiveCompute, billing: Billing) -> list[LineItem]:
    """CPU while it is busy; memory while the session is resident.

    vCPU-hours = active hours x vCPU x busy share. GB-hours = resident hours x max(memory, floor), where resident is active time, each
    wait as its idle rule keeps it, and a final tail where it times out; the maximum lifetime bounds each sandbox.
    With `full_memory_seconds` only that much of each wait counts in full, the rest at the residual share.
    Source: AWS AgentCore pricing and lifecycle pages; Cloudflare and Vercel pricing, through each price.
    """
    cpu_hours, memory_hours, terms = [], [], []
    for use in billing.uses:
        resident = machine_hours_per_session(meter, billing, use)
        if meter.full_memory_seconds is not None:
            timeout, tail = waits(meter, billing)
            in_full = meter.full_memory_seconds / SECONDS_PER_HOUR
            full = use.resident_hours_per_session(np.minimum(timeout, in_full), np.minimum(tail, in_full), meter.lifetime_hours)
            full = np.minimum(resident, full)
            resident = full + (resident - full) * billing.own("residual_memory_share")
        memory = np.maximum(use.memory_gb, meter.memory_floor_gb)
        cpu_hours.append(use.sessions * (use.active_hours_per_session * use.vcpu * use.cpu_busy_share))
        memory_hours.append(use.sessions * (resident * memory))
        terms.append({
            "sessions": use.sessions, "active": use.active_hours, "resident": resident, "memory": memory, "vcpu": use.vcpu,
            "busy": use.cpu_busy_share,
        })  # fmt: skip
    cpu_price, memory_price = billing.prices[meter.cpu], billing.prices[meter.memory]
    guessed = billing.assumes(*meter.needs())
    return [
        *_compute("CPU in use", cpu_hours, cpu_price, billing, terms,
                  "{active} active hours x {vcpu} vCPU x {busy} busy", False),
        *_compute("Memory while resident", memory_hours, memory_price, billing, terms,
                  "{sessions} sessions x {resident} resident hours x {memory} GB, " + IDLE[idle(meter, billing)], guessed),
    ]  # fmt: skip


def allocated_compute(meter: AllocatedCompute, billing: Billing) -> list[LineItem]:
    """CPU and memory as allocated, busy or not, for the active time plus what the vendor's idle rule adds.

    Source: the vendors' price pages, through each price. A physical core counts as two vCPU (Modal pricing).
    """
    cpu_hours, memory_hours, terms = [], [], []
    for use in billing.uses:
        hours = machine_hours_per_session(meter, billing, use)
        per_core = 2.0 if billing.prices[meter.cpu].pricing_unit == "Core-Hours" else 1.0
        cpu_hours.append(use.sessions * (hours * use.vcpu / per_core))
        memory_hours.append(use.sessions * (hours * use.memory_gb))
        terms.append({"sessions": use.sessions, "hours": hours, "vcpu": use.vcpu, "memory": use.memory_gb})
    does = IDLE[idle(meter, billing)]
    return [
        *_compute("CPU allocated", cpu_hours, billing.prices[meter.cpu], billing, terms,
                  "{sessions} sessions x {hours} hours x {vcpu} vCPU, " + does, False),
        *_compute("Memory allocated", memory_hours, billing.prices[meter.memory], billing, terms,
                  "{sessions} sessions x {hours} hours x {memory} GB, " + does, False),
    ]  # fmt: skip


def _compute(
    label: str, hours: list[Value], price: PriceInForce, billing: Billing, terms: Iterable[dict[str, Value]], working: str, guessed: bool
) -> list[LineItem]:
    """One line per group."""
    return [
        LineItem(label, Category.RUNTIME, use.group.name, quantity, price, working, term, guessed or _sandbox_assumed(use))
        for use, quantity, term in zip(billing.uses, hours, terms, strict=True)
    ]


def _sandbox_assumed(use: Use) -> bool:
    return use.assumes("sandbox.vcpu", "sandbox.memory_gb", "sandbox.cpu_busy_share")


def machine_hours(meter: MachineHours, billing: Billing) -> list[LineItem]:
    """The cheapest machine of a provider that holds the sandbox, for the hours it is there or, by the month, one for each session at the peak.

    A month's price covers 730 hours.
    """
    offered = [
        plan_id for plan_id, plan in billing.inputs.catalog.plans.items() if plan.provider == meter.provider and billing.prices.priced(plan_id)
    ]
    plans = [(billing.inputs.catalog.plans[plan_id], billing.prices[plan_id]) for plan_id in offered]
    items = []
    for use in billing.uses:
        amount: Value = np.inf
        chosen = None
        for plan, price in plans:
            fits = np.greater_equal(plan.vcpu, use.vcpu) & np.greater_equal(plan.ram_gb, use.memory_gb)
            better = fits & np.less(price.amount, amount)
            if some(better):
                amount, chosen = np.where(better, price.amount, amount), (plan, price)
        if chosen is None:
            raise BadInput(
                f"{billing.option.id}: no {meter.provider} machine has {np.max(use.vcpu):g} vCPU and {np.max(use.memory_gb):g} GB "
                f"on {billing.inputs.as_of}. Lower the sandbox."
            )
        plan, price = chosen
        items.append(LineItem(
            f"Machine: {plan.provider} {plan.name}", Category.RUNTIME, use.group.name,
            *_machines(meter, billing, use, price, amount), _sandbox_assumed(use),
        ))  # fmt: skip
    return items


def _machines(
    meter: MachineHours, billing: Billing, use: Use, price: PriceInForce, amount: Value
) -> tuple[Value, PriceInForce, str, dict[str, Value]]:
    """Months of a machine that a group takes, its price, and how they come about."""
    if meter.billed == "by_the_month":
        months, terms = plain(np.ceil(use.peak_sessions - ROUNDING)), {"peak": use.peak_sessions}
        working = "{peak} sessions at the peak, each on a machine of its own for the month"
    else:
        hours = machine_hours_per_session(meter, billing, use)
        months, terms = use.sessions * hours / HOURS_PER_MONTH, {"sessions": use.sessions, "hours": hours}
        working = "{sessions} sessions x {hours} hours / 730 hours a month, " + IDLE[idle(meter, billing)]
    return _where_it_fits(months, amount), _with_amount(price, amount), working, terms


def container_passes(meter: ContainerPasses, billing: Billing) -> list[LineItem]:
    """Containers by the minute: a minimum, waits up to the idle tail, and that tail after the last activity; priced by memory size.

    quantity = minutes / minutes in a pass. Source: OpenAI API pricing, through the price.
    """
    items = []
    for use in billing.uses:
        minutes = machine_hours_per_session(meter, billing, use) * 60
        amount: Value = np.inf
        chosen = None
        for tier in sorted(meter.tiers, key=lambda t: t.memory_gb, reverse=True):
            fits = np.greater_equal(tier.memory_gb, use.memory_gb)
            if some(fits):
                chosen = billing.prices[tier.price]
                amount = np.where(fits, chosen.amount, amount)
        if chosen is None:
            raise BadInput(
                f"{billing.option.id}: no container has {np.max(use.memory_gb):g} GB; the largest has {max(t.memory_gb for t in meter.tiers):g} GB. "
                "Lower sandbox.memory_gb."
            )
        items.append(LineItem(
            "Container time", Category.RUNTIME, use.group.name,
            _where_it_fits(use.sessions * minutes / unit_size_minutes(chosen), amount), _with_amount(chosen, amount),
            "{sessions} sessions x {minutes} minutes, idle tail included", {"sessions": use.sessions, "minutes": minutes},
            _sandbox_assumed(use),
        ))  # fmt: skip
    return items


def _where_it_fits(quantity: Value, amount: Value) -> Value:
    """The quantity; infinite where no size on offer fits, so that its price is: none of something that does not exist is no bargain."""
    return np.where(np.isinf(amount), np.inf, quantity) if some(np.isinf(amount)) else quantity


def unit_size_minutes(price: PriceInForce) -> float:
    """Minutes in one container pass: '20-Minute Passes' -> 20."""
    return float(price.pricing_unit.split("-")[0])


def web_searches(seller: Seller, billing: Billing) -> list[LineItem]:
    """Web searches x the seller's price. Source: the price's source."""
    return _counted(billing, "Web searches", Category.TOOLS, seller.web_search, "web_searches")


def per_use(meter: PerUse, billing: Billing) -> list[LineItem]:
    """Things counted x their price: tool calls, memory, identity, traces. Source: the price's source."""
    if (meter.starting and billing.inputs.as_of < meter.starting) or (meter.ending and billing.inputs.as_of >= meter.ending):
        return []
    return _counted(billing, meter.label, Category(meter.category), meter.price, meter.quantity, meter.gb_per_thing)


def _counted(billing: Billing, label: str, category: Category, price_id: str, counted: str, gb_each: float | None = None) -> list[LineItem]:
    """A line for each group that uses any: things, or their size in GB, x the price."""
    items = []
    for use in billing.uses:
        things = use.count(counted)
        if not some(things):
            continue
        price = billing.prices[price_id]
        quantity = things * gb_each if gb_each is not None else things / unit_size(price.pricing_unit)
        each = f" x {gb_each:g} GB each" if gb_each is not None else ""
        working = "{things} " + counted.replace("_", " ") + f" a month{each}"
        items.append(LineItem(label, category, use.group.name, quantity, price, working, {"things": things}))
    return items


def monthly_fee(meter: MonthlyFee, billing: Billing) -> list[LineItem]:
    """A fixed charge by the month, or by the hour around the clock (730 hours)."""
    price = billing.prices[meter.price]
    hourly = price.pricing_unit.endswith("Hours")
    quantity = meter.count * (HOURS_PER_MONTH if hourly else 1)
    working = f"{meter.count:g}" + (" x 730 hours" if hourly else " a month")
    return [LineItem(meter.label, Category(meter.category), None, float(quantity), price, working)]


def _with_amount(price: PriceInForce, amount: Value) -> PriceInForce:
    return replace(price, amount=plain(amount))


METERS: dict[type, Callable[[Any, Billing], list[LineItem]]] = {
    SessionHours: session_hours,
    ActiveCompute: active_compute,
    AllocatedCompute: allocated_compute,
    MachineHours: machine_hours,
    ContainerPasses: container_passes,
    Servers: servers,
    GpuNode: gpu_node,
    PerUse: per_use,
    MonthlyFee: monthly_fee,
}
