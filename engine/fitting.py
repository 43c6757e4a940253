"""From answers to parameters: plain BKT, and the whole accountable model.

Needs numpy and numba; never imported by a web worker.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.evaluation import log_loss
from engine.model.answers import NO_ITEM, AnswerLog, Floats, Ints, Longs
from engine.model.compiled import move_items, walk
from engine.model.descent import Descent, Effort, Settings
from engine.model.layout import Block, Layout, Tier
from engine.model.links import LinkTable, learn_links
from engine.model.parameters import STILL, Gains, ModelParameters
from engine.model.plain import (
    EXPERT_ANSWERS,
    FREE,
    SOUND,
    BktFit,
    ExpertEstimates,
    Limits,
    fit_bkt,
)

__all__ = [
    "EXPERT_ANSWERS",
    "FREE",
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

RECORD_RIDGE = 8.0
"""Ridge of a skill's four record coordinates toward those of all skills."""

FITTED_GAINS = Gains(coupling=0.5, forget=0.03)


@dataclass(frozen=True, slots=True, eq=False)
class FittedModel:
    """A fitted model as arrays, by the labels of the log it was fitted to.

    rates: (n_skills, 4) float64, prior, learn, b, D.  weights: flat float64.
    item_answers: (n_items,) float64, how many answers each item was fitted to.
    passes: over the log.
    """

    rates: Floats
    usual_rates: Floats
    weights: Floats
    links: LinkTable
    gains: Gains
    tier: Tier
    offsets: tuple[int, ...]
    item_answers: Floats
    passes: int

    def predict(self, log: AnswerLog) -> Floats:
        """Return P(correct) of every answer before it was given: (n_answers,) float64."""
        return self._walk(log)[0]

    def predict_record(self, log: AnswerLog) -> Floats:
        """Return the same without the context terms."""
        return self._walk(log)[1]

    def predict_as_items_learn(self, log: AnswerLog) -> Floats:
        """Return P(correct) where the difficulty of items moves after each history, in turn.

            ease_i += gain / (1 + fade n_i) (y - p)    for each answer; n_i answers to i before

        The fit itself is left as it is.
        """
        weights = self.weights.copy()
        ease = weights[self.offsets[Block.ITEM] : self.offsets[Block.ITEM + 1]]
        answers = self.item_answers.copy()
        predicted, record = np.empty(log.n_answers), np.empty(log.n_answers)
        links = self.links.find(log)
        for history in range(log.n_histories):
            self._walk_some(log, links, np.array([history]), weights, predicted, record)
            rows = slice(log.starts[history], log.starts[history + 1])
            move_items(ease, answers, log.items[rows], log.correct[rows] - predicted[rows])
        return predicted

    def parameters(self, *, skills: Sequence[str], items: Sequence[str]) -> ModelParameters:
        """Return the parameters for the scalar model, with labels named in their order."""
        rates = [tuple(row) for row in self.rates.tolist()]
        names = self.links.named(skills)
        return ModelParameters(
            rates=dict(zip(skills, rates, strict=True)),
            usual_rates=tuple(self.usual_rates.tolist()),
            skills={skill: place for place, skill in enumerate(skills)},
            items={item: place for place, item in enumerate(items)},
            links={link: place for place, link in enumerate(names)},
            weights=self.weights.tolist(),
            gains=self.gains,
        )

    def _walk(self, log: AnswerLog) -> tuple[Floats, Floats]:
        predicted, record = np.empty(log.n_answers), np.empty(log.n_answers)
        everyone = np.arange(log.n_histories)
        self._walk_some(log, self.links.find(log), everyone, self.weights, predicted, record)
        return predicted, record

    def _walk_some(  # noqa: PLR0917 - the arrays of one call of the compiled loop
        self,
        log: AnswerLog,
        links: Ints,
        histories: Longs,
        weights: Floats,
        predicted: Floats,
        record: Floats,
    ) -> None:
        walk(
            log.starts, log.skill_starts, log.skills, log.items, log.correct, log.seconds,
            links, histories, self.rates, weights,
            np.array(self.offsets, dtype=np.int64), np.array(self.gains.in_order()),
            predicted, record, None,
        )  # fmt: skip


