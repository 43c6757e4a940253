"""From an approved draft to what learners see, and back to any earlier revision in one step."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.authoring import RawItem, RawModule, read_raw, write_item, write_module
from app.models import DraftAuthor, ItemDraft, Module, ModuleDraft, ModuleRevision, ParameterSet
from app.services import audit
from app.services.audit import Actor
from app.services.catalogue import foundations, publishing, shelf
from app.services.errors import NotFound, Refused
from app.services.workshop import (
    copying,
    differences,
    drafts,
    findings,
    programmes,
    reviewing,
    writing,
)
from app.services.workshop.differences import Difference, Whole
from app.services.workshop.drafts import APPROVED, WRITING, Draft

ACTIVE, RETIRED = "active", "retired"


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A revision of a module; `current` is the one new servings come from."""

    id: str
    number: int
    published_at: datetime
    current: bool


def publish(session: Session, draft_id: uuid.UUID, *, trainer: Actor, at: datetime) -> int:
    """Make the approved draft what learners see from now on; the number of its revision."""
    row = drafts.lock(session, draft_id, trainer=trainer)
    draft = drafts.find(session, draft_id, trainer=trainer)
    if row.stage != APPROVED or reviewing.approved_digest(session, draft_id) != (
        reviewing.digest_of(draft)
    ):
        raise Refused("Only a draft that somebody approved can be published.")
    # Whoever approved may still have remarked on something; nobody's remark is passed over.
    if reviewing.desk(session, draft, trainer=trainer).open_comments:
        raise Refused("Comments are still open. Mark each as done, then publish.")
    checked = findings.check(session, draft, trainer=trainer)
    if checked.module is None or checked.stops:
        raise Refused("The rules have changed since: hand this draft in once more.")
    publishing.publish_module(
        session, checked.module, places=checked.places, agency_id=trainer.agency_id, at=at
    )
    if row.programme_id is not None:
        programmes.include(session, row.programme_id, row.module_id)
    if draft.raw is not None:
        row.text = write_module(replace(draft.raw, status=ACTIVE))
    row.stage, row.touched_at = WRITING, at
    session.execute(delete(DraftAuthor).where(DraftAuthor.draft_id == draft_id))
    session.flush()
    number = _current(session, row).number
    audit.record(
        session, act="module-published", actor=trainer, at=at, module=row.slug, revision=number
    )
    return number


def retire(session: Session, draft_id: uuid.UUID, *, trainer: Actor, at: datetime) -> None:
    """Offer the module to nobody new. Who has begun it goes on to its end."""
    _set_status(session, draft_id, RETIRED, act="module-retired", trainer=trainer, at=at)


def offer_again(session: Session, draft_id: uuid.UUID, *, trainer: Actor, at: datetime) -> None:
    """Offer a retired module to learners again."""
    _set_status(session, draft_id, ACTIVE, act="module-offered-again", trainer=trainer, at=at)


def status(session: Session, draft: Draft) -> str | None:
    """Whether the module is active or retired; None before it was published."""
    return session.scalar(select(Module.status).where(Module.id == draft.module_id))


def revisions(session: Session, draft: Draft) -> tuple[RevisionLine, ...]:
    """Every revision of the draft's module, the latest first."""
    current = session.scalar(select(Module.revision_id).where(Module.id == draft.module_id))
    rows = session.execute(
        select(ModuleRevision.id, ModuleRevision.number, ModuleRevision.published_at)
        .where(ModuleRevision.module_id == draft.module_id)
        .order_by(ModuleRevision.number.desc())
    )
    return tuple(
        RevisionLine(row.id, row.number, row.published_at, row.id == current) for row in rows
    )


def what_would_change(session: Session, draft: Draft) -> tuple[Difference, ...]:
    """What learners would see changed if the draft were published now."""
    after = of_draft(session, draft)
    if after is None:
        return ()
    published = session.get(Module, draft.module_id)
    before = None if published is None else of_revision(session, draft, published.revision_id)
    return differences.between(before, after)


def what_changed(session: Session, draft: Draft, revision_id: str) -> tuple[Difference, ...]:
    """What a revision changed over the one before it."""
    row = _revision(session, draft, revision_id)
    before = session.scalar(
        select(ModuleRevision.id).where(
            ModuleRevision.module_id == draft.module_id, ModuleRevision.number == row.number - 1
        )
    )
    return differences.between(
        of_revision(session, draft, before) if before else None,
        of_revision(session, draft, revision_id),
    )


def of_draft(session: Session, draft: Draft) -> Whole | None:
    """The draft as one whole; None while its module text cannot be read."""
    if draft.raw is None:
        return None
    items = {item.item_id: item.raw for item in draft.items if item.raw and not item.is_retired}
    module = replace(draft.raw, status=ACTIVE)
    return Whole(module, items, _elsewhere(session, draft, module))


