"""Figures of prediction against brute force and known cases."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation import auc, calibration_error, judge, learner_auc, log_loss

scored = st.lists(
    st.tuples(st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0]), st.booleans()), min_size=2, max_size=30
)


def columns(rows: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([p for p, _ in rows]), np.array([y for _, y in rows])


@given(scored)
def test_auc_counts_the_pairs_ranked_right(rows: list[tuple[float, bool]]) -> None:
    predicted, correct = columns(rows)
    right, wrong = predicted[correct], predicted[~correct]
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in right for b in wrong]
    expected = np.mean(pairs) if pairs else np.nan
    assert auc(predicted, correct) == pytest.approx(expected, nan_ok=True)


@given(scored, st.randoms())
def test_auc_does_not_depend_on_the_order_of_rows(
    rows: list[tuple[float, bool]], chance: object
) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert auc(*columns(rows)) == pytest.approx(auc(*columns(shuffled)), nan_ok=True)


def test_learner_auc_is_the_mean_of_learners_who_answered_both_ways() -> None:
    predicted = np.array([0.9, 0.1, 0.2, 0.8, 0.5])
    correct = np.array([True, False, True, False, True])
    assert learner_auc(predicted, correct, np.array([4, 4, 2, 2, 7])) == 0.5


def test_learner_auc_does_not_need_a_learner_s_rows_to_lie_together() -> None:
    predicted = np.array([0.9, 0.2, 0.1, 0.8])
    correct = np.array([True, True, False, False])
    assert learner_auc(predicted, correct, np.array([0, 1, 0, 1])) == 0.5


def test_log_loss_of_a_coin_is_the_log_of_two() -> None:
    assert log_loss(np.full(4, 0.5), np.array([True, False, True, True])) == pytest.approx(
        np.log(2.0)
    )


def test_log_loss_of_a_certain_error_is_finite() -> None:
    assert np.isfinite(log_loss(np.array([1.0]), np.array([False])))


def test_calibration_error_weighs_bins_by_their_answers() -> None:
    predicted = np.array([0.25, 0.25, 0.25, 0.95])
    correct = np.array([False, False, True, True])
    expected = 0.75 * abs(1 / 3 - 0.25) + 0.25 * 0.05
    assert calibration_error(predicted, correct) == pytest.approx(expected)


def test_certainty_falls_into_the_last_bin() -> None:
    assert calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0.0


def test_predictions_that_are_no_probabilities_are_refused() -> None:
    with pytest.raises(ValueError, match="probability"):
        judge(np.array([np.nan]), np.array([True]), np.array([0]))


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2, 1 and 1"):
        judge(np.array([0.5, 0.5]), np.array([True]), np.array([0]))


def test_judge_agrees_with_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    chance = np.random.default_rng(5)
    predicted = chance.uniform(0.01, 0.99, 500).round(2)
    correct = chance.uniform(size=500) < predicted
    accuracy = judge(predicted, correct, np.arange(500) // 20)
    assert accuracy.auc == pytest.approx(metrics.roc_auc_score(correct, predicted))
    assert accuracy.log_loss == pytest.approx(metrics.log_loss(correct, predicted))
    assert accuracy.rmse == pytest.approx(metrics.mean_squared_error(correct, predicted) ** 0.5)
