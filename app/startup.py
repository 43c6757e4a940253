"""What must hold before Cairn serves anybody; each failure is a sentence with the way out."""

import fcntl
import os
import weakref
from pathlib import Path

from sqlalchemy.exc import OperationalError

from app import schema
from app.config import Config
from app.db import Database
from app.refusal import CannotGoOn
from app.services.operations import backup
from app.storage import check_local


class Running:
    """The sign that a Cairn uses the data folder: a lock that ends with its process."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def say(self) -> None:
        """Hold the sign up, beside others who do, until this object is forgotten."""
        if not self._lock(fcntl.LOCK_SH):
            raise CannotGoOn("A backup is being restored. Start Cairn again when it is done.")

    def check_alone(self) -> None:
        """Raise CannotGoOn while any Cairn runs; none starts as long as this object lives."""
        if not self._lock(fcntl.LOCK_EX):
            raise CannotGoOn(
                f"Cairn is running with the data folder {self._home}. Stop it first, then restore."
            )

    def _lock(self, kind: int) -> bool:
        file = os.open(self._home / "running.lock", os.O_WRONLY | os.O_CREAT, 0o600)
        weakref.finalize(self, os.close, file).atexit = False
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def backups(config: Config) -> Path:
    """The folder where backups lie."""
    return config.home / "backups"


def check_storage(config: Config, *, mounts: str) -> None:
    """Raise CannotGoOn unless the database file can be trusted with answers."""
    path = config.sqlite_path
    if path is None:
        return
    check_local(path.parent, mounts=mounts)
    if not path.exists():
        if backup.restoring(path).exists():
            raise CannotGoOn("Restoring a backup was interrupted. Run flask restore FILE again.")
        return
    fault = backup.find_fault(path)
    if fault is not None:
        raise CannotGoOn(f"The database {path} is damaged ({fault}). {_way_out(config)}")


def _way_out(config: Config) -> str:
    good = backup.newest_good(backups(config))
    if good is None:
        return f"There is no good backup in {backups(config)}. Nothing was changed; keep the file."
    return f"Nothing was changed. Restore the newest good backup with: flask restore {good}"


def check_ready(config: Config, database: Database, *, mounts: str) -> None:
    """Raise CannotGoOn unless storage and version are as serving needs them.

    A database server that cannot be reached is no reason: it may come back, and until then people
    are told to try again.
    """
    check_storage(config, mounts=mounts)
    try:
        schema.check(database)
    except OperationalError:
        if config.sqlite_path is not None:
            raise
