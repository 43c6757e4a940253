"""Somebody else holds what a writer needs: for a moment, or too long."""

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection

import psycopg
import pytest

from app import create_app, db
from app.config import Config
from tests.faults.doors import Door, door_of, tables
from tests.faults.invariants import check_invariants
from tests.faults.workers import Worker, working

pytestmark = pytest.mark.faults
PATIENCE_SECONDS = 1.0
MOMENT_SECONDS = 0.3


def hold_the_database(pipe: Connection, config: Config) -> None:
    assert config.sqlite_path is not None
    with closing(sqlite3.connect(config.sqlite_path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        pipe.send("held")
        pipe.recv()


def hold_the_gate(pipe: Connection, config: Config) -> None:
    assert config.sqlite_path is not None
    with config.sqlite_path.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        pipe.send("held")
        pipe.recv()


def hold_the_learner(pipe: Connection, config: Config) -> None:
    with psycopg.connect(config.database_url) as connection:
        connection.execute("SELECT * FROM learner_state FOR UPDATE")
        pipe.send("held")
        pipe.recv()


HOLDERS: dict[str, tuple[str, Callable[..., None]]] = {
    "database": ("sqlite_config", hold_the_database),
    "gate": ("sqlite_config", hold_the_gate),
    "learner": ("postgres_config", hold_the_learner),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A learner's browser at a Cairn with little patience, and the process in its way."""

    door: Door
    holder: Worker

    def release(self) -> None:
        self.holder.pipe.send("let go")
        assert self.holder.rest() == []


@pytest.fixture(params=["database", "gate", pytest.param("learner", marks=pytest.mark.postgresql)])
def held(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    monkeypatch.setattr(db, "BUSY_SECONDS", PATIENCE_SECONDS)
    options = db.POSTGRES_OPTIONS.replace("lock_timeout=3000", "lock_timeout=1000")
    monkeypatch.setattr(db, "POSTGRES_OPTIONS", options)
    kind, hold = HOLDERS[request.param]
    config: Config = request.getfixturevalue(kind)
    app = create_app(config)
    door = door_of(app)
    with working(hold, config) as holder:
        assert holder.next() == "held"
        yield Held(door, holder)
    app.extensions["database"].engine.dispose()


def test_an_answer_waits_a_moment_and_is_kept(held: Held) -> None:
    """F9: the lock is let go while the answer waits."""
    door, serving = held.door, held.door.open_serving()
    with ThreadPoolExecutor(1) as browser:
        answer = browser.submit(door.answer, serving, {"dont_know": "1"})
        assert not wait([answer], timeout=MOMENT_SECONDS).done
        held.release()
        assert answer.result().status_code == 200
    assert check_invariants(door.database) == 1


def test_a_lock_held_too_long_is_said_and_the_question_stays_open(
    held: Held, caplog: pytest.LogCaptureFixture
) -> None:
    """F9: 503 with the time to come back; then the same serving can be answered.

    The log says which lock it was: of the gate, of SQLite, or of a row of PostgreSQL.
    """
    door, serving = held.door, held.door.open_serving()
    before = tables(door.database)
    refused = door.answer(serving, {"dont_know": "1"})
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "3"
    (told,) = [it.getMessage() for it in caplog.records if "busy" in it.getMessage()]
    assert told.partition(": ")[2] in {"Busy", "OperationalError", "LockNotAvailable 55P03"}
    assert tables(door.database) == before
    assert str(serving.id) in door.page().text
    held.release()
    assert door.answer(serving, {"dont_know": "1"}).status_code == 200
    assert check_invariants(door.database) == 1
