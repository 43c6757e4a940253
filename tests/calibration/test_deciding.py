"""Who may decide what on a calibration, and what is kept of it."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from app.authoring import read_catalogue
from app.config import REPOSITORY
from app.db import Database
from app.jobs import doing
from app.models import AuditEvent, Calibration, CalibrationState, Job, Role
from app.services.catalogue import publishing
from app.services.errors import Invalid, NotFound, Refused
from app.services.operations import jobs
from app.services.oversight.calibration import calibrations
from engine import Plan
from tests.calibration.made import make_calibration, other_plan, set_in_use
from tests.classroom import make_classroom, make_colleague
from tests.conftest import NOON
from tests.people import MODULE_SLUG, Person
from tests.services.test_model import activate, active_plan, fitted_plan

WHY = "It foretells answers better."


@pytest.fixture
def asker(database: Database) -> Person:
    trainer = make_classroom(database, learners=1, at=NOON).trainer
    return make_colleague(database, trainer, Role.OVERSIGHT_OFFICER, at=NOON)


@pytest.fixture
def second(database: Database, asker: Person) -> Person:
    return make_colleague(database, asker, Role.OVERSIGHT_OFFICER, at=NOON)


def approve(database: Database, made: uuid.UUID, officer: Person, *, note: str = WHY) -> uuid.UUID:
    return database.transact(
        lambda session: calibrations.approve(session, made, officer=officer, note=note, at=NOON)
    )


def reject(database: Database, made: uuid.UUID, officer: Person) -> None:
    database.transact(
        lambda session: calibrations.reject(session, made, officer=officer, note=WHY, at=NOON)
    )


def state(database: Database, made: uuid.UUID) -> str:
    with database.reader() as session:
        return session.get_one(Calibration, made).state


def test_nobody_decides_on_what_they_asked_for(database: Database, asker: Person) -> None:
    made = make_calibration(database, asker, at=NOON)
    for decide in (approve, reject):
        with pytest.raises(Refused, match="Somebody else"):
            decide(database, made, asker)
    assert state(database, made) == CalibrationState.PROPOSED


def test_the_database_itself_asks_for_two_people(database: Database, asker: Person) -> None:
    made = make_calibration(database, asker, at=NOON)
    with pytest.raises(Exception, match="two_people"):
        database.transact(
            lambda session: setattr(session.get_one(Calibration, made), "decided_by", asker.id)
        )


def test_what_is_not_better_cannot_be_approved(
    database: Database, asker: Person, second: Person
) -> None:
    made = make_calibration(database, asker, at=NOON, better=False)
    assert state(database, made) == CalibrationState.NOT_BETTER
    with pytest.raises(Refused, match="not better"):
        approve(database, made, second)


def test_a_proposal_that_changes_nothing_is_not_better(database: Database, asker: Person) -> None:

    made = make_calibration(database, asker, at=NOON, plan=active_plan(database))
    assert state(database, made) == CalibrationState.NOT_BETTER


def test_a_decision_needs_a_reason_and_is_made_once(
    database: Database, asker: Person, second: Person
) -> None:
    made = make_calibration(database, asker, at=NOON)
    with pytest.raises(Invalid, match="Say why"):
        approve(database, made, second, note="ok")
    reject(database, made, second)
    with pytest.raises(Refused, match="already"):
        approve(database, made, second)
    with database.reader() as session:
        kept = calibrations.read(session, made, officer=asker)
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.actor_id == second.id)).all()
    assert (kept.state, kept.decided_by, kept.note) == ("rejected", second.name, WHY)
    assert acts == ["calibration-rejected"]


def test_another_agency_sees_none_of_it(database: Database, asker: Person) -> None:
    made = make_calibration(database, asker, at=NOON)
    trainer = make_classroom(database, learners=1, at=NOON).trainer
    foreign = make_colleague(database, trainer, Role.OVERSIGHT_OFFICER, at=NOON)
    with database.reader() as session:
        assert calibrations.of_module(session, MODULE_SLUG, officer=foreign) == ()
        with pytest.raises(NotFound):
            calibrations.read(session, made, officer=foreign)
    with pytest.raises(NotFound):
        approve(database, made, foreign)


def test_a_proposal_against_an_earlier_set_is_refused(
    database: Database, asker: Person, second: Person
) -> None:

    made = make_calibration(database, asker, at=NOON)
    activate(database, fitted_plan(database))
    with pytest.raises(Refused, match="other parameters since"):
        approve(database, made, second)


def test_parameters_changed_while_rebuilding_leave_the_decision_open(
    database: Database, asker: Person, second: Person
) -> None:

    made = make_calibration(database, asker, at=NOON)
    job_id = approve(database, made, second)
    activate(database, fitted_plan(database))
    in_use = set_in_use(database).id
    database.transact(lambda session: jobs.claim(session, at=NOON))
    doing.do(database, job_id)
    with database.reader() as session:
        job = session.get_one(Job, job_id)
        assert (job.state, "Nothing was switched" in str(job.stage)) == ("failed", True)
    assert (state(database, made), set_in_use(database).id) == ("proposed", in_use)


def test_what_is_not_in_use_cannot_be_rolled_back(
    database: Database, asker: Person, second: Person
) -> None:
    made = make_calibration(database, asker, at=NOON)
    with pytest.raises(Refused, match="not in use"):
        database.transact(
            lambda session: calibrations.roll_back(
                session, made, officer=second, reason=WHY, at=NOON + timedelta(hours=1)
            )
        )


def test_a_later_calibration_retires_the_one_before_and_a_roll_back_brings_it_back(
    database: Database, asker: Person, second: Person
) -> None:

    def do(job_id: uuid.UUID) -> None:
        database.transact(lambda session: jobs.claim(session, at=NOON))
        doing.do(database, job_id)

    first = make_calibration(database, asker, at=NOON)
    do(approve(database, first, second))
    later = make_calibration(database, asker, at=NOON, plan=fitted_plan(database))
    do(approve(database, later, second))
    assert [state(database, made) for made in (first, later)] == ["retired", "active"]
    do(
        database.transact(
            lambda session: calibrations.roll_back(
                session, later, officer=asker, reason=WHY, at=NOON
            )
        )
    )
    assert [state(database, made) for made in (first, later)] == ["active", "rolled-back"]
    with database.reader() as session:
        acts = set(session.scalars(select(AuditEvent.act)))
    assert {
        "calibration-approved",
        "calibration-rolled-back",
        "parameters-activated",
        "parameters-rolled-back",
    } <= acts


def test_a_switch_given_up_for_good_can_be_decided_on_again(
    database: Database, asker: Person, second: Person
) -> None:
    made = make_calibration(database, asker, at=NOON)
    job_id = approve(database, made, second)
    with pytest.raises(Refused, match="already"):
        approve(database, made, second)
    at = NOON
    for _ in range(jobs.TRIES + 1):
        database.transact(partial(jobs.claim, at=at))
        at += 2 * jobs.LOST_AFTER
    with database.reader() as session:
        assert session.get_one(Job, job_id).state == "failed"
        assert calibrations.read(session, made, officer=second).may_decide
    again = approve(database, made, second)
    database.transact(partial(jobs.claim, at=at))
    doing.do(database, again)
    assert state(database, made) == "active"


def test_a_skill_that_comes_later_gets_the_experts_estimates(database: Database) -> None:
    """Fitted parameters stay, and nobody meets a skill without any."""
    whole = active_plan(database)
    skills = dict(other_plan(whole).skills)
    late, _ = skills.popitem()
    activate(database, Plan(skills, whole.terms))
    catalogue = read_catalogue(REPOSITORY / "content")
    database.transact(lambda session: publishing.publish(session, catalogue, at=NOON))
    found = active_plan(database)
    assert found.skills == {**skills, late: whole.skills[late]}
    in_use = set_in_use(database)
    assert in_use.origin == "fitted"
    database.transact(lambda session: publishing.publish(session, catalogue, at=NOON))
    assert set_in_use(database).id == in_use.id
