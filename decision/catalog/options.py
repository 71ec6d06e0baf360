"""What an option is: how it bills (its meters), what it provides, and what rules it out.

A meter here is only its parameters and the pricing units it takes; the formula of the same name
stands in decision/costs/meters.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from decision.catalog.prices import DataModel, Day, Flag, NotNegative, Number, Positive, Source, in_order

Component = Literal["sandbox", "orchestrator", "session_state", "credential_vault", "observability"]
COMPONENTS: tuple[Component, ...] = get_args(Component)
Glue = Literal["managed", "platform_own_loop", "multica", "sandbox_vendor"]
Family = Literal["managed", "portable_managed", "other_vendor", "self_hosted", "multica"]
Colour = Literal["orange", "blue", "navy", "green", "magenta", "ochre", "red", "slate"]
Mark = Literal["solid", "dashed", "dotted", "dash_dot", "short_dashed", "long_dashed"]
COLOURS: tuple[str, ...] = get_args(Colour)
MARKS: tuple[str, ...] = get_args(Mark)
Label = Annotated[str, Field(min_length=1)]  # of a line that has no name of its own
Share = Annotated[Number, Field(ge=0, le=1)]
ServiceCategory = Literal["runtime", "tools", "services"]
Idle = Literal["keep", "time_out", "stop", "pause", "scale_to_zero"]
IDLE: Mapping[Idle, str] = {
    "keep": "kept until the session closes",
    "time_out": "kept in a wait, and after the end, until it times out",
    "stop": "kept in a wait until it times out, stopped at the end",
    "pause": "paused in every wait",
    "scale_to_zero": "scaled to zero in every wait",
}
"""What happens to the machine of a session that waits: the same few words for every option, as its bill says them."""


class Meter(DataModel):
    """Parameters of one way of billing.

    accepts: the pricing units that each price role takes. estimates: what the option's file must hold under estimates for this meter.
    feels: inputs that change this bill and not every other, by the name that their group (or the path) gives them. feels_where_said: those
    that an estimate of the option stands for unless the group says them. own_machine: what a scenario overrides, for the option, to have
    a machine of the team's own billed instead of a rented one; None where there is no such thing.
    """

    accepts: ClassVar[dict[str, tuple[str, ...]]] = {}
    estimates: ClassVar[tuple[str, ...]] = ()
    feels: ClassVar[tuple[str, ...]] = ()
    feels_where_said: ClassVar[tuple[str, ...]] = ()
    own_machine: ClassVar[str | None] = None
    label: str = ""
    note: str | None = None

    def price_ids(self) -> dict[str, str]:
        """Role -> price id."""
        return {role: getattr(self, role) for role in self.accepts}

    def units(self, role: str) -> tuple[str, ...]:
        """Pricing units that the price of that role may have."""
        return self.accepts[role]

    def needs(self) -> tuple[str, ...]:
        """Names of the estimates this meter cannot do without."""
        return self.estimates

    def takes(self) -> frozenset[str]:
        """What a team may say of the option itself that changes this meter's bill, by the names under overrides.options."""
        return frozenset({*self.needs()} | ({self.own_machine} if self.own_machine else set()))

    def felt(self) -> tuple[str, ...]:
        """Those of `feels` that this meter feels with its parameters."""
        return self.feels


class SessionHours(Meter):
    """Runtime billed while a session is running."""

    accepts: ClassVar = {"price": ("Session-Hours",)}
    meter: Literal["session_hours"]
    price: str


def _told_apart(words: tuple[Idle, ...]) -> tuple[Idle, ...]:
    if len(set(words)) < len(words):
        raise ValueError("a word stands twice. Keep one of each, the vendor's own default first.")
    return words


class Idling(Meter):
    """A machine of each session, with something that happens to it in a wait.

    idle: what its vendor does unless told, and then what a team may have instead. shared: whether sessions may run on one instance together.
    """

    idle: Annotated[tuple[Idle, ...], Field(min_length=1), AfterValidator(_told_apart)]
    shared: Flag = False

    def needs(self) -> tuple[str, ...]:
        """The idle timeout, where one ends a wait."""
        return ("idle_timeout_seconds",) if {"time_out", "stop"} & set(self.idle) else ()

    def takes(self) -> frozenset[str]:
        """What happens in a wait too, where there is a choice; and how many sessions one instance holds, where several may be on it."""
        choices = {"idle": len(self.idle) > 1, "sessions_per_instance": self.shared}
        return super().takes() | {name for name, offered in choices.items() if offered}


