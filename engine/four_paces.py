"""engine.pace for just four paces, written out: for engine.swift, which folds whole logs.

A loop over four numbers takes twice as long as what is done with them. Every float comes out as
engine.pace has it, to the last bit; the tests hold the two against each other.
"""

from typing import NamedTuple, cast

from engine.pace import DRIFT

Four = tuple[float, float, float, float]


class Paces(NamedTuple):
    """The four paces of a plan.

    shares: how likely each is before any answer.  drawn: DRIFT of each share.
    """

    shares: Four
    drawn: Four


def make_paces(paces: tuple[float, ...], shares: tuple[float, ...]) -> Paces | None:
    """Return the paces of a plan where they are four, else None."""
    if len(paces) != 4:  # noqa: PLR2004 - what this file is for
        return None
    return Paces(cast(Four, shares), cast(Four, tuple([DRIFT * share for share in shares])))


def see(masteries: Four, if_known: float, if_unknown: float) -> tuple[Four, Four]:
    """Return P(known) after an answer, before the chance to learn, and P(the answer), by pace."""
    a, b, c, d = masteries
    known_a, known_b, known_c, known_d = a * if_known, b * if_known, c * if_known, d * if_known
    all_a = known_a + (1.0 - a) * if_unknown
    all_b = known_b + (1.0 - b) * if_unknown
    all_c = known_c + (1.0 - c) * if_unknown
    all_d = known_d + (1.0 - d) * if_unknown
    chances = all_a, all_b, all_c, all_d
    if all_a > 0.0 and all_b > 0.0 and all_c > 0.0 and all_d > 0.0:
        return (known_a / all_a, known_b / all_b, known_c / all_c, known_d / all_d), chances
    held = (
        known_a / all_a if all_a > 0.0 else a,
        known_b / all_b if all_b > 0.0 else b,
        known_c / all_c if all_c > 0.0 else c,
        known_d / all_d if all_d > 0.0 else d,
    )
    return held, chances


def weigh_paces(paces: Paces, weights: Four, chances: Four) -> Four:
    """Return the posterior over the paces after an answer."""
    a, b, c, d = weights
    at_a, at_b, at_c, at_d = chances
    both_a, both_b, both_c, both_d = a * at_a, b * at_b, c * at_c, d * at_d
    total = both_a + both_b + both_c + both_d
    if total <= 0.0:
        return weights
    left, (to_a, to_b, to_c, to_d) = (1.0 - DRIFT) / total, paces.drawn
    return left * both_a + to_a, left * both_b + to_b, left * both_c + to_c, left * both_d + to_d


def learn_at(weights: Four, held: Four, *, kept: float, rates: Four) -> tuple[Four, float]:
    """Return P(known) at each pace after one chance to learn, and their mean by weight.

    kept: share of what is known that is not forgotten.  rates: chance to learn by pace.
    """
    a, b, c, d = held
    rate_a, rate_b, rate_c, rate_d = rates
    a = a * kept + (1.0 - a) * rate_a
    b = b * kept + (1.0 - b) * rate_b
    c = c * kept + (1.0 - c) * rate_c
    d = d * kept + (1.0 - d) * rate_d
    of_a, of_b, of_c, of_d = weights
    return (a, b, c, d), of_a * a + of_b * b + of_c * c + of_d * d
