"""What the tests of running Cairn share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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
