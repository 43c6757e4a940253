"""Placement through the door: offered before the start, question by question, ended with words."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import Database
from app.models import Role
from app.services.learning import offer
from engine.placement import KNOWN, MOST_QUESTIONS, UNKNOWN
from tests.conftest import NOON
from tests.people import (
    MODULE_SLUG,
    begin,
    client_of,
    csrf_of,
    make_agency,
    make_learner,
    make_user,
)
from tests.services.test_placing import answer, be_placed

MODULE = f"/learn/modules/{MODULE_SLUG}"
PAGE = f"{MODULE}/placement"


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found


@pytest.fixture
def client(app: Flask, database: Database) -> FlaskClient:
    return client_of(app, make_learner(database, at=NOON))


def text_of(client: FlaskClient, path: str = PAGE) -> str:
    return " ".join(client.get(path).get_data(as_text=True).split())


def post(client: FlaskClient, path: str, **fields: str) -> int:
    token = csrf_of(client, MODULE)
    return client.post(path, data={"csrf_token": token, **fields}).status_code


def test_it_is_offered_before_the_start_only(app: Flask, database: Database) -> None:
    learner = make_learner(database, at=NOON)
    client = client_of(app, learner)
    assert "Find what I can skip" in text_of(client, MODULE)
    begin(database, learner, at=NOON)
    assert "Find what I can skip" not in text_of(client, MODULE)


def test_one_question_follows_another(app: Flask, database: Database) -> None:
    learner = make_learner(database, at=NOON)
    client = client_of(app, learner)
    assert post(client, PAGE) == 303
    assert "Question 1 of at most 25." in text_of(client)
    answer(database, learner)
    assert "Question 2 of at most 25." in text_of(client)


def test_who_does_not_know_what_all_builds_on_is_asked_no_more(client: FlaskClient) -> None:
    post(client, PAGE)
    assert post(client, f"{PAGE}/answer", number="1", dont_know="1") == 303
    assert "You start from the beginning" in text_of(client)


def test_a_question_left_open_says_what_is_missing(client: FlaskClient) -> None:
    post(client, PAGE)
    token = csrf_of(client, PAGE)
    reply = client.post(f"{PAGE}/answer", data={"csrf_token": token, "number": "1"})
    assert reply.status_code == 422
    assert "There is a problem" in reply.get_data(as_text=True)


def test_stopped_at_once_it_starts_from_the_beginning(client: FlaskClient) -> None:
    post(client, PAGE)
    assert post(client, f"{PAGE}/stop") == 303
    assert "You start from the beginning" in text_of(client)


def test_it_ends_with_what_may_be_skipped_and_the_time_saved(
    app: Flask, database: Database
) -> None:
    learner = make_learner(database, at=NOON)
    result = be_placed(database, learner, right=True)
    client = client_of(app, learner)
    page = text_of(client)
    assert f"You can skip these {len(result.skippable)} skills" in page
    assert "That saves you about" in page
    assert "Known already" in text_of(client, f"{MODULE}/map")


def test_a_module_under_way_leads_back_to_practice(app: Flask, database: Database) -> None:
    learner = make_learner(database, at=NOON)
    begin(database, learner, at=NOON)
    client = client_of(app, learner)
    token = csrf_of(client, MODULE)
    reply = client.post(PAGE, data={"csrf_token": token})
    assert reply.headers["Location"] == MODULE


def test_who_was_not_asked_has_no_such_page(client: FlaskClient) -> None:
    assert client.get(PAGE).status_code == 404


def test_my_record_tells_of_it(app: Flask, database: Database) -> None:
    learner = make_learner(database, at=NOON)
    client = client_of(app, learner)
    assert "Questions before a module" not in text_of(client, "/learn/record")
    result = be_placed(database, learner, right=True)
    page = text_of(client, "/learn/record")
    assert ", ".join(result.skippable) in page
    assert f'data-label="Questions answered">{result.asked}</td>' in page


def test_my_record_tells_of_one_under_way_and_of_nothing_found(client: FlaskClient) -> None:
    post(client, PAGE)
    assert "Not ended yet" in text_of(client, "/learn/record")
    post(client, f"{PAGE}/answer", number="1", dont_know="1")
    assert "Nothing to skip" in text_of(client, "/learn/record")


def test_how_cairn_decides_tells_how_placement_does(app: Flask, database: Database) -> None:
    with database.writing() as session:
        agency = make_agency(session, at=NOON)
        officer = make_user(session, agency, Role.OVERSIGHT_OFFICER, at=NOON)
    page = text_of(client_of(app, officer), "/oversight/how")
    assert f"below {UNKNOWN * 100:g} in 100 or above {KNOWN * 100:g} in 100" in page
    assert f"after {MOST_QUESTIONS} questions" in page
    assert f"Skills found at {offer.POLICY.placed * 100:g} in 100 or above are skipped" in page
