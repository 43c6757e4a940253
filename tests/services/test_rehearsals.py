"""A module rehearsed for its trainer: asked for, made by a job, read by their agency alone."""

from datetime import timedelta

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import Database
from app.jobs import doing
from app.models import Module, Rehearsal
from app.services.catalogue import parameter_sets, shelf
from app.services.errors import NotFound
from app.services.operations import jobs
from app.services.teaching import rehearsals, rehearsing
from engine import Rule
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
    for outlook in found.outlooks:
        assert {line.skill for line in outlook.strains} == set(syllabus.skills)
        assert outlook.course is not None
        assert {step.item for step in outlook.course.steps} <= set(syllabus.items)
        assert {step.rule for step in outlook.course.steps} <= {rule.value for rule in Rule}


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
    found = found_by(database, trainer)
    assert found is not None
    assert page.count("A typical course:") == len(found.outlooks)
    with database.reader() as db:
        syllabus = shelf.syllabus(db, db.get_one(Module, module_id(db)).revision_id)
    for outlook in found.outlooks:
        assert outlook.course is not None
        first = outlook.course.steps[0]
        skill = syllabus.skills[first.skill].title
        assert str(escape(syllabus.items[first.item].title)) in page
        assert f"“<bdi>{skill}</bdi>” opens. A question first, as they may know it." in page


def test_a_rehearsal_of_before_there_were_courses_is_shown_without(
    app: Flask, database: Database, trainer: Person
) -> None:
    rehearse(database, trainer)
    with database.reader() as db:
        kept = db.scalars(select(Rehearsal)).one()
        document = kept.document
        for line in document["outlooks"]:
            del line["strains"], line["course"]
        made = rehearsals.Made(
            kept.module_id, MODULE_SLUG, kept.module_revision_id, kept.parameter_set_id, 1, document
        )
    later = now() + timedelta(hours=1)
    database.transact(lambda db: rehearsals.keep(db, made, asker=trainer, at=later))
    page = client_of(app, trainer).get(PAGE)
    assert page.status_code == 200
    assert "A typical course" not in page.get_data(as_text=True)


def test_a_skill_that_runs_out_for_one_kind_is_told_with_it() -> None:
    short, enough = (
        rehearsals.Strain(skill="s", items=8.0, repeated=share, stuck=0.0) for share in (0.3, 0.0)
    )
    found = rehearsals.Rehearsed(
        made_at=NOON,
        is_current=True,
        outlooks=tuple(
            rehearsals.Outlook(kind, 3, 8.0, 9.0, 9.0, 1.0, 0.0, 1.0, (strain,), None)
            for kind, strain in (("newcomer", enough), ("knower", enough), ("slow", short))
        ),
        strains=(rehearsals.Strain(skill="s", items=8.0, repeated=0.1, stuck=0.0),),
    )
    assert found.runs_out_for("s") == ("slow",)
    assert [strain.skill for strain in found.short_of_items] == ["s"]


@pytest.mark.parametrize(("repeated", "runs_out"), [(0.0, False), (0.19, False), (0.2, True)])
def test_a_skill_runs_out_where_one_in_five_met_a_question_again(
    repeated: float, *, runs_out: bool
) -> None:
    strain = rehearsals.Strain(skill="s", items=8.0, repeated=repeated, stuck=0.0)
    assert strain.runs_out is runs_out
