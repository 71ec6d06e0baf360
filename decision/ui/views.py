"""How results look: tables, line items, legends, the decision flow. Each function takes domain objects and draws; none computes.

Patterns: `table` for every table (a real HTML table, readable by a screen reader and at 390 px); `line_items` for a bill
whose every figure opens to quantity x price = cost with its source; `legend` beside every chart instead of a legend inside
it; `figure` for a chart with its sentence, its alt text and the same data as a table; `piece` around several of them. All text is escaped here, once:
callers pass plain words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa
import streamlit as st

from decision import charts
from decision.catalog import PriceInForce, Source
from decision.charts import Mode
from decision.costs.bill import Bill
from decision.costs.line_items import LineItem
from decision.framework import Edge, Node
from decision.ui.formats import cents, day, escaped, number, unit_price

_CSS = (Path(__file__).parent / "static" / "style.css").read_text(encoding="utf-8")
_WITHOUT_COMMENTS = re.sub(r"/[*].*?[*]/|\s+", " ", _CSS, flags=re.DOTALL)  # it is sent on every change
STYLE = f"<style>{_WITHOUT_COMMENTS}</style>"

KINDS = {
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
CATEGORIES = {
    "tokens": "Tokens (common cost)",
    "runtime": "Runtime",
    "servers": "Servers",
    "tools": "Tools",
    "services": "Services",
    "upkeep": "Engineers' upkeep",
}
OWNERSHIP = {"run": "Monthly bills", "build": "Build", "delay": "Later launch", "exit": "Expected exit"}


def mode() -> Mode:
    """The theme the visitor sees."""
    return "dark" if st.context.theme.type == "dark" else "light"


def html(body: str) -> None:
    """Markup made in this module, in the house style. Words in it are escaped already."""
    collected = _PIECE.get()
    if collected is None:
        st.html(f'<div class="dt">{body}</div>')
    else:
        collected.append(body)


@contextmanager
def piece(name: str = "", title: str = "") -> Iterator[None]:
    """Everything that this module draws inside travels to the browser as one element: what has no widget or chart in it costs far less.

    name: makes it a frame of its own, a section of class `name`, with its title.
    """
    collected: list[str] = [f"<h3>{escape(title)}</h3>"] if title else []
    token = _PIECE.set(collected)
    try:
        yield
    finally:
        _PIECE.reset(token)
    inside = "".join(collected)
    html(f'<section class="card {name}">{inside}</section>' if name else inside)


_PIECE: ContextVar[list[str] | None] = ContextVar("piece", default=None)


# -- tables ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """Words of a table cell; `note` stands small below, `mark` is markup made here (a swatch)."""

    words: str
    note: str = ""
    mark: str = ""
    right: bool = False


def table(caption: str, head: Sequence[str], rows: Iterable[tuple[str, Sequence[Cell]]]) -> None:
    """A table. rows: (class of the row: "", "out" or "pick"; cells, of which the first names the row)."""
    body = "".join(f'<tr class="{kind}">{_row(head, cells, struck=kind == "out")}</tr>' for kind, cells in rows)
    rows = list(rows)
    right = [bool(rows) and cell.right for cell in (rows[0][1] if rows else ())]
    columns = "".join(f'<th scope="col"{" class=n" if n < len(right) and right[n] else ""}>{escape(words)}</th>' for n, words in enumerate(head))
    top = f"<caption>{escape(caption)}</caption><thead><tr>{columns}</tr></thead>"
    html(f'<div class="scroll"><table class="wide">{top}<tbody>{body}</tbody></table></div>')


def _row(head: Sequence[str], cells: Sequence[Cell], struck: bool) -> str:
    parts = []
    for i, cell in enumerate(cells):
        words = f"<s>{escape(cell.words)}</s>" if struck and cell.right and cell.words else escape(cell.words)
        inside = cell.mark + words + (f"<small>{escape(cell.note)}</small>" if cell.note else "")
        right = ' class="n"' if cell.right else ""
        parts.append(f'<th scope="row">{inside}</th>' if i == 0 else f'<td{right} data-name="{escape(head[i])}">{inside}</td>')
    return "".join(parts)


def swatch(option_id: str) -> str:
    """A short stretch of the option's line: its colour and its dashes."""
    ink, at, stops = charts.colour(option_id, mode()), 0, []
    pattern = charts.dash_pattern(option_id)
    for i, length in enumerate(pattern if 0 not in pattern else [1, 0]):
        stops.append(f"{ink if i % 2 == 0 else 'transparent'} {at}px {at + length}px")
        at += length
    return f'<span class="key" aria-hidden="true" style="background: repeating-linear-gradient(90deg, {", ".join(stops)})"></span>'


