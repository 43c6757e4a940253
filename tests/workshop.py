"""Making drafts for tests: a small module that keeps every rule, written by one trainer."""

import io
from dataclasses import replace
from datetime import datetime

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring import RawItem, RawModule
from app.models import Agency, Module, ReviewComment, Role
from app.services.workshop import drafts, media, outline, releasing, reviewing, writing
from tests.conftest import NOON
from tests.people import Person, make_user

LESSON = RawItem(
    kind="lesson",
    format="explanation",
    title="Who signs",
    text="The officer who signs a letter answers for it.",
    skills=("answer-for-it",),
)
QUESTION = RawItem(
    kind="exercise",
    format="single-choice",
    title="Who answers for a letter",
    text="A tool drafts a letter.\n\nWho answers for it?",
    skills=("answer-for-it",),
    hints=("Think of the signature.",),
    explanation="The officer who signs answers for the letter, whatever drafted it for them.",
    answer={
        "options": [
            {"text": "The officer", "correct": True, "feedback": "Right, the one who signs."},
            {"text": "The tool", "correct": False, "feedback": 'A "tool" cannot answer for it.'},
            {"text": "Nobody", "correct": False, "feedback": "Somebody signs, so somebody does."},
        ]
    },
)


def describe(raw: RawModule) -> RawModule:
    """The module with one skill, and with everything said that the rules ask for."""
    raw = outline.add_skill(raw, "Answer for it")
    skill = replace(raw.skills[0], summary="You sign.", because="Three of ten do.")
    return replace(
        outline.describe_skill(raw, skill.id, skill), summary="Signing.", goal="You answer for it."
    )


def begin(session: Session, trainer: Person, *, title: str, at: datetime) -> drafts.Draft:
    """A draft with a skill, a lesson and a question, not yet handed in."""
    draft_id = drafts.create(session, trainer=trainer, title=title, language="en", at=at)
    raw = drafts.find(session, draft_id, trainer=trainer).raw
    assert raw is not None
    writing.change_module(session, draft_id, describe(raw), trainer=trainer, version=1, at=at)
    drafts.add_items(session, draft_id, [LESSON, QUESTION], trainer=trainer, at=at)
    return drafts.find(session, draft_id, trainer=trainer)


def make_draft(
    session: Session, trainer: Person, *, title: str, at: datetime = NOON
) -> dict[str, str]:
    """A draft published once, changed, commented on and handed in again; the ids of its parts."""
    draft = begin(session, trainer, title=title, at=at)
    agency = session.get_one(Agency, trainer.agency_id)
    reviewer = make_user(session, agency, Role.TRAINER, at=at, name=f"Reviewer of {title}")
    item = draft.items[0]
    reviewing.submit(session, draft.id, trainer=trainer, at=at)
    reviewing.decide(session, draft.id, trainer=reviewer, approve=True, note="", at=at)
    releasing.publish(session, draft.id, trainer=trainer, at=at)
    changed = item.text.replace("drafts a letter", "writes a letter")
    writing.save_item(session, draft.id, item.id, trainer=trainer, text=changed, version=1, at=at)
    reviewing.comment(
        session, draft.id, trainer=reviewer, item_id=item.item_id, text="Good.", at=at
    )
    picture = media.add(session, png(title), trainer=trainer, at=at)
    session.flush()
    module = session.get_one(Module, draft.module_id)
    assert draft.raw is not None
    return {
        "draft_id": str(draft.id),
        "item_draft_id": str(item.id),
        "drafted_skill": draft.raw.skills[0].id,
        "comment_id": str(
            session.scalars(
                select(ReviewComment.id).where(ReviewComment.draft_id == draft.id)
            ).one()
        ),
        "revision_id": module.revision_id,
        "picture": picture,
    }


def png(seed: str) -> bytes:
    """A small picture, another one for each seed."""
    colour = tuple(seed.encode().ljust(3, b"\0")[-3:])
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (colour[0], colour[1], colour[2])).save(out, "PNG")
    return out.getvalue()
