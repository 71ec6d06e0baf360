"""That a page which has settled shows what followed from the last change, however late the server hears of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from playwright.sync_api import Page

from tests.e2e.decide import Decide

LATE = """() => {
    const socket = Object.getPrototypeOf(WebSocket).prototype, send = socket.send;
    socket.send = function (data) { setTimeout(() => send.call(this, data), 1500); };
}"""


def test_what_is_read_after_a_change_followed_from_it(opened: Callable[..., Page]) -> None:
    decide = Decide(opened())
    shown = [(decide.answer(), decide.page.url)]
    decide.page.evaluate(LATE)
    for agents in ("30", "31"):
        decide.type(decide.agents, agents)
        shown.append((decide.answer(), decide.page.url))
    for before, after in pairwise(shown):
        assert all(new != old for new, old in zip(after, before, strict=True))
    decide.reload()
    assert (decide.answer(), decide.page.url) == shown[-1]
