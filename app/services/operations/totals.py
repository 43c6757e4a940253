"""Everybody at once, for those who look after the server; no page shows this."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import LearnerState


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """A learner as replay needs one."""

    id: uuid.UUID
    agency_id: uuid.UUID
    language: str | None = None


def count_responses(session: Session) -> int:
    """All responses ever stored; each learner's state counts its own."""
    return session.scalar(select(func.coalesce(func.sum(LearnerState.sequence), 0))) or 0


def learners(session: Session) -> list[LearnerRow]:
    """Everybody with a state, by id."""
    rows = session.execute(
        select(LearnerState.learner_id, LearnerState.agency_id).order_by(LearnerState.learner_id)
    )
    return [LearnerRow(*row) for row in rows]
