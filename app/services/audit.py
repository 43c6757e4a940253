"""Recording what people did, in the same transaction as what they did."""

import uuid
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.models import AuditEvent


class Actor(Protocol):
    """Whoever acts: a signed-in person."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def agency_id(self) -> uuid.UUID: ...


def record(
    session: Session,
    *,
    act: str,
    actor: Actor | None,
    at: datetime,
    agency_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
    **details: Any,  # noqa: ANN401 - plain JSON values
) -> None:
    """Add one audit event. Without an actor it was a command at the server's terminal."""
    session.add(
        AuditEvent(
            id=uuid.uuid4(),
            agency_id=actor.agency_id if actor else agency_id,
            at=at,
            actor_id=actor.id if actor else None,
            act=act,
            subject_id=subject_id,
            details=details,
        )
    )
