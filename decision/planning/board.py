"""A board: what follows from the events on it. Pure; the same events make the same board anywhere.

    board = project(events)
    board = board.after(event)

Nothing here asks who may do what (rights.py), and nothing is left out for anybody's eyes (`rights.seen_by` does that).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from decision.errors import BadInput
from decision.planning import events as happens
from decision.planning.events import Event, How, Role, Stance
from decision.scenario import Amount

Status = Literal["open", "closed", "deleted"]

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the board."""

    id: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said in a round. Neither estimate nor answer: an abstention. late: after the reveal, so it was not blind.

    hidden: it was said, and whoever looks may not see what.
    """

    estimate: Amount | None
    answer: str | None
    reason: str
    at: dt.datetime
    late: bool = False
    hidden: bool = False

    @property
    def value(self) -> Amount | str | None:
        """The estimate or the answer to a question; None for an abstention."""
        return self.answer if self.estimate is None else self.estimate


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a subject: blind until it is revealed."""

    number: int
    said: Mapping[str, Answer] = field(default_factory=lambda: _NOTHING)
    revealed: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """A value that the facilitator settled a subject at."""

    id: str
    subject: str
    how: How
    value: Amount | str
    whose: str | None
    note: str
    at: dt.datetime
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision put to everybody, and how they stand to it: person -> (stance, reason)."""

    id: str
    option: str
    text: str
    at: dt.datetime
    stances: Mapping[str, tuple[Stance, str]] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer: when it was started, and for how many seconds."""

    started: dt.datetime
    seconds: int

    @property
    def ends(self) -> dt.datetime:
        """When it runs out."""
        return self.started + dt.timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class Board:
    """Everything on a board after so many events."""

    origin: str
    """The id of the event that made it, which stays the same wherever the board is moved to; ids of people are made with it."""
    title: str
    scenario: Mapping[str, Any]
    day: dt.date
    created: dt.datetime
    events: int = 1
    people: Mapping[str, Person] = field(default_factory=lambda: _NOTHING)
    subjects: tuple[str, ...] = ()
    rounds: Mapping[str, tuple[Round, ...]] = field(default_factory=lambda: _NOTHING)
    trimmed: bool = False
    timer: Timer | None = None
    settlements: tuple[Settlement, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    closings: tuple[tuple[str, dt.datetime, str], ...] = ()
    """What was closed and reopened: (kind, when, reason)."""
    deleted: dt.datetime | None = None

    def after(self, event: Event) -> Board:
        """The board once this has happened too."""
        changed = _EFFECTS[event.kind](self, event) if event.kind in _EFFECTS else self
        return replace(changed, events=self.events + 1)

    @property
    def status(self) -> Status:
        """open, closed or deleted."""
        if self.deleted is not None:
            return "deleted"
        return "closed" if self.closings and self.closings[-1][0] == "closed" else "open"

    def rounds_of(self, subject: str) -> tuple[Round, ...]:
        """The rounds of a subject; the first is open from the start."""
        return self.rounds.get(subject, ()) or (Round(1),)

    def current(self, subject: str) -> Round:
        """Its latest round."""
        return self.rounds_of(subject)[-1]

    def standing(self, subject: str) -> dict[str, Answer]:
        """What each person last said of a subject in a round that is revealed; abstentions are left out.

        Whoever does not speak in a later round is taken to stand by what they said before.
        """
        last: dict[str, Answer] = {}
        for each in self.rounds_of(subject):
            if each.revealed is not None:
                last |= each.said
        return {person: answer for person, answer in last.items() if answer.value is not None and person in self.people}

    def estimates(self, subject: str) -> dict[str, Amount]:
        """The same for an input: person -> estimate, in the order of the people."""
        said = self.standing(subject)
        return {person: estimate for person in self.people if person in said and (estimate := said[person].estimate) is not None}

    def votes(self, subject: str) -> dict[str, str]:
        """The same for a question: person -> answer."""
        said = self.standing(subject)
        return {person: vote for person in self.people if person in said and (vote := said[person].answer) is not None}

    def settled(self, subject: str) -> Settlement | None:
        """Where a subject is settled now."""
        return next((each for each in reversed(self.settlements) if each.subject == subject and not each.undone), None)

    @property
    def proposal(self) -> Proposal | None:
        """The decision that is put to everybody now."""
        return self.proposals[-1] if self.proposals else None

    @property
    def shown(self) -> Board:
        """The board without what is still blind, who answered included: as long as it stays equal, everybody's page shows the same."""
        rounds = {subject: tuple(each if each.revealed else Round(each.number) for each in rounds) for subject, rounds in self.rounds.items()}
        return replace(self, rounds={subject: each for subject, each in rounds.items() if each != (Round(1),)}, events=0)

    def name(self, person: str) -> str:
        """What a person is called."""
        return self.people[person].name if person in self.people else "somebody"


def project(events: Iterable[Event]) -> Board:
    """The board that these events make. Raises BadInput where the first is not the making of it."""
    each = iter(events)
    first = next(each, None)
    if not isinstance(first, happens.Created):
        raise BadInput("A board begins with its making, and this one does not. Import a file that this tool has exported.")
    board = Board(first.id, first.title, first.scenario, first.day, first.at)
    for event in each:
        board = board.after(event)
    return board


# -- what each event changes -----------------------------------------------------------------------------


def _joined(board: Board, event: happens.Joined) -> Board:
    known = board.people.get(event.author)
    role = known.role if known and known.role == "facilitator" else event.role  # who may facilitate keeps it when they open another link
    return replace(board, people={**board.people, event.author: Person(event.author, event.name, role)})


def _asked(board: Board, event: happens.Asked) -> Board:
    return replace(board, subjects=tuple(dict.fromkeys(event.subjects)))


def _said(board: Board, event: happens.Said) -> Board:
    rounds = board.rounds_of(event.subject)
    if event.round > len(rounds):
        return board
    at = rounds[event.round - 1]
    answer = Answer(event.estimate, event.answer, event.reason, event.at, late=at.revealed is not None)
    return _with_round(board, event.subject, replace(at, said={**at.said, event.author: answer}))


def _revealed(board: Board, event: happens.Revealed) -> Board:
    for subject in event.subjects:
        current = board.current(subject)
        if current.revealed is None:
            board = _with_round(board, subject, replace(current, revealed=event.at))
    return board


def _again(board: Board, event: happens.Again) -> Board:
    rounds = board.rounds_of(event.subject)
    if event.round != len(rounds) + 1:
        return board  # pressed twice, or by two at once
    return replace(board, rounds={**board.rounds, event.subject: (*rounds, Round(event.round))})


def _with_round(board: Board, subject: str, changed: Round) -> Board:
    rounds = board.rounds_of(subject)
    return replace(board, rounds={**board.rounds, subject: (*rounds[: changed.number - 1], changed, *rounds[changed.number :])})


def _settled(board: Board, event: happens.Settled) -> Board:
    value = event.answer if event.estimate is None else event.estimate
    assert value is not None  # rights.check
    settlement = Settlement(event.id, event.subject, event.how, value, event.whose, event.note, event.at)
    return replace(board, settlements=(*board.settlements, settlement))


def _undone(board: Board, event: happens.Undone) -> Board:
    return replace(board, settlements=tuple(replace(each, undone=each.undone or each.id == event.settlement) for each in board.settlements))


def _proposed(board: Board, event: happens.Proposed) -> Board:
    return replace(board, proposals=(*board.proposals, Proposal(event.id, event.option, event.text, event.at)))


def _answered(board: Board, event: happens.Answered) -> Board:
    return replace(
        board,
        proposals=tuple(
            replace(each, stances={**each.stances, event.author: (event.stance, event.reason)}) if each.id == event.proposal else each
            for each in board.proposals
        ),
    )


def _closed(board: Board, event: happens.Closed) -> Board:
    return replace(board, closings=(*board.closings, ("closed", event.at, "")), timer=None)


def _reopened(board: Board, event: happens.Reopened) -> Board:
    return replace(board, closings=(*board.closings, ("reopened", event.at, event.reason)))


_EFFECTS: Mapping[str, Callable[[Board, Any], Board]] = {
    "joined": _joined,
    "asked": _asked,
    "said": _said,
    "revealed": _revealed,
    "again": _again,
    "trimmed": lambda board, event: replace(board, trimmed=event.on),
    "timed": lambda board, event: replace(board, timer=Timer(event.at, event.seconds) if event.seconds else None),
    "settled": _settled,
    "undone": _undone,
    "proposed": _proposed,
    "answered": _answered,
    "closed": _closed,
    "reopened": _reopened,
    "deleted": lambda board, event: replace(board, deleted=event.at),
    "restored": lambda board, _: replace(board, deleted=None),
}
