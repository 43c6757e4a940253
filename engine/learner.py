"""The learner model: one answer in, the new state of every skill of its item out. O(1)."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from engine.bkt import SkillParameters, bounded_guess, weigh
from engine.curriculum import Item, ItemKind
from engine.evidence import EVIDENCE_RULE, shows_run
from engine.state import RECENT, Attempt, Outcome, SkillState, begin

__all__ = [
    "RECENT",
    "Answer",
    "Attempt",
    "Outcome",
    "SkillState",
    "Step",
    "begin",
    "expected_success",
    "respond",
    "weigh_answer",
]

SETTLED_MASTERY = 0.95
SETTLED_STREAK = 4
"""A skill is settled at this mastery and streak: from then on the effort counts afresh, so that
a miss in a review, months later, does not park someone for the work of the first time."""

SPACED_SECONDS = 72_000.0
"""Successes count towards a stable memory when 20 hours apart: the same hour next day will do."""

_Recent = tuple[Attempt, ...]
# Straight to the tuple: the named constructors took a seventh of a replay. Fields as declared.
_attempt: Callable[[tuple[object, ...]], Attempt] = partial(tuple.__new__, Attempt)
_state: Callable[[tuple[object, ...]], SkillState] = partial(tuple.__new__, SkillState)
_CORRECT, _WRONG, _, _READ = Outcome  # looked up once: replay folds millions
_LESSON = ItemKind.LESSON


class Answer(NamedTuple):
    """What came back for one serving.

    number: the learner's response sequence.  item: the item served.
    hints: how many were taken, >= 0.  at: epoch seconds.
    """

    number: int
    item: Item
    outcome: Outcome
    hints: int
    at: float


class Step(NamedTuple):
    """How one answer moved one skill.

    before, after: mastery, in [0, 1].  predicted: P(correct) expected before the answer was seen
    (for a lesson: on a standard item).  state: the state after.
    """

    skill: str
    before: float
    after: float
    predicted: float
    state: SkillState


def respond(
    states: Mapping[str, SkillState], answer: Answer, parameters: Mapping[str, SkillParameters]
) -> tuple[Step, ...]:
    """Return one step for each skill of the item, each updated from its own state before.

        correct       P(o | K) = (1 - s)^w     P(o | not K) = g^w
        wrong         P(o | K) = s             P(o | not K) = 1 - g
        "don't know"  P(o | K) = 0             P(o | not K) = 1        (cannot be a slip)
        read          no evidence and no learning: mastery stays
        then          m' = m (1 - f) + (1 - m) l
        w = 1 - h / H after h of the item's H hints: after the last one a correct answer says
        nothing, and a wrong answer always says all.

    states: by skill id; a missing one begins at the prior.  parameters: by skill id.
    The item's own guess, where it has one, replaces the skill's, kept within guess + slip < 1.
    A time before the last attempt's is taken as that attempt's time: clocks step backwards.
    Raises ValueError where a lesson is answered or an exercise read, or hints are negative;
    KeyError where a skill of the item has no parameters.
    Source: Corbett & Anderson (1995); per-item guess: Pardos & Heffernan (2011), KT-IDEM.
    """
    check_answer(answer)
    return tuple(
        [
            _step(skill, states.get(skill) or begin(parameters[skill]), answer, parameters[skill])
            for skill in answer.item.skills
        ]
    )


def check_answer(answer: Answer) -> None:
    """Return nothing; raise ValueError where an answer cannot have been given to its item."""
    item = answer.item
    if (answer.outcome is _READ) is not (item.kind is _LESSON):
        raise ValueError(f"{item.kind} {item.id} cannot end as {answer.outcome}")
    if answer.hints < 0:
        raise ValueError(f"hints must be 0 or more, got {answer.hints}")


def weigh_answer(mastery: float, answer: Answer, skill: SkillParameters) -> float:
    """Return P(known | answer): the Bayes step of respond, before learning.

    mastery: m in [0, 1].  answer: to an exercise.  Likelihoods as in respond; an answer that
    was impossible (0 / 0) leaves mastery unchanged.
    """
    slip, own = skill.slip, answer.item.guess
    guess = skill.guess if own is None else bounded_guess(own, slip=slip)
    return weigh_outcome(mastery, answer, slip=slip, guess=guess)


def weigh_outcome(mastery: float, answer: Answer, *, slip: float, guess: float) -> float:
    """Return P(known | answer) where these are the chances on this very item.

    mastery: m in [0, 1].  answer: to an exercise; its hints weaken a correct one.
    """
    known, unknown = likelihoods(answer, slip=slip, guess=guess)
    return weigh(mastery, if_known=known, if_unknown=unknown)


def likelihoods(answer: Answer, *, slip: float, guess: float) -> tuple[float, float]:
    """Return P(o | known) and P(o | not known), as in respond."""
    outcome = answer.outcome
    if outcome is _CORRECT:
        if answer.hints and answer.item.hints:
            weight = evidence_weight(answer)
            return (1.0 - slip) ** weight, guess**weight
        return 1.0 - slip, guess
    if outcome is _WRONG:
        return slip, 1.0 - guess
    return 0.0, 1.0


def evidence_weight(answer: Answer) -> float:
    """Return how much a correct answer says, in [0, 1]: 1 - h / H after h of the item's H hints."""
    most = answer.item.hints
    return 1.0 - min(answer.hints, most) / most if most else 1.0


