"""The content of Cairn as read from files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.authoring.body import Section
from app.authoring.document import Document
from app.authoring.formats.exercise import Exercise
from app.authoring.formats.lesson import Lesson
from app.authoring.lines import Lines
from app.authoring.problem import Problem, Severity


class Status(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was read: its file, relative to the catalogue, and the lines of its parts."""

    file: str
    lines: Lines
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """Words in another language, in the shape of the original's.

    of: the name of the words they were made from, empty when nobody has said so yet.
    """

    language: str
    of: str
    words: Mapping[str, object]
    source: Source = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """A work a module rests on."""

    title: str
    publisher: str
    year: int
    url: str


@dataclass(frozen=True, slots=True)
class ExpertParameters:
    """A skill's parameters as an expert estimates them, before any response is known."""

    prior: float
    learn: float
    guess: float
    slip: float
    forget: float


@dataclass(frozen=True, slots=True)
class Skill:
    id: str
    slug: str
    title: str
    summary: str
    prerequisites: tuple[str, ...]  # slugs of skills of the same module
    parameters: ExpertParameters
    because: str
    frameworks: tuple[tuple[str, tuple[str, ...]], ...]
    builds_on: tuple[str, ...] = ()  # `module/skill` in slugs: skills of other modules, as advice


@dataclass(frozen=True, slots=True)
class SkillPlace:
    """The permanent ids of a skill and of the module it belongs to."""

    module: str
    skill: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What others may know of a module they build on.

    skills: ids by slug.  builds_on: the slugs of the modules it builds on itself.
    """

    id: str
    slug: str
    skills: Mapping[str, str]
    builds_on: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    slug: str
    folder: str  # the slug of the skill whose folder holds the file
    status: Status
    skills: tuple[str, ...]  # slugs, the main skill first
    transfer: bool
    document: Document
    source: Source = field(compare=False, repr=False)
    translations: tuple[Translation, ...] = ()

    @property
    def title(self) -> str:
        return self.document.title

    @property
    def exercise(self) -> Exercise | None:
        """Return the exercise, None when the item is a lesson."""
        return None if isinstance(self.document, Lesson) else self.document

    @property
    def lesson(self) -> Lesson | None:
        """Return the lesson, None when the item is an exercise."""
        return self.document if isinstance(self.document, Lesson) else None


@dataclass(frozen=True, slots=True)
class Module:
    id: str
    slug: str
    programme: str  # the slug of the programme whose folder holds the module
    title: str
    summary: str
    goal: str
    status: Status
    language: str
    as_of: date
    sources: tuple[Reference, ...]
    skills: tuple[Skill, ...]
    items: tuple[Item, ...]
    media: tuple[str, ...]  # names of the files in the module's media folder
    source: Source = field(compare=False, repr=False)
    translations: tuple[Translation, ...] = ()

    def skill(self, slug: str) -> Skill | None:
        return next((skill for skill in self.skills if skill.slug == slug), None)

    @property
    def as_neighbour(self) -> Neighbour:
        return Neighbour(
            id=self.id,
            slug=self.slug,
            skills={skill.slug: skill.id for skill in self.skills},
            builds_on=frozenset(
                place.partition("/")[0] for skill in self.skills for place in skill.builds_on
            ),
        )

    def items_of(self, slug: str) -> tuple[Item, ...]:
        """Return the active items whose main skill this is."""
        return tuple(
            item for item in self.items if item.skills[0] == slug and item.status is Status.ACTIVE
        )


@dataclass(frozen=True, slots=True)
class Programme:
    id: str
    slug: str
    title: str
    summary: str
    status: Status
    modules: tuple[str, ...]  # slugs, in the order a learner takes them
    source: Source = field(compare=False, repr=False)
    translations: tuple[Translation, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Programmes and modules, and every problem found in their files.

    others: modules that are there too, without being read here.
    """

    programmes: tuple[Programme, ...]
    modules: tuple[Module, ...]
    problems: tuple[Problem, ...] = ()
    others: tuple[Neighbour, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if p.severity is Severity.WARNING)

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for module in self.modules for item in module.items)

    @property
    def neighbours(self) -> tuple[Neighbour, ...]:
        """Return every module others can build on."""
        return (*(module.as_neighbour for module in self.modules), *self.others)

    @property
    def places(self) -> Mapping[str, SkillPlace]:
        """Return the permanent ids of every skill by `module/skill`, the name others use for it."""
        return {
            f"{module.slug}/{slug}": SkillPlace(module.id, skill_id)
            for module in self.neighbours
            for slug, skill_id in module.skills.items()
        }
