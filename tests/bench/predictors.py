"""The models that the prediction bench compares, behind one protocol."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter, thread_time
from typing import Protocol

import numpy as np

from engine.fitting import (
    FITTED_GAINS,
    FREE,
    RECORD_RIDGE,
    Effort,
    FittedModel,
    fit_bkt,
    fit_model,
    predict_bkt,
    refit_model,
)
from engine.model.answers import NO_ITEM, AnswerLog, Floats
from engine.model.layout import WORDS, Block, Tier
from engine.model.online import LearnerTrace, Model, Prediction
from engine.model.parameters import STILL, Gains
from tests.bench.pybkt_build import build_cpp, fit_aside
from tests.bench.stateless import fit_stateless, refit_stateless

_TIMED_ANSWERS = 5_000
_ROUNDS = 7


class Predictor(Protocol):
    """A model: fitted once, then asked for P(correct) of every answer before it is given."""

    def fit(self, train: AnswerLog, tune: AnswerLog, *, refit: AnswerLog | None) -> None:
        """Fit to train; tune decides settings; refit, where given, is fitted with them last."""

    def predict(self, log: AnswerLog) -> Floats:
        """Return P(correct) of every answer: (n_answers,) float64."""

    def predict_as_items_learn(self, log: AnswerLog) -> Floats | None:
        """Return the same with items learning between learners; None where they cannot."""

    def microseconds(self, log: AnswerLog) -> dict[str, float]:
        """Return the time of the scalar steps for one answer, by step, one learner at a time."""

    def words(self) -> list[str]:
        """Return what was fitted, in sentences."""


def make_predictor(name: str, *, seed: int, tier: Tier = Tier.HISTORY) -> Predictor:
    """Return a predictor by name, one of MODELS.

    tier: how much of the accountable model is in use; the others have no tiers.
    """
    return _MAKERS[name](seed, tier)


class BktPredictor:
    """Plain BKT by this engine's fit; an answer counts for each of its skills."""

    def __init__(self) -> None:
        self._rates = np.empty((0, 4))
        self._answers = np.empty(0)

    def fit(self, train: AnswerLog, tune: AnswerLog, *, refit: AnswerLog | None) -> None:  # noqa: ARG002 - nothing to tune
        fitted = fit_bkt(train if refit is None else refit, limits=FREE, ridge=RECORD_RIDGE)
        self._rates, self._answers = fitted.rates, fitted.answers

    def predict(self, log: AnswerLog) -> Floats:
        return predict_bkt(log, self._rates)

    def predict_as_items_learn(self, log: AnswerLog) -> None:
        """Plain BKT knows no items."""

    def microseconds(self, log: AnswerLog) -> dict[str, float]:
        rates = [tuple(row) for row in self._rates.tolist()]
        mastery = [row[0] for row in rates]
        rows = list(
            zip(log.skills[:_TIMED_ANSWERS].tolist(), log.correct[:_TIMED_ANSWERS].tolist(),
                strict=False)
        )  # fmt: skip
        began = perf_counter()
        for skill, correct in rows:
            _, learn, guess, slip = rates[skill]
            known = mastery[skill]
            p1, p0 = (1.0 - slip, guess) if correct else (slip, 1.0 - guess)
            known = known * p1 / (known * p1 + (1.0 - known) * p0)
            mastery[skill] = known + (1.0 - known) * learn
        return {"update": 1e6 * (perf_counter() - began) / len(rows)}

    def words(self) -> list[str]:
        return _rates_in_words(self._rates, self._answers)


