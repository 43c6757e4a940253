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

    keys: (n,) uint64, sorted.  counts: (n,) int64.
    pairs: (n, 2, width) int32, the skills before and after, -1 beyond their number.
    """

    keys: np.ndarray[tuple[int], np.dtype[np.uint64]]
    counts: Longs
    pairs: Ints

    def joined(self, other: "LinkCounts") -> "LinkCounts":
        """Return the counts of two logs together."""
        keys = np.concatenate((self.keys, other.keys))
        known, first, places = np.unique(keys, return_index=True, return_inverse=True)
        counts = np.concatenate((self.counts, other.counts))
        total = np.bincount(places, weights=counts, minlength=len(known)).astype(np.int64)
        width = max(self.pairs.shape[2], other.pairs.shape[2])
        pairs = np.concatenate((_widened(self.pairs, width), _widened(other.pairs, width)))
        return LinkCounts(known, total, pairs[first])

    def table(self) -> LinkTable:
        """Return the links that occur at least FEWEST times."""
        kept = self.counts >= FEWEST
        pairs = self.pairs[kept].tolist()
        return LinkTable(
            self.keys[kept], [(_told(before), _told(after)) for before, after in pairs]
        )


def learn_links(log: AnswerLog) -> LinkTable:
    """Return the links that a log shows at least FEWEST times."""
    return count_links(log).table()


def count_links(log: AnswerLog) -> LinkCounts:
    """Return how often each link occurs in a log."""
    keys = _keys(log.starts, log.skill_starts, log.skills)
    known, rows, counts = np.unique(keys, return_index=True, return_counts=True)
    there = known > 0
    after = rows[there]
    pairs = np.stack([_skills(log, after - 1), _skills(log, after)], axis=1)
    return LinkCounts(known[there], counts[there].astype(np.int64), pairs)


def _skills(log: AnswerLog, rows: Longs) -> Ints:
    """Return the skills of some rows: (n_rows, most of one row) int32, -1 beyond their number."""
    sizes = np.diff(log.skill_starts)
    within = np.arange(sizes.max(initial=1))
    places = np.minimum(log.skill_starts[rows, None] + within, len(log.skills) - 1)
    return np.where(within < sizes[rows, None], log.skills[places], -1).astype(np.int32)


def _widened(pairs: Ints, width: int) -> Ints:
    more = ((0, 0), (0, 0), (0, width - pairs.shape[2]))
    return np.pad(pairs, more, constant_values=-1)


def _told(skills: Sequence[int]) -> tuple[int, ...]:
    return tuple([skill for skill in skills if skill >= 0])


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
