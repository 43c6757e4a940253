"""What is being forgotten, and when to refresh it.

Memory fades by a power law of elapsed time, and more slowly the more often it was refreshed at
intervals:

    recall(dt) = (1 + dt / tau_n)^(-PHI)        tau_n = TAU_DAYS * GROWTH^(n - 1)

dt: days since the last success, >= 0.  n: successes at least 20 hours apart, at most TOP.
With a threshold of .85 the first review comes after 11.5 days, the next after 23, 46, 92 ...
Source: power-law forgetting, Wixted & Carpenter (2007), Psychological Science 18, 133-134;
growth with spaced successes, Settles & Meeder (2016), ACL, 1848-1858. The constants are expert
choices of this version, to be fitted once there are answers to fit.
"""

from functools import lru_cache

from engine.evidence import DAY
from engine.policy import Policy
from engine.state import SkillState

PHI = 0.5
TAU_DAYS = 30.0
GROWTH = 2.0
TOP = 7
"""Stability stops growing at this many spaced successes (tau = 5 years)."""


def recall(state: SkillState, *, at: float) -> float:
    """Return the predicted recall in [0, 1] of what the skill's successes built, at a time.

        (1 + dt / tau_n)^(-PHI)

    at: epoch seconds; a time before the last success gives 1.  0.0 before any success.
    """
    last = state.last_success_at
    if last is None:
        return 0.0
    elapsed_days = max(0.0, at - last) / DAY
    scaled: float = (1.0 + elapsed_days / _stability_days(state.successes)) ** -PHI
    return scaled


def due_at(state: SkillState, policy: Policy) -> float:
    """Return the epoch seconds at which predicted recall falls to the policy's review_recall.

        last success + tau_n (R^(-1 / PHI) - 1)

    Infinity before any success: there is nothing to review.
    """
    last = state.last_success_at
    if last is None:
        return float("inf")
    return last + intervals(policy)[min(state.successes, TOP)]


@lru_cache(maxsize=16)
def intervals(policy: Policy) -> tuple[float, ...]:
    """Return the seconds from the last success to the next review, by number of successes.

    tau_n (R^(-1 / PHI) - 1)        n = 0 (as 1) ... TOP
    """
    days = [_stability_days(successes) * _stretch(policy) for successes in range(TOP + 1)]
    return tuple(DAY * interval for interval in days)


def first_review_days(policy: Policy) -> float:
    """Return the days from a first success to its review: tau_1 (R^(-1 / PHI) - 1), > 0."""
    return intervals(policy)[1] / DAY


def _stretch(policy: Policy) -> float:
    """Return how many tau it takes for recall to fall to the policy's review_recall."""
    reach: float = policy.review_recall ** (-1.0 / PHI) - 1.0
    return reach


def _stability_days(successes: int) -> float:
    tau: float = TAU_DAYS * GROWTH ** (min(max(successes, 1), TOP) - 1)
    return tau
