"""What a world and a policy must offer, so that anybody can add one: two small protocols each.

A World makes modules and people; a Person has a hidden state that answers and learns. A Method
makes a Chooser for one learner; a Chooser says what comes next and hears the answers. Give the
new class a name and add it to engine.simulate.registry: the bench finds it there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.bkt import SkillParameters
from engine.curriculum import Curriculum, Item
from engine.learner import Answer
from engine.simulate.chance import Dice
from engine.state import Outcome


@dataclass(frozen=True, slots=True)
class Module:
    """What is taught, and what everybody believes about it.

    parameters: by skill id, the parameter set that every policy is given; in no world is it
    quite the truth.
    """

    curriculum: Curriculum
    parameters: Mapping[str, SkillParameters]


class Person(Protocol):
    """A simulated learner: a hidden state that answers and learns."""

    slow: bool
    """Whether they learn at less than half the usual pace."""

    def answer(self, item: Item, *, at: float) -> Outcome:
        """Return how the serving ended; moves the hidden state.  at: epoch seconds."""
        ...

    def knows(self, skill: str, *, at: float) -> bool:
        """Return whether the skill is truly mastered at a time."""
        ...

    def gain(self, item: Item, *, at: float) -> float:
        """Return how much closer to mastery the item would bring them now, >= 0. For the oracle."""
        ...

    def delayed(self, skill: str, *, at: float) -> float:
        """Return P(still known) 30 days after a time, in [0, 1]."""
        ...


class World(Protocol):
    """One idea of how people learn."""

    name: str
    about: str
    """One sentence for the table."""

    def module(self) -> Module:
        """Return the module taught there."""
        ...

    def meet(self, module: Module, dice: Dice) -> Person:
        """Return the learner whose luck these dice are."""
        ...


class Chooser(Protocol):
    """What guides one learner."""

    def next(self, *, at: float, number: int) -> Item | None:
        """Return the next item, or None to stop.  number: of the next attempt, from 1."""
        ...

    def hear(self, answer: Answer) -> None:
        """Take in how the serving ended."""
        ...

    def claims(self, skill: str) -> bool:
        """Return whether the policy holds the skill for mastered."""
        ...


class Method(Protocol):
    """One way to choose: makes a chooser for each learner."""

    name: str
    about: str
    """One sentence for the table."""

    def guide(self, module: Module, dice: Dice, person: Person) -> Chooser:
        """Return the chooser for one learner. Only the oracle may look at the person."""
        ...
