"""Which learners a fit learns from, and which are held out to judge by.

It is a hash of their id, so it never changes: somebody who was held out once is never learned from.
"""

import uuid
from hashlib import sha256

PARTS = 5
HELD_OUT, TUNED_ON = 0, 1
TRAINED_ON = tuple(range(2, PARTS))
FEWEST_JUDGED = 50
"""Fewest held-out answers on a skill of which figures are given."""


def part_of(learner_id: uuid.UUID) -> int:
    """Which part a learner belongs to, for ever."""
    return sha256(learner_id.bytes).digest()[0] % PARTS
