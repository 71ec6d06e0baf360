"""How much of a fleet is going on at once: sessions open on average and at the busiest time, now, in month 12 and in the worst month.

    load = load_of(inputs)
    load.worst.peak           # what limits are held against, and servers are sized for

Sessions at once follow from throughput (Little's law: those that begin in an hour x the hours each is open), see `decision.costs.use`.
"""

from __future__ import annotations

from typing import NamedTuple

from decision.catalog import Value
from decision.costs.use import MONTHS_OF_GROWTH, uses
from decision.scenario import Inputs
from decision.words import scalar


class SessionsAtOnce(NamedTuple):
    """Sessions of all groups that are open at once in a month: on average over a day of work, and at the busiest time."""

    month: int
    mean: float
    peak: float


class Load(NamedTuple):
    """Sessions at once now (month 1), in month 12, and in the month with the most at the peak; growth is a straight line between the first two."""

    now: SessionsAtOnce
    month_12: SessionsAtOnce

    @property
    def worst(self) -> SessionsAtOnce:
        """The month with the most sessions at once; the first of several."""
        return max(self.now, self.month_12, key=lambda at: at.peak)


def load_of(inputs: Inputs) -> Load:
    """The load of a scenario at its most likely values."""
    return Load(*(_at(inputs, month) for month in (1, MONTHS_OF_GROWTH)))


def _at(inputs: Inputs, month: int) -> SessionsAtOnce:
    mean: Value = 0.0
    peak: Value = 0.0
    for use in uses(inputs, float(month)):
        mean, peak = mean + use.mean_sessions, peak + use.peak_sessions
    return SessionsAtOnce(month, scalar(mean), scalar(peak))
