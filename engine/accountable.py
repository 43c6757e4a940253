"""The accountable model at work: what is expected of an answer, and what the answer changes.

Two layers, kept apart. The record (layer 1) forgets by elapsed time, weighs the answer by Bayes
with the item's difficulty d and the learner's ability theta in the emission, and learns; it alone
moves mastery L. The context terms (layer 2, engine.context) only sharpen the prediction p.

    forget   L <- L (1 + days / tau)^-phi          never below the floor once a run was seen
    record   p1 = sigma(b + D + a theta - d)   p0 = sigma(b + a theta - d)
             r  = mean over the item's skills of L p1 + (1 - L) p0
    predict  p  = sigma(logit(r) + context terms)
    Bayes    as engine.learner, for every skill of the item;   L <- L' + (1 - L') T
    pace     T above is T r for a pace r that is not known: see engine.pace
    misfit   how well the answers fit r: see engine.misfit
    ability  theta += g / (1 + f n) e        item  d -= g' / (1 + f' n') e        e = y - p

Hints scale e as they scale the evidence. With theta = d = 0, no terms and no time gone by, it is
BKT. Source: Corbett & Anderson (1995); Khajah et al. (2014), EDM; Pelanek (2016), Computers &
Education 98, 169-179.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import exp
from typing import NamedTuple

from engine import context
from engine.context import Known, Levels
from engine.curriculum import Item
from engine.evidence import DAY
from engine.learner import (
    Answer,
    Step,
    check_answer,
    evidence_weight,
    fold_answer,
    likelihoods,
    respond,
    weigh_outcome,
)
from engine.misfit import weigh_misfit
from engine.pace import Paced, learn_at_paces, mean_mastery, weigh_paces
from engine.plan import Plan, Terms
from engine.state import Attempt, Outcome, SkillState, begin

_CORRECT, _READ = Outcome.CORRECT, Outcome.READ


class Trace(NamedTuple):
    """What is kept of one learner over all skills.

    ability: theta, in logits.  answers: those that moved it.
    levels: what the context terms need; None before any was in use.
    pace: how likely each pace is, by terms.paces (engine.pace); () before any was told apart.
    misfit: how likely their answers fit the record badly (engine.misfit); None before any answer.
    """

    ability: float = 0.0
    answers: int = 0
    levels: Levels | None = None
    pace: tuple[float, ...] = ()
    misfit: float | None = None

    def to_record(self) -> list[object]:
        """Return the trace as plain JSON values. Exact: from_record gives it back."""
        levels = None if self.levels is None else list(self.levels)
        record: list[object] = [self.ability, self.answers, levels]
        if self.misfit is not None:
            return [*record, list(self.pace), self.misfit]
        return [*record, list(self.pace)] if self.pace else record

    @classmethod
    def from_record(cls, record: list[object]) -> "Trace":
        """Return the trace that to_record wrote.

        Raises TypeError or ValueError where the record is not one of to_record.
        """
        ability, answers, levels, *rest = record
        if not isinstance(ability, float) or not isinstance(answers, int):
            raise TypeError(f"ability and answers must be numbers, got {record}")
        pace = rest[0] if rest else ()
        misfit = rest[1] if len(rest) > 1 else None
        if not isinstance(pace, Sequence):
            raise TypeError(f"pace must be a list, got {pace}")
        if misfit is not None and not isinstance(misfit, float):
            raise TypeError(f"misfit must be a number, got {misfit}")
        kept = None if levels is None else context.read_levels(levels)
        return cls(ability, answers, kept, tuple(pace), misfit)


FRESH = Trace()


class Folded(NamedTuple):
    """What an answer changed.

    predicted: p, None for a lesson or under a plain plan.  surprise: e, by which theta and d move.
    """

    steps: tuple[Step, ...]
    trace: Trace
    predicted: float | None
    surprise: float


# Straight to the tuple, as in engine.learner: a replay makes millions. Fields as declared.
_trace: Callable[[tuple[object, ...]], Trace] = partial(tuple.__new__, Trace)
_folded: Callable[[tuple[object, ...]], Folded] = partial(tuple.__new__, Folded)
_known: Callable[[tuple[object, ...]], Known] = partial(tuple.__new__, Known)
_stepped: Callable[[tuple[object, ...]], Step] = partial(tuple.__new__, Step)


def fold(
    plan: Plan,
    states: Mapping[str, SkillState],
    trace: Trace,
    answer: Answer,
    *,
    difficulty: float,
) -> Folded:
    """Return the learner after an answer: every skill of the item, and the running levels.

    states: by skill id; a missing one begins at the prior.  difficulty: d of the item, in logits.
    Raises as engine.respond.
    """
    terms = plan.terms
    if terms is None or answer.outcome is _READ:
        return Folded(respond(states, answer, plan.skills), trace, None, 0.0)
    check_answer(answer)
    item, at = answer.item, answer.at
    seen = recognise(plan, terms, states, item, shift=_shift(terms, trace, difficulty), at=at)
    record = mean_success(seen)
    predicted, sharper = record, None
    if plan.model is not None:
        sharper = context.sharpen(plan, seen, trace, item, at=at, record=record)
        predicted = record if sharper is None else sharper.p
    misfit = _misfit(terms, trace, answer, record)
    told = misfit if terms.misfit > 0.0 else None
    if terms.paces:
        steps, pace = _step_at_paces(plan, terms, seen, trace, answer, misfit=told)
    else:
        steps = tuple([_step(plan, each, answer, misfit=told) for each in seen])
        pace = trace.pace
    surprise = surprise_of(answer, predicted)
    ability = trace.ability + terms.ability / (1.0 + terms.ability_fade * trace.answers) * surprise
    if ability > terms.farthest or ability < -terms.farthest:
        ability = min(max(ability, -terms.farthest), terms.farthest)
    levels = trace.levels
    if sharper is not None:
        steps, levels = context.remember(plan, steps, trace, sharper, answer)
    moved = _trace((ability, trace.answers + 1, levels, pace, misfit))
    return _folded((steps, moved, predicted, surprise))


def predictor(
    plan: Plan, states: Mapping[str, SkillState], trace: Trace, *, at: float
) -> Callable[[Item], float] | None:
    """Return how to expect P(correct) of an exercise in choosing; None under a plain plan.

    By layer 1 with the learner's ability, for an item of middling difficulty: a choice has to
    replay from the learner's own log, which says nothing of items they were not given.
    """
    terms = plan.terms
    if terms is None:
        return None
    shift = _shift(terms, trace, 0.0)
    return lambda item: mean_success(recognise(plan, terms, states, item, shift=shift, at=at))


def surprise_of(answer: Answer, predicted: float) -> float:
    """Return e, how far an answer was from what was expected of it, in (-1, 1).

        e = (1 - h / H)(1 - p) for a correct one after h of H hints, -p for any other

    predicted: p, in (0, 1).
    """
    if answer.outcome is not _CORRECT:
        return -predicted
    return (1.0 - predicted) * (evidence_weight(answer) if answer.hints else 1.0)


def move_difficulty(terms: Terms, difficulty: float, *, answers: int, surprise: float) -> float:
    """Return an item's difficulty after one more answer, of any learner.

        d - g / (1 + f n) e, within +-farthest

    answers: n, those before this one.  surprise: e, of this one.
    """
    moved = difficulty - difficulty_gain(terms, answers=answers) * surprise
    return min(max(moved, -terms.farthest), terms.farthest)


def difficulty_gain(terms: Terms, *, answers: int) -> float:
    """Return how far an item's difficulty moves for a surprise of 1, after so many answers."""
    return terms.difficulty / (1.0 + terms.difficulty_fade * answers)


