"""A log is proved only where every link, every step and every stored state is as it should be."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.models import LearnerState, Mastery, Response
from app.services.learning import chain, replay
from app.services.learning.difficulties import Moves
from app.services.learning.fold import LOG, microseconds, plain_id
from app.services.learning.proof import Prover
from tests.conftest import NOON
from tests.people import Person, answer_open, begin, make_learner

Row = tuple[Any, ...]
# What the columns of LOG are, in order.
NAMES = [column["name"] for column in LOG.column_descriptions]
ALTERED = {
    "sequence": 7,
    "outcome": "wrong",
    "choice": '{"answer":"z"}',
    "confidence": "sure",
    "hints": 1,
    "steps": "[]",
    "weighing": "[0.5,0.0,0]",
    "engine": "1",
    "answered_at": NOON + timedelta(days=9),
    "previous": "f" * 64,
    "hash": "f" * 64,
}


@pytest.fixture
def learner(database: Database) -> Person:
    """Somebody with twelve responses, some of them wrong."""
    found = make_learner(database, at=NOON)
    begin(database, found, at=NOON)
    for minute in range(1, 13):
        answer_open(database, found, at=NOON + timedelta(minutes=minute), right=minute % 4 != 0)
    return found


class Kept:
    """What the database holds of one learner, for proving."""

    def __init__(self, session: Session, learner: Person) -> None:
        self.session = session
        self.log = [
            tuple(row)
            for row in replay.stream(session, LOG.where(Response.learner_id == learner.id))
        ]
        self.stored = [
            tuple(row)
            for row in replay.stream(
                session,
                replay.STORED.where(Mastery.learner_id == learner.id),
            )
        ]
        state = session.get_one(LearnerState, learner.id)
        self.stands = (state.sequence, state.head, state.trace)
        self.moves = Moves()

    def proves(self) -> bool:
        prover = Prover(self.session, self.moves)
        return prover.proves(self.log, stands=self.stands, stored=self.stored)

    def alter(self, number: int, **facts: object) -> None:
        """Change a response, and seal the log again from there: only the fold can tell."""
        row = dict(zip(NAMES, self.log[number], strict=True)) | facts
        self.log[number] = tuple(row.values())

    def seal_again(self) -> None:
        last = chain.GENESIS
        for number, row in enumerate(self.log):
            facts = dict(zip(NAMES, row, strict=True))
            texts = ["" if facts[name] is None else str(facts[name]) for name in chain.FACTS]
            texts[0], texts[1] = plain_id(facts["serving_id"]), plain_id(facts["learner_id"])
            texts[-1] = str(microseconds(facts["answered_at"]))
            if facts["weighing"] is not None:
                texts.append(facts["weighing"])
            sealed = chain.seal(last, *texts)
            self.alter(number, previous=last, hash=sealed)
            last = sealed
        self.stands = (self.stands[0], last, self.stands[2])


def test_a_sound_log_is_proved_and_moves_items_as_the_fold_does(
    database: Database, learner: Person
) -> None:
    with database.reader() as session:
        kept = Kept(session, learner)
        kept.seal_again()  # as it was: the hash is ours
        assert kept.stands[1] == session.get_one(LearnerState, learner.id).head
        assert kept.proves()
        report = replay.replay(session)
    assert (report.found, report.responses) == (0, 12)
    assert sorted(kept.moves.fold()) == sorted(report.moves.fold())


@pytest.mark.parametrize("name", ALTERED)
@pytest.mark.parametrize("number", [0, 5, 11])
def test_a_response_that_was_changed_is_no_proof(
    database: Database, learner: Person, name: str, number: int
) -> None:
    with database.reader() as session:
        kept = Kept(session, learner)
        before = kept.log[number]
        kept.alter(number, **{name: ALTERED[name]})
        assert kept.log[number] != before
        assert not kept.proves()
        assert list(kept.moves.fold()) == []


@pytest.mark.parametrize("facts", [{"outcome": "dont_know"}, {"steps": "[]"}, {"sequence": 3}])
def test_a_change_that_was_sealed_again_is_no_proof(
    database: Database, learner: Person, facts: dict[str, object]
) -> None:
    with database.reader() as session:
        kept = Kept(session, learner)
        place = next(n for n, row in enumerate(kept.log) if row[4] == "correct")
        kept.alter(place, **facts)
        kept.seal_again()
        assert not kept.proves()


@pytest.mark.parametrize(
    ("place", "value"), [(1, "elsewhere"), (2, 0.5), (3, 99), (4, "parked"), (5, "{}"), (6, 99)]
)
def test_mastery_that_was_changed_is_no_proof(
    database: Database, learner: Person, place: int, value: object
) -> None:
    with database.reader() as session:
        kept = Kept(session, learner)
        row = kept.stored[-1]
        kept.stored[-1] = (*row[:place], value, *row[place + 1 :])
        assert not kept.proves()


@pytest.mark.parametrize("part", ["log", "stored", "head", "trace", "sequence"])
def test_what_is_missing_is_no_proof(database: Database, learner: Person, part: str) -> None:
    with database.reader() as session:
        kept = Kept(session, learner)
        sequence, head, trace = kept.stands
        if part in {"log", "stored"}:
            getattr(kept, part).pop()
        else:
            kept.stands = {
                "head": (sequence, "f" * 64, trace),
                "trace": (sequence, head, None),
                "sequence": (sequence + 1, head, trace),
            }[part]
        assert not kept.proves()


def test_a_proof_and_the_whole_fold_report_the_same(
    spoiled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with spoiled.reader() as session:
        quick = replay.replay(session)
        monkeypatch.setattr(replay, "FOLDED_IN_FULL", 1)
        whole = replay.replay(session)
    assert quick == whole
    assert quick.found > 0
    assert sorted(quick.moves.fold()) == sorted(whole.moves.fold())


@pytest.fixture
def spoiled(database: Database) -> Database:
    """Four learners, of whom the last one's stored mastery is not what the log says."""
    for _ in range(4):
        learner = make_learner(database, at=NOON)
        begin(database, learner, at=NOON)
        for minute in range(1, 6):
            answer_open(database, learner, at=NOON + timedelta(minutes=minute))

    def spoil(session: Session) -> None:
        last = max(session.scalars(select(Mastery.learner_id)), key=lambda who: who.hex)
        for row in session.scalars(select(Mastery).where(Mastery.learner_id == last)):
            row.mastery = 0.5

    database.transact(spoil)
    return database
