"""A bill whose every line opens to quantity x price = cost, with the price's source and dates."""

from __future__ import annotations

from html import escape

from decision.catalog import PriceInForce, Source
from decision.costs.bill import Bill
from decision.costs.line_items import LineItem
from decision.ui.views.markup import html
from decision.words import CATEGORIES, SOURCE_KINDS, cents, day, number, unit_price


def line_items(bill: Bill) -> None:
    """The bill of one month: each line opens to quantity x price = cost, with the price's source and dates."""
    items = sorted(bill.items, key=lambda item: list(CATEGORIES).index(item.category))
    html(
        "".join(_item(item) for item in items)
        + f'<div class="sum"><span>Month 12, {escape(bill.option.name)}</span><span>{cents(bill.shown_total)}</span></div>'
    )


def _item(item: LineItem) -> str:
    group = f" <small>{escape(item.group)}</small>" if item.group else ""
    quantity = escape(f"{number(item.quantity)} {_unit(item.price)}")
    lines = [
        f"<p><b>{quantity} &times; {unit_price(item.price.amount)} = {cents(item.cost)}</b> a month</p>",
        f"<p>Quantity: {escape(item.explained())}</p>",
        *([f"<p>{escape(item.price.note)}</p>"] if item.price.note else []),
        f"<p>{source(item.price.source)}{_dates(item.price)}</p>",
    ]
    return (
        f'<details><summary><span>{escape(item.label)} {_tags(item)}{group}</span><span class="cost">{cents(item.cost)}</span></summary>'
        f'<div class="body">{"".join(lines)}</div></details>'
    )


def _unit(price: PriceInForce) -> str:
    return f"units of {price.pricing_unit}" if price.pricing_unit[0].isdigit() else price.pricing_unit


def _tags(item: LineItem) -> str:
    tags = []
    if item.price.negotiated:
        tags.append('<span class="tag">your price</span>')
    elif item.price.source.kind.startswith("third-party"):
        tags.append('<span class="tag third">third party</span>')
    if item.assumed or item.price.source.kind == "assumption":
        tags.append('<span class="tag assumed">assumed</span>')
    return " ".join(tags)


def source(origin: Source) -> str:
    """Who says so, as markup with a link."""
    title = escape(origin.title)
    address = origin.url or ""
    named = (
        f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{title}</a>' if address.startswith(("https://", "http://")) else title
    )
    return f"Source: {named} ({escape(SOURCE_KINDS[origin.kind])})" + (f". {escape(origin.note)}" if origin.note else "")


def _dates(price: PriceInForce) -> str:
    if price.source.kind in ("given", "assumption"):
        return "."
    since = "first read" if price.dated_by == "reading" else "in force since"
    return f"; {since} {day(price.effective_from)}, read {day(price.source.retrieved)}."
