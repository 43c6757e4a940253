"""An HR officer at work: their agency, a cohort, and what a page shows of its people."""

import html
import re
import uuid
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.clock import now
from app.db import Database
from app.jobs import doing
from app.models import (
    Agency,
    Role,
)
from app.services.operations import jobs
from tests import people
from tests.people import Person, client_of, csrf_of

LEARNER = re.compile(r"=Learner \d+(?=</th>)")


@dataclass(frozen=True, slots=True)
class Office:
    """An agency's HR officer at work."""

    officer: Person
    cohort_id: uuid.UUID
    learners: tuple[Person, ...]
    stranger: Person
    strange_cohort_id: uuid.UUID
    client: FlaskClient

    def path(self, rest: str = "") -> str:
        return f"/hr/cohorts/{self.cohort_id}{rest}"

    def post(self, path: str, **fields: str) -> TestResponse:
        token = csrf_of(self.client, "/hr/cohorts/new")
        return self.client.post(path, data={"csrf_token": token, **fields})


def make_office(app: Flask) -> Office:
    """An HR officer with a cohort of eleven of twelve learners, and another agency's cohort."""
    database: Database = app.extensions["database"]
    at = now() - timedelta(days=20)

    def make(session: Session) -> tuple[Person, uuid.UUID, list[Person], Person, uuid.UUID]:
        agency = people.make_agency(session, at=at)
        other = people.make_agency(session, at=at)
        officer = people.make_user(session, agency, Role.HR_OFFICER, at=at)
        cohort = people.make_cohort(session, agency, at=at, name="Benefits office")
        department = people.make_department(session, agency, name="Housing")
        learners = [
            people.make_user(
                session, agency, Role.LEARNER, at=at, department=department, name=f"=Learner {n}"
            )
            for n in range(12)
        ]
        for learner in learners[:11]:
            people.enrol(session, cohort, learner, at=at)
        stranger = people.make_user(session, other, Role.LEARNER, at=at, name="Stranger")
        strange = people.make_cohort(session, other, at=at, name="Strange cohort")
        people.enrol(session, strange, stranger, at=at)
        return officer, cohort.id, learners, stranger, strange.id

    officer, cohort_id, learners, stranger, strange = database.transact(make)
    client = client_of(app, officer)
    return Office(officer, cohort_id, tuple(learners), stranger, strange, client)


def database_of(app: Flask) -> Database:
    database: Database = app.extensions["database"]
    return database


def do_what_waits(app: Flask) -> None:
    """Take up every job that waits, in this process."""
    database = database_of(app)
    while job_id := database.transact(lambda session: jobs.claim(session, at=now())):
        doing.do(database, job_id)


def turn_names_on(app: Flask, office: Office) -> None:
    def work(session: Session) -> None:
        session.get_one(Agency, office.officer.agency_id).names_completion = True

    database_of(app).transact(work)


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def learners_on(page: str) -> list[str]:
    """The names of learners in a page's table."""
    return LEARNER.findall(page)


def learners_page_by_page(office: Office, path: str) -> list[str]:
    """The names on a list's first page and on every page it leads on to."""
    seen: list[str] = []
    address: str | None = path
    while address is not None:
        page = text_of(office.client.get(address))
        seen += learners_on(page)
        following = re.search(r'href="([^"]+after=[^"]+)"', page)
        address = following and html.unescape(following[1])
    return seen
