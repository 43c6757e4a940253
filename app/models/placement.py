"""Placement: what was asked before a module began, and what it found. All append-only."""

import uuid
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


def _person() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["agency_id", "learner_id"], ["user_account.agency_id", "user_account.id"]
    )


class Placement(Base):
    """A learner asks to be placed in a module, once."""

    __tablename__ = "placement"
    __table_args__ = (_person(), UniqueConstraint("learner_id", "module_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    learner_id: Mapped[uuid.UUID]
    module_id: Mapped[str] = mapped_column(ForeignKey("module.id"))
    module_revision_id: Mapped[str] = mapped_column(ForeignKey("module_revision.id"))
    parameter_set_id: Mapped[str] = mapped_column(ForeignKey("parameter_set.id"))
    seed: Mapped[int] = mapped_column(BigInteger)  # 63 bits
    begun_at: Mapped[datetime]


class PlacementAnswer(Base):
    """The answer to one question of a placement; it is no evidence and no response."""

    __tablename__ = "placement_answer"
    __table_args__ = (
        PrimaryKeyConstraint("placement_id", "number"),
        CheckConstraint("outcome IN ('correct', 'wrong', 'dont_know')", name="outcome_is_known"),
    )

    placement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("placement.id"))
    number: Mapped[int]
    item_id: Mapped[str]
    item_revision_id: Mapped[str] = mapped_column(ForeignKey("item_revision.id"))
    outcome: Mapped[str]
    choice: Mapped[str]  # the answer as JSON text
    answered_at: Mapped[datetime]


class PlacedLog(Base):
    """A placement in one learner's log, once it has ended.

    From after response `after_sequence` on the skills not met by then have the mastery `found`;
    servings up to `after_serving` did not know of it.
    """

    __tablename__ = "placed_log"
    __table_args__ = (
        PrimaryKeyConstraint("placement_id"),
        _person(),
        UniqueConstraint("learner_id", "number"),
    )

    placement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("placement.id"))
    learner_id: Mapped[uuid.UUID]
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    number: Mapped[int]  # counts regrades and switches of the log too: their order
    found: Mapped[str]  # {skill: mastery} as JSON text
    engine: Mapped[str]
    after_sequence: Mapped[int]
    after_serving: Mapped[int]
    ended_at: Mapped[datetime]