class PyBktPredictor:
    """pyBKT as published: the first skill of an answer only, five random starts."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._build = ""
        self._update = 0.0
        self._rates = np.empty((0, 4))
        self._answers = np.empty(0)

    def fit(self, train: AnswerLog, tune: AnswerLog, *, refit: AnswerLog | None) -> None:  # noqa: ARG002 - nothing to tune
        log = first_skill(train if refit is None else refit)
        python = build_cpp()
        self._build = "pure Python" if python is None else "C++"
        found = fit_aside(python or Path(sys.executable), log, starts=5, seed=self._seed)
        self._update = found["roster_update_us"]
        # Read as they are: pyBKT may return guess + slip above 1, which SkillParameters refuses.
        fitted = {int(skill): tuple(rates) for skill, rates in found["rates"].items()}
        usual = tuple(np.mean(list(fitted.values()), axis=0).tolist())
        rates = np.array([fitted.get(skill, usual) for skill in range(log.n_skills)])
        self._rates = np.clip(rates, 1e-9, 1.0 - 1e-9)
        self._answers = np.bincount(log.skills, minlength=log.n_skills).astype(np.float64)

    def predict(self, log: AnswerLog) -> Floats:
        return predict_bkt(first_skill(log), self._rates)

    def predict_as_items_learn(self, log: AnswerLog) -> None:
        """Plain BKT knows no items."""

    def microseconds(self, log: AnswerLog) -> dict[str, float]:  # noqa: ARG002 - one skill's Roster
        return {"update": self._update}

    def words(self) -> list[str]:
        return [f"{self._build} build", *_rates_in_words(self._rates, self._answers)]


class CairnPredictor:
    """The accountable model, or as much of it as a tier says."""

    def __init__(self, seed: int, tier: Tier = Tier.HISTORY) -> None:
        self._tier = tier
        self._effort = Effort(seed=seed)
        self._fitted: FittedModel | None = None
        self._answers = np.empty(0)

    @property
    def fitted(self) -> FittedModel:
        """Return the fit. Raises ValueError before there is one."""
        if self._fitted is None:
            raise ValueError("fit the model first")
        return self._fitted

    def fit(self, train: AnswerLog, tune: AnswerLog, *, refit: AnswerLog | None) -> None:
        self._fitted = self._fit(train, tune, refit)
        self._answers = np.bincount(train.skills, minlength=train.n_skills).astype(np.float64)

    def _fit(self, train: AnswerLog, tune: AnswerLog, refit: AnswerLog | None) -> FittedModel:
        fitted = fit_model(
            train, tune, tier=self._tier, gains=gains_of(self._tier), effort=self._effort
        )
        return fitted if refit is None else refit_model(refit, fitted, effort=self._effort)

    def predict(self, log: AnswerLog) -> Floats:
        return self.fitted.predict(log)

    def predict_as_items_learn(self, log: AnswerLog) -> Floats | None:
        return self.fitted.predict_as_items_learn(log) if log.n_items else None

    def microseconds(self, log: AnswerLog) -> dict[str, float]:
        return scalar_microseconds(self.fitted, log)

    def words(self) -> list[str]:
        fitted = self.fitted
        lines = [f"{fitted.passes} passes, {len(fitted.weights):,} weights"]
        lines += self._skills_in_words(fitted)
        for block in Block:
            own = fitted.weights[fitted.offsets[block] : fitted.offsets[block + 1]]
            spread = float(np.std(own)) if len(own) else 0.0
            lines.append(f"{WORDS[block]}: {len(own):,} weights, spread {spread:.2f} in log-odds")
        return lines

    def _skills_in_words(self, fitted: FittedModel) -> list[str]:
        guess = 1.0 / (1.0 + np.exp(-fitted.rates[:, 2]))
        slip = 1.0 / (1.0 + np.exp(fitted.rates[:, 2] + fitted.rates[:, 3]))
        rates = np.stack([fitted.rates[:, 0], fitted.rates[:, 1], guess, slip], axis=1)
        return _rates_in_words(rates, self._answers)


class StatelessPredictor(CairnPredictor):
    """The same model with nothing hidden; tests.bench.stateless says how."""

    def _fit(self, train: AnswerLog, tune: AnswerLog, refit: AnswerLog | None) -> FittedModel:
        gains = gains_of(self._tier)
        fitted = fit_stateless(train, tune, tier=self._tier, gains=gains, effort=self._effort)
        return fitted if refit is None else refit_stateless(refit, fitted, effort=self._effort)

    def _skills_in_words(self, fitted: FittedModel) -> list[str]:  # noqa: ARG002
        return ["nobody is held to know or not to know a skill"]


def gains_of(tier: Tier) -> Gains:
    """Return how running levels move at a tier: what a tier lacks stands still.

    The record is plain BKT; ELAPSED forgets; ability enters the record from ABILITY on.
    """
    if tier < Tier.ELAPSED:
        return STILL
    if tier < Tier.ABILITY:
        return replace(
            STILL, forget=FITTED_GAINS.forget, forget_seconds=FITTED_GAINS.forget_seconds
        )
    return FITTED_GAINS


_MAKERS: dict[str, Callable[[int, Tier], Predictor]] = {
    "bkt": lambda _seed, _tier: BktPredictor(),
    "pybkt": lambda seed, _tier: PyBktPredictor(seed),
    "cairn": CairnPredictor,
    "cairn-stateless": StatelessPredictor,
}
MODELS = tuple(_MAKERS)


def scalar_microseconds(fitted: FittedModel, log: AnswerLog) -> dict[str, float]:
    """Return the time of predicting and of updating, an answer of the first learners of a log."""
    skills, items = [f"{k}" for k in range(log.n_skills)], [f"{i}" for i in range(log.n_items)]
    model = Model(fitted.parameters(skills=skills, items=items))
    both, learning = _timed(model, _first_histories(log, answers=_TIMED_ANSWERS))
    return {"predict": both - learning, "update": learning}


def first_skill(log: AnswerLog) -> AnswerLog:
    """Return the log with the first skill of each answer alone."""
    n = log.n_answers
    return AnswerLog(
        starts=log.starts,
        owners=log.owners,
        folds=log.folds,
        skill_starts=np.arange(n + 1, dtype=np.int64),
        skills=log.skills[log.skill_starts[:-1]],
        items=np.full(n, NO_ITEM, dtype=np.int32),
        correct=log.correct,
        seconds=log.seconds,
        n_skills=log.n_skills,
        n_items=0,
    )


_Row = tuple[tuple[str, ...], str | None, float | None, bool]


def _first_histories(log: AnswerLog, *, answers: int) -> list[list[_Row]]:
    """Return the rows of the first learners, until there are so many answers."""
    most = int(np.searchsorted(log.starts, answers))
    return [
        [_row(log, row) for row in range(log.starts[h], log.starts[h + 1])]
        for h in range(min(max(most, 1), log.n_histories))
    ]


def _timed(model: Model, histories: list[list[_Row]]) -> tuple[float, float]:
    """Return microseconds an answer of predicting and learning, and of learning alone.

    Each is the best of several rounds of processor time: what the code costs, not the neighbours.
    """
    rows = sum(len(history) for history in histories)
    both, learning = [], []
    for _ in range(_ROUNDS):
        began = thread_time()
        expected = [_follow(model, history) for history in histories]
        between = thread_time()
        for history, own in zip(histories, expected, strict=True):
            trace = LearnerTrace()
            for row, prediction in zip(history, own, strict=True):
                model.learn(trace, prediction, correct=row[3])
        learning.append(thread_time() - between)
        both.append(between - began)
    return 1e6 * min(both) / rows, 1e6 * min(learning) / rows


def _follow(model: Model, history: list[_Row]) -> list[Prediction]:
    trace, found = LearnerTrace(), []
    for skills, item, seconds, correct in history:
        expected = model.predict(trace, skills, item=item, seconds=seconds)
        found.append(expected)
        model.learn(trace, expected, correct=correct)
    return found


def _row(log: AnswerLog, row: int) -> _Row:
    own = log.skills[log.skill_starts[row] : log.skill_starts[row + 1]].tolist()
    item = None if log.items[row] == NO_ITEM else str(log.items[row])
    seconds = float(log.seconds[row])
    known = None if np.isnan(seconds) else seconds
    return tuple([str(k) for k in own]), item, known, bool(log.correct[row])


def _rates_in_words(rates: Floats, answers: Floats, *, most: int = 3) -> list[str]:
    """Return what the rates of the most answered skills mean."""
    largest: Sequence[int] = np.argsort(-answers, kind="stable")[:most].tolist()
    return [
        f"skill {k} ({answers[k]:,.0f} answers): {rates[k, 0]:.0%} know it at first, "
        f"{rates[k, 1]:.0%} learn it with each answer; who does not know it is right "
        f"{rates[k, 2]:.0%} of the time, who knows it is wrong {rates[k, 3]:.0%}"
        for k in largest
        if answers[k] > 0
    ]
