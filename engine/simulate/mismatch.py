"""World M: the skill map is wrong and answers say half as much as is believed."""

from engine.simulate.binary import SLIP, Binary, BinaryPerson
from engine.simulate.chance import Dice
from engine.simulate.modules import PREREQUISITES
from engine.simulate.protocols import Module

MISPLACED = {
    "s2-1": "s3", "s3-4": "s2", "s4-0": "s5", "s5-3": "s4", "s5-6": "s6", "s6-1": "s5",
    "s7-2": "s1", "s8-4": "s6", "s8-5": "s9", "s9-0": "s8", "s9-2": "s7", "s4-6": "s7",
}  # fmt: skip
"""Exercises that truly ask for another skill: one in six."""

HIDDEN = {"s3": ("s2",), "s7": ("s5",), "s5": (), "s8": ("s6",)}
"""Where the true prerequisites differ from those written down."""


class Mismatch(Binary):
    """World M."""

    name = "M"
    about = "World B with a wrong skill map, and guesses and slips twice as frequent."
    slip = 2.0 * SLIP
    guess_factor = 2.0

    def meet(self, module: Module, dice: Dice) -> BinaryPerson:
        """Return a learner for whom the map is wrong."""
        needs = {skill: HIDDEN.get(skill, needed) for skill, needed in PREREQUISITES.items()}
        return BinaryPerson(
            module.curriculum,
            dice,
            slip=self.slip,
            factor=self.guess_factor,
            tasks=MISPLACED,
            needs=needs,
        )
