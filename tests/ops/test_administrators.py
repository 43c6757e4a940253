"""`flask create-admin`: the way to a first account."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.clock import now
from app.models import Agency, AuditEvent, User, UserRole
from app.services.people import accounts

ADA = ("--email", "Ada@Example.org", "--name", "Ada Bright", "--agency", "Roads & Bridges")


def create(app: Flask, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["create-admin", *options])


def test_a_first_administrator_may_sign_in_with_the_password_shown(app: Flask) -> None:
    made = create(app, *ADA)
    assert made.exit_code == 0, made.output
    password = made.output.split("only here: ")[1].strip()
    database = app.extensions["database"]
    token = database.transact(
        lambda session: accounts.sign_in(
            session, email="ada@example.org", password=password, source="test", at=now()
        )
    )
    assert token is not None
    with database.reader() as session:
        person = accounts.signed_in(session, token, at=now())
        assert person is not None
        assert person.roles == {"administrator"}
        assert person.agency_name == "Roads & Bridges"
        event = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == person.id)).one()
        assert (event.act, event.actor_id) == ("administrator-created", None)
        assert password not in str(event.details)


def test_a_second_administrator_joins_the_agency_there_is(app: Flask) -> None:
    create(app, *ADA)
    made = create(app, "--email", "bo@example.org", "--name", "Bo", "--agency", "roads & bridges")
    assert made.exit_code == 0, made.output
    with app.extensions["database"].reader() as session:
        assert session.scalar(select(func.count()).select_from(Agency)) == 1
        assert session.scalar(select(func.count()).select_from(UserRole)) == 2


def test_an_address_is_given_one_account(app: Flask) -> None:
    create(app, *ADA)
    again = create(app, *ADA)
    assert again.exit_code == 2
    assert "already" in again.output
    with app.extensions["database"].reader() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--email", "nobody", "not an email address"),
        ("--name", " ", "name"),
        ("--agency", " ", "agency"),
        ("--agency", "***", "letter"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_made(
    app: Flask, option: str, value: str, said: str
) -> None:
    given = list(ADA)
    given[given.index(option) + 1] = value
    refused = create(app, *given)
    assert refused.exit_code == 2
    assert said in refused.output
    with app.extensions["database"].reader() as session:
        assert session.scalar(select(func.count()).select_from(Agency)) == 0
