"""Reported problems: read by trainers of the same agency, closed once, the reporter unnamed."""

import random
import uuid

import pytest
from sqlalchemy import select

from app.db import Database
from app.models import AuditEvent, ItemReport, Response, Role
from app.services.errors import Invalid, NotFound, Refused
from app.services.learning import problems
from app.services.teaching import reports
from app.services.teaching.reports import Report
from tests.classroom import RIGHT, Classroom, give, make_classroom, make_colleague
from tests.conftest import NOON
from tests.people import Person, begin


@pytest.fixture
def classroom(database: Database) -> Classroom:
    """A learner who has answered one item and reported it."""
    found = make_classroom(database, learners=1, at=NOON)
    (learner,) = found.learners
    begin(database, learner, at=NOON)
    give(database, learner, RIGHT, rng=random.Random(1), at=NOON)
    report_answered(database, learner)
    return found


def report_answered(database: Database, learner: Person) -> None:
    with database.reader() as session:
        serving_id = session.scalars(
            select(Response.serving_id).where(Response.learner_id == learner.id)
        ).one()
    database.transact(
        lambda session: problems.report(
            session, serving_id, learner=learner, kind="unclear", text="Which year?", at=NOON
        )
    )


def open_of(database: Database, trainer: Person) -> tuple[Report, ...]:
    with database.reader() as session:
        return reports.open_reports(session, trainer=trainer)


def close(database: Database, report_id: uuid.UUID, trainer: Person, note: str = "Mended") -> None:
    database.transact(
        lambda session: reports.close(session, report_id, trainer=trainer, note=note, at=NOON)
    )


def test_a_report_says_what_but_not_who(database: Database, classroom: Classroom) -> None:
    (report,) = open_of(database, classroom.trainer)
    (learner,) = classroom.learners
    assert (report.kind, report.text, report.in_use) == ("unclear", "Which year?", True)
    assert not report.changed_since
    shown = repr(report)
    assert str(learner.id) not in shown
    assert learner.name not in shown
    with database.reader() as session:
        assert reports.count_open(session, trainer=classroom.trainer) == {report.item_id: 1}
        assert reports.of_item(session, report.item_id, trainer=classroom.trainer) == (report,)


def test_a_closed_report_keeps_its_note_and_an_event(
    database: Database, classroom: Classroom
) -> None:
    (report,) = open_of(database, classroom.trainer)
    close(database, report.id, classroom.trainer, "The year is given now.")
    assert open_of(database, classroom.trainer) == ()
    with database.reader() as session:
        (closed,) = reports.closed_reports(session, trainer=classroom.trainer)
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == reports.ACT)).one()
        assert reports.count_open(session, trainer=classroom.trainer) == {}
    assert closed.closing_note == "The year is given now."
    assert closed.closed_by == classroom.trainer.name
    assert (event.actor_id, event.subject_id) == (classroom.trainer.id, None)
    assert event.details["report"] == str(report.id)


def test_a_report_is_closed_once(database: Database, classroom: Classroom) -> None:
    (report,) = open_of(database, classroom.trainer)
    close(database, report.id, classroom.trainer)
    with pytest.raises(Refused):
        close(database, report.id, classroom.trainer, "Again")
    with database.reader() as session:
        assert session.get_one(ItemReport, report.id).closing_note == "Mended"


@pytest.mark.parametrize("note", ["", "x" * 1001])
def test_a_report_is_not_closed_without_a_fitting_note(
    database: Database, classroom: Classroom, note: str
) -> None:
    (report,) = open_of(database, classroom.trainer)
    with pytest.raises(Invalid):
        close(database, report.id, classroom.trainer, note)
    assert open_of(database, classroom.trainer) == (report,)


def test_a_foreign_report_is_like_an_absent_one(database: Database, classroom: Classroom) -> None:
    (report,) = open_of(database, classroom.trainer)
    stranger = make_classroom(database, learners=0, at=NOON).trainer
    assert open_of(database, stranger) == ()
    for report_id in (report.id, uuid.uuid4()):
        with pytest.raises(NotFound):
            close(database, report_id, stranger)
        with database.reader() as session, pytest.raises(NotFound):
            reports.find(session, report_id, trainer=stranger)


def test_every_trainer_of_the_agency_may_close_it(database: Database, classroom: Classroom) -> None:
    (report,) = open_of(database, classroom.trainer)
    colleague = make_colleague(database, classroom.trainer, Role.TRAINER, at=NOON)
    close(database, report.id, colleague)
    assert open_of(database, classroom.trainer) == ()
