"""The shape of data/claims.yaml: published statements, their verdicts, and the figures that can be computed again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import model_validator

from decision.catalog.prices import DataModel, Day, Number
from decision.errors import nearest


class Figure(DataModel):
    """One number of a claim: an expression of ours and, where the claim has one, the published figure or bound beside it.

    published: a number to meet; at_most: a published ceiling; above: a published "more than". Digits count: "57.60" is written to the cent.
    """

    what: str
    unit: str
    figure: str
    published: Decimal | None = None
    at_most: Decimal | None = None
    above: Decimal | None = None

    @model_validator(mode="after")
    def _one_comparison(self) -> Figure:
        if sum(bound is not None for bound in (self.published, self.at_most, self.above)) > 1:
            raise ValueError("published, at_most and above exclude each other. Keep one.")
        return self


class Claim(DataModel):
    """A published statement, the verdict of the check, and the figures that can be computed."""

    id: str
    sources: tuple[str, ...]
    verdict: Literal["correct", "wrong", "misleading", "imprecise", "incomplete", "inconsistent", "outdated", "unverified", "weak evidence"]
    claim: str
    correct: str | None = None
    quoted: Mapping[str, Number] = {}
    figures: Mapping[str, Figure] = {}


class Closeness(DataModel):
    """How near a figure must come to a published one to agree with it."""

    relative: float
    assumption: str


class Claims(DataModel):
    """data/claims.yaml."""

    about: str
    checked: Day
    closeness: Closeness
    sources: Mapping[str, str]
    scenarios: Mapping[str, Mapping[str, Any]] = {}
    claims: tuple[Claim, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Claims:
        seen: set[str] = set()
        for claim in self.claims:
            if claim.id in seen:
                raise ValueError(f"the id {claim.id} is used twice. Give each claim its own.")
            seen.add(claim.id)
            for source in claim.sources:
                if source not in self.sources:
                    raise ValueError(
                        f'{claim.id} names the source "{source}", which is not under sources.{nearest(source, self.sources)} Add it there.'
                    )
            if twice := set(claim.quoted) & set(claim.figures):
                raise ValueError(f"{claim.id}: {', '.join(sorted(twice))} stands under quoted and under figures. Rename one.")
        return self
