"""AWS price list, the file of one offer in one region: on-demand prices by usage type.

The prefix of a region in the usage type cannot be derived from the region's code and is left out of the key; the file holds one region. Of a price
in tiers the first counts. `effectiveDate` is that of the list and not of the price, so no reading bears it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from decision.feeds.answers import Said, SchemaChanged, at, json_of, reading

_REGION = re.compile(r"^(?:[A-Z]{2,4}\d-|[a-z]{2}-[a-z]+-\d-)")


def read(text: str) -> Iterator[Said]:
    """One reading for each product with an on-demand price, keyed by its usage type without the region."""
    answer = json_of(text)
    terms = at(answer, "terms.OnDemand", dict)
    for sku, product in at(answer, "products", dict).items():
        usage = at(product, "attributes.usagetype", str)
        for offer in at(terms, sku, dict).values() if sku in terms else ():
            dimension = _first_tier(at(offer, "priceDimensions", dict), usage)
            unit, per_unit = at(dimension, "unit", str), at(dimension, "pricePerUnit", dict)
            if len(per_unit) != 1:
                raise SchemaChanged(f"{usage} is priced in {len(per_unit)} currencies")
            ((currency, price),) = per_unit.items()
            yield reading(_REGION.sub("", usage), price, unit, currency)


def _first_tier(dimensions: Mapping[str, Any], usage: str) -> Any:
    first = [dimension for dimension in dimensions.values() if isinstance(dimension, Mapping) and dimension.get("beginRange", "0") == "0"]
    if len(first) != 1:
        raise SchemaChanged(f"{usage} has {len(first)} prices for the first unit")
    return first[0]
