"""How fast everybody's pages are in a large agency: 2,000,000 responses of 10,000 learners.

    python -m tests.bench.pages [--json] [--responses N] [--pages N]

The log is written first, by the same engine, outside the measured time, with 100,000 audit events
beside it; then the job counts what trainers look at, as it does every ten minutes, and another
publishes the week's figures: its longest write is what an answer may have to wait for. Measured are
whole requests through the application, for one person of each role: the trainer has a cohort of 80
learners, HR one of all the others. Bar: p95 within 300 ms, on every page.
"""

import argparse
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import ceil
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.clock import now
from app.config import Config
from app.db import Database
from app.jobs import doing
from app.models import (
    Agency,
    AuditEvent,
    Cohort,
    Enrolment,
    Module,
    ModuleState,
    Role,
    User,
    UserRole,
)
from app.services.catalogue import shelf
from app.services.cohorts import publishing
from app.services.learning import practice
from app.services.operations import jobs
from app.services.people import accounts
from app.services.teaching import module_figures
from tests.bench import replay, world

RESPONSES = 2_000_000
RESPONSES_EACH = 200
COHORT = 80
EVENTS, EVENTS_AT_ONCE = 100_000, 10_000
EVENTS_CAME_EVERY = timedelta(minutes=3)
PAGES = 40
MILLISECONDS = 1_000
# The newest decisions, which oversight's first page replays: the log before them keeps no reasons.
AT_A_QUESTION = 10
STAFF = (Role.TRAINER, Role.HR_OFFICER, Role.OVERSIGHT_OFFICER, Role.ADMINISTRATOR)
MODULE = f"/author/modules/{world.MODULE_SLUG}"
People = Mapping[Role, uuid.UUID]


def populate(db: Session) -> People:
    """One person of each role; the trainer teaches a cohort of 80, all others are in another."""
    at = now()
    agency = db.scalars(select(Agency)).one()
    learners = db.scalars(select(UserRole.user_id).where(UserRole.role == Role.LEARNER)).all()
    everybody = db.scalars(select(Cohort)).one()
    people = {role: _employ(db, role, agency.id, at) for role in STAFF}
    taught = Cohort(
        id=uuid.uuid4(),
        agency_id=agency.id,
        programme_id=everybody.programme_id,
        name="Taught",
        trainer_id=people[Role.TRAINER],
        created_at=at,
    )
    db.add(taught)
    db.flush()
    _enrol(db, taught, learners[:COHORT], at)
    _enrol(db, everybody, learners[COHORT:], at)
    _record_events(db, agency.id, people, learners, at)
    for learner in learners[:AT_A_QUESTION]:
        practice.begin(db, _module_id(db), learner=world.Learner(learner, agency.id, "", ""), at=at)
    return people | {Role.LEARNER: learners[0]}


def _employ(db: Session, role: Role, agency_id: uuid.UUID, at: datetime) -> uuid.UUID:
    user = User(
        id=uuid.uuid4(),
        agency_id=agency_id,
        email=f"{role}@example.org",
        name=role.value,
        password_hash=None,
        created_at=at,
    )
    db.add(user)
    db.flush()
    db.add(UserRole(user_id=user.id, role=role, agency_id=agency_id))
    db.flush()
    return user.id


def _enrol(db: Session, cohort: Cohort, learners: Sequence[uuid.UUID], at: datetime) -> None:
    module_id = _module_id(db)
    whose = {"agency_id": cohort.agency_id}
    if not learners:
        return
    db.execute(
        insert(Enrolment),
        [
            whose
            | {
                "id": uuid.uuid4(),
                "cohort_id": cohort.id,
                "learner_id": learner,
                "enrolled_at": at,
            }
            for learner in learners
        ],
    )
    db.execute(
        insert(ModuleState),
        [
            whose
            | {
                "learner_id": learner,
                "module_id": module_id,
                "standing": "underway",
                "minutes_left": 10.0,
                "since_review": 0,
                "started_at": at,
            }
            for learner in learners
        ],
    )


def _module_id(db: Session) -> str:
    return db.scalars(select(Module.id).where(Module.slug == world.MODULE_SLUG)).one()


def _record_events(
    db: Session,
    agency_id: uuid.UUID,
    people: People,
    learners: Sequence[uuid.UUID],
    at: datetime,
) -> None:
    """What a large agency has looked at: grids, stuck lists, decisions, and one rare act."""
    acts = ("grid-viewed", "stuck-list-viewed", "decision-opened", "enrolled")
    for start in range(0, EVENTS, EVENTS_AT_ONCE):
        db.execute(
            insert(AuditEvent),
            [
                {
                    "id": uuid.uuid4(),
                    "agency_id": agency_id,
                    "at": at - EVENTS_CAME_EVERY * number,
                    "actor_id": people[STAFF[number % len(STAFF)]],
                    "act": "roles-changed" if number == EVENTS - 1 else acts[number % len(acts)],
                    "subject_id": learners[number % len(learners)],
                    "details": {"module": "a"},
                }
                for number in range(start, start + EVENTS_AT_ONCE)
            ],
        )


