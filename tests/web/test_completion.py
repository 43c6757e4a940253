"""Completion by name, where an agency turned it on: shown after a recorded look, days only."""

import csv
import io
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.models import (
    AuditEvent,
    Cohort,
    ModuleState,
)
from app.services.people import roster
from tests import people
from tests.web.office import (
    Office,
    database_of,
    learners_page_by_page,
    make_office,
    text_of,
    turn_names_on,
)

FINISHED = datetime(2026, 11, 20, 3, 47, 59, tzinfo=UTC)


@pytest.fixture
def office(app: Flask) -> Office:
    return make_office(app)


def test_names_of_a_long_cohort_are_shown_a_page_at_a_time(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "PAGE", 4)
    turn_names_on(app, office)
    office.post(office.path("/completion"))
    seen = learners_page_by_page(office, office.path("/completion"))
    assert sorted(seen) == sorted(learner.name for learner in office.learners[:11])
    rows = list(csv.reader(io.StringIO(text_of(office.client.get(office.path("/completion.csv"))))))
    assert len(rows) == 1 + 11  # everybody, whatever a page holds


def test_names_need_the_agencys_switch(office: Office) -> None:
    page = text_of(office.client.get(office.path("/completion")))
    assert "Your agency has not turned this on" in page
    assert office.post(office.path("/completion")).status_code == 409
    assert office.client.get(office.path("/completion.csv")).status_code == 404


def test_the_switch_says_what_it_means_and_is_recorded(app: Flask, office: Office) -> None:
    assert "Every look is recorded" in text_of(office.client.get("/hr/settings?turn=on"))
    assert office.post("/hr/settings", turn="on").status_code == 303
    assert "Turn off" in text_of(office.client.get("/hr/settings"))
    with database_of(app).reader() as session:
        acts = session.scalars(
            select(AuditEvent.act).where(AuditEvent.actor_id == office.officer.id)
        ).all()
    assert list(acts) == ["names-completion-turned-on"]


def test_a_look_at_names_is_recorded_and_shows_days_only(app: Flask, office: Office) -> None:
    turn_names_on(app, office)
    learner = office.learners[0]
    people.begin(database_of(app), learner, at=now())
    database_of(app).transact(
        lambda session: session.execute(
            update(ModuleState)
            .where(ModuleState.learner_id == learner.id)
            .values(finished_at=FINISHED)
        )
    )
    assert learner.name not in text_of(office.client.get(office.path("/completion")))
    assert office.post(office.path("/completion")).status_code == 303
    page = text_of(office.client.get(office.path("/completion")))
    assert learner.name in page
    assert "Completed on 20 November 2026" in page
    assert "03:47" not in page
    with database_of(app).reader() as session:
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.actor_id == office.officer.id)
        ).one()
    assert event.act == "completion-looked-at"
    rows = list(csv.reader(io.StringIO(text_of(office.client.get(office.path("/completion.csv"))))))
    begun = ["'=Learner 0", learner.email, "Housing", "2026-11-20"]
    assert begun in [row[: len(begun)] for row in rows]
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_names_are_for_required_training_only(app: Flask, office: Office) -> None:
    turn_names_on(app, office)

    def optional(session: Session) -> None:
        session.get_one(Cohort, office.cohort_id).required = False

    database_of(app).transact(optional)
    assert "not required" in text_of(office.client.get(office.path("/completion")))
    assert office.post(office.path("/completion")).status_code == 409
