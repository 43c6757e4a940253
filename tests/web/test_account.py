"""Signing in, out and keeping a password, through the door."""

import re
from datetime import timedelta
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.clock import now
from app.db import Database
from app.models import Role, SignIn, SignInAttempt, User
from app.services.people import accounts
from app.services.people.passwords import hash_password
from app.web import access
from tests import people
from tests.conftest import NOON
from tests.people import Person

PASSWORD = "harbour lantern ferry"
NEW = "quiet orchard bicycle"
HASHED = hash_password(PASSWORD)


@pytest.fixture
def person(app: Flask) -> Person:
    database: Database = app.extensions["database"]
    return database.transact(
        lambda session: people.make_user(
            session,
            people.make_agency(session, at=NOON),
            Role.LEARNER,
            at=NOON,
            password_hash=HASHED,
        )
    )


def token_on(client: FlaskClient, path: str) -> str:
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found.group(1)


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> TestResponse:
    sent = {"csrf_token": token_on(client, "/sign-in"), "email": email, "password": password}
    return client.post("/sign-in", data=sent)


def count(app: Flask, table: type[SignIn | SignInAttempt]) -> int:
    database: Database = app.extensions["database"]
    with database.reader() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_right_password_leads_home(app: Flask, person: Person) -> None:
    client = app.test_client()
    answer = sign_in(client, person.email.upper() + " ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/learn")
    assert client.get("/learn").status_code == 200


def test_a_wrong_password_and_an_unknown_address_say_the_same(app: Flask, person: Person) -> None:
    wrong = sign_in(app.test_client(), person.email, "not the password")
    unknown = sign_in(app.test_client(), "nobody@example.org", "not the password")
    assert wrong.status_code == unknown.status_code == 422
    for answer in (wrong, unknown):
        assert accounts.REFUSAL in answer.get_data(as_text=True)


def test_a_closed_account_cannot_sign_in(app: Flask, person: Person) -> None:
    database: Database = app.extensions["database"]

    def close(session: Session) -> None:
        session.get_one(User, person.id).active = False

    database.transact(close)
    assert sign_in(app.test_client(), person.email).status_code == 422


def test_closing_an_account_ends_it_at_the_next_request(app: Flask, person: Person) -> None:
    client = people.client_of(app, person)
    assert client.get("/learn").status_code == 200
    database: Database = app.extensions["database"]

    def close(session: Session) -> None:
        session.get_one(User, person.id).active = False

    database.transact(close)
    assert client.get("/learn").status_code == 302


def test_the_eleventh_try_is_refused_even_with_the_right_password(
    app: Flask, person: Person
) -> None:
    for _ in range(accounts.ATTEMPTS_ALLOWED):
        assert sign_in(app.test_client(), person.email, "guess after guess").status_code == 422
    answer = sign_in(app.test_client(), person.email)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert count(app, SignIn) == 0


def test_tries_are_forgotten_after_the_wait(
    app: Flask, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(accounts.ATTEMPTS_ALLOWED):
        sign_in(app.test_client(), person.email, "guess after guess")
    from app.web import account  # noqa: PLC0415 - its clock is set here

    later = now() + accounts.ATTEMPTS_WITHIN + timedelta(seconds=1)
    set_clock(monkeypatch, account, later)
    set_clock(monkeypatch, access, later)
    assert sign_in(app.test_client(), person.email).status_code == 303


def set_clock(monkeypatch: pytest.MonkeyPatch, module: ModuleType, at: object) -> None:
    monkeypatch.setattr(module, "now", lambda: at)


def test_a_signed_out_cookie_is_worth_nothing(app: Flask, person: Person) -> None:
    client = people.client_of(app, person)
    cookie = client.get_cookie("cairn")
    assert cookie is not None
    answer = client.post("/sign-out", data={"csrf_token": token_on(client, "/learn")})
    assert answer.headers["Clear-Site-Data"]
    replayed = app.test_client()
    replayed.set_cookie("cairn", cookie.value)
    assert replayed.get("/learn").status_code == 302


def test_signing_in_makes_a_new_session(app: Flask, person: Person) -> None:
    client = app.test_client()
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    sign_in(client, person.email)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_a_sign_in_ends_after_twelve_hours(
    app: Flask, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = people.client_of(app, person)
    set_clock(monkeypatch, access, now() + accounts.SIGNED_IN_FOR + timedelta(seconds=1))
    assert client.get("/learn").status_code == 302


def test_a_new_password_signs_other_devices_out(app: Flask, person: Person) -> None:
    here, elsewhere = people.client_of(app, person), people.client_of(app, person)
    sent = {"current": PASSWORD, "new": NEW, "repeat": NEW}
    sent["csrf_token"] = token_on(here, "/account/password")
    assert here.post("/account/password", data=sent).status_code == 303
    assert here.get("/learn").status_code == 200
    assert elsewhere.get("/learn").status_code == 302
    assert sign_in(app.test_client(), person.email).status_code == 422
    assert sign_in(app.test_client(), person.email, NEW).status_code == 303


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"current": "something else"}, "The current password is not right."),
        ({"repeat": "something else"}, "The two new passwords are not the same."),
        ({"new": "short", "repeat": "short"}, "Use at least 12 characters."),
        ({"new": "aaaaaaaaaaaaaa", "repeat": "aaaaaaaaaaaaaa"}, "easy to guess"),
        ({"new": "password1234", "repeat": "password1234"}, "easy to guess"),
    ],
)
def test_a_bad_new_password_is_told_at_its_field(
    app: Flask, person: Person, changed: dict[str, str], said: str
) -> None:
    client = people.client_of(app, person)
    sent = {"current": PASSWORD, "new": NEW, "repeat": NEW} | changed
    sent["csrf_token"] = token_on(client, "/account/password")
    answer = client.post("/account/password", data=sent)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert PASSWORD not in answer.get_data(as_text=True)


def test_without_the_demonstration_nobody_is_let_in_by_a_click(app: Flask, person: Person) -> None:
    client = app.test_client()
    sent = {"csrf_token": token_on(client, "/sign-in"), "person": str(person.id)}
    assert client.post("/demo/sign-in", data=sent).status_code == 404
    assert "demo" not in client.get("/").get_data(as_text=True).lower()


def test_the_demonstration_lets_in_only_its_own_people(demo_app: Flask) -> None:
    database: Database = demo_app.extensions["database"]
    real = database.transact(
        lambda session: people.make_user(
            session, people.make_agency(session, at=NOON), Role.ADMINISTRATOR, at=NOON
        )
    )
    client = demo_app.test_client()
    sent = {"csrf_token": token_on(client, "/sign-in"), "person": str(real.id)}
    assert client.post("/demo/sign-in", data=sent).status_code == 404
