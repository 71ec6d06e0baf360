"""Published claims, computed again by the engine: data/claims.yaml -> what we get, and whether it agrees.

for found in recomputed(catalog):
print(found.claim.id, found.result, [figure.working for figure in found.figures])
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from decision.catalog import Catalog
from decision.catalog.claims import Claim, Claims, Figure
from decision.costs.bill import bill
from decision.costs.labour import MONTHS_PER_YEAR, WEEKS_PER_YEAR
from decision.costs.line_items import Category, LineItem
from decision.costs.use import HOURS_PER_MONTH
from decision.errors import BadInput, nearest
from decision.expression import Function, Term, evaluated
from decision.scenario import inputs_of, read_scenario, ready_made, scenario_from

CONSTANTS = {"months_per_year": float(MONTHS_PER_YEAR), "weeks_per_year": float(WEEKS_PER_YEAR), "hours_per_month": float(HOURS_PER_MONTH)}
_BILLED = "billed"  # all categories but people


class Result(enum.StrEnum):
    """Whether our figures agree with the published ones."""

    AGREE = "agree"
    DISAGREE = "disagree"
    NOT_NUMERIC = "not numeric"


@dataclass(frozen=True, slots=True)
class ComputedFigure:
    """Our value beside the published one; agrees is None where nothing was published to compare with."""

    name: str
    what: str
    unit: str
    published: str | None
    ours: float
    agrees: bool | None
    working: str


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A claim with our figures, and the correction in words with those figures in it."""

    claim: Claim
    figures: tuple[ComputedFigure, ...]
    correct: str | None

    @property
    def result(self) -> Result:
        """Disagree as soon as one figure does; not numeric where there is nothing to compare."""
        compared = [figure.agrees for figure in self.figures if figure.agrees is not None]
        if not compared:
            return Result.NOT_NUMERIC
        return Result.AGREE if all(compared) else Result.DISAGREE


def recomputed(catalog: Catalog, claims: Claims | None = None) -> tuple[Recomputed, ...]:
    """Every claim with its figures computed on the day of the check. Raises BadInput naming the claim whose figure cannot be."""
    claims = claims or catalog.claims
    functions = _Functions(catalog, claims)
    return tuple(_recomputed(claim, claims, functions.by_name) for claim in claims.claims)


def claims_can_be_computed(catalog: Catalog) -> Iterator[str]:
    """Every figure of every claim has a value, and every correction its figures: one of the checks of data/."""
    functions = _Functions(catalog, catalog.claims)
    for claim in catalog.claims.claims:
        try:
            _recomputed(claim, catalog.claims, functions.by_name)
        except BadInput as error:
            yield from error.problems


def _recomputed(claim: Claim, claims: Claims, functions: Mapping[str, Function]) -> Recomputed:
    names = {**CONSTANTS, **claim.quoted}
    figures = []
    for name, figure in claim.figures.items():
        try:
            term = evaluated(figure.figure, names, functions)
        except BadInput as error:
            raise BadInput(f"claims.yaml: {claim.id}.figures.{name}: {problem}" for problem in error.problems) from None
        names[name] = term.value
        published, agrees = _compared(figure, term.value, claims.closeness.relative)
        figures.append(ComputedFigure(name, figure.what, figure.unit, published, term.value, agrees, term.working))
    try:
        correct = None if claim.correct is None else claim.correct.format(**names)
    except (KeyError, IndexError, ValueError):
        raise BadInput(
            f"claims.yaml: {claim.id}.correct: names a figure that the claim does not have, or a format that is not one. Known: {', '.join(names)}."
        ) from None
    return Recomputed(claim, tuple(figures), correct)


def _compared(figure: Figure, ours: float, relative: float) -> tuple[str | None, bool | None]:
    """The published figure in words, and whether ours agrees: it rounds to the published digits, or lies within the relative closeness."""
    if figure.at_most is not None:
        return f"at most {figure.at_most:,}", ours <= float(figure.at_most) * (1 + 1e-9)
    if figure.above is not None:
        return f"more than {figure.above:,}", ours > float(figure.above) * (1 + 1e-9)
    if figure.published is None:
        return None, None
    published = float(figure.published)
    half_a_digit = 0.5 * 10.0 ** int(figure.published.as_tuple().exponent)
    return f"{figure.published:,}", abs(ours - published) <= max(half_a_digit, relative * abs(published)) + 1e-9


