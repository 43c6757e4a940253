"""Fits against brute force, against a known truth, and against themselves."""

from dataclasses import replace

import numpy as np
import pytest

from engine import bkt
from engine.evaluation import auc, log_loss
from engine.fitting import (
    EXPERT_ANSWERS,
    FITTED_GAINS,
    FREE,
    RECORD_RIDGE,
    SOUND,
    Effort,
    ExpertEstimates,
    FittedModel,
    Limits,
    fit_bkt,
    fit_model,
    predict_bkt,
    refit_model,
)
from engine.model.answers import AnswerLog
from engine.model.layout import Block, Tier, blocks_of
from engine.model.tree import grow_tree, sweep
from tests.engine.model_logs import make_log

QUICK = Effort(passes=4, batches=6, patience=4)


def simulate(*, learners: int, answers: int, truth: np.ndarray, seed: int) -> AnswerLog:
    """Return answers of learners who follow plain BKT with one skill after another."""
    chance = np.random.default_rng(seed)
    skills = len(truth)
    correct = np.empty((learners, skills, answers), dtype=bool)
    for skill, (prior, learn, guess, slip) in enumerate(truth):
        known = chance.uniform(size=learners) < prior
        for step in range(answers):
            p = np.where(known, 1 - slip, guess)
            correct[:, skill, step] = chance.uniform(size=learners) < p
            known |= chance.uniform(size=learners) < learn
    n = learners * skills * answers
    return AnswerLog(
        starts=np.arange(0, n + 1, skills * answers),
        owners=np.arange(learners),
        folds=np.ones(learners, dtype=np.int32),
        skill_starts=np.arange(n + 1),
        skills=np.tile(np.repeat(np.arange(skills), answers), learners).astype(np.int32),
        items=np.full(n, -1, dtype=np.int32),
        correct=correct.ravel(),
        seconds=np.full(n, np.nan),
        n_skills=skills,
        n_items=0,
    )


TRUTH = np.array([[0.3, 0.15, 0.2, 0.1], [0.6, 0.05, 0.3, 0.05]])


def likelihood(log: AnswerLog, rates: np.ndarray) -> float:
    """Return the log-likelihood by walking every history with engine.bkt."""
    skills = [bkt.SkillParameters(*map(float, row)) for row in rates]
    total = 0.0
    for history in range(log.n_histories):
        mastery = [skill.prior for skill in skills]
        for row in range(log.starts[history], log.starts[history + 1]):
            for k in log.skills[log.skill_starts[row] : log.skill_starts[row + 1]]:
                p = bkt.predict(mastery[k], skills[k])
                total += np.log(p if log.correct[row] else 1 - p)
                mastery[k] = bkt.update(mastery[k], skills[k], correct=bool(log.correct[row]))
    return float(total)


