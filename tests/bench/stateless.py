"""The accountable model with nothing hidden: what it scores less is what the hidden state adds.

    python -m tests.bench.stateless

writes stateless.json, what its terms usually weigh, from fits to the same four logs and folds as
engine.model.experience; only needed again when the model changes.

Everything but the state stays: the same terms, fitted anew by the same search, stopped in the same
way. Only the record is emptied. Whether somebody knows a skill makes no difference to their answers
(guess = 1 - slip = the skill's share of right answers, so D = 0), nobody learns (T = 0) and nothing
is forgotten. Bayes then leaves mastery at the prior; TRUST, which weighs how far it has moved,
weighs 0; and the record's prediction is sigma(b + a theta + d), a level of the skill, the learner
and the item. That is a logistic regression on what is seen. With few learners a fit leans on usual
weights, and those of the whole model would mislead it: they expect a record that moves.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from engine.fitting import FITTED_GAINS, RECORD_RIDGE, BktFit, Effort, FittedModel
from engine.model.answers import AnswerLog, Floats
from engine.model.descent import Descent
from engine.model.experience import USUAL
from engine.model.layout import Block, Tier
from engine.model.parameters import Gains
from engine.model.parts import cut_parts
from engine.model.spread import in_turn
from engine.streaming import Search, begin_search, survey_parts
from tests.bench.answer_logs import logs_folder, read_answer_log

OUT = Path(__file__).with_name("stateless.json")
LOGS = ("assistments2009", "assistments2015", "statics2011", "algebra2005")
TUNED_ON = 10
"""One learner in so many is set aside to stop the fits that the usual weights come from."""
Usual = Mapping[Block, list[float]]
NOTHING_USUAL: Usual = {block: [0.0] * len(values) for block, values in USUAL.items()}


def fit_stateless(
    log: AnswerLog,
    tune: AnswerLog,
    *,
    tier: Tier,
    gains: Gains,
    effort: Effort,
    usual: Usual | None = None,
) -> FittedModel:
    """Return the fit to a log, stopped where the tuning log is predicted best; as fit_model.

    usual: what the terms usually weigh, as in stateless.json where it is not given.
    """
    return _begin(log, tier=tier, gains=gains, effort=effort, usual=usual).best(tune)


def refit_stateless(log: AnswerLog, like: FittedModel, *, effort: Effort) -> FittedModel:
    """Return the fit to another log, with the settings and passes of one tuned before."""
    search = _begin(log, tier=like.tier, gains=like.gains, effort=effort, usual=None)
    return search.after(like.passes)


def without_state(log: AnswerLog) -> BktFit:
    """Return the record in which knowing makes no difference: each skill's share of right answers.

    guess = 1 - slip = (right + RECORD_RIDGE m) / (answers + RECORD_RIDGE)    m: share of all
    """
    right = np.repeat(log.correct, np.diff(log.skill_starts)).astype(np.float64)
    answers = np.bincount(log.skills, minlength=log.n_skills).astype(np.float64)
    by_skill = np.bincount(log.skills, weights=right, minlength=log.n_skills)
    overall = (right.sum() + 1.0) / (len(right) + 2.0)  # within (0, 1), whatever the answers
    share = (by_skill + RECORD_RIDGE * overall) / (answers + RECORD_RIDGE)
    usual = np.array([0.5, 0.0, overall, 1.0 - overall])
    rates = np.stack([np.full_like(share, 0.5), np.zeros_like(share), share, 1.0 - share], axis=1)
    return BktFit(rates, usual, answers, float("nan"), 0)


def _begin(
    log: AnswerLog, *, tier: Tier, gains: Gains, effort: Effort, usual: Usual | None
) -> Search:
    parts = cut_parts(log)
    search = begin_search(
        parts, survey_parts(parts, in_turn), without_state(log), tier=tier,
        gains=replace(gains, forget=0.0), effort=effort, spread=in_turn,
    )  # fmt: skip
    _lean_on(search.descent, _kept() if usual is None else usual)
    return search


def _lean_on(descent: Descent, usual: Usual) -> None:
    """Begin the search at other usual weights, and hold the weights to them."""
    offsets = descent.settings.layout.offsets
    for block, values in usual.items():
        own = slice(offsets[block], offsets[block] + len(values))
        used = descent._open[own]
        descent._usual[own] = np.array(values) * used  # the engine takes none but its own
        descent.weights[own] = np.array(values) * used


@cache
def _kept() -> Usual:
    kept: dict[str, list[float]] = json.loads(OUT.read_text())
    return {Block[name]: values for name, values in kept.items()}


def write() -> None:
    """Fit to folds 1 to 3 of each log, leaning on nothing, and keep the mean of the weights."""
    fits = [_fit_first_folds(read_answer_log(logs_folder() / f"{name}.csv.gz")) for name in LOGS]
    means = {
        block.name: np.mean([_first(fit, block, len(values)) for fit in fits], axis=0)
        for block, values in USUAL.items()
    }
    OUT.write_text(
        json.dumps({name: (own.round(2) + 0.0).tolist() for name, own in means.items()}, indent=1)
        + "\n"
    )


def _fit_first_folds(log: AnswerLog) -> FittedModel:
    log = log.in_folds((1, 2, 3))
    aside = np.arange(log.n_histories) % TUNED_ON == 0
    return fit_stateless(
        log.keep(~aside), log.keep(aside), tier=Tier.HISTORY, gains=FITTED_GAINS, effort=Effort(),
        usual=NOTHING_USUAL,
    )  # fmt: skip


def _first(fit: FittedModel, block: Block, count: int) -> Floats:
    return fit.weights[fit.offsets[block] : fit.offsets[block] + count]


if __name__ == "__main__":
    write()
