"""From files to revisions: publishing is idempotent, and what was published never changes."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import authoring
from app.authoring import Catalogue, Status
from app.models import (
    Item,
    ItemDifficulty,
    ItemRevision,
    Module,
    ModuleRevision,
    ParameterSet,
    Programme,
    ProgrammeModule,
    Skill,
)
from app.services import audit
from app.services.catalogue import parameter_sets, shelf, translating
from app.services.catalogue.canonical import canonical, digest
from app.services.errors import Invalid, NotFound
from engine import Plan, SkillParameters, Terms

Places = Mapping[str, authoring.SkillPlace]  # by `module/skill`, the name files use


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing changed."""

    modules: tuple[str, ...]
    new_item_revisions: int


def publish(session: Session, catalogue: Catalogue, *, at: datetime) -> Published:
    """Make revisions of everything active that has changed; the same files again change nothing."""
    if catalogue.errors:
        raise Invalid(
            "The content has %(count)d errors. Mend them, then publish.",
            count=len(catalogue.errors),
        )
    changed, revisions = [], 0
    for module in catalogue.modules:
        if module.status is Status.DRAFT:
            continue
        revisions += _keep_item_revisions(session, module, at=at)
        if _publish_module(session, module, catalogue.places, at=at):
            changed.append(module.slug)
    for programme in catalogue.programmes:
        _publish_programme(session, programme, catalogue)
    if changed:
        audit.record(session, act="content-published", actor=None, at=at, modules=changed)
    return Published(modules=tuple(changed), new_item_revisions=revisions)


def publish_module(
    session: Session,
    module: authoring.Module,
    *,
    places: Places,
    agency_id: uuid.UUID,
    at: datetime,
) -> None:
    """Make a revision of one checked module of an agency, as files make one of a shared module."""
    there = session.get(Module, module.id)
    if there is not None and there.agency_id != agency_id:
        raise NotFound
    _keep_item_revisions(session, module, at=at)
    _publish_module(session, module, places, at=at)
    session.get_one(Module, module.id).agency_id = agency_id
    session.flush()


def published_revisions(session: Session) -> tuple[str, ...]:
    """The revision every module stands at, in a fixed order: what learners are taught now."""
    return tuple(session.scalars(select(Module.revision_id).order_by(Module.id)))


def _keep_item_revisions(session: Session, module: authoring.Module, *, at: datetime) -> int:
    texts = {
        authoring.digest(item.document): (item.id, authoring.canonical_json(item.document))
        for item in module.items
        if item.status is Status.ACTIVE
    }
    stored = set(session.scalars(select(ItemRevision.id).where(ItemRevision.id.in_(list(texts)))))
    fresh = [
        ItemRevision(id=key, item_id=item_id, document=text, published_at=at)
        for key, (item_id, text) in texts.items()
        if key not in stored
    ]
    session.add_all(fresh)
    session.flush()
    return len(fresh)


def _publish_module(
    session: Session, module: authoring.Module, places: Places, *, at: datetime
) -> bool:
    """Point the module at the revision and parameters of its files; whether that moved it."""
    revision_id = _keep_revision(session, module, places, at=at)
    parameter_set_id = _keep_parameters(session, module, at=at)
    row = session.get(Module, module.id)
    before = None if row is None else (row.revision_id, row.slug, row.status)
    if row is None:
        row = Module(id=module.id, agency_id=None, parameter_set_id=parameter_set_id)
        session.add(row)
    elif session.get_one(ParameterSet, row.parameter_set_id).origin == parameter_sets.EXPERT:
        # Parameters fitted from responses are not thrown away by a change of text.
        row.parameter_set_id = parameter_set_id
    else:
        row.parameter_set_id = _with_new_skills(session, row, at=at)
    row.slug, row.title, row.status = module.slug, module.title, module.status.value
    row.revision_id = revision_id
    session.flush()
    for position, skill in enumerate(module.skills):
        session.merge(Skill(id=skill.id, module_id=module.id, slug=skill.slug, position=position))
    for item in module.items:
        session.merge(
            Item(
                id=item.id,
                module_id=module.id,
                slug=item.slug,
                kind=item.document.kind,
                status=item.status.value,
            )
        )
    _keep_difficulties(session, module)
    return before != (row.revision_id, row.slug, row.status)


def _with_new_skills(session: Session, row: Module, *, at: datetime) -> str:
    """The fitted set in use; with the experts' estimates for skills it does not know, if any."""
    fitted = shelf.plan(session, row.parameter_set_id)
    whole = parameter_sets.complete(session, fitted, module_id=row.id)
    if whole is fitted:
        return row.parameter_set_id
    return parameter_sets.keep(session, whole, module_id=row.id, at=at)


