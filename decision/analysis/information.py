"""Value of information: what it is worth to find out an input before deciding.

information(inputs, inputs.options).sentence      # Measure "Upkeep, VPS" first: it is worth up to 9,400 dollars; ...

EVPI, the expected value of perfect information: how much less the best option of each draw costs than the option that is best on average.
EVPPI, the same for one input: how much is saved by choosing with that input known and the others as uncertain as before (Raiffa and
Schlaifer 1961; Strong and Oakley 2013, Med. Decis. Making 33, 755, for the estimate from one set of draws).

The estimate needs no nested simulation. The cost of each option given the input is fitted by regression; the option with the lowest fitted
cost is what one would choose. The choice is learned from half of the draws and paid for with the costs of the other half, and the other way
round, so that noise is not mistaken for information. What the other inputs do to the cost on their own is subtracted first (a control variate:
it has mean zero and is independent of the input), which leaves little noise. What remains errs low, by less than the stated error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decision.analysis.draws import Array, correlation
from decision.analysis.outlook import samples
from decision.scenario import Inputs

_DEGREE = 3  # of the polynomials in an input
_BINS = 16  # in which what the polynomials miss (steps) is averaged
_LEAST_IN_BIN = 32
_SURE = 2.0  # standard errors above zero from which a value counts as more than noise


@dataclass(frozen=True, slots=True)
class Worth:
    """What knowing one input exactly is worth, USD over the horizon."""

    path: str
    label: str
    unit: str
    value: float
    error: float
    """Standard error of the value."""
    variance_share: float
    """Share of the variance of the gap between the two cheapest options that this input explains alone (first-order Sobol index)."""

    @property
    def matters(self) -> bool:
        """Whether the value is more than noise."""
        return self.value > _SURE * self.error


@dataclass(frozen=True)
class Information:
    """What better knowledge is worth, USD over the horizon."""

    best: str
    """The option with the lowest mean total: what one would choose now."""
    rival: str | None
    evpi: float
    """What knowing every input exactly is worth."""
    evpi_error: float
    inputs: tuple[Worth, ...]
    """Each ranged input, the most valuable first."""
    sentence: str
    draws: int
    seed: int


def information(inputs: Inputs, option_ids: Iterable[str], draws: int = 4096, seed: int = 1) -> Information:
    """EVPI, and EVPPI of every ranged input, of the choice between these options by total cost of ownership.

    Uses the same draws as `outlook`. Values of single inputs are held between 0 and EVPI. Raises what `samples` raises.
    """
    ids = tuple(option_ids)
    parts = list(samples(inputs, ids, draws, seed))
    points = {path: np.concatenate([part.points[path] for part in parts]) for path in parts[0].points}
    values = {path: np.concatenate([np.asarray(part.inputs.values[path]) for part in parts]) for path in points}
    totals = np.concatenate([part.totals for part in parts], axis=1)
    best, *rivals = np.argsort(totals.mean(axis=1), kind="stable").tolist()
    savings = totals[best] - totals.min(axis=0)
    evpi = float(savings.mean())
    gap = totals[best] - totals[rivals[0]] if rivals else np.zeros(totals.shape[1])
    halves = _halves(points, values, np.vstack([totals, gap]), frozenset(correlation(inputs).paths) & points.keys())
    worths = []
    for path in points:
        value, error = _value_of_knowing(path, halves, best)
        spec = inputs.driver_spec(path)
        share = _variance(path, halves) / float(gap.var()) if gap.any() else 0.0
        worths.append(Worth(path, spec.label, spec.unit, min(max(value, 0.0), evpi), error, min(max(share, 0.0), 1.0)))
    ranked = tuple(sorted(worths, key=lambda worth: (-worth.value, -worth.variance_share, worth.path)))
    return Information(
        ids[best], ids[rivals[0]] if rivals else None, evpi, float(savings.std() / math.sqrt(savings.size)), ranked,
        _sentence(ranked, evpi, inputs, ids[best]), draws, seed,
    )  # fmt: skip


@dataclass(frozen=True)
class _Half:
    """Half of the draws, and the main effects fitted on it: what each input does to each cost on average over the others.

    The rows of the costs are the options and, last, the gap between the two cheapest.
    """

    bases: Mapping[str, Array]  # path -> orthonormal polynomials of the input, (degree, n)
    bins: Mapping[str, npt.NDArray[np.intp]]  # path -> bin of each draw, (n,)
    together: frozenset[str]  # inputs that are correlated with others
    weights: Mapping[str, Array]  # path -> (rows, degree)
    rest: Array  # costs less all main effects, (rows, n)

    @classmethod
    def of(cls, bases: Mapping[str, Array], bins: Mapping[str, npt.NDArray[np.intp]], costs: Array, together: frozenset[str]) -> _Half:
        """Fit by projection: the draws cover the inputs evenly, so that polynomials of different inputs are orthogonal over them."""
        centred = costs - costs.mean(axis=1, keepdims=True)
        weights, rest = {}, costs.copy()
        for path, basis in bases.items():
            weights[path] = centred @ basis.T / costs.shape[1]
            rest -= weights[path] @ basis
        return cls(bases, bins, together, weights, rest)

    def beside(self, path: str) -> Array:
        """Costs less the main effects of this input and of those independent of it, (rows, n)."""
        kept = sorted(self.together - {path}) if path in self.together else []
        return self.rest + sum(self.weights[other] @ self.bases[other] for other in kept)

    def choice(self, path: str, other: _Half) -> npt.NDArray[np.intp]:
        """The option with the lowest cost for each draw of the other half, as this half would predict it from the input alone."""
        count = max(1, min(_BINS, self.rest.shape[1] // _LEAST_IN_BIN))
        mine, theirs = self.bins[path] * count // _BINS, other.bins[path] * count // _BINS
        sizes = np.maximum(np.bincount(mine, minlength=count), 1)
        steps = np.array([np.bincount(mine, row, count) for row in self.beside(path)[:-1]]) / sizes
        return np.argmin(self.weights[path][:-1] @ other.bases[path] + steps[:, theirs], axis=0)


def _halves(points: Mapping[str, Array], values: Mapping[str, Array], costs: Array, together: frozenset[str]) -> tuple[_Half, _Half]:
    bins = {path: (point * _BINS).astype(np.intp) for path, point in points.items()}
    bases = {path: _polynomials(value) for path, value in values.items()}
    middle = costs.shape[1] // 2  # each half of the sequence covers the inputs evenly; every other point would not
    first, second = (
        _Half.of({p: b[:, part] for p, b in bases.items()}, {p: b[part] for p, b in bins.items()}, costs[:, part], together)
        for part in (slice(middle), slice(middle, None))
    )
    return first, second


def _polynomials(value: Array) -> Array:
    """Polynomials of degree 1 to 3 of an input, orthonormal over the draws: shape (3, n)."""
    centred = (value - value.mean()) / (value.std() or 1.0)
    columns, _ = np.linalg.qr(np.vander(centred, _DEGREE + 1, increasing=True))
    basis: Array = columns.T[1:] * math.sqrt(value.size)
    return basis


def _value_of_knowing(path: str, halves: tuple[_Half, _Half], best: int) -> tuple[float, float]:
    """EVPPI of one input, not held between bounds, and its standard error."""
    (value, error), (other_value, other_error) = (_paid(path, learned, paid, best) for learned, paid in (halves, halves[::-1]))
    return (value + other_value) / 2, math.hypot(error, other_error) / 2


def _paid(path: str, learned: _Half, paid: _Half, best: int) -> tuple[float, float]:
    """Mean saving in one half when the choice is learned from the other; with the standard error of draws stratified by the input."""
    choice = learned.choice(path, paid)
    if np.all(choice == best):
        return 0.0, 0.0
    costs = paid.beside(path) + paid.weights[path] @ paid.bases[path]
    savings = costs[best] - np.take_along_axis(costs, choice[np.newaxis], axis=0)[0]
    bins = paid.bins[path]
    means = np.bincount(bins, savings, _BINS) / np.maximum(np.bincount(bins, minlength=_BINS), 1)
    return float(savings.mean()), float(np.sqrt(np.sum((savings - means[bins]) ** 2))) / savings.size


def _variance(path: str, halves: tuple[_Half, _Half]) -> float:
    """Variance that this input alone gives to the gap; without bias, since the two halves err independently."""
    return float(halves[0].weights[path][-1] @ halves[1].weights[path][-1])


def _sentence(ranked: tuple[Worth, ...], evpi: float, inputs: Inputs, best: str) -> str:
    name = inputs.catalog.option(best).short_name
    months = inputs.scenario.horizon_months
    if not ranked:
        return "No input is a range, so there is nothing to measure. Give the inputs you are unsure of as ranges, such as 2 to 8."
    idle = max((worth for worth in ranked if not worth.matters), key=lambda worth: worth.variance_share, default=None)
    if not ranked[0].matters:
        worth_all = f"even knowing every input is worth only {evpi:,.0f} dollars over {months} months" if evpi else "it is the cheapest in every draw"
        return f"Measuring one input alone would not change the choice of {name}: {worth_all}."
    first = f'Measure "{ranked[0].label}" first: it is worth up to {ranked[0].value:,.0f} dollars over {months} months'
    return first + (f'; "{idle.label}" does not matter (0).' if idle else ".")
