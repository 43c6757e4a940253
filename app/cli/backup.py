"""`flask backup` and `flask restore`."""

from pathlib import Path

import click
from flask import current_app

from app import schema, startup
from app.cli.sentence import plainly
from app.clock import now
from app.config import Config
from app.db import database
from app.refusal import CannotGoOn
from app.services.operations import backup as copies


@click.command("backup", help="Copy the database while it is in use, and verify the copy.")
@click.argument("target", required=False, type=click.Path(path_type=Path))
@plainly
def backup(target: Path | None) -> None:
    config: Config = current_app.config["CAIRN"]
    source = _sqlite(config, "pg_dump --format=custom --file=cairn.dump DATABASE")
    if not source.exists():
        raise CannotGoOn(f"There is no database at {source} to back up.")
    schema.check(database())
    made = copies.copy(source, target or copies.new_name(startup.backups(config), at=now()))
    _check_replay(made)
    click.echo(f"Backed up {made.responses} responses to {made.path}, and verified the copy.")


@click.command("restore", help="Put a backup in the place of the database.")
@click.argument("file", type=click.Path(path_type=Path))
@plainly
def restore(file: Path) -> None:
    config: Config = current_app.config["CAIRN"]
    target = _sqlite(config, "pg_restore --clean --if-exists --dbname=DATABASE cairn.dump")
    if not file.is_file():
        raise CannotGoOn(f"There is no file {file}.")
    running = startup.Running(config.home)
    running.check_alone()
    found = copies.verify(file)
    schema.check_known(found.version)
    if found.version == schema.head():
        _check_replay(found)
    aside = copies.put_back(file, target, at=now())
    if aside is not None:
        click.echo(f"The database that was there is kept in {aside}.")
    click.echo(f"Restored {found.responses} responses from {file}.")


def _check_replay(found: copies.Verified) -> None:
    report = copies.replay_copy(found.path)
    if report.found:
        raise CannotGoOn(
            f"{found.path} is whole, but {report.found} learner states in it are not what its "
            "responses give. Run flask replay to see them in the running database."
        )


def _sqlite(config: Config, instead: str) -> Path:
    path = config.sqlite_path
    if path is None:
        raise CannotGoOn(
            f"This database is PostgreSQL, which has its own way: {instead} (or point-in-time "
            "recovery where you have set it up)."
        )
    return path
