"""The shape of data/levers.yaml: levers in words, and the dials that say how far each is pulled."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import model_validator

from decision.catalog.prices import DataModel, Day, Number, Positive, Source
from decision.errors import nearest


class Lever(enum.StrEnum):
    """What can be pulled, in the order in which a set is applied."""

    LONGER_SESSIONS = "longer_sessions"
    MODEL_ROUTING = "model_routing"
    PROMPT_CACHING = "prompt_caching"
    FEWER_SEARCHES = "fewer_searches"
    BATCH = "batch"
    IDLE_TRIMMING = "idle_trimming"


DialName = Literal[
    "sessions_merged", "context_carried_share", "start_tokens", "routed_share", "tokenizer_ratio", "cached_share", "reads_per_write",
    "fewer_searches_share", "batchable_share", "unnoticed_hours", "budget_times_usual_session", "request_output_tokens",
]  # fmt: skip
DIALS: tuple[str, ...] = get_args(DialName)
"""The dials that pulling a lever (decision/analysis) reads."""


class Dial(DataModel):
    """How far a lever is pulled: a starting value with its source or assumption, and bounds."""

    label: str
    unit: str
    likely: Number
    low: Number | None = None
    high: Number | None = None
    at_least: Number = 0
    at_most: Number
    source: Source | None = None
    assumption: str | None = None

    @model_validator(mode="after")
    def _sound(self) -> Dial:
        if (self.source is None) == (self.assumption is None):
            raise ValueError(f'"{self.label}" needs a source or an assumption, and one of them only.')
        low, high = self.likely if self.low is None else self.low, self.likely if self.high is None else self.high
        if not self.at_least <= low <= self.likely <= high <= self.at_most:
            raise ValueError(
                f"low {low:g}, likely {self.likely:g} and high {high:g} do not stand in this order between {self.at_least:g} and {self.at_most:g}. "
                "Correct them or the bounds."
            )
        return self


class LeverText(DataModel):
    """A lever in words, and the dials it has."""

    label: str
    does: str
    dials: tuple[str, ...]
    assumes: tuple[str, ...]


class IdleTimeout(DataModel):
    """The shortest idle timeout a vendor allows."""

    seconds: Positive
    source: Source


class Budget(DataModel):
    """A runtime that stops a session at a cost limit, from one day on."""

    effective_from: Day
    overshoot: str
    source: Source


class LeversFile(DataModel):
    """data/levers.yaml."""

    dials: Mapping[str, Dial]
    levers: Mapping[Lever, LeverText]
    shortest_idle_timeouts: Mapping[str, IdleTimeout]
    budgets: Mapping[str, Budget]
    exposure_assumes: tuple[str, ...]

    @model_validator(mode="after")
    def _complete(self) -> LeversFile:
        for lever in Lever:
            if lever not in self.levers:
                raise ValueError(f'the lever "{lever}" is not described. Add it under levers.')
        for name in self.dials:
            if name not in DIALS:
                raise ValueError(f"dials.{name}: no lever reads a dial of this name.{nearest(name, DIALS) or ' Known: ' + ', '.join(DIALS) + '.'}")
        for name in DIALS:
            if name not in self.dials:
                raise ValueError(f'the dial "{name}" is not given, and pulling a lever reads it. Add it under dials.')
        for lever, text in self.levers.items():
            for name in text.dials:
                if name not in self.dials:
                    raise ValueError(f'levers.{lever} names the dial "{name}", which is not under dials.{nearest(name, self.dials)} Add it there.')
        return self
