from collections.abc import Iterator
from dataclasses import dataclass

NAMESPACE = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"
FILE = "cmi5.xml"
MOVE_ON = ("NotApplicable", "Passed", "Completed", "CompletedAndPassed", "CompletedOrPassed")
LAUNCH = ("AnyWindow", "OwnWindow")


@dataclass(frozen=True, slots=True)
class Part:
    """An assignable unit, or a block of them. address: where a unit starts; empty for a block."""

    id: str
    title: str
    address: str
    move_on: str
    parts: tuple["Part", ...] = ()

    @property
    def is_block(self) -> bool:
        return not self.address

    def walk(self) -> Iterator["Part"]:
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class Course:
    id: str
    title: str
    objectives: tuple[str, ...]  # their ids
    parts: tuple[Part, ...]

    @property
    def units(self) -> tuple[Part, ...]:
        """Return the assignable units in their order."""
        return tuple(u for part in self.parts for u in part.walk() if not u.is_block)
