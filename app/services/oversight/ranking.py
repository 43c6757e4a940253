"""By what the items of a decision were put in order, read off the figures kept with it."""

from enum import StrEnum
from math import isclose

from engine import Candidate, Recommendation


class Ranking(StrEnum):
    """What stands first among the items that could have been chosen."""

    NEAREST = "nearest"  # the chance of a right answer nearest to the one aimed for
    TELLING = "telling"  # the answer that tells most in a minute
    RESTED = "rested"  # all were seen: the one not seen for longest
    UNSCORED = "unscored"  # the rule knows one item, or an order of its own


def ranking_of(kept: Recommendation) -> Ranking:
    """The ranking of a recommendation's candidates.

    A draw among new items ranks them by score. Only where every item has been seen does another
    order stand: then a better score below a worse one gives it away.
    """
    scores = [candidate.score for candidate in kept.candidates]
    if not any(scores):
        return Ranking.UNSCORED
    if scores != sorted(scores, reverse=True):
        return Ranking.RESTED
    target = kept.reason.terms.get("target")
    if target is None:
        return Ranking.UNSCORED
    nearest = all(_is_nearness(candidate, target) for candidate in kept.candidates)
    return Ranking.NEAREST if nearest else Ranking.TELLING


def _is_nearness(candidate: Candidate, target: float) -> bool:
    predicted = candidate.predicted
    return predicted is not None and isclose(candidate.score, 1.0 - abs(predicted - target))
