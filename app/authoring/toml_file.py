"""TOML files and front matter, read to checked values or to problems with their lines."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from marshmallow import Schema, ValidationError

from app.authoring.entry import Entry
from app.authoring.fields import EMPTY, MISSING
from app.authoring.file_rules import KNOWN_KEYS, READABLE_TOML, REQUIRED_KEYS, VALID_VALUES
from app.authoring.lines import Lines, Path, line_of_error, locate
from app.authoring.problem import Problem, Rule
from app.authoring.schema import UNKNOWN
from app.authoring.toml_faults import fault_of
from app.words import Sentence

_FENCE = "+++"
_NO_KEYS = frozenset({"_schema"})  # marshmallow's word for a table as a whole


@dataclass(frozen=True, slots=True)
class Table:
    """TOML values and where they stand, not yet held against a schema."""

    values: Mapping[str, object]
    lines: Lines


@dataclass(frozen=True, slots=True)
class FrontMatter:
    toml: str
    first: int
    body: str
    body_first: int


def split_front_matter(text: str) -> FrontMatter | None:
    """Return the TOML between the `+++` lines and the body; None when a fence is missing."""
    lines = text.split("\n")
    if not lines or lines[0].rstrip() != _FENCE:
        return None
    end = next((n for n in range(1, len(lines)) if lines[n].rstrip() == _FENCE), None)
    if end is None:
        return None
    return FrontMatter(
        toml="\n".join(lines[1:end]),
        first=2,
        body="\n".join(lines[end + 1 :]),
        body_first=end + 2,
    )


def parse(toml: str, *, file: str, first: int) -> Table | Problem:
    try:
        values = tomllib.loads(toml)
    except (ValueError, RecursionError) as error:
        # Besides its own error tomllib lets through those of huge numbers and deep nesting.
        return READABLE_TOML.broken(file, first + line_of_error(error, toml), fault_of(error))
    return Table(values=values, lines=locate(toml, first=first))


def check(table: Table, schema: Schema, *, file: str) -> Entry | tuple[Problem, ...]:
    """Return the values as the schema reads them, or every problem it finds."""
    try:
        return Entry(schema.load(table.values))
    except ValidationError as error:
        return tuple(
            _rule(message).broken(file, table.lines.of(*path), _said(message, path), path)
            for path, message in _flat(error.messages, ())
        )


def _flat(messages: object, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the path and text of each of marshmallow's nested messages."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            step: Path = () if key in _NO_KEYS or "frameworks" in path else (key,)
            yield from _flat(inner, path + step)
    elif isinstance(messages, list | tuple):
        for message in messages:
            yield path, message
    else:
        yield path, str(messages)


def _said(message: str, path: Path) -> Sentence:
    """Return the message with the name of the key it stands at.

    Marshmallow writes some messages anew, which leaves a template without its values.
    """
    found = message if isinstance(message, Sentence) else Sentence(message)
    return Sentence(found.template, **{**found.values, "key": _name(path)})


def _name(path: Path) -> str:
    """Return a path as an author writes it: `options 2: feedback`."""
    name = ""
    for step in path:
        if isinstance(step, int):
            name += f" {step + 1}"
        else:
            name += f": {step}" if name else step
    return name


def _rule(message: str) -> Rule:
    if message == UNKNOWN:
        return KNOWN_KEYS
    return REQUIRED_KEYS if message in {MISSING, EMPTY} else VALID_VALUES
