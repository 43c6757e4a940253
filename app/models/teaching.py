"""What trainers look at that is worked out beforehand: figures, and rehearsals."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
)
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


class Rehearsal(Base):
    """A module gone through by simulated learners; no person is in it."""

    __tablename__ = "rehearsal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agency_id", "asked_by"], ["user_account.agency_id", "user_account.id"]
        ),
        Index(None, "agency_id", "module_id", "made_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    module_id: Mapped[str] = mapped_column(ForeignKey("module.id"))
    module_revision_id: Mapped[str] = mapped_column(ForeignKey("module_revision.id"))
    parameter_set_id: Mapped[str] = mapped_column(ForeignKey("parameter_set.id"))
    asked_by: Mapped[uuid.UUID]
    made_at: Mapped[datetime]
    seed: Mapped[int] = mapped_column(BigInteger)  # the same seed, the same rehearsal
    document: Mapped[dict[str, Any]] = mapped_column(JSON)  # the engine's Rehearsal
