"""The oracle: sees what is truly known, serves what teaches most a minute, stops in time."""

from engine.curriculum import Item
from engine.learner import Answer
from engine.simulate.chance import Dice
from engine.simulate.protocols import Module, Person


class Oracle:
    """No policy can do as well: it looks into the head."""

    name = "oracle"
    about = "Sees what is truly known: the limit of what choosing can do."

    def guide(self, module: Module, dice: Dice, person: Person) -> "OracleChooser":
        """Return the chooser."""
        return OracleChooser(module, person)


class OracleChooser:
    """The oracle for one learner: prerequisites first, the largest gain a minute."""

    def __init__(self, module: Module, person: Person) -> None:
        self._module, self._person = module, person
        self._read: set[str] = set()
        self._at = 0.0

    def next(self, *, at: float, number: int) -> Item | None:
        """Return the item with the largest gain a minute among the first skills not known."""
        self._at = at
        curriculum, person = self._module.curriculum, self._person
        unknown = [skill for skill in curriculum.order if not person.knows(skill, at=at)]
        if not unknown:
            return None
        items = [
            item
            for item in curriculum.items
            if item.id not in self._read and any(skill in unknown for skill in item.skills)
        ]
        return max(items, key=lambda item: person.gain(item, at=at) / item.minutes)

    def hear(self, answer: Answer) -> None:
        """Remember which lessons were read: twice is once too often."""
        if answer.outcome == "read":
            self._read.add(answer.item.id)

    def claims(self, skill: str) -> bool:
        """Return what is true."""
        return self._person.knows(skill, at=self._at)
