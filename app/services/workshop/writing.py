"""Saving what was written. A save names the version it began from; two people lose nothing.

A save that began from an older version writes nothing: it returns what stands there now, and the
page shows both. Whoever then saves over another person's words leaves those words kept.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring import RawModule, read_raw, read_raw_module, write_item, write_module
from app.models import DraftText, ItemDraft, ModuleDraft, User
from app.models import Item as PublishedItem
from app.services import audit
from app.services.audit import Actor
from app.services.errors import Invalid, NotFound, Refused
from app.services.workshop.drafts import checked_text, lock_open


@dataclass(frozen=True, slots=True)
class Saved:
    """The save was kept as this version."""

    version: int


@dataclass(frozen=True, slots=True)
class Stale:
    """Somebody saved in between, so nothing was written: this is what stands there now."""

    version: int
    text: str
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class EarlierText:
    """Words that somebody else wrote over."""

    id: uuid.UUID
    version: int
    text: str
    written_by: str
    written_at: datetime


def save_item(
    session: Session,
    draft_id: uuid.UUID,
    item_draft_id: uuid.UUID,
    *,
    trainer: Actor,
    text: str,
    version: int,
    at: datetime,
    page: str = "",
) -> Saved | Stale:
    """Keep an item's text, unless somebody saved it since `version`."""
    return _save_item(
        session,
        draft_id,
        item_draft_id,
        trainer=trainer,
        text=text,
        version=version,
        at=at,
        page=page,
        by_itself=False,
    )


def autosave_item(
    session: Session,
    draft_id: uuid.UUID,
    item_draft_id: uuid.UUID,
    *,
    trainer: Actor,
    text: str,
    version: int,
    at: datetime,
    page: str,
) -> Saved | Stale:
    """Keep what an open page holds while somebody types in it.

    A page may save again before it hears of its last save; but what it sent before its person
    pressed Save, and arrives after that, is out of date and writes nothing.
    """
    return _save_item(
        session,
        draft_id,
        item_draft_id,
        trainer=trainer,
        text=text,
        version=version,
        at=at,
        page=page,
        by_itself=True,
    )


def _save_item(
    session: Session,
    draft_id: uuid.UUID,
    item_draft_id: uuid.UUID,
    *,
    trainer: Actor,
    text: str,
    version: int,
    at: datetime,
    page: str,
    by_itself: bool,
) -> Saved | Stale:
    draft = lock_open(session, draft_id, trainer=trainer, at=at)
    row = _item(session, draft_id, item_draft_id)
    text = _with_own_id(checked_text(text), row.item_id)
    same_page = page != "" and row.saved_from == page
    if row.text != text and row.version != version and not same_page:
        return _stale(session, row)
    if row.text != text:
        _keep(session, draft, row, item_id=row.item_id, trainer=trainer)
        row.text, row.version = text, row.version + 1
        row.changed_at, row.changed_by = at, trainer.id
    row.saved_from = page if by_itself else ""
    return Saved(row.version)


def alter_module(
    session: Session,
    draft_id: uuid.UUID,
    alter: Callable[[RawModule], RawModule],
    *,
    trainer: Actor,
    at: datetime,
) -> None:
    """Change one part of the module's own text; whatever else was saved meanwhile stays."""
    row = lock_open(session, draft_id, trainer=trainer, at=at)
    raw = read_raw_module(row.text)
    if raw is None:
        raise Refused("The text of this module cannot be read. Mend it as text first.")
    change_module(session, draft_id, alter(raw), trainer=trainer, version=row.version, at=at)


def save_module(
    session: Session,
    draft_id: uuid.UUID,
    *,
    trainer: Actor,
    text: str,
    version: int,
    at: datetime,
) -> Saved | Stale:
    """Keep the module's own text, unless it was saved by somebody since `version`."""
    row = lock_open(session, draft_id, trainer=trainer, at=at)
    text = checked_text(text)
    if row.text == text:
        return Saved(row.version)
    if row.version != version:
        return _stale(session, row)
    raw = read_raw_module(text)
    if raw is not None and raw.id != row.module_id:
        raise Invalid(
            "The id of a module never changes: it is %(id)s.", field="text", id=row.module_id
        )
    _keep(session, row, row, item_id="", trainer=trainer)
    row.text, row.version = text, row.version + 1
    row.changed_at, row.changed_by = at, trainer.id
    return Saved(row.version)


