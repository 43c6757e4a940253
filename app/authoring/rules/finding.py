from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.authoring.catalogue import Catalogue, Source
from app.authoring.problem import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule is broken."""

    file: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence that content keeps, and the check that finds where it does not."""

    name: str
    sentence: str
    check: Callable[[Catalogue], Iterable[Finding]]
    severity: Severity = Severity.ERROR


def found(source: Source, *path: str | int, message: str) -> Finding:
    return Finding(source.file, source.lines.of(*path), message)
