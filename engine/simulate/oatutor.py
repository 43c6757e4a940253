"""OATutor: the exercise whose skills have the lowest product of masteries.

Written from its published rule (Pardos, Tang, Anastasopoulos, Sheel & Zhang 2023, CHI; the
default heuristic of its source): among problems not completed the lowest product of mastery over
a problem's skills, ties by chance, recycled when all are done; a step moves its first skill only.
It has no prerequisites; the second version looks only at exercises whose skills are all open.
"""

from math import prod

from engine.curriculum import Item
from engine.simulate.chance import Dice
from engine.simulate.protocols import Module, Person
from engine.simulate.rival import Rival


class OATutor:
    """OATutor's rule as published."""

    name = "oatutor"
    about = "Lowest product of masteries over an exercise's skills, as OATutor publishes it."

    def guide(self, module: Module, dice: Dice, person: Person) -> Rival:
        """Return the chooser."""
        return _OATutor(module, dice)


class OATutorGated:
    """OATutor's rule behind a gate of prerequisites."""

    name = "oatutor-gate"
    about = "OATutor's rule, among exercises whose skills are open: prerequisites mastered."

    def guide(self, module: Module, dice: Dice, person: Person) -> Rival:
        """Return the chooser."""
        return _Gated(module, dice)


class _OATutor(Rival):
    first_skill_only = True

    def candidates(self) -> list[Item]:
        return [
            item for item in self.exercises if not all(self.claims(skill) for skill in item.skills)
        ]

    def pick(self) -> Item | None:
        items = self.fresh(self.candidates())
        if not items:
            return None
        scored = [(prod(self.mastery[skill] for skill in item.skills), item) for item in items]
        lowest = min(score for score, _ in scored)
        return self.any_of([item for score, item in scored if score == lowest])


class _Gated(_OATutor):
    # With the gate a skill that is only ever second would never be moved: all skills are.
    first_skill_only = False

    def candidates(self) -> list[Item]:
        skills = set(self.open_skills())
        return [
            item
            for item in self.exercises
            if item.skills[0] in skills
            and all(skill in skills or self.claims(skill) for skill in item.skills)
        ]
