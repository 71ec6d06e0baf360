"""Outlook: how sure the answer is, when the inputs are ranges.

    outlook(inputs, inputs.options).odds["vps"]           # share of the draws in which it costs least over the horizon
    outlook(inputs, inputs.options).total["vps"].median   # with .low and .high, the 10th and 90th percentile

The same seed gives the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from decision.analysis.draws import TAIL, USUAL_DRAWS, USUAL_SEED, Array, check_draws, dimensions, drawn, shares, valued
from decision.analysis.search import points_at_once
from decision.catalog import Value
from decision.costs.bill import bill
from decision.costs.costs import all_costs
from decision.costs.ownership import CostOfOwnership, discount_factors
from decision.errors import BadInput
from decision.scenario import Inputs
from decision.words import percent

Dollars = npt.NDArray[np.floating[Any]]

PART = 8_192  # draws evaluated at a time: bounds the memory, and fits the cache
_EXACT_CELLS = 1 << 21  # so many costs are kept in double precision; more in single, to save memory


@dataclass(frozen=True, slots=True)
class Band:
    """10th percentile, median, 90th percentile and mean of a cost in USD. All equal where nothing varies."""

    low: float
    median: float
    high: float
    mean: float


@dataclass(frozen=True, slots=True)
class Payback:
    """When the reference option's cumulative cost first falls below a rival's: months from the start, 0 when it is never above.

    None: not within the horizon. never: share of the draws in which it does not happen within the horizon.
    """

    low: int | None
    median: int | None
    high: int | None
    never: float


@dataclass(frozen=True)
class Outlook:
    """What the draws say of each option, USD. Built by `outlook`."""

    option_ids: tuple[str, ...]
    draws: int
    seed: int
    varied: tuple[str, ...]
    """Paths of the inputs that were drawn."""
    monthly: dict[str, Band]
    """The bill of month 12."""
    total: dict[str, Band]
    """The total cost of ownership over the horizon."""
    odds: dict[str, float]
    """Share of the draws in which an option has the lowest total; a tie is shared. Adds up to 1."""
    regret: dict[str, float]
    """Expected regret: mean of the total less the lowest total of the same draw."""
    cumulative: dict[str, tuple[Band, ...]]
    """Spent by the end of each month, index 0 to horizon: build and delay first, then the discounted bills. Expected exit is left out."""
    reference: str
    """The option whose payback is told."""
    payback: dict[str, Payback]
    """Rival -> when the reference has become cheaper than it, cumulatively."""
    path_draws: int
    """`cumulative` and `payback` rest on the first so many draws."""
    misfit: dict[str, float]
    """Share of the draws in which no server is large enough for one agent; such a draw counts as the option's dearest one that fits."""


def outlook(inputs: Inputs, option_ids: Iterable[str], draws: int = USUAL_DRAWS, seed: int = USUAL_SEED, reference: str | None = None) -> Outlook:
    """Bands, odds, regret, cumulative cost and payback of these options over `draws` draws of the ranged inputs.

    reference: the option whose payback is told; the one with the lowest mean total unless given. Ranges of zero width give the point
    answer exactly. Raises what `samples` raises.
    """
    ids = tuple(dict.fromkeys(option_ids))
    count = draws if dimensions(inputs, ids) else 1
    monthly: Dollars = np.empty((len(ids), count), np.float64 if count * len(ids) <= _EXACT_CELLS else np.float32)
    total: Dollars = np.empty_like(monthly)
    won, regret, misfit = np.zeros((3, len(ids)))
    begun: Sample | None = None
    for sample in samples(inputs, ids, draws, seed):
        part = slice(sample.first, sample.first + sample.size)
        monthly[:, part] = sample.rows(month_12(sample.inputs, cost) for cost in sample.costs.values())
        total[:, part] = totals = sample.totals
        won += wins(totals)
        regret += (totals - totals.min(axis=0)).sum(axis=1) / count
        misfit += np.array([sample.misfits[i] for i in ids]) / count
        begun = begun or sample
    assert begun is not None  # there is at least one sample
    reached = dict(zip(ids, bands(total), strict=True))
    known = reference or min(ids, key=lambda i: reached[i].mean)
    cumulative, paybacks = _paths(begun, known)
    return Outlook(
        ids, draws, seed, tuple(begun.points),
        monthly=dict(zip(ids, bands(monthly), strict=True)),
        total=reached,
        odds=dict(zip(ids, (won / count).tolist(), strict=True)),
        regret=dict(zip(ids, regret.tolist(), strict=True)),
        cumulative=cumulative,
        reference=known,
        payback=paybacks,
        path_draws=begun.size,
        misfit=dict(zip(ids, misfit.tolist(), strict=True)),
    )  # fmt: skip