def swept(log: AnswerLog, rates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    tree, n = grow_tree(log), len(rates)
    value, gradient, information = np.zeros(n), np.zeros((n, 4)), np.zeros((n, 4, 4))
    sweep(
        tree.roots,
        tree.children,
        tree.counts,
        rates,
        np.ones(n, bool),
        value,
        gradient,
        information,
    )
    return value, gradient


def test_the_tree_holds_the_likelihood_of_every_history() -> None:
    log = make_log(seed=1, skills=2)
    value, _ = swept(log, TRUTH)
    assert value.sum() == pytest.approx(likelihood(log, TRUTH), abs=1e-9)


def test_the_slopes_are_those_of_the_likelihood() -> None:
    log = make_log(seed=2, skills=2)
    _, gradient = swept(log, TRUTH)
    for place in np.ndindex(2, 4):
        up, down = TRUTH.copy(), TRUTH.copy()
        up[place] += 1e-6
        down[place] -= 1e-6
        numeric = (likelihood(log, up) - likelihood(log, down)) / 2e-6
        assert gradient[place] == pytest.approx(numeric, rel=1e-5, abs=1e-4)


def test_learners_who_answer_alike_share_their_nodes() -> None:
    log = simulate(learners=400, answers=6, truth=TRUTH, seed=3)
    assert len(grow_tree(log).children) <= 2 * (2**7 - 1)
    assert grow_tree(log).counts.sum() == log.n_answers


def test_the_fit_is_at_least_as_likely_as_the_truth() -> None:
    log = simulate(learners=300, answers=8, truth=TRUTH, seed=4)
    fitted = fit_bkt(log, limits=FREE, ridge=0.0)
    assert fitted.log_likelihood >= likelihood(log, TRUTH)


def test_the_fit_finds_the_rates_behind_many_answers() -> None:
    log = simulate(learners=4000, answers=12, truth=TRUTH, seed=5)
    fitted = fit_bkt(log, limits=FREE, ridge=0.0)
    assert np.abs(fitted.rates - TRUTH).max() < 0.04


def test_published_rates_stay_sound() -> None:
    log = make_log(seed=6, learners=40)
    rates = fit_bkt(log, limits=SOUND, ridge=1.0).rates
    assert (rates[:, 1] <= 0.6).all()
    assert (rates[:, 2] <= 0.35).all()
    assert (rates[:, 3] <= 0.25).all()
    assert (rates[:, 2] + rates[:, 3] < 1).all()


def test_a_skill_nobody_answered_has_the_usual_rates() -> None:
    log = replace(make_log(seed=7, skills=3), n_skills=5)
    fitted = fit_bkt(log, limits=FREE, ridge=1.0)
    assert fitted.rates[4] == pytest.approx(fitted.usual)


def test_a_strong_ridge_draws_skills_to_the_usual() -> None:
    log = make_log(seed=8, learners=40)
    loose = fit_bkt(log, limits=FREE, ridge=0.1)
    tight = fit_bkt(log, limits=FREE, ridge=1e6)
    away = [np.abs(fit.rates - fit.usual).max() for fit in (loose, tight)]
    assert away[1] < 0.01 < away[0]


EXPERT = np.array([[0.15, 0.3, 0.1, 0.2], [0.35, 0.2, 0.15, 0.15]])
"""Far from the truth: whoever is near one is away from the other."""


def weighed(learners: int, *, answers: float = EXPERT_ANSWERS) -> np.ndarray:
    """Return the rates that experts and so many learners come to together."""
    log = simulate(learners=learners, answers=8, truth=TRUTH, seed=20)
    expert = ExpertEstimates(EXPERT, np.full(2, answers))
    return fit_bkt(log, limits=SOUND, ridge=RECORD_RIDGE, expert=expert).rates


def test_few_learners_leave_a_skill_near_what_an_expert_expects() -> None:
    rates = weighed(5)
    alone = fit_bkt(
        simulate(learners=5, answers=8, truth=TRUTH, seed=20), limits=SOUND, ridge=RECORD_RIDGE
    ).rates
    assert np.abs(rates - EXPERT).max() < 0.08
    assert np.abs(rates - EXPERT).sum() < 0.5 * np.abs(alone - EXPERT).sum()


def test_many_learners_bring_a_skill_near_the_truth_whatever_an_expert_expects() -> None:
    rates = weighed(1_000)
    assert np.abs(rates - TRUTH).max() < 0.08
    assert np.abs(rates - TRUTH).sum() < 0.4 * np.abs(rates - EXPERT).sum()


def test_an_expert_weighs_less_the_more_people_have_answered() -> None:
    away = [np.abs(weighed(learners) - EXPERT).sum() for learners in (5, 50, 500, 5_000)]
    assert away == sorted(away)


def test_without_an_expert_the_centre_is_the_fit_of_all_skills() -> None:
    log = make_log(seed=21, learners=40)
    alone = fit_bkt(log, limits=SOUND, ridge=RECORD_RIDGE)
    told = ExpertEstimates(np.tile(EXPERT[0], (log.n_skills, 1)), np.zeros(log.n_skills))
    assert np.array_equal(
        alone.rates, fit_bkt(log, limits=SOUND, ridge=RECORD_RIDGE, expert=told).rates
    )


def test_a_skill_nobody_answered_is_expected_as_the_expert_says() -> None:
    log = replace(simulate(learners=5, answers=8, truth=TRUTH, seed=22), n_skills=3)
    rates = np.vstack([EXPERT, [[0.8, 0.1, 0.3, 0.05]]])
    sure = ExpertEstimates(rates, np.full(3, 1e6))
    assert fit_bkt(log, limits=SOUND, ridge=RECORD_RIDGE, expert=sure).rates[2] == pytest.approx(
        rates[2], abs=0.01
    )


def test_expert_estimates_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="rates must be"):
        ExpertEstimates(EXPERT, np.ones(3))
    with pytest.raises(ValueError, match="answers must be 0 or more"):
        ExpertEstimates(EXPERT, np.array([1.0, -1.0]))


