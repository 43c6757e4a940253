"""A replay in several processes reports what a replay in one does."""

import itertools
import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.config import Config
from app.db import Database
from app.services.learning import replay_parts
from app.services.learning.replay import EVERYBODY, check_items, replay, replay_learners
from tests.conftest import NOON
from tests.people import answer_open, begin, make_learner


@pytest.fixture
def learned(sqlite_config: Config) -> Database:
    """Five learners with three responses each, and one whose stored mastery was tampered with."""
    database = Database(sqlite_config)
    for _ in range(5):
        learner = make_learner(database, at=NOON)
        begin(database, learner, at=NOON)
        for minute in range(1, 4):
            answer_open(database, learner, at=NOON + timedelta(minutes=minute))
    path = sqlite_config.sqlite_path
    assert path is not None
    with closing(sqlite3.connect(path)) as tampering:
        tampering.execute(
            "UPDATE mastery SET mastery = 0.5 "
            "WHERE learner_id = (SELECT max(learner_id) FROM mastery)"
        )
        tampering.commit()
    return database


@pytest.mark.parametrize("parts", [2, 3])
def test_the_parts_report_what_the_whole_does(
    learned: Database, parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay_parts, "RESPONSES_A_PART", 5)
    with learned.reader() as session:
        whole = replay(session)
        assert len(replay_parts.divide(session, parts=parts)) == parts
    together = replay_parts.replay_in_parts(learned.reader, parts=parts)
    assert whole.found > 0
    assert together == whole


def test_every_learner_is_in_one_share(learned: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_parts, "RESPONSES_A_PART", 1)
    with learned.reader() as session:
        shares = replay_parts.divide(session, parts=3)
        reports = [replay_learners(session, among=share) for share in shares]
    assert [report.learners for report in reports] == [2, 2, 1]


def test_a_short_log_is_one_part(learned: Database) -> None:
    with learned.reader() as session:
        assert len(replay_parts.divide(session, parts=8)) == 1


@pytest.mark.parametrize("parts", [1, 3])
def test_answers_given_meanwhile_are_no_difference(
    database: Database, parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay_parts, "RESPONSES_A_PART", 1)
    learners = [make_learner(database, at=NOON) for _ in range(12)]
    for learner in learners:
        begin(database, learner, at=NOON)
        answer_open(database, learner, at=NOON + timedelta(minutes=1))
    # The first replay starts the server of the others, which would take longer than the answers.
    replay_parts.replay_in_parts(database.reader, parts=parts)
    stop, given = threading.Event(), itertools.count()

    def go_on() -> None:
        for number in given:
            at = NOON + timedelta(minutes=2, seconds=number)
            answered = answer_open(database, learners[number % 12], at=at, right=number % 5 != 0)
            if answered is None or stop.is_set():
                return

    with ThreadPoolExecutor(1) as people:
        answering = people.submit(go_on)
        reports = [replay_parts.replay_in_parts(database.reader, parts=parts) for _ in range(8)]
        stop.set()
        answering.result()
    assert [report.differences for report in reports] == [[]] * 8
    # They did answer while the log was replayed.
    assert reports[0].responses < reports[-1].responses


def test_an_answer_between_the_parts_and_the_items_is_taken_in(database: Database) -> None:
    learner = make_learner(database, at=NOON)
    begin(database, learner, at=NOON)
    for minute in range(1, 6):
        answer_open(database, learner, at=NOON + timedelta(minutes=minute))
    with database.reader() as session:
        report = replay_learners(session, among=EVERYBODY)
    for minute in range(6, 9):
        answer_open(database, learner, at=NOON + timedelta(minutes=minute))
    newcomer = make_learner(database, at=NOON)
    begin(database, newcomer, at=NOON)
    for minute in range(1, 4):
        answer_open(database, newcomer, at=NOON + timedelta(minutes=minute))
    with database.reader() as session:
        check_items(session, report)
    assert report.differences == []


@dataclass(frozen=True, slots=True)
class OpensHereAlone:
    """Opens sessions in the process it was made in; any other ends."""

    database: Database
    process: int = field(default_factory=os.getpid)

    def __call__(self) -> Session:
        if os.getpid() != self.process:
            raise SystemExit(1)
        return self.database.reader()


def test_a_part_that_dies_is_no_report(learned: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_parts, "RESPONSES_A_PART", 5)
    with pytest.raises(replay_parts.PartEnded):
        replay_parts.replay_in_parts(OpensHereAlone(learned), parts=2)
