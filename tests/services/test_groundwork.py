"""What a module builds on in others is advice: it orders, it is said, and it locks nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring import Catalogue, Module, RawModule, read_catalogue
from app.config import REPOSITORY
from app.db import Database
from app.models import Module as TaughtModule
from app.models import ModuleRevision, Role
from app.services.catalogue import publishing
from app.services.learning import cards, overview
from app.services.teaching import material
from app.services.workshop import copying, drafts, findings, releasing, reviewing, writing
from tests import people, workshop
from tests.classroom import make_classroom, make_colleague
from tests.conftest import NOON

LITERACY, PERSONAL = people.MODULE_SLUG, "personal-data-in-everyday-casework"
FIRST_SKILL, PLACE = "what-ai-is", f"{PERSONAL}/minimisation"


def shipped() -> Catalogue:
    return read_catalogue(REPOSITORY / "content")


def building_on(catalogue: Catalogue, slug: str, *places: str) -> Catalogue:
    """The catalogue where the first skill of a module builds on these."""

    def built(module: Module) -> Module:
        if module.slug != slug:
            return module
        first, *others = module.skills
        return replace(module, skills=(replace(first, builds_on=places), *others))

    return replace(catalogue, modules=tuple(map(built, catalogue.modules)))


@pytest.fixture
def publish(database: Database) -> Callable[..., None]:
    """Publish the shipped catalogue in which a module's first skill builds on these places."""

    def go(slug: str, *places: str) -> None:
        catalogue = building_on(shipped(), slug, *places)
        database.transact(lambda session: publishing.publish(session, catalogue, at=NOON))

    return go


def titles(database: Database, learner: people.Person) -> list[str]:
    with database.reader() as session:
        return [card.slug for card in cards.modules(session, learner=learner, at=NOON)]


def shown(database: Database, learner: people.Person) -> overview.Practice:
    with database.reader() as session:
        return overview.practice(session, LITERACY, learner=learner, at=NOON)


def documents(session: Session) -> list[dict[str, object]]:
    return [json.loads(text) for text in session.scalars(select(ModuleRevision.document))]


def test_a_revision_keeps_what_it_builds_on_by_permanent_ids(
    database: Database, publish: Callable[..., None]
) -> None:
    publish(LITERACY, PLACE)
    with database.reader() as session:
        kept = json.loads(
            session.scalars(
                select(ModuleRevision.document)
                .join(TaughtModule, TaughtModule.revision_id == ModuleRevision.id)
                .where(TaughtModule.slug == LITERACY)
            ).one()
        )
    place = shipped().places[PLACE]
    assert kept["skills"][0]["builds_on"] == [{"module": place.module, "skill": place.skill}]


def test_a_revision_that_builds_on_nothing_is_written_as_before(database: Database) -> None:
    with database.reader() as session:
        kept = documents(session)
    written = {
        skill["slug"]: "builds_on" in skill
        for document in kept
        for skill in document["skills"]  # type: ignore[attr-defined]
    }
    builds = {
        skill.slug: bool(skill.builds_on) for module in shipped().modules for skill in module.skills
    }
    assert written == builds
    assert not all(written.values())


def test_what_others_build_on_comes_first(database: Database, publish: Callable[..., None]) -> None:
    learner = people.make_learner(database, at=NOON)
    assert titles(database, learner)[:2] == [LITERACY, PERSONAL]
    publish(LITERACY, PLACE)
    assert titles(database, learner)[:2] == [PERSONAL, LITERACY]


def test_two_modules_that_build_on_each_other_are_both_offered(
    database: Database, publish: Callable[..., None]
) -> None:
    learner = people.make_learner(database, at=NOON)
    # No catalogue may say so; revisions rolled back one by one could.
    publish(LITERACY, PLACE)
    publish(PERSONAL, f"{LITERACY}/{FIRST_SKILL}")
    database.transact(lambda session: _restore(session, LITERACY, "builds_on"))
    assert sorted(titles(database, learner)[:2]) == [LITERACY, PERSONAL]


def test_a_learner_is_told_what_a_skill_builds_on(
    database: Database, publish: Callable[..., None]
) -> None:
    publish(LITERACY, PLACE)
    learner = people.make_learner(database, at=NOON)
    ((one,),) = shown(database, learner).groundwork.values()
    assert (one.skill.place, one.mastered, one.offered) == (PLACE, False, True)


