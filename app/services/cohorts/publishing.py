"""Publishing the week's figures: long work that an HR officer asks for, and Cairn itself each week.

A repeat publishes nothing twice: whoever comes second finds no cohort that is due.
"""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Agency, Cohort, Job
from app.services.audit import Actor
from app.services.cohorts import snapshots
from app.services.errors import Refused
from app.services.operations import jobs

PROGRESS = "progress"


def ask(session: Session, *, officer: Actor, at: datetime) -> uuid.UUID:
    """Ask for this week's figures to be published; the id of the job, also for who asks again."""
    # The agency's row is the lock: of two who ask at once, one finds the other's job.
    locked = select(Agency.id).where(Agency.id == officer.agency_id)
    session.execute(locked.with_for_update(key_share=True))
    job = under_way(session, officer.agency_id)
    if job is not None and job.asked_by == officer.id:
        return job.id
    if job is not None:
        raise Refused("This week's figures are being published. Look again in a moment.")
    if not is_due(session, officer.agency_id, at=at):
        raise Refused("This week's figures are published already. New ones can come next week.")
    return jobs.ask(session, kind=PROGRESS, actor=officer, at=at)


def under_way(session: Session, agency_id: uuid.UUID) -> Job | None:
    """The job that is publishing the agency's figures, or will do so soon."""
    return jobs.under_way(session, PROGRESS, agency_id=agency_id)


def is_due(session: Session, agency_id: uuid.UUID, *, at: datetime) -> bool:
    """Whether a cohort of the agency has no figures of this week yet."""
    due = snapshots.due(agency_id, at=at).with_only_columns(Cohort.id).limit(1)
    return session.scalar(due) is not None
