"""Who is stuck: learners of a trainer's own cohorts with a skill set aside, and why.

Counts are free to see. Names are shown after the trainer asked for them, and every asking is kept.
"""

import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.models import (
    Cohort,
    Enrolment,
    Mastery,
    ProgrammeModule,
    Skill,
    User,
)
from app.services.audit import Actor
from app.services.catalogue import shelf
from app.services.learning import helps, offer
from app.services.learning.helps import HelpGiven
from app.services.teaching import naming
from engine import ItemKind, Outcome, SkillState, Standing

ACT = "stuck-list-viewed"


Given = Mapping[tuple[uuid.UUID, str], tuple[HelpGiven, ...]]


@dataclass(frozen=True, slots=True)
class StuckSkill:
    """How many learners have set this skill aside."""

    slug: str
    title: str
    learners: int


@dataclass(frozen=True, slots=True)
class LatestAnswer:
    """One of the latest answers on a skill: how it ended, and how many hints were opened."""

    outcome: str
    hints: int


@dataclass(frozen=True, slots=True)
class StuckOn:
    """A skill that one learner has set aside, and what led to it.

    effort: answers since the start, or since the skill was last mastered or helped with.
    latest: oldest first, lessons left out; latest_right of them were right.
    at_limit: it was set aside for the number of answers alone.
    """

    skill_id: str
    title: str
    answers: int
    effort: int
    misses: int
    latest: tuple[LatestAnswer, ...]
    latest_right: int
    at_limit: bool
    lessons_read: int
    lessons: int
    last_at: datetime | None
    helped: tuple[HelpGiven, ...]


@dataclass(frozen=True, slots=True)
class StuckLearner:
    """A learner by name, with every skill set aside."""

    id: uuid.UUID
    name: str
    cohorts: tuple[str, ...]
    skills: tuple[StuckOn, ...]


@dataclass(frozen=True, slots=True)
class StuckList:
    """Who is stuck in a module. `named` were asked for today; `unnamed` counts the others."""

    learners: int
    skills: tuple[StuckSkill, ...]
    cohorts: tuple[str, ...]
    named: tuple[StuckLearner, ...]
    unnamed: int


def count_learners(session: Session, *, trainer: Actor) -> Mapping[str, int]:
    """How many learners of the trainer's cohorts are stuck, by module."""
    parked = _parked(trainer).subquery()
    rows = session.execute(
        select(parked.c.module_id, func.count(parked.c.learner_id.distinct())).group_by(
            parked.c.module_id
        )
    )
    return {module_id: count for module_id, count in rows}  # noqa: C416 - rows are no pairs to mypy


def look(session: Session, syllabus: shelf.Syllabus, *, trainer: Actor, at: datetime) -> StuckList:
    """Who is stuck in the module, with the names the trainer asked for today."""
    rows = _rows(session, syllabus, trainer)
    learners = {row.learner_id for row in rows}
    asked = naming.asked_today(session, ACT, syllabus.slug, trainer=trainer, at=at) & learners
    given = helps.given_to(session, asked)
    per_skill = Counter(skill_id for _, skill_id in {(r.learner_id, r.skill_id) for r in rows})
    return StuckList(
        learners=len(learners),
        skills=tuple(
            StuckSkill(skill.slug, skill.title, per_skill[skill.id])
            for skill in syllabus.skills.values()
            if skill.id in per_skill
        ),
        cohorts=_cohorts(session, syllabus.module_id, trainer),
        named=_learners([row for row in rows if row.learner_id in asked], syllabus, given),
        unnamed=len(learners - asked),
    )


def show_names(session: Session, syllabus: shelf.Syllabus, *, trainer: Actor, at: datetime) -> None:
    """Record that the trainer looks at who is stuck: once a learner, trainer and day."""
    learners = {row.learner_id for row in _rows(session, syllabus, trainer)}
    naming.record(session, ACT, syllabus.slug, learners, trainer=trainer, at=at)