def legend(options: Mapping[str, str] = {}, categories: Mapping[str, str] = {}, said: str = "") -> None:
    """Which colour means what. options: id -> name; categories: id -> name; said: what the chart below shows now, for those who do not see it."""
    items = [f"<li>{swatch(option_id)}{escape(name)}</li>" for option_id, name in options.items()]
    items += [
        f'<li><span class="square" aria-hidden="true" style="background: {charts.category_colour(name, mode())}"></span>{escape(words)}</li>'
        for name, words in categories.items()
    ]
    html(f'<ul class="legend">{"".join(items)}</ul>' + (f'<p class="heard">{escape(said)}</p>' if said else ""))


@contextmanager
def card(key: str, words: str) -> Iterator[None]:
    """A framed part of the page with its own heading, for what has widgets or charts in it; `piece` is the same for words and tables."""
    with st.container(border=True, key=f"card_{key}"):
        html(f"<h3>{escape(words)}</h3>")
        yield


def figure(name: str, datasets: Mapping[str, Any], alt: str, draw_table: Callable[[], None], key: str) -> None:
    """A chart, and its data as a table."""
    chart(name, datasets, alt)
    as_table(draw_table, key)


def chart(name: str, datasets: Mapping[str, Any], alt: str) -> None:
    """A chart, and what it is in words for those who do not see it.

    alt: without figures, since the browser builds the whole chart anew when these words change; figures go into `legend`.
    """
    framed = {dataset: arrow(rows) for dataset, rows in datasets.items()}
    st.vega_lite_chart(charts.chart(name, mode(), **framed), alt=alt, width="stretch")


def as_table(draw: Callable[[], None], key: str) -> None:
    """The data of a chart as a table, drawn when it is asked for."""
    box = st.expander("The same as a table", key=f"table_{key}", on_change="rerun", type="compact")
    if box.open:
        with box:
            draw()


def fold(title: str, key: str) -> Any:
    """A fold that draws again when it is opened. title: it must not follow what is typed inside, or typing would close the fold."""
    return st.expander(f"**{escaped(title)}**", key=key, on_change="rerun")


def summary(words: str, wrong: str = "") -> None:
    """What a closed fold holds, below it. wrong: what in it must be corrected."""
    html(f'<p class="summary"><small>{escape(words[:1].upper() + words[1:])}{f" · <b>{escape(wrong)}</b>" if wrong else ""}</small></p>')


def opened(key: str) -> bool:
    """Whether that table is open."""
    return bool(st.session_state.get(f"table_{key}"))


