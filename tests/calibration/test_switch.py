"""The switch under live traffic: replay stays exact; a kill leaves one set or the other."""

import json
import multiprocessing
import os
import random
import signal
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event, func, select

import engine.learner
from app.clock import now
from app.db import Database
from app.jobs import doing
from app.models import (
    Calibration,
    CalibrationState,
    Job,
    JobState,
    Mastery,
    RebuiltMastery,
    RebuiltState,
    Response,
    Role,
    SwitchedLog,
)
from app.services.operations import jobs
from app.services.oversight import decisions
from app.services.oversight.calibration import calibrations
from app.services.oversight.calibration.rebuilding import rebuild
from app.words import Sentence
from engine import EvidenceRule, Plan, SkillParameters, Tier
from tests.calibration.crowd import let_answer, make_crowd
from tests.calibration.made import make_calibration, set_in_use
from tests.classroom import make_classroom, make_colleague
from tests.conftest import NOON
from tests.people import Person, answer_open, begin, open_serving
from tests.services.test_model import active_plan, differences, fitted_plan, servings
from tests.services.test_placing import be_placed

LATER = NOON + timedelta(days=1)
ASKED = jobs.LOST_AFTER + timedelta(seconds=1)
WHY = "It foretells answers better."


@pytest.fixture
def officers(database: Database) -> tuple[Person, Person]:
    """Two oversight officers of one agency."""
    trainer = make_classroom(database, learners=1, at=NOON).trainer
    first, second = (
        make_colleague(database, trainer, Role.OVERSIGHT_OFFICER, at=NOON) for _ in range(2)
    )
    return first, second


@pytest.fixture
def crowd(database: Database) -> list[Person]:
    rng = random.Random(5)
    people = make_crowd(database, people=8, at=NOON)
    for person in people[:-1]:
        let_answer(database, person, answers=9, at=NOON, rng=rng)
    return people


def approve(database: Database, calibration_id: uuid.UUID, officer: Person) -> uuid.UUID:
    return database.transact(
        lambda session: calibrations.approve(
            session, calibration_id, officer=officer, note=WHY, at=LATER
        )
    )


def roll_back(database: Database, calibration_id: uuid.UUID, officer: Person) -> uuid.UUID:
    return database.transact(
        lambda session: calibrations.roll_back(
            session, calibration_id, officer=officer, reason="It was no good after all.", at=LATER
        )
    )


def do(database: Database, job_id: uuid.UUID) -> None:
    """Take up the job and do it to its end, in this process."""
    assert database.transact(partial(jobs.claim, at=LATER)) == job_id
    doing.do(database, job_id)
    with database.reader() as session:
        job = session.get_one(Job, job_id)
        assert job.state == JobState.DONE, job.stage


def answer_more(database: Database, people: list[Person], *, after: int, times: int = 3) -> None:
    for person in people:
        begin(database, person, at=LATER)
        for turn in range(times):
            if open_serving(database, person) is not None:
                at = LATER + timedelta(minutes=after + turn)
                answer_open(database, person, at=at, right=turn % 2 == 0)


def masteries(database: Database) -> dict[tuple[uuid.UUID, str], tuple[float, str]]:
    with database.reader() as session:
        return {
            (row.learner_id, row.skill_id): (row.mastery, row.record)
            for row in session.scalars(select(Mastery))
        }


def state(database: Database, calibration_id: uuid.UUID) -> str:
    with database.reader() as session:
        return session.get_one(Calibration, calibration_id).state


@pytest.mark.parametrize("tier", [None, Tier.HISTORY])
def test_replay_is_exact_before_and_after_a_switch_and_its_roll_back(
    database: Database, officers: tuple[Person, Person], crowd: list[Person], tier: Tier | None
) -> None:
    base, before = set_in_use(database).id, masteries(database)
    plan = None if tier is None else fitted_plan(database, tier=tier)
    made = make_calibration(database, officers[0], at=NOON, plan=plan)
    do(database, approve(database, made, officers[1]))
    assert set_in_use(database).id != base
    assert state(database, made) == CalibrationState.ACTIVE
    assert masteries(database).keys() == before.keys()
    assert masteries(database) != before
    assert differences(database) == []
    answer_more(database, crowd, after=0)
    assert differences(database) == []
    do(database, roll_back(database, made, officers[0]))
    assert (set_in_use(database).id, state(database, made)) == (base, CalibrationState.ROLLED_BACK)
    assert differences(database) == []
    answer_more(database, crowd, after=10)
    assert differences(database) == []


