"""World C: skill grows step by step, most where success is neither certain nor out of reach."""

from math import exp

from engine.curriculum import Curriculum, Item, ItemKind
from engine.simulate.chance import KNOWER_SHARE, SLOW_SHARE, Dice, Draw
from engine.simulate.modules import make_module
from engine.simulate.protocols import Module
from engine.state import Outcome

STEP = 0.45
SLOW_PACE = 0.4
LESSON = 1.5
SLIP = 0.05
SLOPE = 1.2
MASTERED = 1.5
"""Truly mastered from here: 85 % on a standard four-option question."""


class Growth:
    """World C."""

    name = "C"
    about = "Skill grows in small steps, most at 50 to 80 % success."

    def module(self) -> Module:
        """Return the usual module."""
        return make_module()

    def meet(self, module: Module, dice: Dice) -> "GrowingPerson":
        """Return a learner."""
        return GrowingPerson(module.curriculum, dice)


class GrowingPerson:
    """A learner of world C: level x on a logit scale, per skill.

    P(correct) = g + (1 - g - s) sigma(a (x - d))        d: the item's own difficulty
    """

    __slots__ = ("_curriculum", "_dice", "_hard", "_level", "_pace", "_tries", "slow")

    def __init__(self, curriculum: Curriculum, dice: Dice) -> None:
        self._curriculum, self._dice = curriculum, dice
        kind = dice.throw(Draw.PERSON, 0)
        self.slow = dice.throw(Draw.PERSON, 1) < SLOW_SHARE
        self._pace = SLOW_PACE if self.slow else 1.0
        start = 2.6 if kind < KNOWER_SHARE else -1.4 + 1.6 * kind
        self._level = {
            skill: start + 0.5 * dice.bell(Draw.SKILL, 0, skill=skill) for skill in curriculum.order
        }
        self._tries = dict.fromkeys(curriculum.order, 0)
        self._hard = {item.id: ((place * 7) % 11 - 5) / 5.0 * 0.8
                      for place, item in enumerate(curriculum.items)}  # fmt: skip

    def answer(self, item: Item, *, at: float) -> Outcome:
        """Return the outcome and let the skills grow."""
        main = item.skills[0]
        number = self._tries[main]
        self._tries[main] = number + 1
        outcome = Outcome.READ
        if item.kind is ItemKind.EXERCISE:
            right = self._dice.throw(Draw.ANSWER, number, skill=main) < self._chance(item)
            outcome = Outcome.CORRECT if right else Outcome.WRONG
        steps = [(skill, self._growth(skill, item)) for skill in item.skills]
        for skill, step in steps:
            self._level[skill] += step
        return outcome

    def knows(self, skill: str, *, at: float) -> bool:
        """Return whether the level is that of mastery."""
        return self._level[skill] >= MASTERED

    def gain(self, item: Item, *, at: float) -> float:
        """Return the growth on skills not yet mastered."""
        return sum(
            self._growth(skill, item) for skill in item.skills if self._level[skill] < MASTERED
        )

    def delayed(self, skill: str, *, at: float) -> float:
        """Return 1 where it is mastered: nothing is forgotten here."""
        return float(self.knows(skill, at=at))

    def _chance(self, item: Item) -> float:
        level = min(self._level[skill] for skill in item.skills)
        guess = item.guess or 0.0
        return guess + (1.0 - guess - SLIP) * _sigma(SLOPE * (level - self._hard[item.id]))

    def _growth(self, skill: str, item: Item) -> float:
        ready = 1.0
        for needed in self._curriculum.skill(skill).prerequisites:
            ready = min(ready, 0.1 + 0.9 * _sigma(4.0 * (self._level[needed] - 0.8)))
        step = STEP * self._pace * ready
        if item.kind is ItemKind.LESSON:
            return step * LESSON * (1.0 if self._level[skill] < MASTERED else 0.3)
        return step * (1.0 if 0.5 <= self._chance(item) <= 0.8 else 0.4)  # noqa: PLR2004


def _sigma(x: float) -> float:
    return 1.0 / (1.0 + exp(-x))
