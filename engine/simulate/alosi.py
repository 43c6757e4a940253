"""ALOSI's adaptive engine: a weighted sum of readiness, demand, difficulty and continuity.

Written from its write-up (Rushkin et al. 2017) and its published source:
    P  readiness    sum of min(0, sum over prerequisites of min(0, L - L*) + r*)
    R  demand       sum of max(0, L* - L)
    D  difficulty   -sum of |L - d|
    C  continuity   root of the overlap with the item before
L: log odds of mastery, L* = 2.2, r* = 0; each term weighed by an item's relevance to the skill,
-log odds(guess) - log odds(slip). Weights: readiness 1, demand 2, continuity 1, difficulty .5.
As shipped, the weights of continuity and difficulty meet the other's subscore; the second
version gives each its own, as documented.
"""

from math import log, sqrt

from engine.bkt import bounded_guess
from engine.curriculum import Item
from engine.simulate.chance import Dice
from engine.simulate.protocols import Module, Person
from engine.simulate.rival import Rival

STAR = 2.2
READINESS, DEMAND, CONTINUITY, DIFFICULTY = 1.0, 2.0, 1.0, 0.5
_EDGE = 1e-10


class AlosiShipped:
    """ALOSI with the weights as its code applies them."""

    name = "alosi-shipped"
    about = "ALOSI as its code applies the weights (continuity and difficulty swapped)."

    def guide(self, module: Module, dice: Dice, person: Person) -> Rival:
        """Return the chooser."""
        return _Alosi(module, dice, continuity=DIFFICULTY, difficulty=CONTINUITY)


class AlosiDocumented:
    """ALOSI with the weights as documented."""

    name = "alosi-documented"
    about = "ALOSI with the weights as documented."

    def guide(self, module: Module, dice: Dice, person: Person) -> Rival:
        """Return the chooser."""
        return _Alosi(module, dice, continuity=CONTINUITY, difficulty=DIFFICULTY)


class _Alosi(Rival):
    def __init__(self, module: Module, dice: Dice, *, continuity: float, difficulty: float) -> None:
        super().__init__(module, dice)
        self._continuity, self._difficulty = continuity, difficulty
        self._relevance = {
            item.id: {skill: self._tells(skill, item) for skill in item.skills}
            for item in self.exercises
        }
        self._before: dict[str, float] = {}

    def claims(self, skill: str) -> bool:
        return _log_odds(self.mastery[skill]) >= STAR

    def pick(self) -> Item | None:
        if all(map(self.claims, self.curriculum.order)):
            return None
        odds = {skill: _log_odds(mastery) for skill, mastery in self.mastery.items()}
        ready = {
            skill.id: sum(min(0.0, odds[needed] - STAR) for needed in skill.prerequisites)
            for skill in self.curriculum.skills
        }
        return max(
            self.fresh(self.exercises), key=lambda item: self._score(item, odds=odds, ready=ready)
        )

    def heard(self, item: Item, *, correct: bool) -> None:
        self._before = self._relevance[item.id]

    def _score(self, item: Item, *, odds: dict[str, float], ready: dict[str, float]) -> float:
        score = overlap = 0.0
        for skill, relevance in self._relevance[item.id].items():
            score += relevance * (
                READINESS * ready[skill]
                + DEMAND * max(0.0, STAR - odds[skill])
                - self._difficulty * abs(odds[skill])
            )
            overlap += relevance * self._before.get(skill, 0.0)
        return score + self._continuity * sqrt(overlap)

    def _tells(self, skill: str, item: Item) -> float:
        own = self.parameters[skill]
        guess = own.guess if item.guess is None else bounded_guess(item.guess, slip=own.slip)
        return max(0.0, -_log_odds(guess) - _log_odds(own.slip))


def _log_odds(p: float) -> float:
    p = min(max(p, _EDGE), 1.0 - _EDGE)
    return log(p / (1.0 - p))
