"""Grounds for settling a skill: who answered on it, and whether its predictions held."""

from dataclasses import replace

import numpy as np
import pytest

from engine.fitting import FITTED_GAINS, Effort, fit_model
from engine.model.layout import Tier as ModelTier
from engine.plan import Tier, Why
from engine.settle import settle_skill
from engine.skill_checks import (
    FEWEST_HELD_OUT,
    calibration_by_skill,
    error_beyond_chance,
    evidence,
    learners_by_skill,
)
from tests.engine.model_logs import make_log

LOG = make_log(seed=31, learners=160, answers=50, skills=4)
TRAIN, HELD_OUT = LOG.keep(LOG.owners < 100), LOG.keep(LOG.owners >= 100)
SKILLS = ["a", "b", "c", "d"]


def test_learners_are_counted_once_a_skill() -> None:
    pairs = {
        (int(LOG.learner_of[row]), int(skill))
        for row in range(LOG.n_answers)
        for skill in LOG.skills[LOG.skill_starts[row] : LOG.skill_starts[row + 1]]
    }
    expected = [sum(skill == k for _, skill in pairs) for k in range(4)]
    assert learners_by_skill(LOG).tolist() == expected


@pytest.mark.parametrize("n", [60, 400, 20_000])
def test_true_probabilities_have_next_to_no_error(n: int) -> None:
    chance = np.random.default_rng(n)
    found = []
    for _ in range(40):
        p = chance.uniform(0.05, 0.95, size=n)
        found.append(error_beyond_chance(p, chance.uniform(size=n) < p))
    assert np.mean(found) < 0.04
    assert max(found) < 0.15


def test_predictions_that_are_off_show_their_error() -> None:
    chance = np.random.default_rng(3)
    p = np.full(5_000, 0.6)
    found = error_beyond_chance(p, chance.uniform(size=5_000) < 0.8)
    assert found == pytest.approx(0.2, abs=0.03)


def test_few_held_out_answers_say_nothing() -> None:
    few = FEWEST_HELD_OUT - 1
    assert np.isnan(error_beyond_chance(np.full(few, 0.5), np.ones(few, dtype=bool)))


def test_an_answer_counts_for_all_its_skills() -> None:
    predicted = np.full(LOG.n_answers, 0.5)
    found = calibration_by_skill(predicted, LOG)
    pairs = np.repeat(np.arange(LOG.n_answers), np.diff(LOG.skill_starts))
    own = pairs[LOG.skills == 2]
    assert found[2] == error_beyond_chance(predicted[own], LOG.correct[own])


def test_a_skill_whose_predictions_fail_drops_back_and_says_why() -> None:
    drawn = fit_model(
        TRAIN, HELD_OUT, tier=ModelTier.HISTORY, gains=FITTED_GAINS, effort=Effort(passes=4)
    )
    fitted = replace(drawn, rates=np.tile([0.3, 0.1, -1.2, 2.5], (4, 1)))
    parameters = fitted.parameters(skills=SKILLS, items=[f"i{i}" for i in range(LOG.n_items)])
    sound = evidence(fitted, learners_by_skill(TRAIN), HELD_OUT, skills=SKILLS, format_guesses={})
    own = HELD_OUT.skill_starts[:-1]
    spoilt = np.where(HELD_OUT.skills[own] == 1, False, HELD_OUT.correct)
    worse = evidence(
        fitted,
        learners_by_skill(TRAIN),
        replace(HELD_OUT, correct=spoilt),
        skills=SKILLS,
        format_guesses={},
    )
    assert sound["b"].learners > 20
    assert settle_skill(parameters, "b", worse["b"]) == (Tier.ABILITY, Why.CALIBRATION)
    assert settle_skill(parameters, "b", sound["b"]) == (Tier.CONTEXT, Why.FITTED)
