"""The help a trainer gave with a skill set aside: noted once, it opens the skill again."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from app.models import (
    Cohort,
    Enrolment,
    LearnerState,
    Mastery,
    Module,
    ProgrammeModule,
    Response,
    Skill,
    SkillHelp,
    User,
)
from app.services import audit
from app.services.audit import Actor
from app.services.catalogue import shelf
from app.services.errors import Invalid, NotFound, Refused
from app.services.learning import helps, offer, practice, states
from engine import Standing

ACT = "help-given"
LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class Helped:
    """A skill after help. Not open: a skill that it builds on has to be mastered first."""

    learner: str
    skill: str
    is_open: bool


def note_help(
    session: Session,
    *,
    trainer: Actor,
    learner_id: uuid.UUID,
    skill_id: str,
    note: str,
    at: datetime,
) -> Helped:
    """Keep the help a trainer gave with a skill set aside: it opens again, new questions come."""
    if len(note) > LONGEST_NOTE:
        raise Invalid("Use at most %(most)s characters.", field="note", most=f"{LONGEST_NOTE:,}")
    found = _taught(session, learner_id, skill_id, trainer)
    syllabus = shelf.syllabus(session, found.revision_id)
    if skill_id not in syllabus.skills:
        raise NotFound
    log = _lock_log(session, learner_id)
    session.execute(
        insert(SkillHelp).values(
            id=uuid.uuid4(),
            agency_id=trainer.agency_id,
            learner_id=learner_id,
            skill_id=skill_id,
            trainer_id=trainer.id,
            after_sequence=log.sequence,
            after_serving=log.servings,
            note=note,
            helped_at=at,
        )
    )
    standing = _open_again(session, learner_id, skill_id)
    title = syllabus.skills[skill_id].title
    audit.record(
        session,
        act=ACT,
        actor=trainer,
        at=at,
        subject_id=learner_id,
        module=syllabus.slug,
        skill=title,
    )
    # Who is in the middle of an item goes on with it; who had nothing open finds the next step.
    practice.begin(session, syllabus.module_id, learner=session.get_one(User, learner_id), at=at)
    return Helped(found.name, title, is_open=standing != Standing.LOCKED)


def _taught(
    session: Session, learner_id: uuid.UUID, skill_id: str, trainer: Actor
) -> Row[*tuple[Any, ...]]:
    """The learner's name and the current revision of the skill's module; NotFound if not theirs."""
    found = session.execute(
        select(User.name, Module.revision_id)
        .join(Enrolment, Enrolment.learner_id == User.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(ProgrammeModule, ProgrammeModule.programme_id == Cohort.programme_id)
        .join(Module, Module.id == ProgrammeModule.module_id)
        .join(Skill, Skill.module_id == Module.id)
        .where(
            User.id == learner_id,
            User.agency_id == trainer.agency_id,
            User.active,
            Skill.id == skill_id,
            Cohort.trainer_id == trainer.id,
            Cohort.agency_id == trainer.agency_id,
            Enrolment.ended_at.is_(None),
        )
        .limit(1)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _lock_log(session: Session, learner_id: uuid.UUID) -> Row[*tuple[Any, ...]]:
    """Where the learner's log stands; nobody writes to it before this transaction ends."""
    log = session.execute(
        select(LearnerState.sequence, LearnerState.servings)
        .where(LearnerState.learner_id == learner_id)
        .with_for_update()
    ).one_or_none()
    if log is None:
        raise _not_set_aside()
    return log


def _open_again(session: Session, learner_id: uuid.UUID, skill_id: str) -> str:
    """Store how the learner stands in the skill now, by the revision it was last answered in."""
    of_skill = (Mastery.learner_id == learner_id, Mastery.skill_id == skill_id)
    revision_id = session.scalar(
        select(Response.module_revision_id)
        .join(
            Mastery,
            (Mastery.learner_id == Response.learner_id)
            & (Mastery.last_sequence == Response.sequence),
        )
        .where(*of_skill, Mastery.standing == Standing.PARKED.value)
    )
    if revision_id is None:
        raise _not_set_aside()
    standing = offer.standing(
        shelf.syllabus(session, revision_id),
        states.read(session, learner_id),
        skill_id,
        unparked=helps.unparked(session, learner_id),
    )
    session.execute(update(Mastery).where(*of_skill).values(standing=standing))
    return standing


def _not_set_aside() -> Refused:
    return Refused("This skill is not set aside now, so it needs no opening.")
