"""The answers of a module in parts of the database: as in memory, and never more at once."""

import pickle
import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

import numpy as np
import pytest

from app.db import Database
from app.services.oversight.calibration.answered import (
    LEARNED_FROM,
    Answered,
    DatabasePart,
    find_answers,
)
from app.services.oversight.calibration.parts import TRAINED_ON, TUNED_ON
from app.services.oversight.calibration.reading import ModuleLog, Wanted, read
from engine.fitting import FITTED_GAINS, Effort, FittedModel, fit_model
from engine.model.answers import AnswerLog
from engine.model.layout import Tier
from engine.model.parts import cut_parts
from engine.model.spread import OnThreads, Part, Spread, in_turn
from engine.streaming import fit_parts
from tests.calibration.crowd import let_answer, make_crowd
from tests.conftest import NOON
from tests.people import module_id
from tests.services.test_model import active_plan

PART_ANSWERS = 40
EFFORT = Effort(passes=3, batches=12)
COLUMNS = ("starts", "folds", "skill_starts", "skills", "items", "correct", "seconds")


@pytest.fixture
def answered(database: Database) -> Database:
    let_many_answer(database, people=24)
    return database


def let_many_answer(database: Database, *, people: int) -> None:
    rng = random.Random(people)
    for person in make_crowd(database, people=people, at=NOON):
        let_answer(database, person, answers=10, at=NOON, rng=rng)
    (late,) = make_crowd(database, people=1, at=NOON)
    let_answer(database, late, answers=1, at=NOON + timedelta(days=1), rng=rng)


def find(database: Database, *, most: int, part_answers: int = PART_ANSWERS) -> Answered:
    with database.reader() as session:
        module = module_id(session)
    skills = list(active_plan(database).skills)
    return find_answers(
        database.reader, module, skills=skills, most=most, part_answers=part_answers
    )


def read_settled(database: Database, like: Answered) -> ModuleLog:
    """The whole module in memory, as it stood when the parts were cut."""
    wanted = stored(like.trained_on)[0].wanted
    with database.reader() as session:
        return read(session, Wanted(wanted.module_id, until=wanted.until), like.sample.labels)


def stored(parts: Sequence[Part]) -> list[DatabasePart]:
    return [part for part in parts if isinstance(part, DatabasePart)]


def fitted(parts: Sequence[Part], tune: AnswerLog, spread: Spread) -> FittedModel:
    return fit_parts(
        parts, tune, tier=Tier.CONTEXT, gains=FITTED_GAINS, effort=EFFORT, spread=spread
    )


def assert_same(one: FittedModel, other: FittedModel, log: AnswerLog) -> None:
    for name in ("rates", "weights", "item_answers"):
        assert np.abs(getattr(one, name) - getattr(other, name)).max() < 1e-9, name
    assert np.abs(one.predict(log) - other.predict(log)).max() < 1e-9


def test_parts_of_the_database_hold_what_is_read_as_a_whole(answered: Database) -> None:
    found = find(answered, most=0)
    whole = read_settled(answered, found).log
    for parts, folds in ((found.trained_on, TRAINED_ON), (found.learned_from, LEARNED_FROM)):
        held = cut_parts(whole.in_folds(folds), answers=PART_ANSWERS)
        assert len(parts) == len(held) > 1
        for part, own in zip(parts, held, strict=True):
            for name in COLUMNS:
                assert np.array_equal(getattr(part(), name), getattr(own(), name)), name


def test_parts_of_the_database_give_the_fit_of_the_whole_log(answered: Database) -> None:
    found = find(answered, most=0)
    whole = read_settled(answered, found).log
    tune, train = whole.in_folds([TUNED_ON]), whole.in_folds(TRAINED_ON)
    near = fitted(cut_parts(train, answers=PART_ANSWERS), tune, in_turn)
    for spread in (in_turn, OnThreads(2)):
        assert_same(fitted(found.trained_on, tune, spread), near, whole)
    large = find(answered, most=0, part_answers=10_000)
    assert_same(
        fitted(large.trained_on, tune, in_turn),
        fit_model(train, tune, tier=Tier.CONTEXT, gains=FITTED_GAINS, effort=EFFORT),
        whole,
    )


def test_a_part_reads_where_it_is_sent(answered: Database) -> None:
    parts = stored(find(answered, most=0).trained_on)
    sent = pickle.dumps(parts[0])
    assert pickle.loads(sent) == pickle.loads(sent)  # known again by what is kept of a part
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        far = list(pool.map(answers_of_part, parts))
    assert far == [part().n_answers for part in parts]


def answers_of_part(part: DatabasePart) -> int:
    return part().n_answers


def test_what_a_part_is_says_nothing_of_where_the_database_is(answered: Database) -> None:
    (part, *_) = stored(find(answered, most=0).trained_on)
    assert "Database" not in repr(part).replace("DatabasePart", "")


def test_answers_given_meanwhile_change_no_part(answered: Database) -> None:
    parts = find(answered, most=0).learned_from
    before = [part().n_answers for part in parts]
    rng = random.Random(5)
    for person in make_crowd(answered, people=3, at=NOON):
        let_answer(answered, person, answers=2, at=NOON + timedelta(days=2), rng=rng)
    assert [part().n_answers for part in parts] == before


@pytest.mark.parametrize("people", [20, 40])
def test_no_more_answers_are_held_however_many_there_are(database: Database, people: int) -> None:
    let_many_answer(database, people=people)
    found = find(database, most=100)
    assert found.learners == people
    assert found.answers > 120
    assert found.sample.log.n_answers <= 100
    one_learner = 10
    for part in (*found.trained_on, *found.learned_from):
        assert part().n_answers <= PART_ANSWERS + one_learner
    kept = [part for part in found.trained_on if not isinstance(part, DatabasePart)]
    assert kept == []


def test_a_small_module_is_read_once(answered: Database) -> None:
    found = find(answered, most=10_000)
    assert stored(found.trained_on) == []
    assert found.answers == found.sample.log.n_answers
    assert found.learners == found.sample.log.n_histories == 25
