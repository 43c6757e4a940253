"""What trainers are writing: drafts of modules and items, their review, and the images in them.

A draft holds the same text as a content file. Nothing here is shown to learners: publishing makes
immutable revisions of it.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


def _author(column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["agency_id", column], ["user_account.agency_id", "user_account.id"]
    )


def _draft(table: str = "module_draft", column: str = "draft_id") -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["agency_id", column], [f"{table}.agency_id", f"{table}.id"])


class ModuleDraft(Base):
    """A module as an agency is writing it. `text` is its module.toml; `version` counts saves."""

    __tablename__ = "module_draft"
    __table_args__ = (
        UniqueConstraint("agency_id", "id"),
        UniqueConstraint("module_id"),
        UniqueConstraint("slug"),
        _author("changed_by"),
        CheckConstraint("stage IN ('writing', 'review', 'approved')", name="stage_is_known"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    module_id: Mapped[str]  # the permanent id: a module has this id once it is published
    slug: Mapped[str]
    programme_id: Mapped[str | None] = mapped_column(ForeignKey("programme.id"))
    text: Mapped[str]
    version: Mapped[int]
    stage: Mapped[str]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]  # of its own text; `touched_at` is of anything in it
    changed_by: Mapped[uuid.UUID]
    touched_at: Mapped[datetime]


class DraftAuthor(Base):
    """Who has written in a draft since it was last published: they cannot review it."""

    __tablename__ = "draft_author"
    __table_args__ = (
        PrimaryKeyConstraint("draft_id", "user_id"),
        _draft(),
        _author("user_id"),
    )

    draft_id: Mapped[uuid.UUID]
    user_id: Mapped[uuid.UUID]
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))


class ItemDraft(Base):
    """An item as it is being written. `text` is its file; `version` counts its saves."""

    __tablename__ = "item_draft"
    __table_args__ = (
        UniqueConstraint("agency_id", "id"),
        UniqueConstraint("draft_id", "slug"),
        UniqueConstraint("item_id"),
        _draft(),
        _author("changed_by"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    draft_id: Mapped[uuid.UUID]
    item_id: Mapped[str]
    slug: Mapped[str]
    text: Mapped[str]
    version: Mapped[int]
    # The open page that saved this by itself; "" once a person pressed Save. A page is not out of
    # date because of what it saved itself.
    saved_from: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]
    changed_by: Mapped[uuid.UUID]


class DraftText(Base):
    """What a draft said before somebody wrote over another person's words. Append-only."""

    __tablename__ = "draft_text"
    __table_args__ = (_draft(), _author("written_by"), Index(None, "draft_id", "item_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    draft_id: Mapped[uuid.UUID]
    item_id: Mapped[str]  # "" for module.toml
    version: Mapped[int]
    text: Mapped[str]
    written_by: Mapped[uuid.UUID]
    written_at: Mapped[datetime]


class DraftReview(Base):
    """A draft handed in, and what a second person decided about it."""

    __tablename__ = "draft_review"
    __table_args__ = (
        UniqueConstraint("agency_id", "id"),
        _draft(),
        _author("submitted_by"),
        ForeignKeyConstraint(
            ["agency_id", "decided_by"], ["user_account.agency_id", "user_account.id"]
        ),
        CheckConstraint("decided_by <> submitted_by", name="second_person_decides"),
        CheckConstraint(
            "decision IN ('approved', 'returned', 'withdrawn')", name="decision_is_known"
        ),
        Index(None, "draft_id", "submitted_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    draft_id: Mapped[uuid.UUID]
    digest: Mapped[str]  # of every text handed in: what was approved is what is published
    submitted_by: Mapped[uuid.UUID]
    submitted_at: Mapped[datetime]
    decision: Mapped[str | None]
    decided_by: Mapped[uuid.UUID | None]  # None while undecided, and when withdrawn
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]


class ReviewComment(Base):
    """What a reviewer says about an item or about the whole draft."""

    __tablename__ = "review_comment"
    __table_args__ = (
        _draft(),
        _author("written_by"),
        ForeignKeyConstraint(
            ["agency_id", "resolved_by"], ["user_account.agency_id", "user_account.id"]
        ),
        Index(None, "draft_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    draft_id: Mapped[uuid.UUID]
    item_id: Mapped[str]  # "" for the whole draft
    text: Mapped[str]
    written_by: Mapped[uuid.UUID]
    written_at: Mapped[datetime]
    resolved_by: Mapped[uuid.UUID | None]
    resolved_at: Mapped[datetime | None]


class Media(Base):
    """An image, re-encoded or sanitised, under the digest of its content. Append-only."""

    __tablename__ = "media"
    __table_args__ = (PrimaryKeyConstraint("agency_id", "name"), _author("added_by"))

    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str]
    content_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int]
    height: Mapped[int]
    added_by: Mapped[uuid.UUID]
    added_at: Mapped[datetime]


class DraftRehearsal(Base):
    """A draft gone through by simulated learners; no person is in it. Append-only."""

    __tablename__ = "draft_rehearsal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agency_id", "draft_id"], ["module_draft.agency_id", "module_draft.id"]
        ),
        _author("asked_by"),
        Index(None, "draft_id", "made_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID]
    draft_id: Mapped[uuid.UUID]
    draft_digest: Mapped[str]  # of all its texts: whether they have changed since
    asked_by: Mapped[uuid.UUID]
    made_at: Mapped[datetime]
    seed: Mapped[int] = mapped_column(BigInteger)  # the same seed, the same rehearsal
    document: Mapped[dict[str, Any]] = mapped_column(JSON)  # the engine's Rehearsal
