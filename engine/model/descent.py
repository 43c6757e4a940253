"""Fitting the context terms: mini-batches of learners, slopes added up, one step a batch.

    minimise  -log-likelihood + sum over blocks of ridge_b / 2 |w_b - usual_b|^2

The slopes of a batch are a sum over its learners (a map and a reduce): the parts may be computed
anywhere, and are added in a fixed order, so that one worker or many give the same numbers.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
_PARTS = 2
"""Parts of a batch, fixed so that the sum does not depend on how many workers there are."""


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


@dataclass(slots=True, eq=False)
class Descent:
    """A search in progress, over one log with given record rates."""

    log: AnswerLog
    rates: Floats
    gains: Gains
    links: LinkTable
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
    layout: Layout = field(init=False)
    _offsets: Longs = field(init=False)
    _row_links: Ints = field(init=False)
    _gains: Floats = field(init=False)
    _unused: Floats = field(init=False)

    def __post_init__(self) -> None:
        layout = self.layout = Layout(self.log.n_skills, self.log.n_items, len(self.links))
        self._offsets = np.array(layout.offsets, dtype=np.int64)
        self._squares = np.ones(layout.offsets[-1])
        used = blocks_of(self.tier)
        sizes = layout.sizes
        self._ridge = np.repeat([self.ridges.get(b, _RIDGE_ELSEWHERE) for b in Block], sizes)
        self._open = np.repeat([float(b in used) for b in Block], sizes)
        self._usual = np.array(usual_weights(layout)) * self._open
        self.weights = self._usual.copy()
        self._rate = np.repeat([self.effort.rate * self.haste.get(b, 1.0) for b in Block], sizes)
        self._gains = np.array(self.gains.in_order())
        self._unused = np.empty(self.log.n_answers)
        self._row_links = self.links.find(self.log)

    def run(self, passes: int, *, watch: Callable[[int], bool]) -> int:
        """Make up to so many passes, as long as watch(passes made) says to go on; return them."""
        chance = np.random.default_rng(self.effort.seed)
        with ThreadPoolExecutor(self.effort.workers) as pool:
            for made in range(1, passes + 1):
                self._pass(chance.permutation(self.log.n_histories), pool)
                if not watch(made):
                    return made
        return passes

    def _pass(self, order: Longs, pool: ThreadPoolExecutor) -> None:
        batches = min(self.effort.batches, len(order))
        shares = _equal_parts(order, self.log.starts, batches)
        for batch in shares:
            parts = _equal_parts(batch, self.log.starts, _PARTS)
            slopes = list(pool.map(self._slope, parts))
            _descend(self.weights, self._usual, self._squares, slopes[0], slopes[1],
                     self._ridge / batches, self._open, self._rate)  # fmt: skip

    def _slope(self, histories: Longs) -> Floats:
        slope = np.zeros_like(self.weights)
        if len(histories):
            log, unused = self.log, self._unused
            walk(log.starts, log.skill_starts, log.skills, log.items, log.correct, log.seconds,
                 self._row_links, histories, self.rates, self.weights, self._offsets, self._gains,
                 unused, unused, slope)  # fmt: skip
        return slope


@njit(cache=True, nogil=True)
def _descend(weights, usual, squares, slope, more, ridge, used, rate):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0917
    """Take one step of Adagrad. Source: Duchi, Hazan & Singer (2011), JMLR 12, 2121-2159."""
    for place in range(len(weights)):
        g = (slope[place] + more[place] + ridge[place] * (weights[place] - usual[place])) * used[
            place
        ]
        squares[place] += g * g
        weights[place] -= rate[place] * g / np.sqrt(squares[place])


def _equal_parts(order: Longs, starts: Longs, parts: int) -> list[Longs]:
    """Return histories cut into parts of about the same number of answers."""
    ends = np.cumsum(np.diff(starts)[order])
    if not len(ends):
        return [order] * parts
    cuts = np.searchsorted(ends, ends[-1] * np.arange(1, parts) / parts, side="left")
    return np.split(order, cuts)
