"""What can be learned and with what: skills, their prerequisites, and items.

A curriculum is checked and indexed once, when it is made; every look-up afterwards is O(1).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

WORKED_CASE = "worked-case"
"""The format of a lesson that solves one case step by step."""


class ItemKind(StrEnum):
    """Whether an item is read or answered."""

    LESSON = "lesson"
    EXERCISE = "exercise"


@dataclass(frozen=True, slots=True)
class Skill:
    """One thing to be learned; prerequisites are the ids of the skills it builds on."""

    id: str
    prerequisites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """The smallest thing shown to a learner.

    format: the name of its form ("single-choice", "worked-case", ...).
    skills: ids of every skill it practises, at least one.
    guess: P(correct | not known) on this item, in [0, 1); None where nothing is answered, or
        where the skill's own guess holds.
    hints: how many hints it has, >= 0; the last one gives the answer away.
    minutes: expected working time, > 0.  transfer: whether it is a transfer case.
    Raises ValueError naming every bad value.
    """

    id: str
    kind: ItemKind
    format: str
    skills: tuple[str, ...]
    guess: float | None
    hints: int
    minutes: float
    transfer: bool = False

    def __post_init__(self) -> None:
        problems: list[str] = []
        if not self.skills or len(set(self.skills)) != len(self.skills):
            problems.append(f"skills must be at least one and distinct, got {self.skills}")
        if self.guess is not None and not 0.0 <= self.guess < 1.0:
            problems.append(f"guess must be in [0, 1), got {self.guess}")
        if self.hints < 0:
            problems.append(f"hints must be 0 or more, got {self.hints}")
        if not 0.0 < self.minutes < float("inf"):
            problems.append(f"minutes must be above 0, got {self.minutes}")
        if self.transfer and self.kind is not ItemKind.EXERCISE:
            problems.append("a transfer case must be an exercise")
        if problems:
            raise ValueError(f"item {self.id}: " + "; ".join(problems))


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What one skill has to offer."""

    exercises: tuple[Item, ...]
    lessons: tuple[Item, ...]
    transfer: Item | None
    exercise_minutes: float
    lesson_minutes: float


@dataclass(frozen=True, slots=True)
class Curriculum:
    """All skills and items of a module or programme, with look-ups.

    Raises ValueError listing every duplicate id, every unknown skill, and a cycle of
    prerequisites with its path.
    """

    skills: tuple[Skill, ...]
    items: tuple[Item, ...]
    order: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Skill ids, every prerequisite before what needs it."""
    ordered: tuple[Skill, ...] = field(init=False, repr=False, compare=False)
    """The skills in that order."""
    _skills: Mapping[str, Skill] = field(init=False, repr=False, compare=False)
    _items: Mapping[str, Item] = field(init=False, repr=False, compare=False)
    _shelves: Mapping[str, _Shelf] = field(init=False, repr=False, compare=False)
    _downstream: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_ids(self.skills, self.items)
        skills = {skill.id: skill for skill in self.skills}
        order = _topological_order(skills)
        built = {
            "order": order,
            "ordered": tuple(skills[skill_id] for skill_id in order),
            "_skills": skills,
            "_items": {item.id: item for item in self.items},
            "_shelves": _shelve(self.skills, self.items),
            "_downstream": _downstream(skills, order),
        }
        for name, value in built.items():
            object.__setattr__(self, name, value)

    def skill(self, skill_id: str) -> Skill:
        """Return the skill with this id; KeyError if there is none."""
        return self._skills[skill_id]

    def item(self, item_id: str) -> Item:
        """Return the item with this id; KeyError if there is none."""
        return self._items[item_id]

    def exercises(self, skill_id: str) -> tuple[Item, ...]:
        """Return the exercises that practise the skill, transfer cases left out."""
        return self._shelves[skill_id].exercises

    def lessons(self, skill_id: str) -> tuple[Item, ...]:
        """Return the lessons of the skill, in the order given."""
        return self._shelves[skill_id].lessons

    def transfer(self, skill_id: str) -> Item | None:
        """Return the skill's (first) transfer case, or None where it has none."""
        return self._shelves[skill_id].transfer

    def downstream(self, skill_id: str) -> frozenset[str]:
        """Return the ids of all skills that need this one, directly or through others."""
        return self._downstream[skill_id]

    def minutes(self, skill_id: str) -> tuple[float, float]:
        """Return the mean minutes of one exercise of the skill, and of its first lesson.

        0.0 where the skill has no such item.
        """
        shelf = self._shelves[skill_id]
        return shelf.exercise_minutes, shelf.lesson_minutes


def _check_ids(skills: Iterable[Skill], items: Iterable[Item]) -> None:
    problems: list[str] = []
    known: set[str] = set()
    for skill in skills:
        if skill.id in known:
            problems.append(f"duplicate skill {skill.id}")
        known.add(skill.id)
    for skill in skills:
        problems += [
            f"skill {skill.id} needs unknown skill {needed}"
            for needed in skill.prerequisites
            if needed not in known
        ]
    item_ids: set[str] = set()
    for item in items:
        if item.id in item_ids:
            problems.append(f"duplicate item {item.id}")
        item_ids.add(item.id)
        problems += [
            f"item {item.id} practises unknown skill {wanted}"
            for wanted in item.skills
            if wanted not in known
        ]
    if problems:
        raise ValueError("; ".join(problems))


def _topological_order(skills: Mapping[str, Skill]) -> tuple[str, ...]:
    graph = TopologicalSorter({skill.id: skill.prerequisites for skill in skills.values()})
    try:
        return tuple(graph.static_order())
    except CycleError as error:
        path = " -> ".join(error.args[1])
        raise ValueError(f"cycle of prerequisites: {path}") from error


def _shelve(skills: Iterable[Skill], items: Iterable[Item]) -> dict[str, _Shelf]:
    by_skill: dict[str, list[Item]] = {skill.id: [] for skill in skills}
    for item in items:
        for skill_id in item.skills:
            by_skill[skill_id].append(item)
    return {skill_id: _shelf(own) for skill_id, own in by_skill.items()}


def _shelf(items: list[Item]) -> _Shelf:
    lessons = tuple(item for item in items if item.kind is ItemKind.LESSON)
    answered = tuple(item for item in items if item.kind is ItemKind.EXERCISE)
    exercises = tuple(item for item in answered if not item.transfer)
    minutes = [item.minutes for item in exercises or answered]
    return _Shelf(
        exercises=exercises,
        lessons=lessons,
        transfer=next((item for item in answered if item.transfer), None),
        exercise_minutes=sum(minutes) / len(minutes) if minutes else 0.0,
        lesson_minutes=lessons[0].minutes if lessons else 0.0,
    )


def _downstream(skills: Mapping[str, Skill], order: tuple[str, ...]) -> dict[str, frozenset[str]]:
    reach: dict[str, set[str]] = {skill_id: set() for skill_id in order}
    for skill_id in reversed(order):
        for needed in skills[skill_id].prerequisites:
            reach[needed] |= reach[skill_id] | {skill_id}
    return {skill_id: frozenset(needing) for skill_id, needing in reach.items()}
