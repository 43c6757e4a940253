"""A place to measure in: a database of its own with learners who are signed in and have begun.

Everything is made through the services, in large transactions, outside the measured time.
"""

import random
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app, schema
from app.authoring import Exercise, Lesson, read_catalogue
from app.clock import now
from app.config import REPOSITORY, Config
from app.db import Database
from app.models import (
    Agency,
    Cohort,
    Department,
    Enrolment,
    Module,
    Programme,
    Role,
    User,
    UserRole,
)
from app.services.catalogue import publishing
from app.services.learning import practice, sheet
from app.services.learning.practice import Submission
from app.services.people import accounts

MODULE_SLUG = "ai-literacy-for-public-servants"
SECRET = "a key that only benches use, long enough"
AT_ONCE = 250
RIGHT = 0.72
UNKNOWN = 0.06


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody signed in: what their browser holds, and who they are to the services."""

    id: uuid.UUID
    agency_id: uuid.UUID
    cookie: str
    csrf: str
    language: str | None = None


@contextmanager
def folder() -> Iterator[Path]:
    """A data folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="cairn-bench-", ignore_cleanup_errors=True) as home:
        yield Path(home)


def make_config(home: Path, *, port: int = 8160, database_url: str = "") -> Config:
    return Config(
        home=home,
        database_url=database_url or f"sqlite:///{home / 'cairn.db'}",
        secret_key=SECRET,
        base_url=f"http://127.0.0.1:{port}",
        content=REPOSITORY / "content",
        demo=False,
        trusted_proxies=0,
    )


def settings(config: Config, *, port: int) -> dict[str, str]:
    """The same configuration as a server reads it from its environment."""
    return {
        "CAIRN_HOME": str(config.home),
        "CAIRN_DATABASE_URL": config.database_url,
        "CAIRN_SECRET_KEY": config.secret_key,
        "CAIRN_BASE_URL": config.base_url,
        "PORT": str(port),
    }


def prepare(config: Config) -> Flask:
    """The application on a migrated database with the shipped content."""
    app = create_app(config)
    database: Database = app.extensions["database"]
    schema.upgrade(database)
    catalogue = read_catalogue(config.content)
    database.transact(lambda db: publishing.publish(db, catalogue, at=now()))
    return app


def enrol(app: Flask, *, learners: int) -> list[Learner]:
    """Learners of one agency who are signed in and have the shipped module open."""
    database: Database = app.extensions["database"]
    at = now()
    agency_id, cohort_id = database.transact(lambda db: _found(db, at))
    made: list[Learner] = []
    while len(made) < learners:
        some = [uuid.uuid4() for _ in range(min(AT_ONCE, learners - len(made)))]
        made += database.transact(
            lambda db, some=some: _admit(db, app, some, agency_id, cohort_id, at)  # type: ignore[misc]
        )
    return made


def _found(db: Session, at: datetime) -> tuple[uuid.UUID, uuid.UUID]:
    agency_id, cohort_id = uuid.uuid4(), uuid.uuid4()
    programme = db.scalars(select(Programme)).one()
    db.add(Agency(id=agency_id, slug="bench", name="Office of Measures", created_at=at))
    db.flush()
    db.add(Department(id=uuid.uuid4(), agency_id=agency_id, name="Casework"))
    db.add(
        Cohort(
            id=cohort_id,
            agency_id=agency_id,
            programme_id=programme.id,
            name="Everybody",
            trainer_id=None,
            created_at=at,
        )
    )
    return agency_id, cohort_id


def _admit(  # noqa: PLR0917 - one call
    db: Session,
    app: Flask,
    people: Sequence[uuid.UUID],
    agency_id: uuid.UUID,
    cohort_id: uuid.UUID,
    at: datetime,
) -> list[Learner]:
    users = _register(db, people, agency_id, at)
    db.add_all(
        Enrolment(
            id=uuid.uuid4(),
            agency_id=agency_id,
            cohort_id=cohort_id,
            learner_id=person,
            enrolled_at=at,
        )
        for person in people
    )
    db.flush()
    module_id = db.scalars(select(Module.id).where(Module.slug == MODULE_SLUG)).first()
    assert module_id is not None
    learners = []
    for user in users:
        token = accounts.open_sign_in(db, user, at=at)
        cookie, csrf = browser(app, token)
        learners.append(Learner(user.id, agency_id, cookie, csrf))
    db.flush()
    for learner in learners:
        practice.begin(db, module_id, learner=learner, at=at)
    return learners


def register(app: Flask, *, learners: int) -> tuple[uuid.UUID, list[uuid.UUID]]:
    """An agency and so many people who are learners, and no more."""
    database: Database = app.extensions["database"]
    at = now()
    agency_id, _ = database.transact(lambda db: _found(db, at))
    people = [uuid.uuid4() for _ in range(learners)]
    for start in range(0, learners, AT_ONCE):
        some = people[start : start + AT_ONCE]
        database.transact(lambda db, some=some: _register(db, some, agency_id, at))  # type: ignore[misc]
    return agency_id, people


def _register(
    db: Session, people: Sequence[uuid.UUID], agency_id: uuid.UUID, at: datetime
) -> list[User]:
    users = [
        User(
            id=person,
            agency_id=agency_id,
            department_id=None,
            email=f"{person.hex}@example.org",
            name=f"Learner {person.hex[:6]}",
            password_hash=None,
            created_at=at,
        )
        for person in people
    ]
    db.add_all(users)
    db.flush()
    db.add_all(UserRole(user_id=p, role=Role.LEARNER, agency_id=agency_id) for p in people)
    db.flush()
    return users


def browser(app: Flask, token: str) -> tuple[str, str]:
    """The cookie of a signed-in browser, and the token its forms send."""
    with app.test_request_context():
        session["token"] = token
        session.permanent = True
        csrf: str = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}", csrf


def submission(document: Exercise | Lesson, seed: int, chance: random.Random) -> Submission:
    """An answer such as people give: mostly right, sometimes wrong, sometimes "I don't know"."""
    if isinstance(document, Lesson):
        return Submission(fields={})
    luck = chance.random()
    if luck < RIGHT:
        return Submission(fields=sheet.right_form(document, seed))
    if luck < RIGHT + UNKNOWN:
        return Submission(fields={}, dont_know=True)
    return Submission(fields=sheet.wrong_form(document, seed, chance))


def form(given: Submission, csrf: str) -> bytes:
    """What a browser sends for it."""
    pairs = [("csrf_token", csrf)]
    pairs += [(name, value) for name, values in given.fields.items() for value in values]
    if given.dont_know:
        pairs.append(("dont_know", "1"))
    return urlencode(pairs).encode()
