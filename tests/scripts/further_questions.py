"""Run by tests/test_form.py in a copy of the tool with two more questions: what the page asks, what an answer changes, what the command line says.

Prints JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import streamlit
from streamlit.testing.v1 import AppTest

import decision
from decision.__main__ import main

HERE = Path.cwd()
assert Path(decision.__file__).is_relative_to(HERE), decision.__file__

_rerun = streamlit.rerun
streamlit.rerun = lambda scope="app": _rerun() if scope == "app" else None  # AppTest forgets the rest of a page when a part is drawn on its own


def shown(page: AppTest) -> dict[str, object]:
    """What is asked, in its order, and what the rules say."""
    assert not page.exception, page.exception
    asked = [text.value for text in page.markdown if text.value.startswith("**")]
    choices = [control.label for control in page.get("button_group")]
    words = "\n".join(element.proto.body for element in page.get("html"))
    scenario = page.session_state.sheet.scenario
    return {
        "headings": asked,
        "choices": choices,
        "numbers": [box.label for box in page.text_input],
        "said": words,
        "stakes": scenario.fleet[0].stakes,
        "weekly": None if scenario.value_per_week_in_production is None else scenario.value_per_week_in_production.likely,
    }


def printed(*words: str) -> str:
    """What the command line answers."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert main(words) == 0
    return said.getvalue()


page = AppTest.from_file(str(HERE / "decision" / "ui" / "main.py"), default_timeout=60)
for fold in ("work_0", "team", "assumed"):
    page.session_state[f"fold_{fold}"] = True
page.context = {"theme": "light"}
first = shown(page.run())
page.button(key="answer_fleet.stakes").click().run()
from_the_list = [control.label for control in page.get("button_group") if control.key and control.key.endswith("stakes:assumed@0")]
next(control for control in page.get("button_group") if "agent fails" in control.label).set_value("high").run()
next(box for box in page.text_input if box.label.startswith("Value of a week")).set_value("25k").run()
commands = {
    "framework": printed("framework"),
    "framework_json": json.loads(printed("framework", "--format", "json")),
    "walked": printed("framework", "support-desk-30-days", "--as-of", "2026-11-20"),
    "walked_json": json.loads(printed("framework", "support-desk-30-days", "--as-of", "2026-11-20", "--format", "json")),
}
print(json.dumps({"first": first, "from_the_list": from_the_list, "answered": shown(page), "commands": commands}))
