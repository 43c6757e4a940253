"""The record of one learner, folded in place: for replaying whole logs.

engine.accountable.fold makes new states at every answer, which a server needs and a replay of a
million answers does not. This is the same fold, operation by operation, so that every float comes
out the same to the last bit; the tests hold the two against each other. It knows plans with terms,
with no paces or four, and without fitted context; where another plan is in use there is no Lot.
"""

from collections.abc import Callable
from functools import partial
from math import exp
from operator import add
from typing import NamedTuple, cast

from engine.accountable import Trace, last_answered
from engine.curriculum import Curriculum, Item, ItemKind
from engine.evidence import DAY, EVIDENCE_RULE, shows_run
from engine.four_paces import Four, Paces, learn_at, make_paces, see, weigh_paces
from engine.learner import SETTLED_MASTERY, SETTLED_STREAK, SPACED_SECONDS, in_streak
from engine.misfit import weigh_misfit
from engine.plan import Plan, Terms
from engine.policy import Policy
from engine.standing import Standing, is_mastered, is_stalled
from engine.state import RECENT, Attempt, Outcome, SkillState, begin

_CORRECT, _WRONG, _, _READ = Outcome  # looked up once, as in engine.learner
_LOCKED, _NOT_STARTED = Standing.LOCKED.value, Standing.NOT_STARTED.value
_PRACTISING, _MASTERED = Standing.PRACTISING.value, Standing.MASTERED.value
_PARKED = Standing.PARKED.value
_attempt: Callable[[tuple[object, ...]], Attempt] = partial(tuple.__new__, Attempt)


class Running:
    """A SkillState that changes in place, field by field as there.

    before: mastery before the latest attempt.  answered_at: when the newest answer was given.
    mastered: whether the skill counts so.  standing: where the learner stood after the latest
    attempt.  number: of that attempt.  digits: mastery as text, for whoever writes it down.
    """

    __slots__ = (
        "answered_at",
        "answers",
        "before",
        "counted_at",
        "digits",
        "effort",
        "first_success_at",
        "last_success_at",
        "mastered",
        "mastery",
        "misfit",
        "misses",
        "number",
        "paced",
        "predicted",
        "recent",
        "run_shown",
        "seen",
        "skill",
        "standing",
        "streak",
        "streak_items",
        "successes",
        "transfer_passed",
        "transfer_tries",
    )

    def __init__(self, skill: str, start: SkillState) -> None:
        self.skill = skill
        self.mastery = self.before = start.mastery
        self.predicted = start.predicted
        self.recent: list[Attempt] = []
        self.seen: dict[str, int] = {}
        self.answers = self.misses = self.streak = self.streak_items = self.effort = 0
        self.successes = self.transfer_tries = self.number = 0
        self.counted_at: float | None = None
        self.first_success_at: float | None = None
        self.last_success_at: float | None = None
        self.transfer_passed = self.run_shown = self.mastered = False
        self.answered_at = 0.0
        self.paced: Four | None = None
        self.misfit: float | None = None
        self.standing = self.digits = ""

    def settled(self) -> SkillState:
        """Return the state as it is now."""
        return SkillState(
            self.mastery,
            self.answers,
            tuple(self.recent),
            dict(self.seen),
            self.misses,
            self.streak,
            self.streak_items,
            self.effort,
            self.predicted,
            self.successes,
            self.counted_at,
            self.first_success_at,
            self.last_success_at,
            self.transfer_tries,
            self.transfer_passed,
            self.run_shown,
            None,
            self.paced or (),
            self.misfit,
        )


class _Held(NamedTuple):
    """One skill of an item, with all that does not change from answer to answer."""

    skill: str
    start: SkillState
    prerequisites: tuple[str, ...]
    known: float
    guess: float
    known_odds: float
    guess_odds: float
    least: float
    span: float
    kept: float
    learn: float
    rates: Four


class Lot(NamedTuple):
    """An item under a plan, looked up once."""

    id: str
    is_lesson: bool
    transfer: bool
    hints: int
    held: tuple[_Held, ...]
    terms: Terms
    forget_seconds: float
    paces: Paces | None


