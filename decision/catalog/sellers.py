"""The shape of data/sellers.yaml: who sells tokens and web searches, on which terms."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import model_validator

from decision.catalog.prices import DataModel, Flag

NOBODY = "none"
"""What an option says under sold_by that sells neither tokens nor searches."""


class Seller(DataModel):
    """Terms of sale. Premiums and discounts are price ids by maker of the model, in USD per USD of tokens; none for a maker that is not named."""

    name: str
    batch: Flag
    cached_batch_discount: Mapping[str, str] = {}
    regional_premium: Mapping[str, str]
    web_search: str

    @model_validator(mode="after")
    def _batches(self) -> Seller:
        if self.cached_batch_discount and not self.batch:
            raise ValueError("cached_batch_discount is given where no batches are sold. Write batch: true, or leave it out.")
        return self


class SellersFile(DataModel):
    """The file itself."""

    sellers: Mapping[str, Seller]
