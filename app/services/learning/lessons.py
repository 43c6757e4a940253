"""The lessons a learner has read, to be read again where questions alone do not help."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Response, Serving
from app.services.catalogue.shelf import Syllabus
from app.services.learning.learner import Learner
from engine import ItemKind


@dataclass(frozen=True, slots=True)
class ReadLesson:
    """A lesson the learner has read, and the serving under which they find it again."""

    serving_id: uuid.UUID
    title: str


def of_skills(
    session: Session, syllabus: Syllabus, skills: Collection[str], *, learner: Learner
) -> Mapping[str, tuple[ReadLesson, ...]]:
    """What the learner has read about each of these skills, each lesson once."""
    lessons = {
        item.id: item
        for item in syllabus.items.values()
        if item.kind == ItemKind.LESSON and not set(skills).isdisjoint(item.skills)
    }
    if not lessons:
        return {}
    rows = session.execute(
        select(Serving.item_id, Serving.id)
        .join(Response, Response.serving_id == Serving.id)
        .where(
            Serving.learner_id == learner.id,
            Serving.agency_id == learner.agency_id,
            Serving.item_id.in_(lessons),
        )
        .order_by(Serving.sequence)
    )
    latest = {item_id: serving_id for item_id, serving_id in rows}  # noqa: C416 - typed
    return {
        skill: tuple(
            ReadLesson(serving_id, lessons[item_id].title)
            for item_id, serving_id in latest.items()
            if skill in lessons[item_id].skills
        )
        for skill in skills
    }
