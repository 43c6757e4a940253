"""PostgreSQL is not asked to parse again what it has parsed."""

import pytest

from app import create_app
from app.config import Config
from tests.faults.doors import door_of

pytestmark = pytest.mark.postgresql


def test_the_server_parses_the_statements_of_an_answer_once(postgres_config: Config) -> None:
    """Neither signing in nor a page between two answers makes the driver forget them."""
    app = create_app(postgres_config)
    door = door_of(app)
    for _ in range(8):  # the driver prepares what it has sent five times
        given = door.answer(door.open_serving(), {"dont_know": "1"})
        assert given.status_code in {200, 303}  # a lesson that was read leads on
        assert door.page().status_code == 200
    with door.database.glance() as connection:
        prepared = connection.exec_driver_sql("SELECT statement FROM pg_prepared_statements")
        starts = {" ".join(text.split()[:3]) for text in prepared.scalars()}
    assert {"INSERT INTO response", "INSERT INTO serving", "UPDATE learner_state SET"} <= starts
    assert "SELECT user_account.id, user_account.agency_id," in starts
    app.extensions["database"].engine.dispose()
