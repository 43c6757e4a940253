"""What each skill's fit rests on, and how it did on answers it had not seen: grounds to settle it.

Needs numpy and numba; never imported by a web worker. What follows from it is `settle`'s.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.fitting import FittedModel
from engine.model.answers import AnswerLog, Flags, Floats
from engine.settle import Evidence

FEWEST_HELD_OUT = 50
"""With fewer held-out answers a skill's calibration says nothing."""
BINS = 5


def evidence(
    fitted: FittedModel,
    learners: Floats,
    held_out: AnswerLog,
    *,
    skills: Sequence[str],
    format_guesses: Mapping[str, float],
) -> dict[str, Evidence]:
    """Return what each skill's fit rests on, by label.

    learners: (n_skills,) float64, how many were fitted to, by skill.
    held_out: other learners than those.  skills: labels in the order of the logs.
    format_guesses: by label, the guess that a skill's formats force; 0 where it is not named.
    """
    predicted = fitted.predict(held_out)
    calibration = calibration_by_skill(predicted, held_out)
    return {
        skill: Evidence(
            learners=int(learners[place]),
            calibration=None if np.isnan(calibration[place]) else float(calibration[place]),
            format_guess=format_guesses.get(skill, 0.0),
        )
        for place, skill in enumerate(skills)
    }


def learners_by_skill(log: AnswerLog) -> Floats:
    """Return how many learners answered on each skill: (n_skills,) float64."""
    pairs = np.unique(
        np.repeat(log.learner_of, np.diff(log.skill_starts)) * log.n_skills + log.skills
    )
    return np.bincount(pairs % log.n_skills, minlength=log.n_skills).astype(np.float64)


def calibration_by_skill(predicted: Floats, log: AnswerLog) -> Floats:
    """Return the calibration error of each skill beyond chance: (n_skills,) float64.

    NaN for a skill with fewer than FEWEST_HELD_OUT answers; an answer counts for all its skills.
    """
    rows = np.repeat(np.arange(log.n_answers), np.diff(log.skill_starts))
    order = np.argsort(log.skills, kind="stable")
    ends = np.cumsum(np.bincount(log.skills, minlength=log.n_skills))
    return np.array(
        [
            error_beyond_chance(predicted[own], log.correct[own])
            for own in np.split(rows[order], ends[:-1])
        ]
    )


def error_beyond_chance(predicted: Floats, correct: Flags) -> float:
    """Return the calibration error over bins of equal size, less what perfect predictions have.

        sum over bins of max(0, |sum (y - p)| - sqrt(2 / pi sum p (1 - p))) / n

    With few answers the plain error is large by chance alone; the square root is its expectation.
    Source: Brocker (2012), Climate Dynamics 39, 655-667, on the bias of binned calibration.
    """
    n = len(correct)
    if n < FEWEST_HELD_OUT:
        return float("nan")
    total = 0.0
    for own in np.array_split(np.argsort(predicted, kind="stable"), BINS):
        p = predicted[own]
        by_chance = np.sqrt(2.0 / np.pi * float((p * (1.0 - p)).sum()))
        total += max(0.0, abs(float((correct[own] - p).sum())) - by_chance)
    return total / n
