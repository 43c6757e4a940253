"""Skill by learner: only the trainer's own, without names until asked, and every asking is kept."""

import pytest
from sqlalchemy import func, select

from app.db import Database
from app.models import AuditEvent
from app.services.catalogue import shelf
from app.services.errors import NotFound
from app.services.teaching import grid, material
from app.services.teaching.grid import Grid
from tests.classroom import let_learn, make_classroom
from tests.conftest import NOON
from tests.people import MODULE_SLUG, Person

KEY = "k" * 32


def look(database: Database, trainer: Person) -> Grid:
    with database.reader() as session:
        return grid.look(session, syllabus(database, trainer), trainer=trainer, at=NOON, key=KEY)


def syllabus(database: Database, trainer: Person) -> shelf.Syllabus:
    with database.reader() as session:
        return material.content(session, MODULE_SLUG, trainer=trainer).syllabus


def test_a_trainer_sees_their_own_learners_without_names(database: Database) -> None:
    classroom = make_classroom(database, learners=3, at=NOON)
    make_classroom(database, learners=2, at=NOON)
    let_learn(database, classroom, answers=5, at=NOON)
    found = look(database, classroom.trainer)
    assert len(found.lines) == found.unnamed == 3
    assert all(line.name is None for line in found.lines)
    assert all(len(line.cells) == len(found.skills) for line in found.lines)
    assert all(sum(cell.answers for cell in line.cells) for line in found.lines)
    assert all(line.cells[-1].state == "new" for line in found.lines)


def test_names_come_when_asked_for_and_each_asking_is_kept_once_a_day(database: Database) -> None:
    classroom = make_classroom(database, learners=3, at=NOON)
    trainer = classroom.trainer
    cohort = look(database, trainer).cohort
    for _ in range(2):
        database.transact(
            lambda db: grid.show_names(
                db, syllabus(database, trainer), cohort, trainer=trainer, at=NOON
            )
        )
    found = look(database, trainer)
    assert found.unnamed == 0
    assert [line.name for line in found.lines] == sorted(line.name or "" for line in found.lines)
    with database.reader() as session:
        kept = session.scalar(select(func.count()).where(AuditEvent.act == grid.ACT))
    assert kept == 3


def test_another_trainers_cohort_is_as_if_it_were_not_there(database: Database) -> None:
    own = make_classroom(database, learners=1, at=NOON).trainer
    other = make_classroom(database, learners=2, at=NOON).trainer
    theirs = look(database, other).cohort
    with database.reader() as session:
        found = grid.look(
            session, syllabus(database, own), trainer=own, at=NOON, key=KEY, cohort=theirs
        )
        assert len(found.lines) == 1
    with pytest.raises(NotFound):
        database.transact(
            lambda db: grid.show_names(db, syllabus(database, own), theirs, trainer=own, at=NOON)
        )
