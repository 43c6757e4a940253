"""The only staircase to the database: engines, reading sessions, and one way to write.

SQLite loses acknowledged updates when a transaction reads before it takes the write lock, and its
lock waiting is unfair. So every write takes a gate (a mutex, then a file lock shared by all workers
of the machine) and begins IMMEDIATE. Checkpoints run inside the gate too, so that no commit can
overlap one: that overlap is what the WAL-reset bug of SQLite 3.7.0 to 3.51.2 needs.
"""

import fcntl
import logging
import os
import random
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

from flask import Flask, current_app, g
from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    RootTransaction,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from app import ready
from app.config import Config

BUSY_SECONDS = 5.0
POOL_SECONDS = 2.0
COMMITS_PER_CHECKPOINT = 100
LOG_GROWTH_BYTES = 8 * 1024 * 1024
RETRIES = 3
# Serialization failure, deadlock: the database has rolled back, so doing it again is safe.
ROLLED_BACK = frozenset({"40001", "40P01"})
FIRST_PAUSE_SECONDS = 0.01
# A connection that rested for longer is asked whether its server is still there.
TRUSTED_SECONDS = 1.0
RESTS_SINCE = "rests_since"
POSTGRES_OPTIONS = (
    "-c lock_timeout=3000 -c statement_timeout=5000 "
    "-c idle_in_transaction_session_timeout=10000 -c synchronous_commit=on"
)

LOG = logging.getLogger(__name__)
Result = TypeVar("Result")


class Busy(Exception):
    """The database cannot take this write now; nothing was written."""


class OutcomeUnknown(Exception):
    """The connection was lost while committing: written or not, nobody here can tell."""


class Gate:
    """One writer at a time on this machine: threads by a mutex, processes by a file lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._file = -1
        self._process = 0

    @contextmanager
    def entered(self) -> Iterator[None]:
        deadline = time.monotonic() + BUSY_SECONDS
        if not self._mutex.acquire(timeout=BUSY_SECONDS):
            raise Busy
        try:
            file = self._opened()
            _lock_file(file, deadline)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)
        finally:
            self._mutex.release()

    def _opened(self) -> int:
        # A file lock belongs to the open file, which a forked child would share with its parent.
        if self._process != os.getpid():
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            self._process = os.getpid()
            weakref.finalize(self, os.close, self._file).atexit = False
        return self._file


def _lock_file(file: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Busy from None
            time.sleep(0.0005)  # flock has no timeout of its own
        else:
            return


class Database:
    """The engines of one configured database and the way to write through them."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self.path = config.sqlite_path
        self.engine = _postgres_engine(config) if self.path is None else _sqlite_engine(self.path)
        self._writer = self.engine.execution_options(begins="BEGIN IMMEDIATE")
        # On PostgreSQL a question that stands alone is asked alone: a transaction that ends without
        # a commit makes the driver forget all it has prepared, to be parsed again for each answer.
        self._asking = (
            self.engine.execution_options(isolation_level="AUTOCOMMIT")
            if self.path is None
            else self.engine
        )
        self._gate = None if self.path is None else Gate(self.path.with_suffix(".lock"))
        self._commits = 0
        self._log_kept = 0
        os.register_at_fork(after_in_child=lambda: self.engine.dispose(close=False))

    def __reduce__(self) -> tuple[Callable[[Config], "Database"], tuple[Config]]:
        """Sent to another process, it is opened there anew: once, however often it is sent."""
        return _opened, (self._config,)

    def reader(self) -> Session:
        """A session for long reading, in one transaction; it never writes."""
        return Session(self.engine, autoflush=False, expire_on_commit=False)

    def page_reader(self) -> Session:
        """A session for what a page shows; it never writes."""
        return Session(self._asking, autoflush=False, expire_on_commit=False)

    def glance(self) -> Connection:
        """A connection for a single question: it needs no transaction, and half of the time."""
        return self._asking.connect()

    def transact(
        self,
        work: Callable[[Session], Result],
        *,
        settle: Callable[[Session], Result] | None = None,
    ) -> Result:
        """Do `work` in one transaction and return its result once that is committed.

        Work the database rolled back (a deadlock, a connection lost before the commit) is done
        again, at most three times. A connection lost *during* the commit leaves the outcome
        unknown: then `settle` finds it out, and without one OutcomeUnknown is raised.
        """
        retries = 0
        while True:
            try:
                with self.writing() as session:
                    return work(session)
            except OutcomeUnknown:
                if settle is None:
                    raise
                return self._settled(settle)
            except DBAPIError as error:
                if not _was_rolled_back(error) or retries == RETRIES:
                    raise
            # Jitter keeps two workers that collided from colliding again.
            time.sleep(random.uniform(1, 2) * FIRST_PAUSE_SECONDS * 2**retries)  # noqa: S311
            retries += 1

    def _settled(self, settle: Callable[[Session], Result]) -> Result:
        """What `settle` finds; while it cannot ask, nobody may be told that nothing was written."""
        try:
            return self.transact(settle)
        except (Busy, SQLAlchemyError) as error:
            raise OutcomeUnknown from error

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        if self._gate is None:
            with self._session() as session:
                yield session
            return
        with self._gate.entered():
            with self._session() as session:
                yield session
            self._checkpoint_now_and_then()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with self._writer.connect() as connection:
            transaction = connection.begin()
            # Most writes are ready statements alone: then the session, which joins a transaction
            # when it is first asked, has nothing to begin, commit and close.
            with Session(connection, expire_on_commit=False) as session:
                session.info[Connection] = connection
                yield session
                _commit(session, transaction)

    def _checkpoint_now_and_then(self) -> None:
        """Copy the log back after many commits, or when it has grown by much: both stay bounded."""
        self._commits += 1
        size = self._log_size()
        if self._commits < COMMITS_PER_CHECKPOINT and size < self._log_kept + LOG_GROWTH_BYTES:
            return
        self._commits, self._log_kept = 0, size
        try:
            self.checkpoint("PASSIVE")
        except (sqlite3.Error, SQLAlchemyError):
            # What was committed is safe in the log: whoever wrote it must not be told otherwise.
            LOG.exception("the write-ahead log could not be copied into the database")

    def _log_size(self) -> int:
        try:
            return os.stat(f"{self.path}-wal").st_size  # noqa: PTH116 - a call for every commit
        except FileNotFoundError:
            return 0

    def checkpoint(self, mode: str) -> None:
        """Copy the write-ahead log into the database file; call it inside the gate."""
        connection = self.engine.raw_connection()
        try:
            connection.cursor().execute(f"PRAGMA wal_checkpoint({mode})")
        finally:
            connection.close()


