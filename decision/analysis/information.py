"""Value of information: what it is worth to find out an input before deciding.

information(inputs, inputs.options).sentence      # Measure "Upkeep, VPS" first: it is worth up to 9,400 dollars; ...

EVPI, the expected value of perfect information: how much less the best option of each draw costs than the option that is best on average.
EVPPI, the same for one input: how much is saved by choosing with that input known and the others as uncertain as before (Raiffa and
Schlaifer 1961; Strong and Oakley 2013, Med. Decis. Making 33, 755, for the estimate from one set of draws).

The estimate needs no nested simulation: the extra cost of each rival over the best option, given the input, is fitted to the draws by regression,
and EVPPI is the mean of what the fit says one would save. The fit is a cubic in the input, plus the mean of what the cubic misses (steps) in 16,
64 or 256 bins. Two things keep noise from passing for information: an option's own number moves only that option's cost, and an effect that could be
chance is taken as none. Before the bins are taken, the main effects of the other inputs are subtracted: they have mean zero whatever the input.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decision.analysis.draws import USUAL_DRAWS, USUAL_SEED, Array, correlation, dimensions
from decision.analysis.outlook import samples
from decision.errors import BadInput
from decision.scenario import Inputs, paths
from decision.words import about_money

_DEGREE = 3
_BINS = (16, 64, 256)
_LEAST_IN_BIN = 16  # draws
_CHANCE = 40.0  # an effect whose chi-square is smaller may be chance: the 99.9 % point is 16 for a cubic
_MOST_NUMBERS = 45_000_000  # kept at the same time: 360 MB
_NUMBERS_OF_AN_INPUT, _NUMBERS_OF_AN_OPTION = 6, 8  # of each draw: where it stands, its value, its polynomials; totals, gaps, what is left of them
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


def information(inputs: Inputs, option_ids: Iterable[str], draws: int = USUAL_DRAWS, seed: int = USUAL_SEED) -> Information:
    """EVPI, and EVPPI of every ranged input, of the choice between these options by total cost of ownership.

    Uses the same draws as `outlook`. Values of single inputs are held between 0 and EVPI. Raises what `samples` raises.
    """
    ids = tuple(option_ids)
    _check_memory(inputs, ids, draws)
    parts = list(samples(inputs, ids, draws, seed))
    points = {path: np.concatenate([part.points[path] for part in parts]) for path in parts[0].points}
    values = {path: np.concatenate([np.asarray(part.inputs.values[path]) for part in parts]) for path in points}
    totals = np.concatenate([part.totals for part in parts], axis=1)
    order = np.argsort(totals.mean(axis=1), kind="stable").tolist()
    best, rivals = ids[order[0]], tuple(ids[i] for i in order[1:])
    gaps = totals[order[1:]] - totals[order[0]]
    savings = np.maximum(-gaps, 0.0).max(axis=0, initial=0.0)
    evpi = float(savings.mean())
    effects = _Effects.of(points, values, gaps, best, rivals, frozenset(correlation(inputs).paths))
    worths = []
    for path in points:
        value, error = effects.value(path)
        spec = inputs.driver_spec(path)
        worths.append(Worth(path, spec.label, spec.unit, min(value, evpi), error, effects.variance_share(path)))
    ranked = tuple(sorted(worths, key=lambda worth: (-worth.value, -worth.variance_share, worth.path)))
    return Information(
        best, rivals[0] if rivals else None, evpi, float(savings.std() / math.sqrt(savings.size)), ranked,
        _sentence(ranked, evpi, inputs, best), draws, seed,
    )  # fmt: skip


def _check_memory(inputs: Inputs, ids: tuple[str, ...], draws: int) -> None:
    """The effects are fitted to all draws at once. Raises BadInput for more than fit into the memory."""
    drawn = len(dimensions(inputs, ids))
    most = _MOST_NUMBERS // (_NUMBERS_OF_AN_INPUT * drawn + _NUMBERS_OF_AN_OPTION * len(ids) + 1)
    if draws > most:
        raise BadInput(
            f"draws is {draws:,}; with {drawn} inputs that are ranges the value of information takes at most {most:,}. "
            f"Use {USUAL_DRAWS:,} unless you need finer values."
        )


@dataclass(frozen=True)
class _Effects:
    """What each input does to the extra cost of each rival, on average over the other inputs. Rows are rivals, the cheapest first."""

    gaps: Array  # (rivals, n)
    points: Mapping[str, Array]  # path -> where each draw stands in the input's distribution, (n,)
    bases: Mapping[str, Array]  # path -> polynomials of the input, orthonormal over the draws, (degree, n)
    weights: Mapping[str, Array]  # path -> (rivals, degree)
    rest: Array  # what is left of the gaps without their means and these effects, (rivals, n)
    moved: Mapping[str, npt.NDArray[np.bool_]]  # path -> whether the input can move the gap of a rival, (rivals, 1)
    together: frozenset[str]  # inputs that are correlated with others

    @classmethod
    def of(
        cls, points: Mapping[str, Array], values: Mapping[str, Array], gaps: Array, best: str, rivals: tuple[str, ...], together: frozenset[str]
    ) -> _Effects:
        """Fit by projection: the draws cover the inputs evenly, so that polynomials of different inputs are nearly orthogonal over them."""
        rest = gaps - gaps.mean(axis=1, keepdims=True)
        centred = rest.copy()
        bases, weights, moved = {}, {}, {}
        for path, value in values.items():
            owner = best if path in together else paths.parsed(path).option or best
            moved[path] = np.array([[owner in (best, rival)] for rival in rivals], bool).reshape(-1, 1)
            bases[path] = _polynomials(value)
            weights[path] = centred @ bases[path].T / value.size * moved[path]
            rest -= weights[path] @ bases[path]
        return cls(gaps, points, bases, weights, rest, moved, together & points.keys())

    def value(self, path: str) -> tuple[float, float]:
        """EVPPI of one input and its standard error, USD."""
        if not len(self.gaps):
            return 0.0, 0.0
        cubic = np.where(self._chi_square(path) > _CHANCE, self.weights[path], 0.0) @ self.bases[path]
        left = self._left(path)
        steps = self._steps(path, left)
        extra = self.gaps.mean(axis=1, keepdims=True) + cubic + steps
        choice = extra.argmin(axis=0)[np.newaxis]
        saved = -np.take_along_axis(extra, choice, axis=0)
        missed = np.take_along_axis(left - steps, choice, axis=0)[saved > 0]
        return float(np.maximum(saved, 0.0).sum() / self.rest.shape[1]), float(np.sqrt(np.sum(missed**2))) / self.rest.shape[1]

    def variance_share(self, path: str) -> float:
        """Share of the variance of the first gap that the input explains on its own, less what chance would explain."""
        variance = float(self.gaps[0].var()) if len(self.gaps) else 0.0
        if variance == 0 or not bool(self.moved[path][0, 0]):
            return 0.0
        chance = _DEGREE * float(self.rest[0].var()) / self.rest[0].size
        share: float = (float(np.sum(self.weights[path][0] ** 2)) - chance) / variance
        return min(max(share, 0.0), 1.0)

    def _chi_square(self, path: str) -> Array:
        noise = np.maximum(self.rest.var(axis=1, keepdims=True), 1e-300)
        chi_square: Array = np.sum(self.weights[path] ** 2, axis=1, keepdims=True) * self.rest.shape[1] / noise
        return chi_square

    def _left(self, path: str) -> Array:
        """Gaps less the cubic in this input and the main effects of the inputs that are independent of it."""
        kept = sorted(self.together - {path}) if path in self.together else []
        return self.rest + sum(self.weights[other] @ self.bases[other] for other in kept)

    def _steps(self, path: str, left: Array) -> Array:
        """Mean of what is left in each bin of the input where that is more than chance, else 0; shape (rivals, n)."""
        steps = np.zeros_like(left)
        for row in np.flatnonzero(self.moved[path]):
            steps[row] = _staircase(self.points[path], left[row])
        return steps


def _staircase(point: Array, left: Array) -> Array:
    """The mean of `left` in the bin of each draw, with as many bins as pay for themselves; 0 where none do. Shapes (n,)."""
    best, steps = _CHANCE, np.zeros_like(left)
    for count in _BINS:
        if point.size < count * _LEAST_IN_BIN:
            break
        bins = (point * count).astype(np.intp)
        means = np.bincount(bins, left, count) / np.maximum(np.bincount(bins, minlength=count), 1)
        found = means[bins]
        explained = float(found @ found)
        noise = max(float(left @ left) - explained, 1e-12 * float(left @ left)) / (point.size - count)
        gain = explained / noise - 2 * count if explained else 0.0
        if gain > best:
            best, steps = gain, found
    return steps


def _polynomials(value: Array) -> Array:
    """Polynomials of degree 1 to 3 of an input, orthonormal over the draws: shape (3, n)."""
    centred = (value - value.mean()) / (value.std() or 1.0)
    columns, _ = np.linalg.qr(np.vander(centred, _DEGREE + 1, increasing=True))
    basis: Array = columns.T[1:] * math.sqrt(value.size)
    return basis


def _sentence(ranked: tuple[Worth, ...], evpi: float, inputs: Inputs, best: str) -> str:
    name = inputs.catalog.option(best).short_name
    months = inputs.scenario.horizon_months
    if not ranked:
        return "No input is a range, so there is nothing to measure. Give the inputs you are unsure of as ranges, such as 2 to 8."
    if not ranked[0].matters:
        worth_all = f"even knowing every input is worth {about_money(evpi)} over {months} months" if evpi else "it is the cheapest in every draw"
        return f"Measuring one input alone would not change the choice of {name}: {worth_all}."
    first = f'Measure "{ranked[0].label}" first: it is worth up to {about_money(ranked[0].value)} over {months} months'
    # of those worth nothing, the one that moves the costs most: it is the one people will argue about
    idle = max(
        (worth for worth in ranked if worth.value < 0.5),
        key=lambda worth: (round(worth.variance_share, 3), inputs.facts[worth.path].origin == "given"),
        default=None,
    )
    return first + (f'; "{idle.label}" does not matter (0).' if idle else ".")
