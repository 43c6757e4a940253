"""One answer: graded on what was served, kept once, mastery moved, the next step chosen."""

import json
import random
import uuid
from collections.abc import Sequence

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.authoring import Exercise, Lesson
from app.db import Database
from app.models import HintTaken, Mastery, ModuleState, Response, Role, Serving
from app.services.catalogue import shelf
from app.services.errors import Invalid, NotFound, Refused
from app.services.learning import outcome, overview, practice, sheet, states
from app.services.learning.outcome import Answered
from app.services.learning.practice import Submission
from app.services.learning.replay import replay
from engine import Outcome
from tests.conftest import NOON
from tests.faults.doors import Door, door_of, tables
from tests.people import (
    MODULE_SLUG,
    Person,
    answer_open,
    begin,
    make_agency,
    make_learner,
    make_user,
    module_id,
    open_serving,
)

DONT_KNOW = Submission(fields={}, dont_know=True)
MOST_ANSWERS = 150
MOST_STATEMENTS = 12


@pytest.fixture
def learner(database: Database) -> Person:
    person = make_learner(database, at=NOON)
    begin(database, person, at=NOON)
    return person


def opened(database: Database, learner: Person) -> tuple[Serving, Exercise | Lesson]:
    serving = open_serving(database, learner)
    assert serving is not None
    with database.reader() as session:
        return serving, shelf.document(session, serving.item_revision_id)


def give(
    database: Database, learner: Person, serving_id: uuid.UUID, submission: Submission
) -> Answered:
    return database.transact(
        lambda session: practice.answer(
            session, serving_id, learner=learner, submission=submission, at=NOON
        )
    )


def take_hint(database: Database, learner: Person, serving: Serving, number: int) -> None:
    database.transact(
        lambda session: practice.take_hint(
            session, serving.id, number=number, learner=learner, at=NOON
        )
    )


def response_to(database: Database, serving: Serving) -> Response:
    with database.reader() as session:
        return session.get_one(Response, serving.id)


def exercise_with_hints(database: Database, learner: Person) -> tuple[Serving, Exercise]:
    for _ in range(MOST_ANSWERS):
        serving, document = opened(database, learner)
        if isinstance(document, Exercise) and document.hints:
            return serving, document
        answer_open(database, learner, at=NOON)
    raise LookupError("no exercise with hints was served")


def wrong_fields(document: Exercise, seed: int) -> sheet.Fields:
    return sheet.wrong_form(document, seed, random.Random(1))


def test_a_right_answer_is_kept_with_what_it_did(database: Database, learner: Person) -> None:
    serving, document = opened(database, learner)
    assert isinstance(document, Exercise)
    right = sheet.right_form(document, serving.seed)
    answered = give(database, learner, serving.id, Submission(right, confidence="sure"))
    kept = response_to(database, serving)
    assert (kept.outcome, kept.sequence, kept.hints) == ("correct", 1, 0)
    assert kept.confidence == "sure"
    assert answered.outcome is Outcome.CORRECT
    assert [change.after > change.before for change in answered.changes] == [True]


def test_a_wrong_answer_is_kept_with_what_was_chosen(database: Database, learner: Person) -> None:
    serving, document = opened(database, learner)
    assert isinstance(document, Exercise)
    wrong = wrong_fields(document, serving.seed)
    answered = give(database, learner, serving.id, Submission(wrong))
    kept = response_to(database, serving)
    assert kept.outcome == "wrong"
    assert "answer" in json.loads(kept.choice)
    assert answered.graded is not None
    assert not answered.graded.correct


def test_not_knowing_counts_as_said_whatever_was_chosen(
    database: Database, learner: Person
) -> None:
    serving, document = opened(database, learner)
    assert isinstance(document, Exercise)
    chosen = sheet.right_form(document, serving.seed)
    answered = give(database, learner, serving.id, Submission(chosen, dont_know=True))
    kept = response_to(database, serving)
    assert (kept.outcome, kept.choice) == ("dont_know", '{"dont_know":true}')
    assert answered.changes[0].after < answered.changes[0].before


def test_a_lesson_is_kept_as_read_and_moves_no_answer_count(
    database: Database, learner: Person
) -> None:
    for _ in range(MOST_ANSWERS):
        serving, document = opened(database, learner)
        if isinstance(document, Lesson):
            break
        give(database, learner, serving.id, DONT_KNOW)
    answered = give(database, learner, serving.id, Submission(fields={}))
    kept = response_to(database, serving)
    assert (kept.outcome, kept.choice) == ("read", "{}")
    assert answered.graded is None