def prepare(plan: Plan, curriculum: Curriculum, item: Item) -> Lot | None:
    """Return the item made ready for Walk; None where the plan is not one it knows."""
    terms = plan.terms
    if terms is None or plan.model is not None:
        return None
    paces = make_paces(terms.paces, terms.pace_shares)
    if terms.paces and paces is None:
        return None
    held = tuple(
        _Held(
            skill,
            begin(plan.skills[skill]),
            curriculum.skill(skill).prerequisites,
            *plan.odds(skill, item.guess),
            1.0 - plan.skills[skill].forget,
            plan.skills[skill].learn,
            cast(Four, tuple([min(1.0, plan.skills[skill].learn * own) for own in terms.paces])),
        )
        for skill in item.skills
    )
    days = DAY * terms.forget_days
    lesson = item.kind is ItemKind.LESSON
    return Lot(item.id, lesson, item.transfer, item.hints, held, terms, days, paces)


class Walk:
    """One learner's log from its start, without help, regrades and switches.

    known: by skill met.  predicted, surprise: p and e of the latest answer.
    """

    __slots__ = (
        "_ability",
        "_answers",
        "_misfit",
        "_pace",
        "_policy",
        "known",
        "predicted",
        "surprise",
    )

    def __init__(self, policy: Policy) -> None:
        self.known: dict[str, Running] = {}
        self.predicted = self.surprise = 0.0
        self._ability, self._answers = 0.0, 0
        self._pace: Four | None = None
        self._misfit: float | None = None
        self._policy = policy

    def trace(self) -> Trace:
        """Return the learner's trace as it is now."""
        return Trace(self._ability, self._answers, None, self._pace or (), self._misfit)

    def read(self, lot: Lot, *, number: int, hints: int, at: float) -> list[Running]:
        """Fold a lesson that was read; return its skills."""
        moved = []
        for held in lot.held:
            state = self.known.get(held.skill)
            if state is None:
                state = self.known[held.skill] = Running(held.skill, held.start)
            recent = state.recent
            then = recent[-1].at if recent and at < recent[-1].at else at
            recent.append(_attempt((number, lot.id, _READ, hints, then)))
            if len(recent) > RECENT:
                del recent[0]
            state.seen[lot.id] = state.number = number
            state.before = state.mastery
            state.answered_at = last_answered(recent)
            state.mastered = is_mastered(state, self._policy)
            moved.append(state)
        self._stand(moved, lot)
        return moved

    def answer(  # noqa: C901, PLR0912, PLR0915, PLR0917 - a million times: calls cost more
        self, lot: Lot, number: int, outcome: Outcome, hints: int, at: float, difficulty: float
    ) -> list[Running]:
        """Fold an answer to an exercise; return its skills."""
        _, _, transfer, most, holds, terms, forget_seconds, paces = lot
        shift = terms.coupling * self._ability - difficulty
        scale = 1.0 if shift == 0.0 else exp(shift)
        right = outcome is _CORRECT
        weight = 1.0 - min(hints, most) / most if hints and most else 1.0
        total, moved, paced = 0.0, [], []
        for held in holds:
            skill, start, _, p1, p0, known_odds, guess_odds, least, span, kept, learn, _ = held
            state = self.known.get(skill)
            if state is None:
                state = self.known[skill] = Running(skill, start)
            if scale != 1.0:
                odds = guess_odds * scale
                p0 = odds / (1.0 + odds)
                if p0 < least:  # noqa: PLR1730 - as in engine.plan
                    p0 = least
                if p1 < 1.0:
                    odds, lowest = known_odds * scale, span * p0 / (1.0 - p0)
                    if odds < lowest:  # noqa: PLR1730 - as in engine.plan
                        odds = lowest
                    p1 = odds / (1.0 + odds)
            known = state.before = state.mastery
            if terms.forget != 0.0 and state.answers:
                gap = at - state.answered_at
                if gap > 0.0:
                    known *= (1.0 + gap / forget_seconds) ** -terms.forget
                    if known < terms.floor and state.run_shown:
                        known = min(state.mastery, terms.floor)
            predicted = known * p1 + (1.0 - known) * p0
            total += predicted
            # Bayes, as engine.learner.weigh_outcome with slip = 1 - p1
            if right:
                if_known, if_unknown = 1.0 - (1.0 - p1), p0
                if hints and most:
                    if_known, if_unknown = if_known**weight, if_unknown**weight
            elif outcome is _WRONG:
                if_known, if_unknown = 1.0 - p1, 1.0 - p0
            else:
                if_known, if_unknown = 0.0, 1.0
            state.predicted = predicted
            moved.append(state)
            if paces is not None:
                masteries, mastery = state.paced, state.mastery
                if masteries is None or mastery <= 0.0:
                    masteries = known, known, known, known
                elif known != mastery:
                    left, (a, b, c, d) = known / mastery, masteries
                    masteries = a * left, b * left, c * left, d * left
                paced.append(see(masteries, if_known, if_unknown))
                continue
            joint = known * if_known
            whole = joint + (1.0 - known) * if_unknown
            after = joint / whole if whole > 0.0 else known
            state.mastery = after * kept + (1.0 - after) * learn
            _note(state, lot.id, number, outcome, hints, at, transfer)
        if paces is not None:
            self._learn_at_paces(lot, paces, moved, paced)
            for state in moved:
                _note(state, lot.id, number, outcome, hints, at, transfer)
        self.predicted = predicted = total / len(moved)
        misfit = None
        if terms.misfit > 0.0:
            misfit = terms.misfit if self._misfit is None else self._misfit
            if not (right and hints):
                misfit = weigh_misfit(misfit, terms.misfit, predicted=predicted, right=right)
            self._misfit = misfit
        self.surprise = surprise = (1.0 - predicted) * weight if right else -predicted
        ability = self._ability + terms.ability / (1.0 + terms.ability_fade * self._answers) * (
            surprise
        )
        farthest = terms.farthest
        if ability > farthest or ability < -farthest:
            ability = min(max(ability, -farthest), farthest)
        self._ability = ability
        self._answers += 1
        for state in moved:
            state.misfit = misfit
            state.mastered = is_mastered(state, self._policy)
        self._stand(moved, lot)
        return moved

    def _learn_at_paces(
        self, lot: Lot, paces: Paces, moved: list[Running], paced: list[tuple[Four, Four]]
    ) -> None:
        """Move every skill of an item at each pace, as engine.pace."""
        (_, chances), *others = paced
        for _, more in others:
            chances = cast(Four, tuple(map(add, chances, more)))
        weights = weigh_paces(paces, self._pace or paces.shares, chances)
        self._pace = weights
        for state, held, (known, _) in zip(moved, lot.held, paced, strict=True):
            state.paced, state.mastery = learn_at(weights, known, kept=held.kept, rates=held.rates)

    def _stand(self, moved: list[Running], lot: Lot) -> None:
        """Say where the learner stands in the skills of an item, as engine.skill_standing."""
        policy, known = self._policy, self.known
        for state, held in zip(moved, lot.held, strict=True):
            if state.mastered:
                state.standing = _MASTERED
                continue
            if state.effort >= policy.park_answers and is_stalled(state, policy, 0):
                state.standing = _PARKED
                continue
            state.standing = _PRACTISING
            for needed in held.prerequisites:
                below = known.get(needed)
                if below is None or not below.mastered:
                    state.standing = _LOCKED
                    break


