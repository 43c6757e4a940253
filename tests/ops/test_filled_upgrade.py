"""A database that people had filled before the model came: upgraded, replayed, gone on with.

tests/fixtures/README.md says what is in it and who wrote it.
"""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from flask import Flask
from sqlalchemy import Connection, select, text

from app import create_app, schema
from app.authoring import Catalogue, read_catalogue
from app.clock import now
from app.config import REPOSITORY, Config
from app.db import Database
from app.models import Mastery, Module, Response, Role, Serving, User, UserRole
from app.services.catalogue import publishing, shelf
from app.services.learning import offer, replay
from app.services.oversight import decisions
from tests.people import MODULE_SLUG, Person, answer_open, begin, client_of, open_serving

RECORD = REPOSITORY / "tests" / "fixtures" / "record_0003.jsonl"
OLD = "0003"
ENGINE_THEN = "1"
LEARNERS, RESPONSES = 4, 58


@pytest.fixture
def filled(empty: Config) -> Config:
    """The configuration of a database at migration 0003, with what people did until then."""
    database = Database(empty)
    with database.engine.begin() as connection:
        command.upgrade(alembic(connection), OLD)
        for line in RECORD.read_text(encoding="utf-8").splitlines():
            fill(connection, *json.loads(line))
    assert schema.current(database) == OLD
    database.engine.dispose()
    return empty


def alembic(connection: Connection) -> AlembicConfig:
    configuration = AlembicConfig()
    configuration.set_main_option("script_location", str(schema.MIGRATIONS))
    configuration.attributes["connection"] = connection
    return configuration


