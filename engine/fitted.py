"""A fitted model as arrays: what a fit returns, and what it expects of any log.

Needs numpy and numba; never imported by a web worker.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.model.answers import AnswerLog, Floats, Ints, Longs
from engine.model.compiled import move_items, walk
from engine.model.layout import Block, Tier
from engine.model.links import LinkTable
from engine.model.parameters import Gains, ModelParameters


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

    def parameters(
        self,
        *,
        skills: Sequence[str],
        items: Sequence[str],
        guesses: Mapping[str, float] | None = None,
    ) -> ModelParameters:
        """Return the parameters for the scalar model, with labels named in their order.

        guesses: of items by label, as in the log that was fitted.
        """
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
            guesses=guesses or {},
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
            log.starts, log.skill_starts, log.skills, log.items, log.guesses,
            log.correct, log.seconds, links, histories, self.rates, weights,
            np.array(self.offsets, dtype=np.int64), np.array(self.gains.in_order()),
            predicted, record, None,
        )  # fmt: skip
