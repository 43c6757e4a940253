"""Drafts: found, listed, begun, and given items. Only trainers of the agency reach them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.authoring import RawItem, RawModule, read_raw, read_raw_module, write_item, write_module
from app.models import DraftAuthor, ItemDraft, Module, ModuleDraft, User
from app.services import audit
from app.services.audit import Actor
from app.services.errors import Invalid, NotFound, Refused
from app.services.workshop.naming import new_id, new_suffix, slug_of

WRITING, REVIEW, APPROVED = "writing", "review", "approved"
LONGEST_TITLE = 120
LONGEST_TEXT = 60_000
MOST_ITEMS = 600
UNSORTED = "unsorted"


@dataclass(frozen=True, slots=True)
class DraftedItem:
    """An item as it is being written. `raw` is None while its text cannot be read."""

    id: uuid.UUID
    item_id: str
    slug: str
    text: str
    version: int
    changed_by: str
    changed_at: datetime
    raw: RawItem | None

    @property
    def folder(self) -> str:
        """The skill whose folder would hold the file."""
        return self.raw.skills[0] if self.raw and self.raw.skills else UNSORTED

    @property
    def file(self) -> str:
        return f"{self.folder}/{self.slug}.md"

    @property
    def title(self) -> str:
        return (self.raw.title if self.raw else "") or self.slug

    @property
    def is_retired(self) -> bool:
        return self.raw is not None and self.raw.status == "retired"


@dataclass(frozen=True, slots=True)
class Draft:
    """A module as it is being written. `raw` is None while its text cannot be read."""

    id: uuid.UUID
    agency_id: uuid.UUID
    module_id: str
    slug: str
    programme_id: str | None
    text: str
    version: int
    stage: str
    changed_by: str
    changed_at: datetime
    touched_at: datetime
    is_published: bool
    raw: RawModule | None
    items: tuple[DraftedItem, ...] = field(default=())

    @property
    def title(self) -> str:
        return (self.raw.title if self.raw else "") or self.slug

    @property
    def language(self) -> str | None:
        """The language it is written in; None while its text cannot be read."""
        return self.raw.language if self.raw else None

    def item(self, item_draft_id: uuid.UUID) -> DraftedItem:
        """The item with this id, else NotFound."""
        found = next((item for item in self.items if item.id == item_draft_id), None)
        if found is None:
            raise NotFound
        return found

    def texts(self) -> Mapping[str, str]:
        """The text of every item by the file it would be."""
        return {item.file: item.text for item in self.items}


def all_of(session: Session, *, trainer: Actor) -> tuple[Draft, ...]:
    """The drafts of the trainer's agency without their items, the latest changed first."""
    rows = session.execute(_drafts(trainer).order_by(ModuleDraft.touched_at.desc(), ModuleDraft.id))
    return tuple(_draft(row) for row in rows)


def find(session: Session, draft_id: uuid.UUID, *, trainer: Actor) -> Draft:
    """A draft of the trainer's agency with its items, else NotFound."""
    row = session.execute(_drafts(trainer).where(ModuleDraft.id == draft_id)).one_or_none()
    if row is None:
        raise NotFound
    rows = session.execute(
        select(
            ItemDraft.id,
            ItemDraft.item_id,
            ItemDraft.slug,
            ItemDraft.text,
            ItemDraft.version,
            ItemDraft.changed_at,
            User.name.label("changed_by"),
        )
        .join(User, User.id == ItemDraft.changed_by)
        .where(ItemDraft.draft_id == draft_id)
        .order_by(ItemDraft.slug)
    )
    return replace(_draft(row), items=tuple(map(_item, rows)))


def of_module(session: Session, module_id: str, *, trainer: Actor) -> uuid.UUID | None:
    """The id of the draft that a module of the agency is edited in; None while there is none."""
    return session.scalar(
        select(ModuleDraft.id).where(
            ModuleDraft.module_id == module_id, ModuleDraft.agency_id == trainer.agency_id
        )
    )


def create(
    session: Session, *, trainer: Actor, title: str, language: str, at: datetime
) -> uuid.UUID:
    """Begin a new module with nothing in it but its title."""
    title = title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(
            "Give the module a title of 1 to %(most)d characters", field="title", most=LONGEST_TITLE
        )
    raw = RawModule(id=new_id(), title=title, language=language, as_of=at.date())
    return begin(session, raw, trainer=trainer, slug=free_slug(title), at=at)


def begin(
    session: Session,
    raw: RawModule,
    *,
    trainer: Actor,
    slug: str,
    at: datetime,
    programme_id: str | None = None,
) -> uuid.UUID:
    """Keep a new draft; its module's id and name are free."""
    draft_id = uuid.uuid4()
    session.add(
        ModuleDraft(
            id=draft_id,
            agency_id=trainer.agency_id,
            module_id=raw.id,
            slug=slug,
            programme_id=programme_id,
            text=write_module(raw),
            version=1,
            stage=WRITING,
            created_at=at,
            changed_at=at,
            changed_by=trainer.id,
            touched_at=at,
        )
    )
    session.flush()
    note_author(session, draft_id, trainer)
    audit.record(session, act="draft-begun", actor=trainer, at=at, module=slug)
    return draft_id


