"""What a fleet uses in a month: sessions, active hours, resident hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decision.catalog import Value
from decision.scenario import Group, Inputs, paths

HOURS_PER_MONTH = 730  # 365 x 24 / 12
HOURS_PER_DAY = 24
MONTHS_OF_GROWTH = 12  # the first is billed at the size now, the last at the size in 12 months
SECONDS_PER_HOUR = 3600
ROUNDING = 1e-9  # a hair of it begins no fresh sandbox, takes no further server and exceeds no limit


def some(value: Value | npt.NDArray[np.bool_] | np.bool_) -> bool:
    """Whether a value is not 0 (a condition not false) anywhere; far faster than np.any for a plain number."""
    return bool(value.any()) if isinstance(value, np.ndarray) else bool(value)


def plain(value: Value) -> Value:
    """A single number as a float, whatever NumPy made of it; an array with an axis as it is."""
    return float(value) if np.ndim(value) == 0 else value


@dataclass(frozen=True, slots=True)
class Use:
    """One group of agents in one month (or in several, along a leading axis).

    All values are floats or arrays that broadcast. Source of the formulas: the cost model, "per month and group".
    """

    group: Group
    agents: Value
    sessions_per_day: Value
    days_per_month: Value
    active_hours_per_session: Value
    open_hours_per_session: Value
    pauses_per_session: Value
    peak_to_average: Value
    typical_prompt_tokens: Value
    long_prompt_share: Value | None  # of requests, where it is known; else every prompt is as long as the typical one
    batchable_share: Value
    web_searches_per_session: Value
    vcpu: Value
    memory_gb: Value
    cpu_busy_share: Value
    tokens: Mapping[str, Value]  # class -> tokens per session
    per_session: Mapping[str, Value]
    model_mix: Mapping[str, Value]
    sessions: Value  # per month
    assumed: frozenset[str]  # names of the group's own inputs that nobody answered

    def assumes(self, *names: str) -> bool:
        """Whether any of these inputs of the group is an estimate and not the team's own word."""
        return not self.assumed.isdisjoint(names)

    @property
    def active_hours(self) -> Value:
        """Hours per month in which a session is running."""
        return self.sessions * self.active_hours_per_session

    @property
    def pause_hours(self) -> Value:
        """Mean length of one pause inside a session, in hours; 0 where there are none."""
        waiting = np.maximum(self.open_hours_per_session - self.active_hours_per_session, 0.0)
        return np.where(np.greater(self.pauses_per_session, 0), waiting / np.maximum(self.pauses_per_session, 1e-12), 0.0)

    @property
    def workers(self) -> Value:
        """Agents, or more where one of them would be active for over 24 hours a day: that is the work of several."""
        return self.agents * np.maximum(1.0, self.active_hours_a_day / HOURS_PER_DAY)

    @property
    def active_hours_a_day(self) -> Value:
        """Hours that one agent is active on a day of work; above 24 it stands for several."""
        return self.sessions_per_day * self.active_hours_per_session

    @property
    def mean_sessions(self) -> Value:
        """Sessions open at once on average over a day of work (Little's law)."""
        return self.agents * self.sessions_per_day * self.open_hours_per_session / HOURS_PER_DAY

    def most_at_once(self, hours: Value) -> Value:
        """Sessions at once at the busiest time, each there for `hours`.

        One for each agent, or more where an agent's sessions of a day take more than 24 hours (Little's law); times the peak over the mean.
        """
        return self.agents * self.peak_to_average * np.maximum(1.0, self.sessions_per_day * hours / HOURS_PER_DAY)

    @property
    def peak_sessions(self) -> Value:
        """Sessions open at the busiest time: servers, GPUs, limits, plans and people's hours are all sized for them."""
        return self.most_at_once(self.open_hours_per_session)

    @property
    def busiest_rate(self) -> Value:
        """Sessions' worth of work done in an hour at the busiest time: sessions running at once over the hours each runs.

        Where they take no time, those of a day spread evenly.
        """
        active, spread = self.active_hours_per_session, self.agents * self.peak_to_average * self.sessions_per_day / HOURS_PER_DAY
        return np.where(np.greater(active, 0), self.most_at_once(active) / np.maximum(active, 1e-12), spread)

    def resident_hours_per_session(self, idle_timeout_hours: Value, tail_hours: Value, lifetime_hours: Value | None = None) -> Value:
        """Hours that sandboxes of one session are there: active time, each pause up to the idle timeout, and the tail after the last activity.

        A pause longer than the timeout ends the sandbox, and what comes next starts a fresh one. lifetime_hours bounds each of these lives and not
        their sum: one that reaches it while the session goes on is replaced, and a tail ends with it (see _life).
        """
        waited = self.pauses_per_session * np.minimum(self.pause_hours, idle_timeout_hours)
        if lifetime_hours is None:
            return self.active_hours_per_session + waited + tail_hours
        ended = np.where(np.greater(self.pause_hours, idle_timeout_hours), self.pauses_per_session, 0.0)
        each = self.active_hours_per_session / (1.0 + ended)
        awake = each + waited * np.equal(ended, 0)  # of the last life: without a pause that ends one, the waits are part of it
        earlier = ended * _life(each, idle_timeout_hours, lifetime_hours) if some(ended) else 0.0
        return plain(earlier + _life(awake, tail_hours, lifetime_hours))

    def count(self, quantity: str) -> Value:
        """Things per month that a service meters: web_searches, tool_calls, memory_events, ..., sessions."""
        if quantity == "sessions":
            return self.sessions
        per_session = self.web_searches_per_session if quantity == "web_searches" else self.per_session[quantity]
        return self.sessions * per_session if some(per_session) else 0.0


