"""A process forks after it has used the database: nobody shares a connection."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection

import psycopg
import pytest
from flask import Flask

from app.config import REPOSITORY, Config
from app.db import Database
from tests.conftest import NOON
from tests.faults.doors import door_of
from tests.faults.invariants import check_invariants
from tests.faults.posts import send
from tests.faults.workers import working
from tests.people import answer_open, begin, make_learner

pytestmark = pytest.mark.faults
ANSWERS_EACH = 6
CHILDREN = 2
PATIENCE_SECONDS = 20
UNMARKED = -2000


def fork_and_answer(pipe: Connection, config: Config) -> None:
    """Use the database, fork, and answer in all processes at once; send what each talks over."""
    database = Database(config)
    learners = [make_learner(database, at=NOON) for _ in range(CHILDREN + 1)]
    for learner in learners:
        begin(database, learner, at=NOON)
    pipe.send(connection_of(database))
    children = []
    for learner in learners[1:]:
        child = os.fork()
        if child == 0:
            pipe.send(connection_of(database))
            for _ in range(ANSWERS_EACH):
                answer_open(database, learner, at=NOON)
            os._exit(0)
        children.append(child)
    for _ in range(ANSWERS_EACH):
        answer_open(database, learners[0], at=NOON)
    ended = [os.waitpid(child, 0)[1] for child in children]
    pipe.send(connection_of(database))
    pipe.send((ended, check_invariants(database)))


def connection_of(database: Database) -> int:
    """What tells one connection from another: the server's process, or a mark left on it."""
    with database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        if isinstance(driver, psycopg.Connection):
            return driver.info.backend_pid
        assert isinstance(driver, sqlite3.Connection)
        if driver.execute("PRAGMA cache_size").fetchone()[0] == UNMARKED:
            driver.execute(f"PRAGMA cache_size=-{os.getpid() * 10_000}")
        return int(driver.execute("PRAGMA cache_size").fetchone()[0])


def test_no_connection_is_shared_across_a_fork(config: Config) -> None:
    """F26: parent and children answer at once after a fork, each over a connection of its own."""
    with working(fork_and_answer, config) as worker:
        connections = [worker.next() for _ in range(CHILDREN + 2)]
        assert worker.next() == ([0] * CHILDREN, ANSWERS_EACH * (CHILDREN + 1))
    assert connections[0] == connections[-1]
    assert len(set(connections)) == CHILDREN + 1


@contextmanager
def preloaded(config: Config) -> Iterator[int]:
    """Two gunicorn workers forked from an application that has asked the database already."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        command = ["gunicorn", "--preload", "--workers=2", "--config=python:app.gunicorn"]
        server = subprocess.Popen(
            [sys.executable, "-m", *command, f"--bind=fd://{door.fileno()}", "app.wsgi:app"],
            cwd=REPOSITORY,
            env=os.environ
            | {
                "CAIRN_HOME": str(config.home),
                "CAIRN_DATABASE_URL": config.database_url,
                "CAIRN_SECRET_KEY": config.secret_key,
            },
            pass_fds=[door.fileno()],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield door.getsockname()[1]
            server.send_signal(signal.SIGTERM)
            _, log = server.communicate(timeout=PATIENCE_SECONDS)
            assert server.returncode == 0, log
        finally:
            server.kill()
            server.communicate()


def test_workers_of_a_preloaded_server_answer_side_by_side(app: Flask, config: Config) -> None:
    """F26: gunicorn --preload with two workers; every answer of four learners is kept."""
    doors = [door_of(app) for _ in range(4)]
    with preloaded(config) as port, ThreadPoolExecutor(len(doors)) as browsers:
        for _ in range(ANSWERS_EACH):
            servings = [(door, door.open_serving()) for door in doors]
            sent = [
                browsers.submit(send, door, port, serving, door.right_fields(serving))
                for door, serving in servings
            ]
            assert {answer.result()[0] for answer in sent} == {200}
    assert check_invariants(doors[0].database) == ANSWERS_EACH * len(doors)
