"""The plain policies: random, fixed count, fixed order with mastery, gated lowest mastery."""

from engine.curriculum import Item, ItemKind
from engine.simulate.chance import Dice
from engine.simulate.protocols import Module, Person
from engine.simulate.rival import Rival


class Random:
    """Any exercise, until every skill is mastered."""

    name = "random"
    about = "Any exercise by chance, until all skills are mastered."

    def guide(self, module: Module, dice: Dice, person: Person) -> Rival:
        """Return the chooser."""
        return _Random(module, dice)


class _Random(Rival):
    def pick(self) -> Item | None:
        if all(map(self.claims, self.curriculum.order)):
            return None
        return self.any_of(self.fresh(self.exercises))


class FixedCount:
    """The course as it is written: everybody gets everything once."""

    name = "fixed-count"
    about = "A course as usual: a lesson, every exercise once, skill after skill."

    def guide(self, module: Module, dice: Dice, person: Person) -> Rival:
        """Return the chooser."""
        return _FixedCount(module, dice)


class _FixedCount(Rival):
    def __init__(self, module: Module, dice: Dice) -> None:
        super().__init__(module, dice)
        self._left = fixed_sequence(module)[::-1]

    def next(self, *, at: float, number: int) -> Item | None:
        return self._left.pop() if self._left else None

    def claims(self, skill: str) -> bool:
        return True


def fixed_sequence(module: Module) -> list[Item]:
    """Return the fixed sequence: of each skill the first lesson and every exercise."""
    curriculum = module.curriculum
    return [
        item
        for skill in curriculum.order
        for item in (*curriculum.lessons(skill)[:1], *_of(module, skill))
    ]


class FixedMastery:
    """Skill after skill in a fixed order, each until mastered."""

    name = "fixed-mastery"
    about = "Skills in a fixed order, each until mastered (Bloom 1968, Corbett & Anderson 1995)."

    def guide(self, module: Module, dice: Dice, person: Person) -> Rival:
        """Return the chooser."""
        return _FixedMastery(module, dice)


class _FixedMastery(Rival):
    def pick(self) -> Item | None:
        for skill in self.curriculum.order:
            if not self.claims(skill):
                return self.fresh(_main(self, skill))[0]
        return None


class GatedLowest:
    """The open skill with the lowest mastery."""

    name = "gated-lowest"
    about = "Of the skills whose prerequisites are mastered, the one with the lowest mastery."

    def guide(self, module: Module, dice: Dice, person: Person) -> Rival:
        """Return the chooser."""
        return _GatedLowest(module, dice)


class _GatedLowest(Rival):
    def pick(self) -> Item | None:
        skills = self.open_skills()
        if not skills:
            return None
        lowest = min(skills, key=lambda skill: self.mastery[skill])
        return self.any_of(self.fresh(_main(self, lowest)))


def _main(rival: Rival, skill: str) -> list[Item]:
    return [item for item in rival.curriculum.exercises(skill) if item.skills[0] == skill]


def _of(module: Module, skill: str) -> list[Item]:
    return [
        item
        for item in module.curriculum.items
        if item.kind is ItemKind.EXERCISE and item.skills[0] == skill
    ]
