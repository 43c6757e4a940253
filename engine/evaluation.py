"""How good predictions of answers are: ranking, distance and calibration, pooled and per learner.

Symbols: y answer, 0 or 1; p predicted P(correct), in [0, 1].
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]

CALIBRATION_BINS = 10
"""Equal widths of predicted probability over which calibration error is taken."""

_SMALLEST = 1e-15


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The figures of one set of predictions.

    answers, learners: how many.  auc: pooled.  learner_auc: mean over the learners who gave both
    right and wrong answers; ranking within a person, where pooled AUC also rewards ranking people.
    rmse, log_loss (nats an answer), calibration_error: smaller is better.
    auc figures are NaN where no right or no wrong answer is there.
    """

    answers: int
    learners: int
    auc: float
    learner_auc: float
    rmse: float
    log_loss: float
    calibration_error: float


def judge(predicted: Floats, correct: Flags, learners: Longs) -> Accuracy:
    """Return every figure of some predictions.

    predicted: (n,) float64 P(correct).  correct: (n,) bool.  learners: (n,) int64.
    Raises ValueError where there is no answer, lengths differ, or a prediction is no probability.
    """
    if not len(predicted) == len(correct) == len(learners) > 0:
        lengths = f"{len(predicted)}, {len(correct)} and {len(learners)}"
        raise ValueError(f"columns must be of one length above 0, got {lengths}")
    if not bool(((predicted >= 0.0) & (predicted <= 1.0)).all()):
        raise ValueError("every prediction must be a probability in [0, 1]")
    return Accuracy(
        answers=len(correct),
        learners=len(np.unique(learners)),
        auc=auc(predicted, correct),
        learner_auc=learner_auc(predicted, correct, learners),
        rmse=float(np.sqrt(np.mean((predicted - correct) ** 2))),
        log_loss=log_loss(predicted, correct),
        calibration_error=calibration_error(predicted, correct),
    )


def auc(predicted: Floats, correct: Flags) -> float:
    """Return P(a right answer was given the higher prediction than a wrong one), ties half.

        AUC = (sum of mid-ranks of right answers - n1 (n1 + 1) / 2) / (n1 n0)

    NaN where there is no right or no wrong answer.
    Source: Hanley & McNeil (1982), Radiology 143, 29-36.
    """
    right = int(correct.sum())
    wrong = len(correct) - right
    if right == 0 or wrong == 0:
        return float("nan")
    _, inverse, counts = np.unique(predicted, return_inverse=True, return_counts=True)
    mid_ranks = np.cumsum(counts) - (counts - 1) / 2.0
    total = float(mid_ranks[inverse[correct]].sum())
    return (total - right * (right + 1) / 2.0) / (right * wrong)


def learner_auc(predicted: Floats, correct: Flags, learners: Longs) -> float:
    """Return the mean AUC within a learner, over learners with right and wrong answers."""
    order = np.argsort(learners, kind="stable")
    cuts = np.flatnonzero(np.diff(learners[order])) + 1
    areas = [auc(predicted[rows], correct[rows]) for rows in np.split(order, cuts)]
    known = [area for area in areas if area == area]  # noqa: PLR0124 - NaN is not equal to itself
    return float(np.mean(known)) if known else float("nan")


def log_loss(predicted: Floats, correct: Flags) -> float:
    """Return the mean of -log P(the answer given), in nats; probabilities are kept off 0 by 1e-15.

    Times n and negated, it is the log-likelihood of the answers.
    """
    chance = np.where(correct, predicted, 1.0 - predicted)
    return float(-np.mean(np.log(np.maximum(chance, _SMALLEST))))


def calibration_error(predicted: Floats, correct: Flags, *, bins: int = CALIBRATION_BINS) -> float:
    """Return the expected calibration error over bins of equal width.

        ECE = sum over bins of (n_b / n) |mean y - mean p|

    Source: Naeini, Cooper & Hauskrecht (2015), AAAI, 2901-2907.
    """
    places = np.minimum((predicted * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(places, weights=predicted - correct, minlength=bins)
    return float(np.abs(gaps).sum() / len(correct))
