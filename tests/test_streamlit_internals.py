"""What the tool takes from Streamlit that Streamlit does not document: each is named here and is there, and the page can do without its own."""

from __future__ import annotations

import ast
import importlib
import sys
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import streamlit
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import scriptrunner
from streamlit.runtime.scriptrunner import RerunData
from streamlit.testing.v1 import AppTest, local_script_runner

import decision.ui.parts
from decision.ui.door import streamlit_parts

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTED = {"streamlit", "streamlit.column_config", "streamlit.components", "streamlit.components.v1", "streamlit.testing.v1"}

IMPORTED = {
    "decision/ui/door/streamlit_parts.py": {
        "streamlit.config.is_manually_set",
        "streamlit.proto.ForwardMsg_pb2.ForwardMsg",
        "streamlit.web.server.starlette.starlette_websocket.is_host_allowed",
    },
    "decision/ui/parts.py": {"streamlit.runtime.scriptrunner.get_script_run_ctx"},
}
"""Every import of the tool that Streamlit does not document, by file."""


def undocumented(source: str) -> set[str]:
    """What a file takes from Streamlit that Streamlit does not document: a module of its inside, or a name with an underscore."""
    nodes = list(ast.walk(ast.parse(source)))
    found: set[str] = set()
    called = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            modules = [name for name in node.names if name.name.partition(".")[0] == "streamlit"]
            called |= {name.asname or "streamlit" for name in modules}
            found |= {name.name for name in modules}
        elif isinstance(node, ast.ImportFrom) and not node.level and str(node.module).partition(".")[0] == "streamlit":
            found |= {f"{node.module}.{name.name}" for name in node.names}
    attributes = [node for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    found |= {f"streamlit.{node.attr}" for node in attributes if isinstance(node.value, ast.Name) and node.value.id in called}
    return {name for name in found if not is_documented(name)}


def is_documented(name: str) -> bool:
    """Whether a module or a name of one is for everybody. Streamlit's own modules hang on the package too, beside what it offers."""
    module, _, last = name.rpartition(".")
    if name in DOCUMENTED or module not in DOCUMENTED:
        return name in DOCUMENTED
    is_module = isinstance(getattr(importlib.import_module(module), last, None), ModuleType)
    return not is_module and (last.startswith("__") or not last.startswith("_"))


@pytest.mark.parametrize("file", sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "decision").rglob("*.py")))
def test_nothing_else_undocumented_is_used(file: str) -> None:
    used, named = undocumented((ROOT / file).read_text(encoding="utf-8")), IMPORTED.get(file, set())
    more, less = sorted(used - named), sorted(named - used)
    assert not more, (
        f"{file} takes {more} from Streamlit, which does not document it: find the documented way, or name it in IMPORTED with a way out."
    )
    assert not less, f"{file} no longer takes {less} from Streamlit: take it out of IMPORTED."


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import streamlit as st\nst.rerun()\nst.column_config.TextColumn()", set()),
        ("from streamlit import session_state", set()),
        ("from streamlit.testing.v1 import AppTest", set()),
        ("import streamlit as st\nst.runtime.get_instance()", {"streamlit.runtime"}),
        ("import streamlit as st\nst._main.text('')", {"streamlit._main"}),
        ("import streamlit.runtime as inside", {"streamlit.runtime"}),
        ("def late():\n    from streamlit.runtime.caching import cache_data_api", {"streamlit.runtime.caching.cache_data_api"}),
        ("from streamlit import config", {"streamlit.config"}),
    ],
)
def test_what_counts_as_undocumented(source: str, found: set[str]) -> None:
    assert undocumented(source) == found


@pytest.mark.parametrize("name", sorted(set[str]().union(*IMPORTED.values())))
def test_what_is_imported_is_there(name: str) -> None:
    module, _, last = name.rpartition(".")
    there = hasattr(importlib.import_module(module), last)
    assert there, (
        f"Streamlit {streamlit.__version__} has no {name}: see whether a documented way has come, else stay below that version in pyproject.toml."
    )


def test_a_message_can_take_a_page_to_another_address() -> None:
    message = ForwardMsg()
    message.ParseFromString(streamlit_parts.go_to("/auth/ended"))
    assert message.WhichOneof("type") == "auth_redirect"
    assert message.auth_redirect.url == "/auth/ended"


def test_the_files_of_the_page_are_where_they_are_looked_for() -> None:
    assert (streamlit_parts.STATIC / "index.html").is_file(), f"Streamlit {streamlit.__version__} keeps its index.html elsewhere than in static/."
    assert "index.html" in streamlit_parts.root_files()


def two_parts() -> None:
    """A page with a button in one part that changes what the other shows."""
    import streamlit as st

    from decision.ui import parts

    said = st.session_state
    said.setdefault("said", "before")
    said.setdefault("drawn", []).append("page")

    def change() -> None:
        said["said"] = "after"
        parts.redraw()

    def asks() -> None:
        said["drawn"].append("asks")
        st.button("Change", on_click=change)

    def shows() -> None:
        said["drawn"].append("shows")
        st.text(said["said"])

    parts.begin()
    parts.part("asks", lambda: None, asks)
    parts.part("shows", lambda: said["said"], shows, parts.steady)


def changed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Use that button; gives what st.rerun() was asked for. The part that shows something else, and no other, is drawn again either way."""
    asked: list[Any] = []
    rerun = streamlit.rerun
    monkeypatch.setattr(streamlit, "rerun", lambda scope="app": (asked.append(scope), rerun(scope)))
    page = AppTest.from_function(two_parts).run()
    used_in = page._fragment_storage.resolve_target("asks")  # a browser says in which part a button was used, AppTest does not
    monkeypatch.setattr(local_script_runner, "RerunData", partial(RerunData, fragment_id_queue=used_in))
    page.button[0].click().run()
    assert not page.exception
    assert page.session_state["said"] == "after"
    assert page.session_state["drawn"] == ["page", "asks", "shows", "shows"]
    assert "after" in [text.value for text in page.text]
    return asked


def test_a_change_is_drawn_by_the_run_that_called_back(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = changed(monkeypatch)
    assert asked == [], (
        f"With Streamlit {streamlit.__version__}, parts.py falls back to st.rerun(): "
        "get_script_run_ctx, fragment_ids_this_run or fragment_storage.resolve_target is not what it was."
    )


class Without:
    """A run of Streamlit as a version would have it that lacks one attribute."""

    def __init__(self, run: Any, missing: str) -> None:
        self._run, self._missing = run, missing

    def __getattr__(self, name: str) -> Any:
        if name == self._missing:
            raise AttributeError(name)
        found = getattr(self._run, name)
        return Without(found, self._missing) if name == "fragment_storage" else found


@pytest.mark.parametrize("missing", ["get_script_run_ctx", "fragment_ids_this_run", "fragment_storage", "resolve_target"])
def test_without_one_of_them_the_documented_way_is_taken(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = scriptrunner.get_script_run_ctx
    if missing == "get_script_run_ctx":
        monkeypatch.delattr(scriptrunner, missing)
    else:
        monkeypatch.setattr(scriptrunner, "get_script_run_ctx", lambda: Without(ask(), missing))
    monkeypatch.delitem(sys.modules, "decision.ui.parts")  # so that the page imports it anew
    monkeypatch.delattr(decision.ui, "parts")
    assert changed(monkeypatch) == [["shows"]]
