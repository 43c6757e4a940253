"""Long work: asked for in the transaction that needs it, done by one worker, seen by who asked."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.models import Job, JobState
from app.services.audit import Actor
from app.services.errors import DomainError, NotFound
from app.words import Sentence, remembered

# Longer than any pause between two signs of life of a worker that is alive.
LOST_AFTER = timedelta(seconds=60)
TRIES = 3
WAITING = Sentence("Waiting for its turn")
GIVEN_UP = Sentence("It ended too early, three times. The server's log says more.")


@dataclass(frozen=True, slots=True)
class Shown:
    """A job as its page shows it."""

    id: uuid.UUID
    kind: str
    state: JobState
    progress: float
    stage: Sentence
    result: Mapping[str, Any]
    asked_at: datetime
    ended_at: datetime | None

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}


def ask(
    session: Session,
    *,
    kind: str,
    actor: Actor | None,
    at: datetime,
    request: Mapping[str, Any] | None = None,
) -> uuid.UUID:
    """Have this done soon; it counts only if the transaction is committed."""
    job = Job(
        id=uuid.uuid4(),
        agency_id=actor.agency_id if actor else None,
        asked_by=actor.id if actor else None,
        kind=kind,
        request=dict(request or {}),
        asked_at=at,
    )
    session.add(job)
    session.flush()
    return job.id


def find(session: Session, job_id: uuid.UUID, *, person: Actor) -> Shown:
    """A job of this person; anybody else's is NotFound, exactly as an absent one."""
    job = session.scalar(
        select(Job).where(
            Job.id == job_id, Job.agency_id == person.agency_id, Job.asked_by == person.id
        )
    )
    if job is None:
        raise NotFound
    return Shown(
        job.id,
        job.kind,
        JobState(job.state),
        job.progress,
        _sentence(job.stage) if job.stage else WAITING,
        job.result or {},
        job.asked_at,
        job.ended_at,
    )


def is_waiting(session: Session, *, at: datetime) -> bool:
    """Whether there is work to take up; asks without writing."""
    return session.scalar(_to_do(at).with_only_columns(Job.id)) is not None


def claim(session: Session, *, at: datetime) -> uuid.UUID | None:
    """Take up the oldest work that waits or was lost; two workers never take up the same."""
    job = session.scalar(_to_do(at).with_for_update(skip_locked=True))
    if job is None:
        return None
    if job.tries == TRIES:
        _end(job, JobState.FAILED, at=at, stage=GIVEN_UP)
        return None
    job.state, job.tries, job.seen_at = JobState.RUNNING, job.tries + 1, at
    job.begun_at = job.begun_at or at
    return job.id


def _to_do(at: datetime) -> Select[Job]:
    waits = Job.state == JobState.WAITING
    lost = (Job.state == JobState.RUNNING) & (Job.seen_at < at - LOST_AFTER)
    return select(Job).where(waits | lost).order_by(Job.asked_at, Job.id).limit(1)


def alive(session: Session, job_id: uuid.UUID, *, at: datetime) -> None:
    """A sign of life of who does it."""
    session.execute(update(Job).where(Job.id == job_id).values(seen_at=at))


def tell(
    session: Session, job_id: uuid.UUID, stage: Sentence, *, progress: float, at: datetime
) -> None:
    """How far it is, from 0 to 1, and what is being done."""
    session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.RUNNING)
        .values(progress=min(max(progress, 0.0), 1.0), stage=_kept(stage), seen_at=at)
    )


def finish(session: Session, job_id: uuid.UUID, result: Mapping[str, Any], *, at: datetime) -> None:
    """It is done; call this in the transaction that stores what it made."""
    job = session.get_one(Job, job_id)
    job.result, job.progress = dict(result), 1.0
    _end(job, JobState.DONE, at=at, stage=Sentence("Done"))


def fail(session: Session, job_id: uuid.UUID, problem: DomainError, *, at: datetime) -> None:
    """It cannot be done; the problem says why and the way out."""
    job = session.get_one(Job, job_id)
    _end(job, JobState.FAILED, at=at, stage=Sentence(problem.sentence, **problem.values))


def last_asked(session: Session, kind: str) -> datetime | None:
    """When Cairn last asked itself for such work."""
    return session.scalar(
        select(Job.asked_at)
        .where(Job.kind == kind, Job.asked_by.is_(None))
        .order_by(Job.asked_at.desc())
        .limit(1)
    )


def under_way(session: Session, kind: str, *, agency_id: uuid.UUID) -> Job | None:
    """Such work that waits or is being done for the agency, or by Cairn itself for all."""
    return session.scalar(
        select(Job)
        .where(
            Job.kind == kind,
            Job.state.in_([JobState.WAITING, JobState.RUNNING]),
            Job.agency_id.is_(None) | (Job.agency_id == agency_id),
        )
        .order_by(Job.asked_at, Job.id)
        .limit(1)
    )


def _end(job: Job, state: JobState, *, at: datetime, stage: Sentence) -> None:
    job.state, job.stage, job.ended_at = state, _kept(stage), at


def _kept(sentence: Sentence) -> dict[str, Any]:
    return {"sentence": sentence.template, "values": sentence.values}


def _sentence(kept: Mapping[str, Any]) -> Sentence:
    return remembered(kept["sentence"], kept["values"])
