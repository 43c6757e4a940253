"""What placements came to, as it was when each ended: answers given since do not change it."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import PlacedLog, Placement, PlacementAnswer
from app.services.catalogue import shelf
from app.services.learning import offer, placements
from app.services.learning.learner import Learner
from engine import is_mastered, remaining_minutes


@dataclass(frozen=True, slots=True)
class Result:
    """What a placement came to. skippable: titles of skills.  minutes: saved by skipping them."""

    asked: int
    skippable: tuple[str, ...]
    minutes: float


@dataclass(frozen=True, slots=True)
class Line:
    """A placement in the learner's record. result: None while it is under way."""

    slug: str
    title: str
    language: str
    begun_at: datetime
    asked: int
    result: Result | None


def result(
    session: Session,
    placement: Placement,
    ended: PlacedLog,
    syllabus: shelf.Syllabus,
    *,
    asked: int,
) -> Result:
    """What this placement found."""
    parameters = shelf.parameters(session, placement.parameter_set_id)
    seeds = placements.seeds(json.loads(ended.found), parameters)
    skipped = {skill for skill, state in seeds.items() if is_mastered(state, offer.POLICY)}
    before, after = (
        remaining_minutes(syllabus.curriculum, known, parameters, offer.POLICY)
        for known in ({}, {skill: seeds[skill] for skill in skipped})
    )
    titles = tuple(syllabus.skills[skill].title for skill in syllabus.skills if skill in skipped)
    return Result(asked=asked, skippable=titles, minutes=max(0.0, before - after))


def of_learner(session: Session, *, learner: Learner) -> tuple[Line, ...]:
    """Every placement of the learner, newest first."""
    rows = session.scalars(
        select(Placement)
        .where(Placement.learner_id == learner.id, Placement.agency_id == learner.agency_id)
        .order_by(Placement.begun_at.desc(), Placement.id)
    )
    return tuple(_line(session, row, learner) for row in rows)


def _line(session: Session, placement: Placement, learner: Learner) -> Line:
    original = shelf.syllabus(session, placement.module_revision_id)
    syllabus = original.read_in(learner.language)
    ended = session.get(PlacedLog, placement.id)
    asked = session.scalar(select(func.count()).where(PlacementAnswer.placement_id == placement.id))
    return Line(
        slug=syllabus.slug,
        title=syllabus.title,
        language=syllabus.language,
        begun_at=placement.begun_at,
        asked=asked or 0,
        result=result(session, placement, ended, syllabus, asked=asked or 0) if ended else None,
    )
