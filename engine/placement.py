"""Placement: find in a few questions what somebody knows already, and seed mastery with it.

A state of knowledge is a set of skills that holds every prerequisite of its members. All such
states are weighed by the priors, then by every answer:

    P(state) ~ product of prior (skill in it) and 1 - prior (skill not in it)
    P(correct | state) = 1 - s if the skill is in it, else g
    "I don't know" is a wrong answer that hardly can be a slip

The next question is about the skill whose P(known) is nearest to one half, and so halves what is
still open; it ends when every skill is below .15 or above .85. Nothing is stored here: the same
answers give the same placement, so a caller keeps the answers alone and may stop at any time.
Source: Doignon & Falmagne (1999), Knowledge Spaces; Falmagne et al. (2006), ALEKS assessment.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine.bkt import SkillParameters, bounded_guess
from engine.choice import unit
from engine.curriculum import Curriculum, Item
from engine.state import Outcome, SkillState, begin

UNKNOWN, KNOWN = 0.15, 0.85
"""A skill is settled below the first and above the second."""
MOST_QUESTIONS = 25
MOST_STATES = 20_000
"""Where there are more states than these, so many are drawn by their prior weight."""
SLIP_INTO_DOUBT = 0.02
"""P("I don't know" | known)."""

_Needs = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the answers so far place a learner.

    known: P(known) by skill id, in [0, 1].  item: the next question, None when it is over.
    skill: what that question is for.  asked: questions answered.
    """

    known: Mapping[str, float]
    item: Item | None
    skill: str | None
    asked: int

    @property
    def skippable(self) -> tuple[str, ...]:
        """Return the skills that may be skipped: P(known) above KNOWN, in the order given."""
        return tuple(skill for skill, chance in self.known.items() if chance > KNOWN)


def place(
    curriculum: Curriculum,
    parameters: Mapping[str, SkillParameters],
    answers: Sequence[tuple[str, Outcome]],
    *,
    seed: int,
    most: int = MOST_QUESTIONS,
    withdrawn: Collection[str] = frozenset(),
) -> Placement:
    """Return the placement after these answers, with the next question. Pure and replayable.

    answers: (item id, outcome) in the order given; items that are gone are passed over.
    seed: settles ties between skills equally open.  most: questions at most.
    withdrawn: ids of items not to be asked.
    Raises ValueError where an item answered is a lesson.
    """
    order = curriculum.order
    places = {skill: place for place, skill in enumerate(order)}
    needs = tuple(tuple(places[it] for it in skill.prerequisites) for skill in curriculum.ordered)
    priors = tuple(parameters[skill].prior for skill in order)
    states, before = _weighed_states(needs, priors)
    weights = list(before)
    for item_id, outcome in answers:
        item = _find(curriculum, item_id)
        if item is not None:
            mask = sum(1 << places[skill] for skill in item.skills)
            right, wrong = _likelihoods(item, outcome, parameters[item.skills[0]])
            weights = _weigh(states, weights, mask, if_known=right, if_unknown=wrong)
    known = _marginals(states, weights, len(order))
    by_skill = dict(zip(order, known, strict=True))
    asked = {item_id for item_id, _ in answers}
    over = len(answers) >= most
    found = None if over else _ask(curriculum, by_skill, asked | set(withdrawn), seed)
    item, skill = found or (None, None)
    return Placement(known=by_skill, item=item, skill=skill, asked=len(answers))


def seed_states(
    placement: Placement,
    states: Mapping[str, SkillState],
    parameters: Mapping[str, SkillParameters],
) -> dict[str, SkillState]:
    """Return new states for the skills not met yet: mastery is the P(known) found, nothing else.

    Skills met before keep the state that their answers made. A seeded skill above the policy's
    `placed` counts as mastered to steer by until it is practised; it is never evidence.
    """
    return {
        skill: begin(parameters[skill])._replace(mastery=min(max(chance, 0.0), 1.0))
        for skill, chance in placement.known.items()
        if skill not in states
    }


def _find(curriculum: Curriculum, item_id: str) -> Item | None:
    try:
        return curriculum.item(item_id)
    except KeyError:
        return None


