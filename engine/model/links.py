"""Which skill sets were asked right after which, as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from engine.model.answers import AnswerLog, Ints, Longs

FEWEST = 5
"""A link seen less often in the training log is no link: it would be learned by heart."""

Links = Sequence[tuple[tuple[int, ...], tuple[int, ...]]]


@dataclass(frozen=True, slots=True, eq=False)
class LinkTable:
    """The links of a training log.

    keys: (n_links,) uint64, sorted.  pairs: the skills before and after, in the order of keys.
    """

    keys: np.ndarray[tuple[int], np.dtype[np.uint64]]
    pairs: Links

    def __len__(self) -> int:
        """Return how many links there are."""
        return len(self.keys)

    def named(self, skills: Sequence[str]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Return the links with skills named by their label, in the order of keys."""
        return [
            (tuple([skills[k] for k in before]), tuple([skills[k] for k in after]))
            for before, after in self.pairs
        ]

    def find(self, log: AnswerLog) -> Ints:
        """Return the link of each row: (n_answers,) int32, -1 where there is none or unknown."""
        keys = _keys(log.starts, log.skill_starts, log.skills)
        if not len(self.keys):
            return np.full(log.n_answers, -1, dtype=np.int32)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[places] == keys, places, -1).astype(np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class LinkCounts:
    """How often each link occurs in a log, be it seldom: what two logs can add up.

    keys: (n,) uint64, sorted.  counts: (n,) int64.  pairs: as in LinkTable.
    """

    keys: np.ndarray[tuple[int], np.dtype[np.uint64]]
    counts: Longs
    pairs: Links

    def joined(self, other: "LinkCounts") -> "LinkCounts":
        """Return the counts of two logs together."""
        keys = np.concatenate((self.keys, other.keys))
        known, first, places = np.unique(keys, return_index=True, return_inverse=True)
        counts = np.concatenate((self.counts, other.counts))
        total = np.bincount(places, weights=counts, minlength=len(known)).astype(np.int64)
        pairs = [*self.pairs, *other.pairs]
        return LinkCounts(known, total, [pairs[place] for place in first])

    def table(self) -> LinkTable:
        """Return the links that occur at least FEWEST times."""
        kept = self.counts >= FEWEST
        pairs = [pair for pair, often in zip(self.pairs, kept, strict=True) if often]
        return LinkTable(self.keys[kept], pairs)


def learn_links(log: AnswerLog) -> LinkTable:
    """Return the links that a log shows at least FEWEST times."""
    return count_links(log).table()


def count_links(log: AnswerLog) -> LinkCounts:
    """Return how often each link occurs in a log."""
    keys = _keys(log.starts, log.skill_starts, log.skills)
    known, rows, counts = np.unique(keys, return_index=True, return_counts=True)
    there = known > 0
    pairs = [(_skills(log, row - 1), _skills(log, row)) for row in rows[there]]
    return LinkCounts(known[there], counts[there].astype(np.int64), pairs)


def _skills(log: AnswerLog, row: int) -> tuple[int, ...]:
    return tuple(log.skills[log.skill_starts[row] : log.skill_starts[row + 1]].tolist())


@njit(cache=True, nogil=True)
def _keys(starts, skill_starts, skills):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Return a 64-bit mix of the skills before and of the skills now; 0 on a first row."""
    keys = np.zeros(len(skill_starts) - 1, np.uint64)
    factor = np.uint64(0x9E3779B97F4A7C15)
    for history in range(len(starts) - 1):
        before = np.uint64(0)
        for row in range(starts[history], starts[history + 1]):
            now = np.uint64(0x2545F4914F6CDD1D)
            for pair in range(skill_starts[row], skill_starts[row + 1]):
                now = (now ^ np.uint64(skills[pair] + 1)) * factor
                now ^= now >> np.uint64(29)
            if row > starts[history]:
                keys[row] = (before * factor + now) | np.uint64(1)
            before = now
    return keys
