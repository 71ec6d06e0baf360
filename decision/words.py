"""How a number, a share, a price, a sum of money, a day, a list or a status reads: once, for the page, the command line and every report.

Money: `money` for headlines (whole dollars from 100 on), `cents` for lines under each other that must add up, `dollars` for whole dollars,
`about_money` for what an estimate decides, `each` for a session or an hour, `unit_price` for list prices. Every one of them takes the sign
that stands before the number: "$", or "" below a heading that names the currency.
Quantities: `number` as it is, `about` to three figures, `in_unit` with its unit, `typed` exactly as a person would type it.

Values are floats or arrays of one element; an array of several raises ValueError. Nothing here reads the catalog, or knows where words are shown.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from decision.catalog import Value

DOLLAR = "$"
HOURS_PER_FTE = 160  # a month; 40 a week
_FIGURES = 4  # of a quantity
_ORDINALS = ("none", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PRICE_PLACES = 6  # of a list price below one dollar; smaller ones have four figures

# -- names: what stands in the data as an identifier, as it is shown ------------------------------------

RECORD_STATUSES = ("proposed", "accepted", "rejected", "deprecated", "superseded")  # of a decision record, as MADR 4.0 names them

COMPONENT_WORDS: Mapping[str, str] = {
    "sandbox": "Sandbox",
    "orchestrator": "Orchestrator",
    "session_state": "Session state",
    "credential_vault": "Credential vault",
    "observability": "Observability",
}

STATUS: Mapping[str, str] = {
    "agree": "rules and dollars agree",
    "close_call": "close call: the rules decide",
    "disagree": "rules and dollars disagree",
    "indifferent": "it does not matter",
    "none": "no recommendation",
}
"""How far rules and money agree. Dollars, not the bill: options are ranked by their cost of ownership, and a bill is that of one month."""

BASES: Mapping[str, str] = {
    "total": "cost of ownership",
    "monthly": "whole monthly bill",
    "people": "runtime, machines and people",
    "runtime": "runtime and machines",
}
"""What a break-even compares."""

CATEGORIES: Mapping[str, str] = {
    "tokens": "tokens (common cost)",
    "runtime": "runtime",
    "servers": "servers",
    "tools": "tools",
    "services": "services",
    "upkeep": "engineers' upkeep",
}
"""Charge categories, in the order in which a bill shows them."""

OWNERSHIP: Mapping[str, str] = {"run": "monthly bills", "build": "build", "delay": "later launch", "exit": "expected exit", "moving": "moving away"}
"""The parts of the cost of ownership. Moving: leaving, now, what the agents run on already."""

CAUSES: Mapping[str, str] = {
    "price": "prices",
    "volume": "volume",
    "mix": "mix of models and modes",
    "people": "people",
    "machines": "machines",
    "option": "another option",
}
"""Why two bills differ."""

SOURCE_KINDS: Mapping[str, str] = {
    "official": "vendor's own page",
    "official-copy": "copy of the vendor's page",
    "official-undated": "vendor's own page, undated",
    "vendor-repository": "vendor's repository",
    "third-party-dated": "third party, dated",
    "third-party": "third party",
    "derived": "derived",
    "assumption": "assumption",
    "given": "given in the scenario",
}
"""Kinds of sources."""


def sentence_case(words: str) -> str:
    """With a capital at the beginning, and otherwise as it is."""
    return words[:1].upper() + words[1:]


# -- money ---------------------------------------------------------------------------------------------


def scalar(value: Value) -> float:
    """The one number of a point evaluation, whichever shape it comes in. Raises ValueError for several."""
    return float(value) if isinstance(value, float | int) else float(value.item())


def _signed_money(amount: float, places: int, sign: str) -> str:
    shown = round(amount, places) + 0.0  # never "-0.00"
    return f"{'-' if shown < 0 else ''}{sign}{abs(shown):,.{places}f}"


def cents(value: Value, sign: str = DOLLAR) -> str:
    """$1,437.85: for lines under each other that must add up."""
    return _signed_money(scalar(value), 2, sign)


def dollars(value: Value, sign: str = DOLLAR) -> str:
    """Whole dollars: $34,508."""
    return _signed_money(scalar(value), 0, sign)


def money(value: Value, sign: str = DOLLAR) -> str:
    """$1,234 or, below 100 dollars, $12.34."""
    amount = scalar(value)
    return dollars(amount, sign) if round(abs(amount), 2) >= 100 else cents(amount, sign)


def about_money(value: Value, sign: str = DOLLAR) -> str:
    """Money in a sentence, to three figures: $12,300, $12, $1.25. Estimates are not better than that."""
    amount = rounded(value)
    return dollars(amount, sign) if abs(amount) >= 100 or amount == int(amount) else cents(amount, sign)


def each(value: Value, sign: str = DOLLAR) -> str:
    """Money of one session or hour: to the cent from 1 up, below it to four places, so that 0.0267 is not 0.03."""
    amount = scalar(value)
    return cents(amount, sign) if abs(amount) >= 1 or amount == 0 else _signed_money(amount, 4, sign)


def unit_price(value: Value, sign: str = DOLLAR) -> str:
    """A list price as it is published: $60.00, $0.08, $0.00945, $12.345, $0.0000021.

    At least cents; from 1 up four places and from 100 up cents hold all that anybody publishes.
    """
    amount = scalar(value)
    if abs(amount) >= 100:
        return cents(amount, sign)
    places = 4 if abs(amount) >= 1 or amount == 0 else max(_PRICE_PLACES, _FIGURES - 1 - math.floor(math.log10(abs(amount))))
    text = _signed_money(amount, places, sign).rstrip("0")
    return text + "0" * max(0, 2 - len(text.partition(".")[2]))


def shown_sum(values: Iterable[Value], places: int = 2) -> float:
    """A total as it is shown everywhere: the sum of what is shown, each part rounded to the cent (2) or to the dollar (0), so that columns add up."""
    return math.fsum(round(scalar(value), places) for value in values)


def signed(text: str) -> str:
    """A change with its sign: +$12.00, -$3.50."""
    return text if text.startswith("-") else f"+{text}"


# -- quantities ----------------------------------------------------------------------------------------


def number(value: Value) -> str:
    """A quantity with thousands separators and four significant figures, without an exponent: 12,000, 3.125, 0.00945."""
    amount = scalar(value) + 0.0
    if amount == round(amount) or abs(amount) >= 10 ** (_FIGURES - 1):
        return f"{amount:,.0f}"
    return f"{amount:,.{max(0, _FIGURES - 1 - math.floor(math.log10(abs(amount))))}f}".rstrip("0").rstrip(".")


def computed(value: Value) -> str:
    """A figure beside a published one: in full where two decimals hold it (1,234.56), else as a quantity."""
    amount = scalar(value)
    return typed(round(amount, 2)) if abs(amount - round(amount, 2)) < 1e-9 else number(amount)


def rounded(value: Value) -> float:
    """To three significant figures, for a figure that an estimate decides."""
    return float(f"{scalar(value):.3g}")


def about(value: Value) -> str:
    """A quantity to three significant figures."""
    return number(rounded(value))


def typed(value: float) -> str:
    """A number as one would type it, exact, with thousands separators."""
    return f"{int(value):,}" if value == int(value) else f"{value:,.10f}".rstrip("0")


class Points(Protocol):
    """A number or a range of a scenario."""

    @property
    def low(self) -> float:
        """10th percentile."""

    @property
    def likely(self) -> float:
        """Most likely value."""

    @property
    def high(self) -> float:
        """90th percentile."""

    @property
    def is_range(self) -> bool:
        """Whether the points differ."""


def typed_amount(amount: Points) -> str:
    """An amount as it is typed: 12,000 or "2 to 8"; the most likely value of a range stands in its own field."""
    return f"{typed(amount.low)} to {typed(amount.high)}" if amount.is_range else typed(amount.likely)


def percent(value: Value) -> str:
    """How often, or how much of a whole, as whole per cent; the ends are not rounded onto 0 and 100."""
    share = 100 * scalar(value)
    if 0 < share < 1:
        return "under 1 %"
    if 99 < share < 100:
        return "over 99 %"
    return f"{share:.0f} %"


def odds_words(value: Value) -> str:
    """How often an option is the cheapest of the draws. Draws hold nothing for the model itself being wrong, so never all of them, nor none."""
    return percent(min(max(scalar(value), 1e-9), 1 - 1e-9))


def change_percent(before: Value, after: Value) -> str:
    """A change against what was before: +12.5 %; "from 0" where there is nothing to compare with."""
    start = scalar(before)
    return f"{(scalar(after) / start - 1) * 100:+.1f} %" if start else "from 0"


def bare(value: Value, unit: str) -> str:
    """The number of a quantity, with what stands directly at it: 7.5 %, $120,000, 0.3."""
    if unit.startswith("share"):
        return f"{number(100 * scalar(value))} %"
    if unit.startswith("USD"):
        return money(value) if abs(scalar(value)) >= 100 else unit_price(value)
    return number(value)


def in_unit(value: Value, unit: str) -> str:
    """A quantity with its unit: 7.5 %, $120,000 per year, 0.3 FTE, 1 agent. A share that somebody gives is not rounded as odds are."""
    if unit.startswith("share"):
        return bare(value, unit) + unit.removeprefix("share of 1").removeprefix("share")
    if unit.startswith("USD"):
        return bare(value, unit) + unit.removeprefix("USD")
    if unit == "FTE":
        return f"{bare(value, unit)} FTE ({number(scalar(value) * HOURS_PER_FTE)} hours a month)"
    return f"{bare(value, unit)} {unit[:-1] if scalar(value) == 1 and unit.endswith('s') else unit}"


def value_or_word(value: Value | str | None) -> str:
    """What stands in an input: a quantity, a word, or nothing."""
    return "none" if value is None else value if isinstance(value, str) else number(value)


# -- days and lists ------------------------------------------------------------------------------------


def day(value: dt.date) -> str:
    """20 Nov 2026."""
    return f"{value.day} {value:%b %Y}"


def listed(words: Iterable[str], last: str = "and") -> str:
    """a, b and c."""
    parts = list(words)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}" if len(parts) > 1 else "".join(parts)


def spelled(count: int) -> str:
    """A small number as a word: four; larger ones in digits."""
    return _SPELLED[count] if count < len(_SPELLED) else f"{count:,}"


def ordinal(count: int) -> str:
    """A place in a row: first, fifth; 21st from there on."""
    if count < len(_ORDINALS):
        return _ORDINALS[count]
    ending = "th" if 10 < count % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count:,}{ending}"


MONTHS_AND_HORIZON = (
    "Month 1 is billed at the size now, month 12 at the size in 12 months, on a straight line between, and the fleet stays after that. "
    "The horizon counts months of service, the same for every option; building comes before."
)
"""How the months of a bill and of a horizon are counted, for everybody who reads either."""


def counted(count: int, thing: str) -> str:
    """1 agent, 2 agents."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
