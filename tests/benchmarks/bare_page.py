"""A bare Streamlit page with as many text fields, other fields and charts as the page it is measured against (BARE_PAGE: three numbers)."""

import os

import streamlit as st

texts, others, charts = (int(count) for count in os.environ["BARE_PAGE"].split())
st.title("Bare page")
left, right = st.columns(2)
with left:
    number = float(st.text_input("Number", "2", key="number"))
    for i in range(texts - 1):
        st.text_input(f"Text {i}", "1")
    for i in range(others):
        st.segmented_control(f"Choice {i}", ["one", "two"], default="one")
with right:
    for i in range(charts):
        rows = [{"x": x, "y": number * x + i} for x in range(40)]
        spec = {"mark": "line", "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}}}
        st.vega_lite_chart(rows, spec, height=260, key=f"chart {i}")
