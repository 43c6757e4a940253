"""`flask start` as real processes: from nothing, again, and what it refuses."""

import shutil
import signal
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.config import Config
from app.services.operations import backup
from tests.ops.processes import Cairn, free_port, run

pytestmark = pytest.mark.faults
Starter = Callable[[Path], Cairn]


def corrupt(path: Path) -> bytes:
    """Overwrite the middle of a database and return what the file now holds."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20_000] = b"\xff" * 20_000
    path.write_bytes(content)
    return bytes(content)


def addresses(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "cairn.db")) as connection:
        return [row[0] for row in connection.execute("SELECT email FROM user_account")]


def test_a_second_start_keeps_everything_and_does_nothing_again(
    tmp_path: Path, started: Starter
) -> None:
    home = tmp_path / "not" / "there" / "yet"
    first = started(home)
    made = run(
        home, "create-admin", "--email", "Ada@Example.org", "--name", "Ada B", "--agency", "Roads"
    )
    assert made.returncode == 0, made.stderr
    code, output, log = first.stop()
    assert code == 0
    assert "Published ai-literacy-for-public-servants" in output
    assert f"http://127.0.0.1:{first.port}" in output
    assert "create-admin" in output
    assert '"endpoint": "status.readyz"' in log

    second = started(home)
    assert second.get("/healthz")[0] == 200
    code, output, _ = second.stop()
    assert code == 0
    assert "Published" not in output
    assert "version" not in output
    assert addresses(home) == ["ada@example.org"]


def test_a_running_cairn_lets_the_log_be_copied_back(tmp_path: Path, started: Starter) -> None:
    """A snapshot that any of its processes kept would let the log grow for as long as it runs."""
    server = started(tmp_path)
    assert server.get("/sign-in")[0] == 200
    with closing(sqlite3.connect(tmp_path / "cairn.db", timeout=5)) as connection:
        ((busy, *_),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert not busy


def test_a_killed_cairn_starts_again(tmp_path: Path, started: Starter) -> None:
    started(tmp_path).stop(signal.SIGKILL)
    assert started(tmp_path).get("/readyz")[0] == 200


def test_a_taken_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run(tmp_path, "start", PORT=str(port))
    assert_one_sentence(done.returncode, done.stderr)
    assert f"PORT={port + 1} make run" in done.stderr
    assert not (tmp_path / "cairn.db").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    done = run(file / "home", "start")
    assert_one_sentence(done.returncode, done.stderr)
    assert "CAIRN_HOME" in done.stderr


def test_a_database_of_a_newer_cairn_is_refused_untouched(sqlite_config: Config) -> None:
    with closing(sqlite3.connect(sqlite_config.home / "cairn.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = (sqlite_config.home / "cairn.db").read_bytes()
    done = run(sqlite_config.home, "start", PORT=str(free_port()))
    assert_one_sentence(done.returncode, done.stderr)
    assert "9999" in done.stderr
    assert (sqlite_config.home / "cairn.db").read_bytes() == before


def test_a_damaged_database_is_refused_untouched_and_the_newest_good_backup_named(
    sqlite_config: Config,
) -> None:
    path = sqlite_config.home / "cairn.db"
    folder = sqlite_config.home / "backups"
    good = backup.copy(path, folder / "20261122T100000Z.db").path
    shutil.copy(good, folder / "20261101T100000Z.db")
    corrupt(Path(shutil.copy(good, folder / "20261123T100000Z.db")))
    before = corrupt(path)
    done = run(sqlite_config.home, "start", PORT=str(free_port()))
    assert_one_sentence(done.returncode, done.stderr)
    assert str(good) in done.stderr
    assert path.read_bytes() == before


def assert_one_sentence(code: int, said: str) -> None:
    assert code == 2, said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1
    assert said.count(". ") >= 1  # the cause, then the way out
