"""Small made-up answer logs for the tests of the model."""

import numpy as np

from engine.model.answers import AnswerLog


def make_log(
    *,
    seed: int,
    learners: int = 12,
    answers: int = 40,
    skills: int = 5,
    items: int = 20,
    timed: bool = True,
) -> AnswerLog:
    """Return a log of answers whose skills, items and outcomes are drawn; items keep their skills.

    Learners answer from 1 to `answers` times. Items are none where items is 0.
    """
    chance = np.random.default_rng(seed)
    of_item = [
        np.sort(chance.choice(skills, size=chance.integers(1, min(3, skills) + 1), replace=False))
        for _ in range(max(items, skills))
    ]
    lengths = chance.integers(1, answers + 1, size=learners)
    drawn = chance.integers(0, len(of_item), size=lengths.sum())
    repeat = chance.uniform(size=len(drawn)) < 0.2
    drawn[1:] = np.where(repeat[1:], drawn[:-1], drawn[1:])
    sets = [of_item[item] for item in drawn]
    able = (
        np.repeat(chance.normal(size=learners), lengths) + chance.normal(size=len(of_item))[drawn]
    )
    gaps = np.floor(np.exp(chance.uniform(0, 14, size=len(drawn)))) * (
        chance.uniform(size=len(drawn)) > 0.1
    )
    starts = np.concatenate(([0], np.cumsum(lengths)))
    clock = np.cumsum(gaps)
    return AnswerLog(
        starts=starts.astype(np.int64),
        owners=np.arange(learners),
        folds=(np.arange(learners) % 4 + 1).astype(np.int32),
        skill_starts=np.concatenate(([0], np.cumsum([len(s) for s in sets]))).astype(np.int64),
        skills=np.concatenate(sets).astype(np.int32),
        items=(drawn if items else np.full(len(drawn), -1)).astype(np.int32),
        correct=chance.uniform(size=len(drawn)) < 1 / (1 + np.exp(-able)),
        seconds=clock - np.repeat(clock[starts[:-1]], lengths)
        if timed
        else np.full(len(drawn), np.nan),
        n_skills=skills,
        n_items=len(of_item) if items else 0,
    )
