"""A crowd with a log: people who answer as a hidden truth says, far from what experts expect."""

import random
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from app.authoring import Exercise
from app.db import Database
from app.models import Role
from app.services.catalogue import shelf
from app.services.learning import practice, sheet
from app.services.learning.practice import Submission
from tests.people import (
    Person,
    begin,
    enrol,
    make_agency,
    make_cohort,
    make_user,
    open_serving,
)

KNOWN, LUCKY = 0.93, 0.05


def make_crowd(database: Database, *, people: int, at: datetime) -> list[Person]:
    """Learners of two agencies who share the module."""

    def make(session: Session) -> list[Person]:
        found = []
        for size in (people // 2, people - people // 2):
            agency = make_agency(session, at=at)
            cohort = make_cohort(session, agency, at=at)
            for _ in range(size):
                person = make_user(session, agency, Role.LEARNER, at=at)
                enrol(session, cohort, person, at=at)
                found.append(person)
        return found

    return database.transact(make)


def let_answer(
    database: Database, person: Person, *, answers: int, at: datetime, rng: random.Random
) -> None:
    """Answer so many items; a skill is known from the start or from some answer on."""
    begin(database, person, at=at)
    knows: dict[str, bool] = {}
    able = rng.random() < 0.6
    for turn in range(answers):
        serving = open_serving(database, person)
        if serving is None:
            return
        with database.reader() as session:
            document = shelf.document(session, serving.item_revision_id)
            syllabus = shelf.syllabus(session, serving.module_revision_id)
        item = syllabus.curriculum.item(serving.item_id)
        skill = item.skills[0]
        known = knows.setdefault(skill, rng.random() < (0.8 if able else 0.15))
        knows[skill] = known or rng.random() < 0.1
        right = rng.random() < (KNOWN if known else max(item.guess or 0.0, LUCKY))
        give(
            database,
            person,
            right=right,
            document=document,
            rng=rng,
            at=at + timedelta(minutes=turn),
        )


def give(
    database: Database,
    person: Person,
    *,
    right: bool,
    document: object,
    rng: random.Random,
    at: datetime,
) -> None:
    """Answer the open item."""
    serving = open_serving(database, person)
    assert serving is not None
    fields: sheet.Fields = {}
    if isinstance(document, Exercise):
        fields = (
            sheet.right_form(document, serving.seed)
            if right
            else sheet.wrong_form(document, serving.seed, rng)
        )
    submission = Submission(fields=fields)
    database.transact(
        partial(
            practice.answer, serving_id=serving.id, learner=person, submission=submission, at=at
        )
    )
