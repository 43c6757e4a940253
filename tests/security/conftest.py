"""Two agencies side by side, everybody in them recognisable by a canary in their name."""

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from app.config import Config
from app.db import Database
from app.models import Cohort, Department, ItemReport, Role
from app.services.operations import jobs
from tests import people, workshop
from tests.calibration.made import make_calibration
from tests.conftest import NOON, clone_postgres, make_config
from tests.people import Person

STEPS = 12
ROLES = {
    "learner": (Role.LEARNER,),
    "other learner": (Role.LEARNER,),
    "trainer": (Role.TRAINER,),
    "other trainer": (Role.TRAINER,),
    "hr": (Role.HR_OFFICER,),
    "oversight": (Role.OVERSIGHT_OFFICER,),
    "admin": (Role.ADMINISTRATOR,),
    "nobody": (),
}


@dataclass
class Side:
    """One agency: its people by what they are, and the ids of its things."""

    canary: str
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    app: Flask
    database: Database
    home: Side
    abroad: Side
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def client(self, side: Side, name: str) -> FlaskClient:
        key = f"{side.canary} {name}"
        if key not in self.clients:
            self.clients[key] = people.client_of(self.app, side.people[name])
        return self.clients[key]


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "cairn.db")
        yield from _build(make_config(folder))
        return
    server = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("postgres_template")
    with clone_postgres(server, template) as url:
        yield from _build(make_config(folder, url))


def _build(config: Config) -> Iterator[World]:
    app = create_app(config)
    app.testing = True
    database: Database = app.extensions["database"]
    home, abroad = Side("kestrel"), Side("puffin")
    for side in (home, abroad):
        database.transact(partial(_found, side=side))
        database.transact(partial(_draft, side=side))
        _let_learn(database, side)
        asker = side.people["oversight"]
        side.ids["calibration_id"] = str(make_calibration(database, asker, at=NOON))
    yield World(app, database, home, abroad)
    database.engine.dispose()


def _found(session: Session, side: Side) -> None:
    agency = people.make_agency(session, at=NOON, name=f"Agency {side.canary}")
    department = people.make_department(session, agency, name=f"Department {side.canary}")
    for name, roles in ROLES.items():
        side.people[name] = people.make_user(
            session,
            agency,
            *roles,
            at=NOON,
            name=f"{name.title()} {side.canary}-{name.replace(' ', '-')}",
            department=department if Role.LEARNER in roles else None,
        )
    cohort = people.make_cohort(
        session, agency, at=NOON, trainer=side.people["trainer"], name=f"Cohort {side.canary}"
    )
    for name in ("learner", "other learner"):
        enrolment = people.enrol(session, cohort, side.people[name], at=NOON)
        side.ids["enrolment_id"] = str(enrolment.id)
    _long_work(session, side)
    _remember(side, cohort, department)


def _remember(side: Side, cohort: Cohort, department: Department) -> None:
    side.ids |= {
        "cohort_id": str(cohort.id),
        "department_id": str(department.id),
        "person_id": str(side.people["other learner"].id),
        "learner_id": str(side.people["learner"].id),
    }


def _draft(session: Session, side: Side) -> None:
    """A draft in review with an item, a comment, a picture and a revision that was published."""
    ids = workshop.make_draft(session, side.people["trainer"], title=f"Draft {side.canary}")
    side.ids |= ids | {"regrade_id": str(uuid.uuid4())}


def _long_work(session: Session, side: Side) -> None:
    """Work that the learner asked for and that says something about them."""
    learner = side.people["learner"]
    job_id = jobs.ask(session, kind=f"work of {side.canary}", actor=learner, at=NOON)
    side.ids["job_id"] = str(job_id)


def _let_learn(database: Database, side: Side) -> None:
    learner = side.people["learner"]
    people.begin(database, learner, at=NOON)
    for step in range(STEPS):
        at = NOON + timedelta(seconds=40 * step)
        answered = people.answer_open(database, learner, at=at, right=step % 3 != 0)
        assert answered is not None
        side.ids["answered_id"] = str(answered.serving_id)
    serving = people.open_serving(database, learner)
    assert serving is not None
    side.ids["serving_id"] = str(serving.id)
    report = ItemReport(
        id=uuid.uuid4(),
        agency_id=learner.agency_id,
        learner_id=learner.id,
        serving_id=serving.id,
        item_id=serving.item_id,
        kind="other",
        text=f"A report from {side.canary}",
        reported_at=NOON,
        closed_at=None,
        closed_by=None,
        closing_note=None,
    )
    database.transact(lambda session: session.add(report))
    side.ids |= {"report_id": str(report.id), "item_id": serving.item_id}
