"""How results look: tables, line items, legends, the decision flow. Each function takes domain objects and draws; none computes.

One module each: markup (words and boxes), tables, bill, charts, flow. Callers write `views.table`.

Patterns: `table` for every table (a real HTML table, readable by a screen reader and at 390 px); `line_items` for a bill
whose every figure opens to quantity x price = cost with its source; `legend` beside every chart instead of a legend inside
it; `figure` for a chart with its sentence, its alt text and the same data as a table; `piece` around several of them. All text is escaped here, once:
callers pass plain words.
"""

from __future__ import annotations

from decision.ui.views.bill import line_items, source
from decision.ui.views.charts import arrow, as_table, chart, figure, legend, mode, opened, swatch
from decision.ui.views.flow import flow
from decision.ui.views.markup import (
    STYLE,
    assumption,
    badge,
    bullets,
    card,
    figures,
    fold,
    folded,
    heading,
    html,
    label,
    note,
    notice,
    numbered,
    paragraph,
    piece,
    say,
    summary,
)
from decision.ui.views.tables import Cell, table

__all__ = [
    "STYLE",
    "Cell",
    "arrow",
    "as_table",
    "assumption",
    "badge",
    "bullets",
    "card",
    "chart",
    "figure",
    "figures",
    "flow",
    "fold",
    "folded",
    "heading",
    "html",
    "label",
    "legend",
    "line_items",
    "mode",
    "note",
    "notice",
    "numbered",
    "opened",
    "paragraph",
    "piece",
    "say",
    "source",
    "summary",
    "swatch",
    "table",
]
