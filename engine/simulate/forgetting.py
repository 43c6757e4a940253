"""World F: world B, and what is known fades unless it is used; a test comes 30 days later."""

from engine.curriculum import Curriculum
from engine.evidence import DAY
from engine.simulate.binary import SLIP, Binary, BinaryPerson
from engine.simulate.chance import Dice, Draw
from engine.simulate.protocols import Module

TAU_DAYS = 20.0
PHI = 0.35
GROWTH = 1.25
"""Memory lasts longer by this factor with each use."""
LATER_DAYS = 30.0


class Forgetting(Binary):
    """World F."""

    name = "F"
    about = "World B with forgetting, and a test 30 days later."

    def meet(self, module: Module, dice: Dice) -> BinaryPerson:
        """Return a learner who forgets."""
        return ForgetfulPerson(module.curriculum, dice)


class ForgetfulPerson(BinaryPerson):
    """A learner of world F: P(still known after dt) = (1 + dt / tau_n)^-phi, n uses so far."""

    __slots__ = ("_last", "_uses")

    def __init__(self, curriculum: Curriculum, dice: Dice) -> None:
        self._last: dict[str, float] = dict.fromkeys(curriculum.order, 0.0)
        self._uses: dict[str, int] = dict.fromkeys(curriculum.order, 0)
        super().__init__(curriculum, dice, slip=SLIP, factor=1.0)

    def knows(self, skill: str, *, at: float) -> bool:
        """Return whether the skill is known and would be remembered now."""
        return self._known[skill] and not self._has_faded(skill, at)

    def delayed(self, skill: str, *, at: float) -> float:
        """Return P(still known) 30 days later."""
        if not self.knows(skill, at=at):
            return 0.0
        now = self._survives(skill, at)
        return self._survives(skill, at + LATER_DAYS * DAY) / now

    def _recall(self, skill: str, at: float) -> None:
        if self._known[skill] and self._has_faded(skill, at):
            self._known[skill] = False
        self._last[skill] = at
        self._uses[skill] += 1

    def _has_faded(self, skill: str, at: float) -> bool:
        luck = self._dice.throw(Draw.FORGET, self._uses[skill], skill=skill)
        return luck >= self._survives(skill, at)

    def _survives(self, skill: str, at: float) -> float:
        tau = TAU_DAYS * DAY * GROWTH ** self._uses[skill]
        survives: float = (1.0 + max(0.0, at - self._last[skill]) / tau) ** -PHI
        return survives
