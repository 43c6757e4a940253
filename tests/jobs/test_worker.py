"""A real worker with real processes: what is asked for gets done, what is lost is done again."""

import signal
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from app.clock import now
from app.config import Config
from app.db import Database
from app.jobs import worker
from app.models import AuditEvent, Job, JobState
from app.services.operations import jobs
from tests.ops.processes import DEADLINE_SECONDS, PAUSE_SECONDS, Cairn, environment, start
from tests.people import make_learner

pytestmark = pytest.mark.faults


@pytest.fixture
def surroundings(sqlite_config: Config, monkeypatch: pytest.MonkeyPatch) -> Config:
    """This process as `flask work` finds itself: what it starts uses the same data folder."""
    for name, value in environment(sqlite_config.home).items():
        monkeypatch.setenv(name, value)
    return sqlite_config


def until(done: Callable[[], bool]) -> None:
    deadline = threading.Event()
    for _ in range(int(DEADLINE_SECONDS / PAUSE_SECONDS)):
        if done():
            return
        deadline.wait(PAUSE_SECONDS)
    raise AssertionError("it did not come about in time")


def state(database: Database, job: uuid.UUID) -> str:
    with database.reader() as db:
        return db.get_one(Job, job).state


def test_a_job_is_done_by_a_process_of_its_own(surroundings: Config) -> None:
    database, leaving = Database(surroundings), threading.Event()
    job = database.transact(lambda db: jobs.ask(db, kind="replay", actor=None, at=now()))
    working = threading.Thread(target=worker.work, args=(database,), kwargs={"leaving": leaving})
    working.start()
    try:
        until(lambda: state(database, job) == JobState.DONE)
    finally:
        leaving.set()
        working.join()
    with database.reader() as db:
        assert db.scalar(select(AuditEvent.act).where(AuditEvent.act == "log-replayed"))
    database.engine.dispose()


def test_a_job_whose_process_ends_early_waits_to_be_taken_up_again(surroundings: Config) -> None:
    database, leaving = Database(surroundings), threading.Event()
    job = database.transact(lambda db: jobs.ask(db, kind="no such work", actor=None, at=now()))
    working = threading.Thread(target=worker.work, args=(database,), kwargs={"leaving": leaving})
    working.start()
    try:
        until(lambda: state(database, job) == JobState.RUNNING)
    finally:
        leaving.set()
        working.join()
    later = now() + jobs.LOST_AFTER + timedelta(seconds=1)
    assert database.transact(lambda db: jobs.claim(db, at=later)) == job
    database.engine.dispose()


def test_what_cairn_does_by_itself_is_asked_for_once_a_period(database: Database) -> None:
    at = now()
    for _ in range(2):
        worker.ask_what_is_due(database, at=at)
    worker.ask_what_is_due(database, at=at + timedelta(days=8))
    with database.reader() as db:
        asked = db.scalars(select(Job.kind).where(Job.kind == "replay")).all()
    assert len(asked) == 2


def test_what_somebody_asks_for_does_not_put_that_off(database: Database) -> None:
    person, at = make_learner(database, at=now()), now()
    database.transact(lambda db: jobs.ask(db, kind="replay", actor=person, at=at))
    worker.ask_what_is_due(database, at=at)
    with database.reader() as db:
        asked = db.scalars(select(Job.asked_by).where(Job.kind == "replay")).all()
    assert sorted(asked, key=str) == sorted([person.id, None], key=str)


def test_a_server_brings_its_worker_and_takes_it_along(tmp_path: Path) -> None:
    server: Cairn = start(tmp_path)
    family = psutil.Process(server.process.pid).children(recursive=True)
    assert any("work" in process.cmdline() for process in family)
    server.stop(signal.SIGKILL)
    _, left = psutil.wait_procs(family, timeout=DEADLINE_SECONDS)
    assert not left
