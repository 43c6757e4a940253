"""The version of the database: made, known, raced for, refused."""

import multiprocessing
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app import schema
from app.config import Config
from app.db import Database
from app.models import Base
from app.refusal import CannotGoOn
from tests.conftest import make_config


@pytest.fixture
def fresh(empty: Config) -> Iterator[Database]:
    found = Database(empty)
    yield found
    found.engine.dispose()


def test_the_migrations_make_exactly_the_tables_of_the_models(fresh: Database) -> None:
    schema.upgrade(fresh)
    with fresh.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_an_upgrade_is_done_once(fresh: Database) -> None:
    assert schema.current(fresh) is None
    assert schema.upgrade(fresh)
    assert schema.current(fresh) == schema.head()
    assert not schema.upgrade(fresh)
    schema.check(fresh)


def test_an_empty_database_is_not_ready(fresh: Database) -> None:
    with pytest.raises(schema.WrongVersion, match="flask db upgrade"):
        schema.check(fresh)


def upgrade_at_once(config: Config, together: object, done: object) -> None:
    """Upgrade as soon as everybody is there, and tell whether that changed anything."""
    database = Database(config)
    together.wait()  # type: ignore[attr-defined]
    done.put(schema.upgrade(database))  # type: ignore[attr-defined]
    database.engine.dispose()


def test_of_processes_that_upgrade_at_once_one_does_it(empty: Config) -> None:
    spawn = multiprocessing.get_context("spawn")
    together, done = spawn.Barrier(3), spawn.Queue()
    processes = [
        spawn.Process(target=upgrade_at_once, args=(empty, together, done)) for _ in range(3)
    ]
    for process in processes:
        process.start()
    changed = [done.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(timeout=60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert sorted(changed) == [False, False, True]


def test_an_unknown_version_is_refused(sqlite_config: Config) -> None:
    with closing(sqlite3.connect(sqlite_config.home / "cairn.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    database = Database(sqlite_config)
    for use in (schema.check, schema.upgrade):
        with pytest.raises(schema.WrongVersion, match="9999"):
            use(database)
    database.engine.dispose()


def test_somebody_elses_tables_are_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "cairn.db")) as connection:
        connection.execute("CREATE TABLE holiday (place TEXT)")
    database = Database(make_config(tmp_path))
    with pytest.raises(schema.WrongVersion, match="not Cairn's"):
        schema.upgrade(database)
    database.engine.dispose()


def test_a_row_that_points_to_nothing_stops_a_migration(
    sqlite_config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sqlite_config.home / "cairn.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO department VALUES ('a', 'no such agency', 'Roads')")
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
        connection.commit()
    monkeypatch.setattr(schema, "versions", lambda: ("0000", "0001"))
    monkeypatch.setattr(schema, "_run_migrations", lambda _: None)
    database = Database(sqlite_config)
    with pytest.raises(CannotGoOn, match="department"):
        schema.upgrade(database)
    with database.engine.connect() as connection_after:
        assert connection_after.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.engine.dispose()


def test_the_numbers_of_the_files_are_the_line_alembic_follows() -> None:
    configuration = AlembicConfig()
    configuration.set_main_option("script_location", str(schema.MIGRATIONS))
    scripts = ScriptDirectory.from_config(configuration)
    assert scripts.get_heads() == [schema.head()]
    line = [script.revision for script in scripts.walk_revisions()]
    assert tuple(reversed(line)) == schema.versions()
