"""Progress as HR officers see it: published once a week, about groups, never about a person."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ProgressSnapshot(Base):
    """The figures of a cohort as published in one week. Append-only: pages read nothing else."""

    __tablename__ = "progress_snapshot"
    __table_args__ = (
        PrimaryKeyConstraint("cohort_id", "week"),
        ForeignKeyConstraint(["agency_id", "cohort_id"], ["cohort.agency_id", "cohort.id"]),
        Index(None, "agency_id", "week"),
    )

    cohort_id: Mapped[uuid.UUID]
    week: Mapped[date]  # the Monday of the week
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)  # bands only, no person
    taken_at: Mapped[datetime]
    job_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("job.id"))  # what published it


class ProgressMember(Base):
    """Whom a figure counts: fixed groups of at least ten; in each module a person is in one."""

    __tablename__ = "progress_member"
    __table_args__ = (
        PrimaryKeyConstraint("module_id", "learner_id"),
        ForeignKeyConstraint(
            ["agency_id", "learner_id"], ["user_account.agency_id", "user_account.id"]
        ),
        ForeignKeyConstraint(["agency_id", "cohort_id"], ["cohort.agency_id", "cohort.id"]),
        Index(None, "cohort_id"),
        Index(None, "learner_id"),
    )

    module_id: Mapped[str] = mapped_column(ForeignKey("module.id"))
    learner_id: Mapped[uuid.UUID]
    cohort_id: Mapped[uuid.UUID]
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    group_number: Mapped[int]  # from 1 within cohort and module; the snapshot names the groups
    counted_from: Mapped[datetime]