def odds(inputs: Inputs, option_ids: Iterable[str], draws: int, seed: int = USUAL_SEED) -> dict[str, float]:
    """Share of the draws in which each option has the lowest total, as in `outlook`, without the rest of it. Raises what `samples` raises."""
    ids, won, count = tuple(dict.fromkeys(option_ids)), np.zeros(1), 0
    for sample in samples(inputs, ids, draws, seed):
        won, count = won + wins(sample.totals), count + sample.size
    return dict(zip(ids, (won / count).tolist(), strict=True))


def _paths(sample: Sample, reference: str) -> tuple[dict[str, tuple[Band, ...]], dict[str, Payback]]:
    """Cumulative cost of each option, and the payback of the reference against each rival."""
    factors = discount_factors(sample.inputs)
    mine = cumulative_cost(sample.costs[reference], factors)
    cumulative, paybacks = {}, {}
    for option_id, cost in sample.costs.items():
        path = mine if option_id == reference else cumulative_cost(cost, factors)
        cumulative[option_id] = bands(path)
        if option_id != reference:
            paybacks[option_id] = payback(mine, path)
    return cumulative, paybacks


@dataclass(frozen=True)
class Sample:
    """Some of the draws, evaluated: what was drawn, and what each option costs then."""

    first: int
    size: int
    points: dict[str, Array]
    """Where each draw stands in each ranged input's distribution: path -> shape (size,), between 0 and 1."""
    inputs: Inputs
    costs: dict[str, CostOfOwnership]
    misfits: dict[str, int]
    """Draws in which an option has no server large enough for one agent; they are given the option's dearest draw that fits."""

    @property
    def totals(self) -> Array:
        """Total cost of ownership, shape (options, size)."""
        return self.rows(cost.total for cost in self.costs.values())

    def rows(self, values: Iterable[Value]) -> Array:
        """Floats and arrays of shape (1,) or (size,) as rows of shape (values, size)."""
        return np.array([np.broadcast_to(np.asarray(value), (self.size,)) for value in values])


def samples(inputs: Inputs, option_ids: Iterable[str], draws: int, seed: int) -> Iterator[Sample]:
    """The draws in parts that fit the memory. One draw is enough where nothing is a range.

    Raises BadInput as `drawn` and `bill` do, and when an option has no server large enough in more than a tenth of the draws.
    """
    check_draws(draws, seed)
    ids = tuple(dict.fromkeys(option_ids))
    if not ids:
        raise BadInput("no option is left to compare. Consider at least one that has prices on that day.")
    numbered = dimensions(inputs, ids)
    count = draws if numbered else 1
    most = min(PART, points_at_once(inputs))
    for first in range(0, count, most):
        size = min(most, count - first)
        points = shares(inputs, numbered, first, size, seed)
        many = valued(inputs, points)
        costs = all_costs(many, ids)
        misfits = {i: int(np.sum(np.isinf(cost.run))) for i, cost in costs.items()}
        yield Sample(first, size, points, many, {i: _fitting(cost, misfits[i] / size) for i, cost in costs.items()}, misfits)


