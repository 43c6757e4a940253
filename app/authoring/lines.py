"""Where each key of a TOML text stands, so that a problem can name its line.

tomllib gives values without places. A text that tomllib accepts can be cut into statements by
asking tomllib itself: lines are added to a statement until it parses. So no grammar is repeated
here, and multi-line strings and arrays need no special case.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

_TABLE = re.compile(r"^\s*(?P<open>\[\[?)(?P<name>[^\]]+)\]\]?\s*(#.*)?$")
_ERROR_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Lines:
    """The first line of every key path of a text."""

    first: int
    at: Mapping[Path, int] = field(default_factory=dict)

    def of(self, *path: str | int) -> int:
        """Return the line of the path, or of its nearest parent that has one."""
        for length in range(len(path), 0, -1):
            line = self.at.get(path[:length])
            if line is not None:
                return line
        return self.first


def locate(toml: str, *, first: int) -> Lines:
    """Return the lines of a valid TOML text that starts at line `first` of its file."""
    at: dict[Path, int] = {}
    rows: dict[Path, int] = {}
    table: Path = ()
    for offset, statement in _statements(toml):
        line = first + offset
        header = _TABLE.match(statement)
        if header is None:
            for path in _paths(statement):
                at.setdefault(table + path, line)
            continue
        table = _within(_keys(f"[{header['name']}]"), rows)
        if header["open"] == "[[":
            rows[table] = rows.get(table, -1) + 1
            table = (*table, rows[table])
        at.setdefault(table[:1], line)
        at[table] = line
    return Lines(first=first, at=at)


def line_of_error(error: Exception, toml: str) -> int:
    """Return the line, from 0, at which the TOML text stops making sense."""
    found = _ERROR_LINE.search(str(error))
    return int(found[1]) - 1 if found else toml.rstrip().count("\n")


def _statements(toml: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, text) of each statement; a statement may span lines."""
    pending: list[str] = []
    for offset, line in enumerate(toml.split("\n")):
        if not pending and (not line.strip() or line.lstrip().startswith("#")):
            continue
        pending.append(line)
        statement = "\n".join(pending)
        if _TABLE.match(statement) or _parses(statement):
            yield offset - len(pending) + 1, statement
            pending = []


def _parses(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _paths(statement: str) -> Iterator[Path]:
    """Yield the key path of one statement and of the tables a dotted key opens."""
    keys = _keys(statement.split("\n", 1)[0].split("=", 1)[0] + "= 0")
    for length in range(1, len(keys) + 1):
        yield keys[:length]


def _keys(statement: str) -> Path:
    keys: list[str] = []
    inner: object = tomllib.loads(statement)
    while isinstance(inner, dict) and inner:
        key, inner = next(iter(inner.items()))
        keys.append(str(key))
    return tuple(keys)


def _within(keys: Path, rows: Mapping[Path, int]) -> Path:
    """Return the path with the current row put after each parent that is an array of tables."""
    path: Path = ()
    for key in keys[:-1]:
        path = (*path, key)
        if path in rows:
            path = (*path, rows[path])
    return path + keys[-1:]