def expected_success(
    item: Item, states: Mapping[str, SkillState], parameters: Mapping[str, SkillParameters]
) -> float:
    """Return P(correct) on an exercise: the mean over its skills of m (1 - s) + (1 - m) g.

    The guess is the item's own where it has one.  Missing states begin at the prior.
    """
    total = 0.0
    for skill in item.skills:
        own = parameters[skill]
        state = states.get(skill)
        mastery = own.prior if state is None else state.mastery
        guess = own.guess if item.guess is None else bounded_guess(item.guess, slip=own.slip)
        total += mastery * (1.0 - own.slip) + (1.0 - mastery) * guess
    return total / len(item.skills)


def _step(skill: str, state: SkillState, answer: Answer, own: SkillParameters) -> Step:
    item, outcome = answer.item, answer.outcome
    before = state.mastery
    guess = own.guess if item.guess is None else bounded_guess(item.guess, slip=own.slip)
    predicted = before * (1.0 - own.slip) + (1.0 - before) * guess
    if outcome is _READ:
        return Step(skill, before, before, predicted, _fold_reading(state, answer))
    after = weigh_answer(before, answer, own)
    after = after * (1.0 - own.forget) + (1.0 - after) * own.learn
    return Step(skill, before, after, predicted, fold_answer(state, answer, after, predicted))


def fold_answer(state: SkillState, answer: Answer, mastery: float, predicted: float) -> SkillState:
    """Return the state after an answer to an exercise that left this mastery.

    predicted: P(correct) on the item by this skill, before the answer was seen.
    """
    recent = _with(state, answer)
    if answer.outcome is not _CORRECT:
        return _fold_miss(state, answer, mastery, predicted, recent)
    if answer.hints:
        return _fold_helped(state, answer, mastery, predicted, recent)
    return _fold_success(state, answer, mastery, predicted, recent)


def _fold_reading(state: SkillState, answer: Answer) -> SkillState:
    seen = {**state.seen, answer.item.id: answer.number}
    return state._replace(recent=_with(state, answer), seen=seen)


def _with(state: SkillState, answer: Answer) -> _Recent:
    number, item, outcome, hints, at = answer
    if state.recent and at < state.recent[-1].at:
        at = state.recent[-1].at
    return (*state.recent[1 - RECENT :], _attempt((number, item.id, outcome, hints, at)))


def _fold_miss(
    state: SkillState, answer: Answer, mastery: float, predicted: float, recent: _Recent
) -> SkillState:
    """Return the state after a wrong answer or "I don't know"."""
    return _state(
        (
            mastery,
            state.answers + 1,
            recent,
            {**state.seen, answer.item.id: answer.number},
            state.misses + 1,
            0,
            0,
            state.effort + 1,
            predicted,
            state.successes,
            state.counted_at,
            state.first_success_at,
            state.last_success_at,
            state.transfer_tries + answer.item.transfer,
            state.transfer_passed,
            state.run_shown,
            state.trace,
            state.paced,
            state.misfit,
        )
    )


def _fold_helped(
    state: SkillState, answer: Answer, mastery: float, predicted: float, recent: _Recent
) -> SkillState:
    """Return the state after a correct answer with hints: an answer, but no success."""
    return state._replace(
        mastery=mastery,
        answers=state.answers + 1,
        recent=recent,
        seen={**state.seen, answer.item.id: answer.number},
        effort=state.effort + 1,
        predicted=predicted,
        transfer_tries=state.transfer_tries + answer.item.transfer,
    )


def _fold_success(
    state: SkillState, answer: Answer, mastery: float, predicted: float, recent: _Recent
) -> SkillState:
    """Return the state after a correct answer without a hint."""
    item, at = answer.item, recent[-1].at
    another = item.id not in state.seen or not in_streak(state.recent, item.id)
    streak = state.streak + 1
    spaced = state.counted_at is None or at - state.counted_at >= SPACED_SECONDS
    settled = mastery >= SETTLED_MASTERY and streak >= SETTLED_STREAK
    return _state(
        (
            mastery,
            state.answers + 1,
            recent,
            {**state.seen, item.id: answer.number},
            state.misses,
            streak,
            state.streak_items + another,
            0 if settled else state.effort + 1,
            predicted,
            state.successes + spaced,
            at if spaced else state.counted_at,
            at if state.first_success_at is None else state.first_success_at,
            at,
            state.transfer_tries + item.transfer,
            state.transfer_passed or item.transfer,
            state.run_shown or shows_run(recent, mastery, EVIDENCE_RULE),
            state.trace,
            state.paced,
            state.misfit,
        )
    )


def in_streak(recent: Sequence[Attempt], item: str) -> bool:
    """Return whether one of the successes since the last miss came from the item."""
    for _, other, outcome, hints, _ in reversed(recent):
        if outcome is _CORRECT:
            if other == item and hints == 0:
                return True
        elif outcome is not _READ:
            return False
    return False
