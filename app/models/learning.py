"""Learning as it happened (Serving, Response: append-only) and its fold (Mastery, LearnerState)."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
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


class Cohort(Base):
    """People who start together, with the trainer who looks after them."""

    __tablename__ = "cohort"
    __table_args__ = (
        UniqueConstraint("agency_id", "name"),
        UniqueConstraint("agency_id", "id"),
        _person("trainer_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    programme_id: Mapped[str] = mapped_column(ForeignKey("programme.id"))
    name: Mapped[str]
    trainer_id: Mapped[uuid.UUID | None]
    required: Mapped[bool] = mapped_column(default=True)
    due_on: Mapped[date | None]
    created_at: Mapped[datetime]


class Enrolment(Base):
    """One person in one programme, through a cohort."""

    __tablename__ = "enrolment"
    __table_args__ = (
        _person("learner_id"),
        ForeignKeyConstraint(["agency_id", "cohort_id"], ["cohort.agency_id", "cohort.id"]),
        UniqueConstraint("cohort_id", "learner_id"),
        Index(None, "learner_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    cohort_id: Mapped[uuid.UUID]
    learner_id: Mapped[uuid.UUID]
    enrolled_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LearnerState(Base):
    """Where a learner's log stands. Every write to that log locks this row first."""

    __tablename__ = "learner_state"
    __table_args__ = (_person("learner_id"),)

    learner_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    sequence: Mapped[int]
    servings: Mapped[int]
    head: Mapped[str]
    trace: Mapped[str | None]  # the engine's Trace as JSON text; None before any answer moved it


class ModuleStanding(StrEnum):
    """How a learner stands in a module."""

    LEARNING = "learning"
    STUCK = "stuck"
    FINISHED = "finished"


class ModuleState(Base):
    """One learner in one module: what is open now and how it stands."""

    __tablename__ = "module_state"
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "module_id"),
        _person("learner_id"),
        Index(None, "module_id", "standing"),
    )

    learner_id: Mapped[uuid.UUID]
    module_id: Mapped[str] = mapped_column(ForeignKey("module.id"))
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    open_serving_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("serving.id"))
    standing: Mapped[str]
    # The engine's words on why nothing is open: stuck or finished, and when review is due.
    closing: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    minutes_left: Mapped[float]
    # Servings since the last review, so that reviews stay at most one in four.
    since_review: Mapped[int]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Mastery(Base):
    """P(skill known) of one learner now: the fold of their responses."""

    __tablename__ = "mastery"
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "skill_id"),
        _person("learner_id"),
        CheckConstraint("mastery >= 0 AND mastery <= 1", name="mastery_is_a_probability"),
        Index(None, "skill_id", "agency_id"),
    )

    learner_id: Mapped[uuid.UUID]
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"))
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    mastery: Mapped[float]
    answers: Mapped[int]
    standing: Mapped[str]
    record: Mapped[str]  # the engine's SkillState beyond the columns, as JSON text, bit for bit
    last_sequence: Mapped[int]


class Serving(Base):
    """An item offered to a learner and why. Append-only."""

    __tablename__ = "serving"
    __table_args__ = (
        _person("learner_id"),
        UniqueConstraint("learner_id", "sequence"),
        UniqueConstraint("agency_id", "learner_id", "id"),
        Index(None, "item_id"),
        Index(None, "agency_id", "served_at"),
        Index(None, "agency_id", "rule", "served_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    learner_id: Mapped[uuid.UUID]
    sequence: Mapped[int]
    module_id: Mapped[str]
    item_id: Mapped[str]
    item_revision_id: Mapped[str] = mapped_column(ForeignKey("item_revision.id"))
    module_revision_id: Mapped[str] = mapped_column(ForeignKey("module_revision.id"))
    parameter_set_id: Mapped[str] = mapped_column(ForeignKey("parameter_set.id"))
    policy: Mapped[str]
    engine: Mapped[str]
    # The response sequence the choice was made at: the state it saw is the fold up to here.
    after_sequence: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)  # 63 bits
    rule: Mapped[str]  # which rule chose, as in the recommendation
    recommendation: Mapped[str]  # the engine's Recommendation as JSON text
    # What the model expected of the answer, before it: P(correct), the item's difficulty then, and
    # the engine's Expectation as JSON text. None for lessons and under parameters without terms.
    predicted: Mapped[float | None]
    difficulty: Mapped[float | None]
    expectation: Mapped[str | None]
    part_order: Mapped[str]  # the keys of options, steps or right-hand choices as shown
    served_at: Mapped[datetime]


class Response(Base):
    """The answer to a serving, at most one. Append-only, chained by hash per learner."""

    __tablename__ = "response"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agency_id", "learner_id", "serving_id"],
            ["serving.agency_id", "serving.learner_id", "serving.id"],
        ),
        UniqueConstraint("learner_id", "sequence"),
        CheckConstraint(
            "outcome IN ('correct', 'wrong', 'dont_know', 'read')", name="outcome_is_known"
        ),
        Index(None, "item_id", "agency_id"),
    )

    serving_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    learner_id: Mapped[uuid.UUID]
    sequence: Mapped[int]
    module_id: Mapped[str]
    item_id: Mapped[str]
    outcome: Mapped[str]
    choice: Mapped[str]  # the answer as JSON text
    confidence: Mapped[str | None]
    hints: Mapped[int]
    # [[skill, before, after], ...] as JSON text: the audit trail is the data.
    steps: Mapped[str]
    # [P(correct) just before, the item's difficulty in it, answers that difficulty rested on] as
    # JSON text; the last is null where the difficulty did not move. None as for a serving.
    weighing: Mapped[str | None]
    parameter_set_id: Mapped[str]
    module_revision_id: Mapped[str]
    engine: Mapped[str]
    answered_at: Mapped[datetime]
    previous: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class ItemDifficulty(Base):
    """How hard an item is, in logits, learned from everybody's answers: their fold over learners.

    answers: those that moved it.  locked: its owner holds it where it is.
    """

    __tablename__ = "item_difficulty"

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    difficulty: Mapped[float]
    answers: Mapped[int]
    locked: Mapped[bool]


class HintTaken(Base):
    """A hint a learner opened. Append-only; the server counts, never the browser."""

    __tablename__ = "hint_taken"
    __table_args__ = (PrimaryKeyConstraint("serving_id", "number"), _person("learner_id"))

    serving_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("serving.id"))
    number: Mapped[int]
    learner_id: Mapped[uuid.UUID]
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    taken_at: Mapped[datetime]


class SkillHelp(Base):
    """A trainer helped a learner with a skill that was set aside: it is open again. Append-only.

    Attempts count for setting it aside anew from the response after `after_sequence` on; servings
    made before it (up to `after_serving`) did not know of it, which keeps their replay exact.
    """

    __tablename__ = "skill_help"
    __table_args__ = (
        _person("learner_id"),
        ForeignKeyConstraint(
            ["agency_id", "trainer_id"], ["user_account.agency_id", "user_account.id"]
        ),
        Index(None, "learner_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    learner_id: Mapped[uuid.UUID]
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"))
    trainer_id: Mapped[uuid.UUID]
    after_sequence: Mapped[int]
    after_serving: Mapped[int]
    note: Mapped[str]
    helped_at: Mapped[datetime]


class ItemReport(Base):
    """A learner says that something is wrong with an item."""

    __tablename__ = "item_report"
    __table_args__ = (_person("learner_id"), Index(None, "item_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    learner_id: Mapped[uuid.UUID]
    serving_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("serving.id"))
    item_id: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str]
    reported_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[uuid.UUID | None]
    closing_note: Mapped[str | None]