def test_a_placement_holds_across_a_switch_and_its_roll_back(
    database: Database, officers: tuple[Person, Person], crowd: list[Person]
) -> None:
    be_placed(database, crowd[-1], right=True, answers=4)
    made = make_calibration(database, officers[0], at=NOON)
    do(database, approve(database, made, officers[1]))
    assert differences(database) == []
    answer_more(database, crowd, after=0)
    do(database, roll_back(database, made, officers[0]))
    assert differences(database) == []


@pytest.mark.usefixtures("crowd")
def test_a_roll_back_at_once_gives_every_mastery_back(
    database: Database, officers: tuple[Person, Person]
) -> None:
    before = masteries(database)
    made = make_calibration(database, officers[0], at=NOON)
    do(database, approve(database, made, officers[1]))
    do(database, roll_back(database, made, officers[1]))
    assert {key: value[0] for key, value in masteries(database).items()} == {
        key: value[0] for key, value in before.items()
    }


def test_every_decision_replays_across_a_switch(
    database: Database, officers: tuple[Person, Person], crowd: list[Person]
) -> None:
    made = make_calibration(database, officers[0], at=NOON, plan=fitted_plan(database))
    do(database, approve(database, made, officers[1]))
    answer_more(database, crowd[:2], after=0)
    with database.reader() as session:
        for serving in servings(database, crowd[0]):
            found = decisions.replay_decision(session, serving.id)
            assert (found.differences, found.log_problems) == ((), ())


def test_people_who_answer_meanwhile_lose_nothing(
    database: Database, officers: tuple[Person, Person], crowd: list[Person]
) -> None:
    """Threads answer while everybody is rebuilt and switched; whoever moved on is caught up."""
    made = make_calibration(database, officers[0], at=NOON, plan=fitted_plan(database))
    job_id = approve(database, made, officers[1])
    leaving, given, failed = threading.Event(), [0], list[Exception]()

    def go_on(people: list[Person]) -> None:
        turn = 0
        while not leaving.is_set() and turn < 200:
            turn += 1
            person = people[turn % len(people)]
            try:
                begin(database, person, at=LATER)
                if answer_open(database, person, at=LATER, right=turn % 3 != 0) is not None:
                    given[0] += 1
            except Exception as error:  # noqa: BLE001 - whatever it is fails the test
                failed.append(error)

    threads = [threading.Thread(target=go_on, args=(part,)) for part in (crowd[:4], crowd[4:])]
    for thread in threads:
        thread.start()
    while given[0] < 5 and not failed:
        leaving.wait(0.01)
    try:
        do(database, job_id)
    finally:
        leaving.set()
        for thread in threads:
            thread.join()
    assert failed == []
    assert state(database, made) == CalibrationState.ACTIVE
    assert differences(database) == []
    with database.reader() as session:
        assert session.scalar(select(func.count()).select_from(SwitchedLog))
        assert session.scalar(select(func.count()).select_from(RebuiltMastery)) == 0


def test_an_answer_between_rebuilding_and_the_switch_counts(
    database: Database, officers: tuple[Person, Person], crowd: list[Person]
) -> None:
    made = make_calibration(database, officers[0], at=NOON)
    job_id = approve(database, made, officers[1])
    with database.reader() as session:
        target = calibrations.target(session, session.get_one(Job, job_id).request)
    rebuild(database.reader, database.transact, target, tell=lambda _stage, _share: None)
    assert differences(database) == []
    answer_more(database, crowd, after=0)
    assert differences(database) == []
    do(database, job_id)
    assert differences(database) == []
    with database.reader() as session:
        rows = session.execute(
            select(Response.learner_id, func.max(Response.sequence)).group_by(Response.learner_id)
        )
        counts = {learner_id: last for learner_id, last in rows}  # noqa: C416 - rows, not pairs
        logs = session.scalars(select(SwitchedLog)).all()
    assert {log.learner_id: log.after_sequence for log in logs} == counts