def _fitting(cost: CostOfOwnership, misfit: float) -> CostOfOwnership:
    if misfit > TAIL:
        raise BadInput(
            f"{cost.option_id}: in {percent(misfit)} of the draws no server has room for one agent. "
            f"Lower the high end of overrides.options.{cost.option_id}.ram_per_agent_gb, or give a larger server."
        )
    return replace(cost, run=_finite(cost.run), monthly=_finite(cost.monthly)) if misfit else cost


def _finite(costs: Value) -> Value:
    """Infinite costs replaced by the highest finite one of the same row."""
    fits = np.isfinite(costs)
    return np.where(fits, costs, np.max(costs, axis=-1, keepdims=True, initial=0.0, where=fits))


def wins(totals: Array) -> Array:
    """How many draws each row of (options, n) wins by being the lowest, shape (options,); a tie is shared."""
    lowest = totals == totals.min(axis=0)
    won: Array = (lowest / lowest.sum(axis=0)).sum(axis=1)
    return won


def month_12(inputs: Inputs, cost: CostOfOwnership) -> Value:
    """The bill of month 12, from the monthly bills where they reach that far."""
    monthly = cost.monthly
    if isinstance(monthly, float) or monthly.ndim < 2:
        return monthly
    return monthly[11] if len(monthly) >= 12 else bill(cost.option_id, inputs).total


def cumulative_cost(cost: CostOfOwnership, factors: Array) -> Dollars:
    """Spent by the end of each month, shape (horizon + 1, n): build, delay and moving at the start, then each month's discounted bill.

    factors: of the discount, one for each month of the horizon, shape (horizon, 1 or n).
    Summed in double precision and kept in single, except where nothing varies.
    """
    monthly, horizon = np.atleast_1d(cost.monthly), len(factors)
    now = np.atleast_1d(np.asarray(cost.build + cost.delay + cost.moving, np.float64))
    count = max(monthly.shape[-1], factors.shape[-1], now.size)
    spent: Dollars = np.empty((horizon + 1, count), np.float32 if count > 1 else np.float64)
    spent[0] = now
    for month in range(horizon):
        bills = monthly[min(month, len(monthly) - 1)] if monthly.ndim == 2 else monthly
        now = now + bills * factors[month]
        spent[month + 1] = now
    return spent


def payback(mine: Dollars, other: Dollars) -> Payback:
    """When `mine` first falls below `other`; both are cumulative costs of shape (horizon + 1, n)."""
    below = np.ascontiguousarray(np.less(mine, other).T)  # a draw per row: the first True of a row is found fast
    never = len(mine)
    first = np.where(below.any(axis=1), below.argmax(axis=1), never)
    ordered = np.sort(first)
    low, median, high = (int(mark) if mark < never else None for mark in ordered[_ranks(first.size)])
    return Payback(low, median, high, never=float(np.mean(first == never)))


def bands(costs: Dollars) -> tuple[Band, ...]:
    """The band of each row of costs, shape (rows, n). Percentiles are of the nearest rank: each is a cost that was drawn.

    They are found in single precision (1e-7 of the cost); a row that does not vary keeps its exact value.
    """
    ranks, found = _ranks(costs.shape[1]), []
    for row, mean in zip(costs, costs.mean(axis=1, dtype=np.float64).tolist(), strict=True):
        ordered = np.sort(row.astype(np.float32, copy=False))
        low, median, high = ordered[ranks].tolist()
        found.append(Band(low, median, high, mean) if ordered[0] < ordered[-1] else Band(*[float(row[0])] * 4))
    return tuple(found)


def _ranks(count: int) -> list[int]:
    """Positions of the 10th percentile, the median and the 90th percentile among `count` sorted values."""
    return [max(0, math.ceil(share * count) - 1) for share in (TAIL, 0.5, 1 - TAIL)]


__all__ = ["Band", "Outlook", "Payback", "Sample", "bands", "cumulative_cost", "drawn", "month_12", "odds", "outlook", "payback", "samples", "wins"]