def fit_model(
    log: AnswerLog, tune: AnswerLog, *, tier: Tier, gains: Gains, effort: Effort
) -> FittedModel:
    """Return the model fitted to a log, stopped where the tuning log is predicted best.

    tune: other learners, used for nothing but when to stop.
    """
    descent, usual = _begin(log, tier=tier, gains=gains, effort=effort)
    answers = answers_by_item(log)
    best = fitted_now(descent, usual, answers, passes=0)
    least, waited = log_loss(best.predict(tune), tune.correct), 0

    def watch(made: int) -> bool:
        nonlocal best, least, waited
        now = fitted_now(descent, usual, answers, passes=made)
        loss = log_loss(now.predict(tune), tune.correct)
        waited = 0 if loss < least else waited + 1
        if loss < least:
            best, least = now, loss
        return waited < effort.patience

    descent.run(log, effort.passes, watch=watch)
    return best


def refit_model(log: AnswerLog, like: FittedModel, *, effort: Effort) -> FittedModel:
    """Return the model fitted to another log with the settings and passes of one tuned before."""
    descent, usual = _begin(log, tier=like.tier, gains=like.gains, effort=effort)
    descent.run(log, like.passes, watch=lambda _: True)
    return fitted_now(descent, usual, answers_by_item(log), passes=like.passes)


def predict_bkt(log: AnswerLog, rates: Floats) -> Floats:
    """Return plain BKT's P(correct) of every answer: the mean over its skills.

    rates: (n_skills, 4) float64, prior, learn, guess, slip.
    """
    layout = Layout(log.n_skills, 0, 0)
    predicted, record = np.empty(log.n_answers), np.empty(log.n_answers)
    walk(
        log.starts, log.skill_starts, log.skills, np.full_like(log.items, -1), log.correct,
        log.seconds, np.full(log.n_answers, -1, dtype=np.int32), np.arange(log.n_histories),
        _as_logits(rates), np.zeros(layout.offsets[-1]),
        np.array(layout.offsets, dtype=np.int64), np.array(STILL.in_order()), predicted, record,
        None,
    )  # fmt: skip
    return record


def _begin(log: AnswerLog, *, tier: Tier, gains: Gains, effort: Effort) -> tuple[Descent, Floats]:
    record = fit_bkt(log, limits=SOUND, ridge=RECORD_RIDGE)
    return begin_descent(
        record, learn_links(log), n_items=log.n_items, tier=tier, gains=gains, effort=effort
    )


def begin_descent(
    record: BktFit, links: LinkTable, *, n_items: int, tier: Tier, gains: Gains, effort: Effort
) -> tuple[Descent, Floats]:
    """Return a search that has not begun, and the rates of a skill that was not fitted: (4,)."""
    rates = _as_logits(record.rates)
    settings = Settings(Layout(len(rates), n_items, len(links)), rates, gains, links)
    return Descent(settings, effort, tier), _as_logits(record.usual[None, :])[0]


def fitted_now(
    descent: Descent, usual: Floats, item_answers: Floats, *, passes: int
) -> FittedModel:
    """Return the model as a search has it now."""
    settings = descent.settings
    return FittedModel(
        rates=settings.rates,
        usual_rates=usual,
        weights=descent.weights.copy(),
        links=settings.links,
        gains=settings.gains,
        tier=descent.tier,
        offsets=settings.layout.offsets,
        item_answers=item_answers,
        passes=passes,
    )


def answers_by_item(log: AnswerLog) -> Floats:
    """Return how many answers each item has: (n_items,) float64."""
    known = log.items[log.items != NO_ITEM]
    return np.bincount(known, minlength=log.n_items).astype(np.float64)


def _as_logits(rates: Floats) -> Floats:
    """Return prior, learn, b, D of prior, learn, guess, slip: (n, 4) float64."""
    prior, learn, guess, slip = rates.T
    b = np.log(guess / (1.0 - guess))
    return np.stack([prior, learn, b, np.log((1.0 - slip) / slip) - b], axis=1)
