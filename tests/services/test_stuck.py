"""Who is stuck: only a trainer's own learners, and every look at names is kept."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db import Database
from app.models import AuditEvent, Enrolment, Module, Role
from app.services.audit import Actor
from app.services.catalogue import shelf
from app.services.teaching import stuck
from tests.classroom import Classroom, get_stuck, make_classroom, make_colleague
from tests.conftest import NOON
from tests.people import MODULE_SLUG

LATER = NOON + timedelta(hours=1)
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def classroom(database: Database) -> Classroom:
    """Two learners, of whom the first is stuck."""
    found = make_classroom(database, learners=2, at=NOON)
    get_stuck(database, found.learners[0], at=NOON)
    return found


def syllabus_of(session: Session) -> shelf.Syllabus:
    return shelf.syllabus(
        session,
        session.scalars(select(Module.revision_id).where(Module.slug == MODULE_SLUG)).one(),
    )


def look(database: Database, trainer: Actor, *, at: datetime = LATER) -> stuck.StuckList:
    with database.reader() as session:
        return stuck.look(session, syllabus_of(session), trainer=trainer, at=at)


def show_names(database: Database, trainer: Actor, *, at: datetime = LATER) -> None:
    database.transact(
        lambda session: stuck.show_names(
            session,
            syllabus_of(session),
            trainer=trainer,
            at=at,
        )
    )


def events(database: Database) -> list[AuditEvent]:
    with database.reader() as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.act == stuck.ACT)))


def test_names_stay_hidden_until_asked_for(database: Database, classroom: Classroom) -> None:
    found = look(database, classroom.trainer)
    assert (found.learners, found.unnamed, found.named) == (1, 1, ())
    assert events(database) == []
    with database.reader() as session:
        counted = stuck.count_learners(session, trainer=classroom.trainer)
        assert counted == {syllabus_of(session).module_id: 1}


def test_what_is_told_is_what_happened(database: Database, classroom: Classroom) -> None:
    show_names(database, classroom.trainer)
    found = look(database, classroom.trainer)
    (learner,) = found.named
    assert learner.name == classroom.learners[0].name
    (skill,) = learner.skills
    assert skill.answers == skill.misses == skill.effort == 12
    assert [answer.outcome for answer in skill.latest] == ["dont_know"] * 6
    assert (skill.latest_right, skill.at_limit) == (0, False)
    assert (skill.lessons_read, skill.lessons) == (2, 2)


def test_a_look_is_kept_once_a_learner_and_day(database: Database, classroom: Classroom) -> None:
    show_names(database, classroom.trainer)
    show_names(database, classroom.trainer)
    (event,) = events(database)
    assert event.subject_id == classroom.learners[0].id
    assert event.actor_id == classroom.trainer.id
    assert look(database, classroom.trainer, at=TOMORROW).named == ()
    show_names(database, classroom.trainer, at=TOMORROW)
    assert len(events(database)) == 2


def test_another_trainer_sees_nobody(database: Database, classroom: Classroom) -> None:
    colleague = make_colleague(database, classroom.trainer, Role.TRAINER, at=NOON)
    stranger = make_classroom(database, learners=1, at=NOON).trainer
    for other in (colleague, stranger):
        assert look(database, other).learners == 0
        show_names(database, other)
        with database.reader() as session:
            assert stuck.count_learners(session, trainer=other) == {}
    assert events(database) == []


def test_somebody_who_has_left_the_cohort_is_no_longer_shown(
    database: Database, classroom: Classroom
) -> None:
    show_names(database, classroom.trainer)
    database.transact(
        lambda session: session.execute(
            update(Enrolment)
            .where(Enrolment.learner_id == classroom.learners[0].id)
            .values(ended_at=LATER)
        )
    )
    found = look(database, classroom.trainer)
    assert (found.learners, found.named) == (0, ())
