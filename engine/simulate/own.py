"""Cairn's own recommender, through the functions the product calls."""

from engine.curriculum import Item
from engine.decision import Rule
from engine.learner import Answer, respond
from engine.policy import Policy
from engine.recommend import recommend
from engine.simulate.chance import Dice, Draw
from engine.simulate.protocols import Module, Person
from engine.standing import is_mastered
from engine.state import SkillState


class Cairn:
    """Our policy; another one can be rehearsed by giving its thresholds."""

    name = "cairn"
    about = "Ours: the product's own functions, with its own thresholds."

    def __init__(self, policy: Policy | None = None) -> None:
        self.policy = policy or Policy()

    def guide(self, module: Module, dice: Dice, person: Person) -> "CairnChooser":
        """Return the chooser."""
        return CairnChooser(module, dice, self.policy)


class CairnChooser:
    """recommend and respond for one learner."""

    def __init__(self, module: Module, dice: Dice, policy: Policy) -> None:
        self._module, self._dice, self._policy = module, dice, policy
        self.states: dict[str, SkillState] = {}
        self.ended: Rule | None = None
        """FINISHED or STUCK once there is no next item."""

    def next(self, *, at: float, number: int) -> Item | None:
        """Return what recommend recommends."""
        curriculum = self._module.curriculum
        seed = int(self._dice.throw(Draw.CHOICE, number) * 2.0**53)
        choice = recommend(
            curriculum,
            self.states,
            self._module.parameters,
            policy=self._policy,
            at=at,
            number=number,
            seed=seed,
        )
        if choice.item is None:
            self.ended = choice.reason.rule
            return None
        return curriculum.item(choice.item)

    def hear(self, answer: Answer) -> None:
        """Fold the answer as the product does."""
        for step in respond(self.states, answer, self._module.parameters):
            self.states[step.skill] = step.state

    def claims(self, skill: str) -> bool:
        """Return whether the skill counts as mastered."""
        state = self.states.get(skill)
        return state is not None and is_mastered(state, self._policy)
