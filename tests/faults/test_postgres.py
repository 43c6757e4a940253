"""PostgreSQL fails: a backend dies, a commit's reply is lost, transactions collide."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, make_url
from sqlalchemy.engine import Connection as Connected

from app import create_app, db
from app.config import Config
from app.db import Database
from tests.faults.doors import Door, door_of, tables
from tests.faults.invariants import check_invariants
from tests.faults.proxies import Line, breaking_line

pytestmark = [pytest.mark.faults, pytest.mark.postgresql]
# As the driver sends it; every transaction says READ COMMITTED too.
COMMIT = b"COMMIT\0"


@pytest.fixture
def door(postgres_config: Config) -> Iterator[Door]:
    app = create_app(postgres_config)
    yield door_of(app)
    app.extensions["database"].engine.dispose()


@contextmanager
def line_to_postgres(config: Config, *, delivers: bool, times: int) -> Iterator[tuple[Flask, Line]]:
    """A Cairn whose connections to PostgreSQL break while committing."""
    url = make_url(config.database_url)
    path = str(Path(str(url.query["host"])) / f".s.PGSQL.{url.port or 5432}")
    with breaking_line(path, cue=COMMIT, delivers=delivers, times=times) as line:
        there = url.set(host="127.0.0.1", port=line.port, query={})
        app = create_app(replace(config, database_url=there.render_as_string(hide_password=False)))
        yield app, line
        app.extensions["database"].engine.dispose()


def through(door: Door, app: Flask) -> Door:
    """The same person's browser, at another server."""
    client = app.test_client()
    cookie = door.client.get_cookie("cairn")
    assert cookie is not None
    client.set_cookie("cairn", cookie.value)
    return replace(door, app=app, client=client)


@pytest.mark.parametrize("statement", ["INSERT INTO response", "UPDATE learner_state"])
def test_an_answer_is_done_again_when_its_backend_is_killed(door: Door, statement: str) -> None:
    """F13: pg_terminate_backend mid-transaction; one retry on a fresh connection, no duplicate."""
    engine, backends = door.database.engine, []

    def kill(connected: Connected, _cursor: object, sql: str, *_: object) -> None:
        if sql.startswith(statement):
            backends.append(connected.connection.driver_connection.info.backend_pid)  # type: ignore[union-attr]
            if len(backends) == 1:
                terminate(door.database, backends[0])

    event.listen(engine, "before_cursor_execute", kill)
    answer = door.answer(door.open_serving(), {"dont_know": "1"})
    assert answer.status_code == 200
    assert len(set(backends)) == 2
    assert check_invariants(door.database) == 1


def terminate(database: Database, backend: int) -> None:
    """Kill a backend, and come back when it is gone."""
    address = database.engine.url.set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False)) as other:
        gone = other.execute("SELECT pg_terminate_backend(%s, 5000)", (backend,)).fetchone()
    assert gone == (True,)


def test_no_page_shows_an_error_when_backends_were_killed_while_they_rested(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F13: whoever rested is asked first, and one that is gone takes the others with it."""
    monkeypatch.setattr(db, "TRUSTED_SECONDS", 0.0)
    engine = door.database.engine
    with engine.connect() as one, engine.connect() as other:
        resting = [each.connection.driver_connection.info.backend_pid for each in (one, other)]  # type: ignore[union-attr]
    for backend in resting:
        terminate(door.database, backend)
    assert door.page().status_code == 200
    assert door.answer(door.open_serving(), {"dont_know": "1"}).status_code == 200


@pytest.mark.parametrize("delivers", [True, False], ids=["committed", "not committed"])
def test_a_commit_without_a_reply_is_settled_by_asking(
    door: Door, postgres_config: Config, *, delivers: bool
) -> None:
    """F14: the connection breaks during COMMIT; the learner gets their page, once stored."""
    serving = door.open_serving()
    form = door.right_fields(serving)
    with line_to_postgres(postgres_config, delivers=delivers, times=1) as (app, line):
        answer = through(door, app).answer(serving, form)
        assert line.cuts == 1
    assert answer.status_code == 200
    assert check_invariants(door.database) == 1
    assert door.answer(serving, {"dont_know": "1"}).data == answer.data


def test_a_commit_that_can_never_be_settled_is_said_to_be_unknown(
    door: Door, postgres_config: Config
) -> None:
    """F14: every COMMIT is cut; nobody is told that nothing was written, and one answer is kept."""
    serving = door.open_serving()
    with line_to_postgres(postgres_config, delivers=True, times=100) as (app, _):
        answer = through(door, app).answer(serving, {"dont_know": "1"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "3"
    assert "counts once" in answer.text
    assert check_invariants(door.database) == 1


def test_an_answer_that_loses_a_deadlock_is_done_again(
    postgres_config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F15: a rival holds the module's row and then wants the learner's, as the answer does not."""
    monkeypatch.setattr(db, "POSTGRES_OPTIONS", f"{db.POSTGRES_OPTIONS} -c deadlock_timeout=20ms")
    app = create_app(postgres_config)
    door, wanted = door_of(app), threading.Event()
    with psycopg.connect(postgres_config.database_url) as rival:
        rival.execute("SET deadlock_timeout = '20s'")
        rival.execute("SELECT * FROM module_state FOR UPDATE")

        def want(_connected: object, _cursor: object, sql: str, *_: object) -> None:
            if sql.startswith("UPDATE module_state"):
                wanted.set()

        event.listen(door.database.engine, "before_cursor_execute", want)
        deadlock = threading.Thread(target=deadlock_with, args=(rival, wanted))
        deadlock.start()
        answer = door.answer(door.open_serving(), {"dont_know": "1"})
        deadlock.join()
    assert answer.status_code == 200
    assert check_invariants(door.database) == 1
    app.extensions["database"].engine.dispose()


def deadlock_with(rival: psycopg.Connection, wanted: threading.Event) -> None:
    assert wanted.wait(10)
    rival.execute("SELECT * FROM learner_state FOR UPDATE")
    rival.commit()


@pytest.mark.parametrize("code", ["40001", "40P01"])
@pytest.mark.parametrize(("collisions", "status"), [(3, 200), (4, 503)])
def test_collisions_are_tried_again_three_times_and_then_said(
    door: Door, code: str, collisions: int, status: int
) -> None:
    """F15: the server itself reports serialization failures and deadlocks, so many times."""
    refuse(door.database, code=code, times=collisions)
    serving, before = door.open_serving(), tables(door.database)
    answer = door.answer(serving, {"dont_know": "1"})
    assert answer.status_code == status
    assert attempts(door.database) == 4
    if status == 503:
        assert answer.headers["Retry-After"] == "3"
        assert tables(door.database) == before
        assert door.answer(serving, {"dont_know": "1"}).status_code == 200
    assert check_invariants(door.database) == 1


def refuse(database: Database, *, code: str, times: int) -> None:
    """Let the server fail the first inserts of a response with this code; a sequence counts."""
    function = (
        "CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF nextval('attempt') <= {times} THEN RAISE EXCEPTION USING ERRCODE = '{code}'; "
        "END IF; RETURN NEW; END $$"
    )
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE SEQUENCE attempt")
        connection.exec_driver_sql(function)
        connection.exec_driver_sql(
            "CREATE TRIGGER collide BEFORE INSERT ON response "
            "FOR EACH ROW EXECUTE FUNCTION collide()"
        )


def attempts(database: Database) -> int:
    with database.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT last_value FROM attempt").scalar_one())
