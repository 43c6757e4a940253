"""Where a learner stands in a skill: locked, not started, practising, mastered, parked ..."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from engine.curriculum import Curriculum
from engine.policy import Policy
from engine.review import due_at
from engine.state import RECENT, Attempt, Outcome, SkillState

SLIP_SECONDS = 172_800.0
"""A miss so long after the answer before it is no slip: what was known may be forgotten."""

_CORRECT, _READ = Outcome.CORRECT, Outcome.READ  # looked up once: replay asks millions of times


class Standing(StrEnum):
    """Where a learner stands in one skill."""

    LOCKED = "locked"
    NOT_STARTED = "not-started"
    PRACTISING = "practising"
    MASTERED = "mastered"
    PARKED = "parked"
    REVIEW_DUE = "review-due"


class Stood(Protocol):
    """A skill's state, as far as standing looks at it."""

    @property
    def mastery(self) -> float: ...
    @property
    def answers(self) -> int: ...
    @property
    def recent(self) -> Sequence[Attempt]: ...
    @property
    def streak(self) -> int: ...
    @property
    def streak_items(self) -> int: ...
    @property
    def effort(self) -> int: ...
    @property
    def transfer_passed(self) -> bool: ...
    @property
    def misfit(self) -> float | None: ...


def is_mastered(state: Stood, policy: Policy) -> bool:
    """Return whether the skill counts as mastered, to steer by.

    mastery >= policy.mastered, and a streak of needed_streak successes from at least
    policy.streak_items different items. One miss after such a streak is forgiven while mastery
    stays at policy.kept or above: who knows a skill slips now and then. A skill that placement
    put at policy.placed or above is skipped until an answer says more; its transfer case, when
    passed as its first answer, says the same.
    """
    if state.mastery < policy.kept:
        return False
    if state.answers == 0:  # only placement leaves a mastery above the prior without an answer
        return state.mastery >= policy.placed and not state.recent
    if state.answers == 1 and state.transfer_passed:
        return state.mastery >= policy.placed
    if not state.streak:
        return _slipped(state, policy)
    if state.mastery < policy.mastered:
        return False
    enough = state.streak >= needed_streak(state, policy)
    return enough and state.streak_items >= policy.streak_items


def needed_streak(state: Stood, policy: Policy) -> int:
    """Return how many successes in a row mastery asks of this learner.

    policy.streak; one more where their answers may fit the record badly (engine.misfit), two more
    where they all but surely do: of them the record believes too much too early.
    """
    misfit = state.misfit or 0.0
    return policy.streak + (misfit >= policy.misfit) + (misfit >= policy.misfit_high)


def _slipped(state: Stood, policy: Policy) -> bool:
    """Return whether the latest answer is a miss after a streak that mastery asks for."""
    answered = [it for it in state.recent if it.outcome is not _READ]
    if len(answered) < 2 or answered[-1].outcome is _CORRECT:  # noqa: PLR2004 - a run and a miss
        return False
    if answered[-1].at - answered[-2].at >= SLIP_SECONDS:
        return False
    run = 0
    for _, _, outcome, hints, _ in reversed(answered[:-1]):
        if outcome is not _CORRECT:
            break
        run += hints == 0
    return run >= needed_streak(state, policy)


def is_parked(state: SkillState, policy: Policy, *, since: int = 0) -> bool:
    """Return whether practice of the skill should stop, for a person to help.

    At policy.park_answers answers with under half of the last policy.park_window correct, and
    at policy.park_limit answers in any case; never while mastered. Answers count from the start
    or since the skill was last settled, and only from attempt number `since` on: where a person
    helped. After help the limit is reached when every attempt the state keeps came after it.
    """
    return not is_mastered(state, policy) and is_stalled(state, policy, since)


def is_stalled(state: Stood, policy: Policy, since: int) -> bool:
    """Return whether a skill that is not mastered is parked; asked after every answer."""
    if state.effort < policy.park_answers:
        return False
    if since == 0 and state.effort >= policy.park_limit:
        return True
    answered = [
        outcome
        for number, _, outcome, _, _ in state.recent
        if outcome is not _READ and number >= since
    ]
    effort = state.effort if since == 0 else min(state.effort, len(answered))
    if effort < policy.park_answers:
        return False
    window = answered[-policy.park_window :]
    helped_in_vain = since > 0 and len(state.recent) == RECENT and state.recent[0].number >= since
    few_correct = 2 * window.count(_CORRECT) < len(window)
    return few_correct or effort >= policy.park_limit or helped_in_vain


def is_unconfirmed(state: SkillState | None, policy: Policy) -> bool:
    """Return whether the skill counts as mastered by placement alone."""
    return state is not None and state.answers == 0 and is_mastered(state, policy)


def owes_transfer(state: SkillState, curriculum: Curriculum, skill: str, policy: Policy) -> bool:
    """Return whether the skill's transfer case is still to be passed, or tried again."""
    return (
        not state.transfer_passed
        and state.transfer_tries < policy.transfer_tries
        and curriculum.transfer(skill) is not None
    )


def skill_standing(
    curriculum: Curriculum,
    states: Mapping[str, SkillState],
    skill: str,
    *,
    policy: Policy,
    at: float | None = None,
    unparked: Mapping[str, int] | None = None,
) -> Standing:
    """Return where the learner stands in one skill.

    states: by skill id, only skills met.  at: epoch seconds; None leaves time out, so that a
    mastered skill is never REVIEW_DUE.  unparked: skill id -> attempt number from which answers
    count for parking again, after a person's help.  A skill is locked while a prerequisite is
    not mastered; one that is mastered itself stays so.
    """
    state = states.get(skill)
    if state is not None and is_mastered(state, policy):
        due = at is not None and due_at(state, policy) <= at
        return Standing.REVIEW_DUE if due else Standing.MASTERED
    since = unparked.get(skill, 0) if unparked else 0
    if state is not None and is_stalled(state, policy, since):
        return Standing.PARKED
    for needed in curriculum.skill(skill).prerequisites:
        below = states.get(needed)
        if below is None or not is_mastered(below, policy):
            return Standing.LOCKED
    return Standing.PRACTISING if state is not None and state.recent else Standing.NOT_STARTED


def standings(
    curriculum: Curriculum,
    states: Mapping[str, SkillState],
    *,
    policy: Policy,
    at: float | None = None,
    unparked: Mapping[str, int] | None = None,
) -> dict[str, Standing]:
    """Return where the learner stands in every skill, prerequisites first, as skill_standing."""
    return {
        skill: skill_standing(curriculum, states, skill, policy=policy, at=at, unparked=unparked)
        for skill in curriculum.order
    }
