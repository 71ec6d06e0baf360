"""The page: `streamlit run app.py`. Everything it shows is in decision/ui."""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware

from decision.ui.server import SCRIPT, SecurityHeaders, warm_start

app = st.App(SCRIPT, lifespan=warm_start, middleware=[Middleware(SecurityHeaders)])