def of_revision(session: Session, draft: Draft, revision_id: str) -> Whole:
    """A revision of the draft's module as one whole, else NotFound."""
    _revision(session, draft, revision_id)
    parts = copying.taken_apart(
        session,
        revision_id,
        _parameters_for(session, draft.module_id, revision_id),
        agency_id=draft.agency_id,
    )
    items = {raw.id: raw for _, raw in parts.items}
    return Whole(parts.module, items, _elsewhere(session, draft, parts.module))


def _elsewhere(session: Session, draft: Draft, module: RawModule) -> Mapping[str, str]:
    """The titles of skills of other modules; not looked for where it builds on nothing."""
    if not any(skill.builds_on for skill in module.skills):
        return {}
    offered = foundations.offered(session, agency_id=draft.agency_id, without=draft.module_id)
    return {
        one.place: f"{one.skill_title} ({one.module_title})" for some in offered for one in some
    }


def roll_back(
    session: Session, draft_id: uuid.UUID, revision_id: str, *, trainer: Actor, at: datetime
) -> int:
    """Teach an earlier revision again, and write on from it; the number of that revision.

    Nothing is lost: the revision left behind stays, and so do words that were not yet published.
    """
    row = drafts.lock_open(session, draft_id, trainer=trainer, at=at)
    draft = drafts.find(session, draft_id, trainer=trainer)
    wanted = _revision(session, draft, revision_id)
    module = session.get_one(Module, draft.module_id, with_for_update=True)
    if module.revision_id == revision_id:
        raise Refused("Learners are taught this revision already.")
    whole = of_revision(session, draft, revision_id)
    before = _current(session, row).number
    module.parameter_set_id = _parameters_for(session, draft.module_id, revision_id)
    module.revision_id = revision_id
    module.title = whole.module.title
    _write_back(session, row, whole, trainer=trainer, at=at)
    session.execute(delete(DraftAuthor).where(DraftAuthor.draft_id == draft_id))
    audit.record(
        session,
        act="module-rolled-back",
        actor=trainer,
        at=at,
        module=row.slug,
        before=before,
        after=wanted.number,
    )
    return wanted.number


def _write_back(
    session: Session, row: ModuleDraft, whole: Whole, *, trainer: Actor, at: datetime
) -> None:
    """Let the draft say what the revision says; items it does not know are retired."""
    writing.change_module(
        session, row.id, whole.module, trainer=trainer, version=row.version, at=at
    )
    there = {
        item.item_id: item
        for item in session.scalars(select(ItemDraft).where(ItemDraft.draft_id == row.id))
    }
    for item_id, item in there.items():
        raw = whole.items.get(item_id)
        text = write_item(raw) if raw else _retired(item.text)
        writing.save_item(
            session, row.id, item.id, trainer=trainer, text=text, version=item.version, at=at
        )
    gone: Mapping[str, RawItem] = {id_: raw for id_, raw in whole.items.items() if id_ not in there}
    drafts.add_items(session, row.id, list(gone.values()), trainer=trainer, at=at)


def _retired(text: str) -> str:
    raw = read_raw(text)
    return text if raw is None else write_item(replace(raw, status=RETIRED))


def _set_status(
    session: Session, draft_id: uuid.UUID, wanted: str, *, act: str, trainer: Actor, at: datetime
) -> None:
    row = drafts.lock(session, draft_id, trainer=trainer)
    module = session.get(Module, row.module_id, with_for_update=True)
    if module is None:
        raise Refused("This module has not been published yet.")
    if module.status == wanted:
        return
    module.status = wanted
    audit.record(session, act=act, actor=trainer, at=at, module=row.slug)


def _current(session: Session, row: ModuleDraft) -> ModuleRevision:
    return session.scalars(
        select(ModuleRevision)
        .join(Module, Module.revision_id == ModuleRevision.id)
        .where(Module.id == row.module_id)
    ).one()


def _revision(session: Session, draft: Draft, revision_id: str) -> ModuleRevision:
    found = session.scalar(
        select(ModuleRevision).where(
            ModuleRevision.id == revision_id, ModuleRevision.module_id == draft.module_id
        )
    )
    if found is None:
        raise NotFound
    return found


def _parameters_for(session: Session, module_id: str, revision_id: str) -> str:
    """The parameters in use if they know every skill of the revision, else the latest that do."""
    needed = set(shelf.syllabus(session, revision_id).skills)
    current = session.get_one(Module, module_id).parameter_set_id
    latest = session.execute(
        select(ParameterSet.id, ParameterSet.document)
        .where(ParameterSet.module_id == module_id)
        .order_by(ParameterSet.number.desc())
    ).all()
    known = {row.id: set(json.loads(row.document)["skills"]) for row in latest}
    fit = [id_ for id_, skills in known.items() if needed <= skills]
    return current if current in fit else fit[0]