class _Functions:
    """What an expression may ask of the engine, on the day of the check."""

    def __init__(self, catalog: Catalog, claims: Claims) -> None:
        self.catalog, self.claims, self.day = catalog, claims, claims.checked
        self.by_name: dict[str, Function] = {"price": self.price, "estimate": self.estimate, "limit": self.limit, "bill": self.bill}

    def price(self, price_id: str) -> Term:
        return Term.number(float(self.catalog.listed(price_id, self.day).amount))

    def estimate(self, path: str, point: str = "likely") -> Term:
        found = self.catalog.estimates.scenario.get(path)
        if found is None or point not in ("low", "likely", "high") or getattr(found, point) is None:
            raise BadInput(f'no estimate "{path}" with a {point} value.{nearest(path, self.catalog.estimates.scenario)}')
        return Term.number(getattr(found, point))

    def limit(self, option_id: str, name: str, day: str = "") -> Term:
        try:
            on = dt.date.fromisoformat(day) if day else self.day
        except ValueError:
            raise BadInput(f'"{day}" is not a date. Write it as 2026-11-20.') from None
        limits = self.catalog.option(option_id).limits_on(on)
        value = getattr(limits, name, None)
        if not isinstance(value, int | float):
            raise BadInput(f'{option_id} has no published limit "{name}" on {on}. Name another limit or another day.')
        return Term.number(float(value))

    def bill(self, scenario: str, category: str, option: str = "managed-agents", per: str = "month") -> Term:
        """Sum of the month-12 line items in a category, with the working of each."""
        billed = bill(option, inputs_of(self._scenario(scenario), self.catalog, self.day))
        items = [item for item in billed.items if item.category in _categories(category)]
        if per not in ("month", "session"):
            raise BadInput(f'per="{per}": a bill is per month or per session. Write one of them.')
        sessions = float(billed.sessions) if per == "session" else 1.0
        if not items or not sessions:
            raise BadInput(f"{scenario}: the bill of {option} has nothing under {category}. Name another category.")
        value = sum(float(item.cost) for item in items) / sessions
        if len(items) == 1:
            working = _worked(items[0])
            return Term.product(value, f"{working} / {sessions:,.6g} sessions" if per == "session" else working)
        parts = " + ".join(f"{float(item.cost) / sessions:,.6g}" for item in items)
        return Term.sum(value, parts)

    def _scenario(self, name: str) -> Any:
        if name in self.claims.scenarios:
            return scenario_from(dict(self.claims.scenarios[name]), f"claims.yaml: scenarios.{name}")
        made = ready_made(self.catalog.folder)
        if name not in made:
            known = [*self.claims.scenarios, *made]
            raise BadInput(f'"{name}" is not a scenario of claims.yaml or of data/scenarios/.{nearest(name, known)}')
        return read_scenario(made[name])


def _categories(name: str) -> tuple[Category, ...]:
    if name == "total":
        return tuple(Category)
    if name == _BILLED:
        return tuple(category for category in Category if category is not Category.UPKEEP)
    if name not in tuple(Category):
        known = [*Category, _BILLED, "total"]
        raise BadInput(f'"{name}" is not a charge category.{nearest(name, known)} Known: {", ".join(known)}.')
    return (Category(name),)


def _worked(item: LineItem) -> str:
    """The working of one line: what its quantity is made of, times the price."""
    explained, price = item.explained(), f"{float(item.price.amount):,.6g}"
    return f"{explained} x {price}" if item.category is Category.RUNTIME else f"{float(item.quantity):,.6g} x {price}"


__all__ = ["Claim", "Claims", "ComputedFigure", "Figure", "Recomputed", "Result", "claims_can_be_computed", "recomputed"]
