from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody should know or be able to do.

    code: what a skill refers to it by; the author's own code where the framework has one, else its
    identifier.  identifier: a UUID.  kind: such as Standard or Competency, empty where not said.
    """

    code: str
    text: str
    identifier: str
    kind: str
    children: tuple["Statement", ...]


@dataclass(frozen=True, slots=True)
class Framework:
    """Statements in a hierarchy, in the order their author gave them."""

    identifier: str
    title: str
    creator: str
    address: str
    statements: tuple[Statement, ...]

    def walk(self) -> Iterator[tuple[int, Statement]]:
        """Yield each statement after its parent, with its depth from 0."""
        waiting = [(0, statement) for statement in reversed(self.statements)]
        while waiting:
            depth, statement = waiting.pop()
            yield depth, statement
            waiting += [(depth + 1, child) for child in reversed(statement.children)]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(statement.code for _, statement in self.walk())
