"""A second person reads a draft before learners do: handed in, commented on, decided."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.models import DraftAuthor, DraftReview, ModuleDraft, ReviewComment, User
from app.services import audit
from app.services.audit import Actor
from app.services.errors import Invalid, NotFound, Refused
from app.services.workshop import drafts, findings
from app.services.workshop.drafts import APPROVED, REVIEW, WRITING, Draft

APPROVE, RETURN, WITHDRAWN = "approved", "returned", "withdrawn"
LONGEST_COMMENT = 2000


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about an item, or with an empty id about the whole draft."""

    id: uuid.UUID
    item_id: str
    text: str
    written_by: str
    written_at: datetime
    resolved_by: str | None
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Review:
    """One time a draft was handed in. `decision` is None while nobody has decided."""

    id: uuid.UUID
    submitted_by: str
    submitted_at: datetime
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Desk:
    """What this trainer may do with a draft now, and what was said about it."""

    reviews: tuple[Review, ...]
    comments: tuple[Comment, ...]
    authors: tuple[str, ...]
    is_author: bool
    may_review: bool

    def of_item(self, item_id: str) -> tuple[Comment, ...]:
        return tuple(comment for comment in self.comments if comment.item_id == item_id)

    @property
    def open_comments(self) -> tuple[Comment, ...]:
        return tuple(comment for comment in self.comments if comment.resolved_at is None)


def desk(session: Session, draft: Draft, *, trainer: Actor) -> Desk:
    """The review of a draft as this trainer sees it."""
    rows = session.execute(
        select(DraftAuthor.user_id, User.name)
        .join(User, User.id == DraftAuthor.user_id)
        .where(DraftAuthor.draft_id == draft.id)
        .order_by(User.name)
    ).all()
    is_author = any(row.user_id == trainer.id for row in rows)
    return Desk(
        reviews=_reviews(session, draft.id),
        comments=_comments(session, draft.id),
        authors=tuple(row.name for row in rows),
        is_author=is_author,
        may_review=draft.stage == REVIEW and not is_author,
    )


def submit(session: Session, draft_id: uuid.UUID, *, trainer: Actor, at: datetime) -> None:
    """Hand a draft in. What could mislead a learner must be mended first."""
    row = drafts.lock(session, draft_id, trainer=trainer)
    if row.stage != WRITING:
        raise Refused("This draft has been handed in already.")
    draft = drafts.find(session, draft_id, trainer=trainer)
    checked = findings.check(session, draft, trainer=trainer)
    if checked.stops:
        raise Refused(
            "%(count)d things must be mended before this draft can be reviewed.",
            count=len(checked.stops),
        )
    if not any(not item.is_retired for item in draft.items):
        raise Refused("There is nothing to learn here yet. Add an item first.")
    row.stage = REVIEW
    # Whoever hands it in answers for it, even where others wrote every word.
    drafts.note_author(session, draft_id, trainer)
    session.add(
        DraftReview(
            id=uuid.uuid4(),
            agency_id=trainer.agency_id,
            draft_id=draft_id,
            digest=digest_of(draft),
            submitted_by=trainer.id,
            submitted_at=at,
            decision=None,
            decided_by=None,
            decided_at=None,
            note=None,
        )
    )
    audit.record(session, act="draft-submitted", actor=trainer, at=at, module=row.slug)


def withdraw(session: Session, draft_id: uuid.UUID, *, trainer: Actor, at: datetime) -> None:
    """Take a draft back from review, to write on."""
    row = drafts.lock(session, draft_id, trainer=trainer)
    if row.stage != REVIEW:
        raise Refused("This draft is not being reviewed.")
    review = _open_review(session, draft_id)
    review.decision, review.decided_at = WITHDRAWN, at
    row.stage = WRITING
    audit.record(session, act="draft-withdrawn", actor=trainer, at=at, module=row.slug)


def decide(
    session: Session,
    draft_id: uuid.UUID,
    *,
    trainer: Actor,
    approve: bool,
    note: str,
    at: datetime,
) -> None:
    """Approve a draft or return it to its authors; none of them may."""
    row = drafts.lock(session, draft_id, trainer=trainer)
    if row.stage != REVIEW:
        raise Refused("This draft is not being reviewed.")
    check_may_review(session, row, trainer=trainer)
    if not approve and not note:
        raise Invalid("Say what should be changed", field="note")
    if len(note) > LONGEST_COMMENT:
        raise Invalid("Use at most %(most)s characters", field="note", most=f"{LONGEST_COMMENT:,}")
    review = _open_review(session, draft_id)
    review.decision = APPROVE if approve else RETURN
    review.decided_by, review.decided_at, review.note = trainer.id, at, note or None
    row.stage = APPROVED if approve else WRITING
    act = "draft-approved" if approve else "draft-returned"
    audit.record(session, act=act, actor=trainer, at=at, module=row.slug, note=note)


