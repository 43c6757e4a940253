"""Common random numbers: the same learner meets the same luck under every policy."""

from collections.abc import Mapping
from enum import IntEnum
from math import cos, log, pi, sqrt

from engine.choice import unit
from engine.curriculum import Curriculum

SLOW_SHARE = 0.25
"""How many people learn slowly."""
KNOWER_SHARE = 0.15
"""How many know nearly all of it before."""
_STRIDE = 1_000_003


class Draw(IntEnum):
    """What a number is drawn for; each has a stream of its own."""

    PERSON = 0
    SKILL = 1
    ANSWER = 2
    LEARN = 3
    FORGET = 4
    CHOICE = 5


class Dice:
    """The luck of one learner: numbers in [0, 1) that depend on what they are drawn for alone.

    The third answer of learner 7 on a skill meets the same number whatever was served before
    it, so that two policies differ by what they do and not by luck.
    """

    __slots__ = ("_places", "_seed")

    def __init__(self, seed: int, learner: int, curriculum: Curriculum) -> None:
        self._seed = int(unit(seed, learner) * 2.0**53)
        self._places: Mapping[str, int] = {
            skill: place for place, skill in enumerate(curriculum.order, start=1)
        }

    def throw(self, draw: Draw, number: int, *, skill: str | None = None) -> float:
        """Return the number of this draw, in [0, 1)."""
        place = 0 if skill is None else self._places[skill]
        return unit(self._seed, (place * 8 + draw) * _STRIDE + number)

    def bell(self, draw: Draw, number: int, *, skill: str | None = None) -> float:
        """Return a standard normal number for this draw (Box & Muller 1958)."""
        first = self.throw(draw, 2 * number + 500_000, skill=skill)
        second = self.throw(draw, 2 * number + 500_001, skill=skill)
        return sqrt(-2.0 * log(1.0 - first)) * cos(2.0 * pi * second)
