"""The frame of every page: settings, style, navigation. A page that is not built is not in the navigation."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from decision.ui.views import STYLE

HERE = Path(__file__).parent
PAGES = (
    ("decide", "Decide"),
    ("explore", "Explore"),
    ("usage", "Your usage"),
    ("plan", "Plan together"),
    ("report", "Report"),
    ("prices", "Prices and sources"),
)

st.set_page_config(page_title="Where should our agents run?", page_icon=HERE / "static" / "icon.svg", layout="wide")
st.html(STYLE)
st.navigation(
    [st.Page(path, title=title, default=name == "decide") for name, title in PAGES if (path := HERE / "pages" / f"{name}.py").exists()],
    position="top",
).run()
