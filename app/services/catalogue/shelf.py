"""Immutable things read once per process: module revisions, item revisions, parameter sets.

Each is named by the digest of what it holds, so a copy in memory can never be stale.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring import Exercise, Lesson, SkillPlace, document_from_json
from app.models import ItemRevision, ModuleRevision, ParameterSet
from engine import Curriculum, Item, ItemKind, Plan, Skill, SkillParameters

Thing = TypeVar("Thing")
Parameters = Mapping[str, SkillParameters]
ITEMS_KEPT = 4096
MODULES_KEPT = 256


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """An item as one module revision names it."""

    id: str
    revision_id: str
    slug: str
    title: str
    kind: str
    format: str
    skills: tuple[str, ...]
    transfer: bool
    minutes: float


@dataclass(frozen=True, slots=True)
class SkillEntry:
    """A skill as one module revision describes it."""

    id: str
    slug: str
    title: str
    summary: str
    prerequisites: tuple[str, ...]
    because: str
    frameworks: Mapping[str, tuple[str, ...]]
    builds_on: tuple[SkillPlace, ...]


@dataclass(frozen=True, slots=True)
class Syllabus:
    """One revision of a module: its words for people, and its curriculum for the engine."""

    revision_id: str
    module_id: str
    slug: str
    title: str
    summary: str
    goal: str
    language: str
    as_of: str
    sources: tuple[Mapping[str, Any], ...]
    skills: Mapping[str, SkillEntry]
    items: Mapping[str, ItemEntry]
    curriculum: Curriculum
    translations: Mapping[str, "Syllabus"] = field(default_factory=dict)

    @property
    def foundations(self) -> frozenset[str]:
        """The ids of the modules that skills of this one build on."""
        return frozenset(p.module for skill in self.skills.values() for p in skill.builds_on)

    def read_in(self, language: str | None) -> "Syllabus":
        """This revision in that language where it was published in it, else as it was written."""
        return self.translations.get(language or "", self)


def syllabus(session: Session, revision_id: str) -> Syllabus:
    """The module revision with this id."""
    return _SYLLABI.get(revision_id, lambda: _read_syllabus(session, revision_id))


def parameters(session: Session, parameter_set_id: str) -> Parameters:
    """The parameters of each skill in this set."""
    return plan(session, parameter_set_id).skills


def plan(session: Session, parameter_set_id: str) -> Plan:
    """This parameter set, ready for the engine."""
    return _PLANS.get(parameter_set_id, lambda: _read_plan(session, parameter_set_id))


def document(session: Session, item_revision_id: str) -> Exercise | Lesson:
    """The text of this item revision."""
    return _DOCUMENTS.get(item_revision_id, lambda: _read_document(session, item_revision_id))


class _Kept:
    """The most recently used things, by id."""

    def __init__(self, size: int) -> None:
        self._get: Callable[[str], list[Any]] = lru_cache(maxsize=size)(lambda _id: [])

    def get(self, key: str, read: Callable[[], Thing]) -> Thing:
        place: list[Thing] = self._get(key)
        if not place:
            place.append(read())  # two threads may both read; they read the same
        return place[0]


_SYLLABI, _PLANS, _DOCUMENTS = _Kept(MODULES_KEPT), _Kept(MODULES_KEPT), _Kept(ITEMS_KEPT)


def _read_document(session: Session, revision_id: str) -> Exercise | Lesson:
    stored = session.execute(
        select(ItemRevision.document).where(ItemRevision.id == revision_id)
    ).scalar_one()
    return document_from_json(stored)


def _read_plan(session: Session, parameter_set_id: str) -> Plan:
    text = session.execute(
        select(ParameterSet.document).where(ParameterSet.id == parameter_set_id)
    ).scalar_one()
    return Plan.from_record(json.loads(text))


def _read_syllabus(session: Session, revision_id: str) -> Syllabus:
    text = session.execute(
        select(ModuleRevision.document).where(ModuleRevision.id == revision_id)
    ).scalar_one()
    stored = json.loads(text)
    skills = {
        entry["id"]: SkillEntry(
            id=entry["id"],
            slug=entry["slug"],
            title=entry["title"],
            summary=entry["summary"],
            prerequisites=tuple(entry["prerequisites"]),
            because=entry["because"],
            frameworks={name: tuple(codes) for name, codes in entry["frameworks"].items()},
            builds_on=tuple(SkillPlace(**place) for place in entry.get("builds_on", ())),
        )
        for entry in stored["skills"]
    }
    items = {
        entry["id"]: ItemEntry(
            id=entry["id"],
            revision_id=entry["revision_id"],
            slug=entry["slug"],
            title=entry["title"],
            kind=entry["kind"],
            format=entry["format"],
            skills=tuple(entry["skills"]),
            transfer=entry["transfer"],
            minutes=entry["minutes"],
        )
        for entry in stored["items"]
    }
    found = Syllabus(
        revision_id=revision_id,
        module_id=stored["id"],
        slug=stored["slug"],
        title=stored["title"],
        summary=stored["summary"],
        goal=stored["goal"],
        language=stored["language"],
        as_of=stored["as_of"],
        sources=tuple(stored["sources"]),
        skills=skills,
        items=items,
        curriculum=curriculum_of(stored),
    )
    translations = stored.get("translations", {})
    in_languages = {name: _read_in(found, name, words) for name, words in translations.items()}
    return replace(found, translations=in_languages)


def _read_in(syllabus: Syllabus, language: str, words: Mapping[str, Any]) -> Syllabus:
    """The syllabus with every word that there is in this language."""
    return replace(
        syllabus,
        language=language if words["module"] else syllabus.language,
        skills={
            key: replace(skill, **words["skills"].get(key, {}))
            for key, skill in syllabus.skills.items()
        },
        items={
            key: replace(item, title=words["items"].get(key, item.title))
            for key, item in syllabus.items.items()
        },
        **words["module"],
    )


def curriculum_of(stored: Mapping[str, Any]) -> Curriculum:
    """What the engine is given of a revision's document. ValueError where it is no curriculum."""
    return Curriculum(
        skills=tuple(
            Skill(id=entry["id"], prerequisites=tuple(entry["prerequisites"]))
            for entry in stored["skills"]
        ),
        items=tuple(
            Item(
                id=entry["id"],
                kind=ItemKind(entry["kind"]),
                format=entry["format"],
                skills=tuple(entry["skills"]),
                guess=entry["guess"],
                hints=entry["hints"],
                minutes=entry["minutes"],
                transfer=entry["transfer"],
            )
            for entry in stored["items"]
        ),
    )
