"""How fast somebody learns: parallel records, a posterior over them, and what it changes."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from engine import (
    Plan,
    SkillParameters,
    SkillState,
    Terms,
    Trace,
)
from engine.bkt import update
from engine.pace import DRIFT, Paced, weigh_paces
from tests.engine.answering import Learner

OWN = SkillParameters(prior=0.3, learn=0.2, guess=0.2, slip=0.1)
ALONE = Terms(coupling=0.0, ability=0.0, difficulty=0.0, forget=0.0)
PLAN = Plan({"a": OWN, "b": OWN}, ALONE)


def test_each_pace_keeps_the_record_of_plain_bkt() -> None:
    chance, learner = random.Random(3), Learner(PLAN)
    alone = [OWN.prior] * len(ALONE.paces)
    weights = list(ALONE.pace_shares)
    for _ in range(25):
        correct = chance.random() < 0.6
        right = [m * (1.0 - OWN.slip) + (1.0 - m) * OWN.guess for m in alone]
        joint = [w * (p if correct else 1.0 - p) for w, p in zip(weights, right, strict=True)]
        weights = [
            (1.0 - DRIFT) * own / sum(joint) + DRIFT * share
            for own, share in zip(joint, ALONE.pace_shares, strict=True)
        ]
        alone = [
            update(m, replace(OWN, learn=min(1.0, OWN.learn * pace)), correct=correct)
            for m, pace in zip(alone, ALONE.paces, strict=True)
        ]
        learner.give(correct)
        state = learner.states["a"]
        assert state.paced == pytest.approx(alone, abs=1e-12)
        assert learner.trace.pace == pytest.approx(weights, abs=1e-12)
        assert state.mastery == pytest.approx(
            sum(w * m for w, m in zip(weights, alone, strict=True)), abs=1e-12
        )


def test_one_pace_of_1_is_the_record_without_paces() -> None:
    chance = random.Random(4)
    single = Learner(Plan({"a": OWN}, replace(ALONE, paces=(1.0,), pace_shares=(1.0,))))
    without = Learner(Plan({"a": OWN}, replace(ALONE, paces=(), pace_shares=())))
    for _ in range(40):
        correct = chance.random() < 0.5
        single.give(correct)
        without.give(correct)
        assert single.states["a"].mastery == pytest.approx(without.states["a"].mastery, abs=1e-12)


def test_a_slow_start_speaks_for_a_slow_pace_and_a_quick_one_for_a_quick() -> None:
    slow, quick = Learner(PLAN), Learner(PLAN)
    slow.give(*[False] * 9)
    quick.give(False, True, True, True, True, True)
    usual = chance_of_slow(ALONE.pace_shares)
    assert chance_of_slow(slow.trace.pace) > 0.5 > chance_of_slow(quick.trace.pace)
    assert chance_of_slow(slow.trace.pace) > usual > chance_of_slow(quick.trace.pace)


def test_what_one_skill_says_of_the_pace_counts_for_the_next() -> None:
    slow, quick = Learner(PLAN), Learner(PLAN)
    slow.give(*[False] * 8)
    quick.give(False, *[True] * 7)
    for learner in (slow, quick):
        learner.give(False, True, skill="b")
    assert slow.states["b"].mastery < quick.states["b"].mastery


def test_who_learns_slowly_is_told_from_the_others() -> None:
    found = {pace: [_posterior(pace, seed=seed) for seed in range(60)] for pace in (0.4, 1.0)}
    slower = [a > b for a in found[0.4] for b in found[1.0]]
    assert sum(slower) / len(slower) > 0.8  # the area under the curve of telling them apart


def _posterior(pace: float, *, seed: int) -> float:
    """The chance of a slow pace after twelve skills, learned at a pace."""
    chance = random.Random(1_000 * seed + int(10 * pace))
    skills = [f"s{number}" for number in range(12)]
    learner = Learner(Plan(dict.fromkeys(skills, OWN), ALONE))
    for skill in skills:
        known = chance.random() < OWN.prior
        for _ in range(8):
            correct = chance.random() < (1.0 - OWN.slip if known else OWN.guess)
            learner.give(correct, skill=skill)
            known = known or chance.random() < OWN.learn * pace
    return chance_of_slow(learner.trace.pace)


def chance_of_slow(weights: Sequence[float]) -> float:
    """How likely somebody learns at half the usual pace or slower."""
    return sum(weight for pace, weight in zip(ALONE.paces, weights, strict=True) if pace <= 0.5)


def test_after_every_hint_a_right_answer_says_nothing_of_the_pace() -> None:
    learner = Learner(PLAN)
    learner.give(True, hints=2)
    assert learner.trace.pace == pytest.approx(ALONE.pace_shares, abs=1e-15)


def test_nobody_is_held_to_a_pace_for_ever() -> None:
    learner = Learner(PLAN)
    learner.give(*[False] * 60)
    assert min(learner.trace.pace) >= DRIFT * min(ALONE.pace_shares)


def test_an_answer_that_no_pace_allows_says_nothing() -> None:
    impossible = Paced((1.0,) * 2, 0.0, 1.0, OWN)
    assert weigh_paces((0.5, 0.5), (0.4, 0.6), [impossible]) == (0.5, 0.5)


def test_state_and_trace_come_back_to_the_last_bit() -> None:
    learner = Learner(PLAN)
    learner.give(False, True, False)
    state, trace = learner.states["a"], learner.trace
    record = json.loads(json.dumps(state.to_record()))
    assert SkillState.from_record(state.mastery, state.answers, record) == state
    assert Trace.from_record(json.loads(json.dumps(trace.to_record()))) == trace


def test_a_set_from_before_there_were_paces_weighs_answers_as_it_did() -> None:
    record = json.loads(json.dumps(PLAN.to_record()))
    assert Plan.from_record(record) == PLAN
    for name in ("paces", "pace_shares", "misfit", "edition"):
        del record["terms"][name]
    old = Plan.from_record(record)
    assert old.terms == replace(ALONE, paces=(), pace_shares=(), misfit=0.0, edition=1)
    learner = Learner(old)
    mastery = OWN.prior
    for correct in (False, True, True):
        mastery = update(mastery, OWN, correct=correct)
        learner.give(correct)
    assert learner.states["a"].mastery == pytest.approx(mastery, abs=1e-15)
    assert learner.states["a"].to_record().keys() == {"recent", "seen", "rest"}
    assert learner.trace.to_record() == [0.0, 3, None]


@pytest.mark.parametrize(
    ("paces", "shares"),
    [
        ((0.0, 1.0), (0.5, 0.5)),
        ((1.0,), (0.5, 0.5)),
        ((0.5, 1.0), (0.6, 0.6)),
        ((0.5, 1.0), (-0.5, 1.5)),
    ],
)
def test_paces_that_are_none_are_refused(
    paces: tuple[float, ...], shares: tuple[float, ...]
) -> None:
    with pytest.raises(ValueError, match="pace"):
        Terms(paces=paces, pace_shares=shares)
