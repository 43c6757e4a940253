"""The content a trainer may see: modules shared by all or of the agency, their skills and items."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from app.authoring import Exercise, Lesson
from app.models import Cohort, Module, ModuleRevision, ParameterSet, ProgrammeModule
from app.services.audit import Actor
from app.services.catalogue import foundations, shelf
from app.services.catalogue.foundations import Foundation
from app.services.errors import NotFound
from app.services.learning import sheet
from app.services.teaching import reports, stuck
from app.services.teaching.item_key import KeyPart, key_parts
from engine import ItemKind, SkillParameters

# An exercise is shown to trainers in one fixed order; every learner gets an order of their own.
SPECIMEN_SEED = 1


@dataclass(frozen=True, slots=True)
class TaughtModule:
    """A module in a list. `cohorts` are the trainer's own; `stuck` counts their learners.

    own: whether it belongs to the trainer's agency; a shared one belongs to nobody.
    """

    id: str
    own: bool
    slug: str
    title: str
    language: str
    summary: str
    status: str
    skills: int
    items: int
    cohorts: tuple[str, ...]
    stuck: int
    open_reports: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item in a list."""

    id: str
    title: str
    format: str
    minutes: float


@dataclass(frozen=True, slots=True)
class TaughtSkill:
    """A skill with what teaches and tests it, and its parameters as they are used now."""

    id: str
    slug: str
    title: str
    summary: str
    prerequisites: tuple[str, ...]
    prerequisite_titles: tuple[str, ...]
    builds_on: tuple[Foundation, ...]
    because: str
    frameworks: Mapping[str, tuple[str, ...]]
    lessons: tuple[ItemLine, ...]
    exercises: tuple[ItemLine, ...]
    transfers: tuple[ItemLine, ...]
    formats: Mapping[str, int]
    parameters: SkillParameters


@dataclass(frozen=True, slots=True)
class Content:
    """The revision of a module and the parameters that its new servings use."""

    syllabus: shelf.Syllabus
    parameters: shelf.Parameters


@dataclass(frozen=True, slots=True)
class Overview:
    """One module as it is taught now."""

    taught: TaughtModule
    syllabus: shelf.Syllabus
    as_of: date
    revision: int
    published_at: datetime
    parameter_set: int
    origin: str
    set_at: datetime
    minutes: float
    skills: tuple[TaughtSkill, ...]


@dataclass(frozen=True, slots=True)
class Specimen:
    """A serving that nobody got: what laying out an exercise needs of one."""

    seed: int
    part_order: str


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item as learners see it before answering, and all they see only afterwards."""

    entry: shelf.ItemEntry
    content: Content
    skills: tuple[str, ...]
    document: Exercise | Lesson
    sheet: sheet.Sheet | None
    key: tuple[KeyPart, ...]


def modules(session: Session, *, trainer: Actor) -> tuple[TaughtModule, ...]:
    """Every module the trainer may see, by title."""
    rows = session.execute(_visible(trainer).order_by(Module.title)).all()
    cohorts = _own_cohorts(session, trainer)
    parked = stuck.count_learners(session, trainer=trainer)
    reported = reports.count_open(session, trainer=trainer)
    return tuple(
        _taught(
            row,
            shelf.syllabus(session, row.revision_id),
            cohorts=tuple(cohorts.get(row.id, ())),
            stuck=parked.get(row.id, 0),
            reported=reported,
        )
        for row in rows
    )


def content(session: Session, slug: str, *, trainer: Actor) -> Content:
    """What a module the trainer may see consists of now, else NotFound."""
    row = session.execute(_visible(trainer).where(Module.slug == slug)).one_or_none()
    if row is None:
        raise NotFound
    return _content(session, row)


def module(session: Session, slug: str, *, trainer: Actor) -> Overview:
    """All about a module the trainer may see, else NotFound."""
    taught = next((m for m in modules(session, trainer=trainer) if m.slug == slug), None)
    if taught is None:
        raise NotFound
    row = session.execute(
        select(
            Module.revision_id,
            Module.parameter_set_id,
            ModuleRevision.number,
            ModuleRevision.published_at,
            ParameterSet.number.label("parameter_set"),
            ParameterSet.origin,
            ParameterSet.created_at,
        )
        .join(ModuleRevision, ModuleRevision.id == Module.revision_id)
        .join(ParameterSet, ParameterSet.id == Module.parameter_set_id)
        .where(Module.id == taught.id)
    ).one()
    found = shelf.syllabus(session, row.revision_id)
    parameters = shelf.parameters(session, row.parameter_set_id)
    elsewhere = foundations.of_skills(session, found, agency_id=trainer.agency_id, language=None)
    return Overview(
        taught=taught,
        syllabus=found,
        as_of=date.fromisoformat(found.as_of),
        revision=row.number,
        published_at=row.published_at,
        parameter_set=row.parameter_set,
        origin=row.origin,
        set_at=row.created_at,
        minutes=sum(item.minutes for item in found.items.values()),
        skills=tuple(
            _skill(found, entry, parameters, elsewhere.get(entry.id, ()))
            for entry in found.skills.values()
        ),
    )


def item(session: Session, item_id: str, *, trainer: Actor) -> ShownItem:
    """An item in use in a module the trainer may see, else NotFound."""
    for row in session.execute(_visible(trainer)):
        found = _content(session, row)
        if item_id in found.syllabus.items:
            return _shown(session, found, found.syllabus.items[item_id])
    raise NotFound


def _content(session: Session, row: Row[*tuple[Any, ...]]) -> Content:
    return Content(
        syllabus=shelf.syllabus(session, row.revision_id),
        parameters=shelf.parameters(session, row.parameter_set_id),
    )


def _visible(trainer: Actor) -> Select[*tuple[Any, ...]]:
    return select(
        Module.id,
        Module.agency_id,
        Module.slug,
        Module.title,
        Module.status,
        Module.revision_id,
        Module.parameter_set_id,
    ).where(or_(Module.agency_id.is_(None), Module.agency_id == trainer.agency_id))


def _own_cohorts(session: Session, trainer: Actor) -> dict[str, list[str]]:
    """The names of the trainer's cohorts, by module."""
    rows = session.execute(
        select(ProgrammeModule.module_id, Cohort.name)
        .join(Cohort, Cohort.programme_id == ProgrammeModule.programme_id)
        .where(Cohort.trainer_id == trainer.id, Cohort.agency_id == trainer.agency_id)
        .order_by(Cohort.name)
    )
    names: dict[str, list[str]] = {}
    for module_id, name in rows:
        names.setdefault(module_id, []).append(name)
    return names


