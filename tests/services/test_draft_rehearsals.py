"""A draft rehearsed before anything is published: by its own parameters, for its agency alone."""

import uuid
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.authoring import write_module
from app.clock import now
from app.db import Database
from app.jobs import doing
from app.models import Module
from app.services.errors import NotFound, Refused
from app.services.operations import jobs
from app.services.teaching import rehearsing
from app.services.teaching.rehearsals import Rehearsed
from app.services.workshop import draft_rehearsals, drafts, writing
from engine import SkillParameters
from tests import workshop
from tests.classroom import make_classroom
from tests.conftest import NOON
from tests.people import Person, client_of, csrf_of


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found


@pytest.fixture
def trainer(database: Database, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setattr(rehearsing, "LEARNERS", 3)
    return make_classroom(database, learners=0, at=NOON).trainer


@pytest.fixture
def draft(database: Database, trainer: Person) -> drafts.Draft:
    return database.transact(lambda db: workshop.begin(db, trainer, title="Letters", at=NOON))


def find(database: Database, trainer: Person, draft_id: uuid.UUID) -> drafts.Draft:
    with database.reader() as db:
        return drafts.find(db, draft_id, trainer=trainer)


def rehearse(database: Database, trainer: Person, draft: drafts.Draft) -> None:
    job = database.transact(lambda db: draft_rehearsals.ask(db, draft.id, trainer=trainer, at=NOON))
    assert database.transact(lambda db: jobs.claim(db, at=NOON)) == job
    doing.do(database, job)


def latest(database: Database, trainer: Person, draft: drafts.Draft) -> Rehearsed:
    with database.reader() as db:
        found = draft_rehearsals.latest(db, drafts.find(db, draft.id, trainer=trainer))
    assert found is not None
    return found


def test_it_tells_what_runs_out_and_publishes_nothing(
    database: Database, trainer: Person, draft: drafts.Draft
) -> None:
    with database.reader() as db:
        before = db.scalar(select(func.count()).select_from(Module))
    rehearse(database, trainer, draft)
    found = latest(database, trainer, draft)
    assert found.is_current
    assert [line.kind for line in found.outlooks] == ["newcomer", "knower", "slow"]
    assert draft.raw is not None
    assert [line.skill for line in found.strains] == [skill.id for skill in draft.raw.skills]
    assert found.short_of_items  # one question is not enough for anybody
    with database.reader() as db:
        assert db.scalar(select(func.count()).select_from(Module)) == before


def test_it_goes_by_the_parameters_of_the_draft(
    database: Database, trainer: Person, draft: drafts.Draft
) -> None:
    assert draft.raw is not None
    (skill,) = draft.raw.skills
    own = replace(skill, parameters={**skill.parameters, "prior": 0.61})
    raw = replace(draft.raw, skills=(own,))
    database.transact(
        lambda db: writing.change_module(
            db, draft.id, raw, trainer=trainer, version=draft.version, at=NOON
        )
    )
    with database.reader() as db:
        ready = draft_rehearsals.read(db, draft.id, trainer=trainer)
    assert isinstance(ready.plan.skills[skill.id], SkillParameters)
    assert ready.plan.skills[skill.id].prior == 0.61


def test_a_change_after_it_is_said(
    database: Database, trainer: Person, draft: drafts.Draft
) -> None:
    rehearse(database, trainer, draft)
    item = draft.items[0]
    text = item.text.replace("answers", "always answers")
    database.transact(
        lambda db: writing.save_item(
            db, draft.id, item.id, trainer=trainer, text=text, version=item.version, at=NOON
        )
    )
    assert not latest(database, trainer, draft).is_current


def test_a_draft_of_another_agency_cannot_be_rehearsed(
    database: Database, draft: drafts.Draft
) -> None:
    stranger = make_classroom(database, learners=0, at=NOON).trainer
    with pytest.raises(NotFound):
        database.transact(lambda db: draft_rehearsals.ask(db, draft.id, trainer=stranger, at=NOON))


@pytest.mark.parametrize("text", ["", "no toml ["])
def test_what_nobody_could_go_through_is_refused(
    database: Database, trainer: Person, draft: drafts.Draft, text: str
) -> None:
    assert draft.raw is not None
    whole = text or write_module(replace(draft.raw, skills=()))
    database.transact(
        lambda db: writing.save_module(
            db, draft.id, trainer=trainer, text=whole, version=draft.version, at=NOON
        )
    )
    with pytest.raises(Refused, match="cannot be rehearsed yet"):
        database.transact(lambda db: draft_rehearsals.ask(db, draft.id, trainer=trainer, at=NOON))


def test_the_page_leads_to_the_work_and_the_work_to_the_page(
    app: Flask, database: Database, trainer: Person, draft: drafts.Draft
) -> None:
    client, page = client_of(app, trainer), f"/author/drafts/{draft.id}/rehearsal"
    assert "Not rehearsed yet" in client.get(page).get_data(as_text=True)
    answer = client.post(page, data={"csrf_token": csrf_of(client, page)})
    job = database.transact(lambda db: jobs.claim(db, at=now()))
    assert job is not None
    doing.do(database, job)
    assert f'href="{page}"' in client.get(answer.headers["Location"]).get_data(as_text=True)
    shown = client.get(page).get_data(as_text=True)
    assert "Newcomers need about" in shown
    assert "Runs out" in shown
    assert shown.count("A typical course:") == 3
    assert shown.count("<li><bdi>Who answers for a letter</bdi>") >= 3
    assert "More practice on “<bdi>Answer for it</bdi>”." in shown


def test_the_page_says_why_a_draft_cannot_be_rehearsed(
    app: Flask, database: Database, trainer: Person
) -> None:
    empty = database.transact(
        lambda db: drafts.create(db, trainer=trainer, title="Empty", language="en", at=NOON)
    )
    client, page = client_of(app, trainer), f"/author/drafts/{empty}/rehearsal"
    answer = client.post(page, data={"csrf_token": csrf_of(client, page)})
    assert answer.status_code == 409
    assert "cannot be rehearsed yet" in answer.get_data(as_text=True)
