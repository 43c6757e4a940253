"""`flask snapshot-progress`: publish the week's figures of every cohort; run it weekly."""

import uuid

import click

from app.cli.sentence import plainly
from app.clock import now
from app.db import current_session, database, transact
from app.services.cohorts import snapshots


@click.command("snapshot-progress", help="Publish this week's figures of all cohorts.")
@plainly
def snapshot_progress() -> None:
    counts = [_publish(agency) for agency in snapshots.agencies_with_cohorts(current_session())]
    if sum(counts) == 0:
        click.echo("This week's figures are published already.")
        return
    click.echo(f"Published this week's figures of {sum(counts)} cohorts.")


def _publish(agency_id: uuid.UUID) -> int:
    with database().reader() as session:
        taken = snapshots.take(session, agency_id, at=now(), tell=lambda _share: None)
    return transact(lambda session: snapshots.publish(session, taken))
