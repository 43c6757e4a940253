from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One broken rule at one place; `file` is relative to the catalogue, lines count from 1.

    path: the keys and places that lead to it in the settings of the file, as far as they do.
    """

    file: str
    line: int
    rule: str
    message: str
    severity: Severity = Severity.ERROR
    path: tuple[str | int, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        mark = "warning: " if self.severity is Severity.WARNING else ""
        return f"{self.file}:{self.line}: {mark}{self.rule}: {self.message}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence that content keeps."""

    name: str
    sentence: str
    severity: Severity = Severity.ERROR

    def broken(
        self, file: str, line: int, message: str, path: tuple[str | int, ...] = ()
    ) -> Problem:
        return Problem(file, line, self.name, message, self.severity, path)
