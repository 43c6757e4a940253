"""Somebody who answers one item of a skill again and again, folded as the product folds."""

from engine import FRESH, Answer, Item, ItemKind, Outcome, Plan, SkillState, fold


def exercise(skill: str) -> Item:
    return Item(f"{skill}-item", ItemKind.EXERCISE, "short-text", (skill,), None, 2, 1.0)


class Learner:
    """Somebody who answers, a minute apart."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.trace, self.number = plan, FRESH, 0
        self.states: dict[str, SkillState] = {}

    def give(self, *answers: Outcome | bool, skill: str = "a", hints: int = 0) -> None:
        """Answer: True is right and False wrong."""
        for given in answers:
            self.number += 1
            outcome = (Outcome.WRONG, Outcome.CORRECT)[given] if isinstance(given, bool) else given
            answer = Answer(self.number, exercise(skill), outcome, hints, 60.0 * self.number)
            folded = fold(self.plan, self.states, self.trace, answer, difficulty=0.0)
            self.states |= {step.skill: step.state for step in folded.steps}
            self.trace = folded.trace
