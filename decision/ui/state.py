"""The session: one Sheet (what was typed), bound to widgets, to the share link in the address, and to cached results.

Patterns for a page:

    sheet = state.sheet()                         # the scenario, valid at any time; sheet.inputs goes into the engine
    answer = state.recommended()                  # cached by scenario, day and catalog; the same on every page
    st.text_input(..., **state.bound(place))      # key, callback; the value typed is kept even when it cannot be used
    state.changed_elsewhere(...)                  # replace everything (preset, file, measured profile); one undo takes it back

- The Sheet is the only truth. A widget's own state is thrown away freely: keys carry the sheet's revision, so undo, a
  preset or a file makes fresh widgets that show the new values, and switching pages loses nothing.
- Every page calls state.keep_address(), which writes the scenario into ?s= without a history entry. Opening or
  reloading an address with ?s= starts from it; so a reload, a restart of the server and a second person see the same.
- Expensive results go through a function like `_recommended`: @st.cache_resource(max_entries=..., hash_funcs={Inputs: fingerprint}).
  They are shared between sessions: never change what they return.
- Whatever a person typed is shown with formats.escaped() in labels and Markdown, html.escape() in st.html, or st.text.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from decision.errors import BadInput
from decision.loading import load
from decision.recommendation import Recommendation, recommend
from decision.scenario import Inputs, Scenario, as_yaml, read_scenario, ready_made
from decision.scenario.link import link_code, open_link
from decision.ui import parts
from decision.ui.sheet import Place, Sheet

FIRST_PRESET = "support-desk-30-days"

_ADDRESS = st.components.v2.component(
    "address",
    js="""
    export default function ({ data }) {
      const write = () => {
        const url = new URL(window.location.href);
        if (url.searchParams.get("s") === data.code && (url.searchParams.get("waiting") ?? "") === data.waiting) return;
        url.searchParams.set("s", data.code);
        data.waiting ? url.searchParams.set("waiting", data.waiting) : url.searchParams.delete("waiting");
        window.history.replaceState(window.history.state, "", url);
      };
      // After the charts are painted, since it holds the browser up for some milliseconds; at the latest when the page is left.
      window.clearTimeout(window.addressWaits);
      window.removeEventListener("pagehide", window.addressWrites);
      window.addressWrites = write;
      window.addressWaits = window.setTimeout(write, 150);
      window.addEventListener("pagehide", write, { once: true });
    }
    """,
)


# -- the sheet ---------------------------------------------------------------------------------------


def sheet() -> Sheet:
    """The session's sheet; made from the link in the address, or from the first preset."""
    if "sheet" not in st.session_state:
        st.session_state.sheet = _opened_sheet()
    opened: Sheet = st.session_state.sheet
    return opened


def _opened_sheet() -> Sheet:
    code = st.query_params.get("s", "")
    if code:
        try:
            opened = open_link(code, load())
        except BadInput as error:
            notice("error", *error.problems, "The first example is shown instead.")
        else:
            if opened.dropped:
                notice("warning", "Not everything in this link could be used. Left out:", *opened.dropped, "The rest was kept.")
            sheet = Sheet.of(opened.scenario, load(), today(), origin=_origin(opened.scenario))
            sheet.put_back(st.query_params.get("waiting", ""))
            return sheet
    name = first_preset()
    return Sheet.of(presets()[name], load(), today(), origin=name)


def _origin(scenario: Scenario) -> str:
    """The preset that a scenario is, unchanged; '' for one of its own."""
    return next((name for name, ready in presets().items() if ready == scenario), "")


def today() -> dt.date:
    """The day whose prices count where the scenario names none."""
    return dt.date.today()


@st.cache_resource
def presets() -> Mapping[str, Scenario]:
    """The ready-made scenarios by file name."""
    return {name: read_scenario(path) for name, path in ready_made().items()}


def first_preset() -> str:
    """The preset that a first visit opens with."""
    return FIRST_PRESET if FIRST_PRESET in presets() else next(iter(presets()))


# -- widgets -----------------------------------------------------------------------------------------


def key(place: Place, part: str = "") -> str:
    """The widget key of a place: fresh after every change that did not come from the widget itself."""
    return ".".join(map(str, place)) + (f":{part}" if part else "") + f"@{sheet().revision}"


def bound(place: Place, what: str = "", at: str = "") -> dict[str, Any]:
    """Key and callback that tie a widget to a place. at: where it stands, for a second widget of the same place."""
    return {"key": key(place, at), "on_change": _typed, "args": (place, key(place, at), what, bool(at))}


def _typed(place: Place, widget: str, what: str, elsewhere: bool) -> None:
    value = st.session_state[widget]
    write(place, value.strip() if isinstance(value, str) else list(value) if isinstance(value, tuple) else value, what, elsewhere)


def write(place: Place, value: Any, what: str = "", elsewhere: bool = False) -> None:
    """A callback: put a value at a place. elsewhere: it was not typed in the form, whose own field must show it now."""
    sheet().write(place, value, what)
    sheet().revision += elsewhere
    parts.redraw()


