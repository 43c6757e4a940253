"""Handing in, reviewing, publishing, rolling back: the way of a draft to learners."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring import RawModule
from app.db import Database
from app.models import Agency, AuditEvent, Module, Programme, Role
from app.services.catalogue import shelf
from app.services.errors import Invalid, NotFound, Refused
from app.services.workshop import (
    copying,
    drafts,
    findings,
    outline,
    programmes,
    releasing,
    reviewing,
    writing,
)
from app.services.workshop.differences import Mark
from app.services.workshop.outline import Estimate
from tests.conftest import NOON
from tests.people import MODULE_SLUG, Person, make_agency, make_user
from tests.workshop import LESSON, begin


@pytest.fixture
def trainer(database: Database) -> Person:
    return database.transact(
        lambda session: make_user(session, make_agency(session, at=NOON), Role.TRAINER, at=NOON)
    )


@pytest.fixture
def colleague(database: Database, trainer: Person) -> Person:
    return database.transact(
        lambda session: make_user(
            session, session.get_one(Agency, trainer.agency_id), Role.TRAINER, at=NOON
        )
    )


@pytest.fixture
def draft(database: Database, trainer: Person) -> drafts.Draft:
    return database.transact(lambda session: begin(session, trainer, title="Sign it", at=NOON))


def approve(database: Database, draft: drafts.Draft, author: Person, reviewer: Person) -> None:
    database.transact(lambda s: reviewing.submit(s, draft.id, trainer=author, at=NOON))
    database.transact(
        lambda s: reviewing.decide(
            s, draft.id, trainer=reviewer, approve=True, note="", at=NOON + timedelta(hours=1)
        )
    )


def publish(database: Database, draft: drafts.Draft, author: Person, reviewer: Person) -> int:
    approve(database, draft, author, reviewer)
    return database.transact(
        lambda s: releasing.publish(s, draft.id, trainer=author, at=NOON + timedelta(hours=2))
    )


def reword(database: Database, draft: drafts.Draft, by: Person, old: str, new: str) -> None:
    item = next(item for item in draft.items if old in item.text)
    database.transact(
        lambda s: writing.save_item(
            s,
            draft.id,
            item.id,
            trainer=by,
            text=item.text.replace(old, new),
            version=item.version,
            at=NOON + timedelta(hours=3),
        )
    )


def test_gaps_do_not_stop_a_draft(database: Database, draft: drafts.Draft, trainer: Person) -> None:
    with database.reader() as session:
        checked = findings.check(session, draft, trainer=trainer)
    assert checked.stops == ()
    assert {"enough-lessons", "enough-exercises", "one-transfer-case"} <= {
        finding.rule for finding in checked.gaps
    }
    assert all(finding.sentence for finding in checked.findings)


def test_what_many_items_lack_is_said_once(
    database: Database, draft: drafts.Draft, trainer: Person
) -> None:
    lessons = [replace(LESSON, title=f"Who signs number {n}", text=f"{n}.") for n in range(20)]
    database.transact(lambda s: drafts.add_items(s, draft.id, lessons, trainer=trainer, at=NOON))
    with database.reader() as session:
        found = drafts.find(session, draft.id, trainer=trainer)
        checked = findings.check(session, found, trainer=trainer)
    short = checked.gaps_by_rule["A lesson has 150 to 350 words."]
    assert len({gap.item_id for gap in short}) == len(lessons) + 1
    assert sum(map(len, checked.gaps_by_rule.values())) == len(checked.gaps)


def test_a_finding_names_the_skill_by_its_title(
    database: Database, draft: drafts.Draft, trainer: Person
) -> None:
    database.transact(
        lambda s: writing.alter_module(
            s, draft.id, lambda raw: outline.add_skill(raw, "Appeal"), trainer=trainer, at=NOON
        )
    )
    with database.reader() as session:
        found = drafts.find(session, draft.id, trainer=trainer)
        messages = [f.message for f in findings.check(session, found, trainer=trainer).stops]
    assert "“Appeal” has no summary yet." in messages


def test_what_could_mislead_stops_a_draft(
    database: Database, draft: drafts.Draft, trainer: Person
) -> None:
    reword(database, draft, trainer, "correct = true", "correct = false")
    with pytest.raises(Refused):
        database.transact(lambda s: reviewing.submit(s, draft.id, trainer=trainer, at=NOON))


def test_an_author_cannot_review_their_own(
    database: Database, draft: drafts.Draft, trainer: Person
) -> None:
    database.transact(lambda s: reviewing.submit(s, draft.id, trainer=trainer, at=NOON))
    with pytest.raises(Refused):
        database.transact(
            lambda s: reviewing.decide(s, draft.id, trainer=trainer, approve=True, note="", at=NOON)
        )


def test_somebody_who_wrote_one_word_cannot_review(
    database: Database, draft: drafts.Draft, trainer: Person, colleague: Person
) -> None:
    reword(database, draft, colleague, "drafts a letter", "writes a letter")
    database.transact(lambda s: reviewing.submit(s, draft.id, trainer=trainer, at=NOON))
    with pytest.raises(Refused):
        database.transact(
            lambda s: reviewing.decide(
                s, draft.id, trainer=colleague, approve=True, note="", at=NOON
            )
        )


def test_a_draft_is_returned_with_a_reason(
    database: Database, draft: drafts.Draft, trainer: Person, colleague: Person
) -> None:
    database.transact(lambda s: reviewing.submit(s, draft.id, trainer=trainer, at=NOON))

    def give_back(session: Session, note: str) -> None:
        reviewing.decide(session, draft.id, trainer=colleague, approve=False, note=note, at=NOON)

    with pytest.raises(Invalid):
        database.transact(lambda s: give_back(s, ""))
    database.transact(lambda s: give_back(s, "Name the law."))
    with database.reader() as session:
        desk = reviewing.desk(session, draft, trainer=trainer)
    assert [(r.decision, r.note, r.decided_by) for r in desk.reviews] == [
        ("returned", "Name the law.", colleague.name)
    ]


def test_only_what_was_approved_is_published(
    database: Database, draft: drafts.Draft, trainer: Person, colleague: Person
) -> None:
    approve(database, draft, trainer, colleague)
    reword(database, draft, trainer, "drafts a letter", "sends a letter")
    with pytest.raises(Refused):
        database.transact(lambda s: releasing.publish(s, draft.id, trainer=trainer, at=NOON))


def test_nothing_is_published_over_an_open_comment(
    database: Database, draft: drafts.Draft, trainer: Person, colleague: Person
) -> None:
    database.transact(lambda s: remark(s, draft, "Say who this is for.", by=colleague))
    with pytest.raises(Refused, match="Comments are still open"):
        publish(database, draft, trainer, colleague)
    with database.reader() as session:
        (said,) = reviewing.desk(session, draft, trainer=trainer).open_comments
        assert session.get(Module, draft.module_id) is None
    database.transact(lambda s: reviewing.resolve(s, draft.id, said.id, trainer=trainer, at=NOON))
    assert (
        database.transact(lambda s: releasing.publish(s, draft.id, trainer=trainer, at=NOON)) == 1
    )


def remark(session: Session, draft: drafts.Draft, text: str, *, by: Person) -> None:
    reviewing.comment(session, draft.id, trainer=by, item_id="", text=text, at=NOON)


def test_a_published_module_belongs_to_its_agency(
    database: Database, draft: drafts.Draft, trainer: Person, colleague: Person
) -> None:
    assert publish(database, draft, trainer, colleague) == 1
    with database.reader() as session:
        module = session.get_one(Module, draft.module_id)
        found = shelf.syllabus(session, module.revision_id)
        acts = set(session.scalars(select(AuditEvent.act)))
    assert module.agency_id == trainer.agency_id
    assert module.status == "active"
    assert [item.title for item in found.items.values()] == [
        "Who answers for a letter",
        "Who signs",
    ]
    assert {"draft-begun", "draft-submitted", "draft-approved", "module-published"} <= acts


def test_a_published_module_joins_its_programme(
    database: Database, draft: drafts.Draft, trainer: Person, colleague: Person
) -> None:
    def choose(session: Session) -> str:
        found = programmes.create(session, "Signing well", trainer=trainer, at=NOON)
        drafts.lock(session, draft.id, trainer=trainer).programme_id = found
        return found

    programme_id = database.transact(choose)
    publish(database, draft, trainer, colleague)
    with database.reader() as session:
        assert session.get_one(Programme, programme_id).agency_id == trainer.agency_id
        assert [line.title for line in programmes.own(session, trainer=trainer)] == ["Signing well"]


def test_the_last_reviewer_may_write_the_next_text(
    database: Database, draft: drafts.Draft, trainer: Person, colleague: Person
) -> None:
    publish(database, draft, trainer, colleague)
    reword(database, draft, colleague, "drafts a letter", "types a letter")
    with database.reader() as session:
        changed = releasing.what_would_change(
            session, drafts.find(session, draft.id, trainer=trainer)
        )
        desk = reviewing.desk(session, draft, trainer=trainer)
    assert [d.title for d in changed] == ["Who answers for a letter"]
    assert [(line.mark, line.text) for line in changed[0].lines if line.mark is Mark.ADDED] == [
        (Mark.ADDED, "A tool types a letter.")
    ]
    assert desk.authors == (colleague.name,)


def test_an_earlier_revision_is_taught_again_in_one_step(
    database: Database, draft: drafts.Draft, trainer: Person, colleague: Person
) -> None:
    publish(database, draft, trainer, colleague)
    reword(database, draft, trainer, "drafts a letter", "types a letter")
    assert publish(database, draft, trainer, colleague) == 2
    with database.reader() as session:
        latest, first = releasing.revisions(session, draft)
    assert (latest.current, first.current) == (True, False)
    database.transact(
        lambda s: releasing.roll_back(s, draft.id, first.id, trainer=trainer, at=NOON)
    )
    with database.reader() as session:
        latest, first = releasing.revisions(session, draft)
        after = drafts.find(session, draft.id, trainer=trainer)
        assert releasing.what_would_change(session, after) == ()
    assert (latest.current, first.current) == (False, True)


def test_a_shared_module_becomes_a_copy_of_its_own(database: Database, trainer: Person) -> None:
    draft_id = database.transact(lambda s: copying.edit(s, MODULE_SLUG, trainer=trainer, at=NOON))
    with database.reader() as session:
        draft = drafts.find(session, draft_id, trainer=trainer)
        checked = findings.check(session, draft, trainer=trainer)
        shared = session.scalars(select(Module).where(Module.slug == MODULE_SLUG)).one()
    assert draft.module_id != shared.id
    assert draft.slug != MODULE_SLUG
    assert checked.stops == ()
    assert len(draft.items) > 100


def test_a_published_module_is_edited_in_one_draft(
    database: Database, draft: drafts.Draft, trainer: Person, colleague: Person
) -> None:
    publish(database, draft, trainer, colleague)
    again = database.transact(lambda s: copying.edit(s, draft.slug, trainer=colleague, at=NOON))
    assert again == draft.id


def test_a_module_of_another_agency_cannot_be_taken(
    database: Database, draft: drafts.Draft, trainer: Person, colleague: Person
) -> None:
    publish(database, draft, trainer, colleague)

    def take(session: Session) -> None:
        stranger = make_user(session, make_agency(session, at=NOON), Role.TRAINER, at=NOON)
        copying.edit(session, draft.slug, trainer=stranger, at=NOON)

    with pytest.raises(NotFound):
        database.transact(take)


def test_a_circle_is_refused_with_its_path_named() -> None:
    raw = RawModule(id="a", title="M")
    for title in ("One", "Two", "Three"):
        raw = outline.add_skill(raw, title)
    for at, before in ((1, "one"), (2, "two")):
        skill = replace(raw.skills[at], prerequisites=(before,))
        raw = outline.describe_skill(raw, skill.id, skill)
    first = replace(raw.skills[0], prerequisites=("three",))
    with pytest.raises(Invalid) as refused:
        outline.describe_skill(raw, first.id, first)
    assert "One → " in str(refused.value) or "→ One" in str(refused.value)
    assert all(title in str(refused.value) for title in ("One", "Two", "Three"))


def test_words_about_ten_people_become_parameters() -> None:
    found = outline.estimated(Estimate(knows=0.3, learns=0.2, guesses=0.25, slips=0.0))
    assert found == {"prior": 0.3, "learn": 0.2, "guess": 0.25, "slip": 0.01, "forget": 0.0}


def test_guessing_and_slipping_must_leave_room() -> None:
    with pytest.raises(Invalid):
        outline.estimated(Estimate(knows=0.3, learns=0.2, guesses=0.6, slips=0.5))
