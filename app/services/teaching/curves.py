"""Learning curves: how often learners are right at their first, second, third try on a skill."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# Fewer learners at a try say more about who is left than about learning.
ENOUGH = 10
TRIES_NEEDED = 4
EASY = 0.9  # right at the first try
LEARNED = 0.05  # gain from the first tries to the last that counts as learning
# Whoever masters a skill stops practising it, so later tries tell of those who find it harder. What
# is compared are the tries that at least this share of the learners made.
TOGETHER = 0.5


class CurveKind(StrEnum):
    """What a curve says. The names are those of the DataShop's learning-curve classes."""

    GOOD = "good"
    NO_LEARNING = "no-learning"
    TOO_EASY = "too-easy"
    TOO_FEW = "too-few"


@dataclass(frozen=True, slots=True)
class Point:
    """One try: how many learners made it, and how many of them were right without a hint."""

    number: int
    learners: int
    right: int

    @property
    def share(self) -> float:
        return self.right / self.learners


@dataclass(frozen=True, slots=True)
class Curve:
    """A skill's curve: the tries that enough learners made."""

    points: tuple[Point, ...]
    learners: int

    @property
    def kind(self) -> CurveKind:
        """What it says, from first against last of the tries that most learners made together."""
        if len(self.points) < TRIES_NEEDED:
            return CurveKind.TOO_FEW
        if self.points[0].share >= EASY:
            return CurveKind.TOO_EASY
        most = [p for p in self.points if p.learners >= TOGETHER * self.points[0].learners]
        if len(most) == 1:  # most needed no second try
            return CurveKind.TOO_FEW
        half = len(most) // 2
        gain = _share(most[-half:]) - _share(most[:half])
        return CurveKind.GOOD if gain >= LEARNED else CurveKind.NO_LEARNING


def curve(counts: Sequence[Sequence[int]]) -> Curve:
    """The curve of these counts: [learners, right] for each try in turn."""
    points = []
    for number, (learners, right) in enumerate(counts, start=1):
        if learners < ENOUGH:
            break
        points.append(Point(number, learners, right))
    return Curve(tuple(points), counts[0][0] if counts else 0)


def _share(points: Sequence[Point]) -> float:
    return sum(point.right for point in points) / sum(point.learners for point in points)
