"""Making agencies, people and enrolments for tests, and acting as them."""

import itertools
import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring import Exercise, Lesson
from app.clock import now
from app.db import Database
from app.models import (
    Agency,
    Cohort,
    Department,
    Enrolment,
    Module,
    ModuleState,
    Programme,
    Role,
    Serving,
    User,
    UserRole,
)
from app.services.catalogue import shelf
from app.services.learning import practice, sheet
from app.services.learning.outcome import Answered
from app.services.learning.practice import Submission
from app.services.people import accounts

MODULE_SLUG = "ai-literacy-for-public-servants"
_COUNT = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a test: enough to be a learner or an actor."""

    id: uuid.UUID
    agency_id: uuid.UUID
    name: str
    email: str
    language: str | None = None


def make_agency(session: Session, *, at: datetime, name: str = "") -> Agency:
    number = next(_COUNT)
    agency = Agency(
        id=uuid.uuid4(), slug=f"agency-{number}", name=name or f"Agency {number}", created_at=at
    )
    session.add(agency)
    session.flush()
    return agency


def make_department(session: Session, agency: Agency, *, name: str = "") -> Department:
    department = Department(
        id=uuid.uuid4(), agency_id=agency.id, name=name or f"Department {next(_COUNT)}"
    )
    session.add(department)
    session.flush()
    return department


def make_user(
    session: Session,
    agency: Agency,
    *roles: Role,
    at: datetime,
    name: str = "",
    department: Department | None = None,
    password_hash: str | None = None,
) -> Person:
    number = next(_COUNT)
    user = User(
        id=uuid.uuid4(),
        agency_id=agency.id,
        department_id=department.id if department else None,
        email=f"person{number}@example.org",
        name=name or f"Person {number}",
        password_hash=password_hash,
        created_at=at,
    )
    session.add(user)
    session.flush()
    session.add_all(UserRole(user_id=user.id, role=role, agency_id=agency.id) for role in roles)
    session.flush()
    return Person(user.id, agency.id, user.name, user.email)


def make_cohort(
    session: Session, agency: Agency, *, at: datetime, trainer: Person | None = None, name: str = ""
) -> Cohort:
    programme = session.scalars(select(Programme)).one()
    cohort = Cohort(
        id=uuid.uuid4(),
        agency_id=agency.id,
        programme_id=programme.id,
        name=name or f"Cohort {next(_COUNT)}",
        trainer_id=trainer.id if trainer else None,
        created_at=at,
    )
    session.add(cohort)
    session.flush()
    return cohort


def enrol(session: Session, cohort: Cohort, learner: Person, *, at: datetime) -> Enrolment:
    enrolment = Enrolment(
        id=uuid.uuid4(),
        agency_id=cohort.agency_id,
        cohort_id=cohort.id,
        learner_id=learner.id,
        enrolled_at=at,
    )
    session.add(enrolment)
    session.flush()
    return enrolment


def make_learner(database: Database, *, at: datetime) -> Person:
    """A learner of a new agency, enrolled in the shipped programme."""

    def make(session: Session) -> Person:
        agency = make_agency(session, at=at)
        learner = make_user(session, agency, Role.LEARNER, at=at)
        enrol(session, make_cohort(session, agency, at=at), learner, at=at)
        return learner

    return database.transact(make)


def module_id(session: Session) -> str:
    return session.scalars(select(Module.id).where(Module.slug == MODULE_SLUG)).one()


def begin(database: Database, learner: Person, *, at: datetime) -> None:
    """Open the shipped module for the learner."""
    database.transact(
        lambda session: practice.begin(session, module_id(session), learner=learner, at=at)
    )


def open_serving(
    database: Database, learner: Person, *, module_id: str | None = None
) -> Serving | None:
    """The serving that waits for the learner's answer: the only one, or that of this module."""
    wanted = [ModuleState.learner_id == learner.id]
    if module_id is not None:
        wanted.append(ModuleState.module_id == module_id)
    with database.page_reader() as session:
        return session.scalars(
            select(Serving)
            .join(ModuleState, ModuleState.open_serving_id == Serving.id)
            .where(*wanted)
        ).one_or_none()


def right_fields(document: Exercise | Lesson, seed: int) -> sheet.Fields:
    """The form of a right answer to this serving."""
    return sheet.right_form(document, seed) if isinstance(document, Exercise) else {}


def answer_open(
    database: Database, learner: Person, *, at: datetime, right: bool = True
) -> Answered | None:
    """Answer what is open, rightly or with "I don't know"; None when nothing is."""
    serving = open_serving(database, learner)
    if serving is None:
        return None
    with database.reader() as session:
        document = shelf.document(session, serving.item_revision_id)
    submission = Submission(fields=right_fields(document, serving.seed), dont_know=not right)
    return database.transact(
        lambda session: practice.answer(
            session, serving.id, learner=learner, submission=submission, at=at
        )
    )


def client_of(app: Flask, person: Person) -> FlaskClient:
    """A browser in which this person is signed in."""
    database: Database = app.extensions["database"]
    token = database.transact(
        lambda session: accounts.open_sign_in(session, session.get_one(User, person.id), at=now())
    )
    client = app.test_client()
    with client.session_transaction() as session:
        session["token"] = token
        session.permanent = True
    return client


def csrf_of(client: FlaskClient, path: str) -> str:
    """The token of a form on this page."""
    page = client.get(path).get_data(as_text=True)
    return page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
