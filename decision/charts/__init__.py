"""Charts: a domain object becomes a Vega-Lite spec.

    chart("bill", "dark", {}, main=rows, totals=totals)                           # a spec with its data; st.vega_lite_chart takes it
    chart("tornado", "dark", {"x": "US dollars over 24 months"}, **tornado_rows(found, ...))

Altair builds each spec once per mode, against named data without rows, and it is kept as JSON text with marks such as "@x" where words stand
that depend on the scenario; drawing again only swaps words and data (building a spec costs some 10 ms, swapping data well under 1).

To add a chart: write a builder in the module of its kind, name it in that module's BUILDERS, and add a function that turns the domain object
into rows. Rows carry the colour of their option and the number of its dashes, which its file in data/options/ names, so that a spec never lists
options. The caller shows the same rows as a table and writes the sentence; a chart is never the only carrier.
"""

from decision.charts.axes import DOLLARS, NUMBERS, SHARES, Columns, Floats, Rows, Spec
from decision.charts.bars import Bar, band_bars, bar_rows, step_bars, tornado_rows
from decision.charts.history import Period, history_rows, periods
from decision.charts.intervals import Interval, interval_rows
from decision.charts.lines import breakeven_rows, cumulative_rows, vertices
from decision.charts.map import map_rows
from decision.charts.palette import DASHES, PALETTE, Ink, Mode, category_colour, colour, dash
from decision.charts.specs import BUILDERS, build_all, chart
from decision.charts.stacks import stack_rows

__all__ = [
    "BUILDERS", "DASHES", "DOLLARS", "NUMBERS", "PALETTE", "SHARES", "Bar", "Columns", "Floats", "Ink", "Interval", "Mode", "Period", "Rows", "Spec",
    "band_bars", "bar_rows", "breakeven_rows", "build_all", "category_colour", "chart", "colour", "cumulative_rows", "dash", "history_rows",
    "interval_rows", "map_rows", "periods", "stack_rows", "step_bars", "tornado_rows", "vertices",
]  # fmt: skip
