"""How long the machine of a session is there, as an option's meters bill it, and how many there are at once.

    machine_hours_per_session(meter, billing, use)     # active time, plus what the vendor's idle rule adds
    machines_at_once(billing)                          # one figure for each group, at the busiest time

Bills, plans and limits read the same hours: a machine that is billed while idle counts against a quota too.
"""

from __future__ import annotations

import numpy as np

from decision.catalog import Option, Value
from decision.catalog.options import ActiveCompute, ContainerPasses, Idle, Idling, Meter
from decision.costs.line_items import Billing
from decision.costs.use import HOURS_PER_DAY, SECONDS_PER_HOUR, Use, plain
from decision.scenario import paths

_MINUTES_PER_HOUR = 60


def idle(meter: Idling | Option, billing: Billing) -> Idle:
    """What happens to a machine whose session waits: what the team says, or what the vendor does by itself."""
    return billing.said.idle or meter.idle[0]


def waits(meter: Idling, billing: Billing) -> tuple[Value, Value]:
    """Hours that a machine is kept in each wait at most, and after the end. A kept machine has no such bound (see machine_hours_per_session)."""
    does = idle(meter, billing)
    if does in ("pause", "scale_to_zero"):
        return 0.0, 0.0
    timeout = billing.own("idle_timeout_seconds") / SECONDS_PER_HOUR
    return timeout, 0.0 if does == "stop" else timeout


def machine_hours_per_session(meter: Meter, billing: Billing, use: Use) -> Value:
    """Hours that the machines of one session are there and billed; the open hours where a meter knows no idle rule."""
    match meter:
        case ContainerPasses():
            tail = meter.idle_tail_minutes / _MINUTES_PER_HOUR
            return np.maximum(use.resident_hours_per_session(tail, tail), meter.minimum_minutes / _MINUTES_PER_HOUR)
        case Idling():
            return _shared(meter, billing, use, _alone(meter, billing, use))
    return use.open_hours_per_session


def _alone(meter: Idling, billing: Billing, use: Use) -> Value:
    if idle(meter, billing) == "keep":
        return use.open_hours_per_session
    return use.resident_hours_per_session(*waits(meter, billing), meter.lifetime_hours if isinstance(meter, ActiveCompute) else None)


def _shared(meter: Idling, billing: Billing, use: Use, hours: Value) -> Value:
    """A session's part of the hours of instances that several sessions share.

    Sessions begin at random, so at some moment none is there with probability exp(-a) at a at once on average (M/G/infinity): instances are
    there for at least 1 - exp(-a) of the time, however many sessions one holds. One each, unless the team says more.
    """
    if not meter.shared:
        return hours
    held = billing.inputs.get(paths.of_option(billing.option.id, "sessions_per_instance"), 1.0)
    at_once = np.maximum(use.agents * use.sessions_per_day * hours / HOURS_PER_DAY, 1e-12)
    return plain(hours * np.maximum(1.0 / held, -np.expm1(-at_once) / at_once))


def machines_at_once(billing: Billing) -> tuple[Value, ...]:
    """Machines of each group that are there at the busiest time; open sessions where the option bills no machine of a session."""
    compute = next((meter for meter in billing.option.meters if isinstance(meter, Idling | ContainerPasses)), None)
    if compute is None:
        return tuple(use.peak_sessions for use in billing.uses)
    return tuple(use.most_at_once(machine_hours_per_session(compute, billing, use)) for use in billing.uses)
