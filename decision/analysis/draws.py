"""Draws: inputs given as ranges become arrays of values that cover the ranges evenly.

    many = drawn(inputs, draws=4096, seed=1)        # every ranged input is now an array of shape (4096,)
    all_costs(many, inputs.options)                 # the same cost functions, 4,096 answers

An input's low, likely and high are its 10th percentile, mode and 90th percentile. The distribution is the triangular one with those three
("Trigen": Vose, Risk Analysis, 3rd ed., section III.8.2). The points are a shifted Korobov lattice sequence in base 2 (Hickernell, Hong,
L'Ecuyer and Lemieux 2000, SIAM J. Sci. Comput. 22, 1117; shift: Cranley and Patterson 1976, SIAM J. Numer. Anal. 13, 904). Rank correlation
is imposed by reordering (Iman and Conover 1982, Commun. Stat. B 11, 311), which leaves every input's own distribution as it is.
"""

from __future__ import annotations

import functools
import hashlib
import math
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decision.catalog import Value
from decision.costs.labour import PEOPLE, felt_by_people
from decision.errors import BadInput
from decision.scenario import Amount, Inputs, Spec, paths

Array = npt.NDArray[np.float64]

TAIL = 0.1  # what lies beyond `low`, and beyond `high`
MOST_DRAWS = 1 << 22
USUAL_DRAWS = 4096  # unless told: the standard error of odds near a half is then 0.8 per cent
USUAL_SEED = 1
_MULTIPLIER = 252_555  # of 1,500 odd numbers, the one with the smallest mean P2 error over pairs of the first 40 dimensions, 2**10 to 2**14 points
_WORD = 1 << 32


# -- the distribution of one input ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Triangle:
    """A triangular distribution from `least` to `most` with its peak at `mode`."""

    least: float
    mode: float
    most: float


@functools.lru_cache(maxsize=4096)
def triangle(low: float, likely: float, high: float) -> Triangle:
    """The triangular distribution with 10th percentile `low`, mode `likely` and 90th percentile `high`; low < high.

    With L and R the widths left and right of the mode and T = L + R, the mass below `low` is (L - l)^2 / (T L) = 0.1, l = likely - low;
    so sqrt(L) = (sqrt(0.1 T) + sqrt(0.1 T + 4 l)) / 2, and R likewise. The two are iterated to a fixed point; each round at least halves
    the error, since dL/dT and dR/dT add up to less than one half.
    """
    left, right, total = 0.0, 0.0, 0.0
    while True:
        left = _side(TAIL * (total or high - low), likely - low)
        right = _side(TAIL * (total or high - low), high - likely)
        if left + right <= total * (1 + 1e-15):
            return Triangle(likely - left, likely, likely + right)
        total = left + right


def _side(tenth: float, inner: float) -> float:
    return ((math.sqrt(tenth) + math.sqrt(tenth + 4 * inner)) / 2) ** 2


def ends(amount: Amount, spec: Spec) -> tuple[float, float]:
    """The 10th and 90th percentile, inside the bounds of the input: sampling error of a measurement may put them outside."""
    return max(amount.low, spec.at_least), min(amount.high, spec.at_most)


def at_shares(amount: Amount, spec: Spec, shares: Array) -> Value:
    """The values below which those shares (between 0 and 1, any shape) of the amount's distribution lie. A point stays a float.

    Where a tail would cross a bound of the input, the tenth beyond `low` or `high` is squeezed between that point and the bound, so that
    both percentiles still hold. Counts (Spec.whole) are rounded to whole numbers.
    """
    low, high = ends(amount, spec)
    if not low < high:
        return amount.likely
    shape = triangle(low, min(max(amount.likely, low), high), high)
    below = shape.mode - shape.least
    total = shape.most - shape.least
    rising = shares * total < below
    reach = np.sqrt(np.where(rising, shares * (total * below), (1.0 - shares) * (total * (total - below))))
    values = np.where(rising, shape.least + reach, shape.most - reach)
    if shape.least < spec.at_least:
        values = np.where(shares < TAIL, spec.at_least + (low - spec.at_least) * np.sqrt(shares / TAIL), values)
    if shape.most > spec.at_most:
        values = np.where(shares > 1 - TAIL, spec.at_most - (spec.at_most - high) * np.sqrt((1.0 - shares) / TAIL), values)
    return np.rint(values) if spec.whole else values


# -- the points ----------------------------------------------------------------------------------------


