"""Fitting the context terms: mini-batches of learners, slopes added up, one step a batch.

    minimise  -log-likelihood + sum over blocks of ridge_b / 2 |w_b - usual_b|^2

The slopes of a batch are a sum over its learners (a map and a reduce): the parts may be computed
anywhere, and are added in a fixed order, so that one worker or many give the same numbers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from engine.model.answers import AnswerLog, Floats, Ints, Longs
from engine.model.compiled import walk
from engine.model.experience import usual_weights
from engine.model.layout import Block, Layout, Tier, blocks_of
from engine.model.links import LinkTable
from engine.model.parameters import Gains

RIDGE: dict[Block, float] = {
    Block.START: 0.1,
    Block.ITEM: 1.0,
    Block.SKILL: 1.0,
    Block.PRACTICE: 3.0,
    Block.FORM: 3.0,
    Block.FAMILIAR: 3.0,
    Block.FOLLOWS: 4.0,
}
"""Ridge of the level and of blocks with a weight for each label: one over their variance."""
HASTE: dict[Block, float] = {Block.ITEM: 2.0}
_RIDGE_ELSEWHERE = 20.0


@dataclass(frozen=True, slots=True)
class Effort:
    """How long and in what steps to search.

    passes: over the log, at most.  batches: steps a pass.  rate: first step of a weight, logits.
    patience: passes without a better tuning loss before stopping.  workers: threads.
    seed: of the order of learners.
    """

    passes: int = 12
    batches: int = 48
    rate: float = 0.15
    patience: int = 4
    workers: int = 2
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """What a slope needs besides answers and weights; the same in every step of a search."""

    layout: Layout
    rates: Floats
    gains: Gains
    links: LinkTable

    def slope(self, log: AnswerLog, links: Ints, histories: Longs, weights: Floats) -> Floats:
        """Return the slope of the log-loss of some histories: like weights.

        links: (n_answers,) int32, of the log.
        """
        slope = np.zeros_like(weights)
        if len(histories):
            unused = np.empty(log.n_answers)
            walk(log.starts, log.skill_starts, log.skills, log.items, log.guesses,
                 log.correct, log.seconds, links, histories, self.rates, weights,
                 np.array(self.layout.offsets, dtype=np.int64), np.array(self.gains.in_order()),
                 unused, unused, slope)  # fmt: skip
        return slope


@dataclass(slots=True, eq=False)
class Descent:
    """A search in progress: the weights, and how far each has come."""

    settings: Settings
    effort: Effort
    tier: Tier = Tier.HISTORY
    ridges: dict[Block, float] = field(default_factory=lambda: dict(RIDGE))
    haste: dict[Block, float] = field(default_factory=lambda: dict(HASTE))
    weights: Floats = field(init=False)
    _usual: Floats = field(init=False)
    _squares: Floats = field(init=False)
    _ridge: Floats = field(init=False)
    _open: Floats = field(init=False)
    _rate: Floats = field(init=False)

    def __post_init__(self) -> None:
        layout = self.settings.layout
        self._squares = np.ones(layout.offsets[-1])
        used = blocks_of(self.tier)
        sizes = layout.sizes
        self._ridge = np.repeat([self.ridges.get(b, _RIDGE_ELSEWHERE) for b in Block], sizes)
        self._open = np.repeat([float(b in used) for b in Block], sizes)
        self._usual = np.array(usual_weights(layout)) * self._open
        self.weights = self._usual.copy()
        self._rate = np.repeat([self.effort.rate * self.haste.get(b, 1.0) for b in Block], sizes)

    def step(self, slopes: Iterable[Floats], *, share: float) -> None:
        """Go one step down the sum of some slopes, added in their order.

        share: of the log that the slopes are of, in (0, 1].
        """
        total = np.zeros_like(self.weights)
        for slope in slopes:
            total += slope
        _descend(self.weights, self._usual, self._squares, total,
                 self._ridge * share, self._open, self._rate)  # fmt: skip


@njit(cache=True, nogil=True)
def _descend(weights, usual, squares, slope, ridge, used, rate):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0917
    """Take one step of Adagrad. Source: Duchi, Hazan & Singer (2011), JMLR 12, 2121-2159."""
    for place in range(len(weights)):
        g = (slope[place] + ridge[place] * (weights[place] - usual[place])) * used[place]
        squares[place] += g * g
        weights[place] -= rate[place] * g / np.sqrt(squares[place])


def equal_parts(order: Longs, starts: Longs, parts: int) -> list[Longs]:
    """Return histories cut into parts of about the same number of answers."""
    ends = np.cumsum(np.diff(starts)[order])
    if not len(ends):
        return [order] * parts
    cuts = np.searchsorted(ends, ends[-1] * np.arange(1, parts) / parts, side="left")
    return np.split(order, cuts)
