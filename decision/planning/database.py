"""Where boards are kept, as the operator says: DATABASE_URL, else the file DECISION_BOARDS, else a file among the user's data.

SQLite writes ahead of itself (WAL), so that readers wait for nobody, and is told to be on disk before it says so. A transaction that writes takes
the lock when it begins: one that read first and wrote later would be refused where another came between.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from decision.errors import BadInput, shown

URL, FILE = "DATABASE_URL", "DECISION_BOARDS"
_WAIT = 30  # seconds for a lock, or for a connection
_DRIVERS: Mapping[str, str] = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg", "sqlite": "sqlite"}


def default_file(environment: Mapping[str, str]) -> Path:
    """The file for boards where nobody names one."""
    home = environment.get("XDG_DATA_HOME") or Path(environment.get("HOME") or Path.home()) / ".local" / "share"
    return Path(home) / "agent-runtime-decision" / "boards.db"


def engine_for(environment: Mapping[str, str]) -> sa.Engine:
    """The database that the operator's environment names. Raises BadInput where it names none that can be used."""
    said = environment.get(URL, "").strip()
    if not said:
        return _sqlite(Path(environment.get(FILE, "").strip() or default_file(environment)))
    try:
        url = sa.make_url(said)
        driver = _DRIVERS.get(url.drivername) or _DRIVERS[url.drivername.removesuffix("+psycopg")]
    except (sa.exc.ArgumentError, KeyError, ValueError):  # not repeated: it may hold a password
        raise BadInput(
            f"{URL} is no address of a database. Write postgresql://user:password@host/name or sqlite:////folder/boards.db, or leave it out."
        ) from None
    if driver == "sqlite":
        if not url.database or url.database == ":memory:":
            raise BadInput(f"{URL} names no file, and boards must outlive the server. Write sqlite:////folder/boards.db.")
        return _sqlite(Path(url.database))
    return sa.create_engine(url.set(drivername=driver), pool_pre_ping=True, pool_size=5, max_overflow=15, pool_timeout=_WAIT)


def _sqlite(file: Path) -> sa.Engine:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))  # what people write here is nobody else's to read
    except OSError as error:
        raise BadInput(f"The boards' file {shown(file, 200)} cannot be written ({error.strerror}). Name another with {FILE}, or a {URL}.") from None
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(file)), pool_timeout=_WAIT, max_overflow=15)
    sa.event.listen(engine, "connect", _prepared)
    sa.event.listen(engine, "begin", _begun)
    return engine


def _prepared(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # transactions begin where _begun says so
    connection.execute(f"PRAGMA busy_timeout = {_WAIT * 1000}")
    for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {setting}")


def _begun(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


@contextmanager
def reached() -> Iterator[None]:
    """What goes wrong between here and the database, as one sentence."""
    try:
        yield
    except sa.exc.TimeoutError:
        raise BadInput(f"The boards' database had no connection free for {_WAIT} seconds. Try again.") from None
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.DatabaseError) as error:
        why = shown(str(error.orig).strip().partition("\n")[0], 200) if error.orig else "no answer"
        raise BadInput(f"The boards' database does not answer as it should ({why}). What was not confirmed is not kept: try again.") from None
