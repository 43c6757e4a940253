"""How fast a trainer's pages are over a large log: 2,000,000 responses.

    python -m tests.bench.trainer [--json] [--responses N] [--pages N]

The log is written first, by the same engine, outside the measured time; then the job counts what
trainers look at, as it does every ten minutes. Measured are whole requests through the application,
for a trainer with a cohort of 80 learners. Bar: p95 within 300 ms, on every page.
"""

import argparse
import json
import uuid
from math import ceil
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import Database
from app.models import Agency, Cohort, Enrolment, Module, ModuleState, Role, User, UserRole
from app.services.catalogue import shelf
from app.services.people import accounts
from app.services.teaching import module_figures
from tests.bench import replay, world

RESPONSES = 2_000_000
RESPONSES_EACH = 200
COHORT = 80
PAGES = 40
MILLISECONDS = 1_000


def make_trainer(db: Session) -> User:
    """A trainer of the agency, with some of its learners in the one cohort."""
    at = now()
    agency = db.scalars(select(Agency)).one()
    cohort = db.scalars(select(Cohort)).one()
    learners = db.scalars(select(UserRole.user_id).where(UserRole.role == Role.LEARNER)).all()
    trainer = User(
        id=uuid.uuid4(),
        agency_id=agency.id,
        email="trainer@example.org",
        name="Trainer",
        password_hash=None,
        created_at=at,
    )
    db.add(trainer)
    db.flush()
    db.add(UserRole(user_id=trainer.id, role=Role.TRAINER, agency_id=agency.id))
    db.flush()
    cohort.trainer_id = trainer.id
    module = db.scalars(select(Module).where(Module.slug == world.MODULE_SLUG)).one()
    for learner in learners[:COHORT]:
        db.add(
            Enrolment(
                id=uuid.uuid4(),
                agency_id=agency.id,
                cohort_id=cohort.id,
                learner_id=learner,
                enrolled_at=at,
            )
        )
        db.add(
            ModuleState(
                learner_id=learner,
                module_id=module.id,
                agency_id=agency.id,
                standing="underway",
                minutes_left=10.0,
                since_review=0,
                started_at=at,
            )
        )
    return trainer


def signed_in(app: Flask, trainer: User) -> FlaskClient:
    """A browser in which the trainer is signed in."""
    database: Database = app.extensions["database"]
    token = database.transact(
        lambda db: accounts.open_sign_in(db, db.get_one(User, trainer.id), at=now())
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


def paths(db: Session) -> dict[str, str]:
    """Every page of a trainer about one module, by the name of its figure."""
    module = f"/author/modules/{world.MODULE_SLUG}"
    revision = db.scalars(select(Module.revision_id).where(Module.slug == world.MODULE_SLUG)).one()
    item = next(
        entry.id
        for entry in shelf.syllabus(db, revision).items.values()
        if entry.kind == "exercise"
    )
    return {
        "modules": "/author",
        "module": module,
        "items": f"{module}/items",
        "item": f"/author/items/{item}",
        "curves": f"{module}/curves",
        "grid": f"{module}/grid",
        "stuck": f"{module}/stuck",
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true", help="print one JSON object")
    asked.add_argument("--responses", type=int, default=RESPONSES)
    asked.add_argument("--pages", type=int, default=PAGES)
    given = asked.parse_args()
    with world.folder() as home:
        app = world.prepare(world.make_config(home))
        database: Database = app.extensions["database"]
        learners = max(COHORT, given.responses // RESPONSES_EACH)
        replay.write_log(app, responses=given.responses, learners=learners)
        trainer = database.transact(make_trainer)
        begun = perf_counter()
        module_figures.refresh(database.reader, database.transact, at=now())
        counted = perf_counter() - begun
        client = signed_in(app, trainer)
        with database.reader() as db:
            pages = paths(db)
        found = {
            f"{name}_p95_ms": time_page(client, path, times=given.pages)
            for name, path in pages.items()
        }
    figures = {
        "responses": given.responses,
        "learners": learners,
        "seconds_to_count": counted,
        "slowest_p95_ms": max(found.values()),
        **found,
    }
    if given.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:>20}  {figure:.1f}" if isinstance(figure, float) else f"{name:>20}  {figure}")


if __name__ == "__main__":
    main()
