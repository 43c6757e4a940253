"""`flask snapshot-progress`: publish the week's figures of every cohort; run it weekly."""

import uuid

import click
from sqlalchemy.orm import Session

from app.cli.sentence import plainly
from app.clock import now
from app.db import current_session, transact
from app.services import audit
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
    def work(session: Session) -> int:
        at = now()
        taken = snapshots.take_snapshots(session, agency_id=agency_id, at=at)
        if taken:
            audit.record(
                session,
                act="progress-published",
                actor=None,
                agency_id=agency_id,
                at=at,
                cohorts=taken,
            )
        return taken

    return transact(work)
