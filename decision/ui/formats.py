"""How numbers, dates and words are shown. Nothing here knows of Streamlit.

Money: `money` for headlines (whole dollars from 100 on), `cents` for lines that must add up, `unit_price` for list prices.
Words: `escaped` before anything a person typed goes into a Streamlit label or Markdown; `html.escape` before st.html.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable

import numpy as np

from decision.catalog import Value
from decision.scenario import Amount

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|$:<>~.&-])")


def escaped(text: str) -> str:
    """Plain words as Streamlit Markdown: no character of them means anything."""
    return _MARKDOWN.sub(r"\\\1", text).replace("\n", " ")


def scalar(value: Value) -> float:
    """The one number of a point evaluation, whichever shape it comes in."""
    return float(np.ravel(value)[-1])


def money(value: Value) -> str:
    """$1,234 or, below 100 dollars, $12.34."""
    amount = scalar(value)
    return f"{'-' if amount < 0 else ''}${abs(amount):,.{0 if round(abs(amount), 2) >= 100 else 2}f}"


def cents(value: Value) -> str:
    """$1,234.56: for lines under each other that must add up."""
    amount = round(scalar(value), 2) + 0.0
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def unit_price(value: Value) -> str:
    """A list price without rounding it away: $0.08, $0.0895, $0.000002."""
    amount = scalar(value)
    if amount == 0 or abs(amount) >= 1:
        return f"${amount:,.2f}" if round(amount, 2) == amount else f"${number(amount)}"
    digits = 2 - math.floor(math.log10(abs(amount))) + 1
    text = f"{amount:.{max(digits, 2)}f}".rstrip("0")
    return "$" + (text + "0" * max(0, 2 - len(text.partition(".")[2])))


def number(value: Value) -> str:
    """A quantity with thousands separators and at most four significant decimals: 12,000 or 3.125."""
    amount = scalar(value)
    if amount == round(amount) or abs(amount) >= 10_000:
        return f"{amount:,.0f}"
    return f"{amount:,.{max(0, 3 - math.floor(math.log10(abs(amount))))}f}".rstrip("0").rstrip(".")


def rounded(value: Value) -> float:
    """To three significant figures, for a figure that an estimate decides."""
    return float(f"{scalar(value):.3g}")


def about(value: Value) -> str:
    """A number to three significant figures."""
    return number(rounded(value))


def percent(value: Value) -> str:
    """A share of 1 as 12 %; the ends are not rounded onto 0 and 100."""
    share = 100 * scalar(value)
    if 0 < share < 1:
        return "under 1 %"
    if 99 < share < 100:
        return "over 99 %"
    return f"{share:.0f} %"


def in_unit(value: Value, unit: str) -> str:
    """A number with its unit, shares as per cent and dollars as dollars."""
    if unit.startswith("share"):
        return percent(value) + unit.removeprefix("share of 1").removeprefix("share")
    if unit.startswith("USD"):
        return f"{unit_price(value) if scalar(value) < 1 else money(value)}{unit.removeprefix('USD')}"
    return f"{number(value)} {unit[:-1] if scalar(value) == 1 and unit.endswith('s') else unit}"


def amount_text(amount: Amount) -> str:
    """An amount as it is typed: 12,000 or "2 to 8"; the most likely value of a range stands in its own field."""
    return f"{typed_number(amount.low)} to {typed_number(amount.high)}" if amount.is_range else typed_number(amount.likely)


def typed_number(value: float) -> str:
    """A number as one would type it, exact, with thousands separators."""
    return f"{int(value):,}" if value == int(value) else f"{value:,.10f}".rstrip("0")


def day(value: dt.date) -> str:
    """20 Nov 2026."""
    return f"{value.day} {value:%b %Y}"


def listed(words: Iterable[str], last: str = "and") -> str:
    """a, b and c."""
    parts = list(words)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}" if parts else ""


def counted(count: int, thing: str) -> str:
    """1 agent, 2 agents."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
