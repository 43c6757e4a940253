from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.authoring.catalogue import Catalogue, Source
from app.authoring.problem import Rule


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule is broken."""

    file: str
    line: int
    message: str
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A rule between files, and what finds the places where it is broken."""

    rule: Rule
    find: Callable[[Catalogue], Iterable[Finding]]


def found(source: Source, *path: str | int, message: str) -> Finding:
    return Finding(source.file, source.lines.of(*path), message, path)
