"""The page: `streamlit run app.py`. Everything it shows is in decision/ui."""

from __future__ import annotations

import streamlit as st

from decision.ui.server import SCRIPT, middleware, warm_start

app = st.App(SCRIPT, lifespan=warm_start, middleware=middleware())
