"""Skill by learner: how far each learner of the trainer's own cohorts is, in words."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.models import Cohort, Enrolment, Mastery, ProgrammeModule, User
from app.services.audit import Actor
from app.services.catalogue import shelf
from app.services.errors import NotFound
from app.services.learning.wording import state_word
from app.services.people.pseudonyms import reference
from app.services.teaching import naming
from engine import Standing

ACT = "grid-viewed"


@dataclass(frozen=True, slots=True)
class Cell:
    """How far one learner is on one skill: a word's key, and how many answers it rests on."""

    state: str
    answers: int


@dataclass(frozen=True, slots=True)
class Line:
    """A learner. `name` is None until the trainer asks for names; the reference never tells it."""

    reference: str
    name: str | None
    cells: tuple[Cell, ...]  # in the order of the module's skills
    mastered: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The learners of one of the trainer's cohorts in this module, by name or by reference."""

    cohorts: Mapping[str, str]  # id -> name, of all the trainer has in this module
    cohort: str  # the id of the one shown; empty when there is none
    skills: tuple[str, ...]
    lines: tuple[Line, ...]
    unnamed: int


def look(
    session: Session,
    syllabus: shelf.Syllabus,
    *,
    trainer: Actor,
    at: datetime,
    key: str,
    cohort: str = "",
) -> Grid:
    """How far a cohort is, with the names the trainer asked for today; `key` makes references.

    Without a cohort, or with one that is not theirs, it is the trainer's newest.
    """
    cohorts = _cohorts(session, syllabus.module_id, trainer)
    cohort = cohort if cohort in cohorts else next(iter(cohorts), "")
    learners = _learners(session, cohort)
    asked = naming.asked_today(session, ACT, syllabus.slug, trainer=trainer, at=at)
    known = _masteries(session, syllabus, list(learners), trainer)
    lines = []
    for learner_id, name in learners.items():
        cells = _cells(syllabus, known.get(learner_id, {}))
        shown = name if learner_id in asked else None
        mastered = sum(cell.state == "mastered" for cell in cells)
        lines.append(Line(reference(learner_id, key=key), shown, cells, mastered))
    return Grid(
        cohorts,
        cohort,
        skills=tuple(skill.title for skill in syllabus.skills.values()),
        lines=tuple(
            sorted(lines, key=lambda line: (line.name is None, line.name or line.reference))
        ),
        unnamed=sum(line.name is None for line in lines),
    )


def show_names(
    session: Session, syllabus: shelf.Syllabus, cohort: str, *, trainer: Actor, at: datetime
) -> None:
    """Record that the trainer looks at how far each learner of this cohort is."""
    if cohort not in _cohorts(session, syllabus.module_id, trainer):
        raise NotFound
    learners = _learners(session, cohort)
    naming.record(session, ACT, syllabus.slug, learners, trainer=trainer, at=at)


def _cohorts(session: Session, module_id: str, trainer: Actor) -> dict[str, str]:
    rows = session.execute(
        select(Cohort.id, Cohort.name)
        .join(ProgrammeModule, ProgrammeModule.programme_id == Cohort.programme_id)
        .where(
            ProgrammeModule.module_id == module_id,
            Cohort.trainer_id == trainer.id,
            Cohort.agency_id == trainer.agency_id,
        )
        .order_by(Cohort.created_at.desc(), Cohort.name)
    )
    return {str(row.id): row.name for row in rows}


def _learners(session: Session, cohort: str) -> dict[uuid.UUID, str]:
    """Who learns in this cohort, which must be one of the trainer's own."""
    if not cohort:
        return {}
    rows = session.execute(
        select(User.id, User.name)
        .join(Enrolment, Enrolment.learner_id == User.id)
        .where(
            Enrolment.cohort_id == uuid.UUID(cohort),
            Enrolment.ended_at.is_(None),
            User.active,
        )
    )
    return {row.id: row.name for row in rows}


def _masteries(
    session: Session, syllabus: shelf.Syllabus, learners: Sequence[uuid.UUID], trainer: Actor
) -> Mapping[uuid.UUID, Mapping[str, Row[*tuple[Any, ...]]]]:
    rows = session.execute(
        select(
            Mastery.learner_id, Mastery.skill_id, Mastery.mastery, Mastery.answers, Mastery.standing
        ).where(Mastery.learner_id.in_(learners), Mastery.agency_id == trainer.agency_id)
    )
    found: dict[uuid.UUID, dict[str, Row[*tuple[Any, ...]]]] = {}
    for row in rows:
        # Not in the query: SQLite would begin with the skills, and so with everybody of the agency.
        if row.skill_id in syllabus.skills:
            found.setdefault(row.learner_id, {})[row.skill_id] = row
    return found


def _cells(
    syllabus: shelf.Syllabus, known: Mapping[str, Row[*tuple[Any, ...]]]
) -> tuple[Cell, ...]:
    found = [known.get(skill) for skill in syllabus.skills]
    return tuple(
        Cell(state_word(row.mastery, row.answers, row.standing), row.answers)
        if row is not None
        else Cell(state_word(0.0, 0, Standing.NOT_STARTED), 0)
        for row in found
    )