class ActiveCompute(Idling):
    """CPU billed on use, memory while the session is resident."""

    accepts: ClassVar = {"cpu": ("vCPU-Hours",), "memory": ("GB-Hours", "GiB-Hours")}
    feels: ClassVar = ("open_hours_per_session", "pauses_per_session", "sandbox.vcpu", "sandbox.memory_gb", "sandbox.cpu_busy_share")
    meter: Literal["active_compute"]
    cpu: str
    memory: str
    memory_floor_gb: NotNegative = 0
    lifetime_hours: NotNegative | None = None
    full_memory_seconds: NotNegative | None = None

    def needs(self) -> tuple[str, ...]:
        """The residual share too, where memory is not billed in full for the whole wait."""
        return super().needs() if self.full_memory_seconds is None else (*super().needs(), "residual_memory_share")

    @model_validator(mode="after")
    def _waits_in_one_way(self) -> ActiveCompute:
        if "keep" in self.idle and (self.lifetime_hours is not None or self.full_memory_seconds is not None):
            raise ValueError("idle: keep bills until the session closes, so lifetime_hours and full_memory_seconds change nothing. Remove them.")
        return self


class AllocatedCompute(Idling):
    """CPU and memory billed as allocated, while active plus the vendor's idle rule."""

    accepts: ClassVar = {"cpu": ("vCPU-Hours", "Core-Hours"), "memory": ("GB-Hours", "GiB-Hours")}
    feels: ClassVar = ("open_hours_per_session", "pauses_per_session", "sandbox.vcpu", "sandbox.memory_gb")
    meter: Literal["allocated_compute"]
    cpu: str
    memory: str


class MachineHours(Idling):
    """The cheapest rented machine that holds the sandbox: by the second while it is there, or by the month, one for each session at once."""

    feels: ClassVar = ("peak_to_average", "open_hours_per_session", "sandbox.vcpu", "sandbox.memory_gb")
    meter: Literal["machine_hours"]
    provider: str
    billed: Literal["by_the_second", "by_the_month"] = "by_the_second"

    @model_validator(mode="after")
    def _kept_by_the_month(self) -> MachineHours:
        if self.billed == "by_the_month" and self.idle != ("keep",):
            raise ValueError("billed: by_the_month pays for waits as well. Write idle: [keep].")
        return self

    def felt(self) -> tuple[str, ...]:
        """The peak too, where a machine is rented for the month."""
        return self.feels if self.billed == "by_the_month" else self.feels[1:]


class PassTier(DataModel):
    """One container size."""

    memory_gb: Positive
    price: str


class ContainerPasses(Meter):
    """Containers billed by the minute with a minimum and an idle tail, priced per pass by memory size."""

    feels: ClassVar = ("open_hours_per_session", "pauses_per_session", "sandbox.memory_gb")
    meter: Literal["container_passes"]
    tiers: Annotated[tuple[PassTier, ...], Field(min_length=1)]
    minimum_minutes: NotNegative
    idle_tail_minutes: NotNegative

    def price_ids(self) -> dict[str, str]:
        """One role per container size."""
        return {f"tier {tier.memory_gb:g} GB": tier.price for tier in self.tiers}

    def units(self, role: str) -> tuple[str, ...]:
        """Every container size is priced by the pass."""
        return ("20-Minute Passes",)


class Servers(Meter):
    """Servers sized from memory and CPU per concurrent agent; the cheapest plan that fits."""

    estimates: ClassVar = ("ram_per_agent_gb", "vcpu_per_agent")
    feels: ClassVar = ("peak_to_average", "general.host_reserve_gb")
    feels_where_said: ClassVar = ("sandbox.memory_gb", "sandbox.vcpu")
    own_machine: ClassVar = "server"
    meter: Literal["servers"]
    control_plane_ram_gb: NotNegative = 0
    control_plane_vcpu: NotNegative = 0

    def takes(self) -> frozenset[str]:
        """Whose servers, and one to spare, too."""
        return super().takes() | {"providers", "redundant"}


class GpuNode(Meter):
    """GPUs for an open model, rented around the clock or the team's own; replaces the token cost."""

    accepts: ClassVar = {"price": ("GPU-Hours",)}
    feels: ClassVar = ("peak_to_average",)
    own_machine: ClassVar = "gpu_node_per_month"
    meter: Literal["gpu_node"]
    price: str
    throughput: str


Counted = Literal[
    "tool_calls", "tool_searches", "memory_events", "memory_records",
    "memory_retrievals", "identity_requests", "spans", "sessions",
]  # fmt: skip


