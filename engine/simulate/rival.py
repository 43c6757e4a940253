"""What all rivals share: plain BKT of the skills, lessons after misses, a stop rule.

Every rival gets the same parameter set as we do and teaches alike: the lesson after the first
miss on a skill, the worked case after four. So what is compared is the order and the stop.
"""

from collections.abc import Iterable

from engine.bkt import bounded_guess, weigh
from engine.curriculum import Item, ItemKind
from engine.learner import Answer
from engine.simulate.chance import Dice, Draw
from engine.simulate.protocols import Module
from engine.state import Outcome

MASTERED = 0.95
"""Mastery at which rivals stop: the threshold of the mastery learning literature."""
SECOND_LESSON = 4


class Rival:
    """The common part of a rival's chooser. A rival says which exercise: pick()."""

    first_skill_only = False
    """Whether an answer moves only the first of an item's skills."""

    def __init__(self, module: Module, dice: Dice) -> None:
        self.curriculum, self.dice = module.curriculum, dice
        self.parameters = module.parameters
        self.mastery = {skill: own.prior for skill, own in module.parameters.items()}
        self.exercises = tuple(
            item
            for item in self.curriculum.items
            if item.kind is ItemKind.EXERCISE and not item.transfer
        )
        self.misses = dict.fromkeys(self.curriculum.order, 0)
        self.read: set[str] = set()
        self.done: set[str] = set()
        self.last: Item | None = None
        self.number = 0

    def next(self, *, at: float, number: int) -> Item | None:
        """Return the lesson that is due, or else what the rival picks."""
        self.number = number
        if self.last is not None and (lesson := self._lesson(self.last.skills[0])) is not None:
            return lesson
        return self.pick()

    def pick(self) -> Item | None:
        """Return the exercise the rival chooses, None to stop."""
        raise NotImplementedError

    def hear(self, answer: Answer) -> None:
        """Move mastery by plain BKT."""
        item = answer.item
        self.last = item
        if answer.outcome is Outcome.READ:
            self.read.add(item.id)
            return
        self.done.add(item.id)
        correct = answer.outcome is Outcome.CORRECT
        if not correct:
            self.misses[item.skills[0]] += 1
        for skill in item.skills[:1] if self.first_skill_only else item.skills:
            self.mastery[skill] = self.after(skill, item, correct=correct)
        self.heard(item, correct=correct)

    def heard(self, item: Item, *, correct: bool) -> None:
        """Take in an answer beyond mastery; most rivals need no more."""

    def claims(self, skill: str) -> bool:
        """Return whether mastery is at the threshold."""
        return self.mastery[skill] >= MASTERED

    def after(self, skill: str, item: Item, *, correct: bool) -> float:
        """Return the mastery of a skill after an answer to an item."""
        own = self.parameters[skill]
        guess = own.guess if item.guess is None else bounded_guess(item.guess, slip=own.slip)
        known, unknown = (1.0 - own.slip, guess) if correct else (own.slip, 1.0 - guess)
        mastery = weigh(self.mastery[skill], if_known=known, if_unknown=unknown)
        return mastery + (1.0 - mastery) * own.learn

    def predicted(self, skill: str, item: Item) -> float:
        """Return P(correct) on an item by one skill."""
        own = self.parameters[skill]
        guess = own.guess if item.guess is None else bounded_guess(item.guess, slip=own.slip)
        mastery = self.mastery[skill]
        return mastery * (1.0 - own.slip) + (1.0 - mastery) * guess

    def open_skills(self) -> list[str]:
        """Return the skills that are not mastered while all their prerequisites are."""
        return [
            skill.id
            for skill in self.curriculum.ordered
            if not self.claims(skill.id) and all(self.claims(it) for it in skill.prerequisites)
        ]

    def fresh(self, items: Iterable[Item]) -> list[Item]:
        """Return the items not done yet; when all are done they may come again."""
        items = list(items)
        left = [item for item in items if item.id not in self.done]
        if not left and items:
            self.done.difference_update(item.id for item in items)
            left = items
        return left

    def any_of(self, items: list[Item]) -> Item:
        """Return one of the items by chance."""
        return items[int(self.dice.throw(Draw.CHOICE, self.number) * len(items))]

    def _lesson(self, skill: str) -> Item | None:
        misses = self.misses[skill]
        lessons = [it for it in self.curriculum.lessons(skill) if it.id not in self.read]
        if not lessons or misses == 0:
            return None
        first = len(lessons) == len(self.curriculum.lessons(skill))
        return lessons[0] if misses >= (1 if first else SECOND_LESSON) else None