def _keep_difficulties(session: Session, module: authoring.Module) -> None:
    """Begin the difficulty of every new item at 0; one that has moved stays."""
    session.flush()
    ids = [item.id for item in module.items]
    there = set(
        session.scalars(select(ItemDifficulty.item_id).where(ItemDifficulty.item_id.in_(ids)))
    )
    session.add_all(
        ItemDifficulty(item_id=item_id, difficulty=0.0, answers=0, locked=False)
        for item_id in ids
        if item_id not in there
    )


def _keep_revision(
    session: Session, module: authoring.Module, places: Places, *, at: datetime
) -> str:
    text = canonical(_describe(module, places))
    key = digest(text)
    if session.get(ModuleRevision, key) is None:
        session.add(
            ModuleRevision(
                id=key,
                module_id=module.id,
                number=_next_number(session, ModuleRevision, module.id),
                document=text,
                published_at=at,
            )
        )
        session.flush()
    return key


def _keep_parameters(session: Session, module: authoring.Module, *, at: datetime) -> str:
    # No data yet: expert estimates, with ability and item difficulty learned from the first answer.
    skills = {skill.id: SkillParameters(**asdict(skill.parameters)) for skill in module.skills}
    text = canonical({"module": module.id} | Plan(skills, Terms()).to_record())
    key = digest(text)
    if session.get(ParameterSet, key) is None:
        session.add(
            ParameterSet(
                id=key,
                module_id=module.id,
                number=_next_number(session, ParameterSet, module.id),
                origin=parameter_sets.EXPERT,
                document=text,
                created_at=at,
            )
        )
        session.flush()
    return key


def _next_number(
    session: Session, table: type[ModuleRevision | ParameterSet], module_id: str
) -> int:
    highest = session.scalar(select(func.max(table.number)).where(table.module_id == module_id))
    return (highest or 0) + 1


def _describe(module: authoring.Module, places: Places) -> dict[str, Any]:
    ids = {skill.slug: skill.id for skill in module.skills}
    in_languages = translating.describe(module)
    return {
        **({"translations": in_languages} if in_languages else {}),
        "id": module.id,
        "slug": module.slug,
        "title": module.title,
        "summary": module.summary,
        "goal": module.goal,
        "language": module.language,
        "as_of": module.as_of.isoformat(),
        "sources": [asdict(source) for source in module.sources],
        "skills": [_describe_skill(skill, ids, places) for skill in module.skills],
        "items": [
            _describe_item(item, ids) for item in module.items if item.status is Status.ACTIVE
        ],
    }


def _describe_skill(
    skill: authoring.Skill, ids: Mapping[str, str], places: Places
) -> dict[str, Any]:
    # Left out where there is none, so that what is published already keeps its digest.
    elsewhere = [asdict(places[name]) for name in skill.builds_on]
    return {
        **({"builds_on": elsewhere} if elsewhere else {}),
        "id": skill.id,
        "slug": skill.slug,
        "title": skill.title,
        "summary": skill.summary,
        "prerequisites": [ids[slug] for slug in skill.prerequisites],
        "because": skill.because,
        "frameworks": dict(skill.frameworks),
    }


def _describe_item(item: authoring.Item, ids: Mapping[str, str]) -> dict[str, Any]:
    exercise = item.exercise
    return {
        "id": item.id,
        "revision_id": authoring.digest(item.document),
        "slug": item.slug,
        "title": item.title,
        "kind": item.document.kind,
        "format": item.document.format.value,
        "skills": [ids[slug] for slug in item.skills],
        "guess": None if exercise is None else exercise.guess,
        "hints": 0 if exercise is None else len(exercise.hints),
        "minutes": authoring.minutes(item.document),
        "transfer": item.transfer,
    }


def document_of(module: authoring.Module, places: Places) -> dict[str, Any]:
    """The document that a revision of the module would have, published or not."""
    return _describe(module, places)


def _publish_programme(
    session: Session, programme: authoring.Programme, catalogue: Catalogue
) -> None:
    if programme.status is Status.DRAFT:
        return
    session.merge(
        Programme(
            id=programme.id,
            agency_id=None,
            slug=programme.slug,
            title=programme.title,
            summary=programme.summary,
            status=programme.status.value,
            words=canonical(translating.words_of_programme(programme)),
        )
    )
    session.flush()
    session.execute(delete(ProgrammeModule).where(ProgrammeModule.programme_id == programme.id))
    ids = {
        module.slug: module.id for module in catalogue.modules if module.status is not Status.DRAFT
    }
    for position, slug in enumerate(slug for slug in programme.modules if slug in ids):
        session.add(
            ProgrammeModule(programme_id=programme.id, module_id=ids[slug], position=position)
        )
