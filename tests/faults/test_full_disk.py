"""The disk is full: at the insert, at the commit, at the checkpoint. Said, survived, healed."""

import resource
import sqlite3
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

import app.db
from app import create_app
from app.config import Config
from app.db import Database
from tests.faults.doors import Door, door_of, tables
from tests.faults.invariants import check_invariants
from tests.faults.workers import working

pytestmark = pytest.mark.faults
MOST_ANSWERS = 60
PLENTY = 1 << 30
CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"


@pytest.fixture
def application(sqlite_config: Config) -> Iterator[Flask]:
    made = create_app(sqlite_config)
    yield made
    made.extensions["database"].engine.dispose()


class Disk:
    """A limit on the pages of the database, put on every connection as it is taken."""

    def __init__(self, database: Database) -> None:
        self.pages = PLENTY
        event.listen(database.engine, "checkout", self._limit)

    def fill(self, path: Path) -> None:
        with sqlite3.connect(path) as connection:
            self.pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.close()

    def _limit(self, connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={self.pages}")


def test_a_full_disk_is_said_and_nothing_is_written_until_there_is_room(
    application: Flask,
) -> None:
    """F8: an insert finds no page (SQLITE_FULL): 503, reading works, room heals it."""
    door = door_of(application)
    path = door.database.path
    assert path is not None
    disk = Disk(door.database)
    disk.fill(path)
    for _ in range(MOST_ANSWERS):
        serving, before = door.open_serving(), tables(door.database)
        refused = door.answer(serving, door.right_fields(serving))
        if refused.status_code != 200:
            break
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "3"
    assert tables(door.database) == before
    assert door.client.get("/learn/record").status_code == 200
    assert str(serving.id) in door.page().text
    disk.pages = PLENTY
    assert door.answer(serving, door.right_fields(serving)).status_code == 200
    assert check_invariants(door.database) == len(before["response"]) + 1


def fill_the_log(pipe: Connection, config: Config) -> None:
    """Answer while no file may grow beyond the present log, then while it may again."""
    door = door_of(create_app(config))
    log = Path(f"{door.database.path}-wal")
    before = tables(door.database)
    serving = door.open_serving()
    _limit_files(log.stat().st_size + 100)
    refused = door.answer(serving, door.right_fields(serving))
    same = tables(door.database) == before
    read = door.client.get("/learn/record").status_code
    _limit_files(resource.RLIM_INFINITY)
    healed = door.answer(serving, door.right_fields(serving))
    pipe.send((refused.status_code, refused.headers.get("Retry-After"), same, read))
    pipe.send((healed.status_code, check_invariants(door.database)))


def fill_at_the_checkpoint(pipe: Connection, config: Config) -> None:
    """Answer while the log may grow but the database file may not, with a checkpoint each time."""
    app.db.COMMITS_PER_CHECKPOINT = 1
    door = door_of(create_app(config))
    assert door.database.path is not None
    _limit_files(door.database.path.stat().st_size)
    said: list[int] = []
    while len(said) < MOST_ANSWERS and not _is_behind(door):
        serving = door.open_serving()
        said.append(door.answer(serving, door.right_fields(serving)).status_code)
    serving = door.open_serving()
    said.append(door.answer(serving, door.right_fields(serving)).status_code)
    behind = _is_behind(door)
    read = door.client.get("/learn/record").status_code
    _limit_files(resource.RLIM_INFINITY)
    serving = door.open_serving()
    said.append(door.answer(serving, door.right_fields(serving)).status_code)
    pipe.send(
        {
            "answers": set(said),
            "lost": len(said) - check_invariants(door.database),
            "behind": behind,
            "reading": read,
            "behind when there is room": _is_behind(door),
        }
    )


def _is_behind(door: Door) -> bool:
    """Whether the log holds pages that the last checkpoint could not copy."""
    connection = door.database.engine.raw_connection()
    try:
        _, logged, copied = connection.cursor().execute(CHECKPOINT).fetchone()
        return bool(logged != copied)
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()


def _limit_files(size: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


def test_a_log_that_cannot_grow_is_said_and_nothing_is_written(sqlite_config: Config) -> None:
    """F8: the commit cannot write the log: 503, nothing kept, the same worker goes on after."""
    with working(fill_the_log, sqlite_config) as worker:
        assert worker.next() == (503, "3", True, 200)
        assert worker.next() == (200, 1)


def test_a_checkpoint_that_fails_costs_no_answer(sqlite_config: Config) -> None:
    """F8: the database file cannot grow: answers stay in the log and are acknowledged."""
    with working(fill_at_the_checkpoint, sqlite_config) as worker:
        assert worker.next() == {
            "answers": {200},
            "lost": 0,
            "behind": True,
            "reading": 200,
            "behind when there is room": False,
        }
