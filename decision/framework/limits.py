"""What published limits bound: sessions at once, begun a minute, read a minute, and what one session takes, in one month.

BOUNDED["concurrent_sessions"](Load(uses, machines, None))     # a float, or an array of the draws of the uses
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np

from decision.catalog import Value
from decision.costs.use import Use

MINUTES_PER_DAY = 24 * 60


class Load(NamedTuple):
    """A month's use of each group, and the machines of an option that are there for it at the busiest time."""

    uses: tuple[Use, ...]
    machines: tuple[Value, ...]
    poll_interval_seconds: float | None


def reads_per_minute(sessions: Value, interval_seconds: Value) -> Value:
    """Reads a minute when each of `sessions` is polled every `interval_seconds`: 50 sessions every 2 s make 1,500."""
    return sessions * 60 / interval_seconds


def largest(values: Iterable[Value]) -> Value:
    """The largest of values, element by element."""
    first, *rest = values
    for value in rest:
        first = np.maximum(first, value)
    return first


def _machines_of(load: Load, size: Callable[[Use], Value]) -> Value:
    return sum(count * size(use) for use, count in zip(load.uses, load.machines, strict=True))


def _reads(load: Load) -> Value | None:
    interval = load.poll_interval_seconds
    return None if interval is None else reads_per_minute(sum(use.peak_sessions for use in load.uses), interval)


BOUNDED: Mapping[str, Callable[[Load], Value | None]] = {
    "session_creations_per_minute": lambda load: sum(use.agents * use.sessions_per_day * use.peak_to_average for use in load.uses) / MINUTES_PER_DAY,
    "reads_per_minute": _reads,
    "concurrent_sessions": lambda load: sum(load.machines),
    "vcpu_at_once": lambda load: _machines_of(load, lambda use: use.vcpu),
    "memory_gb_at_once": lambda load: _machines_of(load, lambda use: use.memory_gb),
    "memory_gb_per_vcpu": lambda load: largest(use.memory_gb / use.vcpu for use in load.uses),
    "pause_hours": lambda load: largest(use.pause_hours for use in load.uses),
}