def recognise(
    plan: Plan,
    terms: Terms,
    states: Mapping[str, SkillState],
    item: Item,
    *,
    shift: float,
    at: float,
) -> list[Known]:
    """Return the skills of an item as they stand at a time.

    shift: a theta - d, in logits.  at: epoch seconds; earlier than the last answer means now.
    """
    scale = 1.0 if shift == 0.0 else exp(shift)
    seen = []
    for skill in item.skills:
        state = states.get(skill) or begin(plan.skills[skill])
        p1, p0 = plan.emission(skill, item.guess, scale)
        left = remaining(terms, state, at=at)
        seen.append(_known((skill, state, state.mastery, left, p1, p0)))
    return seen


def remaining(terms: Terms, state: SkillState, *, at: float) -> float:
    """Return what is left of mastery at a time: L (1 + days / tau)^-phi since the last answer."""
    mastery = state.mastery
    if terms.forget == 0.0 or not state.answers:
        return mastery
    gap = at - last_answered(state.recent)
    if gap <= 0.0:
        return mastery
    left: float = mastery * (1.0 + gap / (DAY * terms.forget_days)) ** -terms.forget
    if state.run_shown and left < terms.floor:
        return min(mastery, terms.floor)
    return left


def mean_success(seen: list[Known]) -> float:
    """Return r, the mean over an item's skills of L p1 + (1 - L) p0."""
    total = 0.0
    for _, _, _, known, p1, p0 in seen:
        total += known * p1 + (1.0 - known) * p0
    return total / len(seen)


