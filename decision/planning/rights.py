"""Who may do what on a board, and who may see what.

A link gives a role: the facilitator leads, participants estimate and answer, watchers look on. `check` refuses an event with a sentence, against
the board as it stands at that moment; `seen_by` is the only way to a board for anybody's eyes, an export included.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from decision.errors import BadInput, shown
from decision.planning import events as happens
from decision.planning.board import Answer, Board, Round
from decision.planning.events import Event, Role, question_of
from decision.planning.limits import GRACE_DAYS, MOST_EVENTS, MOST_PEOPLE, MOST_ROUNDS, MOST_SUBJECTS

_ANYBODY: tuple[Role, ...] = ("facilitator", "participant", "watcher")
_SPEAKING: tuple[Role, ...] = ("facilitator", "participant")
_LEADING: tuple[Role, ...] = ("facilitator",)

MAY: Mapping[str, tuple[Role, ...]] = {
    "joined": _SPEAKING,
    "said": _SPEAKING,
    "answered": _SPEAKING,
    "asked": _LEADING,
    "revealed": _LEADING,
    "again": _LEADING,
    "trimmed": _LEADING,
    "timed": _LEADING,
    "settled": _LEADING,
    "undone": _LEADING,
    "proposed": _LEADING,
    "closed": _LEADING,
    "reopened": _LEADING,
    "deleted": _LEADING,
    "restored": _LEADING,
}
"""Kind of event -> the roles that may bring it about. The making of a board is nobody's afterwards."""

_ALSO_CLOSED = ("joined", "reopened", "deleted")
_ALSO_DELETED = ("restored",)
_NEEDS_A_NAME = ("said", "answered")


def check(board: Board, role: Role, event: Event) -> None:
    """Refuse what this role may not do, or what cannot be done on the board as it stands. Raises BadInput with one sentence."""
    allowed = MAY.get(event.kind, ())
    if role not in allowed:
        wanted = "participant" if "participant" in allowed else "facilitator"
        raise BadInput(f"The {role}'s link does not allow this. Open the board with the {wanted}'s link.")
    if isinstance(event, happens.Joined) and event.role != role:
        raise BadInput("Somebody joins in the role that their link gives. Open the board with another link for another role.")
    if board.events >= MOST_EVENTS:
        raise BadInput(f"This board holds {board.events:,} events, and no board holds more. Export it, and go on with a new one.")
    if board.status == "deleted" and event.kind not in _ALSO_DELETED:
        raise BadInput("This board was deleted. Restore it first, with the facilitator's link.")
    if board.status == "closed" and event.kind not in _ALSO_CLOSED:
        raise BadInput("This board is closed, so it can only be read. The facilitator can reopen it.")
    if event.kind in _NEEDS_A_NAME and event.author not in board.people:
        raise BadInput("Nobody on this board has said who this is. Join it with a name first.")
    if event.kind in _CHECKS:
        _CHECKS[event.kind](board, event)


def _joining(board: Board, event: happens.Joined) -> None:
    if event.author not in board.people and len(board.people) >= MOST_PEOPLE:
        raise BadInput(f"{MOST_PEOPLE} people are on this board, and no board holds more. Watch with the watcher's link.")
    if any(other.name.casefold() == event.name.casefold() for other in board.people.values() if other.id != event.author):
        raise BadInput(f'Somebody on this board is called "{shown(event.name)}". Add a letter, so that you can be told apart.')


def _asking(board: Board, event: happens.Asked) -> None:
    if not event.subjects:
        raise BadInput("Nothing is asked. Choose at least one input or question.")
    if len(set(event.subjects) | board.rounds.keys()) > 4 * MOST_SUBJECTS:
        raise BadInput(f"This board has asked for {4 * MOST_SUBJECTS} things in turn, and no board asks for more. Go on with a new one.")


def _on_the_board(board: Board, subject: str) -> None:
    if subject not in board.subjects:
        raise BadInput("This is not asked on the board any more. What you typed is still in its field; ask the facilitator to put it back.")


def _one_kind(event: happens.Said | happens.Settled) -> None:
    if event.estimate is not None and (event.answer is not None or question_of(event.subject)):
        raise BadInput("A question of the framework takes one of its answers, not a number.")
    if event.answer is not None and not question_of(event.subject):
        raise BadInput("An input takes a number or a range, such as 2 to 8.")


