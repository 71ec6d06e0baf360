"""The shape of data/sellers.yaml: who sells tokens and web searches, on which terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import model_validator

from decision.catalog.prices import DataModel, Day, Flag, Model

NOBODY = "none"
"""What an option says under sold_by that sells neither tokens nor searches."""


class RegionalTerms(DataModel):
    """What one maker's models cost where inference is kept in a region: a premium, in USD per USD of tokens, on some of them.

    released_from: on those released from that day on. models: on these, whose release day may not be on file. others: what holds for the rest.
    """

    price: str
    released_from: Day | None = None
    models: tuple[str, ...] = ()
    others: Literal["no_premium", "refused"]

    @model_validator(mode="after")
    def _names_some(self) -> RegionalTerms:
        if self.released_from is None and not self.models:
            raise ValueError("no model is named. Write released_from, models, or both.")
        return self

    def apply_to(self, model_id: str, models: Mapping[str, Model]) -> bool:
        """Whether the premium is charged on this model; a faster or slower variant is of its model's age."""
        base = models[model_id].variant_of or model_id
        released = models[base].released
        young = self.released_from is not None and released is not None and released >= self.released_from
        return young or not {model_id, base}.isdisjoint(self.models)


class Seller(DataModel):
    """Terms of sale, by maker of the model: discounts are price ids, in USD per USD of tokens. A maker that is not named has none."""

    name: str
    batch: Flag
    cached_batch_discount: Mapping[str, str] = {}
    regional_premium: Mapping[str, RegionalTerms]
    web_search: str

    def refuses(self, model_id: str, models: Mapping[str, Model]) -> bool:
        """Whether it does not keep this model in a region at all."""
        terms = self.regional_premium.get(models[model_id].maker)
        return terms is not None and terms.others == "refused" and not terms.apply_to(model_id, models)

    @model_validator(mode="after")
    def _batches(self) -> Seller:
        if self.cached_batch_discount and not self.batch:
            raise ValueError("cached_batch_discount is given where no batches are sold. Write batch: true, or leave it out.")
        return self


class SellersFile(DataModel):
    """The file itself."""

    sellers: Mapping[str, Seller]