def _shift(terms: Terms, trace: Trace, difficulty: float) -> float:
    return terms.coupling * trace.ability - difficulty


def last_answered(recent: Sequence[Attempt]) -> float:
    """Return when the newest answer was given; a lesson read since is no proof of memory."""
    for _, _, outcome, _, at in reversed(recent):
        if outcome is not _READ:
            return at
    return recent[0].at


def _misfit(terms: Terms, trace: Trace, answer: Answer, record: float) -> float | None:
    """Return how likely misfit is after an answer; a right one with hints says nothing of it."""
    share = terms.misfit
    if share <= 0.0:
        return trace.misfit
    before = share if trace.misfit is None else trace.misfit
    right = answer.outcome is _CORRECT
    if right and answer.hints:
        return before
    return weigh_misfit(before, share, predicted=record, right=right)


def _step(plan: Plan, seen: Known, answer: Answer, *, misfit: float | None) -> Step:
    skill, state, kept, known, p1, p0 = seen
    predicted = known * p1 + (1.0 - known) * p0
    after = weigh_outcome(known, answer, slip=1.0 - p1, guess=p0)
    own = plan.skills[skill]
    after = after * (1.0 - own.forget) + (1.0 - after) * own.learn
    folded = fold_answer(state, answer, after, predicted)
    if folded.misfit != misfit:
        folded = folded._replace(misfit=misfit)
    return _stepped((skill, kept, after, predicted, folded))


def _step_at_paces(
    plan: Plan,
    terms: Terms,
    seen: Sequence[Known],
    trace: Trace,
    answer: Answer,
    *,
    misfit: float | None,
) -> tuple[tuple[Step, ...], tuple[float, ...]]:
    """Return the steps, and the posterior over the paces that they are weighed by."""
    paces, shares = terms.paces, terms.pace_shares
    paced = [_at_paces(plan, each, answer, len(paces)) for each in seen]
    before = trace.pace if len(trace.pace) == len(paces) else shares
    weights = weigh_paces(before, shares, paced)
    steps = []
    for (skill, state, kept, known, p1, p0), own in zip(seen, paced, strict=True):
        predicted = known * p1 + (1.0 - known) * p0
        masteries = learn_at_paces(paces, own)
        after = mean_mastery(weights, masteries)
        folded = fold_answer(state, answer, after, predicted)
        folded = folded._replace(paced=masteries, misfit=misfit)
        steps.append(_stepped((skill, kept, after, predicted, folded)))
    return tuple(steps), weights


def _at_paces(plan: Plan, seen: Known, answer: Answer, count: int) -> Paced:
    """Return what the answer says about a skill at each pace; all alike where none was told."""
    skill, state, kept, known, p1, p0 = seen
    if_known, if_unknown = likelihoods(answer, slip=1.0 - p1, guess=p0)
    if len(state.paced) == count and kept > 0.0:
        left = known / kept
        masteries = tuple([own * left for own in state.paced])
    else:
        masteries = (known,) * count
    return Paced(masteries, if_known, if_unknown, plan.skills[skill])
