"""A wrong key put right: counted anew, replayed, told; and nothing that was given is changed."""

import json
import uuid
from dataclasses import dataclass, replace
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring import read_raw, write_item
from app.db import Database
from app.models import AuditEvent, Cohort, Mastery, Response, Role, Serving
from app.services.catalogue import shelf
from app.services.errors import NotFound, Refused
from app.services.learning import practice, regrades, replay
from app.services.learning.practice import Submission
from app.services.learning.sheet import token
from app.services.oversight import decisions
from app.services.workshop import drafts, programmes, regrading, releasing, reviewing, writing
from tests import workshop
from tests.conftest import NOON
from tests.people import Person, enrol, make_agency, make_user, open_serving


@dataclass
class Class:
    trainer: Person
    colleague: Person
    learners: tuple[Person, Person]
    draft: drafts.Draft


@pytest.fixture
def taught(database: Database) -> Class:
    """A published module whose question has a wrong key, and two learners who answered it.

    The first took what is right in truth and was told it is wrong; the second the other way round.
    """

    def make(session: Session) -> Class:
        agency = make_agency(session, at=NOON)
        roles = (Role.TRAINER, Role.TRAINER, Role.LEARNER, Role.LEARNER)
        trainer, colleague, one, other = (
            make_user(session, agency, role, at=NOON) for role in roles
        )
        draft = workshop.begin(session, trainer, title="Letters", at=NOON)
        rekey(session, draft, trainer, "The tool")
        programme_id = programmes.create(session, "Letters", trainer=trainer, at=NOON)
        drafts.lock(session, draft.id, trainer=trainer).programme_id = programme_id
        cohort = Cohort(
            id=uuid.uuid4(),
            agency_id=agency.id,
            programme_id=programme_id,
            name="Newcomers",
            trainer_id=None,
            created_at=NOON,
        )
        session.add(cohort)
        session.flush()
        for learner in (one, other):
            enrol(session, cohort, learner, at=NOON)
        publish(session, draft, trainer, colleague)
        return Class(trainer, colleague, (one, other), draft)

    found = database.transact(make)
    for learner, text in zip(found.learners, ("The officer", "The tool"), strict=True):
        database.transact(partial(begin, found=found, learner=learner))
        answer(database, learner, text)
    database.transact(lambda s: mend(s, found))
    return found


def begin(session: Session, *, found: Class, learner: Person) -> None:
    practice.begin(session, found.draft.module_id, learner=learner, at=NOON)


def question(draft: drafts.Draft) -> drafts.DraftedItem:
    return next(item for item in draft.items if item.raw and item.raw.kind == "exercise")


def rekey(session: Session, draft: drafts.Draft, trainer: Person, right: str) -> None:
    draft = drafts.find(session, draft.id, trainer=trainer)
    item = question(draft)
    raw = read_raw(item.text)
    assert raw is not None
    options = raw.answer["options"]
    assert isinstance(options, list)
    changed = [{**option, "correct": option["text"] == right} for option in options]
    text = write_item(replace(raw, answer={"options": changed}))
    writing.save_item(
        session, draft.id, item.id, trainer=trainer, text=text, version=item.version, at=NOON
    )


def publish(session: Session, draft: drafts.Draft, author: Person, reviewer: Person) -> None:
    reviewing.submit(session, draft.id, trainer=author, at=NOON)
    reviewing.decide(session, draft.id, trainer=reviewer, approve=True, note="", at=NOON)
    releasing.publish(session, draft.id, trainer=author, at=NOON)


def mend(session: Session, taught: Class) -> None:
    rekey(session, taught.draft, taught.trainer, "The officer")
    publish(session, taught.draft, taught.trainer, taught.colleague)


def answer(database: Database, learner: Person, text: str) -> None:
    serving = open_serving(database, learner)
    assert serving is not None
    with database.reader() as session:
        document = shelf.document(session, serving.item_revision_id)
    key = next(option.key for option in document.options if option.text == text)  # type: ignore[union-attr]
    fields = {"choice": [token(serving.seed, key)]}
    database.transact(
        lambda s: practice.answer(
            s, serving.id, learner=learner, submission=Submission(fields=fields), at=NOON
        )
    )


def regrade(database: Database, taught: Class) -> int:
    def work(session: Session) -> int:
        draft = drafts.find(session, taught.draft.id, trainer=taught.trainer)
        return regrading.regrade(
            session,
            draft,
            question(draft),
            trainer=taught.trainer,
            reason="The key named the tool.",
            at=NOON,
        )

    return database.transact(work)


def responses(database: Database) -> list[str]:
    with database.reader() as session:
        rows = session.execute(select(Response.__table__).order_by(Response.serving_id))
        return [str(row) for row in rows]


def masteries(database: Database, learner: Person) -> list[float]:
    with database.reader() as session:
        return list(
            session.scalars(select(Mastery.mastery).where(Mastery.learner_id == learner.id))
        )


