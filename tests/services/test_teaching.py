"""Trainers see content shared by all and of their agency, as learners see it and behind it."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db import Database
from app.models import Module
from app.services.errors import NotFound
from app.services.teaching import material
from tests.classroom import make_classroom
from tests.conftest import NOON
from tests.people import MODULE_SLUG


def test_a_module_is_told_in_full(database: Database) -> None:
    trainer = make_classroom(database, learners=0, at=NOON).trainer
    with database.reader() as session:
        overview = material.module(session, MODULE_SLUG, trainer=trainer)
    taught = overview.taught
    assert (taught.stuck, taught.open_reports, len(taught.cohorts)) == (0, 0, 1)
    assert taught.skills == len(overview.skills)
    listed = {
        item.id
        for skill in overview.skills
        for item in (*skill.lessons, *skill.exercises, *skill.transfers)
    }
    assert listed == set(overview.syllabus.items)
    assert len(listed) == taught.items
    for skill in overview.skills:
        assert sum(skill.formats.values()) == len(skill.exercises)


def test_content_of_another_agency_is_like_absent_content(database: Database) -> None:
    owner = make_classroom(database, learners=0, at=NOON).trainer
    stranger = make_classroom(database, learners=0, at=NOON).trainer
    with database.reader() as session:
        content = material.content(session, MODULE_SLUG, trainer=stranger)
    item_id = next(iter(content.syllabus.items))
    database.transact(
        lambda session: session.execute(update(Module).values(agency_id=owner.agency_id))
    )
    with database.reader() as session:
        assert material.item(session, item_id, trainer=owner).entry.id == item_id
        assert material.modules(session, trainer=owner) != ()
        assert material.modules(session, trainer=stranger) == ()
        for slug in (MODULE_SLUG, "no-such-module"):
            with pytest.raises(NotFound):
                material.module(session, slug, trainer=stranger)
            with pytest.raises(NotFound):
                material.content(session, slug, trainer=stranger)
        for wanted in (item_id, "nothing"):
            with pytest.raises(NotFound):
                material.item(session, wanted, trainer=stranger)


def test_an_exercise_looks_the_same_each_time(database: Database) -> None:
    trainer = make_classroom(database, learners=0, at=NOON).trainer

    def shown(session: Session) -> list[material.ShownItem]:
        syllabus = material.content(session, MODULE_SLUG, trainer=trainer).syllabus
        return [material.item(session, item_id, trainer=trainer) for item_id in syllabus.items]

    with database.reader() as session:
        first, again = shown(session), shown(session)
    assert [item.sheet for item in first] == [item.sheet for item in again]
    for item in first:
        assert bool(item.sheet) == bool(item.key)