def _ask(
    curriculum: Curriculum, known: Mapping[str, float], gone: Collection[str], seed: int
) -> tuple[Item, str] | None:
    """Return the question that halves best: on the most open skill, the item hardest to guess."""
    open_skills = [
        (abs(chance - 0.5), unit(seed, place), skill)
        for place, (skill, chance) in enumerate(known.items())
        if UNKNOWN <= chance <= KNOWN
    ]
    for _, _, skill in sorted(open_skills):
        items = [
            item
            for item in curriculum.exercises(skill)
            if item.id not in gone and item.skills == (skill,)
        ]
        if items:
            return min(items, key=lambda item: (item.guess or 0.0, item.minutes, item.id)), skill
    return None


def _likelihoods(item: Item, outcome: Outcome, own: SkillParameters) -> tuple[float, float]:
    """Return P(outcome | known) and P(outcome | not known) on an item."""
    guess = own.guess if item.guess is None else bounded_guess(item.guess, slip=own.slip)
    if outcome is Outcome.CORRECT:
        return 1.0 - own.slip, guess
    if outcome is Outcome.WRONG:
        return own.slip, 1.0 - guess
    if outcome is Outcome.DONT_KNOW:
        return SLIP_INTO_DOUBT, 1.0 - guess
    raise ValueError(f"{item.id} was read: placement asks questions only")


def _weigh(
    states: Sequence[int],
    weights: list[float],
    mask: int,
    *,
    if_known: float,
    if_unknown: float,
) -> list[float]:
    """Return the weights after one answer; one that no state allows changes nothing."""
    weighed = [
        weight * (if_known if state & mask == mask else if_unknown)
        for state, weight in zip(states, weights, strict=True)
    ]
    total = sum(weighed)
    return [weight / total for weight in weighed] if total > 0.0 else weights


def _marginals(states: Sequence[int], weights: Sequence[float], skills: int) -> list[float]:
    known = [0.0] * skills
    for state, weight in zip(states, weights, strict=True):
        left = state
        while left:
            lowest = left & -left
            known[lowest.bit_length() - 1] += weight
            left ^= lowest
    return known


@lru_cache(maxsize=16)
def _weighed_states(
    needs: _Needs, priors: tuple[float, ...]
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Return the feasible states as bit masks with their prior weights, which sum to 1."""
    states = _all_states(needs)
    if states is None:
        states = _drawn_states(needs, priors)
    weights = [_prior_weight(state, priors) for state in states]
    total = sum(weights)
    return tuple(states), tuple(weight / total for weight in weights)


def _all_states(needs: _Needs) -> list[int] | None:
    """Return every state that holds the prerequisites of its members; None if too many."""
    states = [0]
    for place, needed in enumerate(needs):
        mask = sum(1 << it for it in needed)
        states += [state | 1 << place for state in states if state & mask == mask]
        if len(states) > MOST_STATES:
            return None
    return states


def _drawn_states(needs: _Needs, priors: tuple[float, ...]) -> list[int]:
    """Return MOST_STATES draws at most, each skill as likely as not once it is feasible.

    Wide nets have more states than can be weighed; drawing them evenly, not by their prior,
    keeps those that few people are in among them.
    """
    draw = _stream()
    masks = [sum(1 << it for it in needed) for needed in needs]
    found: set[int] = {0, (1 << len(priors)) - 1}
    for _ in range(MOST_STATES):
        state, bold = 0, 0.15 + 0.8 * draw()
        for place, mask in enumerate(masks):
            if state & mask == mask and draw() < bold:
                state |= 1 << place
        found.add(state)
    return sorted(found)


def _stream() -> Callable[[], float]:
    number = 0

    def draw() -> float:
        nonlocal number
        number += 1
        return unit(0, number)

    return draw


def _prior_weight(state: int, priors: Sequence[float]) -> float:
    weight = 1.0
    for place, prior in enumerate(priors):
        usable = min(max(prior, 0.01), 0.99)
        weight *= usable if state >> place & 1 else 1.0 - usable
    return weight
