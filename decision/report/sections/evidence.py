"""How options, inputs, prices and what they rest on are named in every section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decision.analysis.comparison import Change
from decision.catalog import Option, PriceInForce
from decision.catalog import Source as Origin
from decision.costs.line_items import LineItem
from decision.report.document import Block, Gap, Sentence, Source, sentence
from decision.words import value_or_word

ASSUMED, THIRD_PARTY, GIVEN = "~", "*", "="
LEGEND = f"{ASSUMED} rests on an estimate   {THIRD_PARTY} price as a third party tells it   {GIVEN} your own price"


def short(option: Option) -> str:
    """The option's short name with its id, as it is typed."""
    return f"{option.short_name} ({option.id})"


def driver_name(path: str) -> str:
    """An input as it is typed after --driver: options.vps.upkeep_fte is vps.upkeep_fte."""
    return path.removeprefix("options.").removeprefix("prices.")


def is_third_party(price: PriceInForce) -> bool:
    """Whether only a third party says so."""
    return price.source.kind.startswith("third-party")


def is_assumed(item: LineItem) -> bool:
    """Whether the line rests on an estimate, in its quantity or in its price."""
    return item.assumed or item.price.source.kind == "assumption"


def marks(*items: LineItem) -> str:
    """The marks that some of these lines have, explained by LEGEND."""
    found = {ASSUMED: any(map(is_assumed, items)), THIRD_PARTY: any(is_third_party(item.price) for item in items)}
    found[GIVEN] = any(item.price.source.kind == "given" for item in items)
    return "".join(mark for mark, holds in found.items() if holds)


def publisher(origin: Origin, read: bool = False) -> Source:
    """Who says so: title, kind of evidence, address. read: and when it was read."""
    return Source(f"{origin.title} ({origin.kind})", origin.url or "", f", read {origin.retrieved}" if read else "")


def price_source(price: PriceInForce) -> Source:
    """Who says so, since when it holds, and when it was read."""
    origin = price.source
    if origin.kind in ("given", "assumption"):
        return Source(f"{origin.title} ({origin.kind})")
    since = "in force since" if price.dated_by == "announcement" else "first seen"
    return Source(f"{origin.title} ({origin.kind}), {since} {price.effective_from}, read {origin.retrieved}", origin.url or "")


def changed(change: Change, lead: str = "- ") -> Sentence:
    """An input before and after."""
    return sentence(f"{change.label}: {value_or_word(change.before)} -> {value_or_word(change.after)} {change.unit}", lead=lead)


def not_priced(missing: Mapping[str, str]) -> Iterator[Block]:
    """Why some options are not shown."""
    for option_id, why in missing.items():
        yield sentence(why, lead=f"Left out: {option_id}: ")
    if missing:
        yield Gap()