def undo() -> None:
    """A callback: take the last change back and say which."""
    if what := sheet().undo():
        notice("info", f"Undone: {what}.")
    parts.redraw()


def changed_elsewhere(scenario: Scenario, what: str, origin: str = "") -> bool:
    """Replace the scenario, from a preset, a file or another page. False (with a notice) when it cannot be used."""
    try:
        sheet().rewrite(scenario.model_dump(mode="json", exclude_defaults=True), what, origin=origin)
    except BadInput as error:
        notice("error", *error.problems)
        return False
    return True


def open_file(widget: str) -> None:
    """A callback of a file uploader: the scenario file replaces the sheet; a broken one is explained and changes nothing."""
    upload = st.session_state.get(widget)
    if upload is None:
        return
    try:
        scenario = read_scenario(upload.name, upload.getvalue())
    except BadInput as error:
        notice("error", f"{upload.name} was not opened. Your answers are as they were.", *error.problems)
    else:
        if changed_elsewhere(scenario, f"opening {upload.name}"):
            notice("success", f"{upload.name} was opened.")
    parts.redraw()


def file_bytes() -> bytes:
    """The scenario as a file to download."""
    return as_yaml(sheet().scenario).encode()


# -- notices -----------------------------------------------------------------------------------------


def notice(kind: Literal["error", "warning", "info", "success"], *sentences: str) -> None:
    """Say something on top of the page, once."""
    st.session_state.setdefault("notices", []).append((kind, sentences))


def notices(said: bool = False) -> list[tuple[str, tuple[str, ...]]]:
    """What there is to say; said: it is being said, and not again."""
    sheet()  # opening a link may have something to say
    waiting: list[tuple[str, tuple[str, ...]]] = list(st.session_state.get("notices", ()))
    if said:
        st.session_state["notices"] = []
    return waiting


# -- the address -------------------------------------------------------------------------------------


def link() -> str:
    """The address that opens this scenario anywhere."""
    base = (st.context.url or "").partition("?")[0]
    return f"{base}?s={link_code(sheet().scenario)}"


def address() -> dict[str, str]:
    """What the address says: the scenario, and what waits for correction."""
    return {"code": link_code(sheet().scenario), "waiting": sheet().waiting()}


def keep_address() -> None:
    """Write the scenario into the address of the page. Every page calls it once."""
    _ADDRESS(data=address(), key="address")


# -- what parts of a page show ------------------------------------------------------------------------


def typed() -> Any:
    """Everything that was typed, valid or not: what a part with fields shows."""
    now = sheet()
    return now.revision, json.dumps(now.content, sort_keys=True, default=str), tuple(now.drafts.items()), frozenset(now.ranged)


def ranges() -> list[Place]:
    """The places that are answered as a range."""
    return [place for place, value in _leaves(sheet().content) if place[-1] in ("low", "high")]


def framed() -> Any:
    """Which fields a part of the form has, whatever numbers stand in them."""
    now = sheet()
    said = [(place, None if isinstance(value, int | float) and not isinstance(value, bool) else value) for place, value in _leaves(now.content)]
    return now.revision, said, tuple(now.drafts.items()), frozenset(now.ranged)


def _leaves(content: Any, *at: str | int) -> Iterator[tuple[Place, Any]]:
    """Every value of a scenario's content, and where it stands."""
    inside = content.items() if isinstance(content, Mapping) else enumerate(content) if isinstance(content, list) else None
    if inside is None:
        yield at, content
    else:
        for name, value in inside:
            yield from _leaves(value, *at, name)


def priced() -> Any:
    """The valid scenario at its prices: what a part with results shows."""
    return _answered().fingerprint


# -- results -----------------------------------------------------------------------------------------


def fingerprint(inputs: Inputs) -> tuple[str, dt.date, str]:
    """What a result depends on: the scenario, the day and the catalog."""
    return inputs.scenario.model_dump_json(exclude_defaults=True), inputs.as_of, inputs.catalog.version


@st.cache_resource(max_entries=500, show_spinner=False, hash_funcs={Inputs: fingerprint})
def _recommended(inputs: Inputs) -> Recommendation:
    return recommend(inputs)


@dataclass
class _Answered:
    """The session's own note of its last answer: a page asks for it many times, and looking it up among those of all sessions takes longer."""

    inputs: Inputs
    fingerprint: tuple[str, dt.date, str]
    answer: Recommendation | None = None


def _answered() -> _Answered:
    inputs, known = sheet().inputs, st.session_state.get("answered")
    if known is None or known.inputs is not inputs:
        known = st.session_state["answered"] = _Answered(inputs, fingerprint(inputs))
    found: _Answered = known
    return found


def recommended() -> Recommendation:
    """The recommendation for the sheet. Raises BadInput when there is none to give."""
    known = _answered()
    if known.answer is None:
        known.answer = _recommended(known.inputs)
    return known.answer
