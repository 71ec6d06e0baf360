"""Several people's estimates of one input as one distribution, and how far they lie apart.

The pool is the linear one with equal weights: the mixture of everybody's own distributions (Stone 1961, Ann. Math. Stat. 32, 1339), which a
point joins as itself. A scenario takes it by its 10th percentile, median and 90th percentile. Outliers, where they are trimmed, are estimates
whose most likely value lies outside Tukey's fences (1977: beyond 1.5 interquartile ranges from the quartiles), on a log scale where all are
above 0, since people are wrong about amounts by factors.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from decision.analysis.draws import at_shares
from decision.scenario import Amount, Spec
from decision.words import about, bare, in_unit

_POINTS = 1_000  # of each person's distribution, evenly spaced shares
_FENCE = 1.5  # interquartile ranges
_LEAST_TO_TRIM = 4  # of fewer nobody can say who is far out


@dataclass(frozen=True)
class Pool:
    """What all estimates of an input make together. left_out: the people whose estimates are trimmed."""

    amount: Amount
    left_out: tuple[str, ...]


def pooled(estimates: Mapping[str, Amount], spec: Spec, trim: bool = False) -> Pool:
    """The pool of at least one estimate (person -> estimate)."""
    left_out = outliers(estimates) if trim else ()
    kept = [estimate for person, estimate in estimates.items() if person not in left_out]
    shares = (np.arange(_POINTS) + 0.5) / _POINTS
    mixture = np.concatenate([np.broadcast_to(at_shares(estimate, spec, shares), shares.shape) for estimate in kept])
    mixture = np.clip(mixture, spec.at_least, spec.at_most)  # a hair of rounding is beyond no bound
    low, middle, high = (float(value) for value in np.quantile(mixture, (0.1, 0.5, 0.9), method="inverted_cdf"))
    return Pool(Amount(low, middle, high), left_out)


def outliers(estimates: Mapping[str, Amount]) -> tuple[str, ...]:
    """The people whose most likely value lies outside the fences."""
    if len(estimates) < _LEAST_TO_TRIM:
        return ()
    likely = np.array([estimate.likely for estimate in estimates.values()])
    scale = np.log(likely) if (likely > 0).all() else likely
    lower, upper = np.quantile(scale, (0.25, 0.75))
    reach = _FENCE * (upper - lower) + 1e-12
    outside = (scale < lower - reach) | (scale > upper + reach)
    return tuple(person for person, out in zip(estimates, outside.tolist(), strict=True) if out)


def median(estimates: Mapping[str, Amount]) -> float:
    """The median of the most likely values."""
    return float(np.median([estimate.likely for estimate in estimates.values()]))


def factor(estimates: Mapping[str, Amount]) -> float:
    """How many times the lowest most likely value the highest is; infinite where the lowest is 0 and the highest is not."""
    likely = [estimate.likely for estimate in estimates.values()]
    low, high = min(likely), max(likely)
    return high / low if low > 0 else 1.0 if high == low else math.inf


def spread_words(estimates: Mapping[str, Amount], spec: Spec) -> str:
    """How far the estimates lie apart: by 3 x (2 to 6 hours)."""
    likely = [estimate.likely for estimate in estimates.values()]
    apart = factor(estimates)
    if apart == 1:
        return f"not at all ({in_unit(likely[0], spec.unit)})"
    by = f"by {about(apart)} x" if math.isfinite(apart) else "from nothing"
    return f"{by} ({bare(min(likely), spec.unit)} to {in_unit(max(likely), spec.unit)})"