def _parked(trainer: Actor) -> Select[*tuple[Any, ...]]:
    """One row for each learner, cohort and skill set aside, in the trainer's own cohorts."""
    return (
        select(
            Mastery.learner_id,
            Mastery.skill_id,
            Skill.module_id,
            User.name,
            Cohort.name.label("cohort"),
            Mastery.mastery,
            Mastery.answers,
            Mastery.record,
        )
        .join(Skill, Skill.id == Mastery.skill_id)
        # Not by agency: SQLite would begin with everybody of it instead of the trainer's cohorts.
        .join(User, User.id == Mastery.learner_id)
        .join(Enrolment, Enrolment.learner_id == Mastery.learner_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(
            ProgrammeModule,
            (ProgrammeModule.programme_id == Cohort.programme_id)
            & (ProgrammeModule.module_id == Skill.module_id),
        )
        .where(
            Mastery.standing == Standing.PARKED.value,
            Mastery.agency_id == trainer.agency_id,
            Cohort.trainer_id == trainer.id,
            Cohort.agency_id == trainer.agency_id,
            Enrolment.ended_at.is_(None),
            User.active,
        )
    )


def _rows(
    session: Session, syllabus: shelf.Syllabus, trainer: Actor
) -> Sequence[Row[*tuple[Any, ...]]]:
    found = session.execute(
        _parked(trainer)
        .where(Skill.module_id == syllabus.module_id)
        .order_by(User.name, Mastery.learner_id, Cohort.name)
    ).all()
    return [row for row in found if row.skill_id in syllabus.skills]


def _cohorts(session: Session, module_id: str, trainer: Actor) -> tuple[str, ...]:
    names = session.scalars(
        select(Cohort.name)
        .join(ProgrammeModule, ProgrammeModule.programme_id == Cohort.programme_id)
        .where(
            ProgrammeModule.module_id == module_id,
            Cohort.trainer_id == trainer.id,
            Cohort.agency_id == trainer.agency_id,
        )
        .order_by(Cohort.name)
    )
    return tuple(names)


def _learners(
    rows: Sequence[Row[*tuple[Any, ...]]],
    syllabus: shelf.Syllabus,
    given: Given,
) -> tuple[StuckLearner, ...]:
    by_learner: dict[uuid.UUID, list[Row[*tuple[Any, ...]]]] = {}
    for row in rows:
        by_learner.setdefault(row.learner_id, []).append(row)
    return tuple(
        StuckLearner(
            id=learner_id,
            name=own[0].name,
            cohorts=tuple(sorted({row.cohort for row in own})),
            skills=tuple(
                _stuck_on(row, syllabus, given.get((learner_id, row.skill_id), ()))
                # Somebody in two cohorts has two rows of each skill; one is enough.
                for row in sorted(
                    {row.skill_id: row for row in own}.values(),
                    key=lambda row: list(syllabus.skills).index(row.skill_id),
                )
            ),
        )
        for learner_id, own in by_learner.items()
    )


def _stuck_on(
    row: Row[*tuple[Any, ...]], syllabus: shelf.Syllabus, helped: tuple[HelpGiven, ...]
) -> StuckOn:
    state = SkillState.from_record(row.mastery, row.answers, json.loads(row.record))
    after = helped[-1].after_sequence if helped else 0
    answered = [
        attempt
        for attempt in state.recent
        if attempt.outcome is not Outcome.READ and attempt.number > after
    ]
    latest = answered[-offer.POLICY.park_window :]
    right = sum(attempt.outcome is Outcome.CORRECT for attempt in latest)
    lessons = {
        item.id
        for item in syllabus.items.values()
        if row.skill_id in item.skills and item.kind == ItemKind.LESSON
    }
    return StuckOn(
        skill_id=row.skill_id,
        title=syllabus.skills[row.skill_id].title,
        answers=state.answers,
        effort=min(state.effort, len(answered)) if helped else state.effort,
        misses=state.misses,
        latest=tuple(LatestAnswer(attempt.outcome.value, attempt.hints) for attempt in latest),
        latest_right=right,
        at_limit=2 * right >= len(latest),
        lessons_read=len(lessons & state.seen.keys()),
        lessons=len(lessons),
        last_at=datetime.fromtimestamp(state.recent[-1].at, UTC) if state.recent else None,
        helped=helped,
    )
