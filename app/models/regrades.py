"""Wrong answer keys put right: which answers count otherwise, and whom that was told."""

import uuid
from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Regrade(Base):
    """Somebody put a wrong key right. Append-only: responses stay as they were given."""

    __tablename__ = "regrade"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agency_id", "regraded_by"], ["user_account.agency_id", "user_account.id"]
        ),
        Index(None, "item_id", "agency_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    module_id: Mapped[str]
    item_id: Mapped[str]
    item_revision_id: Mapped[str] = mapped_column(ForeignKey("item_revision.id"))
    corrected_revision_id: Mapped[str] = mapped_column(ForeignKey("item_revision.id"))
    reason: Mapped[str]
    regraded_by: Mapped[uuid.UUID]
    regraded_at: Mapped[datetime]


class RegradedLog(Base):
    """What a regrade changed in one learner's log. Append-only.

    From after response `after_sequence` on, the log counts as if these responses had come out so;
    servings up to `after_serving` were chosen before anybody knew.
    """

    __tablename__ = "regraded_log"
    __table_args__ = (
        PrimaryKeyConstraint("regrade_id", "learner_id"),
        ForeignKeyConstraint(
            ["agency_id", "learner_id"], ["user_account.agency_id", "user_account.id"]
        ),
        UniqueConstraint("learner_id", "number"),
    )

    regrade_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("regrade.id"))
    learner_id: Mapped[uuid.UUID]
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    number: Mapped[int]  # from 1 within the log: the order regrades are folded in
    outcomes: Mapped[str]  # {response sequence: outcome} as JSON text
    standings: Mapped[str]  # {skill: standing} after it, as JSON text
    engine: Mapped[str]
    after_sequence: Mapped[int]
    after_serving: Mapped[int]


class RegradeTold(Base):
    """A learner has read that answers of theirs count otherwise now."""

    __tablename__ = "regrade_told"
    __table_args__ = (
        PrimaryKeyConstraint("regrade_id", "learner_id"),
        ForeignKeyConstraint(
            ["agency_id", "learner_id"], ["user_account.agency_id", "user_account.id"]
        ),
    )

    regrade_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("regrade.id"))
    learner_id: Mapped[uuid.UUID]
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    told_at: Mapped[datetime]
