"""`python -m decision board`: boards made, listed, moved and pruned, in the same database as the page."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from decision.__main__ import main
from decision.planning import events as happens
from decision.planning.database import FILE
from decision.planning.store import open_store
from decision.report import as_json
from decision.terminal.arguments import BOARDS
from tests.test_board import flipping

Captured = pytest.CaptureFixture[str]
ROLES = ("facilitator", "participant", "watcher")


@pytest.fixture(autouse=True)
def boards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(FILE, str(tmp_path / "boards.db"))
    open_store.cache_clear()
    yield
    open_store().close()
    open_store.cache_clear()


def run(capsys: Captured, *words: str) -> tuple[int, str, str]:
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


def data(capsys: Captured, *words: str) -> Any:
    code, out, err = run(capsys, *words, "--format", "json")
    assert code == 0, err
    return json.loads(out)


def test_a_board_is_made_from_a_scenario_and_its_links_open_it(capsys: Captured) -> None:
    made = data(capsys, "board", "create", "support-desk-30-days", "--page", "https://decide.example.org/x/", "--title", "The desk")
    assert set(made["links"]) == set(ROLES)
    for role, address in made["links"].items():
        base, _, secret = address.partition("?board=")
        assert base == "https://decide.example.org/x/plan"
        found = open_store().opened(secret, dt.datetime.now(dt.UTC))
        assert (found.board, found.role) == (made["id"], role)
    (listed,) = data(capsys, "board", "list")["boards"]
    assert (listed["id"], listed["title"], listed["events"]) == (made["id"], "The desk", 1)


def test_the_links_are_shown_once_and_never_again(capsys: Captured) -> None:
    made = data(capsys, "board", "create", "support-desk-30-days")
    secrets = [address.partition("?board=")[2] for address in made["links"].values()]
    after = "".join(run(capsys, *words)[1] for words in (("board",), ("board", "export", made["id"]), ("board", "record", made["id"])))
    assert made["id"] in after
    assert not [secret for secret in secrets if secret in after]


def test_an_exported_board_is_imported_with_everything_on_it(capsys: Captured, tmp_path: Path) -> None:
    board_id, _ = open_store().add(flipping(), dt.datetime.now(dt.UTC))
    file = tmp_path / "board.json"
    file.write_text(run(capsys, "board", "export", board_id)[1])
    again = data(capsys, "board", "import", str(file))
    assert again["id"] != board_id
    assert open_store().events(again["id"]) == open_store().events(board_id)
    assert data(capsys, "board", "record", again["id"]) == data(capsys, "board", "record", board_id)


def test_the_record_reads_as_its_data_says(capsys: Captured) -> None:
    events = flipping()
    proposal = happens.Proposed(id=happens.new_id(), at=events[0].at, author="f", option="vps", text="We run them ourselves.")
    objection = happens.Answered(
        id=happens.new_id(), at=events[0].at, author="b", proposal=proposal.id, stance="object", reason="=cmd|' /C calc'!A0 <script>"
    )
    board_id, _ = open_store().add([*events, proposal, objection], dt.datetime.now(dt.UTC))
    code, out, _ = run(capsys, "board", "record", board_id)
    said = data(capsys, "board", "record", board_id)
    assert code == 0
    assert "decision record, proposed" in out
    assert "Objects: Bob: =cmd|' /C calc'!A0 <script>" in out
    assert said["dissent"] == [{"name": "Bob", "reason": "=cmd|' /C calc'!A0 <script>"}]
    spoken = " ".join(out.split())
    for each in said["disagreements"]:
        assert each["said"] in spoken
    for name in said:
        assert re.search(rf"\b{name}\b", as_json.__doc__ or "")


def test_only_boards_whose_grace_is_over_are_pruned(capsys: Captured) -> None:
    now = dt.datetime.now(dt.UTC)
    deleted = [
        open_store().add([*flipping(), happens.Deleted(id=happens.new_id(), at=now - dt.timedelta(days=days), author="f")], now)[0] for days in (8, 1)
    ]
    assert [each["id"] for each in data(capsys, "board", "prune")["pruned"]] == deleted[:1]
    assert [each["id"] for each in data(capsys, "board", "list")["boards"]] == deleted[1:]
    assert "deleted 2" in run(capsys, "board", "list")[1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("board", "export", "nope"), '"nope" is no board on this server'),
        (("board", "record", "nope"), '"nope" is no board on this server'),
        (("board", "import", "nope.json"), "nope.json cannot be read"),
        (("board", "import", "README.md"), "README.md: this is not JSON"),
        (("board", "create", "nope"), "neither a file nor a ready-made scenario"),
        (("board", "create", "support-desk-30-days", "--title", "x" * 101), "at most 100 are kept"),
        (("board", "create", "support-desk-30-days", "--title", " "), "The title is empty"),
        (("board", "wipe"), "invalid choice"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(capsys: Captured, words: tuple[str, ...], says: str) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("name", BOARDS)
def test_every_command_shows_its_help_and_an_example_that_is_understood(capsys: Captured, name: str) -> None:
    code, out, _ = run(capsys, *name.split(), "--help")
    assert code == 0
    assert BOARDS[name].example in " ".join(out.split())
    assert run(capsys, *BOARDS[name].example.split())[0] in (0, 2)  # 2: it names a board or file that is not there
