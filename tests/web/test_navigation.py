"""The head of a page says where one is."""

import re
import uuid

import pytest
from flask import Flask

from app.clock import now
from app.db import Database
from app.models import Role
from tests.people import client_of, make_agency, make_user

CURRENT = re.compile(r'href="([^"]+)" aria-current="page"')


@pytest.mark.parametrize(
    ("role", "path", "current"),
    [
        (Role.TRAINER, "/author", "/author"),
        (Role.TRAINER, "/author/modules/ai-literacy-for-public-servants/items", "/author"),
        (Role.TRAINER, "/author/drafts/new", "/author/drafts"),
        (Role.TRAINER, "/author/reports", "/author/reports"),
        (Role.HR_OFFICER, "/hr/cohorts/new", "/hr"),
        (Role.HR_OFFICER, "/hr/progress", "/hr/progress"),
        (Role.LEARNER, "/learn/record/visibility", "/learn/record"),
    ],
)
def test_the_nearest_place_is_the_current_one(
    app: Flask, role: Role, path: str, current: str
) -> None:
    database: Database = app.extensions["database"]
    person = database.transact(
        lambda session: make_user(
            session,
            make_agency(session, at=now()),
            role,
            at=now(),
            name=f"Ann {uuid.uuid4().hex}",
        )
    )
    assert CURRENT.findall(client_of(app, person).get(path).text) == [current]
