"""Published content as a draft: an agency's own module, or its own copy of a shared one."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.authoring import RawItem, RawModule, RawSkill, RawSource, raw_of
from app.models import Module
from app.services import audit
from app.services.audit import Actor
from app.services.catalogue import foundations, shelf
from app.services.errors import NotFound
from app.services.workshop import drafts
from app.services.workshop.naming import new_id


@dataclass(frozen=True, slots=True)
class Parts:
    """A module revision taken apart, as its author would write it again."""

    module: RawModule
    items: tuple[tuple[str, RawItem], ...]  # with the name each had


def edit(session: Session, slug: str, *, trainer: Actor, at: datetime) -> uuid.UUID:
    """A draft of a published module the trainer may see: the one there is, or a new one.

    A module of the agency is written on under its own ids; a shared one is copied under new ids, so
    that what its agency changes never reaches anybody else.
    """
    row = session.scalar(
        select(Module).where(
            Module.slug == slug,
            or_(Module.agency_id.is_(None), Module.agency_id == trainer.agency_id),
        )
    )
    if row is None:
        raise NotFound
    owned = row.agency_id == trainer.agency_id
    there = drafts.of_module(session, row.id, trainer=trainer) if owned else None
    if there is not None:
        return there
    parts = taken_apart(session, row.revision_id, row.parameter_set_id, agency_id=trainer.agency_id)
    if not owned:
        parts = under_new_ids(parts)
    name = row.slug if owned else drafts.free_slug(parts.module.title)
    draft_id = drafts.begin(session, parts.module, trainer=trainer, slug=name, at=at)
    drafts.add_items(session, draft_id, [raw for _, raw in parts.items], trainer=trainer, at=at)
    if not owned:
        audit.record(
            session, act="module-copied", actor=trainer, at=at, module=name, copied_from=row.slug
        )
    return draft_id


def taken_apart(
    session: Session, revision_id: str, parameter_set_id: str, *, agency_id: uuid.UUID
) -> Parts:
    """The texts a published revision was made from."""
    found = shelf.syllabus(session, revision_id)
    elsewhere = foundations.of_skills(session, found, agency_id=agency_id, language=None)
    parameters = shelf.parameters(session, parameter_set_id)
    slugs = {skill.id: skill.slug for skill in found.skills.values()}
    module = RawModule(
        id=found.module_id,
        title=found.title,
        summary=found.summary,
        goal=found.goal,
        status="active",
        language=found.language,
        as_of=date.fromisoformat(found.as_of),
        sources=tuple(
            RawSource(title=s["title"], publisher=s["publisher"], year=s["year"], url=s["url"])
            for s in found.sources
        ),
        skills=tuple(
            RawSkill(
                id=skill.id,
                slug=skill.slug,
                title=skill.title,
                summary=skill.summary,
                prerequisites=tuple(slugs[id_] for id_ in skill.prerequisites),
                builds_on=tuple(one.place for one in elsewhere.get(skill.id, ())),
                parameters={
                    name: getattr(parameters[skill.id], name)
                    for name in ("prior", "learn", "guess", "slip", "forget")
                },
                because=skill.because,
                frameworks=dict(skill.frameworks),
            )
            for skill in found.skills.values()
        ),
    )
    items = tuple(
        (
            entry.slug,
            raw_of(
                shelf.document(session, entry.revision_id),
                id_=entry.id,
                status="active",
                skills=tuple(slugs[id_] for id_ in entry.skills),
                transfer=entry.transfer,
            ),
        )
        for entry in found.items.values()
    )
    return Parts(module, items)


def under_new_ids(parts: Parts) -> Parts:
    """The same content under ids of its own."""
    module = replace(
        parts.module,
        id=new_id(),
        status="draft",
        skills=tuple(replace(skill, id=new_id()) for skill in parts.module.skills),
    )
    return Parts(module, tuple((slug, replace(raw, id=new_id())) for slug, raw in parts.items))
