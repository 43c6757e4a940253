"""Statements made ready once: what the path of every answer asks and writes.

SQLAlchemy finds, checks and wraps a statement anew at each execution, which takes longer than the
database does. A ready statement is still SQLAlchemy's, compiled for the database at hand; only the
values are converted at each run. Rows come as the driver gives them, so select texts and numbers
alone: an id or a time would come unconverted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, CursorResult, Delete, Dialect, Insert, Select, Update
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]
Rows = CursorResult[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement as one kind of database takes it."""

    text: str
    names: tuple[str, ...]
    fixed: Values
    conversions: Mapping[str, Convert]
    by_position: bool

    def parameters(self, values: Values) -> Any:  # noqa: ANN401 - the driver's own shape
        given = {**self.fixed, **values}
        for name, convert in self.conversions.items():
            given[name] = convert(given[name])
        if self.by_position:
            return tuple([given[name] for name in self.names])
        return {name: given[name] for name in self.names}


class Ready:
    """A statement that is compiled at its first run, and then only run."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def run(self, session: Session, values: Values | Sequence[Values]) -> Rows:
        """Run it with these values, or once for each of several; every value must be given."""
        connection = _connection(session)
        compiled = self._compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = _compile(self._statement, connection.dialect)
            self._compiled[connection.dialect.name] = compiled
        if isinstance(values, Mapping):
            return connection.exec_driver_sql(compiled.text, compiled.parameters(values))
        return connection.exec_driver_sql(
            compiled.text, [compiled.parameters(each) for each in values]
        )


def _connection(session: Session) -> Connection:
    """The connection of the transaction under way; asking the session takes as long as a query."""
    connection: Connection | None = session.info.get(Connection)
    if connection is None or not connection.in_transaction():
        connection = session.info[Connection] = session.connection()
    return connection


def _compile(
    statement: Select[*tuple[Any, ...]] | Insert | Update | Delete, dialect: Dialect
) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - tells the type checker
    conversions: dict[str, Convert] = {}
    for name, bind in compiled.binds.items():
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if convert is not None:
            conversions[name] = convert
    names = compiled.positiontup if compiled.positional else list(compiled.binds)
    return _Compiled(
        text=compiled.string,
        names=tuple(names or ()),
        fixed={
            name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required
        },
        conversions=conversions,
        by_position=compiled.positional,
    )