def _saying(board: Board, event: happens.Said) -> None:
    _on_the_board(board, event.subject)
    _one_kind(event)
    current = board.current(event.subject)
    if event.round != current.number:
        raise BadInput(f"Round {current.number} of this is under way, and your answer is for round {event.round}. Give it again.")
    if current.revealed is not None and event.author in current.said:
        raise BadInput("This round was revealed, with what you had said before. To change it, ask the facilitator for another round.")


def _revealing(board: Board, event: happens.Revealed) -> None:
    for subject in event.subjects:
        _on_the_board(board, subject)
    if all(board.current(subject).revealed is None and not board.current(subject).said for subject in event.subjects):
        raise BadInput("Nobody has answered yet, so there is nothing to reveal. Wait for the first answer.")


def _again(board: Board, event: happens.Again) -> None:
    _on_the_board(board, event.subject)
    current = board.current(event.subject)
    if event.round <= current.number:
        return  # it has begun already
    if current.revealed is None:
        raise BadInput(f"Round {current.number} is not revealed yet. Reveal it before another one begins.")
    if event.round != current.number + 1 or event.round > MOST_ROUNDS:
        raise BadInput(f"An input has at most {MOST_ROUNDS} rounds, one after the other. Settle it instead.")


def _settling(board: Board, event: happens.Settled) -> None:
    _on_the_board(board, event.subject)
    _one_kind(event)
    if event.estimate is None and event.answer is None:
        raise BadInput("A value is settled with a number, a range or an answer. Choose one.")
    if any(each.said and each.revealed is None for each in board.rounds_of(event.subject)):
        raise BadInput("A round of this is still blind. Reveal it before it is settled.")
    if (event.how == "person") != (event.whose is not None):
        raise BadInput("Whose value this is belongs to a person's value, and to no other. Choose one of the three ways.")


def _undoing(board: Board, event: happens.Undone) -> None:
    if all(each.id != event.settlement for each in board.settlements):
        raise BadInput("Nothing on this board was settled like this, so it cannot be taken back.")


def _answering(board: Board, event: happens.Answered) -> None:
    if board.proposal is None or board.proposal.id != event.proposal:
        raise BadInput("Another decision was proposed meanwhile. Read it, and answer that one.")
    if event.stance == "object" and not event.reason:
        raise BadInput("An objection needs its reason. Write it in a sentence.")


def _closing(board: Board, _: happens.Closed) -> None:
    if any(each.said and each.revealed is None for subject in board.subjects for each in board.rounds_of(subject)):
        raise BadInput("A round is still blind, and nobody would ever see what was said in it. Reveal it before the board is closed.")


_CHECKS: Mapping[str, Callable[[Board, Any], None]] = {
    "joined": _joining,
    "asked": _asking,
    "said": _saying,
    "revealed": _revealing,
    "again": _again,
    "settled": _settling,
    "undone": _undoing,
    "answered": _answering,
    "closed": _closing,
}


# -- what may be seen -------------------------------------------------------------------------------------


def seen_by(board: Board, person: str | None) -> Board:
    """The board for somebody's eyes, whatever their role: in a round that is still blind, only what they said themselves.

    That others have answered is seen, not what; that somebody abstains is not told apart from an answer.
    """
    rounds = {subject: tuple(_blinded(each, person) for each in rounds) for subject, rounds in board.rounds.items()}
    return replace(board, rounds=rounds)


def _blinded(at: Round, person: str | None) -> Round:
    if at.revealed is not None:
        return at
    return replace(at, said={who: answer if who == person else _hidden(answer) for who, answer in at.said.items()})


def _hidden(answer: Answer) -> Answer:
    return Answer(None, None, "", answer.at, hidden=True)


def is_blind(board: Board, event: Event) -> bool:
    """Whether an event holds an answer of a round that is not revealed, so that no export may hold it."""
    if not isinstance(event, happens.Said):
        return False
    rounds = board.rounds_of(event.subject)
    return event.round <= len(rounds) and rounds[event.round - 1].revealed is None


def gone_at(board: Board) -> dt.datetime | None:
    """When a deleted board is gone for good; None where it is not deleted."""
    return None if board.deleted is None else board.deleted + dt.timedelta(days=GRACE_DAYS)
