"""`flask db`: the version of the database."""

import click

from app import schema
from app.cli.sentence import plainly
from app.db import database


@click.group("db", help="The version of the database.")
def db() -> None:
    pass


@db.command("upgrade", help="Bring the database to the version this Cairn needs.")
@plainly
def upgrade() -> None:
    if schema.upgrade(database()):
        click.echo(f"The database now has version {schema.head()}.")
    else:
        click.echo(f"The database has version {schema.head()} already.")


@db.command("check", help="Say whether the database has the version this Cairn needs.")
@plainly
def check() -> None:
    schema.check(database())
    click.echo(f"The database has version {schema.head()}, which this Cairn needs.")


@db.command("current", help="Say which version the database has.")
@plainly
def current() -> None:
    click.echo(schema.current(database()) or "none: the database is empty")
