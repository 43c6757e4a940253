"""A worker dies: anywhere, at any step. What it acknowledged stays; nothing is half done."""

import random
import time
import uuid

import pytest

from app.config import Config
from app.db import Database
from tests.conftest import NOON
from tests.faults.invariants import check_invariants
from tests.faults.workers import answer_and_hang, answer_and_stop, answer_on, nursery
from tests.people import Person, answer_open, begin, make_learner, open_serving

pytestmark = pytest.mark.faults
KILLS = 30
MANY = 10_000
RECOVERY_SECONDS = 2.0


def make_learners(database: Database, number: int) -> list[Person]:
    made = [make_learner(database, at=NOON) for _ in range(number)]
    for learner in made:
        begin(database, learner, at=NOON)
    return made


def test_nothing_acknowledged_is_lost_when_workers_are_killed_while_answering(
    config: Config, database: Database
) -> None:
    """F5: thirty kill -9 at random moments, while another worker answers for the same learner."""
    rng = random.Random(5)
    learners, witnesses = make_learners(database, 20), make_learners(database, KILLS)
    acknowledged: list[object] = []
    with nursery(config, learners[0]) as workers:
        victim = workers.start(answer_on, learners, 0, MANY)
        for number, witness in enumerate(witnesses, start=1):
            other = workers.start(answer_on, learners, number, MANY)
            acknowledged += [other.next() for _ in range(rng.randint(1, 3))]
            victim.pipe.poll(rng.uniform(0, 0.01))
            victim.kill()
            killed_at = time.monotonic()
            assert answer_open(database, witness, at=NOON) is not None
            assert time.monotonic() - killed_at < RECOVERY_SECONDS
            acknowledged += victim.rest()
            victim = other
        victim.kill()
        acknowledged += victim.rest()
    servings = {said for said in acknowledged if isinstance(said, uuid.UUID)}
    assert len(servings) >= KILLS
    assert check_invariants(database, acknowledged=servings) >= len(servings) + KILLS


def test_an_answer_cut_short_at_any_step_is_whole_or_absent(
    config: Config, database: Database
) -> None:
    """F6: the worker vanishes before and after each statement and the commit, one by one."""
    passed: list[str] = []
    name, before = "", 1
    with nursery(config, make_learners(database, 1)[0]) as workers:
        while name != "done":
            learner = make_learners(database, 1)[0]
            serving = open_serving(database, learner)
            assert serving is not None
            worker = workers.start(answer_and_stop, learner, serving.id, len(passed) + 1)
            name = str(worker.next())
            assert worker.rest() == []
            passed.append(name)
            stored = check_invariants(database) - before
            assert stored == (name in {"after COMMIT", "done"})
            if not stored:
                again = open_serving(database, learner)
                assert again is not None
                assert again.id == serving.id
                assert answer_open(database, learner, at=NOON) is not None
            before += 1
    assert check_invariants(database) == before == len(passed) + 1
    assert {"before COMMIT", "after COMMIT"} <= set(passed)
    assert sum(name.startswith("before INSERT INTO response") for name in passed) == 1


def test_a_worker_killed_inside_the_gate_leaves_it_open(
    config: Config, database: Database, learner: Person
) -> None:
    """F5: the lock of a dead writer is gone with it: the next answer does not wait for it."""
    serving = open_serving(database, learner)
    assert serving is not None
    with nursery(config, make_learners(database, 1)[0]) as workers:
        worker = workers.start(answer_and_hang, learner, serving.id)
        assert worker.next() == "writing"
        worker.kill()
        began = time.monotonic()
        assert answer_open(database, learner, at=NOON, right=False) is not None
        assert time.monotonic() - began < RECOVERY_SECONDS
    assert check_invariants(database) == 2
