"""`flask seed-demo`: fill an empty database with made-up agencies and their learning."""

import click
from flask.cli import with_appcontext

from app.clock import now
from app.db import database
from app.services.demo import seeding
from app.services.teaching import module_figures


@click.command("seed-demo")
@with_appcontext
def seed_demo() -> None:
    """Add the demonstration's agencies, people and history; once only."""
    with database().reader() as session:
        if seeding.is_seeded(session):
            click.echo("The demonstration is loaded already.")
            return
    for done, total in seeding.seed(database().transact, at=now()):
        if done % 20 == 0 or done == total:
            click.echo(f"Demonstration: {done} of {total} learners")
    module_figures.refresh(database().reader, database().transact, at=now())
