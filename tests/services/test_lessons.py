"""The lessons a learner has read are found again; nobody finds another's."""

from sqlalchemy import select

from app.authoring import Lesson
from app.db import Database
from app.models import Response, Serving
from app.services.catalogue import shelf
from app.services.learning import lessons
from tests.conftest import NOON
from tests.people import Person, answer_open, begin, make_learner

ANSWERS = 12


def found(database: Database, learner: Person) -> dict[str, tuple[lessons.ReadLesson, ...]]:
    with database.reader() as session:
        revision = session.scalars(select(Serving.module_revision_id).limit(1)).one()
        syllabus = shelf.syllabus(session, revision)
        return dict(lessons.of_skills(session, syllabus, syllabus.skills, learner=learner))


def test_every_lesson_read_is_found_again_by_its_last_serving(database: Database) -> None:
    learner = make_learner(database, at=NOON)
    begin(database, learner, at=NOON)
    for _ in range(ANSWERS):
        assert answer_open(database, learner, at=NOON, right=False) is not None
    with database.reader() as session:
        read = {
            serving.item_id: serving.id
            for serving in session.scalars(
                select(Serving)
                .join(Response, Response.serving_id == Serving.id)
                .order_by(Serving.sequence)
            )
            if isinstance(shelf.document(session, serving.item_revision_id), Lesson)
        }
    assert read
    assert {one.serving_id for several in found(database, learner).values() for one in several} == {
        *read.values()
    }


def test_nobody_finds_what_somebody_else_has_read(database: Database) -> None:
    learner, stranger = make_learner(database, at=NOON), make_learner(database, at=NOON)
    begin(database, learner, at=NOON)
    for _ in range(ANSWERS):
        answer_open(database, learner, at=NOON, right=False)
    assert set(found(database, stranger).values()) == {()}
