"""Statements made ready once: what every request, and above all every answer, asks and writes.

SQLAlchemy finds, checks and wraps a statement and its rows anew at each execution, which takes
several times as long as the database does. A ready statement is still SQLAlchemy's, compiled for
the database at hand; at each run only values are converted, and the driver is asked directly.
Listeners for statements hear of it as of any other, and errors are SQLAlchemy's.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]
Statement = Select[*tuple[Any, ...]] | Insert | Update | Delete
# A named tuple with the statement's own columns.
Row = Any
MakeRow = Callable[[Sequence[Any]], Row]
Columns = ReadOnlyColumnCollection[Any, ColumnElement[Any]]


@dataclass(slots=True)
class _Compiled:
    """A statement as one kind of database takes it.

    make_row is found at the first row: how a driver gives a number is known from its answer alone.
    """

    text: str
    names: tuple[str, ...]
    fixed: Values
    conversions: tuple[tuple[str, Convert], ...]
    by_position: bool
    columns: Columns
    make_row: MakeRow | None = None

    def parameters(self, values: Values) -> Any:  # noqa: ANN401 - the driver's own shape
        given = {**self.fixed, **values}
        for name, convert in self.conversions:
            given[name] = convert(given[name])
        if self.by_position:
            return tuple([given[name] for name in self.names])
        return {name: given[name] for name in self.names}


class Ready:
    """A statement that is compiled at its first run, and then only run."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def run(self, asked: Session | Connection, values: Values | Sequence[Values]) -> list[Row]:
        """Run it with these values, or once for each of several; every value must be given.

        Returns its rows; none for several values, nor for a statement that returns nothing.
        """
        connection = asked if isinstance(asked, Connection) else _connection(asked)
        compiled = self._compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = _compile(self._statement, connection.dialect)
            self._compiled[connection.dialect.name] = compiled
        if isinstance(values, Mapping):
            return _execute(connection, compiled, compiled.parameters(values), several=False)
        every = [compiled.parameters(each) for each in values]
        return _execute(connection, compiled, every, several=True)

    def one(self, session: Session, values: Values) -> Row | None:
        """Its only row; None where there is none. Two are a fault of the statement."""
        rows = self.run(session, values)
        if len(rows) > 1:
            raise ValueError(f"one row was asked for and {len(rows)} found")
        return rows[0] if rows else None


def _connection(session: Session) -> Connection:
    """The connection of the transaction under way; asking the session takes as long as a query."""
    connection: Connection | None = session.info.get(Connection)
    if connection is None or not connection.in_transaction():
        connection = session.info[Connection] = session.connection()
    return connection


def _execute(
    connection: Connection,
    compiled: _Compiled,
    parameters: Any,  # noqa: ANN401 - the driver's own shape
    *,
    several: bool,
) -> list[Row]:
    driver = connection.connection
    cursor = driver.cursor()
    heard = (connection, cursor, compiled.text, parameters, None, several)
    for listen in connection.dispatch.before_cursor_execute:
        listen(*heard)
    rows: list[Row] = []
    try:
        if several:
            cursor.executemany(compiled.text, parameters)
        else:
            cursor.execute(compiled.text, parameters)
            if cursor.description is not None:
                if compiled.make_row is None:
                    compiled.make_row = _row_maker(compiled.columns, cursor, connection.dialect)
                rows = [compiled.make_row(row) for row in cursor.fetchall()]
    except connection.dialect.loaded_dbapi.Error as error:
        raise database_error(connection, compiled.text, parameters, error) from error
    finally:
        cursor.close()
    for listen in connection.dispatch.after_cursor_execute:
        listen(*heard)
    return rows


def database_error(
    connection: Connection,
    text: str,
    parameters: Any,  # noqa: ANN401 - the driver's own shape
    error: Exception,
) -> BaseException:
    """The driver's error as SQLAlchemy raises it; what is lost with a connection is not used again.

    That is every other connection too: they rest now, to a server that is gone.
    """
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection, None)  # type: ignore[arg-type]
    if lost:
        connection.invalidate(error)
        connection.engine.dispose()
    return DBAPIError.instance(
        text,
        parameters,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,  # an error message must not carry anybody's answer into the log
        connection_invalidated=lost,
        dialect=dialect,
    )


def _compile(statement: Statement, dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - tells the type checker
    conversions: list[tuple[str, Convert]] = []
    for name, bind in compiled.binds.items():
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if convert is not None:
            conversions.append((name, convert))
    names = compiled.positiontup if compiled.positional else list(compiled.binds)
    return _Compiled(
        text=compiled.string,
        names=tuple(names or ()),
        fixed={
            name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required
        },
        conversions=tuple(conversions),
        by_position=compiled.positional,
        columns=statement.exported_columns,
    )


def _row_maker(columns: Columns, cursor: DBAPICursor, dialect: Dialect) -> MakeRow:
    """What makes a row of ours of one of the driver's."""
    kind: Any = namedtuple("Row", columns.keys())  # type: ignore[misc]  # noqa: PYI024
    make: MakeRow = kind._make
    converts = [
        (place, convert)
        for place, (column, described) in enumerate(zip(columns, cursor.description, strict=True))
        if (convert := column.type.dialect_impl(dialect).result_processor(dialect, described[1]))
    ]
    if not converts:
        return make

    def convert_and_make(row: Sequence[Any]) -> Row:
        values = list(row)
        for place, convert in converts:
            values[place] = convert(values[place])
        return make(values)

    return convert_and_make
