"""Worlds R and P: what our model, and what plain BKT, find in a public answer log.

The figures in fitted.json are written by tests.bench.fitted_worlds from ASSISTments 2009 (folds
1-3), skills spread over the range found there. What the log does not hold is taken from world B:
that learning needs the prerequisites, and that a quarter learn slowly.
"""

import json
from dataclasses import replace
from functools import cache
from math import exp, log
from pathlib import Path
from statistics import NormalDist
from typing import Any

from engine.bkt import SkillParameters
from engine.curriculum import Curriculum, Item, ItemKind
from engine.simulate.binary import LESSON, UNREADY
from engine.simulate.chance import SLOW_SHARE, Dice, Draw
from engine.simulate.modules import PREREQUISITES, make_curriculum
from engine.simulate.protocols import Module
from engine.state import Outcome

SLOW_PACE, USUAL_PACE = 0.4, 1.2
"""A quarter slow, the others so that the mean is what was fitted."""
ALIKE = 0.7
"""Correlation of a person with what they know at first: 0.7^2 between two skills."""
_NORMAL = NormalDist()


@cache
def _figures() -> dict[str, Any]:
    figures: dict[str, Any] = json.loads(Path(__file__).with_name("fitted.json").read_text())
    return figures


class FittedByRival:
    """World P: plain BKT's own world."""

    name = "P"
    about = "Parameters that plain BKT finds in a public answer log."
    ability_spread = 0.0
    item_spread = 0.0

    def module(self) -> Module:
        """Return the module with the fitted parameters of nine skills, hard to easy to learn."""
        return Module(make_curriculum(own_guess=False), _spread(self.skills()))

    def skills(self) -> list[SkillParameters]:
        """Return all fitted skills."""
        return [SkillParameters(*row) for row in _figures()["plain"]]

    def meet(self, module: Module, dice: Dice) -> "FittedPerson":
        """Return a learner."""
        return FittedPerson(
            module, dice, ability_spread=self.ability_spread, item_spread=self.item_spread
        )


class FittedByOurs(FittedByRival):
    """World R: our model's own world, with ability and item difficulty."""

    name = "R"
    about = "Parameters that our model finds in the same log, with ability and item difficulty."

    def __init__(self) -> None:
        self.ability_spread = float(_figures()["ability_spread"])
        self.item_spread = float(_figures()["item_spread"])

    def skills(self) -> list[SkillParameters]:
        """Return all fitted skills: guess = sigma(b), slip = 1 - sigma(b + D)."""
        return [
            SkillParameters(prior, learn, _sigma(b), 1.0 - _sigma(b + span))
            for prior, learn, b, span in _figures()["ours"]
        ]


class FittedPerson:
    """A learner of a fitted world: known or not, with an ability that moves every answer.

    logit P(correct) = b + D known + theta - d        theta: ability; d: the item's difficulty
    """

    __slots__ = (
        "_ability",
        "_hard",
        "_known",
        "_module",
        "_pace",
        "_tries",
        "dice",
        "slow",
    )

    def __init__(
        self, module: Module, dice: Dice, *, ability_spread: float, item_spread: float
    ) -> None:
        self._module, self.dice = module, dice
        order = module.curriculum.order
        self.slow = dice.throw(Draw.PERSON, 1) < SLOW_SHARE
        self._pace = SLOW_PACE if self.slow else USUAL_PACE
        self._ability = ability_spread * dice.bell(Draw.PERSON, 3)
        alike = dice.bell(Draw.PERSON, 2)
        self._known = {skill: self._knew(skill, alike) for skill in order}
        self._tries = dict.fromkeys(order, 0)
        self._hard = _difficulties(module.curriculum, item_spread)

    def answer(self, item: Item, *, at: float) -> Outcome:
        """Return the outcome and move what is known."""
        main = item.skills[0]
        number = self._tries[main]
        self._tries[main] = number + 1
        outcome = Outcome.READ
        if item.kind is ItemKind.EXERCISE:
            right = self.dice.throw(Draw.ANSWER, number, skill=main) < self._chance(item)
            outcome = Outcome.CORRECT if right else Outcome.WRONG
        for skill in item.skills:
            rate = self._rate(skill, item)
            if not self._known[skill] and self.dice.throw(Draw.LEARN, number, skill=skill) < rate:
                self._known[skill] = True
        return outcome

    def knows(self, skill: str, *, at: float) -> bool:
        """Return whether the skill is known."""
        return self._known[skill]

    def gain(self, item: Item, *, at: float) -> float:
        """Return the chance that the item teaches one of its skills."""
        return sum(self._rate(skill, item) for skill in item.skills if not self._known[skill])

    def delayed(self, skill: str, *, at: float) -> float:
        """Return 1 where it is known: nothing is forgotten here."""
        return float(self._known[skill])

    def _knew(self, skill: str, alike: float) -> bool:
        prior = self._module.parameters[skill].prior
        own = self.dice.bell(Draw.SKILL, 1, skill=skill)
        level = ALIKE * alike + (1.0 - ALIKE * ALIKE) ** 0.5 * own
        bar: float = _NORMAL.inv_cdf(min(max(prior, 0.001), 0.999))
        return bool(level < bar)

    def _chance(self, item: Item) -> float:
        total = 0.0
        for skill in item.skills:
            own = self._module.parameters[skill]
            base = 1.0 - own.slip if self._known[skill] else own.guess
            if self._ability or self._hard[item.id]:
                base = _sigma(_logit(base) + self._ability - self._hard[item.id])
            total += base
        return total / len(item.skills)

    def _rate(self, skill: str, item: Item) -> float:
        needed = self._module.curriculum.skill(skill).prerequisites
        ready = all(self._known[it] for it in needed)
        rate = self._module.parameters[skill].learn * self._pace * (1.0 if ready else UNREADY)
        return rate * LESSON if item.kind is ItemKind.LESSON else rate


def _spread(skills: list[SkillParameters]) -> dict[str, SkillParameters]:
    """Return nine of the skills, evenly over the range of learn, by skill id."""
    ranked = sorted(skills, key=lambda it: it.learn)
    step = len(ranked) / len(PREREQUISITES)
    places = [int((place + 0.5) * step) for place in range(len(PREREQUISITES))]
    # Hard and easy ones take turns along the module.
    places = [places[(4 * at) % len(places)] for at in range(len(places))]
    return {
        skill: replace(ranked[place]) for skill, place in zip(PREREQUISITES, places, strict=True)
    }


@cache
def _bell_of(place: int) -> float:
    return _NORMAL.inv_cdf(((place * 37) % 101 + 0.5) / 101)


def _difficulties(curriculum: Curriculum, spread: float) -> dict[str, float]:
    return {item.id: spread * _bell_of(place) for place, item in enumerate(curriculum.items)}


def _sigma(x: float) -> float:
    return 1.0 / (1.0 + exp(-x))


def _logit(p: float) -> float:
    return log(p / (1.0 - p))
