"""What the fault tests share: a learner with an open question."""

import pytest

from app.db import Database
from tests.conftest import NOON
from tests.people import Person, begin, make_learner


@pytest.fixture
def learner(database: Database) -> Person:
    """A learner with an open item in the shipped module."""
    person = make_learner(database, at=NOON)
    begin(database, person, at=NOON)
    return person
