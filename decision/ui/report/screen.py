"""Report: the decision as a record, read here before it is filed, and saved in the format that people file decisions in."""

from __future__ import annotations

import re

import streamlit as st

from decision.errors import BadInput
from decision.report.filed import LONGEST_NAME, filed
from decision.report.formats import FORMATS, Format
from decision.report.sections.decision import NOBODY, DecisionRecord, People, named
from decision.scenario import Inputs
from decision.ui import state, views
from decision.ui.formats import escaped
from decision.words import RECORD_STATUSES

ROLES = {"decision_makers": "Who decides", "consulted": "Who was asked", "informed": "Who is told"}
PREVIEW_HEIGHT = 900  # pixels


@st.cache_resource(max_entries=50, show_spinner="Putting the record together", hash_funcs={Inputs: state.fingerprint})
def record_of(inputs: Inputs, people: People, status: str) -> DecisionRecord:
    """The record; shared between sessions, so never changed."""
    return filed(inputs, people, status)


@st.cache_data(max_entries=100, show_spinner="Writing it", hash_funcs={Inputs: state.fingerprint, Format: lambda form: form.name})
def written(inputs: Inputs, people: People, status: str, form: Format) -> bytes:
    """The record in one format."""
    return form.written(record_of(inputs, people, status))


def who() -> tuple[People, str]:
    """Status and names, as the record's front matter has them."""
    status = st.segmented_control("Status", RECORD_STATUSES, default="proposed", required=True, key="report_status", persist_state="session")
    with st.grid(3, min_column_width=240):
        typed = {
            role: st.text_input(words, key=f"report_{role}", persist_state="session", max_chars=10 * LONGEST_NAME, placeholder="Names, with commas")
            for role, words in ROLES.items()
        }
    if not any(typed.values()):
        return NOBODY, str(status)
    return People(**{role: named(words.split(",")) for role, words in typed.items()}), str(status)


def downloads(inputs: Inputs, people: People, status: str) -> None:
    """A button for each format; what it saves is written when it is pressed."""
    stem = re.sub(r"[\W_]+", "-", inputs.scenario.name.lower()).strip("-")[:60] or "decision"
    with st.container(horizontal=True, gap="small", key="report_downloads"):
        for ending, form in FORMATS.items():
            st.download_button(
                form.name,
                lambda form=form: written(inputs, people, status, form),
                f"{stem}.{ending}",
                form.mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"report_{ending}",
                help=form.use.capitalize(),
            )


def preview(inputs: Inputs, people: People, status: str) -> None:
    """The record as the HTML file shows it; a frame of its own, without scripts."""
    st.header("Preview", anchor=False)
    shown = written(inputs, people, status, FORMATS["html"]).decode()
    st.iframe(shown, height=PREVIEW_HEIGHT, tab_index=0)


st.title("Report", anchor=False)
views.paragraph("The decision as a record to file: the answer first, then every figure with its source. The same scenario gives the same record.")
st.header("The record", anchor=False)
try:
    sheet = state.sheet()
    people, status = who()
    record_of(sheet.inputs, people, status)
except BadInput as error:
    st.error("\n".join(map(escaped, error.problems)))
else:
    st.header("Save it", anchor=False)
    downloads(sheet.inputs, people, status)
    preview(sheet.inputs, people, status)

state.keep_address()
