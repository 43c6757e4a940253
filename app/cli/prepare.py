"""From whatever the data folder holds to a database that may be served."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from flask import current_app

import app
from app import schema, startup
from app.cli import content
from app.clock import now
from app.config import Config
from app.db import Database, current_session, database
from app.refusal import CannotGoOn
from app.services.operations import backup
from app.services.people import founding


def prepare(config: Config, *, mounts: str) -> None:
    """Have a database of the right version with the shipped content in it."""
    startup.check_storage(config, mounts=mounts)
    path = config.sqlite_path
    if config.demo and path is not None and not path.exists():
        _make_aside(config, path)
    _back_up_before_migrating(config)
    _fill(config)


def _fill(config: Config) -> None:
    if schema.upgrade(database()):
        click.echo(f"The database has version {schema.head()}.")
    content.publish_changes(config)
    if config.demo and not founding.has_accounts(current_session()):
        click.echo("Loading the demo (once).")
        context = click.get_current_context()
        seed = current_app.cli.get_command(context, "seed-demo")
        assert seed is not None  # noqa: S101 - app/cli/__init__.py registers it
        context.invoke(seed)


def _make_aside(config: Config, path: Path) -> None:
    """Make the demo's database beside its place, so that an interrupted start leaves no half of it.

    What a start before this one left unfinished is thrown away: nobody has ever worked in it.
    """
    making = path.parent / "making" / path.name
    with _alone(path.parent):
        if path.exists():
            return  # another start was quicker
        shutil.rmtree(making.parent, ignore_errors=True)
        making.parent.mkdir(mode=0o700)
        application = app.create_app(replace(config, database_url=f"sqlite:///{making}"))
        made: Database = application.extensions["database"]
        with application.app_context():
            _fill(application.config["CAIRN"])
        made.checkpoint("TRUNCATE")
        made.engine.dispose()
        backup.keep(making)
        making.rename(path)
        backup.keep(path.parent)
        shutil.rmtree(making.parent)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    file = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise CannotGoOn(
            f"Another Cairn is being set up in {folder}. Wait until it is ready."
        ) from None
    finally:
        os.close(file)


def _back_up_before_migrating(config: Config) -> None:
    path = config.sqlite_path
    if path is None or not path.exists():
        return
    found = schema.current(database())
    if found is None or found == schema.head():
        return
    target = backup.new_name(startup.backups(config), at=now())
    click.echo(f"Backed up version {found} to {backup.copy(path, target).path}.")