@lru_cache(maxsize=4)
def _opened(config: Config) -> Database:
    return Database(config)


def _commit(session: Session, transaction: RootTransaction) -> None:
    try:
        if session.in_transaction():
            session.commit()  # writes what it holds; the transaction goes on
        transaction.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise OutcomeUnknown from error
        raise


def _was_rolled_back(error: DBAPIError) -> bool:
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in ROLLED_BACK


def _sqlite_engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        hide_parameters=True,  # an error message must not carry anybody's answer into the log
        pool_size=16,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - tells the type checker
    connection.isolation_level = None  # only our hook begins a transaction
    connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
    _keep_a_write_ahead_log(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=0"):
        connection.execute(f"PRAGMA {pragma}")


def _keep_a_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch to WAL; of processes that open a new file at once, all but one have to ask again.

    SQLite does not wait for the lock of this one change: waiting with a lock in hand would be a
    deadlock, so it answers "locked" at once, whatever the timeout.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.005)  # there is nothing to wait on but the other process
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    begins = connection.get_execution_options().get("begins", "BEGIN")
    try:  # the driver is asked directly, as by every statement of an answer
        connection.connection.cursor().execute(begins)
    except sqlite3.Error as error:
        raise ready.database_error(connection, begins, (), error) from error


def _postgres_engine(config: Config) -> Engine:
    url = make_url(config.database_url).set(drivername="postgresql+psycopg")
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=16,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        pool_use_lifo=True,  # the connections used most know the statements of an answer
        isolation_level="READ COMMITTED",
        connect_args={"options": POSTGRES_OPTIONS, "connect_timeout": 3},
    )
    event.listen(engine, "checkin", _begin_rest)
    event.listen(engine, "checkout", partial(_end_rest, engine.dialect))
    return engine


def _begin_rest(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info[RESTS_SINCE] = time.monotonic()


def _end_rest(
    dialect: Dialect,
    connection: DBAPIConnection,
    record: ConnectionPoolEntry,
    _lent: PoolProxiedConnection,
) -> None:
    """After a long rest, see whether the server is still there; if not, all are opened anew."""
    now = time.monotonic()
    if now - record.info.get(RESTS_SINCE, now) < TRUSTED_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def init_app(app: Flask, config: Config) -> None:
    app.extensions["database"] = Database(config)
    app.teardown_appcontext(release_reader)


def database() -> Database:
    """The database of the running application."""
    found: Database = current_app.extensions["database"]
    return found


def current_session() -> Session:
    """The session this request reads with."""
    if "reader" not in g:
        g.reader = database().page_reader()
    session: Session = g.reader
    return session


def transact(
    work: Callable[[Session], Result], *, settle: Callable[[Session], Result] | None = None
) -> Result:
    """Do `work` in one committed transaction; see Database.transact."""
    release_reader()  # what is read afterwards must see what was written
    return database().transact(work, settle=settle)


def release_reader(_error: BaseException | None = None) -> None:
    """End what this context reads with: while it lasts, SQLite cannot copy its log back."""
    reader: Session | None = g.pop("reader", None)
    if reader is not None:
        reader.close()
