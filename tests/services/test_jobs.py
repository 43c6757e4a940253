"""Long work: taken up once, taken up again when lost, seen by nobody but who asked."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from app.config import Config
from app.db import Database
from app.models import JobState
from app.services.errors import NotFound, Refused
from app.services.operations import jobs
from app.words import Sentence
from tests.people import make_learner

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOON + jobs.LOST_AFTER + timedelta(seconds=1)


def test_the_oldest_work_is_taken_up_first_and_once(database: Database) -> None:
    asked = [
        database.transact(partial(jobs.ask, kind="replay", actor=None, at=at))
        for at in (NOON, NOON + timedelta(seconds=1))
    ]
    with database.reader() as db:
        assert jobs.is_waiting(db, at=NOON)
    taken = [database.transact(lambda db: jobs.claim(db, at=NOON)) for _ in range(3)]
    assert taken == [*asked, None]


def test_a_worker_passes_by_what_another_is_taking_up(postgres_config: Config) -> None:
    database = Database(postgres_config)
    database.transact(lambda db: jobs.ask(db, kind="replay", actor=None, at=NOON))
    with database.writing() as first:
        assert jobs.claim(first, at=NOON) is not None
        with database.writing() as second:
            assert jobs.claim(second, at=NOON) is None
    database.engine.dispose()


def test_work_that_nobody_is_seen_doing_is_taken_up_again_and_at_last_given_up(
    database: Database,
) -> None:
    person = make_learner(database, at=NOON)
    job = database.transact(lambda db: jobs.ask(db, kind="replay", actor=person, at=NOON))
    at = NOON
    for _ in range(jobs.TRIES):
        assert database.transact(partial(jobs.claim, at=at)) == job
        assert database.transact(partial(jobs.claim, at=at)) is None
        at += LATER - NOON
    assert database.transact(lambda db: jobs.claim(db, at=at)) is None
    with database.reader() as db:
        shown = jobs.find(db, job, person=person)
    assert shown.state is JobState.FAILED
    assert shown.stage == jobs.GIVEN_UP


def test_a_sign_of_life_keeps_it(database: Database) -> None:
    job = database.transact(lambda db: jobs.ask(db, kind="replay", actor=None, at=NOON))
    database.transact(lambda db: jobs.claim(db, at=NOON))
    database.transact(lambda db: jobs.alive(db, job, at=LATER))
    assert database.transact(lambda db: jobs.claim(db, at=LATER)) is None


def test_how_far_it_is_and_what_came_of_it(database: Database) -> None:
    person = make_learner(database, at=NOON)
    job = database.transact(lambda db: jobs.ask(db, kind="replay", actor=person, at=NOON))
    with database.reader() as db:
        assert jobs.find(db, job, person=person).stage == jobs.WAITING
    database.transact(lambda db: jobs.claim(db, at=NOON))
    stage = Sentence("Fitting %(skills)s skills", skills=9)
    database.transact(lambda db: jobs.tell(db, job, stage, progress=1.5, at=NOON))
    with database.reader() as db:
        shown = jobs.find(db, job, person=person)
        assert (shown.progress, shown.stage, shown.is_over) == (1.0, "Fitting 9 skills", False)
    database.transact(lambda db: jobs.finish(db, job, {"name": "x"}, at=NOON))
    with database.reader() as db:
        shown = jobs.find(db, job, person=person)
    assert (shown.state, shown.result, shown.is_over) == (JobState.DONE, {"name": "x"}, True)


def test_what_cannot_be_done_says_why(database: Database) -> None:
    person = make_learner(database, at=NOON)
    job = database.transact(lambda db: jobs.ask(db, kind="replay", actor=person, at=NOON))
    database.transact(lambda db: jobs.claim(db, at=NOON))
    problem = Refused("Too few answers: %(answers)d.", answers=12)
    database.transact(lambda db: jobs.fail(db, job, problem, at=NOON))
    with database.reader() as db:
        assert jobs.find(db, job, person=person).stage == "Too few answers: 12."


def test_a_job_is_seen_by_who_asked_alone(database: Database) -> None:
    person, other = make_learner(database, at=NOON), make_learner(database, at=NOON)
    job = database.transact(lambda db: jobs.ask(db, kind="replay", actor=person, at=NOON))
    with database.reader() as db, pytest.raises(NotFound):
        jobs.find(db, job, person=other)