def _life(awake_hours: Value, tail_hours: Value, lifetime_hours: Value) -> Value:
    """Hours of a sandbox that is in use for `awake_hours`, replaced whenever it reaches its lifetime, and then idle for `tail_hours`.

    The lifetime cuts the tail short: 7.9 hours and a tail of 0.25 are 8 where 8 are the most. Of a session that outlives a sandbox, that is the
    tail of the last one: 24 hours and 0.25, since the fourth has just begun.
    """
    replaced = np.floor(awake_hours / lifetime_hours + ROUNDING) * np.greater(awake_hours, lifetime_hours * (1.0 + ROUNDING))
    left = lifetime_hours - (awake_hours - replaced * lifetime_hours)
    return awake_hours + np.minimum(tail_hours, np.maximum(left, 0.0))


def uses(inputs: Inputs, month: Value = 12.0) -> tuple[Use, ...]:
    """The use of each group in `month`: month 1 at the size now, month 12 at the size in 12 months, a straight line between, flat after.

    month: a float, or an array of shape (months, 1) that adds a leading axis.
    """
    return tuple(_use(group, inputs.own(group), month, inputs.assumed_in[group.slug]) for group in inputs.scenario.fleet)


def grows(inputs: Inputs) -> bool:
    """Whether any group has another size in 12 months than now."""
    return any(paths.of_group(group.slug, "agents_in_12_months") in inputs.values for group in inputs.scenario.fleet)


def is_populated(inputs: Inputs, group: Group) -> bool:
    """Whether a group has agents, now or in 12 months."""
    own = inputs.own(group)
    return any(np.any(own[size]) for size in paths.SIZES if size in own)


def _use(group: Group, own: Mapping[str, Value], month: Value, assumed: frozenset[str]) -> Use:
    agents = now = own["agents"]
    if "agents_in_12_months" in own:
        agents = now + (own["agents_in_12_months"] - now) * ((np.minimum(month, MONTHS_OF_GROWTH) - 1.0) / (MONTHS_OF_GROWTH - 1.0))
    active = own["active_hours_per_session"]
    return Use(
        group=group,
        agents=agents,
        sessions_per_day=own["sessions_per_day"],
        days_per_month=own["days_per_month"],
        active_hours_per_session=active,
        open_hours_per_session=np.maximum(own.get("open_hours_per_session", active), active),
        pauses_per_session=own["pauses_per_session"],
        peak_to_average=own["peak_to_average"],
        typical_prompt_tokens=own["typical_prompt_tokens"],
        long_prompt_share=own.get("long_prompt_share"),
        batchable_share=own["batchable_share"],
        web_searches_per_session=own["web_searches_per_session"],
        vcpu=own["sandbox.vcpu"],
        memory_gb=own["sandbox.memory_gb"],
        cpu_busy_share=own["sandbox.cpu_busy_share"],
        tokens=paths.part(own, "tokens_per_session"),
        per_session=paths.part(own, "per_session"),
        model_mix=paths.part(own, "model_mix"),
        sessions=agents * own["sessions_per_day"] * own["days_per_month"],
        assumed=assumed,
    )
