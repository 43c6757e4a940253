"""Choosing one exercise among those that practise a skill."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, exp, log

from engine.bkt import SkillParameters, bounded_guess
from engine.curriculum import Curriculum, Item
from engine.decision import KEPT_CANDIDATES, Candidate
from engine.learner import expected_success
from engine.policy import Policy
from engine.state import SkillState

_MASK = (1 << 64) - 1
_HEADROOM = 0.9
"""Draws are kept this far under the exposure limit, so that chance does not carry one over it."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a choice depends on. Same situation, same choice.

    states, parameters: by skill id.  at: epoch seconds.  number: of the next attempt.
    seed: of the draw.  withdrawn: ids of items not to be shown.
    unparked: skill id -> attempt number from which answers count for parking again.
    expected: P(correct) on an item, where the caller knows better than mastery alone does;
    None takes engine.learner.expected_success.
    """

    curriculum: Curriculum
    states: Mapping[str, SkillState]
    parameters: Mapping[str, SkillParameters]
    policy: Policy
    at: float
    number: int
    seed: int
    withdrawn: Collection[str]
    unparked: Mapping[str, int]
    expected: Callable[[Item], float] | None = None

    def success(self, item: Item) -> float:
        """Return the predicted P(correct) on an exercise."""
        if self.expected is not None:
            return self.expected(item)
        return expected_success(item, self.states, self.parameters)


@dataclass(frozen=True, slots=True)
class Choice:
    """One item chosen among candidates (best first, at most KEPT_CANDIDATES, of considered).

    item: its id; None where nothing is left to choose.
    """

    item: str | None
    candidates: tuple[Candidate, ...]
    considered: int
    runner_up: str | None


def choose_exercise(
    situation: Situation, skill: str, *, admits: Callable[[Item], bool], floor: float
) -> Choice | None:
    """Return the exercise to serve for a skill, or None where none reaches the floor.

    Unseen items first, drawn with seeded probabilities so that no item is everybody's first: for
    a new skill, and from the policy's `testing` mastery on, those whose answer tells most a minute;
    in between, those whose P(correct) is nearest the policy's target. Then seen items, the one not
    seen for longest first; those within the policy's repeat_gap only when nothing else is left.
    admits: whether the learner may be given an item.  floor: least P(correct), 0 for any.
    """
    pool = [
        (item, situation.success(item))
        for item in situation.curriculum.exercises(skill)
        if item.id not in situation.withdrawn and admits(item)
    ]
    able = [(item, predicted) for item, predicted in pool if predicted >= floor]
    state = situation.states.get(skill)
    seen: Mapping[str, int] = {} if state is None else state.seen
    unseen = [(item, predicted) for item, predicted in able if item.id not in seen]
    if unseen:
        return _draw(situation, skill, unseen)
    oldest = situation.number - situation.policy.repeat_gap
    rested = [(item, predicted) for item, predicted in able if seen[item.id] < oldest]
    if not rested and floor == 0.0:
        rested = able
    return _least_recent(situation, skill, rested, seen) if rested else None


def draw_probabilities(scores: list[float], *, near: float, exposure: float) -> list[float]:
    """Return the probability with which each candidate is drawn; they sum to 1.

        w_i = exp((score_i - best) / near)    for those within `near` of the best, 0 beyond

    scores: best first.  near: > 0.  exposure: in (0, 1), the largest probability of one item;
    where it can be kept (more than 1 / (.9 exposure) candidates) enough of the next best are let in
    and no probability exceeds nine tenths of it, what is cut going to the others in proportion.
    """
    best = scores[0]
    group = sum(score >= best - near for score in scores)
    least = ceil(1.0 / (_HEADROOM * exposure))
    capped = len(scores) >= least
    if capped:
        group = max(group, least)
    weights = [exp((score - best) / near) for score in scores[:group]]
    shares = _fill(weights, limit=_HEADROOM * exposure if capped else 1.0)
    return shares + [0.0] * (len(scores) - group)


def unit(seed: int, number: int) -> float:
    """Return a number in [0, 1) that depends on seed and number alone, evenly spread.

    seed, number: any integers; only their lowest 64 bits count.
    Source: the finaliser of SplitMix64, Steele, Lea & Flood (2014), OOPSLA, 453-472.
    """
    bits = (seed + (number + 1) * 0x9E3779B97F4A7C15) & _MASK
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _MASK
    return ((bits ^ (bits >> 31)) >> 11) * 2.0**-53


def telling(mastery: float, skill: SkillParameters, item: Item) -> float:
    """Return how much an answer is expected to tell of whether the skill is known, a minute.

        (H(p) - m H(s) - (1 - m) H(g)) / minutes / number of skills        p = m (1 - s) + (1 - m) g

    mastery: m in [0, 1].  H: entropy of a yes or no, in nats.  Result >= 0.
    Source: mutual information, Lindley (1956), Annals of Mathematical Statistics 27, 986-1005.
    """
    slip = skill.slip
    guess = skill.guess if item.guess is None else bounded_guess(item.guess, slip=slip)
    right = mastery * (1.0 - slip) + (1.0 - mastery) * guess
    told = entropy(right) - mastery * entropy(slip) - (1.0 - mastery) * entropy(guess)
    return max(0.0, told) / item.minutes / len(item.skills)


def entropy(p: float) -> float:
    """Return the entropy of a yes or no with chance p, in nats: 0 at certainty."""
    return 0.0 if p <= 0.0 or p >= 1.0 else -p * log(p) - (1.0 - p) * log(1.0 - p)


def _draw(situation: Situation, skill: str, scored: list[tuple[Item, float]]) -> Choice:
    policy, own = situation.policy, situation.parameters[skill]
    state = situation.states.get(skill)
    mastery = own.prior if state is None else state.mastery
    tests = state is None or state.answers == 0 or mastery >= policy.testing
    ranked = sorted(
        (
            (
                telling(mastery, own, item) if tests else 1.0 - abs(predicted - policy.target),
                item.id,
                predicted,
            )
            for item, predicted in scored
        ),
        reverse=True,
    )
    chances = draw_probabilities(
        [score for score, _, _ in ranked], near=policy.near, exposure=policy.exposure
    )
    candidates = [
        Candidate(item, skill, predicted, score, chance)
        for (score, item, predicted), chance in zip(ranked, chances, strict=True)
    ]
    return settle(candidates, _pick(chances, unit(situation.seed, situation.number)))


def _least_recent(
    situation: Situation, skill: str, scored: list[tuple[Item, float]], seen: Mapping[str, int]
) -> Choice:
    target = situation.policy.target
    ranked = sorted(scored, key=lambda pair: (seen[pair[0].id], pair[0].id))
    candidates = [
        Candidate(item.id, skill, predicted, 1.0 - abs(predicted - target), float(place == 0))
        for place, (item, predicted) in enumerate(ranked)
    ]
    return settle(candidates, 0)


def settle(candidates: list[Candidate], chosen: int) -> Choice:
    """Return the choice of one candidate, keeping the best few and the chosen one.

    candidates: best first.  chosen: index of the one taken.
    """
    kept = candidates[:KEPT_CANDIDATES]
    if chosen >= KEPT_CANDIDATES:
        kept[-1] = candidates[chosen]
    second = 1 if chosen == 0 else 0
    return Choice(
        item=candidates[chosen].item,
        candidates=tuple(kept),
        considered=len(candidates),
        runner_up=candidates[second].item if len(candidates) > 1 else None,
    )


def _pick(chances: list[float], point: float) -> int:
    """Return the index whose slice of [0, 1) holds the point."""
    last = 0
    for index, chance in enumerate(chances):
        if chance > 0.0:
            last = index
            point -= chance
            if point < 0.0:
                break
    return last


def _fill(weights: list[float], *, limit: float) -> list[float]:
    """Return weights scaled to sum to 1 with none above the limit.

    weights: >= 0, largest first.  limit: at least 1 / their number.
    The sums of what is left are taken from the small end: subtracting from the whole would
    leave nothing but rounding where one weight outweighs the rest.
    """
    tails = list(accumulate(reversed(weights)))
    left = 1.0
    shares = []
    for weight in weights:
        tail = tails.pop()
        share = min(limit, left * weight / tail if tail > 0.0 else left / (len(tails) + 1))
        shares.append(share)
        left -= share
    return shares
