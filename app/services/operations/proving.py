"""Leaving behind that the log was replayed, so that oversight officers see when it last was."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.services import audit
from app.services.learning.replay import Report


def record(session: Session, report: Report, *, at: datetime) -> None:
    """Add the audit event of a replay of the whole log."""
    audit.record(
        session,
        act="log-replayed",
        actor=None,
        at=at,
        learners=report.learners,
        responses=report.responses,
        differences=report.found,
    )
