"""Planning by expected mastery: one step ahead (greedy), and two (lookahead)."""

from engine.curriculum import Item
from engine.simulate.chance import Dice
from engine.simulate.protocols import Module, Person
from engine.simulate.rival import MASTERED, Rival


class GreedyGain:
    """The exercise with the largest expected gain in mastery a minute."""

    name = "greedy-gain"
    about = "Largest expected gain in mastery a minute, one answer ahead."

    def guide(self, module: Module, dice: Dice, person: Person) -> Rival:
        """Return the chooser."""
        return _Greedy(module, dice)


class Lookahead:
    """The best first answer of a plan of two, counting skills that become mastered."""

    name = "lookahead"
    about = "The first of two answers that together promise most newly mastered skills a minute."

    def guide(self, module: Module, dice: Dice, person: Person) -> Rival:
        """Return the chooser."""
        return _Lookahead(module, dice)


class _Greedy(Rival):
    def pick(self) -> Item | None:
        if all(map(self.claims, self.curriculum.order)):
            return None
        return max(self.fresh(self.exercises), key=self._gain)

    def _gain(self, item: Item) -> float:
        # Bayes' rule gains nothing in the mean: what is left is what an answer teaches.
        gain = sum((1.0 - self.mastery[it]) * self.parameters[it].learn for it in item.skills)
        return gain / item.minutes


class _Lookahead(Rival):
    def pick(self) -> Item | None:
        skills = self.open_skills()
        if not skills:
            return None
        best: tuple[float, Item] | None = None
        for skill in skills:
            own = [it for it in self.curriculum.exercises(skill) if it.skills[0] == skill]
            for item in self.fresh(own):
                value = self._value(skill, item, depth=2) / item.minutes
                if best is None or value > best[0]:
                    best = value, item
        return None if best is None else best[1]

    def _value(self, skill: str, item: Item, *, depth: int) -> float:
        """Return the expected worth of mastery after `depth` answers to such an item."""
        right = self.predicted(skill, item)
        kept, value = self.mastery[skill], 0.0
        before = _worth(kept)
        for correct, share in ((True, right), (False, 1.0 - right)):
            self.mastery[skill] = after = self.after(skill, item, correct=correct)
            more = self._value(skill, item, depth=depth - 1) if depth > 1 else 0.0
            value += share * (_worth(after) - before + more)
            self.mastery[skill] = kept
        return value


def _worth(mastery: float) -> float:
    return mastery + (1.0 if mastery >= MASTERED else 0.0)
