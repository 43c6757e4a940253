"""A learner's own record: their answers, how mastery moved, and who can see what of it."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.models import Agency, Cohort, Enrolment, Response, Role, Skill, User, UserRole
from app.services.catalogue import shelf
from app.services.errors import NotFound
from app.services.learning import offer, statements, states
from app.services.learning.learner import Learner
from engine import Outcome, Statement
from engine.standing import needed_streak


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One answer of the learner's record."""

    serving_id: uuid.UUID
    sequence: int
    answered_at: datetime
    module: str
    title: str
    skill_id: str
    skill: str
    language: str
    outcome: str
    hints: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class SkillHistory:
    """The mastery of one skill after each answer, oldest first.

    asked: how many right answers in a row count as mastered, of this learner now.
    """

    title: str
    module_slug: str
    threshold: float
    asked: int
    points: tuple[RecordLine, ...]
    said: Statement | None


@dataclass(frozen=True, slots=True)
class Audience:
    """Who can see something of the learner, by name where there is one."""

    trainers: tuple[str, ...]
    hr_officers: tuple[str, ...]
    names_completion: bool


def answers(
    session: Session, *, learner: Learner, limit: int, before: int | None = None
) -> tuple[RecordLine, ...]:
    """The learner's answers, newest first, at most `limit`, older than response `before`."""
    rows = session.execute(
        select(Response.__table__)
        .where(
            Response.learner_id == learner.id,
            Response.agency_id == learner.agency_id,
            *([Response.sequence < before] if before else []),
        )
        .order_by(Response.sequence.desc())
        .limit(limit)
    )
    return tuple(_record_line(session, row, language=learner.language) for row in rows)


def skill_history(
    session: Session, skill_id: str, *, learner: Learner, at: datetime
) -> SkillHistory:
    """How the learner's mastery of a skill moved; NotFound while they have no answer on it."""
    rows = session.execute(
        select(Response.__table__)
        .where(
            Response.learner_id == learner.id,
            Response.agency_id == learner.agency_id,
            Response.module_id
            == select(Skill.module_id).where(Skill.id == skill_id).scalar_subquery(),
            Response.outcome != Outcome.READ.value,
        )
        .order_by(Response.sequence)
    ).all()
    points = [
        _record_line(session, row, skill_id, language=learner.language)
        for row in rows
        if f'["{skill_id}",' in row.steps
    ]
    if not points:
        raise NotFound
    syllabus = shelf.syllabus(session, rows[-1].module_revision_id).read_in(learner.language)
    said = statements.of_module(session, syllabus.module_id, learner=learner, at=at)
    return SkillHistory(
        title=points[-1].skill,
        module_slug=syllabus.slug,
        threshold=offer.POLICY.mastered,
        asked=needed_streak(states.read(session, learner.id)[skill_id], offer.POLICY),
        points=tuple(points),
        said=said.get(skill_id),
    )


def who_sees(session: Session, *, learner: Learner) -> Audience:
    """The trainers of the learner's cohorts, and the HR officers of the agency."""
    officers = session.scalars(
        select(User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.agency_id == learner.agency_id, UserRole.role == Role.HR_OFFICER, User.active)
        .order_by(User.name)
    )
    agency = session.get_one(Agency, learner.agency_id)
    return Audience(trainers_of(session, learner=learner), tuple(officers), agency.names_completion)


def trainers_of(session: Session, *, learner: Learner) -> tuple[str, ...]:
    """The names of those who train a cohort the learner is in."""
    names = session.scalars(
        select(User.name)
        .join(Cohort, Cohort.trainer_id == User.id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.learner_id == learner.id, Enrolment.ended_at.is_(None))
        .distinct()
        .order_by(User.name)
    )
    return tuple(names)


def _record_line(
    session: Session,
    row: Row[*tuple[Any, ...]],
    skill_id: str | None = None,
    *,
    language: str | None,
) -> RecordLine:
    """A response as a line of the record: of the skill asked for, or of the item's main skill."""
    syllabus = shelf.syllabus(session, row.module_revision_id).read_in(language)
    steps = json.loads(row.steps)
    skill, before, after, *_ = next((step for step in steps if step[0] == skill_id), steps[0])
    return RecordLine(
        serving_id=row.serving_id,
        sequence=row.sequence,
        answered_at=row.answered_at,
        module=syllabus.title,
        title=syllabus.items[row.item_id].title,
        skill_id=skill,
        skill=syllabus.skills[skill].title,
        language=syllabus.language,
        outcome=row.outcome,
        hints=row.hints,
        before=before,
        after=after,
    )
