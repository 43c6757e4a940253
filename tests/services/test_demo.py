"""The demonstration shows what it is for."""

from itertools import islice

from sqlalchemy import select

from app.db import Database
from app.models import Cohort, Enrolment, User
from app.services.demo import seeding
from app.services.demo.visitors import DEMO_DOMAIN
from tests.conftest import NOON


def test_the_learners_one_can_become_have_time_left(database: Database) -> None:
    """Every page of theirs would say "was due" otherwise."""
    list(islice(seeding.seed(database.transact, at=NOON), 1))
    addresses = [name + DEMO_DOMAIN for name in seeding.SHOWN_LEARNERS]
    with database.reader() as session:
        due = session.scalars(
            select(Cohort.due_on)
            .join(Enrolment, Enrolment.cohort_id == Cohort.id)
            .join(User, User.id == Enrolment.learner_id)
            .where(User.email.in_(addresses))
        ).all()
    assert len(due) == len(addresses)
    assert all(day is not None and day > NOON.date() for day in due)
