"""Questions from somebody's file, put into a draft: all of them, or none."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from app.authoring import RawItem
from app.exchange import Question
from app.services.audit import Actor
from app.services.catalogue.content_import import renamed, without_picture
from app.services.errors import Invalid
from app.services.workshop import drafts, media


@dataclass(frozen=True, slots=True)
class Imported:
    """How many items were added, and the pictures that could not be."""

    items: int
    left_out: tuple[str, ...]


def keep(
    session: Session,
    draft_id: uuid.UUID,
    questions: Sequence[Question],
    *,
    skill: str,
    skills: Mapping[str, str] = MappingProxyType({}),
    trainer: Actor,
    at: datetime,
) -> Imported:
    """Add the questions to a draft as items of its skills, their pictures made harmless.

    skill: which one they practise; skills: another one for some of the file's categories.
    """
    raw = drafts.find(session, draft_id, trainer=trainer).raw
    if raw is None or any(raw.skill(named) is None for named in (skill, *skills.values())):
        raise Invalid("Choose one of the skills", field="skill")
    left_out: list[str] = []
    items = [
        replace(
            _with_pictures(session, question, left_out, trainer=trainer, at=at),
            id="",
            skills=(skills.get(question.category, skill),),
            status="active",  # within a draft: it goes live when the module is published
            transfer=False,
        )
        for question in questions
    ]
    added = drafts.add_items(session, draft_id, items, trainer=trainer, at=at)
    return Imported(len(added), tuple(left_out))


def _with_pictures(
    session: Session,
    question: Question,
    left_out: list[str],
    *,
    trainer: Actor,
    at: datetime,
) -> RawItem:
    item = question.item
    for picture in question.pictures:
        try:
            name = media.add(session, picture.content, trainer=trainer, at=at)
        except Invalid:
            left_out.append(f"{question.title}: {picture.name}")
            item = without_picture(item, picture.name)
        else:
            item = renamed(item, picture.name, name)
    return item
