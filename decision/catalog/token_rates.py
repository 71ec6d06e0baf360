"""The shape of data/token_rates.yaml: tokens, model requests and web searches per active hour, by kind of work."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from pydantic import model_validator

from decision.catalog.prices import DataModel, Day, NotNegative
from decision.errors import nearest

Kind = Literal["coding", "chat", "research", "batch", "monitor", "background"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Basis = Literal["measured", "derived", "assumed"]

PROMPT = ("input", "cache_read", "cache_write_5m")
"""The classes that a prompt is made of, by the names of token prices."""
_TOLERANCE = 0.02  # of the total of a prompt: the figures of a source are rounded


class RateSource(DataModel):
    """Who says so. published: a day, a month, or that it bears no date. evidence: what it is."""

    title: str
    url: str
    published: str
    evidence: str


class Rate(DataModel):
    """A figure per active hour: 10th percentile, most likely, 90th percentile, with what it rests on."""

    low: NotNegative
    likely: NotNegative
    high: NotNegative
    basis: Basis
    because: str
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Rate:
        if not self.low <= self.likely <= self.high:
            raise ValueError(
                f"the range is reversed: low {self.low:g}, likely {self.likely:g}, high {self.high:g}. Order them low <= likely <= high."
            )
        if self.basis != "assumed" and not self.sources:
            raise ValueError(f"the basis is {self.basis}, and no source is named. Name one, or say that it is assumed.")
        return self

    @property
    def columns(self) -> tuple[float, float, float]:
        """Low, likely and high."""
        return self.low, self.likely, self.high


class UnitOfWork(DataModel):
    """What work of a kind is counted in, where hours are not what people count. requests: model requests for one."""

    one: str
    many: str
    requests: Rate


class Split(NamedTuple):
    """How a prompt of a given size is made up: totals of an hour, ascending, and of each class the tokens at each total."""

    totals: tuple[float, ...]
    of_class: Mapping[str, tuple[float, ...]]


class Work(DataModel):
    """A kind of work. Each column of the rates is one coherent case: model_requests x prompt_tokens = uncached input + cache reads + cache writes.

    prompt_tokens: of one request, mean. over_100k and so on: share of requests whose prompt is longer; the last where it is on file.
    """

    name: str
    does: str
    unit: UnitOfWork | None = None
    model_requests: Rate
    prompt_tokens: Rate
    uncached_input_tokens: Rate
    cache_read_tokens: Rate
    cache_write_tokens: Rate
    output_tokens: Rate
    over_100k: Rate
    over_200k: Rate
    over_256k: Rate | None = None
    web_searches: Rate

    @model_validator(mode="after")
    def _columns_are_coherent(self) -> Work:
        totals = [requests * prompt for requests, prompt in zip(self.model_requests.columns, self.prompt_tokens.columns, strict=True)]
        parts = [sum(column) for column in zip(*(rate.columns for rate in self._classes.values()), strict=True)]
        for name, total, found in zip(("low", "likely", "high"), totals, parts, strict=True):
            if abs(total - found) > _TOLERANCE * total:
                sums = f"{total:g} tokens in requests x prompt length, and {found:g} in the classes"
                raise ValueError(f"{self.name}, {name}: {sums}. Make each column one case.")
        if not 0 < totals[0] < totals[1] < totals[2]:
            raise ValueError(f"{self.name}: requests x prompt length must grow from low to high, and is {totals[0]:g}, {totals[1]:g}, {totals[2]:g}.")
        if any(rate.high > 1 for rate in (self.over_100k, self.over_200k)):
            raise ValueError(f"{self.name}: over_100k and over_200k are shares of requests, at most 1. Correct them.")
        return self

    @property
    def _classes(self) -> Mapping[str, Rate]:
        return dict(zip(PROMPT, (self.uncached_input_tokens, self.cache_read_tokens, self.cache_write_tokens), strict=True))

    @functools.cached_property
    def split(self) -> Split:
        """How the total of a prompt divides into its classes, at the three columns, so that they add up to it exactly."""
        totals = tuple(requests * prompt for requests, prompt in zip(self.model_requests.columns, self.prompt_tokens.columns, strict=True))
        sums = [sum(column) for column in zip(*(rate.columns for rate in self._classes.values()), strict=True)]
        scale = [total / found for total, found in zip(totals, sums, strict=True)]
        classes = self._classes.items()
        return Split(totals, {name: tuple(v * k for v, k in zip(rate.columns, scale, strict=True)) for name, rate in classes})

    def longer_than(self, step: int) -> Rate:
        """The share of requests with a prompt longer than a step of a price list: at the nearest length on file below it, so never too low."""
        if step >= 256_000 and self.over_256k:
            return self.over_256k
        return self.over_200k if step >= 200_000 else self.over_100k


class TokenRates(DataModel):
    """The file. kind_unless_said: what a group is taken for that says nothing of its kind of work, and why."""

    read: Day
    kind_unless_said: Kind
    because: str
    sources: Mapping[str, RateSource]
    kinds: Mapping[Kind, Work]

    @model_validator(mode="after")
    def _complete(self) -> TokenRates:
        if missing := [kind for kind in KINDS if kind not in self.kinds]:
            raise ValueError(f"kinds: {', '.join(missing)} missing. Add the rates of each.")
        for kind, work in self.kinds.items():
            rates = {name: rate for name in type(work).model_fields if isinstance(rate := getattr(work, name), Rate)}
            for name, rate in {**rates, **({"unit.requests": work.unit.requests} if work.unit else {})}.items():
                for source in rate.sources:
                    if source not in self.sources:
                        where = f'kinds.{kind}.{name} names the source "{source}", which is not under sources.'
                        raise ValueError(f"{where}{nearest(source, self.sources)} Add it there.")
        return self

    def of(self, kind: Kind | None) -> Work:
        """The rates of a kind of work; of the usual one where none is said."""
        return self.kinds[kind or self.kind_unless_said]

    def why(self, rate: Rate, kind: Kind | None) -> str:
        """What a figure rests on, in words: the kind of work, how it was found, and where; of a guess its reason."""
        name = self.of(kind).name
        if rate.basis == "assumed":
            return f"{name}, assumed: {rate.because}"
        named = (self.sources[source] for source in rate.sources[:2])
        return f"{name}, {rate.basis}: " + "; ".join(f"{source.title.split(':')[0].split(',')[0]} ({source.published})" for source in named) + "."
