"""The help trainers gave with skills that were set aside: from where on answers count again."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Text, bindparam, select, type_coerce
from sqlalchemy.orm import Session

from app.models import SkillHelp, User
from app.ready import Ready


@dataclass(frozen=True, slots=True)
class Help:
    """A skill opened again after this many responses of the learner."""

    skill_id: str
    after_sequence: int


@dataclass(frozen=True, slots=True)
class HelpGiven:
    """Help as the trainers of a learner see it: when, by whom, and what they noted."""

    after_sequence: int
    helped_at: datetime
    trainer: str
    note: str


_UNPARKED = (
    select(SkillHelp.skill_id, SkillHelp.after_sequence)
    .where(SkillHelp.learner_id == bindparam("learner_id"))
    .order_by(SkillHelp.after_sequence)
)
_UNPARKED_THEN = _UNPARKED.where(SkillHelp.after_serving < bindparam("serving"))
_UNPARKED_NOW = Ready(_UNPARKED)
_OF_ALL = select(
    type_coerce(SkillHelp.learner_id, Text), SkillHelp.skill_id, SkillHelp.after_sequence
).order_by(SkillHelp.learner_id, SkillHelp.after_sequence.desc())


def unparked(session: Session, learner_id: uuid.UUID) -> dict[str, int]:
    """Skill id -> number of the first response that counts for setting it aside, after help."""
    # The latest help comes last and wins.
    rows = _UNPARKED_NOW.run(session, {"learner_id": learner_id})
    return {skill_id: after + 1 for skill_id, after in rows}


def unparked_then(session: Session, learner_id: uuid.UUID, *, serving: int) -> dict[str, int]:
    """What `unparked` was when the learner's serving of this sequence was chosen."""
    rows = session.execute(_UNPARKED_THEN, {"learner_id": learner_id, "serving": serving})
    return {skill_id: after + 1 for skill_id, after in rows}


def of_learner(session: Session, learner_id: uuid.UUID) -> list[Help]:
    """The help one learner was given, the latest first."""
    rows = session.execute(_UNPARKED, {"learner_id": learner_id}).all()
    return [Help(*row) for row in reversed(rows)]


def given_to(
    session: Session, learners: Collection[uuid.UUID]
) -> dict[tuple[uuid.UUID, str], tuple[HelpGiven, ...]]:
    """The help given to these learners, by learner and skill, the latest last."""
    rows = session.execute(
        select(
            SkillHelp.learner_id,
            SkillHelp.skill_id,
            SkillHelp.after_sequence,
            SkillHelp.helped_at,
            User.name,
            SkillHelp.note,
        )
        .join(User, User.id == SkillHelp.trainer_id)
        .where(SkillHelp.learner_id.in_(learners))
        .order_by(SkillHelp.learner_id, SkillHelp.skill_id, SkillHelp.after_sequence)
    )
    return {
        of_skill: tuple(HelpGiven(*row[2:]) for row in own)
        for of_skill, own in groupby(rows, key=itemgetter(0, 1))
    }


def of_all(session: Session) -> dict[object, list[Help]]:
    """The help every learner was given, the latest first, by id as the database keeps it."""
    rows = session.execute(_OF_ALL)
    return {
        learner_id: [Help(skill_id, after) for _, skill_id, after in own]
        for learner_id, own in groupby(rows, key=itemgetter(0))
    }