def lattice(paths: Mapping[str, int], first: int, count: int, seed: int) -> dict[str, Array]:
    """Points `first` to `first + count` of the sequence, one array of shape (count,) in (0, 1) for each path.

    paths: path -> dimension. Integer arithmetic throughout, so that the same seed gives the same bytes on any machine. The shift depends on
    seed and path alone.
    """
    index = _reversed_bits(np.arange(first, first + count, dtype=np.uint32))
    points = {}
    for path, dimension in paths.items():
        generator = np.uint32(pow(_MULTIPLIER, dimension, _WORD))
        digest = hashlib.blake2b(f"{seed} {path}".encode(), digest_size=4).digest()
        word = index * generator + np.uint32(int.from_bytes(digest, "big"))  # wraps at 2**32: the fractional part of index x generator + shift
        points[path] = (word + 0.5) / _WORD
    return points


def _reversed_bits(index: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """The radical inverse in base 2, as a 32-bit fraction: 1, 2, 3 -> 1/2, 1/4, 3/4."""
    for shift, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F), (8, 0x00FF00FF), (16, 0x0000FFFF)):
        index = ((index >> np.uint32(shift)) & np.uint32(mask)) | ((index & np.uint32(mask)) << np.uint32(shift))
    return index


# -- correlation ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Correlation:
    """Which inputs move together: full paths, and their rank correlations, shape (paths, paths)."""

    paths: tuple[str, ...]
    matrix: Array


def correlation(inputs: Inputs) -> Correlation:
    """The rank correlations of the scenario. Raises BadInput when a name is unknown or they cannot hold together."""
    pairs: dict[frozenset[str], float] = {}
    for name_a, name_b, rho in inputs.scenario.correlations:
        a, b = _one_input(inputs, name_a), _one_input(inputs, name_b)
        if a == b:
            raise BadInput(f"correlations: {name_a} is paired with itself. Name two different inputs.")
        if not -1 <= rho <= 1:
            raise BadInput(f"correlations: {name_a} and {name_b}: {rho:g} is not a correlation. Write a number from -1 to 1.")
        if pairs.setdefault(frozenset((a, b)), rho) != rho:
            raise BadInput(f"correlations: {name_a} and {name_b} are given twice, as {pairs[frozenset((a, b))]:g} and {rho:g}. Keep one.")
    paths = tuple(sorted({path for pair in pairs for path in pair}))
    matrix = np.eye(len(paths))
    for pair, rho in pairs.items():
        i, j = sorted(paths.index(path) for path in pair)
        matrix[i, j] = matrix[j, i] = rho
    _check_possible(paths, matrix)
    return Correlation(paths, matrix)


def _one_input(inputs: Inputs, name: str) -> str:
    path = inputs.driver_path(name)
    if path == paths.AGENTS:
        sizes = [paths.of_group(group.slug, size) for group in inputs.scenario.fleet for size in reversed(paths.SIZES)]
        found = [size for size in sizes if size in inputs.facts]
        return found[0] if len(inputs.scenario.fleet) == 1 else _ambiguous(name, found)
    if path not in inputs.facts and path not in inputs.added_up and not paths.parsed(path).price:
        return _ambiguous(name, [other for other in inputs.facts if paths.ends_in(other, path)])
    return path


def _ambiguous(name: str, found: list[str]) -> str:
    raise BadInput(f'correlations: "{name}" could mean {", ".join(found)}. Write one of them in full.')


def _check_possible(paths: tuple[str, ...], matrix: Array) -> None:
    if not paths:
        return
    values, vectors = np.linalg.eigh(matrix)
    if values[0] < -1e-9:
        together = [path for path, weight in zip(paths, vectors[:, 0], strict=True) if abs(weight) > 0.1]
        raise BadInput(
            f"correlations: those between {', '.join(together)} cannot all hold at once (the matrix is not positive semidefinite). "
            "Bring the strongest of them nearer to 0, or leave one out."
        )


def _together(points: dict[str, Array], moving: Correlation) -> None:
    """Reorder the points of correlated inputs in place, so that their rank correlations come out as asked.

    The scores have Pearson correlation 2 sin(pi rho / 6) where ranks are to have rho (Pearson 1907; exact for normal scores).
    """
    chosen = [i for i, path in enumerate(moving.paths) if path in points]
    if len(chosen) < 2:
        return
    paths = [moving.paths[i] for i in chosen]
    target = 2 * np.sin(np.pi / 6 * moving.matrix[np.ix_(chosen, chosen)])
    ranks = np.array([np.argsort(np.argsort(points[path], kind="stable"), kind="stable") for path in paths])
    scores = _normal_scores(ranks.shape[1])[ranks]
    mixed = _root(target) @ np.linalg.pinv(_root(scores @ scores.T / scores.shape[1])) @ scores
    for path, score in zip(paths, mixed, strict=True):
        points[path] = np.sort(points[path])[np.argsort(np.argsort(score, kind="stable"), kind="stable")]


