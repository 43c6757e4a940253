"""Long work: what was asked for, how far it is, what came of it."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """Work that takes longer than a page may. Without a person Cairn asked itself, as each week.

    `seen_at` is the sign of life of who does it: work that nobody is seen doing is taken up again.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state_is_known"),
        ForeignKeyConstraint(
            ["agency_id", "asked_by"], ["user_account.agency_id", "user_account.id"]
        ),
        Index(None, "state", "asked_at"),
        Index(None, "kind", "asked_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"))
    asked_by: Mapped[uuid.UUID | None]
    kind: Mapped[str]
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(default=JobState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    progress: Mapped[float] = mapped_column(default=0.0)  # 0 to 1
    stage: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # a sentence and its values
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    asked_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
