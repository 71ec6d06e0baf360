"""Who is looking: the signed-in visitor, else a random token that stays in the browser, so that a reload and a second tab are the same person."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from decision.ui.door.sessions import sessions

_TOKEN = st.components.v2.component(
    "person",
    js="""
    export default function ({ data, setStateValue }) {
      let token = null;
      try { token = window.localStorage.getItem("decision-person") } catch { /* a browser that keeps nothing: somebody new at every visit */ }
      if (!/^[0-9a-f]{32}$/.test(token ?? "")) {
        token = data.known || [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("");
        try { window.localStorage.setItem("decision-person", token) } catch { /* as above */ }
      }
      if (data.known !== token) setStateValue("token", token);
    }
    """,
)


def signed_in() -> str:
    """The name under which the visitor is signed in; '' where nobody signs in."""
    asked = sessions()
    visitor = asked.visitor(st.context.cookies) if asked else None
    return visitor.who if visitor else ""


def who() -> str:
    """What makes this visitor the same person the next time. Ends the run where the browser has not said it yet, which it does at once."""
    if name := signed_in():
        return f"signed in {name}"
    known = st.session_state.get("plan_token", "")
    said: Any = _TOKEN(data={"known": known}, key="person", on_token_change=lambda: None)
    token = getattr(said, "token", None) or known
    if not isinstance(token, str) or not re.fullmatch(r"[0-9a-f]{32}", token):
        st.caption("Opening the board")
        st.stop()
    st.session_state["plan_token"] = token
    return token
