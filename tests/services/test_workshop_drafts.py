"""Drafts: the same text as the files, kept whoever writes in it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.authoring import RawItem, read_module, read_raw, write_item
from app.authoring.raw_module import read_raw_module, write_module
from app.config import REPOSITORY
from app.db import Database
from app.models import Agency, Role
from app.services.errors import NotFound, Refused
from app.services.workshop import drafts, writing
from app.services.workshop.writing import Saved, Stale
from tests.conftest import NOON
from tests.people import Person, make_agency, make_user
from tests.workshop import QUESTION


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


def begin(session: Session, trainer: Person) -> drafts.Draft:
    draft_id = drafts.create(session, trainer=trainer, title="Sign it", language="en", at=NOON)
    drafts.add_items(session, draft_id, [QUESTION], trainer=trainer, at=NOON)
    return drafts.find(session, draft_id, trainer=trainer)


@pytest.fixture
def draft(database: Database, trainer: Person) -> drafts.Draft:
    return database.transact(lambda session: begin(session, trainer))


def save(database: Database, draft: drafts.Draft, by: Person, text: str, version: int) -> object:
    item = draft.items[0]
    return database.transact(
        lambda session: writing.save_item(
            session,
            draft.id,
            item.id,
            trainer=by,
            text=text,
            version=version,
            at=NOON + timedelta(minutes=version),
        )
    )


def test_an_item_reads_back_as_it_was_written(draft: drafts.Draft) -> None:
    found = draft.items[0].raw
    assert found is not None
    assert found.answer == QUESTION.answer
    assert (found.text, found.hints, found.explanation) == (
        QUESTION.text,
        QUESTION.hints,
        QUESTION.explanation,
    )


def test_every_shipped_file_keeps_its_meaning_when_written_anew() -> None:
    for path in (REPOSITORY / "content").glob("programmes/*/*/*/*.md"):
        raw = read_raw(path.read_text())
        if raw is None or path.suffixes != [".md"]:
            continue  # a translation
        once = write_item(raw)
        assert read_raw(once) == raw
        before, after = (
            read_module(
                (path.parent.parent / "module.toml").read_text(),
                {f"{path.parent.name}/{path.name}": text},
                slug=path.parents[1].name,
                programme="p",
                media=(),
                others=(),
            )
            for text in (path.read_text(), once)
        )
        assert [item.document for item in after.items] == [item.document for item in before.items]
        assert len(after.items) == 1


def test_a_shipped_module_keeps_its_meaning_when_written_anew() -> None:
    for path in (REPOSITORY / "content").glob("programmes/*/*/module.toml"):
        raw = read_raw_module(path.read_text())
        assert raw is not None
        assert read_raw_module(write_module(raw)) == raw


def test_a_top_heading_in_a_question_does_not_end_it() -> None:
    text = write_item(RawItem(kind="exercise", format="number", title="T", text="# Hint\nx\n```\n"))
    found = read_raw(text)
    assert found is not None
    assert found.text == "## Hint\nx\n```\n```"


def test_a_save_from_an_older_version_writes_nothing(
    database: Database, draft: drafts.Draft, trainer: Person, colleague: Person
) -> None:
    text = draft.items[0].text
    first = save(database, draft, colleague, text.replace("drafts", "writes"), 1)
    second = save(database, draft, trainer, text.replace("drafts", "types"), 1)
    assert first == Saved(2)
    assert isinstance(second, Stale)
    assert second.version == 2
    assert "writes a letter" in second.text
    assert second.changed_by == colleague.name


def test_words_written_over_are_kept(
    database: Database, draft: drafts.Draft, trainer: Person, colleague: Person
) -> None:
    text = draft.items[0].text
    save(database, draft, colleague, text.replace("drafts", "writes"), 1)
    with database.reader() as session:
        kept = writing.earlier_texts(session, draft.id, draft.items[0].item_id, trainer=trainer)
    assert [(line.text, line.written_by) for line in kept] == [(text, trainer.name)]


def test_saving_the_same_twice_is_one_version(
    database: Database, draft: drafts.Draft, trainer: Person
) -> None:
    changed = draft.items[0].text.replace("drafts", "writes")
    assert save(database, draft, trainer, changed, 1) == Saved(2)
    assert save(database, draft, trainer, changed, 1) == Saved(2)


def test_a_draft_of_another_agency_is_not_there(database: Database, draft: drafts.Draft) -> None:
    def look(session: Session) -> None:
        stranger = make_user(session, make_agency(session, at=NOON), Role.TRAINER, at=NOON)
        drafts.find(session, draft.id, trainer=stranger)

    with pytest.raises(NotFound):
        database.transact(look)


def test_nobody_writes_while_a_reviewer_reads(
    database: Database, draft: drafts.Draft, trainer: Person
) -> None:
    def hand_in(session: Session) -> None:
        drafts.lock(session, draft.id, trainer=trainer).stage = drafts.REVIEW

    database.transact(hand_in)
    with pytest.raises(Refused):
        save(database, draft, trainer, "x", 1)


def test_two_modules_of_one_title_get_two_names(database: Database, trainer: Person) -> None:
    def make(session: Session) -> tuple[str, str]:
        ids = [
            drafts.create(session, trainer=trainer, title="Plain words", language="en", at=NOON)
            for _ in range(2)
        ]
        one, two = (drafts.find(session, id_, trainer=trainer).slug for id_ in ids)
        return one, two

    one, two = database.transact(make)
    assert one != two
    assert {name[:12] for name in (one, two)} == {"plain-words-"}


def test_an_item_never_published_is_taken_out_but_its_words_are_kept(
    database: Database, draft: drafts.Draft, trainer: Person
) -> None:
    item = draft.items[0]

    def remove(session: Session) -> bool:
        return writing.remove_item(session, draft.id, item.id, trainer=trainer, at=NOON)

    assert database.transact(remove) is True
    with database.reader() as session:
        assert drafts.find(session, draft.id, trainer=trainer).items == ()
        assert writing.earlier_texts(session, draft.id, item.item_id, trainer=trainer)
