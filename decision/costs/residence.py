"""How long the machine of a session is there, as an option's meters bill it, and how many there are at once.

    machine_hours_per_session(meter, billing, use)     # active time, plus what the vendor's idle rule adds
    machines_at_once(billing)                          # one figure for each group, at the busiest time

Bills, plans and limits read the same hours: a machine that is billed while idle counts against a quota too.
"""

from __future__ import annotations

import numpy as np

from decision.catalog import Value
from decision.catalog.options import ActiveCompute, AllocatedCompute, ContainerPasses, Meter
from decision.costs.line_items import Billing
from decision.costs.use import SECONDS_PER_HOUR, Use

_MINUTES_PER_HOUR = 60


def idle_timeout(billing: Billing) -> tuple[Value, Value]:
    """Hours that a machine waits inside a session, and after its end: no tail where the team stops sessions itself."""
    timeout = billing.own("idle_timeout_seconds") / SECONDS_PER_HOUR
    return timeout, 0.0 if billing.said.stops_sessions else timeout


def machine_hours_per_session(meter: Meter, billing: Billing, use: Use) -> Value:
    """Hours that the machines of one session are there and billed; the open hours where a meter knows no idle rule."""
    match meter:
        case ActiveCompute(idle="tail"):
            return use.resident_hours_per_session(*idle_timeout(billing), meter.lifetime_hours)
        case AllocatedCompute(idle="free"):
            return use.active_hours_per_session
        case AllocatedCompute(idle="tail"):
            return use.resident_hours_per_session(*idle_timeout(billing))
        case ContainerPasses():
            tail = meter.idle_tail_minutes / _MINUTES_PER_HOUR
            return np.maximum(use.resident_hours_per_session(tail, tail), meter.minimum_minutes / _MINUTES_PER_HOUR)
    return use.open_hours_per_session


def machines_at_once(billing: Billing) -> tuple[Value, ...]:
    """Machines of each group that are there at the busiest time; open sessions where the option bills no machine of a session."""
    compute = next((meter for meter in billing.option.meters if isinstance(meter, ActiveCompute | AllocatedCompute | ContainerPasses)), None)
    if compute is None:
        return tuple(use.peak_sessions for use in billing.uses)
    return tuple(use.most_at_once(machine_hours_per_session(compute, billing, use)) for use in billing.uses)
