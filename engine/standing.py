"""Where a learner stands in a skill: locked, not started, practising, mastered, parked ..."""

from collections.abc import Mapping
from enum import StrEnum

from engine.curriculum import Curriculum
from engine.policy import Policy
from engine.review import due_at
from engine.state import RECENT, Outcome, SkillState

_CORRECT, _READ = Outcome.CORRECT, Outcome.READ  # looked up once: replay asks millions of times


class Standing(StrEnum):
    """Where a learner stands in one skill."""

    LOCKED = "locked"
    NOT_STARTED = "not-started"
    PRACTISING = "practising"
    MASTERED = "mastered"
    PARKED = "parked"
    REVIEW_DUE = "review-due"


def is_mastered(state: SkillState, policy: Policy) -> bool:
    """Return whether the skill counts as mastered, to steer by.

    mastery >= policy.mastered, and a streak of policy.streak successes from at least
    policy.streak_items different items.
    """
    return (
        state.mastery >= policy.mastered
        and state.streak >= policy.streak
        and state.streak_items >= policy.streak_items
    )


def is_parked(state: SkillState, policy: Policy, *, since: int = 0) -> bool:
    """Return whether practice of the skill should stop, for a person to help.

    At policy.park_answers answers with under half of the last policy.park_window correct, and
    at policy.park_limit answers in any case; never while mastered. Answers count from the start
    or since the skill was last settled, and only from attempt number `since` on: where a person
    helped. After help the limit is reached when every attempt the state keeps came after it.
    """
    return not is_mastered(state, policy) and _is_stalled(state, policy, since)


def _is_stalled(state: SkillState, policy: Policy, since: int) -> bool:
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


def owes_transfer(state: SkillState, curriculum: Curriculum, skill: str, policy: Policy) -> bool:
    """Return whether the skill's transfer case is still to be passed, or tried again.

    state: of a mastered skill; a failed try has ended the streak, so that being mastered again
    means four successes since.
    """
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
    if state is not None and _is_stalled(state, policy, since):
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
