"""The oversight officer's pages, through the door."""

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.clock import now
from app.db import Database
from app.models import Agency, AuditEvent, Role, Serving
from app.services.oversight.workings import describe_inputs
from tests.people import Person, answer_open, begin, client_of, csrf_of, make_learner, make_user
from tests.services.test_model import activate, fitted_plan


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found


@pytest.fixture
def learner(database: Database) -> Person:
    at = now() - timedelta(hours=2)
    learner = make_learner(database, at=at)
    begin(database, learner, at=at)
    for number in range(6):
        answer_open(database, learner, at=at + timedelta(minutes=number), right=number % 3 > 0)
    return learner


@pytest.fixture
def officer(app: Flask, database: Database, learner: Person) -> FlaskClient:
    return client_beside(app, database, learner)


def client_beside(app: Flask, database: Database, person: Person) -> FlaskClient:
    officer = database.transact(
        lambda session: make_user(
            session,
            session.get_one(Agency, person.agency_id),
            Role.OVERSIGHT_OFFICER,
            at=now(),
        )
    )
    return client_of(app, officer)


def serving_of(database: Database, learner: Person) -> uuid.UUID:
    with database.reader() as session:
        return session.scalars(
            select(Serving.id)
            .where(Serving.learner_id == learner.id)
            .order_by(Serving.sequence.desc())
            .limit(1)
        ).one()


def count_events(database: Database) -> int:
    with database.reader() as session:
        return session.scalars(select(func.count()).select_from(AuditEvent)).one()


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def open_decision(client: FlaskClient, serving_id: uuid.UUID) -> None:
    path = f"/oversight/decisions/{serving_id}"
    answer = client.post(
        path,
        data={
            "csrf_token": csrf_of(client, path),
            "reason": "appeal",
            "note": "Case 17: was the lesson needed?",
        },
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(path)


@pytest.mark.parametrize(
    "path", ["/oversight", "/oversight/how", "/oversight/decisions", "/oversight/events"]
)
def test_a_page_has_one_heading_that_is_its_title(officer: FlaskClient, path: str) -> None:
    page = text_of(officer, path)
    (heading,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert f"<title>{heading.strip()} \N{EN DASH} Cairn</title>" in page


@pytest.mark.parametrize("path", ["/oversight", "/oversight/decisions", "/oversight/events"])
def test_no_page_of_lists_names_a_learner(officer: FlaskClient, learner: Person, path: str) -> None:
    page = text_of(officer, path)
    assert learner.name not in page
    assert learner.email not in page
    assert str(learner.id) not in page


def test_a_decision_stays_closed_until_a_reason_is_given(
    officer: FlaskClient, database: Database, learner: Person
) -> None:
    serving_id = serving_of(database, learner)
    before = count_events(database)
    page = text_of(officer, f"/oversight/decisions/{serving_id}")
    assert "Why do you open this decision?" in page
    assert "Items considered" not in page
    assert count_events(database) == before
    open_decision(officer, serving_id)
    assert count_events(database) == before + 1
    page = text_of(officer, f"/oversight/decisions/{serving_id}")
    assert "The same choice, bit for bit" in page
    assert "Items considered" in page
    assert learner.name not in page
    assert count_events(database) == before + 1


def test_a_reason_without_words_is_asked_for_again(
    officer: FlaskClient, database: Database, learner: Person
) -> None:
    path = f"/oversight/decisions/{serving_of(database, learner)}"
    token = csrf_of(officer, path)
    before = count_events(database)
    answer = officer.post(path, data={"csrf_token": token, "reason": "appeal", "note": " "})
    assert answer.status_code == 422
    assert "Say in 10 to 1000 characters what it is about." in answer.get_data(as_text=True)
    assert officer.post(path, data={"csrf_token": token}).status_code == 422
    assert count_events(database) == before


def test_every_decision_of_a_learner_can_be_shown(
    officer: FlaskClient, database: Database, learner: Person
) -> None:
    with database.reader() as session:
        servings = session.scalars(select(Serving.id).where(Serving.learner_id == learner.id)).all()
    for serving_id in servings:
        open_decision(officer, serving_id)
        page = text_of(officer, f"/oversight/decisions/{serving_id}")
        assert "The same choice, bit for bit" in page
        assert "Whole up to this decision" in page


def test_a_reference_leads_to_its_decision(
    officer: FlaskClient, database: Database, learner: Person
) -> None:
    serving_id = serving_of(database, learner)
    answer = officer.get("/oversight/decisions", query_string={"reference": str(serving_id)[:8]})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(str(serving_id))


def test_a_wrong_reference_is_told_at_its_field(officer: FlaskClient) -> None:
    page = text_of(officer, "/oversight/decisions?reference=zzz", status=422)
    assert 'href="#reference"' in page
    assert "<title>Error: Decisions" in page


def test_a_foreign_decision_answers_like_an_absent_one(
    app: Flask, database: Database, learner: Person
) -> None:
    stranger = client_beside(app, database, make_learner(database, at=now()))
    token = csrf_of(stranger, "/account/password")
    reason = {"csrf_token": token, "reason": "appeal", "note": "I am only curious."}
    answers = []
    for serving_id in (serving_of(database, learner), uuid.uuid4()):
        path = f"/oversight/decisions/{serving_id}"
        read, write = stranger.get(path), stranger.post(path, data=reason)
        answers.append((read.status_code, write.status_code))
    assert answers == [(404, 404), (404, 404)]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OVERSIGHT_OFFICER])
def test_nobody_else_enters(app: Flask, database: Database, learner: Person, role: Role) -> None:
    other = client_of(
        app,
        database.transact(
            lambda session: make_user(
                session, session.get_one(Agency, learner.agency_id), role, at=now()
            )
        ),
    )
    for path in ("/oversight", f"/oversight/decisions/{serving_of(database, learner)}"):
        assert other.get(path).status_code == 403


def test_every_input_of_the_engine_has_words(officer: FlaskClient) -> None:
    page = text_of(officer, "/oversight/how")
    told = describe_inputs()
    raw = {
        name.replace("_", " ")
        for name in (*told.of_answers, *told.of_content, *told.of_skills, *told.of_moment)
    }
    assert not {name for name in raw if f"<li>{name}</li>" in page}


def test_the_page_about_deciding_says_whether_the_time_taken_matters(
    officer: FlaskClient, database: Database
) -> None:
    unused = "the fitted term that would use it is in use in no module"
    assert unused in text_of(officer, "/oversight/how")
    activate(database, fitted_plan(database))
    shown = text_of(officer, "/oversight/how")
    assert unused not in shown
    assert "The time between two answers counts as the time taken over one where" in shown
    for term in ("How long the item before took", "The latest answers on the skill"):
        assert term in shown


def test_the_reason_stands_among_the_events(
    officer: FlaskClient, database: Database, learner: Person
) -> None:
    open_decision(officer, serving_of(database, learner))
    page = text_of(officer, "/oversight/events?act=decision-opened")
    assert "Case 17: was the lesson needed?" in page
    assert "A learner disagrees with the decision" in page
    assert learner.name not in page