def blocked_at_commit(database: Database, job_id: uuid.UUID, blocked: object) -> None:
    """Do the job, but stand still once the module has been given the new set, before the commit."""

    def stand_still(*given: object) -> None:
        if str(given[2]).startswith("UPDATE module SET"):
            blocked.set()  # type: ignore[attr-defined]
            signal.pause()

    event.listen(database.engine, "after_cursor_execute", stand_still)
    doing.do(database, job_id)


def blocked_while_rebuilding(database: Database, job_id: uuid.UUID, blocked: object) -> None:
    def stand_still(_stage: Sentence, _share: float) -> None:
        blocked.set()  # type: ignore[attr-defined]
        signal.pause()

    with database.reader() as session:
        target = calibrations.target(session, session.get_one(Job, job_id).request)
    rebuild(database.reader, database.transact, target, tell=stand_still)


@pytest.mark.parametrize("where", [blocked_while_rebuilding, blocked_at_commit])
def test_a_kill_leaves_the_old_set_and_the_job_is_taken_up_again(
    database: Database,
    officers: tuple[Person, Person],
    crowd: list[Person],
    where: Callable[[Database, uuid.UUID, object], None],
) -> None:
    base, before = set_in_use(database).id, masteries(database)
    made = make_calibration(database, officers[0], at=NOON)
    job_id = approve(database, made, officers[1])
    assert database.transact(partial(jobs.claim, at=LATER)) == job_id
    fork = multiprocessing.get_context("fork")
    blocked = fork.Event()
    process = fork.Process(target=where, args=(database, job_id, blocked))
    process.start()
    assert blocked.wait(30)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert (set_in_use(database).id, masteries(database)) == (base, before)
    assert state(database, made) == CalibrationState.APPROVED
    with database.reader() as session:
        assert session.scalar(select(func.count()).select_from(RebuiltState))
    answer_more(database, crowd[:1], after=0)
    assert differences(database) == []
    # The process that was killed gave its signs of life by its own clock.
    lost = max(LATER, now()) + ASKED
    assert database.transact(partial(jobs.claim, at=lost)) == job_id
    doing.do(database, job_id)
    assert state(database, made) == CalibrationState.ACTIVE
    assert set_in_use(database).id != base
    assert differences(database) == []


def test_what_was_evidenced_stays_evidenced(
    database: Database, officers: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A shorter run than the real one, so that a module's worth of right answers shows it.
    monkeypatch.setattr(engine.learner, "EVIDENCE_RULE", EvidenceRule(window=2, correct=2))
    (person,) = make_crowd(database, people=1, at=NOON)
    begin(database, person, at=NOON)
    for turn in range(60):
        if open_serving(database, person) is None:
            break
        answer_open(database, person, at=NOON + timedelta(hours=turn), right=True)
    shown = {key for key, (_, record) in masteries(database).items() if run_shown(record)}
    assert shown
    plan = active_plan(database)
    made = make_calibration(database, officers[0], at=NOON, plan=harsh(plan))
    do(database, approve(database, made, officers[1]))
    after = masteries(database)
    assert any(after[key][0] < 0.95 for key in shown)
    assert {key for key, (_, record) in after.items() if run_shown(record)} >= shown
    assert differences(database) == []


def run_shown(record: str) -> bool:
    """Whether the run that evidence asks for is kept as shown: the last of the rest."""
    return bool(json.loads(record)["rest"][-1])


def harsh(plan: Plan) -> Plan:
    """A plan under which right answers say hardly anything."""
    skills = {
        skill: SkillParameters(prior=0.0001, learn=0.0001, guess=0.45, slip=0.3)
        for skill in plan.skills
    }
    return Plan(skills, plan.terms)
