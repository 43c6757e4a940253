"""What a start makes of the data folder it finds."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click
import pytest
from flask import Flask

from app import create_app, schema
from app.cli.prepare import prepare
from app.config import Config
from app.services.demo import seeding
from tests.conftest import make_config


def prepared(config: Config) -> Flask:
    """The application after a start has prepared its data folder."""
    application = create_app(config)
    with application.app_context(), click.Context(click.Command("start")):
        prepare(config, mounts="")
    application.extensions["database"].engine.dispose()
    return application


def test_an_interrupted_demo_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = make_config(tmp_path, demo=True)
    whole = seeding.seed

    def interrupted(*given: object, **named: object) -> object:
        for step in whole(*given, **named):  # type: ignore[arg-type]
            yield step
            raise KeyboardInterrupt

    monkeypatch.setattr(seeding, "seed", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepared(config)
    assert not (tmp_path / "cairn.db").exists()

    def short(*given: object, **named: object) -> object:
        steps = whole(*given, **named)  # type: ignore[arg-type]
        yield next(steps)

    monkeypatch.setattr(seeding, "seed", short)
    prepared(config)
    with closing(sqlite3.connect(tmp_path / "cairn.db")) as connection:
        slugs = connection.execute("SELECT slug FROM agency").fetchall()
    assert len(slugs) == len(set(slugs)) == 3
    assert not list(tmp_path.glob("making*"))


def test_a_database_is_backed_up_before_it_is_migrated(
    sqlite_config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sqlite_config.home / "cairn.db"
    head = schema.head()
    monkeypatch.setattr(schema, "versions", lambda: (head, "9998"))

    def migrate(connection: object) -> None:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9998'")  # type: ignore[attr-defined]

    monkeypatch.setattr(schema, "_run_migrations", migrate)
    prepared(sqlite_config)
    (kept,) = (sqlite_config.home / "backups").iterdir()
    for file, version in ((kept, head), (path, "9998")):
        with closing(sqlite3.connect(file)) as connection:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        assert found == (version,)


def test_what_is_up_to_date_is_not_backed_up_nor_published_again(sqlite_config: Config) -> None:
    prepared(sqlite_config)
    mark = (sqlite_config.home / "published.sha256").stat().st_mtime_ns
    prepared(sqlite_config)
    assert (sqlite_config.home / "published.sha256").stat().st_mtime_ns == mark
    assert not (sqlite_config.home / "backups").exists()


def test_an_edit_of_the_content_is_published_at_the_next_start(
    sqlite_config: Config, tmp_path: Path
) -> None:
    folder = tmp_path / "content"
    shutil.copytree(sqlite_config.content, folder)
    config = replace(sqlite_config, content=folder)
    prepared(config)
    before = revisions(config)
    file = next(folder.rglob("module.toml"))
    file.write_text(file.read_text().replace('summary = "', 'summary = "Edited. ', 1))
    prepared(config)
    assert revisions(config) == before + 1


def revisions(config: Config) -> int:
    with closing(sqlite3.connect(config.home / "cairn.db")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM module_revision").fetchone()
    return int(count)
