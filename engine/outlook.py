"""How much work is left: an honest, simple estimate in minutes."""

from collections.abc import Mapping

from engine.bkt import SkillParameters
from engine.curriculum import Curriculum
from engine.policy import Policy
from engine.standing import is_mastered, needed_streak, owes_transfer
from engine.state import SkillState


def answers_in_a_row(needed: int, success: float) -> float:
    """Return how many answers it takes on average until `needed` in a row are correct.

        (1 - p^k) / (p^k (1 - p))

    needed: k >= 0.  success: p in (0, 1]; for p = 1 the limit k.
    Source: Feller (1968), An Introduction to Probability Theory I, XIII.7.
    """
    if success >= 1.0:
        return float(needed)
    run: float = success**needed
    return (1.0 - run) / (run * (1.0 - success))


def remaining_answers(
    state: SkillState | None, parameters: SkillParameters, policy: Policy
) -> float:
    """Return the number of answers expected until the skill is mastered, at most park_limit.

        (1 - m) / l + answers in a row still needed at p = 1 - s

    The first term is the mean time to learn for someone who does not know the skill.
    """
    mastery = parameters.prior if state is None else state.mastery
    streak = 0 if state is None else state.streak
    asked = policy.streak if state is None else needed_streak(state, policy)
    needed = max(asked - streak, 1)
    most = float(policy.park_limit)
    success = 1.0 - parameters.slip
    if parameters.learn * most <= 1.0 - mastery or success**needed * most <= 1.0:
        return most
    learning = (1.0 - mastery) / parameters.learn if mastery < 1.0 else 0.0
    return min(learning + answers_in_a_row(needed, success), most)


def remaining_minutes(
    curriculum: Curriculum,
    states: Mapping[str, SkillState],
    parameters: Mapping[str, SkillParameters],
    policy: Policy,
) -> float:
    """Return the minutes of work expected until every skill is finished; 0.0 when all are.

    Per skill not mastered: expected answers x mean minutes of its exercises, the first lesson
    in proportion to 1 - mastery while unread, and the transfer case once. Parked skills and
    those behind them count in full: they remain to be done. Reviews do not count.
    """
    return sum(
        _skill_minutes(curriculum, skill, states.get(skill), parameters[skill], policy)
        for skill in curriculum.order
    )


def _skill_minutes(
    curriculum: Curriculum,
    skill: str,
    state: SkillState | None,
    parameters: SkillParameters,
    policy: Policy,
) -> float:
    case = curriculum.transfer(skill)
    owes = state is None or owes_transfer(state, curriculum, skill, policy)
    transfer = case.minutes if case is not None and owes else 0.0
    if state is not None and is_mastered(state, policy):
        return transfer
    exercise, lesson = curriculum.minutes(skill)
    mastery = parameters.prior if state is None else state.mastery
    unread = state is None or not any(it.id in state.seen for it in curriculum.lessons(skill))
    reading = lesson * (1.0 - mastery) if unread else 0.0
    return remaining_answers(state, parameters, policy) * exercise + reading + transfer
