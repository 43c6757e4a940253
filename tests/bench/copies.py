"""Learners who are in a log twice: the same answers under another number.

A copy on the other side of a split gives the answers away to whatever remembers them, and the
public logs have some: 23 of the 830 learners of ASSISTments 2009's fold 4, with a fifth of its
answers, agree with one learner of folds 1-3 on more than 99 % of several hundred items.
"""

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from engine.model.answers import NO_ITEM, AnswerLog, Flags, Longs

FEWEST_SHARED = 20
FEWEST_SHARED_ERRORS = 5
"""Two people who get everything right agree without being one."""
LEAST_AGREEMENT = 0.98
LEAST_OVERLAP = 0.5
_AT_ONCE = 200
"""Histories compared with all others at a time: what bounds the memory."""


def is_copied(log: AnswerLog, known: AnswerLog) -> Flags:
    """Return which histories of a log are copies of one in another log: (n_histories,) bool.

    Copies share 20 items, half of the shorter history, 98 % of the answers and 5 errors.
    Labels must be of one file. Where items have no labels, none is found.
    """
    if not (log.items != NO_ITEM).any() or log.n_histories == 0 or known.n_histories == 0:
        return np.zeros(log.n_histories, dtype=bool)
    ours, theirs = _met(log), [table.T.tocsr() for table in _met(known)]
    size, known_size = _size(log), _size(known)
    parts = [slice(first, first + _AT_ONCE) for first in range(0, log.n_histories, _AT_ONCE)]
    return np.concatenate(
        [
            _are_copied([table[part] for table in ours], theirs, size[part], known_size)
            for part in parts
        ]
    )


def _are_copied(
    ours: list[sparse.csr_matrix], theirs: list[sparse.csr_matrix], size: Longs, known_size: Longs
) -> Flags:
    shared, right, wrong = (
        (own @ other).toarray() for own, other in zip(ours, theirs, strict=True)
    )
    shorter = np.minimum(size[:, None], known_size[None, :])
    copies: Flags = (
        (shared >= FEWEST_SHARED)
        & (shared >= LEAST_OVERLAP * shorter)
        & (right + wrong >= LEAST_AGREEMENT * shared)
        & (wrong >= FEWEST_SHARED_ERRORS)
    ).any(axis=1)
    return copies


def _met(log: AnswerLog) -> list[sparse.csr_matrix]:
    """Return histories by items: met at all, first answered right, first answered wrong."""
    rows = _first_rows(log)
    right = log.correct[rows]
    return [_table(log, rows), _table(log, rows[right]), _table(log, rows[~right])]


def _first_rows(log: AnswerLog) -> Longs:
    return np.flatnonzero(log.is_first_meeting() & (log.items != NO_ITEM))


def _table(log: AnswerLog, rows: Longs) -> sparse.csr_matrix:
    places = (log.history_of[rows], log.items[rows])
    return sparse.csr_matrix((np.ones(len(rows)), places), (log.n_histories, log.n_items))


def _size(log: AnswerLog) -> Longs:
    return np.bincount(log.history_of[_first_rows(log)], minlength=log.n_histories)
