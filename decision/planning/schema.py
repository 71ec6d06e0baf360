"""The tables in which boards are kept, the same in SQLite and PostgreSQL, and the steps by which an older database becomes today's.

`events` is the log, to which rows are only added. Everything in `boards` but its id and its making follows from the log, and is kept so that
a board need not be read to know whether anything happened on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import sqlalchemy as sa

from decision.errors import BadInput

_LOCK: Final = 0x626F617264  # of PostgreSQL: who migrates holds it
_METADATA = sa.MetaData()

boards = sa.Table(
    "boards",
    _METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("created", sa.String(40), nullable=False),
    sa.Column("changed", sa.String(40), nullable=False),
    sa.Column("deleted", sa.String(40)),
    sa.Column("events", sa.Integer, nullable=False),
)
"""One row for a board. Times are ISO 8601 in UTC, so that they are in order as text; events: how many there are."""

links = sa.Table(
    "links",
    _METADATA,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("board", sa.ForeignKey("boards.id"), nullable=False, index=True),
    sa.Column("role", sa.String(20), nullable=False),
)
"""Digest of a link's secret -> the board and the role it opens."""

events = sa.Table(
    "events",
    _METADATA,
    sa.Column("board", sa.ForeignKey("boards.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(32), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.UniqueConstraint("board", "id"),
)
"""What happened on a board, numbered from 1; body: the event as JSON."""

presence = sa.Table(
    "presence",
    _METADATA,
    sa.Column("board", sa.ForeignKey("boards.id"), primary_key=True),
    sa.Column("person", sa.String(32), primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
)
"""When somebody's page last asked for news: seconds since 1970. The only rows that are written over: they say nothing about the past."""

OF_A_BOARD = (presence, links, events)
"""What goes with a board when it goes."""

_SCHEMA = sa.Table("schema_version", sa.MetaData(), sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))

Step = Callable[[sa.Connection], None]
STEPS: Sequence[Step] = (_METADATA.create_all,)
"""The n-th step makes version n out of the one before it. A step that was published is never changed: another is added."""


def migrate(engine: sa.Engine, steps: Sequence[Step] = STEPS) -> int:
    """Bring a database up to date, in one transaction; its version. Of several servers that start at once one does it, and the others wait.

    Raises BadInput for a database that a newer program has written.
    """
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        _SCHEMA.create(connection, checkfirst=True)
        version = connection.scalar(sa.select(sa.func.max(_SCHEMA.c.version))) or 0
        if version > len(steps):
            raise BadInput(
                f"The boards' database has version {version}, and this program knows versions up to {len(steps)}. "
                "Start the newer program, or give another database."
            )
        for number, step in enumerate(steps[version:], version + 1):
            step(connection)
            connection.execute(_SCHEMA.insert().values(version=number))
    return len(steps)
