"""The version of the database: which it has, which it needs, and how it gets there."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Connection, Engine, inspect

from app.config import REPOSITORY
from app.db import Busy, Database, Gate
from app.refusal import CannotGoOn
from app.words import Sentence

MIGRATIONS = REPOSITORY / "migrations"
# Any number, so long as every Cairn takes the same: it names the lock of migrating.
LOCK = 0x6361_6972_6E
PATIENCE = ("SET LOCAL lock_timeout = '60s'", "SET LOCAL statement_timeout = 0")


class WrongVersion(CannotGoOn):
    """The database has a version this Cairn cannot work with."""


@cache
def versions() -> tuple[str, ...]:
    """Every version this Cairn knows, oldest first: the numbers its migration files begin with."""
    files = (MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return tuple(sorted(file.name.split("_")[0] for file in files))


def head() -> str:
    """The version this Cairn works with."""
    return versions()[-1]


def current(database: Database) -> str | None:
    """The version the database has; None for an empty one."""
    with database.reader() as session:
        return _version(session.connection())


def check(database: Database) -> None:
    """Raise WrongVersion, saying what to do, unless the database has the version needed."""
    found, needed = current(database), head()
    if found == needed:
        return
    if found is None:
        raise WrongVersion(
            Sentence("The database is empty. Create its tables with: flask db upgrade")
        )
    check_known(found)
    raise WrongVersion(
        Sentence(
            "The database has version %(found)s, and this Cairn needs %(needed)s. "
            "Stop Cairn, then run: flask db upgrade",
            found=found,
            needed=needed,
        )
    )


def upgrade(database: Database) -> bool:
    """Bring the database to the version needed; whether that changed it."""
    found = current(database)
    if found == head():
        return False
    if found is not None:
        check_known(found)
    with _migrating(database) as connection:
        # Another process may have been quicker while this one waited for its turn.
        if _version(connection) == head():
            return False
        _run_migrations(connection)
    return True


def check_known(found: str) -> None:
    """Raise WrongVersion when this Cairn has never heard of the version."""
    if found not in versions():
        raise WrongVersion(
            Sentence(
                "The database has version %(found)s, which this Cairn does not know: it is of a "
                "newer Cairn. Start that one, or restore a backup of this one with: "
                "flask restore FILE",
                found=found,
            )
        )


def _version(connection: Connection) -> str | None:
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" in tables:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars()
        if numbers := sorted(found):
            return "+".join(numbers)
    if tables - {"alembic_version"}:
        raise WrongVersion(
            "The database has tables that are not Cairn's. "
            "Set CAIRN_HOME or CAIRN_DATABASE_URL to another place."
        )
    return None


def _run_migrations(connection: Connection) -> None:
    # Imported here: a server whose database is up to date starts without Alembic.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")


@contextmanager
def _migrating(database: Database) -> Iterator[Connection]:
    """One transaction that nobody else migrates or writes beside."""
    if database.path is None:
        with database.engine.begin() as connection:
            for setting in PATIENCE:
                connection.exec_driver_sql(setting)
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            yield connection
        return
    writer = database.engine.execution_options(begins="BEGIN IMMEDIATE")
    try:
        with Gate(database.path.with_suffix(".lock")).entered():
            with _without_foreign_keys(writer) as connection, connection.begin():
                yield connection
                _check_foreign_keys(connection)
            database.checkpoint("TRUNCATE")
    except Busy:
        raise CannotGoOn(
            "Another Cairn is writing to the database. Stop it, then try again."
        ) from None


@contextmanager
def _without_foreign_keys(engine: Engine) -> Iterator[Connection]:
    """A connection that lets tables be rebuilt; SQLite takes the switch between transactions."""
    with engine.connect() as connection:
        driver = connection.connection.cursor()
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise CannotGoOn(
            f"A row of {broken[0]} points to nothing, so the database was not migrated. "
            "Restore a backup with: flask restore FILE"
        )
