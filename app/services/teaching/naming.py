"""Names of learners are shown when a trainer asks, and each asking is kept, once a day and learner.

The learner sees that somebody looked, and so do oversight officers.
"""

import uuid
from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AuditEvent, User
from app.services import audit
from app.services.audit import Actor


def asked_today(
    session: Session, act: str, module: str, *, trainer: Actor, at: datetime
) -> set[uuid.UUID]:
    """The learners whose name this trainer asked for since midnight (UTC), for this module."""
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = session.execute(
        select(AuditEvent.subject_id, AuditEvent.details).where(
            AuditEvent.agency_id == trainer.agency_id,
            AuditEvent.at >= midnight,
            AuditEvent.actor_id == trainer.id,
            AuditEvent.act == act,
        )
    )
    return {row.subject_id for row in rows if row.details.get("module") == module}


def record(
    session: Session,
    act: str,
    module: str,
    learners: Collection[uuid.UUID],
    *,
    trainer: Actor,
    at: datetime,
) -> None:
    """Keep that the trainer looks at these learners by name."""
    # Two clicks at once wait for each other here, so that neither counts twice.
    session.execute(select(User.id).where(User.id == trainer.id).with_for_update())
    asked = asked_today(session, act, module, trainer=trainer, at=at)
    for learner_id in sorted(set(learners) - asked):
        audit.record(session, act=act, actor=trainer, at=at, subject_id=learner_id, module=module)
