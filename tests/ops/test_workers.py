"""Several workers over one database, as gunicorn runs them."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from app.config import REPOSITORY, Config
from tests.ops.processes import DEADLINE_SECONDS, PAUSE_SECONDS, Cairn, environment, free_port

pytestmark = pytest.mark.faults
SERVER = ("-m", "gunicorn", "--config", "python:app.gunicorn", "app.wsgi:app")


@contextmanager
def served(home: Path) -> Iterator[Cairn]:
    """A gunicorn with two workers, gone when the block ends."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, *SERVER],
        cwd=REPOSITORY,
        env=environment(home, PORT=str(port), WEB_CONCURRENCY="2"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Cairn(process, port)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def wait_until_ready(server: Cairn) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            if server.get("/readyz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(PAUSE_SECONDS)
    raise AssertionError("gunicorn did not become ready")


def test_workers_serve_and_leave_when_told(sqlite_config: Config) -> None:
    with served(sqlite_config.home) as server:
        wait_until_ready(server)
        assert server.get("/")[0] == 200
        code, _, log = server.stop(signal.SIGTERM)
    assert code == 0
    assert log.count("Booting worker") == 2
    assert all(line.startswith("{") for line in log.splitlines())


def test_workers_refuse_an_empty_database(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        _, log = server.process.communicate(timeout=DEADLINE_SECONDS)
    assert server.process.returncode != 0
    assert "flask db upgrade" in log


def test_what_workers_count_is_added_up(sqlite_config: Config) -> None:
    with served(sqlite_config.home) as server:
        wait_until_ready(server)
        for _ in range(20):
            server.get("/cookies")
        shown = server.get("/metrics")[1]
    counts = [line for line in shown.splitlines() if line.startswith("cairn_request_seconds_count")]
    wanted = 'cairn_request_seconds_count{endpoint="info.cookies",method="GET",status="2xx"} 20.0'
    assert [line for line in counts if "info.cookies" in line] == [wanted]


def test_workers_end_with_who_started_them(sqlite_config: Config) -> None:
    with served(sqlite_config.home) as server:
        wait_until_ready(server)
        workers = psutil.Process(server.process.pid).children(recursive=True)
        server.stop(signal.SIGKILL)
        _, left = psutil.wait_procs(workers, timeout=DEADLINE_SECONDS)
    assert len(workers) == 2
    assert not left
