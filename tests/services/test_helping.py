"""Help with a skill set aside: it opens again, counts anew, and replays bit for bit."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, event, select, text, update
from sqlalchemy.exc import DBAPIError

from app.db import Database
from app.models import (
    AuditEvent,
    Enrolment,
    LearnerState,
    Mastery,
    ModuleState,
    Response,
    Role,
    Serving,
    SkillHelp,
    User,
)
from app.services.errors import Invalid, NotFound, Refused
from app.services.learning import helps, offer, overview, replay
from app.services.oversight import decisions, events
from app.services.teaching import helping, stuck
from app.services.teaching.helping import Helped
from engine import ItemKind
from tests.classroom import Classroom, get_stuck, make_classroom, make_colleague
from tests.conftest import NOON
from tests.faults.doors import tables
from tests.people import MODULE_SLUG, Person, answer_open, begin, open_serving
from tests.services.test_stuck import syllabus_of

LATER = NOON + timedelta(hours=1)
MOST_STEPS = 400


@pytest.fixture
def classroom(database: Database) -> Classroom:
    """Two learners, of whom the first is stuck."""
    found = make_classroom(database, learners=2, at=NOON)
    get_stuck(database, found.learners[0], at=NOON)
    return found


def help_learner(
    database: Database,
    trainer: Person,
    learner: Person,
    skill_id: str,
    *,
    note: str = "We looked at one case together.",
    at: datetime = LATER,
) -> Helped:
    return database.transact(
        lambda session: helping.note_help(
            session, trainer=trainer, learner_id=learner.id, skill_id=skill_id, note=note, at=at
        )
    )


def parked(database: Database, learner: Person) -> list[str]:
    with database.reader() as session:
        return list(
            session.scalars(
                select(Mastery.skill_id)
                .where(Mastery.learner_id == learner.id, Mastery.standing == "parked")
                .order_by(Mastery.skill_id)
            )
        )


def miss_until_nothing_is_open(database: Database, learner: Person, *, at: datetime) -> int:
    for step in range(MOST_STEPS):
        if answer_open(database, learner, at=at + timedelta(seconds=step), right=False) is None:
            return step
    raise AssertionError("there is always something open")


def close(database: Database, learner: Person) -> str:
    """Let the learner go on until nothing is open; the skill that is set aside."""
    miss_until_nothing_is_open(database, learner, at=NOON + timedelta(minutes=10))
    (skill_id,) = parked(database, learner)
    return skill_id


def check_replays(database: Database, learner: Person) -> None:
    """The fold is what is stored, and every choice comes out again."""
    with database.reader() as session:
        assert replay.replay(session).differences == []
        servings = session.scalars(select(Serving.id).where(Serving.learner_id == learner.id))
        for serving_id in servings.all():
            again = decisions.replay_decision(session, serving_id)
            assert (again.differences, again.log_problems) == ((), ())


def stored(database: Database, learner: Person) -> Sequence[tuple[object, ...]]:
    with database.reader() as session:
        rows = session.execute(
            select(Mastery.__table__)
            .where(Mastery.learner_id == learner.id)
            .order_by(Mastery.skill_id)
        )
        return [tuple(row) for row in rows]


def test_the_learner_finds_the_next_step_open(database: Database, classroom: Classroom) -> None:
    learner = classroom.learners[0]
    skill_id = close(database, learner)
    assert open_serving(database, learner) is None
    helped = help_learner(database, classroom.trainer, learner, skill_id)
    assert (helped.learner, helped.is_open) == (learner.name, True)
    serving = open_serving(database, learner)
    assert serving is not None
    with database.reader() as session:
        item = syllabus_of(session).items[serving.item_id]
        shown = overview.practice(session, MODULE_SLUG, learner=learner, at=LATER)
        state = session.get_one(ModuleState, (learner.id, serving.module_id))
    assert item.kind == ItemKind.EXERCISE
    assert skill_id in item.skills
    assert (state.standing, state.closing, shown.card.standing) == ("learning", None, "learning")
    assert shown.open_item is not None
    assert shown.open_item.serving_id == serving.id
    assert [line.standing for line in shown.skills if line.id == skill_id] == ["practising"]
    assert parked(database, learner) == []


def test_an_item_that_is_open_stays_open(database: Database, classroom: Classroom) -> None:
    learner = classroom.learners[0]
    before = open_serving(database, learner)
    (skill_id,) = parked(database, learner)
    help_learner(database, classroom.trainer, learner, skill_id)
    after = open_serving(database, learner)
    assert before is not None
    assert after is not None
    assert before.id == after.id
    check_replays(database, learner)
    answer_open(database, learner, at=LATER)
    check_replays(database, learner)


def test_help_is_kept_with_its_note_and_told_without_it(
    database: Database, classroom: Classroom
) -> None:
    learner = classroom.learners[0]
    (skill_id,) = parked(database, learner)
    help_learner(database, classroom.trainer, learner, skill_id, note="Talked about the invoice.")
    with database.reader() as session:
        kept = session.scalars(select(SkillHelp)).one()
        log = session.get_one(LearnerState, learner.id)
        told = session.scalars(select(AuditEvent).where(AuditEvent.act == helping.ACT)).one()
        looks = events.looks_at(session, learner)
        syllabus = syllabus_of(session)
    assert (kept.trainer_id, kept.note) == (classroom.trainer.id, "Talked about the invoice.")
    assert (kept.after_sequence, kept.after_serving) == (log.sequence, log.servings)
    assert (told.actor_id, told.subject_id) == (classroom.trainer.id, learner.id)
    assert told.details == {"module": MODULE_SLUG, "skill": syllabus.skills[skill_id].title}
    assert [(look.act, look.actor) for look in looks] == [(helping.ACT, classroom.trainer.name)]


@pytest.mark.parametrize("act", ["UPDATE skill_help SET note = ''", "DELETE FROM skill_help"])
def test_help_can_be_neither_changed_nor_deleted(
    database: Database, classroom: Classroom, act: str
) -> None:
    learner = classroom.learners[0]
    help_learner(database, classroom.trainer, learner, parked(database, learner)[0])
    with pytest.raises(DBAPIError, match="append-only"):
        database.transact(lambda session: session.execute(text(act)))


def test_only_the_trainer_of_the_learners_cohort_helps(
    database: Database, classroom: Classroom
) -> None:
    learner = classroom.learners[0]
    (skill_id,) = parked(database, learner)
    colleague = make_colleague(database, classroom.trainer, Role.TRAINER, at=NOON)
    stranger = make_classroom(database, learners=1, at=NOON).trainer
    before, said = tables(database), set()
    for trainer, wanted, skill in (
        (colleague, learner.id, skill_id),
        (stranger, learner.id, skill_id),
        (classroom.trainer, uuid.uuid4(), skill_id),
        (classroom.trainer, learner.id, "absent"),
    ):
        person = Person(wanted, learner.agency_id, "", "")
        with pytest.raises(NotFound) as refusal:
            help_learner(database, trainer, person, skill)
        said.add(refusal.value.args)
    assert len(said) == 1
    assert tables(database) == before


@pytest.mark.parametrize("gone", ["left the cohort", "account closed"])
def test_who_has_left_is_not_found(database: Database, classroom: Classroom, gone: str) -> None:
    learner = classroom.learners[0]
    (skill_id,) = parked(database, learner)
    leaving = (
        update(Enrolment).where(Enrolment.learner_id == learner.id).values(ended_at=LATER)
        if gone == "left the cohort"
        else update(User).where(User.id == learner.id).values(active=False)
    )
    database.transact(lambda session: session.execute(leaving))
    with pytest.raises(NotFound):
        help_learner(database, classroom.trainer, learner, skill_id)


def test_a_skill_that_is_not_set_aside_is_refused(database: Database, classroom: Classroom) -> None:
    stuck_one, fresh = classroom.learners
    (skill_id,) = parked(database, stuck_one)
    help_learner(database, classroom.trainer, stuck_one, skill_id)
    before = tables(database)
    with pytest.raises(Refused):  # a second click
        help_learner(database, classroom.trainer, stuck_one, skill_id)
    with pytest.raises(Refused):  # has not begun
        help_learner(database, classroom.trainer, fresh, skill_id)
    assert tables(database) == before
    begin(database, fresh, at=NOON)
    with pytest.raises(Refused):  # has begun, and not met the skill
        help_learner(database, classroom.trainer, fresh, skill_id)


def test_a_note_is_optional_and_has_a_limit(database: Database, classroom: Classroom) -> None:
    learner = classroom.learners[0]
    (skill_id,) = parked(database, learner)
    too_long = "x" * (helping.LONGEST_NOTE + 1)
    with pytest.raises(Invalid):
        help_learner(database, classroom.trainer, learner, skill_id, note=too_long)
    help_learner(database, classroom.trainer, learner, skill_id, note="")
    assert parked(database, learner) == []


def test_answers_count_anew_and_all_of_it_replays(database: Database, classroom: Classroom) -> None:
    learner = classroom.learners[0]
    skill_id = close(database, learner)
    check_replays(database, learner)
    for days in (1, 2):
        at = NOON + timedelta(days=days)
        help_learner(database, classroom.trainer, learner, skill_id, at=at)
        check_replays(database, learner)
        with database.reader() as session:
            since = helps.unparked(session, learner.id)[skill_id]
        for step in range(MOST_STEPS):
            assert open_serving(database, learner) is not None
            if parked(database, learner):
                break
            answer_open(database, learner, at=at + timedelta(seconds=step), right=False)
        with database.reader() as session:
            missed = session.scalars(
                select(Response.outcome).where(
                    Response.learner_id == learner.id,
                    Response.sequence >= since,
                    Response.steps.contains(skill_id),
                    Response.outcome != "read",
                )
            ).all()
        assert parked(database, learner) == [skill_id]
        assert len(missed) == offer.POLICY.park_answers
        miss_until_nothing_is_open(database, learner, at=at + timedelta(hours=1))
        check_replays(database, learner)
        check_seen_by_trainer(database, classroom, helped=days, at=at)


def check_seen_by_trainer(
    database: Database, classroom: Classroom, *, helped: int, at: datetime
) -> None:
    """What led to it is told from the latest help on, and all help is listed."""
    with database.writing() as session:
        stuck.show_names(session, syllabus_of(session), trainer=classroom.trainer, at=at)
    with database.reader() as session:
        found = stuck.look(session, syllabus_of(session), trainer=classroom.trainer, at=at)
    (skill,) = found.named[0].skills
    assert skill.effort >= offer.POLICY.park_answers
    assert [given.trainer for given in skill.helped] == [classroom.trainer.name] * helped


def test_a_learner_who_was_helped_can_master_the_module(
    database: Database, classroom: Classroom
) -> None:
    learner = classroom.learners[0]
    help_learner(database, classroom.trainer, learner, close(database, learner))
    answers = 0
    while answer_open(database, learner, at=LATER + timedelta(seconds=answers)) is not None:
        answers += 1
        assert answers < 3 * MOST_STEPS
    with database.reader() as session:
        (state,) = session.scalars(select(ModuleState).where(ModuleState.learner_id == learner.id))
    assert state.standing == "finished"
    check_replays(database, learner)


@pytest.mark.parametrize("answers", [0, 3])
def test_repair_writes_the_same_again(
    database: Database, classroom: Classroom, answers: int
) -> None:
    learner = classroom.learners[0]
    help_learner(database, classroom.trainer, learner, close(database, learner))
    for step in range(answers):
        answer_open(database, learner, at=LATER + timedelta(seconds=step), right=False)
    before = stored(database, learner)
    of_learner = delete(Mastery).where(Mastery.learner_id == learner.id)
    database.transact(lambda session: session.execute(of_learner))
    database.transact(lambda session: replay.repair(session, learner=learner))
    assert stored(database, learner) == before


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"after_sequence": 4000}, "follows response 4000"),
        ({"after_sequence": 0}, "comes before any response on it"),
    ],
)
def test_help_that_does_not_fit_the_log_is_found(
    database: Database, classroom: Classroom, values: dict[str, int], said: str
) -> None:
    learner = classroom.learners[0]
    (skill_id,) = parked(database, learner)
    made_up = {"skill_id": skill_id, "after_sequence": 1, "after_serving": 1, **values}
    keep_made_up(database, classroom, learner, **made_up)
    with database.reader() as session:
        assert any(said in difference for difference in replay.replay(session).differences)


def test_help_to_somebody_without_a_log_is_found(database: Database, classroom: Classroom) -> None:
    stuck_one, fresh = classroom.learners
    (skill_id,) = parked(database, stuck_one)
    keep_made_up(database, classroom, fresh, skill_id=skill_id, after_sequence=0, after_serving=0)
    with database.reader() as session:
        (difference,) = replay.replay(session).differences
    assert "has help but no learner state" in difference


def keep_made_up(
    database: Database, classroom: Classroom, learner: Person, **values: object
) -> None:
    """Help that no trainer gave, as somebody with the database file could add."""
    row = SkillHelp(
        id=uuid.uuid4(),
        agency_id=learner.agency_id,
        learner_id=learner.id,
        trainer_id=classroom.trainer.id,
        note="",
        helped_at=NOON,
        **values,
    )
    database.transact(lambda session: session.add(row))


def test_replay_asks_for_all_help_at_once(database: Database, classroom: Classroom) -> None:
    for learner in classroom.learners:
        if not parked(database, learner):
            get_stuck(database, learner, at=NOON)
        help_learner(database, classroom.trainer, learner, parked(database, learner)[0])
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    with database.reader() as session:
        assert replay.replay(session).differences == []
    assert len([statement for statement in statements if "skill_help" in statement]) == 1
