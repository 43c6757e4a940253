"""Cairn's own recommender, through the functions the product calls."""

from engine.accountable import FRESH, fold, predictor
from engine.curriculum import Item
from engine.decision import Reason, Rule
from engine.learner import Answer
from engine.plan import Plan, Terms
from engine.policy import Policy
from engine.recommend import recommend
from engine.simulate.chance import Dice, Draw
from engine.simulate.protocols import Module, Person
from engine.standing import is_mastered
from engine.state import SkillState


class Cairn:
    """Our policy; another one can be rehearsed by giving its thresholds.

    plan: of a module, the parameter set to weigh answers by; the usual terms where none is given.
    """

    name = "cairn"
    about = "Ours: the product's own functions, with its own thresholds."

    def __init__(self, policy: Policy | None = None, plan: Plan | None = None) -> None:
        self.policy = policy or Policy()
        self._plan = plan

    def guide(self, module: Module, dice: Dice, person: Person) -> "CairnChooser":
        """Return the chooser."""
        return CairnChooser(module, dice, self.policy, self._plan or usual_plan(module))


def usual_plan(module: Module) -> Plan:
    """Return the plan that a module begins with."""
    return Plan(module.parameters, Terms())


class CairnChooser:
    """recommend and fold for one learner, whom nobody studies beside: no item is harder yet."""

    def __init__(self, module: Module, dice: Dice, policy: Policy, plan: Plan) -> None:
        self._module, self._dice, self._policy, self._plan = module, dice, policy, plan
        self.states: dict[str, SkillState] = {}
        self.trace = FRESH
        self.ended: Rule | None = None
        """FINISHED or STUCK once there is no next item."""
        self.reason: Reason | None = None
        """Why the latest item came next."""

    def next(self, *, at: float, number: int) -> Item | None:
        """Return what recommend recommends."""
        curriculum = self._module.curriculum
        seed = int(self._dice.throw(Draw.CHOICE, number) * 2.0**53)
        choice = recommend(
            curriculum,
            self.states,
            self._plan.skills,
            policy=self._policy,
            at=at,
            number=number,
            seed=seed,
            expected=predictor(self._plan, self.states, self.trace, at=at),
        )
        self.reason = choice.reason
        if choice.item is None:
            self.ended = choice.reason.rule
            return None
        return curriculum.item(choice.item)

    def hear(self, answer: Answer) -> None:
        """Fold the answer as the product does."""
        folded = fold(self._plan, self.states, self.trace, answer, difficulty=0.0)
        for step in folded.steps:
            self.states[step.skill] = step.state
        self.trace = folded.trace

    def claims(self, skill: str) -> bool:
        """Return whether the skill counts as mastered."""
        state = self.states.get(skill)
        return state is not None and is_mastered(state, self._policy)
