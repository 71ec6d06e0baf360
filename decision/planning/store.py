"""The store of boards: an event log in SQLite or PostgreSQL. Nothing is written over, and what was confirmed is on disk.

    store = open_store()                                     # where the operator's environment says
    board_id, links = store.create(title, scenario, day, author, now)
    opened = store.opened(secret, now)                       # which board and which role a link gives
    store.append(opened, event)                              # checked against the board as it stands at that moment
    store.seen(opened.board, person)                         # for somebody's eyes

An event is appended under the lock of its board and numbered without a gap, so several processes see the same board. An event that arrives a second
time, by a click that was sent twice or an answer that was lost on the way, is kept once.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from decision.errors import BadInput, shown
from decision.planning import schema
from decision.planning.board import Board, project
from decision.planning.database import engine_for, reached
from decision.planning.events import Event, Role, as_json, event_from, event_from_json, new_id
from decision.planning.limits import GRACE_DAYS, MOST_BOARDS, MOST_EVENTS
from decision.planning.links import LONGEST_SECRET, ROLES, Links, digest, new_links, same
from decision.planning.rights import check, seen_by

Found = TypeVar("Found")
_KEPT = 200  # boards whose state is kept in memory
_TRIES = 3  # of a transaction whose connection breaks: it is written under an id, so twice is once
HERE_SECONDS = 15  # after a page last asked for news, somebody counts as present


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link opens."""

    board: str
    role: Role


@dataclass(frozen=True, slots=True)
class Listed:
    """A board in the operator's list."""

    id: str
    title: str
    created: str
    changed: str
    deleted: str | None
    events: int


