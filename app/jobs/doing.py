"""Doing one job, in the process made for it."""

import uuid

from app.clock import now
from app.db import Database
from app.jobs import tasks
from app.jobs.task import Asker, Task, Work
from app.models import Job, JobState
from app.services.errors import DomainError
from app.services.operations import jobs


def do(database: Database, job_id: uuid.UUID) -> None:
    """Do the job to its end; what goes wrong as expected is told to who asked."""
    opened = _opened(database, job_id)
    if opened is None:
        return
    task, work = opened
    try:
        task(work)
    except DomainError as problem:
        known = problem
        database.transact(lambda session: jobs.fail(session, job_id, known, at=now()))


def _opened(database: Database, job_id: uuid.UUID) -> tuple[Task, Work] | None:
    with database.reader() as session:
        job = session.get(Job, job_id)
        if job is None or job.state != JobState.RUNNING:
            return None
        asker = Asker(job.asked_by, job.agency_id) if job.asked_by and job.agency_id else None
        return tasks.find(job.kind), Work(job.id, database, job.request, asker, job.asked_at)
