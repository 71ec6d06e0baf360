"""Plain text for a terminal of 100 columns: tables, marks, bills.

Money is rounded once, where it is shown: months to the cent, horizons to the dollar; a total is the sum of the lines shown above it.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Sequence
from functools import partial

from decision import words
from decision.catalog import Option, PriceInForce, Source
from decision.costs.bill import Bill
from decision.costs.line_items import LineItem
from decision.words import number, scalar

WIDTH = 100
ASSUMED, THIRD_PARTY, GIVEN = "~", "*", "="
LEGEND = f"{ASSUMED} rests on an estimate   {THIRD_PARTY} price as a third party tells it   {GIVEN} your own price"

_SHORT_BULLET = 8

Cell = str
Row = Sequence[Cell]


# -- money: the headings of a text name the currency ---------------------------------------------------

cents, whole, small, unit_price = (partial(shown, sign="") for shown in (words.cents, words.dollars, words.each, words.unit_price))


# -- layout --------------------------------------------------------------------------------------------


def table(header: Row, rows: Iterable[Row], right: Iterable[int] = (), indent: int = 2, wrap: int | None = None) -> str:
    """Columns two blanks apart. right: columns that hold numbers. wrap: the column that gives way so that the table fits the width."""
    rows = [tuple(row) for row in rows]
    everything = [tuple(header), *rows]
    widths = [max(len(row[i]) for row in everything) for i in range(len(header))]
    over = indent + sum(widths) + 2 * (len(widths) - 1) - WIDTH
    if wrap is not None and over > 0:
        widths[wrap] = max(widths[wrap] - over, 12, len(header[wrap]))
    right = set(right)
    lines = []
    for at, row in enumerate(everything):
        lines += _lines(row, widths, right, wrap, " " * indent)
        if at == 0:
            lines.append((" " * indent + "  ".join("-" * width for width in widths)).rstrip())
    return "\n".join(lines)


def _lines(row: Row, widths: Sequence[int], right: set[int], wrap: int | None, margin: str) -> list[str]:
    folded = textwrap.wrap(row[wrap], widths[wrap]) or [""] if wrap is not None else [""]
    lines = []
    for n, part in enumerate(folded):
        cells = [(part if i == wrap else cell if n == 0 else "") for i, cell in enumerate(row)]
        aligned = [cell.rjust(widths[i]) if i in right else cell.ljust(widths[i]) for i, cell in enumerate(cells)]
        lines.append((margin + "  ".join(aligned)).rstrip())
    return lines


def paragraph(text: str, indent: int = 0, bullet: str = "") -> str:
    """Text folded to the width; a bullet stands before the first line, and the lines below a short one stay aligned with its text."""
    margin = " " * indent
    if len(bullet) <= _SHORT_BULLET:
        return _folded(text, margin + bullet, " " * (indent + len(bullet)))
    return _folded(bullet + text, margin, margin + "    ")


def _folded(text: str, first: str, below: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=below, break_on_hyphens=False, break_long_words=False)


def heading(left: str, right: str = "") -> str:
    """A title with a note at the right margin, or below it where both do not fit, and a line under it."""
    if len(left) + 2 + len(right) <= WIDTH:
        title = f"{left}{right.rjust(WIDTH - len(left))}" if right else left
    else:
        title = "\n".join(part for part in (_folded(left, "", ""), right.rjust(WIDTH) if right else "") if part)
    return f"{title}\n{'=' * WIDTH}"


def section(title: str) -> str:
    """The title of a part."""
    folded = _folded(title, "", "")
    return f"\n{folded}\n{'-' * max(map(len, folded.splitlines()))}"


# -- prices and bills ----------------------------------------------------------------------------------


def is_third_party(price: PriceInForce) -> bool:
    """Whether only a third party says so."""
    return price.source.kind.startswith("third-party")


def is_assumed(item: LineItem) -> bool:
    """Whether the line rests on an estimate, in its quantity or in its price."""
    return item.assumed or price_is_assumed(item.price)


def price_is_assumed(price: PriceInForce) -> bool:
    """Whether the price itself is an estimate."""
    return price.source.kind == "assumption"


def marks(*items: LineItem) -> str:
    """The marks that some of these lines have, explained by LEGEND."""
    found = {ASSUMED: any(map(is_assumed, items)), THIRD_PARTY: any(is_third_party(item.price) for item in items)}
    found[GIVEN] = any(item.price.source.kind == "given" for item in items)
    return "".join(mark for mark, holds in found.items() if holds)


def bill_lines(bill: Bill, references: References) -> str:
    """The bill as a table."""
    rows, category, several_groups = [], "", len(bill.uses) > 1
    for item in bill.items:
        label = f"{item.group}: {item.label}" if several_groups and item.group else item.label
        rows.append((
            "" if item.category == category else str(item.category), f"{label} {marks(item)}".rstrip(), number(item.quantity),
            item.price.pricing_unit, unit_price(item.price.amount), cents(item.cost), references.of(source_line(item.price)),
        ))  # fmt: skip
        category = str(item.category)
    rows.append(("total", "", "", "", "", cents(bill.shown_total), ""))
    return table(("", "line", "quantity", "unit", "price", "USD", "source"), rows, right=(2, 4, 5), wrap=1)


def workings(bill: Bill) -> str:
    """How each quantity of the bill comes about, one line each."""
    return "\n".join(paragraph(f"{item.label}: {item.explained()}", 2) for item in bill.items)


class References:
    """Numbered sources: the same words have one number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def of(self, source: str) -> str:
        """The number of a source, [1] for the first."""
        return f"[{self._numbers.setdefault(source, len(self._numbers) + 1)}]"

    def listed(self) -> str:
        """All sources with their numbers."""
        width = len(str(len(self._numbers))) + 3
        return "\n".join(paragraph(line, 2, f"[{n}]".ljust(width)) for line, n in self._numbers.items())


def publisher(source: Source) -> str:
    """Who says so, without dates: title, kind of evidence, address."""
    return f"{source.title} ({source.kind})" + (f", {source.url}" if source.url else "")


def source_line(price: PriceInForce) -> str:
    """Who says so, since when it holds, and when it was read."""
    source = price.source
    if source.kind in ("given", "assumption"):
        return f"{source.title} ({source.kind})"
    since = "in force since" if price.dated_by == "announcement" else "first seen"
    return f"{source.title} ({source.kind}), {since} {price.effective_from}, read {source.retrieved}" + (f", {source.url}" if source.url else "")


def option_bill(bill: Bill, common: float, as_of: dt.date, references: References, with_workings: bool) -> str:
    """One option's month-12 bill with its totals per session and per active hour."""
    total = bill.shown_total
    sessions, hours = scalar(bill.sessions), scalar(bill.active_hours)
    each = [f"{small(total / sessions)} a session"] if sessions else []
    each += [f"{small(total / hours)} an active hour"] if hours else []
    each.append(f"{cents(total - round(common, 2))} beyond the tokens that every option pays")
    parts = [heading(bill.option.name, f"month 12, prices of {as_of}, USD"), bill_lines(bill, references), "", paragraph(", ".join(each) + ".", 2)]
    if with_workings:
        parts += [section("How the quantities come about"), workings(bill)]
    return "\n".join(parts)


def driver_name(path: str) -> str:
    """An input as it is typed after --driver: options.vps.upkeep_fte is vps.upkeep_fte."""
    return path.removeprefix("options.").removeprefix("prices.")


def short(option: Option) -> str:
    """The option's short name with its id, as it is typed."""
    return f"{option.short_name} ({option.id})"
