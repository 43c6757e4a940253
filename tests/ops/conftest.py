"""What the tests of running Cairn share."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from app.config import Config
from tests.conftest import make_config
from tests.ops.processes import Cairn, start

Starter = Callable[[Path], Cairn]


@pytest.fixture
def started() -> Iterator[Starter]:
    """Start servers that end with the test, whatever comes."""
    servers: list[Cairn] = []

    def begin(home: Path) -> Cairn:
        servers.append(start(home))
        return servers[-1]

    yield begin
    for server in servers:
        if server.process.poll() is None:
            server.process.kill()
            server.process.communicate()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Config]:
    """The configuration of a database without tables."""
    if request.param == "sqlite":
        yield make_config(tmp_path)
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"empty_{uuid.uuid4().hex}"
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        own = url.set(drivername="postgresql", database=name)
        yield make_config(tmp_path, own.render_as_string(hide_password=False))
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
