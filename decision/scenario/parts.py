"""What every part of a scenario is made of: frozen models, flags, lists of ids, names."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict

from decision.scenario.quantity import Amount, Spec

LONGEST_NAME = 80  # characters that are kept readable
MOST_IDS = 100  # in a list of ids: more than there are options, providers or components


def _checked(name: str) -> str:
    if not name.strip():
        raise ValueError("the name is empty. Write a few words.")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"the name has {len(name)} characters; at most {LONGEST_NAME} are kept readable. Shorten it.")
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in name):
        raise ValueError("the name holds control characters or line breaks. Write plain words.")
    return name


Name = Annotated[str, AfterValidator(_checked)]
Flag = Annotated[bool, Strict()]
Ids = Annotated[tuple[str, ...], Field(max_length=MOST_IDS)]


@functools.lru_cache(maxsize=1024)
def slug(name: str) -> str:
    """A name as it stands in driver paths: letters of any script in lower case, digits, dashes."""
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-") or "group"


class Part(BaseModel):
    """Base of every part of a scenario: frozen, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def amounts(self) -> Iterator[tuple[str, Spec, Amount | None]]:
        """The numeric fields: name, meaning, and the value given (None where blank)."""
        for name, info in type(self).model_fields.items():
            for meta in info.metadata:
                if isinstance(meta, Spec):
                    yield name, meta, getattr(self, name)
