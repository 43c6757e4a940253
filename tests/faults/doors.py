"""A learner's browser at the door: the page, the answer, and what the database holds after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.clock import now
from app.db import Database
from app.models import (
    HintTaken,
    LearnerState,
    Mastery,
    ModuleState,
    Response,
    Serving,
    SkillHelp,
)
from app.services.catalogue import shelf
from tests.people import (
    MODULE_SLUG,
    Person,
    begin,
    client_of,
    csrf_of,
    make_learner,
    open_serving,
    right_fields,
)

Form = Mapping[str, str | Sequence[str]]
PATH = f"/learn/modules/{MODULE_SLUG}"
RECORD = (Serving, Response, HintTaken, SkillHelp, LearnerState, Mastery, ModuleState)


@dataclass(frozen=True, slots=True)
class Door:
    """One browser in which one learner is signed in."""

    app: Flask
    person: Person
    client: FlaskClient
    token: str

    @property
    def database(self) -> Database:
        found: Database = self.app.extensions["database"]
        return found

    def again(self) -> "Door":
        """The same person at another browser."""
        client = client_of(self.app, self.person)
        return replace(self, client=client, token=csrf_of(client, "/learn"))

    def page(self) -> TestResponse:
        return self.client.get(PATH)

    def open_serving(self) -> Serving:
        serving = open_serving(self.database, self.person)
        assert serving is not None, "nothing is open"
        return serving

    def right_fields(self, serving: Serving) -> Form:
        with self.database.reader() as session:
            document = shelf.document(session, serving.item_revision_id)
        return right_fields(document, serving.seed)

    def answer(self, serving: Serving, form: Form, *, htmx: bool = True) -> TestResponse:
        return self.client.post(
            f"/learn/servings/{serving.id}/answer",
            data={"csrf_token": self.token, **form},
            headers={"HX-Request": "true"} if htmx else {},
        )


def door_of(app: Flask) -> Door:
    """The browser of a new learner with an open question in the shipped module."""
    database: Database = app.extensions["database"]
    person = make_learner(database, at=now())
    begin(database, person, at=now())
    client = client_of(app, person)
    return Door(app, person, client, csrf_of(client, "/learn"))


def tables(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the record, to see that nothing was written."""
    with database.reader() as session:
        return {
            table.__tablename__: sorted(
                (tuple(row) for row in session.execute(select(table.__table__))), key=repr
            )
            for table in RECORD
        }