class PerUse(Meter):
    """Something counted, times its price: tool calls, memory, identity, traces. Web searches come from whoever sells the tokens."""

    accepts: ClassVar = {
        "price": (
            "1K Searches", "1K Calls", "1K Requests", "1K Events", "1K Creations", "1K Records-Months", "1K Retrievals",
            "GB", "GB-Months", "GiB-Months",
        )
    }  # fmt: skip
    feels: ClassVar = tuple(f"per_session.{counted}" for counted in get_args(Counted) if counted != "sessions")
    meter: Literal["per_use"]
    label: Label
    category: ServiceCategory
    price: str
    quantity: Counted
    gb_per_thing: NotNegative | None = None
    starting: Day | None = None
    ending: Day | None = None

    def felt(self) -> tuple[str, ...]:
        """What it counts; sessions follow from inputs that every bill feels."""
        return tuple(name for name in self.feels if name == f"per_session.{self.quantity}")

    def units(self, role: str) -> tuple[str, ...]:
        """Priced by size where a size is given, else by count."""
        return tuple(unit for unit in self.accepts[role] if unit.startswith(("GB", "GiB")) == (self.gb_per_thing is not None))


class MonthlyFee(Meter):
    """A plan fee, licence or always-on service by the month (or by the hour around the clock)."""

    accepts: ClassVar = {
        "price": ("Months", "Seats-Months", "Secrets-Months", "Clients-Months", "100 Tools-Months", "vCPU-Hours", "GiB-Hours", "Hours")
    }
    meter: Literal["monthly_fee"]
    label: Label
    category: ServiceCategory
    price: str
    count: Positive = 1


class VendorPlan(DataModel):
    """A plan of a vendor: what it costs a month, what use it includes and what it allows.

    fees: prices by the month that add up. includes: price id -> quantity a month, in that price's pricing unit. included_use: a price by the
    month, of what is left of the option's own charges. overage: whether more than what is included may be used, at the prices. The rest: the
    most it allows, at the busiest moment of the month. pauses: whether a waiting machine may be paused.
    """

    name: Label
    fees: tuple[str, ...] = ()
    includes: Mapping[str, Positive] = {}
    included_use: str | None = None
    overage: Flag = True
    pauses: Flag = True
    concurrent_sessions: Positive | None = None
    session_hours: Positive | None = None
    vcpu_at_once: Positive | None = None
    memory_gb_at_once: Positive | None = None


