"""What people did to rights, records, content and parameters."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AuditEvent(Base):
    """A human act that changed or looked at someone's rights, record, content or parameters.

    Append-only. Without an agency it concerns shared content or the whole installation.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index(None, "agency_id", "at"),
        Index(None, "agency_id", "act", "at"),
        Index(None, "subject_id", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"))
    at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID | None]  # None: a command at the server's terminal
    act: Mapped[str]
    subject_id: Mapped[uuid.UUID | None]  # the person it concerns
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
