"""A module rehearsed for its trainer: asked for, made by a job, read by their agency alone."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.clock import now
from app.db import Database
from app.jobs import doing
from app.models import Module
from app.services.catalogue import parameter_sets, shelf
from app.services.errors import NotFound
from app.services.operations import jobs
from app.services.teaching import rehearsals, rehearsing
from tests.calibration.made import other_plan
from tests.classroom import make_classroom
from tests.conftest import NOON
from tests.people import MODULE_SLUG, Person, client_of, csrf_of, module_id

PAGE = f"/author/modules/{MODULE_SLUG}/rehearsal"


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found


@pytest.fixture
def trainer(database: Database, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setattr(rehearsing, "LEARNERS", 3)
    return make_classroom(database, learners=0, at=NOON).trainer


def rehearse(database: Database, trainer: Person) -> None:
    job = database.transact(lambda db: rehearsals.ask(db, MODULE_SLUG, trainer=trainer, at=NOON))
    assert database.transact(lambda db: jobs.claim(db, at=NOON)) == job
    doing.do(database, job)


def found_by(database: Database, trainer: Person) -> rehearsals.Rehearsed | None:
    with database.reader() as db:
        return rehearsals.latest(db, module_id(db), trainer=trainer)


def test_a_rehearsal_tells_of_every_kind_of_learner_and_every_skill(
    database: Database, trainer: Person
) -> None:
    rehearse(database, trainer)
    found = found_by(database, trainer)
    assert found is not None
    assert found.is_current
    assert [line.kind for line in found.outlooks] == ["newcomer", "knower", "slow"]
    with database.reader() as db:
        syllabus = shelf.syllabus(db, db.get_one(Module, module_id(db)).revision_id)
    assert {line.skill for line in found.strains} == set(syllabus.skills)


def test_a_rehearsal_of_other_parameters_says_so(database: Database, trainer: Person) -> None:
    rehearse(database, trainer)
    database.transact(teach_with_another_set)
    found = found_by(database, trainer)
    assert found is not None
    assert not found.is_current


def teach_with_another_set(db: Session) -> None:
    module = db.get_one(Module, module_id(db))
    plan = other_plan(shelf.plan(db, module.parameter_set_id))
    module.parameter_set_id = parameter_sets.keep(db, plan, module_id=module.id, at=NOON)


def test_another_agency_does_not_see_it(database: Database, trainer: Person) -> None:
    rehearse(database, trainer)
    assert found_by(database, make_classroom(database, learners=0, at=NOON).trainer) is None


def test_a_module_that_is_not_theirs_cannot_be_rehearsed(
    database: Database, trainer: Person
) -> None:
    with pytest.raises(NotFound):
        database.transact(lambda db: rehearsals.ask(db, "no-such", trainer=trainer, at=NOON))


def test_asking_leads_to_the_work_and_the_work_to_the_page(
    app: Flask, database: Database, trainer: Person
) -> None:
    client = client_of(app, trainer)
    assert "Not rehearsed yet" in client.get(PAGE).get_data(as_text=True)
    answer = client.post(PAGE, data={"csrf_token": csrf_of(client, PAGE)})
    job = database.transact(lambda db: jobs.claim(db, at=now()))
    assert job is not None
    doing.do(database, job)
    assert f'href="{PAGE}"' in client.get(answer.headers["Location"]).get_data(as_text=True)
    page = " ".join(client.get(PAGE).get_data(as_text=True).split())
    assert "Newcomers need about" in page
    assert "3 simulated learners of each kind" in page


@pytest.mark.parametrize(("repeated", "runs_out"), [(0.0, False), (0.19, False), (0.2, True)])
def test_a_skill_runs_out_where_one_in_five_met_a_question_again(
    repeated: float, *, runs_out: bool
) -> None:
    strain = rehearsals.Strain(skill="s", items=8.0, repeated=repeated, stuck=0.0)
    assert strain.runs_out is runs_out
