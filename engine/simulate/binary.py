"""World B: a skill is known or not, and is learned well only on what it builds on."""

from collections.abc import Mapping
from graphlib import TopologicalSorter

from engine.curriculum import Curriculum, Item, ItemKind
from engine.simulate.chance import KNOWER_SHARE, SLOW_SHARE, Dice, Draw
from engine.simulate.modules import make_module
from engine.simulate.protocols import Module
from engine.state import Outcome

SLOW_PACE = 0.4
UNREADY = 0.1
LESSON = 1.5
SLIP = 0.08
CASE_SLIP = 0.06


class Binary:
    """World B."""

    name = "B"
    about = "Known or not known; learning needs the prerequisites."
    slip = SLIP
    guess_factor = 1.0

    def module(self) -> Module:
        """Return the usual module."""
        return make_module()

    def meet(self, module: Module, dice: Dice) -> "BinaryPerson":
        """Return a learner: every fourth slow, about one in seven a knower."""
        return BinaryPerson(module.curriculum, dice, slip=self.slip, factor=self.guess_factor)


class BinaryPerson:
    """A learner of world B.

    learn: chance to learn from one exercise, by skill.  map: item id -> the skill it truly asks
    for, where the curriculum is wrong.  needs: true prerequisites where they differ.
    """

    __slots__ = (
        "_curriculum", "_dice", "_factor", "_known", "_learn", "_map", "_needs", "_slip", "_tries",
        "slow",
    )  # fmt: skip

    def __init__(
        self,
        curriculum: Curriculum,
        dice: Dice,
        *,
        slip: float,
        factor: float,
        tasks: Mapping[str, str] | None = None,
        needs: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._curriculum, self._dice = curriculum, dice
        self._slip, self._factor = slip, factor
        self._map = tasks or {}
        self._needs = needs or {skill.id: skill.prerequisites for skill in curriculum.skills}
        kind = dice.throw(Draw.PERSON, 0)
        self.slow = dice.throw(Draw.PERSON, 1) < SLOW_SHARE
        pace = SLOW_PACE if self.slow else 1.0
        self._learn = {
            skill: pace * (0.12 + 0.18 * dice.throw(Draw.SKILL, 0, skill=skill))
            for skill in curriculum.order
        }
        self._tries = dict.fromkeys(curriculum.order, 0)
        self._known: dict[str, bool] = {}
        for skill in TopologicalSorter(self._needs).static_order():
            self._known[skill] = self._knew(skill, kind)

    def answer(self, item: Item, *, at: float) -> Outcome:
        """Return the outcome and move what is known."""
        asked = self._asked(item)
        for skill in asked:
            self._recall(skill, at)
        main = asked[0]
        number = self._tries[main]
        outcome = Outcome.READ
        if item.kind is ItemKind.EXERCISE:
            right = self._dice.throw(Draw.ANSWER, number, skill=main) < self._chance(item, asked)
            outcome = Outcome.CORRECT if right else Outcome.WRONG
        for skill in asked:
            rate = self._rate(skill, item)
            if not self._known[skill] and self._dice.throw(Draw.LEARN, number, skill=skill) < rate:
                self._known[skill] = True
        self._tries[main] = number + 1
        return outcome

    def knows(self, skill: str, *, at: float) -> bool:
        """Return whether the skill is known."""
        return self._known[skill]

    def gain(self, item: Item, *, at: float) -> float:
        """Return the chance that the item teaches one of its skills."""
        return sum(
            self._rate(skill, item) for skill in self._asked(item) if not self.knows(skill, at=at)
        )

    def delayed(self, skill: str, *, at: float) -> float:
        """Return 1 where it is known: nothing is forgotten here."""
        return float(self.knows(skill, at=at))

    def _recall(self, skill: str, at: float) -> None:
        """Forget what is forgotten by now: nothing, in this world."""

    def _knew(self, skill: str, kind: float) -> bool:
        usual = 0.95 if kind < KNOWER_SHARE else 0.1 + 0.5 * (kind - KNOWER_SHARE)
        ready = all(self._known[needed] for needed in self._needs[skill])
        return self._dice.throw(Draw.SKILL, 1, skill=skill) < (usual if ready else 0.2 * usual)

    def _asked(self, item: Item) -> tuple[str, ...]:
        other = self._map.get(item.id)
        return item.skills if other is None else (other,)

    def _chance(self, item: Item, asked: tuple[str, ...]) -> float:
        if all(self._known[skill] for skill in asked):
            return 1.0 - self._slip - (CASE_SLIP if item.transfer else 0.0)
        return min(0.6, self._factor * (item.guess or 0.0))

    def _rate(self, skill: str, item: Item) -> float:
        ready = all(self._known[needed] for needed in self._needs[skill])
        rate = self._learn[skill] * (1.0 if ready else UNREADY)
        return rate * LESSON if item.kind is ItemKind.LESSON else rate