def arrow(rows: charts.Rows | charts.Columns) -> pa.Table:
    """Rows, or whole columns, as they travel to the browser: without pandas' own description, words that repeat sent once."""
    columns = rows if isinstance(rows, dict) else {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
    return pa.table({name: _column(pa.array(values)) for name, values in columns.items()})


def _column(values: pa.Array) -> pa.Array:
    return values.dictionary_encode() if pa.types.is_string(values.type) and 4 * len(values.unique()) < len(values) else values


# -- line items --------------------------------------------------------------------------------------


def line_items(bill: Bill) -> None:
    """The bill of one month: each line opens to quantity x price = cost, with the price's source and dates."""
    items = sorted(bill.items, key=lambda item: list(CATEGORIES).index(item.category))
    total = sum(round(float(item.cost), 2) for item in items)
    html(
        "".join(_item(item) for item in items)
        + f'<div class="sum"><span>Month 12, {escape(bill.option.name)}</span><span>{cents(total)}</span></div>'
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
    return f"Source: {named} ({escape(KINDS[origin.kind])})" + (f". {escape(origin.note)}" if origin.note else "")


def _dates(price: PriceInForce) -> str:
    if price.source.kind in ("given", "assumption"):
        return "."
    since = "first read" if price.dated_by == "reading" else "in force since"
    return f"; {since} {day(price.effective_from)}, read {day(price.source.retrieved)}."


# -- the decision flow -------------------------------------------------------------------------------


def flow(nodes: Sequence[Node], lines: Sequence[Edge]) -> None:
    """The framework as a tree of boxes, drawn from the same rows that decide; the way walked is marked by weight and by words."""
    boxes = {node.id: node for node in nodes}
    ends = {line.end for line in lines}
    root = next(node for node in nodes if node.id not in ends)
    html(f'<ul class="flow" aria-label="Decision flow, the way walked is marked">{_branch(root, "", boxes, lines)}</ul>')


def _branch(node: Node, answer: str, boxes: Mapping[str, Node], lines: Sequence[Edge]) -> str:
    """A box with the answer that leads to it, and what follows from it."""
    walked = ' class="walked"' if node.taken else ""
    end = " end" if node.kind == "outcome" else ""
    arrived = " <span>(this is you)</span>" if node.taken and node.kind == "outcome" else ""
    mine = ", your answer" if node.taken and any(line.end == node.id and boxes[line.start].kind == "question" for line in lines) else ""
    lead = f"<small>{escape(answer)}{mine}</small>" if answer else ""
    below = [line for line in lines if line.start == node.id]
    inner = "".join(_branch(boxes[line.end], line.label, boxes, lines) for line in below)
    nested = f'<ul class="{"walked" if node.taken else ""}">{inner}</ul>' if inner else ""
    return f'<li{walked}>{lead}<span class="box{end}">{escape(node.text)}{arrived}</span>{nested}</li>'


# -- the answer --------------------------------------------------------------------------------------


def badge(words: str) -> None:
    """A word or two on what kind of answer it is."""
    html(f'<p><span class="badge">{escape(words)}</span></p>')


def figures(shown: Sequence[tuple[str, str, str]]) -> None:
    """Figures side by side: (name, value, what it means)."""
    boxes = (
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}" + (f"<small>{escape(meaning)}</small>" if meaning else "") + "</dd></div>"
        for name, value, meaning in shown
    )
    html(f'<dl class="figures">{"".join(boxes)}</dl>')


def notice(words: str) -> None:
    """Something that must not be overlooked."""
    html(f'<p class="notice">{escape(words)}</p>')


def heading(words: str) -> None:
    """A heading inside a card."""
    html(f"<h4>{escape(words)}</h4>")


# -- words -------------------------------------------------------------------------------------------


def paragraph(words: str, kind: str = "") -> None:
    """Plain words, of whatever origin."""
    html(f'<p class="{kind}">{escape(words)}</p>')


def assumption(words: str, why: str, decisive: bool) -> None:
    """A value taken where nobody said one, and why; marked where it alone could change the answer."""
    mark = ' <span class="tag">could change the answer</span>' if decisive else ""
    html(f"<p>{escape(words)}{mark}<small>{escape(why)}</small></p>")


def label(words: str) -> None:
    """The name of several fields that belong together."""
    html(f'<div class="label">{escape(words)}</div>')


def note(words: str) -> None:
    """Small words under a field; nothing where there are none."""
    if words:
        html(f"<small>{escape(words)}</small>")


def numbered(lines: Sequence[str]) -> None:
    """Plain lines with numbers."""
    html(f'<ol class="plain">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ol>')


def folded(title: str, lines: Sequence[str]) -> None:
    """Plain lines that open on a click."""
    inside = "".join(f"<li>{escape(line)}</li>" for line in lines)
    html(f'<details><summary><span>{escape(title)}</span></summary><div class="body"><ul class="plain">{inside}</ul></div></details>')


def bullets(lines: Sequence[str]) -> None:
    """Plain lines with dots."""
    html(f'<ul class="plain">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul>')