def test_hints_are_counted_here_and_lessen_what_a_right_answer_shows(database: Database) -> None:
    gains = []
    for all_hints in (False, True):
        learner = make_learner(database, at=NOON)
        begin(database, learner, at=NOON)
        serving, document = exercise_with_hints(database, learner)
        hints = len(document.hints) if all_hints else 0
        for number in range(1, hints + 1):
            take_hint(database, learner, serving, number)
        right = sheet.right_form(document, serving.seed)
        answered = give(database, learner, serving.id, Submission(right))
        assert response_to(database, serving).hints == hints
        change = answered.changes[0]
        gains.append(change.after - change.before)
    assert gains[1] < gains[0]


def test_a_hint_opened_twice_or_out_of_turn_counts_once(
    database: Database, learner: Person
) -> None:
    serving, document = exercise_with_hints(database, learner)
    for number in (2, 1, 1, 0, len(document.hints) + 1, 99):
        take_hint(database, learner, serving, number)
    with database.reader() as session:
        taken = session.scalars(select(HintTaken.number).order_by(HintTaken.number)).all()
    assert taken == [1]


def test_no_hint_after_the_answer(database: Database, learner: Person) -> None:
    serving, _ = exercise_with_hints(database, learner)
    give(database, learner, serving.id, DONT_KNOW)
    with pytest.raises(Refused):
        take_hint(database, learner, serving, 1)


def test_an_item_of_several_skills_moves_each_of_them(database: Database, learner: Person) -> None:
    for step in range(MOST_ANSWERS):
        serving, _ = opened(database, learner)
        with database.reader() as session:
            entry = shelf.syllabus(session, serving.module_revision_id).items[serving.item_id]
            before = states.read(session, learner.id)
        answered = answer_open(database, learner, at=NOON, right=step % 3 > 0)
        if len(entry.skills) > 1:
            break
    assert answered is not None
    assert {change.skill_id for change in answered.changes} == set(entry.skills)
    sequence = response_to(database, serving).sequence
    with database.reader() as session:
        rows = session.scalars(
            select(Mastery).where(
                Mastery.learner_id == learner.id, Mastery.last_sequence == sequence
            )
        ).all()
        after = states.read(session, learner.id)
    assert {row.skill_id for row in rows} == set(entry.skills)
    assert all(after[skill] != before.get(skill) for skill in entry.skills)


def test_a_repeat_returns_the_stored_outcome_and_writes_nothing(
    database: Database, learner: Person
) -> None:
    serving, document = opened(database, learner)
    first = give(database, learner, serving.id, DONT_KNOW)
    before = tables(database)
    assert isinstance(document, Exercise)
    right = Submission(sheet.right_form(document, serving.seed))
    assert give(database, learner, serving.id, right) == first
    assert tables(database) == before
    with database.reader() as session:
        assert outcome.of_serving(session, serving.id, learner=learner) == first


def test_a_repeat_much_later_still_returns_the_stored_outcome(
    database: Database, learner: Person
) -> None:
    serving, _ = opened(database, learner)
    first = give(database, learner, serving.id, DONT_KNOW)
    for number in range(8):
        answer_open(database, learner, at=NOON, right=number % 2 > 0)
    assert give(database, learner, serving.id, DONT_KNOW) == first


def test_somebody_elses_serving_is_not_found_like_an_absent_one(
    database: Database, learner: Person
) -> None:
    serving, _ = opened(database, learner)
    stranger = make_learner(database, at=NOON)
    begin(database, stranger, at=NOON)
    before, said = tables(database), []
    for wanted in (serving.id, uuid.uuid4()):
        with pytest.raises(NotFound) as refusal:
            give(database, stranger, wanted, DONT_KNOW)
        said.append(refusal.value.args)
    assert said[0] == said[1]
    assert tables(database) == before


def test_somebody_who_never_began_finds_nothing(database: Database, learner: Person) -> None:
    serving, _ = opened(database, learner)
    stranger = make_learner(database, at=NOON)
    with pytest.raises(NotFound):
        give(database, stranger, serving.id, DONT_KNOW)


@pytest.mark.parametrize(
    "fields", [{}, {"choice": ["a"]}, {"choice": [""]}, {"typed": [""]}, {"place-x": ["1"]}]
)
def test_an_answer_that_cannot_be_read_writes_nothing(
    database: Database, learner: Person, fields: dict[str, Sequence[str]]
) -> None:
    serving, _ = opened(database, learner)
    before = tables(database)
    with pytest.raises(Invalid):
        give(database, learner, serving.id, Submission(fields))
    assert tables(database) == before
    assert answer_open(database, learner, at=NOON) is not None


