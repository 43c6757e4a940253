"""The learner's home: one clear next step, whatever the standing."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.clock import now
from app.db import Database
from app.models import ProgrammeModule
from app.services.learning import cards, offer
from app.web import learn
from app.web.views import long_date
from engine.review import first_review_days
from tests import people


@pytest.fixture
def finished(app: Flask) -> people.Person:
    """A learner who has finished the module just now."""
    database: Database = app.extensions["database"]
    at = now() - timedelta(hours=3)
    learner = people.make_learner(database, at=at)
    people.begin(database, learner, at=at)
    while people.answer_open(database, learner, at=at) is not None:
        at += timedelta(seconds=30)
    return learner


def test_a_finished_module_makes_way_for_the_next(app: Flask, finished: people.Person) -> None:
    client = people.client_of(app, finished)
    page = client.get("/learn").get_data(as_text=True)
    assert "You are up to date" not in page
    assert "Personal data in everyday casework" in page
    completed = client.get(f"/learn/modules/{people.MODULE_SLUG}").get_data(as_text=True)
    assert "You have completed this module" in completed
    assert "/learn/modules/personal-data-in-everyday-casework" in completed


def test_a_finished_programme_leaves_nothing_to_do(app: Flask, finished: people.Person) -> None:
    def keep_one_module(session: Session) -> None:
        done = people.module_id(session)
        session.execute(delete(ProgrammeModule).where(ProgrammeModule.module_id != done))

    app.extensions["database"].transact(keep_one_module)
    client = people.client_of(app, finished)
    assert "You are up to date" in client.get("/learn").get_data(as_text=True)
    completed = client.get(f"/learn/modules/{people.MODULE_SLUG}").get_data(as_text=True)
    assert "You have completed this module" in completed
    assert "Your next step" not in completed


def test_a_refresher_that_is_due_becomes_the_next_step(
    app: Flask, finished: people.Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = people.client_of(app, finished)
    later = now() + timedelta(days=90)
    monkeypatch.setattr(learn, "now", lambda: later)
    assert "A refresher is ready" in client.get("/learn").get_data(as_text=True)
    path = f"/learn/modules/{people.MODULE_SLUG}"
    assert "Start the refresher" in client.get(path).get_data(as_text=True)
    token = people.csrf_of(client, path)
    assert client.post(f"{path}/begin", data={"csrf_token": token}).status_code == 303
    # Finished in one sitting, the transfer cases are still to come: they refresh best.
    assert "This case is new" in client.get(path).get_data(as_text=True)
    assert people.open_serving(app.extensions["database"], finished) is not None


def test_the_next_review_is_told_as_soon_as_a_skill_is_mastered(app: Flask) -> None:
    database: Database = app.extensions["database"]
    at = now()
    learner = people.make_learner(database, at=at)
    people.begin(database, learner, at=at)
    client = people.client_of(app, learner)
    assert "We ask again about" not in client.get("/learn").get_data(as_text=True)
    reviews: list[cards.NextReview] = []
    while not reviews:
        at += timedelta(seconds=30)
        assert people.answer_open(database, learner, at=at) is not None
        with database.reader() as session:
            shown = cards.modules(session, learner=learner, at=at)
        reviews = [card.next_review for card in shown if card.next_review is not None]
    (review,) = reviews
    assert review.at - at == pytest.approx(
        timedelta(days=first_review_days(offer.POLICY)), abs=timedelta(minutes=5)
    )
    with app.test_request_context():
        day = long_date(review.at)
    home = client.get("/learn").get_data(as_text=True)
    assert f"We ask again about “{review.skill}” from {day}." in home
    shown_map = client.get(f"/learn/modules/{people.MODULE_SLUG}/map").get_data(as_text=True)
    assert f"We ask again about it from {day}: what is not used fades." in shown_map


def test_a_review_that_is_due_is_told_while_other_skills_are_open(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    database: Database = app.extensions["database"]
    at = now()
    learner = people.make_learner(database, at=at)
    people.begin(database, learner, at=at)
    for turn in range(12):
        people.answer_open(database, learner, at=at + timedelta(seconds=30 * turn))
    later = now() + timedelta(days=30)
    monkeypatch.setattr(learn, "now", lambda: later)
    client = people.client_of(app, learner)
    assert "It is time to ask again about “" in client.get("/learn").get_data(as_text=True)
    shown_map = client.get(f"/learn/modules/{people.MODULE_SLUG}/map").get_data(as_text=True)
    assert "It is time to ask again: what is not used fades." in shown_map