class Plans(Meter):
    """The cheapest of a vendor's plans that allows what is used; what it includes is taken off the option's own charges.

    plans: from the one that allows least to the one that allows most, which stands where none allows what is used (a gate then says so).
    """

    feels: ClassVar = ("peak_to_average", "open_hours_per_session", "sandbox.vcpu", "sandbox.memory_gb")
    meter: Literal["plans"]
    plans: Annotated[tuple[VendorPlan, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _told_apart(self) -> Plans:
        names = [plan.name for plan in self.plans]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f'two plans are called "{twice}". Rename one.')
        return self

    def price_ids(self) -> dict[str, str]:
        """One role for each fee, and for the use that a plan includes."""
        fees = {f"{plan.name}: fee {n}": fee for plan in self.plans for n, fee in enumerate(plan.fees, start=1)}
        return fees | {f"{plan.name}: included_use": plan.included_use for plan in self.plans if plan.included_use}

    def units(self, role: str) -> tuple[str, ...]:
        """All by the month, of an account or of a seat."""
        return ("Months", "Seats-Months")

    def felt(self) -> tuple[str, ...]:
        """What decides how much is used at once, where some plan limits that."""
        cpu, memory = (any(getattr(plan, name) for plan in self.plans) for name in ("vcpu_at_once", "memory_gb_at_once"))
        at_once = cpu or memory or any(plan.concurrent_sessions for plan in self.plans)
        return tuple(name for name, feels in zip(self.feels, (at_once, at_once, cpu, memory), strict=True) if feels)

    def takes(self) -> frozenset[str]:
        """Which plan, where the team has one or wants one."""
        return frozenset({"plan"} if len(self.plans) > 1 else ())


AnyMeter = Annotated[
    SessionHours | ActiveCompute | AllocatedCompute | MachineHours | ContainerPasses | Servers | GpuNode | PerUse | MonthlyFee | Plans,
    Field(discriminator="meter"),
]
FELT_BY_SOME = frozenset(name for meter in get_args(get_args(AnyMeter)[0]) for name in (*meter.feels, *meter.feels_where_said))
"""Inputs that only some ways of billing feel."""


class Estimate(DataModel):
    """A starting value for a blank input: 10th percentile, most likely, 90th; with a source or an honest assumption."""

    likely: NotNegative
    low: NotNegative | None = None
    high: NotNegative | None = None
    source: Source | None = None
    assumption: str | None = None

    @model_validator(mode="after")
    def _sound(self) -> Estimate:
        if (self.source is None) == (self.assumption is None):
            raise ValueError("an estimate has either a source or an assumption. Say where the figure comes from.")
        low, high = self.likely if self.low is None else self.low, self.likely if self.high is None else self.high
        if not low <= self.likely <= high:
            raise ValueError(f"the range is reversed: low {low:g}, likely {self.likely:g}, high {high:g}. Order them low <= likely <= high.")
        return self


class Limits(DataModel):
    """Limits in force from one day on that can rule an option out. Absent means none was published."""

    effective_from: Day
    create_sessions_per_minute: NotNegative | None = None
    reads_per_minute: NotNegative | None = None
    session_hours: NotNegative | None = None
    memory_gb: NotNegative | None = None
    memory_gb_per_vcpu: NotNegative | None = None
    vcpu: NotNegative | None = None
    vcpu_at_once: NotNegative | None = None
    memory_gb_at_once: NotNegative | None = None
    pause_hours: NotNegative | None = None
    concurrent_sessions: NotNegative | None = None
    source: Source


ALWAYS_TAKEN = ("upkeep_fte", "build_weeks", "exit_weeks", "weeks_to_production", "buys", "other_per_month")
"""What may be said of every option: its people, parts bought instead of built, and what else it costs."""


class Option(DataModel):
    """One place where agents can run: a file of data/options/.

    colour, mark: how charts draw it, its line's dashes included; no two options share both. sold_by: who sells its tokens and searches, by the
    name that sellers.yaml gives; none where it sells neither. session_state: where it is kept: in a cloud of the vendor's own, in a cloud account
    of the team's own (a service that the cloud operates there included), or on machines that the team alone controls. glue: what connecting and
    following it takes, a kind of people.yaml. exit_share: of the weeks to leave what it provides, those that remain (less than 1 where the code
    is open). agent_exit_share: of the weeks to move each agent. extra_upkeep_hours, extra_build_weeks: what it takes beyond the components.
    """

    id: str
    name: str
    short_name: str
    colour: Colour
    mark: Mark
    family: Family
    summary: str
    hosts_models: Literal["claude_only", "openai_only", "google_only", "open_weights", "any"]
    session_state: Literal["vendor", "own_account", "own_machines"]
    sold_by: str
    provides: tuple[Component, ...]
    glue: Glue | Literal["none"]
    exit_share: Share = 1.0
    agent_exit_share: Share
    extra_upkeep_hours: Estimate | None = None
    extra_build_weeks: Estimate | None = None
    meters: tuple[AnyMeter, ...]
    limits: Annotated[tuple[Limits, ...], AfterValidator(in_order)] = ()
    hosted_product_licence: Flag = False
    estimates: Mapping[str, Estimate] = {}
    warnings: tuple[str, ...] = ()
    url: str | None = None

    @property
    def planned(self) -> Plans | None:
        """The plans that its vendor offers; None where there is nothing to choose."""
        return next((meter for meter in self.meters if isinstance(meter, Plans)), None)

    @property
    def plan_names(self) -> tuple[str, ...]:
        """Names of the plans that its vendor offers."""
        return tuple(plan.name for plan in self.planned.plans) if self.planned else ()

    @property
    def idle(self) -> tuple[Idle, ...]:
        """What may happen to the machine of a session that waits, its vendor's default first; empty where no such machine is billed."""
        return next((meter.idle for meter in self.meters if isinstance(meter, Idling)), ())

    @model_validator(mode="after")
    def _plans_once(self) -> Option:
        if sum(isinstance(meter, Plans) for meter in self.meters) > 1:
            raise ValueError("plans stand in two meters. Put all of them under one, since one is chosen.")
        return self

    @property
    def takes(self) -> frozenset[str]:
        """What a team may say of it under overrides.options: what some meter takes, a licence that is billed, and of people and parts anything."""
        licence = {"licence_per_month"} if any(f"{self.id}.licence" in meter.price_ids().values() for meter in self.meters) else set()
        return frozenset({*ALWAYS_TAKEN, *licence}.union(*(meter.takes() for meter in self.meters)))

    def limits_on(self, day: dt.date) -> Limits | None:
        """The limits in force on that day; None where none was published."""
        return next((row for row in reversed(self.limits) if row.effective_from <= day), None)


class HostedComponent(DataModel):
    """A component bought as a service instead of built, with its monthly price."""

    name: str
    component: Component
    price: str
    note: str | None = None