class Store:
    """Boards in one database. Threads may share it. Every method raises BadInput with one sentence when the database cannot be reached."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._boards: OrderedDict[str, Board] = OrderedDict()
        self._lock = threading.Lock()
        with reached():
            schema.migrate(engine)

    def close(self) -> None:
        """Give its connections back."""
        self._engine.dispose()

    # -- making and opening --------------------------------------------------------------------------------

    def create(self, title: str, scenario: Mapping[str, Any], day: dt.date, author: str, now: dt.datetime) -> tuple[str, Links]:
        """A new board; its id and its links. Raises BadInput for a title that cannot be kept, and where the server has too many boards."""
        made = event_from(
            {"kind": "created", "id": new_id(), "at": now, "author": author, "title": title, "scenario": dict(scenario), "day": day}, "board"
        )
        return self.add([made], now)

    def add(self, events: Sequence[Event], now: dt.datetime) -> tuple[str, Links]:
        """A board with these events, under an id and links of its own: an imported one begins like that."""
        board = project(events)
        board_id, links = new_id(), new_links()

        def write(connection: sa.Connection) -> None:
            if _count(connection) >= MOST_BOARDS:
                raise BadInput(f"This server keeps {MOST_BOARDS:,} boards, and no more. Ask its operator to prune them.")
            connection.execute(schema.boards.insert().values(id=board_id, created=_stamp(board.created), **_projected(board, now)))
            connection.execute(
                schema.links.insert(),
                [{"digest": digest(secret), "board": board_id, "role": role} for role, secret in zip(ROLES, links, strict=True)],
            )
            connection.execute(
                schema.events.insert(),
                [{"board": board_id, "number": n, "id": event.id, "body": as_json(event)} for n, event in enumerate(events, 1)],
            )

        self._written(write)
        return board_id, links

    def opened(self, secret: str, now: dt.datetime) -> Opened:
        """What a link opens. Raises BadInput where it opens nothing, always with the same words, so that nobody learns what was once there."""
        wanted = digest(secret[: LONGEST_SECRET + 1])
        query = (
            sa.select(schema.links.c.digest, schema.links.c.board, schema.links.c.role, schema.boards.c.deleted)
            .join(schema.boards)
            .where(schema.links.c.digest == wanted)
        )
        row = self._read(lambda connection: connection.execute(query).one_or_none())
        if row is None or not same(row.digest, wanted) or _gone(row.deleted, now):
            raise BadInput("This link opens no board. Check that all of it was copied, or ask whoever sent it.")
        return Opened(row.board, row.role)

    # -- the log -------------------------------------------------------------------------------------------

    def append(self, opened: Opened, event: Event) -> Board:
        """Write an event down; the board after it. Raises BadInput where rights.check refuses it; an event that is there already changes nothing."""

        def write(connection: sa.Connection) -> Board:
            locked = sa.select(schema.boards.c.id).where(schema.boards.c.id == opened.board).with_for_update()
            if connection.scalar(locked) is None:
                raise _no_such(opened.board)
            board = self._current(connection, opened.board)
            twice = sa.select(schema.events.c.number).where(schema.events.c.board == opened.board, schema.events.c.id == event.id)
            if connection.scalar(twice) is not None:
                return board
            check(board, opened.role, event)
            after = board.after(event)
            connection.execute(schema.events.insert().values(board=opened.board, number=after.events, id=event.id, body=as_json(event)))
            connection.execute(schema.boards.update().where(schema.boards.c.id == opened.board).values(**_projected(after, event.at)))
            return after

        return self._remembered(opened.board, self._written(write))

    def seen(self, board_id: str, person: str | None) -> Board:
        """The board for somebody's eyes."""
        return seen_by(self._whole(board_id), person)

    def happened(self, board_id: str) -> int:
        """How many events a board has: whoever knows that many knows all."""
        found = self._read(lambda connection: connection.scalar(sa.select(schema.boards.c.events).where(schema.boards.c.id == board_id)))
        if found is None:
            raise _no_such(board_id)
        return int(found)

    def events(self, board_id: str) -> tuple[Event, ...]:
        """Everything that happened on a board, from the beginning. Raises BadInput for an unknown id."""
        found = self._read(lambda connection: _events_after(connection, board_id, 0))
        if not found:
            raise _no_such(board_id)
        return found

    def _whole(self, board_id: str) -> Board:
        known = self._known(board_id)
        if known is not None and known.events == self.happened(board_id):
            return known
        return self._remembered(board_id, self._read(lambda connection: self._current(connection, board_id)))

    def _current(self, connection: sa.Connection, board_id: str) -> Board:
        """The board as this transaction sees it: what is known of it, and what happened since."""
        known = self._known(board_id)
        further = _events_after(connection, board_id, known.events if known else 0)
        if known is None:
            if not further:
                raise _no_such(board_id)
            return project(further)
        return functools.reduce(Board.after, further, known)

    def _known(self, board_id: str) -> Board | None:
        with self._lock:
            if board_id in self._boards:
                self._boards.move_to_end(board_id)
            return self._boards.get(board_id)

    def _remembered(self, board_id: str, board: Board) -> Board:
        """Only what was committed comes here. Of two threads the one that knows more is believed."""
        with self._lock:
            known = self._boards.get(board_id)
            if known is None or known.events < board.events:
                self._boards[board_id] = board
                self._boards.move_to_end(board_id)
            while len(self._boards) > _KEPT:
                self._boards.popitem(last=False)
        return board

    # -- who is there --------------------------------------------------------------------------------------

    def here(self, board_id: str, person: str, now: dt.datetime) -> None:
        """Somebody's page asks for news."""
        at = int(now.timestamp())
        row = {"board": board_id, "person": person, "at": at}

        def write(connection: sa.Connection) -> None:
            changed = connection.execute(
                schema.presence.update().where(schema.presence.c.board == board_id, schema.presence.c.person == person).values(at=at)
            )
            if changed.rowcount == 0:
                connection.execute(_or_nothing(connection, row))

        self._written(write)

    def present(self, board_id: str, now: dt.datetime) -> frozenset[str]:
        """Who was there within the last seconds."""
        since = int(now.timestamp()) - HERE_SECONDS
        query = sa.select(schema.presence.c.person).where(schema.presence.c.board == board_id, schema.presence.c.at >= since)
        return frozenset(self._read(lambda connection: connection.scalars(query).all()))

    # -- the operator --------------------------------------------------------------------------------------

    def listed(self) -> tuple[Listed, ...]:
        """Every board, the one that changed last on top."""
        columns = (schema.boards.c[name] for name in Listed.__slots__)
        query = sa.select(*columns).order_by(schema.boards.c.changed.desc(), schema.boards.c.id)
        return tuple(Listed(*row) for row in self._read(lambda connection: connection.execute(query).all()))

    def prune(self, now: dt.datetime) -> tuple[Listed, ...]:
        """Take away for good what was deleted longer than the days of grace ago; what that was."""
        due = [each for each in self.listed() if _gone(each.deleted, now)]

        def write(connection: sa.Connection) -> list[Listed]:
            gone = []
            for each in due:
                row = sa.select(schema.boards.c.deleted).where(schema.boards.c.id == each.id).with_for_update()
                if not _gone(connection.scalar(row), now):
                    continue  # restored meanwhile, or taken away by another
                for table in schema.OF_A_BOARD:
                    connection.execute(table.delete().where(table.c.board == each.id))
                connection.execute(schema.boards.delete().where(schema.boards.c.id == each.id))
                gone.append(each)
            return gone

        return tuple(self._written(write))

    # -- transactions --------------------------------------------------------------------------------------

    def _read(self, query: Callable[[sa.Connection], Found]) -> Found:
        return self._in_transaction(self._engine, query)

    def _written(self, write: Callable[[sa.Connection], Found]) -> Found:
        return self._in_transaction(self._engine.execution_options(writes=True), write)

    @staticmethod
    def _in_transaction(engine: sa.Engine, work: Callable[[sa.Connection], Found]) -> Found:
        """Begin, work and commit; again where the connection breaks, since no one can tell whether it broke before or after the commit."""
        for attempt in range(1, _TRIES + 1):
            with reached():
                try:
                    with engine.begin() as connection:
                        return work(connection)
                except sa.exc.DBAPIError as error:
                    if not error.connection_invalidated or attempt == _TRIES:
                        raise
        raise AssertionError


def _stamp(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")


def _gone(deleted: str | None, now: dt.datetime) -> bool:
    return deleted is not None and dt.datetime.fromisoformat(deleted) + dt.timedelta(days=GRACE_DAYS) <= now


def _projected(board: Board, changed: dt.datetime) -> dict[str, Any]:
    """The row of a board in the table of boards."""
    deleted = _stamp(board.deleted) if board.deleted else None
    return {"title": board.title, "changed": _stamp(changed), "deleted": deleted, "events": board.events}


def _events_after(connection: sa.Connection, board_id: str, number: int) -> tuple[Event, ...]:
    query = sa.select(schema.events.c.body).where(schema.events.c.board == board_id, schema.events.c.number > number).order_by(schema.events.c.number)
    return tuple(map(event_from_json, connection.scalars(query.limit(MOST_EVENTS))))


def _count(connection: sa.Connection) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(schema.boards)) or 0


def _or_nothing(connection: sa.Connection, row: Mapping[str, Any]) -> sa.Executable:
    """An insertion that does nothing where another was faster."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return insert(schema.presence).values(**row).on_conflict_do_nothing()


def _no_such(board_id: str) -> BadInput:
    return BadInput(f'"{shown(board_id)}" is no board on this server. `python -m decision board list` shows all.')


@functools.cache
def open_store() -> Store:
    """The store of this process, where its environment says. Raises BadInput as `engine_for` does."""
    with reached():
        return Store(engine_for(os.environ))
