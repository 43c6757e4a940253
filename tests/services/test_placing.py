"""Placement in the product: optional, stoppable, no evidence, and exact on replay."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.authoring import Exercise
from app.db import Database
from app.models import (
    Mastery,
    Module,
    ModuleStanding,
    ModuleState,
    PlacedLog,
    Placement,
    PlacementAnswer,
    Response,
    Serving,
)
from app.services.catalogue import shelf
from app.services.errors import NotFound, Refused
from app.services.learning import placing, sheet
from app.services.learning.placement_results import Result
from app.services.learning.practice import Submission
from app.services.learning.replay import replay
from app.services.oversight.decisions import replay_decision
from engine.placement import MOST_QUESTIONS
from tests.conftest import NOON
from tests.people import (
    Person,
    answer_open,
    begin,
    make_learner,
    module_id,
    open_serving,
)

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def learner(database: Database) -> Person:
    return make_learner(database, at=NOON)


def start(database: Database, learner: Person) -> None:
    database.transact(
        lambda db: placing.begin_placement(db, module_id(db), learner=learner, at=NOON)
    )


def shown(database: Database, learner: Person) -> placing.Shown:
    with database.reader() as db:
        return placing.show(db, module_id(db), learner=learner)


def answer(database: Database, learner: Person, *, right: bool = True, number: int = 0) -> None:
    """Answer the question that is open, or say that one does not know."""
    question = shown(database, learner).question
    assert question is not None
    submission = Submission(fields={}, dont_know=True)
    if right:
        submission = Submission(fields=right_form(database, learner, question))
    database.transact(
        lambda db: placing.answer(
            db,
            module_id(db),
            number=number or question.number,
            learner=learner,
            submission=submission,
            at=NOON,
        )
    )


def right_form(database: Database, learner: Person, question: placing.Question) -> sheet.Fields:
    with database.reader() as db:
        seed = db.scalars(select(Placement.seed).where(Placement.learner_id == learner.id)).one()
        found = shelf.syllabus(db, db.get_one(Module, module_id(db)).revision_id)
        title = question.title
        (entry,) = [it for it in found.items.values() if it.title == title and it.kind != "lesson"]
        document = shelf.document(db, entry.revision_id)
    assert isinstance(document, Exercise)
    return sheet.right_form(document, (seed + question.number) % 2**63)


def be_placed(
    database: Database, learner: Person, *, right: bool, answers: int = MOST_QUESTIONS
) -> Result:
    start(database, learner)
    for _ in range(answers):
        if shown(database, learner).question is None:
            break
        answer(database, learner, right=right)
    database.transact(lambda db: placing.stop(db, module_id(db), learner=learner, at=NOON))
    result = shown(database, learner).result
    assert result is not None
    return result


def count(database: Database, table: type) -> int:
    with database.reader() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def no_difference(database: Database) -> bool:
    with database.reader() as db:
        return replay(db).found == 0


def test_who_knows_it_all_may_skip_it_and_is_told_the_minutes(
    database: Database, learner: Person
) -> None:
    result = be_placed(database, learner, right=True)
    with database.reader() as db:
        skills = shelf.syllabus(db, db.get_one(Module, module_id(db)).revision_id).skills
    assert len(result.skippable) == len(skills)
    assert result.asked < MOST_QUESTIONS
    assert result.minutes > 60


def test_who_knows_nothing_skips_nothing(database: Database, learner: Person) -> None:
    result = be_placed(database, learner, right=False)
    assert result.skippable == ()
    assert result.minutes == 0.0


def test_it_can_be_stopped_at_any_question(database: Database, learner: Person) -> None:
    start(database, learner)
    answer(database, learner)
    database.transact(lambda db: placing.stop(db, module_id(db), learner=learner, at=NOON))
    result = shown(database, learner).result
    assert result is not None
    assert result.asked == 1


def test_stopped_without_an_answer_it_changes_nothing(database: Database, learner: Person) -> None:
    start(database, learner)
    database.transact(lambda db: placing.stop(db, module_id(db), learner=learner, at=NOON))
    assert count(database, Mastery) == 0
    assert no_difference(database)


def test_a_second_click_is_one_answer(database: Database, learner: Person) -> None:
    start(database, learner)
    answer(database, learner, number=1)
    answer(database, learner, number=1)
    assert count(database, PlacementAnswer) == 1


def test_beginning_twice_goes_on_where_it_was(database: Database, learner: Person) -> None:
    start(database, learner)
    answer(database, learner)
    start(database, learner)
    question = shown(database, learner).question
    assert question is not None
    assert question.number == 2


def test_it_is_no_evidence_and_no_response(database: Database, learner: Person) -> None:
    be_placed(database, learner, right=True)
    with database.reader() as db:
        assert set(db.scalars(select(Mastery.answers))) == {0}
    assert count(database, Response) == count(database, Serving) == 0


def test_a_module_that_was_begun_is_not_placed(database: Database, learner: Person) -> None:
    begin(database, learner, at=NOON)
    with pytest.raises(Refused):
        start(database, learner)


def test_it_is_offered_once(database: Database, learner: Person) -> None:
    be_placed(database, learner, right=False)
    with database.reader() as db:
        assert not placing.is_offered(db, module_id(db), learner=learner)


def test_somebody_else_has_no_placement_there(database: Database, learner: Person) -> None:
    start(database, learner)
    other = make_learner(database, at=NOON)
    with pytest.raises(NotFound):
        shown(database, other)


def test_what_was_found_is_practised_from_and_replays(database: Database, learner: Person) -> None:
    start(database, learner)
    for right in (True, False, True, True):
        if shown(database, learner).question is not None:
            answer(database, learner, right=right)
    database.transact(lambda db: placing.stop(db, module_id(db), learner=learner, at=NOON))
    begin(database, learner, at=LATER)
    first = open_serving(database, learner)
    assert first is not None
    for turn in range(12):
        answer_open(database, learner, at=LATER + timedelta(minutes=turn), right=turn % 3 != 0)
    assert no_difference(database)
    with database.reader() as db:
        again = replay_decision(db, first.id)
    assert again.same
    assert again.log_verifies


def test_what_may_be_skipped_is_skipped(database: Database, learner: Person) -> None:
    start(database, learner)
    for right in (True, True, False):
        if shown(database, learner).question is not None:
            answer(database, learner, right=right)
    database.transact(lambda db: placing.stop(db, module_id(db), learner=learner, at=NOON))
    result = shown(database, learner).result
    assert result is not None
    assert result.skippable
    begin(database, learner, at=LATER)
    first = open_serving(database, learner)
    assert first is not None
    assert first.rule == "open-skill"


def test_who_is_placed_in_everything_shows_a_case_of_each_skill_first(
    database: Database, learner: Person
) -> None:
    result = be_placed(database, learner, right=True)
    begin(database, learner, at=LATER)
    asked = []
    while (serving := open_serving(database, learner)) is not None:
        assert standing(database, learner) == (ModuleStanding.LEARNING, None)
        asked.append(serving.rule)
        answer_open(database, learner, at=LATER + timedelta(minutes=len(asked)))
    assert asked == ["placed-case"] * len(result.skippable)
    assert standing(database, learner)[0] == ModuleStanding.FINISHED
    assert no_difference(database)


def test_a_case_missed_opens_what_was_skipped(database: Database, learner: Person) -> None:
    be_placed(database, learner, right=True)
    begin(database, learner, at=LATER)
    first = open_serving(database, learner)
    assert first is not None
    answer_open(database, learner, at=LATER, right=False)
    second = open_serving(database, learner)
    assert second is not None
    assert second.rule == "lesson"
    assert no_difference(database)
    with database.reader() as db:
        assert replay_decision(db, first.id).same


def standing(database: Database, learner: Person) -> tuple[str, datetime | None]:
    with database.reader() as db:
        state = db.get_one(ModuleState, (learner.id, module_id(db)))
        return state.standing, state.finished_at


def test_a_decision_made_before_it_does_not_know_of_it(database: Database, learner: Person) -> None:
    start(database, learner)
    answer(database, learner)
    begin(database, learner, at=NOON)
    first = open_serving(database, learner)
    assert first is not None
    database.transact(lambda db: placing.stop(db, module_id(db), learner=learner, at=LATER))
    answer_open(database, learner, at=LATER)
    assert no_difference(database)
    with database.reader() as db:
        assert replay_decision(db, first.id).same


def test_a_placement_that_was_tampered_with_is_found(database: Database, learner: Person) -> None:
    be_placed(database, learner, right=True)
    tamper(database, learner.id)
    with database.reader() as db:
        report = replay(db)
    assert any("finds something else" in str(each) for each in report.differences)


def tamper(database: Database, learner_id: uuid.UUID) -> None:
    """Keep an ended placement with another find, as nobody's answers would give it."""

    def write(db: Session) -> None:
        placed = db.scalars(select(PlacedLog)).one()
        other = Placement(
            id=uuid.uuid4(),
            agency_id=placed.agency_id,
            learner_id=learner_id,
            module_id=db.scalars(select(Module.id).where(Module.id != module_id(db))).first(),
            module_revision_id=db.get_one(Placement, placed.placement_id).module_revision_id,
            parameter_set_id=db.get_one(Placement, placed.placement_id).parameter_set_id,
            seed=1,
            begun_at=NOON,
        )
        db.add(other)
        db.flush()
        db.add(
            PlacedLog(
                placement_id=other.id,
                learner_id=learner_id,
                agency_id=placed.agency_id,
                number=2,
                found=placed.found,
                engine=placed.engine,
                after_sequence=0,
                after_serving=0,
                ended_at=NOON,
            )
        )

    database.transact(write)
