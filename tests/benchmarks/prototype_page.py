"""A plain prototype of a decision page, built for speed alone: 12 inputs, 4 metrics, 4 charts of made-up figures, a table, a download.

The absolute targets of the page are what such a prototype reaches. Its charts are specifications that stay the same with the data beside
them, its heat map consists of runs of rectangles, and the heap is frozen after the imports.
"""

from __future__ import annotations

import gc
import importlib
import itertools

import numpy as np
import pyarrow as pa
import streamlit as st

OPTIONS = ["Managed", "Server", "AgentCore", "Multica", "Other"]
CATEGORIES = ["tokens", "runtime", "servers", "tools", "services", "upkeep"]
COLOURS = {"range": ["#0b5cad", "#b3470f", "#00786b", "#7b4fb5", "#22324a", "#7d8a9c"]}


@st.cache_resource
def frozen() -> bool:
    """Once in a process."""
    importlib.import_module("pandas")  # Streamlit needs it for charts
    gc.collect()
    gc.freeze()
    return True


def quantitative(name: str, **more: object) -> dict[str, object]:
    return {"field": name, "type": "quantitative", **more}


def nominal(name: str, **more: object) -> dict[str, object]:
    return {"field": name, "type": "nominal", **more}


STACKED = {
    "data": {"name": "main"},
    "mark": "bar",
    "height": 260,
    "encoding": {"x": quantitative("cost", stack="zero"), "y": nominal("option"), "color": nominal("category", scale=COLOURS, legend=None)},
}
LINES = {
    "height": 260,
    "layer": [
        {
            "data": {"name": "main"},
            "mark": "line",
            "encoding": {"x": quantitative("at"), "y": quantitative("cost"), "color": nominal("option", scale=COLOURS, legend=None)},
        },
        {"data": {"name": "here"}, "mark": "rule", "encoding": {"x": quantitative("at")}},
        {"data": {"name": "here"}, "mark": "point", "encoding": {"x": quantitative("at"), "y": quantitative("cost")}},
    ],
}
HEAT = {
    "data": {"name": "main"},
    "mark": "rect",
    "height": 260,
    "encoding": {
        "x": quantitative("start"),
        "x2": {"field": "end"},
        "y": quantitative("row"),
        "y2": {"field": "row_end"},
        "color": nominal("winner", scale=COLOURS, legend=None),
    },
}
TORNADO = {
    "data": {"name": "main"},
    "mark": "bar",
    "height": 260,
    "encoding": {"x": quantitative("low"), "x2": {"field": "high"}, "y": nominal("driver", sort=None), "color": nominal("side", legend=None)},
}


def stacked(number: float) -> pa.Table:
    rows = [(o, c, 10.0 + number * (i + 1) + 7 * j) for i, o in enumerate(OPTIONS) for j, c in enumerate(CATEGORIES)]
    return pa.table({"option": [r[0] for r in rows], "category": [r[1] for r in rows], "cost": [r[2] for r in rows]})


def lines(number: float) -> tuple[pa.Table, pa.Table]:
    at = np.linspace(1, 200, 200)
    costs = [(5 - i) * 900 + at * (i + 1) * (8 + number / 50) for i in range(len(OPTIONS))]
    names = pa.array(np.repeat(OPTIONS, len(at))).dictionary_encode()
    here = pa.table({"at": [min(number, 200.0)], "cost": [float(costs[0][0])]})
    return pa.table({"at": np.tile(at, len(OPTIONS)).astype("f4"), "cost": np.concatenate(costs).astype("f4"), "option": names}), here


def heat(number: float) -> pa.Table:
    rows = []
    for row in range(40):
        ends = [0.0, *sorted((row * (k + 2) + number * 3 + 11 * k) % 40 for k in range(3)), 40.0]
        rows += [(a, b, row, row + 1, OPTIONS[(k + row // 9) % 5]) for k, (a, b) in enumerate(itertools.pairwise(ends)) if b > a]
    return pa.table({name: [r[n] for r in rows] for n, name in enumerate(("start", "end", "row", "row_end", "winner"))})


def tornado(number: float) -> pa.Table:
    rows = [(f"input {i}", 100 - number % 50 - 90 / (i + 1), 100.0, "low") for i in range(12)]
    rows += [(f"input {i}", 100.0, 100 + number % 50 + 90 / (i + 1), "high") for i in range(12)]
    return pa.table({name: [r[n] for r in rows] for n, name in enumerate(("driver", "low", "high", "side"))})


frozen()
st.title("Prototype")
left, right = st.columns([5, 8])
with left:
    number = float(st.text_input("Number", "2", key="number"))
    for i in range(6):
        st.slider(f"Slider {i}", 0, 100, 50)
    for i in range(5):
        st.segmented_control(f"Choice {i}", ["one", "two", "three"], default="one")
with right:
    for i, column in enumerate(st.columns(4)):
        column.metric(f"Figure {i}", f"${number * (i + 1):,.0f}")
    st.vega_lite_chart({**STACKED, "datasets": {"main": stacked(number)}}, key="stacked")
    main, here = lines(number)
    st.vega_lite_chart({**LINES, "datasets": {"main": main, "here": here}}, key="lines")
    st.vega_lite_chart({**HEAT, "datasets": {"main": heat(number)}}, key="heat")
    st.vega_lite_chart({**TORNADO, "datasets": {"main": tornado(number)}}, key="tornado")
    st.table({"option": OPTIONS, "cost": [number * (i + 3) for i in range(5)]})
    st.download_button("Download", f"{number}".encode(), "answer.txt")
