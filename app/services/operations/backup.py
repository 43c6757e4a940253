"""Copies of an SQLite database: made while it is written to, verified, put back.

A copy of the file alone would miss the write-ahead log, so copies go through SQLite's backup API.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.refusal import CannotGoOn
from app.services.learning.replay import Report, replay

SUFFIX = ".db"
STAMP = "%Y%m%dT%H%M%SZ"
COMPANIONS = ("-wal", "-shm")
RESTORING = ".restoring"


class Unsound(CannotGoOn):
    """A file that is no sound Cairn database; the message names the file and the fault."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A database file whose every page and reference was read."""

    path: Path
    version: str
    responses: int


def find_fault(path: Path) -> str | None:
    """What is broken in a database file by a quick look at every page; None when nothing is."""
    return _fault(path, "PRAGMA quick_check(1)")


def verify(path: Path) -> Verified:
    """Read every page, index and reference of the file; raise Unsound when one is broken."""
    fault = _fault(path, "PRAGMA integrity_check(1)")
    if fault is not None:
        raise Unsound(f"{path} is damaged ({fault}). Choose another backup.")
    try:
        with _reading(path) as connection:
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            responses = connection.execute("SELECT count(*) FROM response").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise Unsound(f"{path} is not a Cairn database. Choose another backup.") from error
    if broken is not None or version is None:
        raise Unsound(f"{path} is incomplete. Choose another backup.")
    return Verified(path=path, version=version[0], responses=responses)


def replay_copy(path: Path) -> Report:
    """Fold the log of a backup of this Cairn's version and compare it with what the backup says."""
    uri = f"{path.resolve().as_uri()}?mode=ro"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(uri, uri=True))
    try:
        with Session(engine) as session:
            return replay(session)
    finally:
        engine.dispose()


def newest_good(folder: Path) -> Path | None:
    """The newest backup in the folder that is sound, None when there is none."""
    for path in sorted(folder.glob(f"*{SUFFIX}"), reverse=True):
        try:
            return verify(path).path
        except Unsound:
            continue
    return None


def new_name(folder: Path, *, at: datetime) -> Path:
    """A name for a backup of this moment that no file has yet."""
    stamp = at.strftime(STAMP)
    path, number = folder / f"{stamp}{SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{stamp}-{number}{SUFFIX}"
    return path


def copy(source: Path, target: Path) -> Verified:
    """Copy a database, writers going on, to a file that appears only once it is whole and sound."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if target.exists():
        raise CannotGoOn(f"{target} exists already. Choose another name.")
    part = target.with_name(target.name + ".part")
    try:
        _copy_pages(source, part)
        found = verify(part)
        keep(part)
        part.rename(target)
        keep(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return Verified(path=target, version=found.version, responses=found.responses)


def _copy_pages(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
    with _reading(source) as reader, closing(sqlite3.connect(target)) as writer:
        reader.backup(writer)  # all pages in one step: one snapshot, never begun anew
        writer.execute("PRAGMA journal_mode=DELETE")  # one file, with no log beside it


def put_back(backup: Path, database: Path, *, at: datetime) -> Path | None:
    """Put a verified backup in the place of a database nobody uses.

    The old database is moved aside, never deleted; returns where to, None when there was none.
    """
    fresh = restoring(database)
    fresh.unlink(missing_ok=True)
    _copy_pages(backup, fresh)
    verify(fresh)
    keep(fresh)
    # From here on until the last rename the database is absent, and `restoring` says why.
    aside = _move_aside(database, at=at)
    fresh.rename(database)
    keep(database.parent)
    return aside


def restoring(database: Path) -> Path:
    """The file that is there only while a backup is put back."""
    return database.with_name(database.name + RESTORING)


def _move_aside(database: Path, *, at: datetime) -> Path | None:
    present = [
        path
        for path in (database, *(Path(f"{database}{end}") for end in COMPANIONS))
        if path.exists()
    ]
    if not present:
        return None
    folder = new_name(database.parent / "replaced", at=at).with_suffix("")
    folder.mkdir(mode=0o700, parents=True)
    for path in present:
        shutil.move(path, folder / path.name)
    return folder


def _fault(path: Path, pragma: str) -> str | None:
    try:
        with _reading(path) as connection:
            found: str = connection.execute(pragma).fetchone()[0]
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if found == "ok" else " ".join(found.split())


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    uri = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=5.0)) as connection:
        yield connection


def keep(path: Path) -> None:
    """Have the disk itself hold the file or the folder before going on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