def fill(connection: Connection, table: str, row: dict[str, object]) -> None:
    """Insert a row just as it was kept; PostgreSQL reads its own types from the text."""
    names = ", ".join(row)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL timezone = 'UTC'"))
        values = f"SELECT {names} FROM json_populate_record(NULL::{table}, :row)"
        connection.execute(
            text(f"INSERT INTO {table} ({names}) {values}"), {"row": json.dumps(row)}
        )
        return
    plain = {
        name: json.dumps(value) if isinstance(value, dict | list) else value
        for name, value in row.items()
    }
    places = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), plain)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The content as it is today."""
    return read_catalogue(REPOSITORY / "content")


@pytest.fixture
def upgraded(filled: Config, catalogue: Catalogue) -> Iterator[Flask]:
    """The same database as today's Cairn opens it, with today's content published."""
    database = Database(filled)
    assert schema.upgrade(database)
    database.transact(lambda session: publishing.publish(session, catalogue, at=now()))
    database.engine.dispose()
    application = create_app(filled)
    application.testing = True
    yield application
    application.extensions["database"].engine.dispose()


def everybody(database: Database, role: Role = Role.LEARNER) -> dict[str, Person]:
    """The people of a role by first name."""
    query = select(User).join(UserRole, UserRole.user_id == User.id).where(UserRole.role == role)
    with database.reader() as session:
        return {
            user.name.split()[0]: Person(user.id, user.agency_id, user.name, user.email)
            for user in session.scalars(query)
        }


def said_of(responses: int) -> str:
    return f"Replayed {responses} responses of {LEARNERS} learners: 0 differences."


def replayed(app: Flask) -> str:
    result = app.test_cli_runner().invoke(args=["replay"])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()[-1]


def test_the_log_replays_right_after_the_upgrade(filled: Config) -> None:
    database = Database(filled)
    schema.upgrade(database)
    with database.reader() as session:
        report = replay.replay(session)
    database.engine.dispose()
    assert (report.differences, report.responses) == ([], RESPONSES)


def test_a_record_keeps_its_paces_to_the_letter_and_loses_how_likely_a_slow_one_was(
    filled: Config,
) -> None:
    """As migration 0014 had them: the chance of a slow pace came before the paces."""
    database = Database(filled)
    with database.engine.begin() as connection:
        command.upgrade(alembic(connection), "0014")
        before = records(connection)
        told, *others = before
        then = before[told].removesuffix("}") + ',"pace":[0.03496607808191417,0.1,1e-05]}'
        where = {"learner": told[0], "skill": told[1], "record": then}
        connection.execute(
            text(
                "UPDATE mastery SET record = :record"
                " WHERE learner_id = :learner AND skill_id = :skill"
            ),
            where,
        )
        command.upgrade(alembic(connection), "0015")
        after = records(connection)
        assert after[told] == then.replace('"pace":[0.03496607808191417,', '"paced":[')
        assert [after[other] for other in others] == [before[other] for other in others]
        command.downgrade(alembic(connection), "0014")
        assert records(connection)[told] == then.replace("0.03496607808191417", "0.0")
    database.engine.dispose()


def records(connection: Connection) -> dict[tuple[object, str], str]:
    found = connection.execute(text("SELECT learner_id, skill_id, record FROM mastery"))
    return {(learner, skill): record for learner, skill, record in found}


def test_old_servings_keep_their_parameter_set_and_new_ones_get_the_new(upgraded: Flask) -> None:
    database: Database = upgraded.extensions["database"]
    learners = everybody(database)
    with database.reader() as session:
        old = set(session.scalars(select(Serving.parameter_set_id)))
        (then,) = old
        assert shelf.plan(session, then).terms is None
        taught = session.scalars(select(Module.id).where(Module.parameter_set_id == then)).all()
        assert taught == []
    for name in ("Ben", "Cleo", "Dan"):
        learner = learners[name]
        before = open_serving(database, learner)
        assert before is not None
        assert before.parameter_set_id == then
        assert answer_open(database, learner, at=now()) is not None
        after = open_serving(database, learner)
        assert after is not None
        assert after.parameter_set_id != then
        with database.reader() as session:
            assert shelf.plan(session, after.parameter_set_id).terms is not None
            kept = session.scalars(select(Response).where(Response.serving_id == before.id)).one()
            assert (kept.parameter_set_id, kept.weighing) == (then, None)
    assert replayed(upgraded) == said_of(RESPONSES + 3)


def test_learners_go_on_and_the_log_replays_across_the_change(upgraded: Flask) -> None:
    database: Database = upgraded.extensions["database"]
    at = now()
    given = 0
    for place, learner in enumerate(everybody(database).values()):
        begin(database, learner, at=at)
        for turn in range(12):
            later = at + timedelta(minutes=turn + 1)
            right = (place + turn) % 3 > 0
            given += answer_open(database, learner, at=later, right=right) is not None
    assert given > 3 * 12
    with database.reader() as session:
        made_by = set(session.scalars(select(Response.engine)))
        weighed = session.scalars(select(Response).where(Response.weighing.is_not(None))).all()
    assert made_by == {ENGINE_THEN, offer.ENGINE}
    assert len(weighed) > 3 * 8
    assert replayed(upgraded) == said_of(RESPONSES + given)


def test_what_was_decided_then_can_still_be_looked_at(upgraded: Flask) -> None:
    database: Database = upgraded.extensions["database"]
    with database.reader() as session:
        served = session.scalars(select(Serving)).all()
        assert len(served) == RESPONSES + 3
        for serving in served:
            kept = decisions.read_decision(session, serving.id, agency_id=serving.agency_id)
            assert (kept.engine, kept.expected) == (ENGINE_THEN, None)
            found = decisions.replay_decision(session, serving.id)
            assert (found.log_problems, found.same_version) == ((), False)


def test_a_learner_finds_their_record_as_it_was(upgraded: Flask) -> None:
    database: Database = upgraded.extensions["database"]
    for learner in everybody(database).values():
        client = client_of(upgraded, learner)
        with database.reader() as session:
            skills = session.scalars(
                select(Mastery.skill_id).where(Mastery.learner_id == learner.id)
            ).all()
        for path in (
            "/learn",
            f"/learn/modules/{MODULE_SLUG}",
            f"/learn/modules/{MODULE_SLUG}/map",
            "/learn/record",
            *(f"/learn/record/skills/{skill}" for skill in skills),
        ):
            assert client.get(path).status_code == 200, path
