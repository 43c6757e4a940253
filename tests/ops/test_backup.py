"""Backups made while people answer, and what restoring one gives back."""

import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Self

import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from app.config import Config
from app.db import Database
from app.refusal import CannotGoOn
from app.services.learning.replay import replay
from app.services.operations import backup
from app.startup import Running
from tests.conftest import NOON
from tests.ops.processes import Cairn
from tests.people import Person, answer_open, begin, make_learner

Starter = Callable[[Path], Cairn]


@pytest.fixture
def config(sqlite_config: Config) -> Config:
    """SQLite alone: PostgreSQL is backed up with its own tools."""
    return sqlite_config


@pytest.fixture
def learner(database: Database) -> Person:
    found = make_learner(database, at=NOON)
    begin(database, found, at=NOON)
    return found


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments))


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return found


class Answering:
    """Learners who answer in the background until told to stop; counts what was acknowledged."""

    def __init__(self, database: Database, learners: list[Person]) -> None:
        self._database, self._learners = database, learners
        self._enough = threading.Event()
        self._stored = threading.Condition()
        self.acknowledged = 0
        self._thread = threading.Thread(target=self._answer)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def wait_for_more(self) -> int:
        """Wait until one more answer is stored, and return how many there are."""
        seen = self.acknowledged
        with self._stored:
            assert self._stored.wait_for(lambda: self.acknowledged > seen, timeout=30)
        return self.acknowledged

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join(timeout=60)
        assert not self._thread.is_alive()

    def _answer(self) -> None:
        while not self._enough.is_set():
            for number, learner in enumerate(self._learners):
                right = (self.acknowledged + number) % 3 > 0
                if answer_open(self._database, learner, at=NOON, right=right) is not None:
                    with self._stored:
                        self.acknowledged += 1
                        self._stored.notify_all()


def test_a_backup_during_answers_is_a_moment_that_replays(
    config: Config, database: Database, learner: Person
) -> None:
    others = [make_learner(database, at=NOON) for _ in range(2)]
    for other in others:
        begin(database, other, at=NOON)
    before, made = [], []
    with Answering(database, [learner, *others]) as answering:
        for number in range(5):
            before.append(answering.wait_for_more())
            made.append(
                backup.copy(config.home / "cairn.db", config.home / "backups" / f"{number}.db")
            )
        after = answering.acknowledged
    for acknowledged, copied in zip(before, made, strict=True):
        assert acknowledged <= copied.responses <= after + 1
        report = backup.replay_copy(copied.path)
        assert (report.found, report.responses) == (0, copied.responses)


def test_restoring_gives_back_the_moment_and_keeps_what_was_there(
    app: Flask, config: Config, learner: Person
) -> None:
    database: Database = app.extensions["database"]
    for _ in range(4):
        answer_open(database, learner, at=NOON)
    assert run(app, "backup").exit_code == 0
    (made,) = (config.home / "backups").iterdir()
    answer_open(database, learner, at=NOON)
    database.engine.dispose()

    restored = run(app, "restore", str(made))
    assert restored.exit_code == 0, restored.output
    assert count(config.home / "cairn.db", "response") == 4
    (kept,) = (config.home / "replaced").iterdir()
    assert count(kept / "cairn.db", "response") == 5
    assert made.exists()
    database = Database(config)
    with database.reader() as session:
        assert replay(session).found == 0
    assert answer_open(database, learner, at=NOON) is not None
    database.engine.dispose()


@pytest.mark.faults
def test_nothing_is_restored_under_a_running_cairn(
    config: Config, app: Flask, started: Starter
) -> None:
    assert run(app, "backup").exit_code == 0
    (made,) = (config.home / "backups").iterdir()
    server = started(config.home)
    before = (config.home / "cairn.db").stat().st_ino
    refused = run(app, "restore", str(made))
    assert refused.exit_code == 2
    assert "running" in refused.output
    assert (config.home / "cairn.db").stat().st_ino == before
    server.stop()
    assert run(app, "restore", str(made)).exit_code == 0


def test_nothing_starts_while_a_backup_is_restored(config: Config) -> None:
    restoring = Running(config.home)
    restoring.check_alone()
    with pytest.raises(CannotGoOn, match="restored"):
        Running(config.home).say()


def test_a_damaged_backup_is_not_restored(config: Config, app: Flask) -> None:
    damaged = config.home / "damaged.db"
    shutil.copy(config.home / "cairn.db", damaged)
    content = bytearray(damaged.read_bytes())
    content[40_000:60_000] = b"\xff" * 20_000
    damaged.write_bytes(content)
    before = (config.home / "cairn.db").read_bytes()
    refused = run(app, "restore", str(damaged))
    assert refused.exit_code == 2
    assert "damaged" in refused.output
    assert (config.home / "cairn.db").read_bytes() == before


def test_a_backup_of_something_else_is_not_restored(config: Config, app: Flask) -> None:
    other = config.home / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE holiday (place TEXT)")
    refused = run(app, "restore", str(other))
    assert refused.exit_code == 2
    assert "not a Cairn database" in refused.output


def test_a_backup_whose_states_are_not_their_fold_is_told(
    app: Flask, config: Config, learner: Person
) -> None:
    answer_open(app.extensions["database"], learner, at=NOON)
    with closing(sqlite3.connect(config.home / "cairn.db")) as connection:
        connection.execute("UPDATE learner_state SET sequence = sequence + 1")
        connection.commit()
    told = run(app, "backup")
    assert told.exit_code == 2
    assert "flask replay" in told.output


def test_replay_repairs_what_is_not_the_fold(app: Flask, config: Config, learner: Person) -> None:
    answer_open(app.extensions["database"], learner, at=NOON)
    with closing(sqlite3.connect(config.home / "cairn.db")) as connection:
        connection.execute("UPDATE learner_state SET sequence = sequence + 1")
        connection.commit()
    assert run(app, "replay").exit_code == 2
    repaired = run(app, "replay", "--repair")
    assert repaired.exit_code == 0, repaired.output
    assert run(app, "replay").exit_code == 0


def test_a_backup_never_overwrites_a_file(app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "precious.db"
    target.write_text("precious")
    refused = run(app, "backup", str(target))
    assert refused.exit_code == 2
    assert target.read_text() == "precious"


def test_backups_of_one_second_have_names_of_their_own(tmp_path: Path) -> None:
    first = backup.new_name(tmp_path, at=NOON)
    first.touch()
    second = backup.new_name(tmp_path, at=NOON)
    assert (first.name, second.name) == ("20261123T120000Z.db", "20261123T120000Z-2.db")


@pytest.mark.postgresql
def test_postgresql_is_told_its_own_way(postgres_config: Config) -> None:
    application = create_app(postgres_config)
    for arguments, tool in ((("backup",), "pg_dump"), (("restore", "x.db"), "pg_restore")):
        told = run(application, *arguments)
        assert told.exit_code == 2
        assert tool in told.output
    application.extensions["database"].engine.dispose()
