"""The administrator's pages, through the door."""

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.clock import now
from app.db import Database
from app.models import Agency, AuditEvent, Role, User
from app.services.people import departments
from tests.people import Person, client_of, csrf_of, make_agency, make_user


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found


@pytest.fixture
def administrator(database: Database) -> Person:
    return database.transact(
        lambda session: make_user(
            session,
            make_agency(session, at=now()),
            Role.ADMINISTRATOR,
            at=now(),
            name="Ann Able",
        )
    )


@pytest.fixture
def client(app: Flask, administrator: Person) -> FlaskClient:
    return client_of(app, administrator)


def beside(database: Database, person: Person, *roles: Role, name: str = "") -> Person:
    return database.transact(
        lambda session: make_user(
            session, session.get_one(Agency, person.agency_id), *roles, at=now(), name=name
        )
    )


def count_events(database: Database) -> int:
    with database.reader() as session:
        return session.scalars(select(func.count()).select_from(AuditEvent)).one()


def fill(client: FlaskClient, page: str, **fields: object) -> dict[str, object]:
    return {"csrf_token": csrf_of(client, page), **fields}


def test_a_new_person_signs_in_with_the_password_shown_once(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    answer = client.post(
        "/people/new",
        data=fill(
            client,
            "/people/new",
            name="Ada Lund",
            email="ada@example.org",
            department="",
            roles=["learner", "oversight_officer"],
        ),
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    (password,) = re.findall(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", page)
    assert password not in client.get("/people").get_data(as_text=True)
    with database.reader() as session:
        events = session.scalars(select(AuditEvent)).all()
    assert password not in str([event.details for event in events])
    other = app.test_client()
    entered = other.post(
        "/sign-in",
        data=fill(other, "/sign-in", email="ada@example.org", password=password),
    )
    assert entered.status_code == 303
    assert other.get("/account/password").status_code == 200


def test_a_mistake_keeps_what_was_typed(client: FlaskClient, database: Database) -> None:
    before = count_events(database)
    answer = client.post(
        "/people/new", data=fill(client, "/people/new", name="Ada Lund", email="nonsense")
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="Ada Lund"' in page
    assert "Enter an email address like name@agency.example." in page
    assert count_events(database) == before


def test_roles_that_do_not_exist_are_refused(client: FlaskClient, database: Database) -> None:
    answer = client.post(
        "/people/new",
        data=fill(
            client, "/people/new", name="Ada", email="ada@example.org", roles=["king", "learner"]
        ),
    )
    assert answer.status_code == 422
    with database.reader() as session:
        assert session.scalar(select(User).where(User.email == "ada@example.org")) is None


def test_an_account_is_changed(
    client: FlaskClient, database: Database, administrator: Person
) -> None:
    person = beside(database, administrator, Role.LEARNER, name="Ada Lund")
    department = database.transact(
        lambda session: departments.add(session, "Permits", administrator=administrator, at=now())
    )
    path = f"/people/{person.id}"
    answer = client.post(
        path,
        data=fill(
            client, path, name="Ada Berg", department=str(department), roles="trainer", active="y"
        ),
    )
    assert answer.status_code == 303
    page = client.get("/people?q=berg").get_data(as_text=True)
    assert "The account of Ada Berg is saved." in page
    row = re.search(r"<tr[^>]*>\s*<th.*?Ada Berg.*?</tr>", page, re.DOTALL)
    assert row is not None
    assert "Permits" in row.group()
    assert "Trainer" in row.group()


def test_one_cannot_close_ones_own_account(client: FlaskClient, administrator: Person) -> None:
    path = f"/people/{administrator.id}"
    answer = client.post(
        path, data=fill(client, path, name="Ann Able", department="", roles="administrator")
    )
    assert answer.status_code == 422
    assert "You cannot close your own account." in answer.get_data(as_text=True)
    assert client.get("/people").status_code == 200


def test_a_reset_shows_a_new_password_once(
    client: FlaskClient, database: Database, administrator: Person
) -> None:
    person = beside(database, administrator, Role.LEARNER)
    path = f"/people/{person.id}"
    answer = client.post(f"{path}/password", data=fill(client, path))
    assert answer.status_code == 200
    assert re.search(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", answer.get_data(as_text=True))
    assert client.get(f"{path}/password").status_code == 405


def test_departments_are_added_and_renamed_on_one_page(
    client: FlaskClient, database: Database, administrator: Person
) -> None:
    path = "/people/departments"
    added = client.post(path, data=fill(client, path, name="Permits"))
    assert added.status_code == 303
    with database.reader() as session:
        (line,) = departments.departments(session, administrator)
    field = f"department-{line.id.hex}-name"
    renamed = client.post(f"{path}/{line.id}", data=fill(client, path, **{field: "Licences"}))
    assert renamed.status_code == 303
    page = client.get(path).get_data(as_text=True)
    assert "Licences" in page
    empty = client.post(f"{path}/{line.id}", data=fill(client, path, **{field: " "}))
    assert empty.status_code == 422
    assert f'href="#{field}"' in empty.get_data(as_text=True)


def test_the_same_department_twice_is_told_at_its_field(client: FlaskClient) -> None:
    path = "/people/departments"
    client.post(path, data=fill(client, path, name="Permits"))
    again = client.post(path, data=fill(client, path, name="permits"))
    assert again.status_code == 422
    assert "Your agency has a department of this name already." in again.get_data(as_text=True)


def test_foreign_ids_answer_like_absent_ones(client: FlaskClient, database: Database) -> None:
    stranger = database.transact(
        lambda session: make_user(
            session, make_agency(session, at=now()), Role.ADMINISTRATOR, at=now()
        )
    )
    department = database.transact(
        lambda session: departments.add(session, "Permits", administrator=stranger, at=now())
    )
    form = fill(client, "/people/new", name="Mine", department="", roles="learner", active="y")
    answers = []
    for person_id, department_id in ((stranger.id, department), (uuid.uuid4(), uuid.uuid4())):
        renamed = {**form, f"department-{department_id.hex}-name": "Mine"}
        answers.append(
            (
                client.get(f"/people/{person_id}").status_code,
                client.post(f"/people/{person_id}", data=form).status_code,
                client.post(f"/people/{person_id}/password", data=form).status_code,
                client.post(f"/people/departments/{department_id}", data=renamed).status_code,
            )
        )
    assert answers == [(404,) * 4] * 2
    assert "Permits" not in client.get("/people/departments").get_data(as_text=True)
    assert stranger.email not in client.get("/people").get_data(as_text=True)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_enters(
    app: Flask, database: Database, administrator: Person, role: Role
) -> None:
    other = client_of(app, beside(database, administrator, role))
    for path in ("/people", "/people/new", f"/people/{administrator.id}", "/people/departments"):
        assert other.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/people", "/people/new", "/people/departments"])
def test_a_page_has_one_heading_that_is_its_title(client: FlaskClient, path: str) -> None:
    page = client.get(path).get_data(as_text=True)
    (heading,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert f"<title>{heading.strip()} \N{EN DASH} Cairn</title>" in page