def test_an_unknown_confidence_is_left_out(database: Database, learner: Person) -> None:
    serving, _ = opened(database, learner)
    give(database, learner, serving.id, Submission({}, dont_know=True, confidence="<script>"))
    assert response_to(database, serving).confidence is None


@pytest.mark.parametrize("table", ["serving", "response", "hint_taken"])
@pytest.mark.parametrize("act", ["UPDATE {} SET learner_id = learner_id", "DELETE FROM {}"])
def test_what_happened_can_be_neither_changed_nor_deleted(
    database: Database, learner: Person, table: str, act: str
) -> None:
    serving, _ = exercise_with_hints(database, learner)
    take_hint(database, learner, serving, 1)
    give(database, learner, serving.id, DONT_KNOW)
    before = tables(database)
    with pytest.raises(DBAPIError, match="append-only"):
        database.transact(lambda session: session.execute(text(act.format(table))))
    assert tables(database) == before


def test_beginning_again_changes_nothing_while_an_item_is_open(
    database: Database, learner: Person
) -> None:
    before = tables(database)
    begin(database, learner, at=NOON)
    assert tables(database) == before


def test_a_module_of_no_programme_of_theirs_is_not_found(database: Database) -> None:
    def begin_without_enrolment(session: Session) -> None:
        agency = make_agency(session, at=NOON)
        person = make_user(session, agency, Role.LEARNER, at=NOON)
        practice.begin(session, module_id(session), learner=person, at=NOON)

    with pytest.raises(NotFound):
        database.transact(begin_without_enrolment)


def test_learning_goes_on_to_the_end_and_replays_bit_for_bit(
    database: Database, learner: Person
) -> None:
    answers = 0
    while open_serving(database, learner) is not None:
        answer_open(database, learner, at=NOON)
        answers += 1
        assert answers < MOST_ANSWERS
    with database.reader() as session:
        shown = overview.practice(session, MODULE_SLUG, learner=learner, at=NOON)
        report = replay(session)
        state = session.get_one(ModuleState, (learner.id, shown.card.id))
    assert shown.card.standing == "finished"
    assert state.finished_at == NOON
    assert (report.differences, report.responses) == ([], answers)


def test_another_device_shows_the_same_item_with_the_hints_taken(app: Flask) -> None:
    door = door_of(app)
    serving, document = exercise_with_hints(door.database, door.person)
    door.client.post(
        f"/learn/servings/{serving.id}/hint", data={"csrf_token": door.token, "hint": "1"}
    )
    page = door.again().page().text
    assert str(serving.id) in page
    with door.database.reader() as session:
        shown = overview.practice(session, MODULE_SLUG, learner=door.person, at=NOON)
    assert shown.open_item is not None
    assert shown.open_item.hints_given == document.hints[:1]


@pytest.mark.parametrize("kind", ["answer", "repeat", "lesson", "last hint"])
def test_an_answer_costs_at_most_twelve_statements(app: Flask, kind: str) -> None:
    door = door_of(app)
    answer_until(door, kind)
    serving = door.open_serving()
    form = door.right_fields(serving)
    if kind == "repeat":
        door.answer(serving, form)
    statements = []
    engine = door.database.engine
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    assert door.answer(serving, form).status_code == (303 if kind == "lesson" else 200)
    # BEGIN goes through a cursor on SQLite alone, so it is not counted, as COMMIT is not.
    counted = [statement for statement in statements if not statement.startswith("BEGIN")]
    assert len(counted) <= MOST_STATEMENTS, "\n".join(counted)


def answer_until(door: Door, kind: str) -> None:
    """Answer until an item of this kind is open, the shelf warm as in a running server."""
    answer_open(door.database, door.person, at=NOON)
    if kind == "lesson":
        while not isinstance(opened(door.database, door.person)[1], Lesson):
            answer_open(door.database, door.person, at=NOON, right=False)
    if kind == "last hint":
        serving, document = exercise_with_hints(door.database, door.person)
        for number in range(1, len(document.hints) + 1):
            take_hint(door.database, door.person, serving, number)
    door.page()


def test_somebody_elses_serving_answers_at_the_door_like_an_absent_one(app: Flask) -> None:
    door, stranger = door_of(app), door_of(app)
    serving = door.open_serving()
    before = tables(door.database)
    foreign = stranger.answer(serving, {"dont_know": "1"})
    serving.id = uuid.uuid4()
    absent = stranger.answer(serving, {"dont_know": "1"})
    assert foreign.status_code == absent.status_code == 404
    assert foreign.data == absent.data
    assert tables(door.database) == before