def _note(  # noqa: PLR0917 - as Walk.answer
    state: Running,
    item: str,
    number: int,
    outcome: Outcome,
    hints: int,
    at: float,
    transfer: bool,  # noqa: FBT001
) -> None:
    """Count an answer, as engine.learner.fold_answer."""
    recent, seen = state.recent, state.seen
    if recent and at < recent[-1].at:
        at = recent[-1].at
    helped = outcome is _CORRECT and hints
    another = (
        outcome is _CORRECT and not helped and (item not in seen or not in_streak(recent, item))
    )
    recent.append(_attempt((number, item, outcome, hints, at)))
    if len(recent) > RECENT:
        del recent[0]
    seen[item] = state.number = number
    state.answered_at = at
    state.answers += 1
    state.transfer_tries += transfer
    if outcome is not _CORRECT:
        state.misses += 1
        state.streak = state.streak_items = 0
        state.effort += 1
        return
    if helped:
        state.effort += 1
        return
    mastery = state.mastery
    state.streak += 1
    state.streak_items += another
    settled = mastery >= SETTLED_MASTERY and state.streak >= SETTLED_STREAK
    state.effort = 0 if settled else state.effort + 1
    if state.counted_at is None or at - state.counted_at >= SPACED_SECONDS:
        state.successes += 1
        state.counted_at = at
    if state.first_success_at is None:
        state.first_success_at = at
    state.last_success_at = at
    state.transfer_passed = state.transfer_passed or transfer
    state.run_shown = state.run_shown or shows_run(recent, mastery, EVIDENCE_RULE)
