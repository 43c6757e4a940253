"""Every choice can be made again from the log; a log that was tampered with is found out."""

import random
import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from app.db import Database
from app.models import LearnerState, Response, Serving
from app.services.errors import NotFound
from app.services.learning import offer
from app.services.oversight import decisions
from app.services.oversight.decisions import Replayed
from tests.conftest import NOON
from tests.people import Person, answer_open, begin, make_learner

RESPONSES = 64


def learn(
    database: Database, *, responses: int, days_apart: float = 0.0, able: float = 0.55
) -> Person:
    """A learner who knows more and more, and comes back so late that reviews fall due."""
    chance = random.Random(7)
    learner = make_learner(database, at=NOON)
    at: datetime = NOON
    begin(database, learner, at=at)
    for number in range(responses):
        at += timedelta(seconds=40) if number % 5 else timedelta(days=days_apart, seconds=40)
        right = chance.random() < able + number / (2 * responses)
        while answer_open(database, learner, at=at, right=right) is None:
            at += timedelta(days=12)  # nothing is open until a review falls due
            begin(database, learner, at=at)
    return learner


def servings_of(database: Database, learner: Person) -> list[uuid.UUID]:
    with database.reader() as session:
        return list(
            session.scalars(
                select(Serving.id)
                .where(Serving.learner_id == learner.id)
                .order_by(Serving.sequence)
            )
        )


def replay(database: Database, serving_id: uuid.UUID) -> Replayed:
    with database.reader() as session:
        return decisions.replay_decision(session, serving_id)


def tamper(database: Database, statement: str, **values: object) -> None:
    """Change what may not be changed, as somebody with the database file could."""
    sqlite = database.path is not None
    with database.writing() as session:
        if sqlite:
            names = session.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            ).scalars()
            for name in list(names):
                session.execute(text(f'DROP TRIGGER "{name}"'))
        else:
            session.execute(text("ALTER TABLE response DISABLE TRIGGER USER"))
            session.execute(text("ALTER TABLE serving DISABLE TRIGGER USER"))
        session.execute(text(statement), values)


@pytest.mark.parametrize(("days_apart", "able"), [(0.0, 0.55), (15.0, 1.0)])
def test_every_serving_replays_to_the_same_choice(
    database: Database, days_apart: float, able: float
) -> None:
    learner = learn(database, responses=RESPONSES, days_apart=days_apart, able=able)
    with database.reader() as session:
        answered = session.get_one(LearnerState, learner.id).sequence
    servings = servings_of(database, learner)
    assert answered >= 60
    assert len(servings) >= answered
    for serving_id in servings:
        replayed = replay(database, serving_id)
        assert replayed.differences == ()
        assert replayed.log_problems == ()
        assert replayed.same_version


def test_reviews_are_among_the_replayed_choices(database: Database) -> None:
    learner = learn(database, responses=RESPONSES, days_apart=15.0, able=1.0)
    with database.reader() as session:
        reviews = session.scalar(
            select(func.count()).where(
                Serving.learner_id == learner.id,
                Serving.recommendation.contains('"rule":"review"'),
            )
        )
    assert reviews is not None
    assert reviews >= 3


def test_the_first_choice_needs_no_response(database: Database) -> None:
    learner = learn(database, responses=0)
    (first,) = servings_of(database, learner)
    replayed = replay(database, first)
    assert replayed.same
    assert replayed.responses == 0
    assert replayed.known == ()


def test_a_fallback_replays_as_a_fallback(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = learn(database, responses=4)

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as breaking:
        breaking.setattr(offer, "recommend", broken)
        answer_open(database, learner, at=NOON + timedelta(hours=1))
    last = servings_of(database, learner)[-1]
    replayed = replay(database, last)
    assert replayed.fell_back
    assert replayed.same


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("confidence = 'sure'", "response 3 breaks the chain"),
        ("hints = 1", "response 3 breaks the chain"),
        ("outcome = 'read'", "response 3 breaks the chain"),
        ("steps = '[]'", "response 3 moved mastery differently"),
        ("sequence = 40", "response 4 follows 2"),
    ],
)
def test_a_changed_response_is_found(database: Database, change: str, problem: str) -> None:
    learner = learn(database, responses=6)
    last = servings_of(database, learner)[-1]
    assert replay(database, last).log_verifies
    with database.reader() as session:
        third = session.scalars(
            select(Response.serving_id).where(
                Response.learner_id == learner.id, Response.sequence == 3
            )
        ).one()
    tamper(
        database,
        f"UPDATE response SET {change} WHERE serving_id = :serving",
        serving=third.hex if database.path is not None else third,
    )
    replayed = replay(database, last)
    assert problem in replayed.log_problems


def test_a_changed_seed_is_a_different_choice(database: Database) -> None:
    learner = learn(database, responses=6)
    last = servings_of(database, learner)[-1]
    tamper(
        database,
        "UPDATE serving SET seed = seed / 2 + 1 WHERE id = :serving",
        serving=last.hex if database.path is not None else last,
    )
    replayed = replay(database, last)
    assert "seed" in {difference.part for difference in replayed.differences}
    assert replayed.log_verifies


def test_what_was_known_is_what_the_log_says_until_then(database: Database) -> None:
    learner = learn(database, responses=5)
    servings = servings_of(database, learner)
    answers = [
        sum(skill.answers for skill in replay(database, serving).known) for serving in servings
    ]
    assert answers == sorted(answers)
    assert answers[0] == 0
    assert answers[-1] > answers[1]


def test_the_stored_reasons_name_the_item_and_its_rivals(database: Database) -> None:
    learner = learn(database, responses=3)
    last = servings_of(database, learner)[-1]
    with database.reader() as session:
        shown = decisions.read_decision(session, last, agency_id=learner.agency_id)
    assert [it.title for it in shown.candidates if it.chosen] == [shown.item_title]
    assert shown.learner_id == learner.id
    assert shown.after_sequence == 3


def test_a_foreign_decision_is_like_an_absent_one(database: Database) -> None:
    learner, stranger = learn(database, responses=1), make_learner(database, at=NOON)
    (first, _) = servings_of(database, learner)
    with database.reader() as session:
        for wanted in (first, uuid.uuid4()):
            with pytest.raises(NotFound):
                decisions.read_decision(session, wanted, agency_id=stranger.agency_id)