def _taught(
    row: Row[*tuple[Any, ...]],
    found: shelf.Syllabus,
    *,
    cohorts: tuple[str, ...],
    stuck: int,
    reported: Mapping[str, int],
) -> TaughtModule:
    return TaughtModule(
        id=row.id,
        own=row.agency_id is not None,
        slug=row.slug,
        title=row.title,
        language=found.language,
        summary=found.summary,
        status=row.status,
        skills=len(found.skills),
        items=len(found.items),
        cohorts=cohorts,
        stuck=stuck,
        open_reports=sum(reported.get(item_id, 0) for item_id in found.items),
    )


def _skill(
    found: shelf.Syllabus,
    entry: shelf.SkillEntry,
    parameters: shelf.Parameters,
    builds_on: tuple[Foundation, ...],
) -> TaughtSkill:
    items = [item for item in found.items.values() if entry.id in item.skills]
    exercises = [item for item in items if item.kind == ItemKind.EXERCISE and not item.transfer]
    return TaughtSkill(
        id=entry.id,
        slug=entry.slug,
        title=entry.title,
        summary=entry.summary,
        prerequisites=tuple(found.skills[before].slug for before in entry.prerequisites),
        prerequisite_titles=tuple(found.skills[before].title for before in entry.prerequisites),
        builds_on=builds_on,
        because=entry.because,
        frameworks=entry.frameworks,
        lessons=_lines(item for item in items if item.kind == ItemKind.LESSON),
        exercises=_lines(exercises),
        transfers=_lines(item for item in items if item.transfer),
        formats=dict(sorted(Counter(item.format for item in exercises).items())),
        parameters=parameters[entry.id],
    )


def _lines(items: Iterable[shelf.ItemEntry]) -> tuple[ItemLine, ...]:
    return tuple(ItemLine(item.id, item.title, item.format, item.minutes) for item in items)


def _shown(session: Session, found: Content, entry: shelf.ItemEntry) -> ShownItem:
    document = shelf.document(session, entry.revision_id)
    exercise = document if isinstance(document, Exercise) else None
    specimen = Specimen(SPECIMEN_SEED, sheet.draw_order(document, SPECIMEN_SEED))
    return ShownItem(
        entry=entry,
        content=found,
        skills=tuple(found.syllabus.skills[skill].title for skill in entry.skills),
        document=document,
        sheet=sheet.lay_out(exercise, specimen) if exercise else None,
        key=key_parts(exercise) if exercise else (),
    )