def add_items(
    session: Session,
    draft_id: uuid.UUID,
    items: Sequence[RawItem],
    *,
    trainer: Actor,
    at: datetime,
) -> tuple[uuid.UUID, ...]:
    """Add items to a draft, each under a new id unless it brings one; their ids in order."""
    lock_open(session, draft_id, trainer=trainer, at=at)
    taken = set(session.scalars(select(ItemDraft.slug).where(ItemDraft.draft_id == draft_id)))
    if len(taken) + len(items) > MOST_ITEMS:
        raise Refused("A module holds %(most)d items at most.", most=MOST_ITEMS)
    added = []
    for raw in items:
        slug = slug_of(raw.title, taken=taken, otherwise=raw.format or "item")
        taken.add(slug)
        raw = replace(raw, id=raw.id or new_id())  # noqa: PLW2901 - the same item, now with its id
        added.append(
            ItemDraft(
                id=uuid.uuid4(),
                agency_id=trainer.agency_id,
                draft_id=draft_id,
                item_id=raw.id,
                slug=slug,
                text=checked_text(write_item(raw)),
                version=1,
                changed_at=at,
                changed_by=trainer.id,
            )
        )
    session.add_all(added)
    session.flush()
    return tuple(item.id for item in added)


def alone(draft: Draft, item: DraftedItem, text: str) -> Draft:
    """The draft with one item alone, as it would be with another text: nothing is saved.

    What the rules find in an item hardly depends on the others, and a page that looks while
    somebody types has no time to read a hundred of them.
    """
    return replace(draft, items=(replace(item, text=text, raw=read_raw(text)),))


def lock(session: Session, draft_id: uuid.UUID, *, trainer: Actor) -> ModuleDraft:
    """The draft's row, locked until the transaction ends, else NotFound."""
    row = session.scalar(
        select(ModuleDraft)
        .where(ModuleDraft.id == draft_id, ModuleDraft.agency_id == trainer.agency_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def lock_open(
    session: Session, draft_id: uuid.UUID, *, trainer: Actor, at: datetime
) -> ModuleDraft:
    """The draft's row, locked, for somebody about to write in it: they become one of its authors.

    While a reviewer reads it nobody writes; what was approved must be approved anew once changed.
    """
    row = lock(session, draft_id, trainer=trainer)
    if row.stage == REVIEW:
        raise Refused("This draft is being reviewed. Take it back before you change it.")
    row.stage = WRITING
    row.touched_at = at
    note_author(session, draft_id, trainer)
    return row


def note_author(session: Session, draft_id: uuid.UUID, trainer: Actor) -> None:
    """Remember that this person wrote in the draft."""
    if session.get(DraftAuthor, (draft_id, trainer.id)) is None:
        session.add(DraftAuthor(draft_id=draft_id, user_id=trainer.id, agency_id=trainer.agency_id))
        session.flush()


def checked_text(text: str) -> str:
    """A text of a fit length without signs a database cannot keep."""
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if len(text) > LONGEST_TEXT:
        raise Invalid(
            "The text has more than %(most)s characters.", field="text", most=f"{LONGEST_TEXT:,}"
        )
    return text


def free_slug(title: str) -> str:
    """A name for a module of an agency.

    Names are shared by all agencies and by what Cairn ships. The drawn suffix keeps it out of the
    way of both, now and with the next Cairn, and tells nobody what other agencies call theirs.
    """
    return f"{slug_of(title, taken=(), otherwise='module')}-{new_suffix()}"


def _drafts(trainer: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ModuleDraft.id,
            ModuleDraft.agency_id,
            ModuleDraft.module_id,
            ModuleDraft.slug,
            ModuleDraft.programme_id,
            ModuleDraft.text,
            ModuleDraft.version,
            ModuleDraft.stage,
            ModuleDraft.changed_at,
            ModuleDraft.touched_at,
            User.name.label("changed_by"),
            Module.id.label("published"),
        )
        .join(User, User.id == ModuleDraft.changed_by)
        .outerjoin(Module, Module.id == ModuleDraft.module_id)
        .where(ModuleDraft.agency_id == trainer.agency_id)
    )


def _draft(row: Row[*tuple[Any, ...]]) -> Draft:
    return Draft(
        id=row.id,
        agency_id=row.agency_id,
        module_id=row.module_id,
        slug=row.slug,
        programme_id=row.programme_id,
        text=row.text,
        version=row.version,
        stage=row.stage,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        touched_at=row.touched_at,
        is_published=row.published is not None,
        raw=read_raw_module(row.text),
    )


def _item(row: Row[*tuple[Any, ...]]) -> DraftedItem:
    return DraftedItem(
        id=row.id,
        item_id=row.item_id,
        slug=row.slug,
        text=row.text,
        version=row.version,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        raw=read_raw(row.text),
    )
