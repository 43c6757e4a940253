"""Rehearsals of drafts: simulated learners go through a module before anything is published.

They learn, guess and slip as the draft's own expert parameters say.
"""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import DraftRehearsal
from app.services.audit import Actor
from app.services.catalogue import publishing, shelf
from app.services.errors import Refused
from app.services.operations import jobs
from app.services.teaching.rehearsals import Rehearsed, rehearsed
from app.services.workshop import drafts, findings, reviewing
from app.services.workshop.drafts import Draft
from engine import Curriculum, Plan, SkillParameters, Terms

REHEARSAL = "draft-rehearsal"


@dataclass(frozen=True, slots=True)
class Rehearsable:
    """A draft as learners would be taught it now. digest: of all its texts."""

    draft_id: uuid.UUID
    digest: str
    curriculum: Curriculum
    plan: Plan


def read(session: Session, draft_id: uuid.UUID, *, trainer: Actor) -> Rehearsable:
    """The draft made ready; Refused while it is no module that anybody could go through."""
    draft = drafts.find(session, draft_id, trainer=trainer)
    checked = findings.check(session, draft, trainer=trainer)
    module = checked.module
    if module is None or not module.skills:
        raise Refused("This draft cannot be rehearsed yet. Mend what the rules say first.")
    try:
        curriculum = shelf.curriculum_of(publishing.document_of(module, checked.places))
        skills = {skill.id: SkillParameters(**asdict(skill.parameters)) for skill in module.skills}
    except (KeyError, ValueError) as problem:
        raise Refused(
            "This draft cannot be rehearsed yet. Mend what the rules say first."
        ) from problem
    return Rehearsable(draft_id, reviewing.digest_of(draft), curriculum, Plan(skills, Terms()))


def ask(session: Session, draft_id: uuid.UUID, *, trainer: Actor, at: datetime) -> uuid.UUID:
    """Ask for a rehearsal of the draft as it is when the work begins; the id of its job."""
    read(session, draft_id, trainer=trainer)
    return jobs.ask(session, kind=REHEARSAL, actor=trainer, at=at, request={"draft": str(draft_id)})


def keep(
    session: Session,
    made: Rehearsable,
    *,
    seed: int,
    document: Mapping[str, Any],
    asker: Actor,
    at: datetime,
) -> None:
    """Keep it for the agency whose draft it is."""
    session.add(
        DraftRehearsal(
            id=uuid.uuid4(),
            agency_id=asker.agency_id,
            draft_id=made.draft_id,
            draft_digest=made.digest,
            asked_by=asker.id,
            made_at=at,
            seed=seed,
            document=dict(document),
        )
    )


def latest(session: Session, draft: Draft) -> Rehearsed | None:
    """The latest rehearsal of the draft, and whether its words have changed since."""
    kept = session.scalars(
        select(DraftRehearsal)
        .where(DraftRehearsal.draft_id == draft.id, DraftRehearsal.agency_id == draft.agency_id)
        .order_by(DraftRehearsal.made_at.desc(), DraftRehearsal.id)
        .limit(1)
    ).first()
    if kept is None:
        return None
    is_current = kept.draft_digest == reviewing.digest_of(draft)
    return rehearsed(kept.document, made_at=kept.made_at, is_current=is_current)
