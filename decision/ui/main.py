"""The frame of every page: settings, style, navigation. A page that is not built is not in the navigation.

Each page is the file screen.py of its folder: Streamlit takes a folder called pages/ beside its script for its older kind of multipage
application, and would then open a deep link without this frame.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from decision.ui import parts
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


def sign_in_where_asked() -> None:
    """Let only people in who signed in, where the server's secrets name an OpenID Connect provider; without one, everybody may read."""
    if not st.secrets.load_if_toml_exists() or "auth" not in st.secrets or st.user.get("is_logged_in"):
        return
    st.title("Where should our agents run?", anchor=False)
    st.button("Sign in", type="primary", on_click=st.login)
    st.stop()


st.set_page_config(page_title="Where should our agents run?", page_icon=HERE / "static" / "icon.svg", layout="wide")
st.html(STYLE)
sign_in_where_asked()
parts.begin()
st.navigation(
    [st.Page(path, title=title, url_path=name, default=name == "decide") for name, title in PAGES if (path := HERE / name / "screen.py").exists()],
    position="top",
).run()
