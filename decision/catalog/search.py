"""The shape of data/analysis.yaml: how far searches look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from decision.catalog.prices import DataModel, Number, Positive


class Search(DataModel):
    """How far to look: as a factor of where an input stands, and at least up to a value in the input's own unit."""

    factor: Annotated[Number, Field(gt=1)]
    up_to: Mapping[str, Positive]
    shares_up_to: Annotated[Number, Field(gt=0, le=1)]


class AnalysisFile(DataModel):
    """The file itself."""

    search: Search
