"""Calibration: parameters proposed from responses, people's decision on them, and the switch."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


def _person(column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["agency_id", column], ["user_account.agency_id", "user_account.id"]
    )


class CalibrationState(StrEnum):
    """What became of a calibration."""

    PROPOSED = "proposed"
    NOT_BETTER = "not-better"
    APPROVED = "approved"  # mastery is being rebuilt
    ACTIVE = "active"
    ROLLING_BACK = "rolling-back"  # mastery is being rebuilt under the set before it
    ROLLED_BACK = "rolled-back"
    REJECTED = "rejected"
    RETIRED = "retired"  # another one took its place


class Calibration(Base):
    """A parameter set fitted to a module's responses, compared with the one in use.

    Asked for at the terminal it has no agency and nobody who asked.
    """

    __tablename__ = "calibration"
    __table_args__ = (
        _person("asked_by"),
        _person("decided_by"),
        _person("rolled_back_by"),
        CheckConstraint(
            "state IN ('proposed', 'not-better', 'approved', 'active', 'rolling-back', "
            "'rolled-back', 'rejected', 'retired')",
            name="state_is_known",
        ),
        CheckConstraint(
            "asked_by IS NULL OR decided_by IS NULL OR asked_by <> decided_by",
            name="two_people",
        ),
        Index(None, "module_id", "asked_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"))
    module_id: Mapped[str] = mapped_column(ForeignKey("module.id"))
    base_set_id: Mapped[str] = mapped_column(ForeignKey("parameter_set.id"))
    proposed_set_id: Mapped[str] = mapped_column(ForeignKey("parameter_set.id"))
    comparison: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str]
    asked_by: Mapped[uuid.UUID | None]
    asked_at: Mapped[datetime]
    decided_by: Mapped[uuid.UUID | None]
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]
    rolled_back_by: Mapped[uuid.UUID | None]
    rolled_back_at: Mapped[datetime | None]
    rolled_back_because: Mapped[str | None]


class ParameterSwitch(Base):
    """From a moment on a module is taught with another parameter set. Append-only."""

    __tablename__ = "parameter_switch"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    calibration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calibration.id"))
    module_id: Mapped[str] = mapped_column(ForeignKey("module.id"))
    before_set_id: Mapped[str] = mapped_column(ForeignKey("parameter_set.id"))
    parameter_set_id: Mapped[str] = mapped_column(ForeignKey("parameter_set.id"))
    switched_at: Mapped[datetime]


class SwitchedLog(Base):
    """A switch in one learner's log. Append-only.

    From after response `after_sequence` on, the responses before it in the module count under the
    new set; servings up to `after_serving` were chosen under the one before.
    """

    __tablename__ = "switched_log"
    __table_args__ = (
        PrimaryKeyConstraint("switch_id", "learner_id"),
        _person("learner_id"),
        UniqueConstraint("learner_id", "number"),
    )

    switch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("parameter_switch.id"))
    learner_id: Mapped[uuid.UUID]
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    number: Mapped[int]  # counts regrades of the log too: the order they are folded in
    standings: Mapped[str]  # {skill: standing} after it, as JSON text
    engine: Mapped[str]
    after_sequence: Mapped[int]
    after_serving: Mapped[int]


class RebuiltState(Base):
    """A learner whose mastery is rebuilt beside the one in use, and what of their log it rests on.

    Out of date once they answered, were helped or regraded since; emptied after the switch.
    """

    __tablename__ = "rebuilt_state"
    __table_args__ = (PrimaryKeyConstraint("switch_id", "learner_id"),)

    switch_id: Mapped[uuid.UUID]
    learner_id: Mapped[uuid.UUID]
    agency_id: Mapped[uuid.UUID]
    sequence: Mapped[int]
    helps: Mapped[int]
    number: Mapped[int]
    trace: Mapped[str | None]
    standings: Mapped[str]


class RebuiltMastery(Base):
    """The mastery of one skill as it will be after the switch; columns as in mastery."""

    __tablename__ = "rebuilt_mastery"
    __table_args__ = (PrimaryKeyConstraint("switch_id", "learner_id", "skill_id"),)

    switch_id: Mapped[uuid.UUID]
    learner_id: Mapped[uuid.UUID]
    skill_id: Mapped[str]
    agency_id: Mapped[uuid.UUID]
    mastery: Mapped[float]
    answers: Mapped[int]
    standing: Mapped[str]
    record: Mapped[str]
    last_sequence: Mapped[int]


class SkillDrift(Base):
    """What was expected of the answers on a skill in some weeks, against what came. Append-only.

    predicted, right: means over the answers, from the predictions kept with the servings.
    low, high: the interval of their difference, right - predicted.
    error: the calibration error over five bins of predicted chance, beyond what chance explains;
    None in measurements made before it was looked at.
    """

    __tablename__ = "skill_drift"
    __table_args__ = (PrimaryKeyConstraint("skill_id", "measured_at"),)

    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"))
    module_id: Mapped[str] = mapped_column(ForeignKey("module.id"))
    measured_at: Mapped[datetime]
    since: Mapped[datetime]
    answers: Mapped[int]
    learners: Mapped[int]
    predicted: Mapped[float]
    right: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    error: Mapped[float | None]
    alarm: Mapped[bool]