def _root(matrix: Array) -> Array:
    values, vectors = np.linalg.eigh(matrix)
    root: Array = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return root


@functools.lru_cache(maxsize=4)
def _normal_scores(count: int) -> Array:
    standard = statistics.NormalDist()
    return np.array([standard.inv_cdf((i + 0.5) / count) for i in range(count)])


# -- from inputs to drawn inputs -----------------------------------------------------------------------


def ranged(inputs: Inputs) -> tuple[str, ...]:
    """Paths of the inputs that are ranges, sorted. One that was set to another value since (`vary`) is no longer a range."""
    return tuple(sorted(path for path, fact in inputs.facts.items() if fact.amount.is_range and _untouched(inputs.values[path], fact.amount)))


def _untouched(value: Value, amount: Amount) -> bool:
    return np.ndim(value) == 0 and value == amount.likely


def of_options(inputs: Inputs, found: Iterable[str], option_ids: Iterable[str]) -> tuple[str, ...]:
    """Those of the paths that can matter to these options: neither other options' own numbers nor hours of parts that they do not have."""
    running_on = inputs.scenario.running_on  # what every other option pays for leaving
    options = [inputs.catalog.options[option_id] for option_id in dict.fromkeys((*option_ids, *((running_on,) if running_on else ())))]
    owners = {None, *(option.id for option in options)}
    own = (path for path in found if paths.parsed(path).option in owners)
    felt = felt_by_people(inputs, options)
    return tuple(path for path in own if not path.startswith(PEOPLE) or path in felt)


def dimensions(inputs: Inputs, option_ids: Iterable[str] | None = None) -> dict[str, int]:
    """The dimension of the lattice that each ranged input takes, for those that can matter to these options (to any, unless told).

    Inputs shared by all options come first, then those of the options considered, then the rest, whichever options are asked for. So the draws
    of a scenario stay as they are when the catalog gains an option that it does not consider, draws agree between calls, and the few inputs
    that matter have the first dimensions, which the lattice spreads best.
    """
    ranges = ranged(inputs)
    shared = (path for path in ranges if not paths.parsed(path).option)
    order = dict.fromkeys((*shared, *of_options(inputs, ranges, inputs.options), *ranges))
    numbered = {path: i for i, path in enumerate(order)}
    return numbered if option_ids is None else {path: numbered[path] for path in of_options(inputs, ranges, option_ids)}


def shares(inputs: Inputs, numbered: Mapping[str, int], first: int, count: int, seed: int) -> dict[str, Array]:
    """Where each draw stands in each ranged input's distribution: path -> shape (count,), between 0 and 1. numbered: from `dimensions`."""
    points = lattice(numbered, first, count, seed)
    if inputs.scenario.correlations:
        _together(points, correlation(inputs))
    return points


def valued(inputs: Inputs, points: Mapping[str, Array]) -> Inputs:
    """The inputs with a value for each share: path -> array. Shares of a model mix keep adding up to 1."""
    return inputs.vary({path: at_shares(inputs.facts[path].amount, inputs.facts[path].spec, share) for path, share in points.items()})


def drawn(inputs: Inputs, draws: int = USUAL_DRAWS, seed: int = USUAL_SEED, option_ids: Iterable[str] | None = None, first: int = 0) -> Inputs:
    """The inputs with every range replaced by an array of shape (draws,). Inputs that are points stay floats.

    option_ids: leave the numbers of other options alone. first: start later in the sequence, to continue an earlier call.
    Raises BadInput when draws, seed or the scenario's correlations cannot be used.
    """
    check_draws(draws, seed)
    return valued(inputs, shares(inputs, dimensions(inputs, option_ids), first, draws, seed))


def check_draws(draws: int, seed: int) -> None:
    """Refuse a number of draws or a seed that cannot be used."""
    if not 1 <= draws <= MOST_DRAWS:
        raise BadInput(f"draws is {draws:,}; it must be from 1 to {MOST_DRAWS:,}. Use {USUAL_DRAWS:,} unless you need finer odds.")
    if seed < 0:
        raise BadInput(f"seed is {seed}; it must be 0 or more. Any whole number will do.")
