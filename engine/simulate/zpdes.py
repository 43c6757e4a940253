"""ZPDES: a bandit over the skills in a growing zone, fed by recent progress in success.

Written from Clement, Roy, Oudeyer & Lopes (2015), JEDM 7(2): the reward of an answer is the
success rate of the newer half of the latest answers less that of the older half; a skill's
quality moves as w = beta w + eta r, and is drawn in proportion to it with a share gamma by chance
alone. A skill joins the zone once its prerequisites go well, and leaves it once it goes very well.
"""

from engine.curriculum import Item
from engine.simulate.chance import Dice, Draw
from engine.simulate.protocols import Module, Person
from engine.simulate.rival import Rival

BETA, ETA, GAMMA = 0.6, 0.4, 0.2
WINDOW = 6
LEAST = 4
JOINS, LEAVES = 0.7, 0.85
START = 0.1


class ZPDES:
    """The bandit of the zone of proximal development."""

    name = "zpdes"
    about = "A bandit over a growing zone of skills, rewarded by progress in success."

    def guide(self, module: Module, dice: Dice, person: Person) -> Rival:
        """Return the chooser."""
        return _Zpdes(module, dice)


class _Zpdes(Rival):
    def __init__(self, module: Module, dice: Dice) -> None:
        super().__init__(module, dice)
        self._latest: dict[str, list[int]] = {skill: [] for skill in self.curriculum.order}
        self._quality = dict.fromkeys(self.curriculum.order, START)
        self._left: set[str] = set()

    def claims(self, skill: str) -> bool:
        return skill in self._left

    def pick(self) -> Item | None:
        zone = [
            skill.id
            for skill in self.curriculum.ordered
            if skill.id not in self._left
            and all(self._goes(needed, JOINS) for needed in skill.prerequisites)
        ]
        if not zone:
            return None
        total = sum(self._quality[skill] for skill in zone)
        point = self.dice.throw(Draw.CHOICE, 100_000 + self.number)
        chosen = zone[-1]
        for skill in zone:
            share = self._quality[skill] / total if total > 0.0 else 1.0 / len(zone)
            point -= (1.0 - GAMMA) * share + GAMMA / len(zone)
            if point < 0.0:
                chosen = skill
                break
        own = [item for item in self.curriculum.exercises(chosen) if item.skills[0] == chosen]
        return self.any_of(self.fresh(own))

    def heard(self, item: Item, *, correct: bool) -> None:
        skill = item.skills[0]
        latest = self._latest[skill]
        latest.append(int(correct))
        del latest[:-WINDOW]
        half = len(latest) // 2
        newer, older = latest[half:], latest[:half]
        reward = sum(newer) / len(newer) - (sum(older) / len(older) if older else 0.0)
        self._quality[skill] = max(0.0, BETA * self._quality[skill] + ETA * reward)
        if self._goes(skill, LEAVES):
            self._left.add(skill)

    def _goes(self, skill: str, rate: float) -> bool:
        latest = self._latest[skill]
        return skill in self._left or (len(latest) >= LEAST and sum(latest) >= rate * len(latest))
