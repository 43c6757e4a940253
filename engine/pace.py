"""How fast somebody learns: the record, kept once for each pace that is thought possible.

    learn   L_r <- L_r' (1 - f) + (1 - L_r') min(1, T r)      L_r' by Bayes, for each pace r
    pace    w_r <- w_r P(o | L_r)      scaled to sum to 1, then drawn a little toward the shares
    record  L = sum of w_r L_r

The pace belongs to a person and is learned over all skills alike, so that a skill that is new to
somebody is judged by how fast they learned the others. It is drawn back a little at every answer:
people change. Where a set names no paces everybody learns at 1, and the record is BKT's.
Source: learning rates differ more between people than priors do, Yudelson, Koedinger & Gordon
(2013), AIED, 171-180; parallel filters, one for each hypothesis, Magill (1965), IEEE TAC 10(4).
"""

from collections.abc import Sequence
from typing import NamedTuple

from engine.bkt import SkillParameters, weigh

DRIFT = 0.002
"""How far the posterior is drawn toward the shares at every answer."""


class Paced(NamedTuple):
    """What one answer says about one skill at each pace.

    masteries: P(known) by pace, forgetting included, before the answer.
    if_known, if_unknown: P(o | known), P(o | not known) of what was answered.
    own: the skill's parameters.
    """

    masteries: tuple[float, ...]
    if_known: float
    if_unknown: float
    own: SkillParameters


def weigh_paces(
    weights: Sequence[float], shares: Sequence[float], skills: Sequence[Paced]
) -> tuple[float, ...]:
    """Return the posterior over the paces after an answer to an item of these skills.

    weights, shares: before this answer and before any, each >= 0 and summing to 1.
    The chance of the answer at a pace is the mean over the item's skills, as in a prediction. An
    answer that is impossible at every pace says nothing.
    """
    joint, total = [], 0.0
    for at, weight in enumerate(weights):
        chance = 0.0
        for masteries, if_known, if_unknown, _ in skills:
            chance += masteries[at] * if_known + (1.0 - masteries[at]) * if_unknown
        joint.append(weight * chance)
        total += weight * chance
    if total <= 0.0:
        return tuple(weights)
    kept = (1.0 - DRIFT) / total
    return tuple([kept * own + DRIFT * share for own, share in zip(joint, shares, strict=True)])


def learn_at_paces(paces: Sequence[float], skill: Paced) -> tuple[float, ...]:
    """Return P(known) of a skill at each pace after the answer and one chance to learn."""
    _, if_known, if_unknown, own = skill
    kept, rate = 1.0 - own.forget, own.learn
    after = []
    for pace, mastery in zip(paces, skill.masteries, strict=True):
        held = weigh(mastery, if_known=if_known, if_unknown=if_unknown)
        after.append(held * kept + (1.0 - held) * min(1.0, rate * pace))
    return tuple(after)


def mean_mastery(weights: Sequence[float], masteries: Sequence[float]) -> float:
    """Return L, the mean of the masteries by pace, weighed by how likely each pace is."""
    mean = 0.0  # sum() adds otherwise from Python 3.12 on, and a log has to replay under both
    for weight, own in zip(weights, masteries, strict=True):
        mean += weight * own
    return mean
