"""The store of boards, on both databases: what was confirmed is there once, whoever else writes and whatever ends in the middle."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from decision.errors import BadInput
from decision.planning import events as happens
from decision.planning import limits, schema, store
from decision.planning.database import FILE, URL, engine_for
from decision.planning.events import Said
from decision.planning.links import Links
from decision.planning.record import exported, imported
from decision.planning.store import HERE_SECONDS, Opened, Store
from decision.scenario import Amount
from tests.postgres_server import ADVICE, Postgres, postgres, programs
from tests.test_board import HOURS, NOW, flipping, happened, revealed, said, scenario

SCRIPT = Path(__file__).parent / "scripts" / "board_writer.py"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgres]:
    found = programs()
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(ADVICE)
    with postgres(found) as running:
        yield running


@dataclass
class Database:
    """A database with nothing in it. environment: how an operator names it."""

    environment: dict[str, str]
    engines: list[sa.Engine] = field(default_factory=list)

    def engine(self) -> sa.Engine:
        """Connections of their own."""
        self.engines.append(engine_for(self.environment))
        return self.engines[-1]

    def store(self) -> Store:
        """A store of a process of its own, as far as it knows."""
        return Store(self.engine())


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        made = Database({FILE: str(tmp_path / "folder" / "boards.db")})
    else:
        made = Database({URL: request.getfixturevalue("cluster").url})
        with made.engine().begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
    yield made
    for engine in made.engines:
        engine.dispose()


def board(kept: Store) -> tuple[str, Links]:
    return kept.create("Desk", scenario(), NOW.date(), "f", NOW)


def led(kept: Store) -> tuple[Opened, Links]:
    """A board with its facilitator, on which HOURS is asked."""
    board_id, links = board(kept)
    leads = kept.opened(links.facilitator, NOW)
    kept.append(leads, happened(happens.Joined, name="Flo", role="facilitator"))
    kept.append(leads, happened(happens.Asked, subjects=(HOURS,)))
    return Opened(board_id, "facilitator"), links


def test_what_was_written_is_read_by_another_process(database: Database) -> None:
    kept = database.store()
    leads, links = led(kept)
    takes_part = kept.opened(links.participant, NOW)
    kept.append(takes_part, happened(happens.Joined, "a", name="Ann", role="participant"))
    kept.append(takes_part, said("a", Amount(1, 2, 4), reason='O\'Hara; DROP TABLE "events" \u2603 <b>'))
    other = database.store()
    assert other.seen(leads.board, "a") == kept.seen(leads.board, "a")
    assert other.seen(leads.board, "a").current(HOURS).said["a"].reason == 'O\'Hara; DROP TABLE "events" \u2603 <b>'
    other.append(leads, revealed())
    assert kept.seen(leads.board, None).estimates(HOURS) == {"a": Amount(1, 2, 4)}
    assert kept.happened(leads.board) == len(kept.events(leads.board)) == 6


def test_nobody_sees_through_the_store_what_is_not_revealed(database: Database) -> None:
    kept = database.store()
    leads, _ = led(kept)
    kept.append(leads, said("f", Amount.point(1.25), reason="hush"))
    assert "1.25" not in repr(kept.seen(leads.board, None)) + repr(kept.seen(leads.board, "x"))
    assert "1.25" in repr(kept.seen(leads.board, "f"))


def test_an_event_that_arrives_twice_is_kept_once(database: Database) -> None:
    kept, other = database.store(), database.store()
    leads, _ = led(kept)
    event = said("f", Amount.point(2))
    assert kept.append(leads, event) == other.append(leads, event) == kept.append(leads, event)
    assert [each.id for each in kept.events(leads.board)].count(event.id) == 1


def test_what_a_link_does_not_allow_is_not_written(database: Database) -> None:
    kept = database.store()
    leads, links = led(kept)
    before = kept.events(leads.board)
    for secret in (links.participant, links.watcher):
        with pytest.raises(BadInput, match="link does not allow this"):
            kept.append(kept.opened(secret, NOW), revealed())
    assert kept.events(leads.board) == before


def test_a_link_opens_its_board_in_its_role_and_nothing_else_opens_any(database: Database) -> None:
    kept = database.store()
    first, second = board(kept), board(kept)
    for board_id, links in (first, second):
        assert [kept.opened(secret, NOW) for secret in links] == [Opened(board_id, role) for role in ("facilitator", "participant", "watcher")]
    almost = first[1].facilitator[:-1] + ("A" if first[1].facilitator[-1] != "A" else "B")
    for secret in ("", almost, first[1].facilitator + "=", first[0], "x" * 10_000, "\x00", "\ud800", "' OR 1=1 --"):
        with pytest.raises(BadInput, match="opens no board"):
            kept.opened(secret, NOW)


def test_the_database_holds_no_link(database: Database) -> None:
    kept = database.store()
    _, links = led(kept)
    with database.engine().connect() as connection:
        everything = [repr(row) for table in (schema.boards, schema.events, schema.links) for row in connection.execute(table.select())]
    assert everything
    assert all(secret not in row for secret in links for row in everything)


def test_a_deleted_board_can_be_restored_for_some_days_and_is_gone_then(database: Database) -> None:
    kept = database.store()
    leads, links = led(kept)
    stays, _ = board(kept)
    kept.append(leads, happened(happens.Deleted))
    within, after = (NOW + dt.timedelta(days=limits.GRACE_DAYS, seconds=seconds) for seconds in (-1, 0))
    kept.append(kept.opened(links.facilitator, within), happened(happens.Restored))
    kept.append(leads, happened(happens.Deleted))
    assert kept.prune(within) == ()
    with pytest.raises(BadInput, match="opens no board"):
        kept.opened(links.watcher, after)
    assert [each.id for each in kept.prune(after)] == [leads.board]
    assert [each.id for each in kept.listed()] == [stays]
    with pytest.raises(BadInput, match="no board on this server"):
        kept.seen(leads.board, None)
    with pytest.raises(BadInput, match="no board on this server"):
        kept.append(leads, revealed())


def test_an_exported_board_is_imported_under_new_links(database: Database) -> None:
    kept = database.store()
    events = flipping()
    copy, _ = kept.add(events, NOW)
    again, links = kept.add(imported(json.dumps(exported(kept.events(copy))), "board.json"), NOW)
    assert again != copy
    assert kept.events(again) == tuple(events)
    assert kept.opened(links.watcher, NOW) == Opened(again, "watcher")


def test_the_list_has_the_board_that_changed_last_on_top(database: Database) -> None:
    kept = database.store()
    (first, links), (second, _) = board(kept), board(kept)
    later = happened(happens.Joined, name="Flo", role="facilitator").model_copy(update={"at": NOW + dt.timedelta(minutes=1)})
    kept.append(kept.opened(links.facilitator, NOW), later)
    assert [(each.id, each.events, each.title) for each in kept.listed()] == [(first, 2, "Desk"), (second, 1, "Desk")]


def test_a_server_keeps_so_many_boards_and_no_more(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_BOARDS", 2)
    kept = database.store()
    board(kept), board(kept)
    with pytest.raises(BadInput, match="keeps 2 boards"):
        board(kept)


def test_who_is_there(database: Database) -> None:
    kept = database.store()
    board_id, _ = board(kept)
    kept.here(board_id, "a", NOW)
    kept.here(board_id, "b", NOW - dt.timedelta(seconds=HERE_SECONDS + 1))
    kept.here(board_id, "a", NOW)
    assert database.store().present(board_id, NOW) == {"a"}
    kept.here(board_id, "b", NOW)
    assert kept.present(board_id, NOW) == {"a", "b"}


# -- servers that start, end and write at once --------------------------------------------------------------


def test_many_servers_that_start_at_once_make_one_schema(database: Database) -> None:
    """Ten threads open a database that does not exist yet; each has an engine of its own, as a process has."""
    errors: list[BaseException] = []

    def start() -> None:
        try:
            board(database.store())
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(database.store().listed()) == 10


def test_an_older_database_is_brought_up_to_date_once_and_keeps_its_boards(database: Database) -> None:
    kept = database.store()
    leads, _ = led(kept)
    made: list[int] = []

    def step(connection: sa.Connection) -> None:
        made.append(1)
        connection.execute(sa.text("ALTER TABLE boards ADD COLUMN colour VARCHAR(10)"))

    for _ in range(2):
        assert schema.migrate(database.engine(), (*schema.STEPS, step)) == 2
    assert made == [1]
    with pytest.raises(BadInput, match=r"has version 2, and this program knows versions up to 1"):
        database.store()
    assert kept.happened(leads.board) == 3


def test_a_step_that_fails_changes_nothing(database: Database) -> None:
    database.store()

    def step(connection: sa.Connection) -> None:
        connection.execute(sa.text("ALTER TABLE boards ADD COLUMN colour VARCHAR(10)"))
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        schema.migrate(database.engine(), (*schema.STEPS, step))
    assert board(database.store())


def _writers(database: Database, link: str, processes: int, people: int, events: int) -> list[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **database.environment}
    return [
        subprocess.Popen(
            [sys.executable, str(SCRIPT), link, str(events), *(f"P{n}-{m}" for m in range(people))],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(processes)
    ]


def _confirmed(output: str) -> Counter[str]:
    """Ids of the events that were confirmed, in whole lines."""
    return Counter(line.split()[2] for line in output.splitlines(keepends=True) if line.startswith("kept ") and line.endswith("\n"))


def _kept(database: Database, board_id: str) -> Counter[str]:
    return Counter(event.id for event in database.store().events(board_id) if isinstance(event, Said))


def test_thirty_people_who_write_at_once_from_several_processes_lose_nothing(database: Database) -> None:
    kept = database.store()
    leads, links = led(kept)
    writers = _writers(database, links.participant, processes=3, people=10, events=10)
    confirmed: Counter[str] = sum((_confirmed(writer.communicate(timeout=300)[0]) for writer in writers), Counter())
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert sum(confirmed.values()) == 300
    assert _kept(database, leads.board) == confirmed  # each once
    assert kept.happened(leads.board) == 3 + 30 + 300  # the board, its facilitator and what is asked; who joined; what they said
    assert len(kept.seen(leads.board, None).current(HOURS).said) == 30


def test_a_server_that_is_killed_while_it_writes_has_lost_nothing_that_it_confirmed(database: Database) -> None:
    kept = database.store()
    leads, links = led(kept)
    (writer,) = _writers(database, links.participant, processes=1, people=5, events=100_000)
    assert writer.stdout is not None
    heard = "".join(writer.stdout.readline() for _ in range(50))
    writer.kill()  # SIGKILL
    heard += writer.communicate()[0]
    confirmed = _confirmed(heard)
    assert len(confirmed) >= 50
    assert not confirmed - _kept(database, leads.board)
    assert kept.append(leads, said("f", Amount.point(2)))  # and whoever comes after goes on
    assert kept.happened(leads.board) == len(kept.events(leads.board))


def test_a_database_server_that_is_killed_has_lost_nothing_and_the_page_goes_on_once_it_is_back(cluster: Postgres) -> None:
    kept = Store(engine_for({URL: cluster.url}))
    leads, _ = led(kept)
    ids = [kept.append(leads, said("f", Amount.point(float(n)))).events for n in range(20)]
    cluster.stop(signal.SIGKILL)
    event = said("f", Amount.point(99))
    with pytest.raises(BadInput, match="does not answer as it should"):
        kept.append(leads, event)
    cluster.start()
    kept.append(leads, event)
    assert kept.happened(leads.board) == ids[-1] + 1
    kept.close()


# -- what an operator may say -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({URL: "mysql://x:hunter2@h/d"}, "is no address of a database"),
        ({URL: "what:hunter2"}, "is no address of a database"),
        ({URL: "sqlite://"}, "names no file"),
        ({FILE: "/proc/no/boards.db"}, "cannot be written"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused_with_a_sentence_and_without_its_password(environment: dict[str, str], words: str) -> None:
    with pytest.raises(BadInput, match=words) as refusal:
        engine_for(environment)
    assert "hunter2" not in str(refusal.value)


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "boards.db").write_text("no database at all, but rather long" * 50)
    with pytest.raises(BadInput, match="file is not a database"):
        Store(engine_for({FILE: str(tmp_path / "boards.db")}))


def test_the_file_of_boards_is_nobody_elses_to_read(tmp_path: Path) -> None:
    Store(engine_for({"XDG_DATA_HOME": str(tmp_path)})).close()
    folder = tmp_path / "agent-runtime-decision"
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, folder / "boards.db")] == ["0o700", "0o600"]
    with engine_for({"XDG_DATA_HOME": str(tmp_path)}).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
