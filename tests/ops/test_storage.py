"""Where the database may lie, and which versions of SQLite carry the flag."""

from pathlib import Path

import pytest

from app.cli.prepare import prepare
from app.config import Config
from app.db import Database
from app.health import storage
from app.storage import NetworkFileSystem, check_local, file_system, may_reset_wal, read_mounts
from tests.conftest import make_config

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
files:/homes /home nfs4 rw,vers=4.2 0 0
//files/share /mnt/share cifs rw 0 0
//files/new /mnt/new smb3 rw 0 0
ada@files:/ /mnt/ssh fuse.sshfs rw 0 0
/dev/sdb1 /home/ada/My\\040disk xfs rw 0 0
/dev/sdc1 /mnt/share/local btrfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/cairn", "ext4"),
        ("/home/ada/cairn", "nfs4"),
        ("/homes/ada", "ext4"),
        ("/mnt/share", "cifs"),
        ("/mnt/share/local/cairn", "btrfs"),
        ("/mnt/new/cairn", "smb3"),
        ("/mnt/ssh/cairn", "fuse.sshfs"),
        ("/home/ada/My disk/cairn", "xfs"),
    ],
)
def test_a_folder_lies_on_the_deepest_mount(folder: str, kind: str) -> None:
    assert file_system(Path(folder), mounts=MOUNTS) == kind


def test_a_later_mount_hides_an_earlier_one() -> None:
    mounts = MOUNTS + "files:/new /var nfs rw 0 0\n/dev/sdd1 /var ext4 rw 0 0\n"
    assert file_system(Path("/var/lib"), mounts=mounts) == "ext4"


def test_where_nothing_tells_the_mounts_the_kind_is_unknown() -> None:
    assert file_system(Path("/var"), mounts="") == "unknown"


def test_this_machine_tells_its_mounts() -> None:
    assert file_system(Path("/"), mounts=read_mounts()) != "unknown"


@pytest.mark.parametrize("folder", ["/home/ada", "/mnt/share", "/mnt/new", "/mnt/ssh"])
def test_network_file_systems_are_refused(folder: str) -> None:
    with pytest.raises(NetworkFileSystem, match="local disk"):
        check_local(Path(folder), mounts=MOUNTS)


def test_local_disks_are_fine() -> None:
    check_local(Path("/mnt/share/local"), mounts=MOUNTS)


def test_a_start_on_a_network_file_system_makes_no_database(tmp_path: Path) -> None:
    config = make_config(tmp_path)
    with pytest.raises(NetworkFileSystem):
        prepare(config, mounts=f"files:/x {tmp_path} nfs rw 0 0\n")
    assert not (tmp_path / "cairn.db").exists()


@pytest.mark.parametrize(
    ("version", "flagged"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 44, 7), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
        ((4, 0, 0), False),
    ],
)
def test_versions_with_the_wal_reset_bug_are_flagged(
    version: tuple[int, int, int], *, flagged: bool
) -> None:
    assert may_reset_wal(version) is flagged


def test_the_flag_stands_in_the_facts_of_health(
    sqlite_config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 40, 1))
    database = Database(sqlite_config)
    assert storage(database, home=sqlite_config.home).wal_reset_bug
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 51, 3))
    assert not storage(database, home=sqlite_config.home).wal_reset_bug
    database.engine.dispose()


def test_every_connection_of_the_pool_keeps_what_it_acknowledges(sqlite_config: Config) -> None:
    database = Database(sqlite_config)
    connections = [database.engine.connect() for _ in range(16)]
    for connection in connections:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
        assert found == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "busy_timeout": 5000,
        }
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 0
    for connection in connections:
        connection.close()
    database.engine.dispose()


def test_a_connection_replaced_after_a_fault_keeps_it_too(sqlite_config: Config) -> None:
    database = Database(sqlite_config)
    with database.engine.connect() as connection:
        connection.invalidate()
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    database.engine.dispose()