def change_module(
    session: Session,
    draft_id: uuid.UUID,
    raw: RawModule,
    *,
    trainer: Actor,
    version: int,
    at: datetime,
) -> Saved | Stale:
    """Keep the module as a form describes it."""
    return save_module(
        session, draft_id, trainer=trainer, text=write_module(raw), version=version, at=at
    )


def remove_item(
    session: Session,
    draft_id: uuid.UUID,
    item_draft_id: uuid.UUID,
    *,
    trainer: Actor,
    at: datetime,
) -> bool:
    """Take an item out: whether it is gone. One that was published is retired, not forgotten."""
    draft = lock_open(session, draft_id, trainer=trainer, at=at)
    row = _item(session, draft_id, item_draft_id)
    published = session.get(PublishedItem, row.item_id) is not None
    audit.record(
        session, act="draft-item-removed", actor=trainer, at=at, module=draft.slug, item=row.item_id
    )
    if not published:
        _keep_text(
            session,
            draft,
            item_id=row.item_id,
            version=row.version,
            text=row.text,
            by=row.changed_by,
            at=row.changed_at,
        )
        session.delete(row)
        return True
    _set_status(row, "retired", trainer=trainer, at=at)
    return False


def use_item_again(
    session: Session,
    draft_id: uuid.UUID,
    item_draft_id: uuid.UUID,
    *,
    trainer: Actor,
    at: datetime,
) -> None:
    """Bring a retired item back."""
    lock_open(session, draft_id, trainer=trainer, at=at)
    _set_status(_item(session, draft_id, item_draft_id), "active", trainer=trainer, at=at)


def earlier_texts(
    session: Session, draft_id: uuid.UUID, item_id: str, *, trainer: Actor
) -> tuple[EarlierText, ...]:
    """What an item (or with "" the module) said before somebody wrote over it, latest first."""
    rows = session.execute(
        select(
            DraftText.id,
            DraftText.version,
            DraftText.text,
            User.name.label("written_by"),
            DraftText.written_at,
        )
        .join(User, User.id == DraftText.written_by)
        .where(
            DraftText.draft_id == draft_id,
            DraftText.item_id == item_id,
            DraftText.agency_id == trainer.agency_id,
        )
        .order_by(DraftText.version.desc())
    )
    return tuple(EarlierText(*row) for row in rows)


def _set_status(row: ItemDraft, status: str, *, trainer: Actor, at: datetime) -> None:
    raw = read_raw(row.text)
    if raw is None:
        raise Invalid("The text of this item cannot be read. Mend it first.")
    row.text, row.version = write_item(replace(raw, status=status)), row.version + 1
    row.changed_at, row.changed_by = at, trainer.id


def _item(session: Session, draft_id: uuid.UUID, item_draft_id: uuid.UUID) -> ItemDraft:
    row = session.scalar(
        select(ItemDraft).where(ItemDraft.id == item_draft_id, ItemDraft.draft_id == draft_id)
    )
    if row is None:
        raise NotFound
    return row


def _with_own_id(text: str, item_id: str) -> str:
    raw = read_raw(text)
    if raw is not None and raw.id != item_id:
        raise Invalid("The id of an item never changes: it is %(id)s.", field="text", id=item_id)
    return text


def _stale(session: Session, row: ItemDraft | ModuleDraft) -> Stale:
    name = session.get_one(User, row.changed_by).name
    return Stale(row.version, row.text, name, row.changed_at)


def _keep(
    session: Session,
    draft: ModuleDraft,
    row: ItemDraft | ModuleDraft,
    *,
    item_id: str,
    trainer: Actor,
) -> None:
    """Keep another person's words before they are written over."""
    if row.changed_by != trainer.id:
        _keep_text(
            session,
            draft,
            item_id=item_id,
            version=row.version,
            text=row.text,
            by=row.changed_by,
            at=row.changed_at,
        )


def _keep_text(
    session: Session,
    draft: ModuleDraft,
    *,
    item_id: str,
    version: int,
    text: str,
    by: uuid.UUID,
    at: datetime,
) -> None:
    session.add(
        DraftText(
            id=uuid.uuid4(),
            agency_id=draft.agency_id,
            draft_id=draft.id,
            item_id=item_id,
            version=version,
            text=text,
            written_by=by,
            written_at=at,
        )
    )
