"""A trainer with a cohort whose learners have answered: some rightly, some wrongly, some not."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring import Exercise
from app.db import Database
from app.models import Agency, Mastery, Role
from app.services.catalogue import shelf
from app.services.learning import practice, sheet
from app.services.learning.practice import Submission
from tests.people import (
    Person,
    answer_open,
    begin,
    enrol,
    make_agency,
    make_cohort,
    make_user,
    open_serving,
)

RIGHT, WRONG, DONT_KNOW = "right", "wrong", "dont-know"
HOW = (RIGHT, WRONG, RIGHT, DONT_KNOW)
LONGEST_WAY = 80


@dataclass(frozen=True, slots=True)
class Classroom:
    """A trainer and the learners of their one cohort."""

    trainer: Person
    learners: tuple[Person, ...]


def make_classroom(database: Database, *, learners: int, at: datetime) -> Classroom:
    """A trainer of a new agency with a cohort of learners who have not begun."""

    def make(session: Session) -> Classroom:
        agency = make_agency(session, at=at)
        trainer = make_user(session, agency, Role.TRAINER, at=at)
        cohort = make_cohort(session, agency, at=at, trainer=trainer)
        people = tuple(make_user(session, agency, Role.LEARNER, at=at) for _ in range(learners))
        for person in people:
            enrol(session, cohort, person, at=at)
        return Classroom(trainer, people)

    return database.transact(make)


def make_colleague(database: Database, person: Person, *roles: Role, at: datetime) -> Person:
    """Somebody else of the person's agency."""
    return database.transact(
        lambda session: make_user(session, session.get_one(Agency, person.agency_id), *roles, at=at)
    )


def let_learn(database: Database, classroom: Classroom, *, answers: int, at: datetime) -> None:
    """Each learner answers some items, in ways that differ from learner to learner."""
    rng = random.Random(1)
    for place, learner in enumerate(classroom.learners):
        begin(database, learner, at=at)
        for turn in range(answers):
            later = at + timedelta(seconds=20 * turn + place)
            if (place + turn) % 5 == 0:
                take_hint(database, learner, at=later)
            give(database, learner, HOW[(place + turn) % len(HOW)], rng=rng, at=later)


def give(
    database: Database, learner: Person, how: str, *, rng: random.Random, at: datetime
) -> None:
    """Answer the open item; a lesson is read whatever was asked for."""
    serving = open_serving(database, learner)
    assert serving is not None
    with database.reader() as session:
        document = shelf.document(session, serving.item_revision_id)
    fields: sheet.Fields = {}
    if isinstance(document, Exercise):
        right, seed = how == RIGHT, serving.seed
        fields = (
            sheet.right_form(document, seed) if right else sheet.wrong_form(document, seed, rng)
        )
    submission = Submission(fields=fields, dont_know=how == DONT_KNOW)
    database.transact(
        lambda session: practice.answer(
            session, serving.id, learner=learner, submission=submission, at=at
        )
    )


def take_hint(database: Database, learner: Person, *, at: datetime) -> None:
    serving = open_serving(database, learner)
    assert serving is not None
    database.transact(
        lambda session: practice.take_hint(session, serving.id, number=1, learner=learner, at=at)
    )


def get_stuck(database: Database, learner: Person, *, at: datetime) -> None:
    """Answer "I don't know" until a skill is set aside."""
    begin(database, learner, at=at)
    for turn in range(LONGEST_WAY):
        answer_open(database, learner, at=at + timedelta(seconds=turn), right=False)
        with database.reader() as session:
            if session.scalar(
                select(Mastery.skill_id).where(
                    Mastery.learner_id == learner.id, Mastery.standing == "parked"
                )
            ):
                return
    raise AssertionError("nobody gets that far without being stuck")
