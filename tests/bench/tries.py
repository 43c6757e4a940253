"""A simulated log of every attempt: each item is tried until it is right, in the order it was met.

No public log of this kind may be passed on with what measures it, and such logs are easy to score
well on: after a wrong answer comes the same item again. So this one is drawn from a seed, is called
simulated wherever its figures stand, and is scored on first attempts beside all of them.
"""

import numpy as np

from engine.model.answers import AnswerLog

ITEMS, ITEMS_EACH, SKILLS, FOLDS = 30, 15, 4, 4
EASIER = 0.8
"""How much easier an item is at each further try, in logits: hints, and what was ruled out."""


def simulate_tries(*, learners: int, seed: int) -> AnswerLog:
    """Return the log of so many learners of different ability, in folds 1 to 4, without times.

        P(correct) = sigma(ability - difficulty + EASIER tries before)

    Both are standard normal; each learner meets ITEMS_EACH of the items. Nobody learns from one
    item for another: what can be known here is ability, difficulty and the try.
    """
    chance = np.random.default_rng(seed)
    hard, able = chance.normal(size=ITEMS), chance.normal(size=learners)
    items: list[int] = []
    correct: list[bool] = []
    lengths: list[int] = []
    for learner in range(learners):
        before = len(items)
        for item in chance.permutation(ITEMS)[:ITEMS_EACH]:
            easier = 0.0
            while True:
                chances = 1 / (1 + np.exp(hard[item] - able[learner] - easier))
                items.append(item)
                correct.append(bool(chance.uniform() < chances))
                if correct[-1]:
                    break
                easier += EASIER
        lengths.append(len(items) - before)
    n = len(items)
    return AnswerLog(
        starts=np.concatenate(([0], np.cumsum(lengths))),
        owners=np.arange(learners),
        folds=(np.arange(learners) % FOLDS + 1).astype(np.int32),
        skill_starts=np.arange(n + 1),
        skills=(np.array(items) % SKILLS).astype(np.int32),
        items=np.array(items, dtype=np.int32),
        correct=np.array(correct),
        seconds=np.full(n, np.nan),
        n_skills=SKILLS,
        n_items=ITEMS,
    )
