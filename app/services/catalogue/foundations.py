"""What skills build on in other modules: advice between modules, never a lock."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.authoring import Neighbour, SkillPlace
from app.models import Module
from app.services.catalogue import shelf


@dataclass(frozen=True, slots=True)
class Foundation:
    """A skill of another module that a skill builds on, as it is taught now."""

    module_id: str
    module_slug: str
    module_title: str
    skill_id: str
    skill_slug: str
    skill_title: str
    language: str  # of both titles

    @property
    def place(self) -> str:
        """The name content files use."""
        return f"{self.module_slug}/{self.skill_slug}"


def named(
    session: Session,
    places: Iterable[SkillPlace],
    *,
    agency_id: uuid.UUID,
    language: str | None,
) -> Mapping[SkillPlace, Foundation]:
    """The skills at these places; one that is nowhere in the agency's catalogue is left out."""
    wanted = set(places)
    if not wanted:
        return {}
    ids = {place.module for place in wanted}
    rows = session.execute(_visible(agency_id).where(Module.id.in_(ids)))
    syllabi = {row.id: shelf.syllabus(session, row.revision_id).read_in(language) for row in rows}
    return {
        place: _foundation(syllabi[place.module], place.skill)
        for place in wanted
        if place.module in syllabi and place.skill in syllabi[place.module].skills
    }


def of_skills(
    session: Session, syllabus: shelf.Syllabus, *, agency_id: uuid.UUID, language: str | None
) -> Mapping[str, tuple[Foundation, ...]]:
    """What each skill of a module builds on elsewhere, by its id; only those that do."""
    places = [place for skill in syllabus.skills.values() for place in skill.builds_on]
    known = named(session, places, agency_id=agency_id, language=language)
    found = {
        skill.id: tuple(known[place] for place in skill.builds_on if place in known)
        for skill in syllabus.skills.values()
    }
    return {skill_id: foundations for skill_id, foundations in found.items() if foundations}


def offered(
    session: Session, *, agency_id: uuid.UUID, without: str
) -> tuple[tuple[Foundation, ...], ...]:
    """Every skill a module of the agency may build on, module by module."""
    rows = session.execute(
        _visible(agency_id)
        .where(Module.id != without, Module.status == "active")
        .order_by(Module.title, Module.id)
    )
    syllabi = [shelf.syllabus(session, row.revision_id) for row in rows]
    return tuple(tuple(_foundation(one, skill_id) for skill_id in one.skills) for one in syllabi)


def neighbours(
    session: Session, *, agency_id: uuid.UUID, module_id: str, slug: str
) -> tuple[Neighbour, ...]:
    """Every module that this one of the agency may build on, as the rules look at it."""
    rows = session.execute(_visible(agency_id).where(Module.id != module_id)).all()
    syllabi = [shelf.syllabus(session, row.revision_id) for row in rows]
    slugs = {module_id: slug} | {syllabus.module_id: syllabus.slug for syllabus in syllabi}
    return tuple(
        Neighbour(
            id=syllabus.module_id,
            slug=syllabus.slug,
            skills={skill.slug: skill.id for skill in syllabus.skills.values()},
            builds_on=frozenset(slugs[id_] for id_ in syllabus.foundations if id_ in slugs),
        )
        for syllabus in syllabi
    )


def _visible(agency_id: uuid.UUID) -> Select[str, str]:
    """Modules shared by all and those of the agency."""
    return select(Module.id, Module.revision_id).where(
        or_(Module.agency_id.is_(None), Module.agency_id == agency_id)
    )


def _foundation(syllabus: shelf.Syllabus, skill_id: str) -> Foundation:
    skill = syllabus.skills[skill_id]
    return Foundation(
        module_id=syllabus.module_id,
        module_slug=syllabus.slug,
        module_title=syllabus.title,
        skill_id=skill_id,
        skill_slug=skill.slug,
        skill_title=skill.title,
        language=syllabus.language,
    )
