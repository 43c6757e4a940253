"""Publishing as a job: asked for once, holding nobody up, and whole whatever becomes of it."""

import multiprocessing
import os
import signal
import uuid
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event, func, select

from app.clock import now
from app.db import Database
from app.jobs import doing, worker
from app.models import AuditEvent, Job, JobState, ProgressMember, ProgressSnapshot, Role
from app.services.cohorts import progress, publishing, snapshots
from app.services.errors import Refused
from app.services.operations import jobs
from tests.classroom import make_colleague
from tests.conftest import NOON
from tests.people import answer_open, begin
from tests.services.test_snapshots import WEEK, World, make_world, publish

LOST = jobs.LOST_AFTER + timedelta(seconds=1)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database, Housing=12, Parks=11)


def ask(database: Database, world: World) -> uuid.UUID:
    return database.transact(
        lambda session: publishing.ask(session, officer=world.officer, at=NOON)
    )


def do(database: Database, job_id: uuid.UUID) -> None:
    assert database.transact(partial(jobs.claim, at=NOON)) == job_id
    doing.do(database, job_id)
    with database.reader() as session:
        assert session.get_one(Job, job_id).state == JobState.DONE


def published(database: Database) -> tuple[int, int, int]:
    """How many snapshots there are, people they count, and audit events of publishing."""
    acts = select(func.count()).where(AuditEvent.act == "progress-published")
    with database.reader() as session:
        return (
            session.scalars(select(func.count(ProgressSnapshot.cohort_id))).one(),
            session.scalars(select(func.count(ProgressMember.learner_id.distinct()))).one(),
            session.scalars(acts).one(),
        )


def test_a_second_request_starts_no_second_job(database: Database, world: World) -> None:
    job_id = ask(database, world)
    assert ask(database, world) == job_id
    colleague = make_colleague(database, world.officer, Role.HR_OFFICER, at=NOON)
    with pytest.raises(Refused, match="are being published"):
        database.transact(lambda session: publishing.ask(session, officer=colleague, at=NOON))
    do(database, job_id)
    with pytest.raises(Refused, match="published already"):
        ask(database, world)
    assert published(database) == (1, 23, 1)


def test_each_week_cairn_publishes_what_nobody_asked_for(database: Database, world: World) -> None:
    other = make_world(database, Legal=10)
    do(database, ask(database, world))
    worker.ask_what_is_due(database, at=NOON)
    with pytest.raises(Refused, match="are being published"):
        database.transact(lambda session: publishing.ask(session, officer=other.officer, at=NOON))
    with database.reader() as session:
        (asked,) = session.scalars(
            select(Job.id).where(Job.kind == publishing.PROGRESS, Job.asked_by.is_(None))
        )
    while job_id := database.transact(partial(jobs.claim, at=NOON)):
        if job_id == asked:
            doing.do(database, job_id)
    assert published(database) == (2, 33, 2)
    with database.reader() as session:
        by = {
            world.cohort_id: progress.of_agency(session, world.agency_id)[0],
            other.cohort_id: progress.of_agency(session, other.agency_id)[0],
        }
    assert by[world.cohort_id].asked_by is not None
    assert (by[other.cohort_id].asked_by, by[other.cohort_id].job_id) == (None, asked)


def test_work_of_a_past_week_comes_too_late(database: Database, world: World) -> None:
    late = ask(database, world)
    assert database.transact(partial(jobs.claim, at=NOON)) == late
    with database.reader() as session:
        taken = snapshots.take(session, world.agency_id, at=NOON + WEEK, tell=lambda _share: None)
    database.transact(lambda session: snapshots.publish(session, taken))
    doing.do(database, late)
    with database.reader() as session:
        assert session.get_one(Job, late).state == JobState.DONE
    assert published(database) == (1, 23, 1)


def stand_still(database: Database, job_id: uuid.UUID, before: str, there: object) -> None:
    """Do the job, but stop for good before the first statement that begins like this."""

    def stop(*given: object) -> None:
        if str(given[2]).startswith(before):
            there.set()  # type: ignore[attr-defined]
            signal.pause()

    event.listen(database.engine, "before_cursor_execute", stop)
    doing.do(database, job_id)


@pytest.mark.parametrize(
    ("before", "left"),
    [
        ("SELECT module.id, module.title", (0, 0, 0)),
        ("INSERT INTO progress_snapshot", (0, 0, 0)),
        ("INSERT INTO audit_event", (0, 0, 0)),
        ("UPDATE job SET state", (1, 23, 1)),
    ],
)
def test_a_worker_killed_at_any_step_publishes_once(
    database: Database, world: World, before: str, left: tuple[int, int, int]
) -> None:
    job_id = ask(database, world)
    assert database.transact(partial(jobs.claim, at=NOON)) == job_id
    fork = multiprocessing.get_context("fork")
    there = fork.Event()
    process = fork.Process(target=stand_still, args=(database, job_id, before, there))
    process.start()
    assert there.wait(30)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert published(database) == left
    # The process that was killed gave its signs of life by its own clock.
    assert database.transact(partial(jobs.claim, at=now() + LOST)) == job_id
    doing.do(database, job_id)
    assert published(database) == (1, 23, 1)
    with database.reader() as session:
        assert session.get_one(Job, job_id).state == JobState.DONE
        assert session.scalars(select(ProgressSnapshot.taken_at)).one() == NOON


def test_a_repeat_takes_the_same_figures(database: Database, world: World) -> None:
    publish(database, world, at=NOON)
    with database.reader() as session:
        before = snapshots.latest_document(session, world.cohort_id)
    begin(database, world.learners["Housing"][0], at=NOON)
    answer_open(database, world.learners["Housing"][0], at=NOON + timedelta(hours=1))
    job_id = database.transact(
        lambda session: jobs.ask(
            session, kind=publishing.PROGRESS, actor=world.officer, at=NOON + timedelta(hours=2)
        )
    )
    do_at = NOON + timedelta(hours=2)
    assert database.transact(partial(jobs.claim, at=do_at)) == job_id
    doing.do(database, job_id)
    with database.reader() as session:
        assert snapshots.latest_document(session, world.cohort_id) == before
