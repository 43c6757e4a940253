"""What people read about evidence: what is missing for it, and how it is decided."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.db import Database
from app.models import Module, Role
from app.services.learning import practice
from app.services.workshop import drafts, programmes, releasing, reviewing
from tests import workshop
from tests.conftest import NOON
from tests.people import (
    MODULE_SLUG,
    Person,
    answer_open,
    begin,
    client_of,
    enrol,
    make_agency,
    make_cohort,
    make_learner,
    make_user,
)

LONGER = "that takes 9 of 10 different questions right without hints, on more than one day."


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found


def enrol_without_case(session: Session) -> tuple[Person, str]:
    """A learner of a published module whose only skill has no transfer case, and its slug."""
    agency = make_agency(session, at=NOON)
    trainer, reviewer = (make_user(session, agency, Role.TRAINER, at=NOON) for _ in range(2))
    learner = make_user(session, agency, Role.LEARNER, at=NOON)
    cohort = make_cohort(session, agency, at=NOON)
    draft = workshop.begin(session, trainer, title="Sign it", at=NOON)
    cohort.programme_id = programmes.create(session, "Signing well", trainer=trainer, at=NOON)
    drafts.lock(session, draft.id, trainer=trainer).programme_id = cohort.programme_id
    reviewing.submit(session, draft.id, trainer=trainer, at=NOON)
    reviewing.decide(session, draft.id, trainer=reviewer, approve=True, note="", at=NOON)
    releasing.publish(session, draft.id, trainer=trainer, at=NOON)
    enrol(session, cohort, learner, at=NOON)
    module = session.get_one(Module, draft.module_id)
    practice.begin(session, module.id, learner=learner, at=NOON)
    return learner, module.slug


def shown(app: Flask, person: Person, path: str) -> str:
    return " ".join(client_of(app, person).get(path).get_data(as_text=True).split())


def test_without_a_transfer_case_the_longer_run_is_what_is_missing(
    app: Flask, database: Database
) -> None:
    learner, slug = database.transact(enrol_without_case)
    answer_open(database, learner, at=NOON)
    assert LONGER in shown(app, learner, f"/learn/modules/{slug}/map")


def test_with_a_transfer_case_it_is_not(app: Flask, database: Database) -> None:
    learner = make_learner(database, at=NOON)
    begin(database, learner, at=NOON)
    answer_open(database, learner, at=NOON)
    page = shown(app, learner, f"/learn/modules/{MODULE_SLUG}/map")
    assert "Not evidenced yet: that takes more right answers" in page
    assert LONGER not in page


def test_how_cairn_decides_tells_both_runs(app: Flask, database: Database) -> None:
    officer = database.transact(
        lambda session: make_user(
            session, make_agency(session, at=NOON), Role.OVERSIGHT_OFFICER, at=NOON
        )
    )
    page = shown(app, officer, "/oversight/how")
    assert "7 of the latest 8 answers" in page
    assert "9 of 10 such answers right, among the latest 16 that are kept" in page
    assert "evidence-2" in page
