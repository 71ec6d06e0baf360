"""The frame of every page: settings, style, who is signed in, navigation."""

from __future__ import annotations

import streamlit as st

from decision.errors import BadInput
from decision.ui import navigation, parts
from decision.ui.door.sessions import sessions
from decision.ui.formats import escaped
from decision.ui.views import STYLE


def known_visitors_only() -> None:
    """The second lock: where sign-in is asked for, draw nothing without a session, also when this script is served without the door."""
    try:
        asked = sessions()
    except BadInput as error:
        st.error("\n".join(map(escaped, error.problems)))
        st.stop()
    if asked is None:
        return
    visitor = asked.visitor(st.context.cookies)
    if visitor is None:
        st.error("Nobody is signed in. Open the page anew; if it still says so, start the server with: streamlit run app.py")
        st.stop()
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="signed_in"):
        st.caption(f"Signed in as {escaped(visitor.who)}", width="content")
        st.button("Sign out", key="sign_out", on_click=st.logout)


st.set_page_config(page_title="Where should our agents run?", page_icon=navigation.HERE / "static" / "icon.svg", layout="wide")
st.html(STYLE)
known_visitors_only()
parts.begin()
st.navigation(
    [st.Page(path, title=title, url_path=name, default=name == navigation.FIRST) for name, title, path in navigation.pages()], position="top"
).run()