def test_what_would_change_is_known_before(database: Database, taught: Class) -> None:
    with database.reader() as session:
        draft = drafts.find(session, taught.draft.id, trainer=taught.trainer)
        found = regrading.prospect(session, draft, question(draft), trainer=taught.trainer)
    assert found.answers == 2
    assert set(found.learners) == {learner.id for learner in taught.learners}
    assert (found.to("correct"), found.to("wrong"), found.unfit) == (1, 1, 0)


def test_mastery_counts_by_the_right_key(database: Database, taught: Class) -> None:
    one, other = taught.learners
    before = masteries(database, one), masteries(database, other)
    assert before[0] < before[1]
    assert regrade(database, taught) == 2
    after = masteries(database, one), masteries(database, other)
    assert after[0] > before[0]
    assert after[1] < before[1]
    assert after[0] > after[1]


def test_responses_stay_as_they_were_given(database: Database, taught: Class) -> None:
    before = responses(database)
    regrade(database, taught)
    assert responses(database) == before


def test_the_log_with_a_regrade_replays_to_what_is_stored(
    database: Database, taught: Class
) -> None:
    regrade(database, taught)
    for learner in taught.learners:
        if _has_question(database, learner):
            answer(database, learner, "The officer")
    with database.reader() as session:
        report = replay.replay(session)
    assert report.differences == []
    assert report.learners == 2


def test_a_decision_before_the_regrade_replays_as_it_was_made(
    database: Database, taught: Class
) -> None:
    regrade(database, taught)
    with database.reader() as session:
        servings = session.scalars(select(Serving.id).order_by(Serving.sequence)).all()
        for serving_id in servings:
            assert decisions.replay_decision(session, serving_id).differences == ()


def test_a_second_regrade_finds_nothing_to_do(database: Database, taught: Class) -> None:
    regrade(database, taught)
    with pytest.raises(Refused):
        regrade(database, taught)


def test_a_key_put_back_counts_as_before(database: Database, taught: Class) -> None:
    before = [masteries(database, learner) for learner in taught.learners]
    regrade(database, taught)
    database.transact(lambda s: rekey(s, taught.draft, taught.trainer, "The tool"))
    database.transact(lambda s: publish(s, taught.draft, taught.trainer, taught.colleague))
    assert regrade(database, taught) == 2
    assert [masteries(database, learner) for learner in taught.learners] == before
    with database.reader() as session:
        assert replay.replay(session).differences == []


def test_learners_are_told_until_they_have_read_it(database: Database, taught: Class) -> None:
    regrade(database, taught)
    one, _ = taught.learners
    with database.reader() as session:
        (notice,) = regrades.untold(session, learner=_reader(one))
    assert (notice.title, notice.reason, notice.answers) == (
        "Who answers for a letter",
        "The key named the tool.",
        1,
    )
    database.transact(
        lambda s: regrades.note_told(s, notice.regrade_id, learner=_reader(one), at=NOON)
    )
    with database.reader() as session:
        assert regrades.untold(session, learner=_reader(one)) == ()
        assert regrades.untold(session, learner=_reader(taught.learners[1]))


def test_nobody_reads_of_anothers_regrade(database: Database, taught: Class) -> None:
    regrade(database, taught)
    with database.reader() as session:
        (notice,) = regrades.untold(session, learner=_reader(taught.learners[0]))
    with pytest.raises(NotFound):
        database.transact(
            lambda s: regrades.note_told(
                s, notice.regrade_id, learner=_reader(taught.trainer), at=NOON
            )
        )


def test_a_regrade_is_in_the_audit_log(database: Database, taught: Class) -> None:
    regrade(database, taught)
    with database.reader() as session:
        (event,) = session.scalars(
            select(AuditEvent).where(AuditEvent.act == "item-regraded")
        ).all()
    assert event.actor_id == taught.trainer.id
    assert json.loads(json.dumps(event.details))["learners"] == 2


def test_another_question_is_not_graded_by_this_key(database: Database, taught: Class) -> None:
    def reword(session: Session) -> None:
        draft = drafts.find(session, taught.draft.id, trainer=taught.trainer)
        item = question(draft)
        text = item.text.replace('text = "Nobody"', 'text = "The minister"')
        writing.save_item(
            session,
            draft.id,
            item.id,
            trainer=taught.trainer,
            text=text,
            version=item.version,
            at=NOON,
        )
        publish(session, draft, taught.trainer, taught.colleague)

    database.transact(reword)
    with database.reader() as session:
        draft = drafts.find(session, taught.draft.id, trainer=taught.trainer)
        found = regrading.prospect(session, draft, question(draft), trainer=taught.trainer)
    assert (found.changed, found.unfit) == ((), 2)


def _reader(person: Person) -> regrading._Concerned:
    return regrading._Concerned(person.id, person.agency_id)


def _has_question(database: Database, learner: Person) -> bool:
    serving = open_serving(database, learner)
    if serving is None:
        return False
    with database.reader() as session:
        return shelf.document(session, serving.item_revision_id).kind == "exercise"