def check_may_review(session: Session, draft: ModuleDraft, *, trainer: Actor) -> None:
    """Raise Refused for anybody who wrote in the draft since it was last published."""
    if session.get(DraftAuthor, (draft.id, trainer.id)) is not None:
        raise Refused("You wrote in this draft, so somebody else must review it.")


def comment(
    session: Session,
    draft_id: uuid.UUID,
    *,
    trainer: Actor,
    item_id: str,
    text: str,
    at: datetime,
) -> None:
    """Say something about an item of a draft, or with an empty id about the whole."""
    draft = drafts.find(session, draft_id, trainer=trainer)
    if item_id and item_id not in {item.item_id for item in draft.items}:
        raise NotFound
    if not text or len(text) > LONGEST_COMMENT:
        raise Invalid(
            "Write a comment of 1 to %(most)s characters", field="text", most=f"{LONGEST_COMMENT:,}"
        )
    session.add(
        ReviewComment(
            id=uuid.uuid4(),
            agency_id=trainer.agency_id,
            draft_id=draft_id,
            item_id=item_id,
            text=text,
            written_by=trainer.id,
            written_at=at,
            resolved_by=None,
            resolved_at=None,
        )
    )


def resolve(
    session: Session,
    draft_id: uuid.UUID,
    comment_id: uuid.UUID,
    *,
    trainer: Actor,
    at: datetime,
) -> str:
    """Mark a comment as dealt with; the id of the item it is about."""
    row = session.scalar(
        select(ReviewComment)
        .where(
            ReviewComment.id == comment_id,
            ReviewComment.draft_id == draft_id,
            ReviewComment.agency_id == trainer.agency_id,
        )
        .with_for_update()
    )
    if row is None:
        raise NotFound
    if row.resolved_at is None:
        row.resolved_by, row.resolved_at = trainer.id, at
    return row.item_id


def approved_digest(session: Session, draft_id: uuid.UUID) -> str | None:
    """The digest of what was approved last; None when nothing stands approved."""
    row = session.execute(
        select(DraftReview.digest, DraftReview.decision)
        .where(DraftReview.draft_id == draft_id)
        .order_by(DraftReview.submitted_at.desc())
        .limit(1)
    ).one_or_none()
    return row.digest if row is not None and row.decision == APPROVE else None


def digest_of(draft: Draft) -> str:
    """The digest of every text of a draft."""
    whole = sha256(draft.text.encode())
    for item in sorted(draft.items, key=lambda item: item.item_id):
        whole.update(f"\x00{item.item_id}\x00{item.text}".encode())
    return whole.hexdigest()


def _open_review(session: Session, draft_id: uuid.UUID) -> DraftReview:
    return session.scalars(
        select(DraftReview)
        .where(DraftReview.draft_id == draft_id, DraftReview.decision.is_(None))
        .order_by(DraftReview.submitted_at.desc())
        .limit(1)
    ).one()


def _reviews(session: Session, draft_id: uuid.UUID) -> tuple[Review, ...]:
    author, decider = aliased(User), aliased(User)
    rows: Sequence[tuple[DraftReview, str, str | None]] = [
        (row[0], row[1], row[2])
        for row in session.execute(
            select(DraftReview, author.name, decider.name)
            .join(author, author.id == DraftReview.submitted_by)
            .outerjoin(decider, decider.id == DraftReview.decided_by)
            .where(DraftReview.draft_id == draft_id)
            .order_by(DraftReview.submitted_at.desc())
        )
    ]
    return tuple(
        Review(
            id=row.id,
            submitted_by=by,
            submitted_at=row.submitted_at,
            decision=row.decision,
            decided_by=decided,
            decided_at=row.decided_at,
            note=row.note,
        )
        for row, by, decided in rows
    )


def _comments(session: Session, draft_id: uuid.UUID) -> tuple[Comment, ...]:
    writer, resolver = aliased(User), aliased(User)
    rows = session.execute(
        select(ReviewComment, writer.name, resolver.name)
        .join(writer, writer.id == ReviewComment.written_by)
        .outerjoin(resolver, resolver.id == ReviewComment.resolved_by)
        .where(ReviewComment.draft_id == draft_id)
        .order_by(ReviewComment.written_at, ReviewComment.id)
    )
    return tuple(
        Comment(
            id=row[0].id,
            item_id=row[0].item_id,
            text=row[0].text,
            written_by=row[1],
            written_at=row[0].written_at,
            resolved_by=row[2],
            resolved_at=row[0].resolved_at,
        )
        for row in rows
    )
