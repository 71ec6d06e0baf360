"""JSON Schemas of the files of data/, so that an editor refuses a typo while it is typed.

The first line of every data file names its schema (`# yaml-language-server: $schema=...`); the schemas lie in data/schema/.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from pydantic import BaseModel

from decision.catalog.feeds import Ledger
from decision.catalog.options import Option
from decision.catalog.prices import PriceFile
from decision.catalog.reading import ONE_FILE
from decision.catalog.watched import FeedsFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHAPES: Mapping[str, type[BaseModel]] = {
    "prices": PriceFile, "option": Option, "readings": Ledger, "feeds": FeedsFile, **{PurePath(file).stem: shape for file, shape in ONE_FILE.items()},
}  # fmt: skip


def data_schema(kind: str) -> dict[str, Any]:
    """JSON Schema of a kind of file, one of SHAPES: what its shape accepts, without what other files have to say of it."""
    return {"$schema": DIALECT, **SHAPES[kind].model_json_schema()}
