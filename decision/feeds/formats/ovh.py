"""OVH order catalogue of Public Cloud: hourly and monthly plans in 10^-8 of the currency, net; the tax is a field of its own and left out."""

from __future__ import annotations

from collections.abc import Iterator

from decision.feeds.answers import Said, at, json_of, reading

_UNITS = {"hour": "10^-8 per hour", "month": "10^-8 per month"}


def read(text: str) -> Iterator[Said]:
    """One reading for each pricing of each plan, keyed by its plan code (`d2-4.consumption`; `.LZ.AF` and the like are other places)."""
    answer = json_of(text)
    currency = at(answer, "locale.currencyCode", str)
    for plan in at(answer, "addons", list):
        for pricing in at(plan, "pricings", list):
            unit = _UNITS.get(at(pricing, "intervalUnit", str))
            if unit:
                yield reading(at(plan, "planCode", str), pricing.get("price"), unit, currency)
