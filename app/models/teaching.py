"""What trainers look at that is counted beforehand."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class TeachingFigures(Base):
    """What an agency's learners did with a module, counted by a job; no person is in it.

    responses: of the whole agency when it was counted, which tells whether it has to be again.
    """

    __tablename__ = "teaching_figures"
    __table_args__ = (PrimaryKeyConstraint("agency_id", "module_id"),)

    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    module_id: Mapped[str] = mapped_column(ForeignKey("module.id"))
    module_revision_id: Mapped[str] = mapped_column(ForeignKey("module_revision.id"))
    responses: Mapped[int]
    made_at: Mapped[datetime]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