def test_a_learner_is_told_that_they_have_it(
    database: Database, publish: Callable[..., None]
) -> None:
    learner = people.make_learner(database, at=NOON)
    people.begin(database, learner, at=NOON)
    while not shown(database, learner).card.mastered:
        assert people.answer_open(database, learner, at=NOON) is not None
    mastered = next(line for line in shown(database, learner).skills if line.state == "mastered")
    publish(PERSONAL, f"{LITERACY}/{mastered.slug}")
    with database.reader() as session:
        page = overview.practice(session, PERSONAL, learner=learner, at=NOON)
    ((one,),) = page.groundwork.values()
    assert one.mastered


def test_nothing_is_locked_by_what_a_skill_builds_on(
    database: Database, publish: Callable[..., None]
) -> None:
    publish(LITERACY, PLACE)
    learner = people.make_learner(database, at=NOON)
    people.begin(database, learner, at=NOON)
    assert people.open_serving(database, learner) is not None


def test_the_pages_say_it_in_plain_words(app: Flask, publish: Callable[..., None]) -> None:
    publish(LITERACY, PLACE)
    database: Database = app.extensions["database"]
    classroom = make_classroom(database, learners=1, at=NOON)
    client = people.client_of(app, classroom.learners[0])
    for path in (f"/learn/modules/{LITERACY}", f"/learn/modules/{LITERACY}/map"):
        page = client.get(path).get_data(as_text=True)
        assert "This skill builds on “" in page
        assert "You do not have it yet." in page
    trainer = people.client_of(app, classroom.trainer)
    page = trainer.get(f"/author/modules/{LITERACY}").get_data(as_text=True)
    assert "This skill builds on “" in page


def test_a_trainer_sees_it_and_takes_it_along_in_a_copy(
    database: Database, publish: Callable[..., None]
) -> None:
    publish(LITERACY, PLACE)
    trainer = make_classroom(database, learners=0, at=NOON).trainer
    with database.reader() as session:
        overview_ = material.module(session, LITERACY, trainer=trainer)
    assert [one.place for one in overview_.skills[0].builds_on] == [PLACE]
    draft_id = database.transact(lambda s: copying.edit(s, LITERACY, trainer=trainer, at=NOON))
    with database.reader() as session:
        raw = drafts.find(session, draft_id, trainer=trainer).raw
    assert raw is not None
    assert raw.skills[0].builds_on == (PLACE,)


def test_a_draft_that_builds_on_another_module_is_published_with_it(database: Database) -> None:
    trainer = make_classroom(database, learners=0, at=NOON).trainer
    reviewer = make_colleague(database, trainer, Role.TRAINER, at=NOON)
    draft = database.transact(lambda s: workshop.begin(s, trainer, title="Signing", at=NOON))
    build_on(database, draft, trainer, PLACE)
    database.transact(lambda s: reviewing.submit(s, draft.id, trainer=trainer, at=NOON))
    database.transact(
        lambda s: reviewing.decide(s, draft.id, trainer=reviewer, approve=True, note="", at=NOON)
    )
    database.transact(lambda s: releasing.publish(s, draft.id, trainer=trainer, at=NOON))
    with database.reader() as session:
        taught = material.module(session, draft.slug, trainer=trainer)
    assert [one.place for one in taught.skills[0].builds_on] == [PLACE]


def test_a_draft_builds_only_on_what_its_agency_sees(database: Database) -> None:
    stranger = make_classroom(database, learners=0, at=NOON).trainer
    theirs = database.transact(lambda s: workshop.make_draft(s, stranger, title="Secret"))
    trainer = make_classroom(database, learners=0, at=NOON).trainer
    draft = database.transact(lambda s: workshop.begin(s, trainer, title="Signing", at=NOON))
    with database.reader() as session:
        hidden = drafts.find(session, UUID(theirs["draft_id"]), trainer=stranger)
    for place in (f"{hidden.slug}/answer-for-it", f"{PERSONAL}/no-such-skill"):
        build_on(database, draft, trainer, place)
        with database.reader() as session:
            found = drafts.find(session, draft.id, trainer=trainer)
            checked = findings.check(session, found, trainer=trainer)
        assert [finding.rule for finding in checked.stops] == ["foundations-exist"]


def build_on(database: Database, draft: drafts.Draft, trainer: people.Person, place: str) -> None:
    def alter(raw: RawModule) -> RawModule:
        return replace(raw, skills=(replace(raw.skills[0], builds_on=(place,)),))

    database.transact(lambda s: writing.alter_module(s, draft.id, alter, trainer=trainer, at=NOON))


def _restore(session: Session, slug: str, holding: str) -> None:
    """Teach the latest revision of a module whose text holds these words."""
    module = session.scalars(select(TaughtModule).where(TaughtModule.slug == slug)).one()
    module.revision_id = session.scalars(
        select(ModuleRevision.id).where(
            ModuleRevision.module_id == module.id, ModuleRevision.document.contains(holding)
        )
    ).one()
