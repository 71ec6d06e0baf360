"""The page of planning boards, run without a browser: who may do what, and what nobody sees."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from decision.planning import events as happens
from decision.planning.database import FILE
from decision.planning.events import Event, new_id
from decision.planning.links import Links, person_id
from decision.planning.store import open_store
from decision.scenario import Amount
from tests.test_board import GLUE, flipping

SCREEN = Path(__file__).parents[1] / "decision" / "ui" / "plan" / "screen.py"
TOKEN = "0123456789abcdef" * 2
NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def boards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv(FILE, str(tmp_path / "boards.db"))
    open_store.cache_clear()
    yield
    open_store().close()
    open_store.cache_clear()


def opened(secret: str, token: str = TOKEN) -> AppTest:
    page = AppTest.from_file(str(SCREEN), default_timeout=120)
    page.session_state["plan_token"] = token
    if secret:
        page.query_params["board"] = secret
    page.run()
    assert not page.exception
    return page


def happened(kind: type, author: str, **said: Any) -> Event:
    return kind(id=new_id(), at=NOW, author=author, **said)  # type: ignore[no-any-return]


def board(*further: Event) -> tuple[str, Links, str]:
    """A board with three people who differ, all revealed, led by whoever has TOKEN; its id, its links, and who leads."""
    events = flipping()
    me = person_id(events[0].id, TOKEN)
    joined = happened(happens.Joined, me, name="Lea", role="facilitator")
    board_id, links = open_store().add([*events, joined, *further], NOW)
    return board_id, links, me


def words(page: AppTest) -> str:
    """Everything that was sent to the browser."""
    return str([(element.type, getattr(element, "proto", ""), getattr(element, "value", "")) for element in page.main])


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def test_a_board_is_made_from_the_scenario_of_the_other_pages() -> None:
    page = opened("")
    next(field for field in page.text_input if field.label == "Your name").set_value("Flo").run()
    press(page, "Make the board")
    (listed,) = open_store().listed()
    seen = open_store().seen(listed.id, None)
    assert [person.name for person in seen.people.values()] == ["Flo"]
    assert seen.subjects


def test_who_leads_closes_reopens_deletes_and_brings_back() -> None:
    board_id, links, _ = board()
    page = opened(links.facilitator)
    page.session_state[f"plan-{board_id[:8]}-setup"] = True
    page.run()
    press(page, "Close the board")
    assert open_store().seen(board_id, None).status == "closed"
    press(page, "Reopen the board")
    assert open_store().seen(board_id, None).status == "open"
    page.session_state[f"plan-{board_id[:8]}-setup"] = True  # a fold that was away is closed again
    page.run()
    press(page, "Delete the board")
    assert open_store().seen(board_id, None).status == "open", "it asks first"
    press(page, "Delete it")
    assert open_store().seen(board_id, None).status == "deleted"
    press(page, "Bring it back")
    assert open_store().seen(board_id, None).status == "open"


@pytest.mark.parametrize("role", ["participant", "watcher"])
def test_only_the_facilitators_link_has_the_facilitators_tools(role: str) -> None:
    _, links, _ = board()
    page = opened(getattr(links, role), token="f" * 32)
    assert not {"Reveal", "Settle", "Another round", "Put it to everybody", "Close the board"} & {button.label for button in page.button}


@pytest.mark.parametrize("role", ["facilitator", "participant", "watcher"])
def test_what_is_not_revealed_is_in_nothing_that_is_sent(role: str) -> None:
    again = happened(happens.Again, "f", subject=GLUE, round=2)
    blind = happened(happens.Said, "a", subject=GLUE, round=2, estimate=Amount.point(7.654321), reason="hush hush")
    _, links, _ = board(again, blind)
    sent = words(opened(getattr(links, role), token="e" * 32))
    assert "7.654321" not in sent
    assert "hush hush" not in sent


def test_a_reveal_shows_what_was_answered_and_leaves_the_rest_open() -> None:
    asked = happened(happens.Asked, "f", subjects=(GLUE, "team.engineer_cost_per_year", "people.thoroughness"))
    board_id, links, _ = board(asked)
    page = opened(links.facilitator)
    press(page, "Reveal")
    assert "Nobody has answered yet" in page.info[0].value
    store = open_store()
    store.append(store.opened(links.participant, NOW), happened(happens.Said, "a", subject="people.thoroughness", round=1, estimate=Amount.point(2)))
    press(page, "Reveal")
    seen = store.seen(board_id, None)
    assert seen.estimates("people.thoroughness") == {"a": Amount.point(2)}
    assert seen.current("team.engineer_cost_per_year").revealed is None


def test_a_decision_is_proposed_and_objected_to() -> None:
    board_id, links, me = board()
    page = opened(links.facilitator)
    next(field for field in page.text_input if field.label == "In a sentence").set_value("We rent.").run()
    press(page, "Put it to everybody")
    proposal = open_store().seen(board_id, None).proposal
    assert proposal is not None
    assert proposal.text == "We rent."
    page.session_state[f"plan-{board_id[:8]}-{proposal.id}-stance"] = "object"
    page.run()
    press(page, "Answer")
    assert "An objection needs its reason" in page.error[0].value
    assert dict(open_store().seen(board_id, None).proposal.stances) == {}  # type: ignore[union-attr]
    next(field for field in page.text_input if field.label == "Reason").set_value("too dear").run()
    press(page, "Answer")
    assert dict(open_store().seen(board_id, None).proposal.stances) == {me: ("object", "too dear")}  # type: ignore[union-attr]


def test_a_value_is_settled_with_a_note_and_taken_back() -> None:
    board_id, links, _ = board()
    page = opened(links.facilitator)
    next(field for field in page.text_input if field.label == "Why").set_value("counted").run()
    press(page, "Settle")
    (settled,) = open_store().seen(board_id, None).settlements
    assert settled.note == "counted"
    press(page, "Take back")
    assert open_store().seen(board_id, None).settled(settled.subject) is None


def test_a_link_that_opens_nothing_says_so() -> None:
    assert "opens no board" in str([element.value for element in opened("A" * 22).main if hasattr(element, "value")]) + words(opened("A" * 22))
