"""Mastery as it is shown: expected success on a standard item of the skill, with an interval.

The estimate that steers (mastery, L) and what is shown are two things. Shown is

    s = L p1 + (1 - L) p0        p1, p0 on an item of difficulty 0, for this learner
    s +- z sqrt(s (1 - s) / (n + 2) + L (1 - L) (p1 - p0)^2)

n: answers behind it, at most RECENT (older ones tell little of now). The first part is what so few
answers leave open, the second that it is not known for sure whether the skill is known.
Under LEAST_ANSWERS answers nothing is said.
"""

from math import exp, sqrt
from typing import NamedTuple

from engine.accountable import Trace, remaining
from engine.plan import Plan
from engine.state import RECENT, SkillState

LEAST_ANSWERS = 3
_WIDTH = 1.2816
"""Standard normal quantile of an 80 % interval."""


class Statement(NamedTuple):
    """Expected success on a standard item, from low to high, all in [0, 1]; answers behind it."""

    success: float
    low: float
    high: float
    answers: int


def state_success(
    plan: Plan, skill: str, state: SkillState | None, trace: Trace, *, at: float
) -> Statement | None:
    """Return what can be said of a skill at a time; None where there is not enough data.

    state: the learner's in the skill, None if never met.  at: epoch seconds.
    """
    if state is None:
        return None
    mastery = state.mastery
    if plan.terms is not None:
        mastery = remaining(plan.terms, state, at=at)
    return say_success(plan, skill, mastery=mastery, answers=state.answers, ability=trace.ability)


def say_success(
    plan: Plan, skill: str, *, mastery: float, answers: int, ability: float
) -> Statement | None:
    """Return what can be said of a skill known this well; None where there is not enough data.

    mastery: L, in [0, 1].  answers: on the skill, >= 0.  ability: theta, in logits; a plain plan
    does without it.
    """
    if answers < LEAST_ANSWERS:
        return None
    shift = 0.0 if plan.terms is None else plan.terms.coupling * ability
    p1, p0 = plan.emission(skill, None, 1.0 if shift == 0.0 else exp(shift))
    success = mastery * p1 + (1.0 - mastery) * p0
    behind = min(answers, RECENT)
    spread = _WIDTH * sqrt(
        success * (1.0 - success) / (behind + 2) + mastery * (1.0 - mastery) * (p1 - p0) ** 2
    )
    return Statement(success, max(0.0, success - spread), min(1.0, success + spread), answers)
