"""How the installation is: whether it can serve, and what an administrator should know."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app import schema
from app.db import Busy, Database
from app.refusal import CannotGoOn
from app.storage import NETWORK, file_system, may_reset_wal, read_mounts
from app.words import Sentence


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether requests can be served; `reason` says why not."""

    ready: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Storage:
    """What the database is and lies on. `wal_reset_bug`, `network`: red flags."""

    kind: str
    version: str
    wal_reset_bug: bool
    file_system: str
    network: bool
    database_bytes: int
    wal_bytes: int
    free_bytes: int


def readiness(database: Database) -> Readiness:
    """Ask the database and compare its version with the one needed."""
    try:
        schema.check(database)
    except CannotGoOn as error:
        return Readiness(ready=False, reason=error.args[0])
    except (SQLAlchemyError, Busy):
        return Readiness(ready=False, reason=Sentence("The database does not answer."))
    return Readiness(ready=True)


def storage(database: Database, *, home: Path) -> Storage:
    """The facts of the disk, and of SQLite where that is the database."""
    path = database.path
    folder = home if path is None else path.parent
    kind = file_system(folder, mounts=read_mounts())
    sqlite = path is not None
    return Storage(
        kind="SQLite" if sqlite else "PostgreSQL",
        version=sqlite3.sqlite_version if sqlite else "",
        wal_reset_bug=sqlite and may_reset_wal(sqlite3.sqlite_version_info),
        file_system=kind,
        network=kind in NETWORK,
        database_bytes=_size(path),
        wal_bytes=_size(path and Path(f"{path}-wal")),
        free_bytes=_free(folder),
    )


def _size(path: Path | None) -> int:
    try:
        return path.stat().st_size if path else 0
    except OSError:
        return 0


def _free(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize
