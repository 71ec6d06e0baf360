"""What surrounds the form: examples, undo, the share link and files."""

from __future__ import annotations

from typing import Any

import streamlit as st

from decision.ui import parts, state
from decision.ui.formats import escaped


def tools() -> None:
    """Everything above the questions."""
    presets()
    actions()


def shows() -> Any:
    """What the tools show: see `parts`."""
    sheet = state.sheet()
    shared = (state.link(), len(sheet.drafts)) if st.session_state.get("share") else None
    past = sheet.past[-1].what if sheet.past else None
    return sheet.revision, sheet.origin, sheet.edited, past, st.session_state.get("asked_preset"), shared


def frame() -> Any:
    """Which of the tools there are: see `parts`."""
    sheet, shared = state.sheet(), st.session_state.get("share")
    return sheet.revision, sheet.origin, sheet.edited, bool(sheet.past), st.session_state.get("asked_preset"), shared and len(sheet.drafts)


def presets() -> None:
    """The examples to start from. Replacing answers asks first."""
    sheet, ready = state.sheet(), state.presets()
    names = list(ready)
    st.selectbox(
        "Start from an example", names, index=names.index(sheet.origin) if sheet.origin in names else None, format_func=lambda name: ready[name].name,
        key=f"preset@{sheet.revision}", on_change=_chose, args=(f"preset@{sheet.revision}",), placeholder="Your own scenario",
        help="Each is a published workload; what it does not say is assumed.",
    )  # fmt: skip
    if asked := st.session_state.get("asked_preset"):
        with st.container(border=True, key="ask"):
            st.markdown(f"Replace your answers with **{escaped(ready[asked].name)}**? Undo brings them back.")
            with st.container(horizontal=True):
                st.button("Replace my answers", key="replace", type="primary", on_click=_replace, args=(asked,))
                st.button("Keep my answers", key="keep", on_click=_keep)


def _chose(widget: str) -> None:
    name = st.session_state.get(widget)
    if name not in state.presets() or (name == state.sheet().origin and not state.sheet().edited):
        return
    if state.sheet().edited or not state.sheet().origin:
        st.session_state.asked_preset = name
    else:
        _replace(name)


def _replace(name: str) -> None:
    st.session_state.pop("asked_preset", None)
    state.changed_elsewhere(state.presets()[name], "the example", origin=name)
    parts.redraw()


def _keep() -> None:
    st.session_state.pop("asked_preset", None)
    state.sheet().revision += 1
    parts.redraw()


def actions() -> None:
    """Undo, link, files, start again."""
    sheet = state.sheet()
    with st.container(horizontal=True, gap="xsmall", key="tools"):
        undo()
        if sheet.edited and sheet.origin:
            st.button("Start again", icon=":material/restart_alt:", key="reset", on_click=_ask_reset, help="Back to the example; asks first.")
        box = st.popover("Share or save", icon=":material/ios_share:", key="share", on_change="rerun")
        if box.open:
            with box:
                _share()


def undo() -> None:
    """The button that takes the last change back, of whatever page."""
    past = state.sheet().past
    words = f"Take back: {escaped(past[-1].what)}" if past else None
    st.button("Undo", icon=":material/undo:", key="undo", on_click=state.undo, disabled=not past, help=words)


def _ask_reset() -> None:
    st.session_state.asked_preset = state.sheet().origin


def _share() -> None:
    st.markdown("**Link** to these answers. The address of this page is the same link.")
    st.code(state.link(), language=None, wrap_lines=True)
    if waiting := len(state.sheet().drafts):
        st.caption(f"{waiting} {'answer is' if waiting == 1 else 'answers are'} not valid yet and not in the link or the file.")
    st.download_button(
        "Download the scenario file",
        state.file_bytes(),
        "scenario.yaml",
        "application/yaml",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )
    widget = f"upload@{state.sheet().revision}"
    st.file_uploader("Open a scenario file", type=["yaml", "yml"], key=widget, on_change=state.open_file, args=(widget,))
