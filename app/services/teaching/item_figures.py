"""What the answers of an agency say about an item: how many were right, and whom it tells apart.

Each learner counts once, with their first answer to the text in use. Below ENOUGH learners a share
says more about the people than the item.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import atanh, sqrt, tanh
from typing import Any

ENOUGH = 10
# Telling weak from strong takes more people than a share does.
ENOUGH_TO_COMPARE = 30
POOR_DISCRIMINATION = 0.2
Z_95 = 1.959964  # the 97.5 % point of the normal distribution


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a share lies with 95 % confidence, both ends in [0, 1]."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Third:
    """What a third of the learners took: the weaker or the stronger one, by their other items."""

    learners: int
    taken: Mapping[str, int]

    def share(self, part: str) -> float:
        """The share of these learners who took this part of the key."""
        return self.taken.get(part, 0) / self.learners if self.learners else 0.0


NOBODY = Third(0, {})


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one item. All but `answers` count each learner's first answer.

    expected: the mean chance of a right answer that was predicted for those learners; None for a
    lesson, or where nothing was predicted.
    taken: how many took each part of the key, by the parts' keys.
    discrimination: the correlation of being right with how much else they had right, -1 to 1.
    ranked: how many learners that rests on; weak and strong are a third of them each.
    """

    answers: int
    learners: int
    right: int
    dont_know: int
    with_hints: int
    expected: float | None
    taken: Mapping[str, int] = field(default_factory=dict)
    median_seconds: float | None = None
    discrimination: float | None = None
    ranked: int = 0
    weak: Third = NOBODY
    strong: Third = NOBODY

    @property
    def enough(self) -> bool:
        return self.learners >= ENOUGH

    @property
    def facility(self) -> float:
        """The share of learners who were right at their first answer."""
        return self.right / self.learners

    @property
    def interval(self) -> Interval:
        return wilson(self.right, self.learners)

    @property
    def gap(self) -> float:
        """Facility less what was expected; 0 while there is not enough data."""
        return self.facility - self.expected if self.enough and self.expected is not None else 0.0

    @property
    def surprise(self) -> str:
        """harder, easier, or "" while what was expected lies within the interval."""
        if not self.enough or self.expected is None:
            return ""
        if self.expected > self.interval.high:
            return "harder"
        return "easier" if self.expected < self.interval.low else ""

    @property
    def compares(self) -> bool:
        """Whether enough learners can be ranked to tell weak from strong."""
        return self.ranked >= ENOUGH_TO_COMPARE and self.discrimination is not None

    @property
    def is_poor(self) -> bool:
        """Whether it hardly tells those who know from those who do not, chance allowed for.

        Even the upper end of the 95 % interval (Fisher's transformation) must be poor.
        """
        if not self.compares or self.discrimination is None:
            return False
        found = min(max(self.discrimination, -0.999), 0.999)
        return tanh(atanh(found) + Z_95 / sqrt(self.ranked - 3)) < POOR_DISCRIMINATION

    def suspects_key(self, key: Mapping[str, bool]) -> str | None:
        """The wrong part that strong learners prefer to every right one, if there is one.

        key: part of the key -> whether it is right. Such an item is likely to have a wrong key.
        """
        if not self.compares:
            return None
        right = max(
            (self.strong.share(part) for part, is_right in key.items() if is_right), default=0
        )
        wrong = [part for part, is_right in key.items() if not is_right]
        most = max(wrong, key=self.strong.share, default=None)
        return most if most is not None and self.strong.share(most) > right else None


NO_FIGURES = Figures(answers=0, learners=0, right=0, dont_know=0, with_hints=0, expected=None)


def wilson(count: int, of: int) -> Interval:
    """Return the 95 % interval of a share (Wilson's score): honest for few people and for extremes.

    Source: Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    share, z2 = count / of, Z_95 * Z_95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z_95 * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def figures(kept: Mapping[str, Any]) -> Figures:
    """The figures of one item, as tallies.py counted them."""
    return Figures(
        answers=kept["answers"],
        learners=kept["learners"],
        right=kept["right"],
        dont_know=kept["dont_know"],
        with_hints=kept["with_hints"],
        expected=kept["predicted"],
        taken=kept["taken"],
        median_seconds=kept["median_seconds"],
        discrimination=kept["discrimination"],
        ranked=kept["ranked"],
        weak=Third(**kept["weak"]),
        strong=Third(**kept["strong"]),
    )
