"""Taking up jobs, one after another, for as long as the server runs."""

import logging
import subprocess
import sys
import threading
import uuid
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from app.clock import now
from app.config import REPOSITORY
from app.db import Busy, Database, OutcomeUnknown
from app.jobs import tasks
from app.services.operations import jobs

LOG = logging.getLogger(__name__)
LOOKS_EVERY_SECONDS = 1.0
SIGN_OF_LIFE_SECONDS = 10.0
# What Cairn asks itself can wait until the server is up and the first people are served.
SETTLED_AFTER = timedelta(minutes=2)


def work(database: Database, *, leaving: threading.Event) -> None:
    """Take up whatever waits, until told to leave. A job then under way is taken up again later."""
    begun = now()
    while not leaving.is_set():
        try:
            if now() - begun > SETTLED_AFTER:
                ask_what_is_due(database, at=now())
            job_id = _next(database, at=now())
        except (SQLAlchemyError, Busy, OutcomeUnknown):
            LOG.warning("the database does not answer; looking again")
            job_id = None
        if job_id is None:
            leaving.wait(LOOKS_EVERY_SECONDS)
        else:
            _do(database, job_id, leaving=leaving)


def ask_what_is_due(database: Database, *, at: datetime) -> None:
    """Ask for the work that Cairn does by itself now and then."""
    for kind, period in tasks.EVERY.items():
        with database.reader() as session:
            last = jobs.last_asked(session, kind)
        if last is None or at - last >= period:
            database.transact(partial(jobs.ask, kind=kind, actor=None, at=at))


def _next(database: Database, *, at: datetime) -> uuid.UUID | None:
    with database.reader() as session:
        if not jobs.is_waiting(session, at=at):
            return None
    return database.transact(lambda session: jobs.claim(session, at=at))


def _do(database: Database, job_id: uuid.UUID, *, leaving: threading.Event) -> None:
    """Have a process of its own do it, and show meanwhile that it is being done."""
    process = subprocess.Popen(  # noqa: S603 - our own command, and an id
        [sys.executable, "-m", "app", "do", str(job_id)], cwd=REPOSITORY, stdin=subprocess.DEVNULL
    )
    waited = 0.0
    while process.poll() is None:
        if leaving.wait(LOOKS_EVERY_SECONDS):
            process.kill()
            process.wait()
            return
        waited += LOOKS_EVERY_SECONDS
        if waited >= SIGN_OF_LIFE_SECONDS:
            waited = 0.0
            _sign(database, job_id)
    if process.returncode:
        LOG.error("job %s ended with code %d", job_id, process.returncode)


def _sign(database: Database, job_id: uuid.UUID) -> None:
    try:
        database.transact(lambda session: jobs.alive(session, job_id, at=now()))
    except (SQLAlchemyError, Busy, OutcomeUnknown):
        LOG.warning("the database does not answer; the job goes on")