def signed_in(app: Flask, person: uuid.UUID) -> FlaskClient:
    """A browser in which this person is signed in."""
    database: Database = app.extensions["database"]
    token = database.transact(
        lambda db: accounts.open_sign_in(db, db.get_one(User, person), at=now())
    )
    client = app.test_client()
    with client.session_transaction() as session:
        session["token"] = token
        session.permanent = True
    return client


def time_page(client: FlaskClient, path: str, *, times: int) -> float:
    """Milliseconds within which 95 of 100 requests for this page were answered."""
    taken = []
    for _ in range(times):
        begun = perf_counter()
        answer = client.get(path)
        taken.append((perf_counter() - begun) * MILLISECONDS)
        assert answer.status_code == 200, (path, answer.status_code)
    return sorted(taken)[ceil(0.95 * times) - 1]


def pages(db: Session) -> Mapping[Role, Mapping[str, str]]:
    """The pages of each role that show many people, or one with a long history."""
    revision = db.scalars(select(Module.revision_id).where(Module.slug == world.MODULE_SLUG)).one()
    item = next(
        entry.id
        for entry in shelf.syllabus(db, revision).items.values()
        if entry.kind == "exercise"
    )
    cohort = db.scalars(select(Cohort.id).where(Cohort.name != "Taught")).one()
    return {
        Role.TRAINER: {
            "modules": "/author",
            "module": MODULE,
            "items": f"{MODULE}/items",
            "item": f"/author/items/{item}",
            "curves": f"{MODULE}/curves",
            "grid": f"{MODULE}/grid",
            "stuck": f"{MODULE}/stuck",
        },
        Role.LEARNER: {
            "home": "/learn",
            "practice": f"/learn/modules/{world.MODULE_SLUG}",
            "map": f"/learn/modules/{world.MODULE_SLUG}/map",
            "record": "/learn/record",
            "who_looked": "/learn/record/visibility",
        },
        Role.HR_OFFICER: {
            "cohorts": "/hr",
            "cohort": f"/hr/cohorts/{cohort}",
            "progress": "/hr/progress",
            "cohort_progress": f"/hr/cohorts/{cohort}/progress",
        },
        Role.OVERSIGHT_OFFICER: {
            "home": "/oversight",
            "decisions": "/oversight/decisions",
            "decisions_of_a_rule": "/oversight/decisions?rule=fallback",
            "events": "/oversight/events",
            "events_of_an_act": "/oversight/events?act=roles-changed",
        },
        Role.ADMINISTRATOR: {"people": "/people", "found": "/people?q=trainer"},
    }


class Timed(Database):
    """A database that knows how long its longest write took, of those that were committed."""

    longest = 0.0

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with super().writing() as session:
            begun = perf_counter()
            yield session
        self.longest = max(self.longest, perf_counter() - begun)


def publish(database: Database, config: Config, job_id: uuid.UUID) -> dict[str, float]:
    """How long the job took that publishes the week's figures, and the longest of its writes."""
    database.transact(lambda db: jobs.claim(db, at=now()))
    timed = Timed(config)
    begun = perf_counter()
    doing.do(timed, job_id)
    took = perf_counter() - begun
    timed.engine.dispose()
    return {
        "seconds_to_publish": took,
        "longest_write_of_publishing_ms": timed.longest * MILLISECONDS,
    }


def measure(app: Flask, config: Config, *, times: int) -> dict[str, float]:
    """p95 of every page in milliseconds, and the seconds that were counted beforehand."""
    database: Database = app.extensions["database"]
    people = database.transact(populate)
    begun = perf_counter()
    module_figures.refresh(database.reader, database.transact, at=now())
    counted = perf_counter() - begun
    with database.reader() as db:
        agency_id = db.scalars(select(Agency.id)).one()
        every = pages(db)
    officer = world.Learner(people[Role.HR_OFFICER], agency_id, "", "")
    job_id = database.transact(lambda db: publishing.ask(db, officer=officer, at=now()))
    found = {"seconds_to_count": counted, **publish(database, config, job_id)}
    for role, paths in every.items():
        client = signed_in(app, people[role])
        of_role = {
            f"{role}_{name}_p95_ms": time_page(client, path, times=times)
            for name, path in paths.items()
        }
        found |= {f"{role}_slowest_p95_ms": max(of_role.values()), **of_role}
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true", help="print one JSON object")
    asked.add_argument("--responses", type=int, default=RESPONSES)
    asked.add_argument("--pages", type=int, default=PAGES)
    given = asked.parse_args()
    learners = max(2 * COHORT, given.responses // RESPONSES_EACH)
    with world.folder() as home:
        config = world.make_config(home)
        app = world.prepare(config)
        replay.write_log(app, responses=given.responses, learners=learners)
        found = measure(app, config, times=given.pages)
    figures = {"responses": given.responses, "learners": learners, "events": EVENTS, **found}
    if given.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:>45}  {figure:.1f}" if isinstance(figure, float) else f"{name:>45}  {figure}")


if __name__ == "__main__":
    main()
