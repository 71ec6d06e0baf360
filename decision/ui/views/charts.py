"""Charts on the page: the legend beside, the words for those who do not see it, the same data as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

import pyarrow as pa
import streamlit as st

from decision import charts
from decision.catalog import Option
from decision.charts import Mode
from decision.ui.views.markup import html

Datasets = Mapping[str, charts.Rows | charts.Columns]


def mode() -> Mode:
    """The theme the visitor sees."""
    return "dark" if st.context.theme.type == "dark" else "light"


def swatch(option: Option) -> str:
    """A short stretch of the option's line: its colour and its dashes."""
    ink, at, stops = charts.colour(option, mode()), 0, []
    for i, length in enumerate(charts.DASHES[option.mark]):
        if length:
            stops.append(f"{ink if i % 2 == 0 else 'transparent'} {at}px {at + length}px")
        at += length
    return f'<span class="key" aria-hidden="true" style="background: repeating-linear-gradient(90deg, {", ".join(stops)})"></span>'


def legend(options: Iterable[Option] = (), categories: Mapping[str, str] = {}, said: str = "") -> None:
    """Which colour means what. categories: id -> name; said: what the chart below shows now, for those who do not see it."""
    items = [f"<li>{swatch(option)}{escape(option.short_name)}</li>" for option in options]
    items += [
        f'<li><span class="square" aria-hidden="true" style="background: {charts.category_colour(name, mode())}"></span>{escape(words)}</li>'
        for name, words in categories.items()
    ]
    html(f'<ul class="legend">{"".join(items)}</ul>' + (f'<p class="heard">{escape(said)}</p>' if said else ""))


def figure(name: str, words: Mapping[str, Any], data: Datasets, alt: str, draw_table: Callable[[], None], key: str) -> None:
    """A chart, what it is in words for those who do not see it, and its data as a table. words: see `charts.chart`."""
    chart(name, words, data, alt)
    as_table(draw_table, key)


def chart(name: str, words: Mapping[str, Any], data: Datasets, alt: str) -> None:
    """A chart, and what it is in words for those who do not see it.

    alt: where the chart changes while one types, without figures, since the browser builds it anew when these words change;
    figures then go into `legend`.
    """
    framed = {dataset: arrow(rows) for dataset, rows in data.items()}
    st.vega_lite_chart(charts.chart(name, mode(), words, **framed), alt=alt, width="stretch")


def as_table(draw: Callable[[], None], key: str) -> None:
    """The data of a chart as a table, drawn when it is asked for."""
    box = st.expander("The same as a table", key=f"table_{key}", on_change="rerun", type="compact")
    if box.open:
        with box:
            draw()


def opened(key: str) -> bool:
    """Whether that table is open."""
    return bool(st.session_state.get(f"table_{key}"))


def arrow(rows: charts.Rows | charts.Columns) -> pa.Table:
    """Rows, or whole columns, as they travel to the browser: without pandas' own description, words that repeat sent once."""
    columns = rows if isinstance(rows, dict) else {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
    return pa.table({name: _column(pa.array(values)) for name, values in columns.items()})


def _column(values: pa.Array) -> pa.Array:
    return values.dictionary_encode() if pa.types.is_string(values.type) and 4 * len(values.unique()) < len(values) else values
