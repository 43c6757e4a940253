"""From answers to parameters: plain BKT, and the whole accountable model.

A log in memory is cut into parts and fitted as `streaming` fits any parts, so there is one fit.
Needs numpy and numba; never imported by a web worker.
"""

import numpy as np

from engine.fitted import FittedModel
from engine.model.answers import AnswerLog, Floats
from engine.model.compiled import walk
from engine.model.descent import Effort
from engine.model.layout import Layout, Tier
from engine.model.parameters import STILL, Gains
from engine.model.parts import cut_parts
from engine.model.plain import (
    EXPERT_ANSWERS,
    FREE,
    SOUND,
    BktFit,
    ExpertEstimates,
    Limits,
    as_logits,
    fit_bkt,
)
from engine.model.spread import OnThreads
from engine.streaming import RECORD_RIDGE, fit_parts, refit_parts

__all__ = [
    "EXPERT_ANSWERS",
    "FREE",
    "RECORD_RIDGE",
    "SOUND",
    "BktFit",
    "Effort",
    "ExpertEstimates",
    "FittedModel",
    "Limits",
    "fit_bkt",
    "fit_model",
    "predict_bkt",
    "refit_model",
]

FITTED_GAINS = Gains(coupling=0.25, forget=0.03)
"""Forgetting is one for all: on the only public log with real times (Algebra 2005, learners never
seen) any forget from .01 to .06 predicts as well to .0001 of AUC, 0 and .1 do worse, and the one
that fits the tuning learners best is .1. Chosen by log or by skill it would follow chance."""


def fit_model(
    log: AnswerLog,
    tune: AnswerLog,
    *,
    tier: Tier,
    gains: Gains,
    effort: Effort,
    expert: ExpertEstimates | None = None,
) -> FittedModel:
    """Return the model fitted to a log, stopped where the tuning log is predicted best.

    The same as `streaming.fit_parts` of the log in parts of PART_ANSWERS.
    tune: other learners, used for nothing but when to stop.
    expert: what each skill is drawn to besides the log, as in `fit_bkt`.
    """
    return fit_parts(
        cut_parts(log), tune, tier=tier, gains=gains, effort=effort, expert=expert,
        spread=OnThreads(effort.workers),
    )  # fmt: skip


def refit_model(
    log: AnswerLog, like: FittedModel, *, effort: Effort, expert: ExpertEstimates | None = None
) -> FittedModel:
    """Return the model fitted to another log with the settings and passes of one tuned before."""
    return refit_parts(
        cut_parts(log), like, effort=effort, expert=expert, spread=OnThreads(effort.workers)
    )


def predict_bkt(log: AnswerLog, rates: Floats) -> Floats:
    """Return plain BKT's P(correct) of every answer: the mean over its skills.

    rates: (n_skills, 4) float64, prior, learn, guess, slip.
    """
    layout = Layout(log.n_skills, 0, 0)
    predicted, record = np.empty(log.n_answers), np.empty(log.n_answers)
    walk(
        log.starts, log.skill_starts, log.skills, np.full_like(log.items, -1),
        np.empty(0), log.correct, log.seconds, np.full(log.n_answers, -1, dtype=np.int32),
        np.arange(log.n_histories),
        as_logits(rates), np.zeros(layout.offsets[-1]),
        np.array(layout.offsets, dtype=np.int64), np.array(STILL.in_order()), predicted, record,
        None,
    )  # fmt: skip
    return record