def test_limits_outside_their_range_are_refused() -> None:
    with pytest.raises(ValueError, match="guess limit"):
        Limits(learn=0.5, guess=0.0, slip=0.5)


def fitted(log: AnswerLog, *, workers: int = 2, tier: Tier = Tier.HISTORY) -> FittedModel:
    effort = replace(QUICK, workers=workers)
    return fit_model(
        log.in_folds([1, 2, 3]), log.in_folds([4]), tier=tier, gains=FITTED_GAINS, effort=effort
    )


def test_one_worker_or_more_give_the_same_numbers() -> None:
    log = make_log(seed=9, learners=60)
    assert np.array_equal(fitted(log, workers=1).weights, fitted(log, workers=3).weights)


def test_the_fit_predicts_better_than_plain_bkt() -> None:
    log = make_log(seed=10, learners=300, answers=60, items=15)
    train, test = log.in_folds([1, 2]), log.in_folds([4])
    model = fit_model(train, log.in_folds([3]), tier=Tier.HISTORY, gains=FITTED_GAINS, effort=QUICK)
    plain = predict_bkt(test, fit_bkt(train, limits=FREE, ridge=2.0).rates)
    assert auc(model.predict(test), test.correct) > auc(plain, test.correct) + 0.02
    assert log_loss(model.predict(test), test.correct) < log_loss(plain, test.correct)


@pytest.mark.parametrize("tier", [Tier.RECORD, Tier.ITEM, Tier.ABILITY])
def test_a_tier_uses_its_own_terms_alone(tier: Tier) -> None:
    model = fitted(make_log(seed=11, learners=40), tier=tier)
    for block in Block:
        own = model.weights[model.offsets[block] : model.offsets[block + 1]]
        assert block in blocks_of(tier) or not own.any()


def test_no_answer_of_the_tuning_fold_moves_a_weight_of_the_same_pass() -> None:
    log = make_log(seed=12, learners=60)
    other = log.correct ^ np.isin(np.repeat(log.folds, np.diff(log.starts)), [4])
    patient = fitted(log)
    changed = fitted(replace(log, correct=other))
    again = refit_model(log.in_folds([1, 2, 3]), changed, effort=QUICK)
    assert np.array_equal(again.weights, changed.weights)
    assert np.array_equal(patient.rates, changed.rates)


def test_labels_the_training_log_lacks_keep_the_weight_of_the_mean() -> None:
    log = make_log(seed=13, learners=60)
    train = log.in_folds([1])
    model = fitted(replace(log, folds=np.where(log.folds == 1, 1, 4).astype(np.int32)))
    unseen = np.setdiff1d(np.arange(log.n_items), train.items)
    ease = model.weights[model.offsets[Block.ITEM] : model.offsets[Block.ITEM + 1]]
    assert (ease[unseen] == 0.0).all()


def test_a_refit_makes_the_passes_that_were_tuned() -> None:
    log = make_log(seed=14, learners=60)
    model = fitted(log)
    assert refit_model(log, model, effort=QUICK).passes == model.passes
