"""One pass over the skills: which are mastered, open, parked, to be reviewed, and in what order."""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, fsum, inf

from engine.choice import Situation
from engine.curriculum import Item, Skill
from engine.evidence import DAY
from engine.review import TOP, intervals, recall
from engine.standing import is_mastered, is_parked, owes_transfer
from engine.state import Outcome, SkillState


@dataclass(slots=True)
class Survey:
    """What a choice needs to know of all skills at once; built by survey_skills alone.

    mastered: by id.  started, fresh: open skills met before, not met yet (all prerequisites
    mastered, neither mastered nor parked).  owing: mastered skills whose transfer case is next.
    placed: skills known by placement alone that owe their transfer case, prerequisites first.
    parked, locked: ids.  due: (recall, id) of mastered skills to be reviewed, weakest first.
    next_review: epoch seconds of the first review not due yet, None if none will be.
    """

    mastered: dict[str, SkillState] = field(default_factory=dict)
    started: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    owing: list[str] = field(default_factory=list)
    placed: list[str] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)
    resting: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    due: list[tuple[float, str]] = field(default_factory=list)
    next_review: float | None = None

    def admits(self, item: Item) -> bool:
        """Return whether every skill of the item is open or mastered."""
        if len(item.skills) == 1:
            return True
        closed: Collection[str] = (*self.parked, *self.locked)
        return not any(skill in closed and skill not in self.resting for skill in item.skills)


def survey_skills(situation: Situation) -> Survey:
    """Return the survey of all skills of the curriculum.

    Raises ValueError where a mastery is not a probability (NaN included): no choice can stand
    on it.
    """
    survey = Survey()
    states = situation.states
    for skill in situation.curriculum.ordered:
        state = states.get(skill.id)
        if state is None:
            _place_unmet(survey, skill)
        elif not 0.0 <= state.mastery <= 1.0:
            raise ValueError(f"mastery of {skill.id} must be in [0, 1], got {state.mastery}")
        elif is_mastered(state, situation.policy):
            survey.mastered[skill.id] = state
        else:
            _place_open(survey, situation, skill, state)
    _place_mastered(survey, situation)
    survey.due.sort()
    for skills in (survey.started, survey.parked, survey.owing):
        skills.sort(key=lambda skill: -last_number(states[skill]))
    survey.resting.sort(key=lambda skill: last_number(states[skill]))
    survey.fresh.sort(key=lambda skill: -len(situation.curriculum.downstream(skill)))
    return survey


def share_of_reviews(situation: Situation) -> float:
    """Return the share of reviews among the learner's latest attempts, in [0, 1].

    As many attempts are looked at as make one review at a time keep the policy's review_share:
    the latest three for 1 in 4. An attempt counts as a review when it came so long after the one
    before on the same skill that a first review was due.
    """
    policy = situation.policy
    window = ceil(1.0 / policy.review_share) - 1
    newest = max((last_number(state) for state in situation.states.values()), default=-1)
    away = intervals(policy)[1]
    reviews = {
        attempt.number
        for state in situation.states.values()
        if last_number(state) > newest - window
        for before, attempt in pairwise(state.recent[-window - 1 :])
        if attempt.number > newest - window and attempt.at - before.at >= away
    }
    return len(reviews) / window


def last_number(state: SkillState) -> int:
    """Return the number of the newest attempt on the skill, -1 before any."""
    return state.recent[-1].number if state.recent else -1


def last_answer_number(state: SkillState) -> int:
    """Return the number of the newest answer (not a lesson read) on the skill, -1 before any."""
    for attempt in reversed(state.recent):
        if attempt.outcome is not Outcome.READ:
            return attempt.number
    return -1


def _place_mastered(survey: Survey, situation: Situation) -> None:
    at, wait = situation.at, intervals(situation.policy)
    soonest = inf
    for skill, state in survey.mastered.items():
        if not state.transfer_passed and _owes(situation, skill, state):
            if not state.answers:
                survey.placed.append(skill)
                continue
            case_due = (state.first_success_at or 0.0) + situation.policy.transfer_days * DAY
            if case_due <= at:
                survey.owing.append(skill)
                continue
            soonest = min(soonest, case_due)
        if state.last_success_at is None:  # placement alone found it: nothing to be refreshed
            continue
        due = state.last_success_at + wait[min(state.successes, TOP)]
        if due <= at:
            survey.due.append((recall(state, at=at), skill))
        elif due < soonest:
            soonest = due
    survey.next_review = None if soonest == inf else soonest


def _owes(situation: Situation, skill: str, state: SkillState) -> bool:
    transfer = situation.curriculum.transfer(skill)
    return (
        transfer is not None
        and transfer.id not in situation.withdrawn
        and owes_transfer(state, situation.curriculum, skill, situation.policy)
    )


def _place_unmet(survey: Survey, skill: Skill) -> None:
    (survey.fresh if _is_unlocked(survey, skill) else survey.locked).append(skill.id)


def _place_open(survey: Survey, situation: Situation, skill: Skill, state: SkillState) -> None:
    since = situation.unparked.get(skill.id, 0)
    if is_parked(state, situation.policy, since=since):
        survey.parked.append(skill.id)
        if state.effort < situation.policy.park_limit and _is_unlocked(survey, skill):
            survey.resting.append(skill.id)
    elif not state.recent:
        _place_unmet(survey, skill)
    else:
        (survey.started if _is_unlocked(survey, skill) else survey.locked).append(skill.id)


def _is_unlocked(survey: Survey, skill: Skill) -> bool:
    for needed in skill.prerequisites:  # noqa: SIM110 - twice as fast as all(), 200 times a choice
        if needed not in survey.mastered:
            return False
    return True


def was_hard(situation: Situation) -> bool:
    """Return whether the newest attempt was an exercise whose P(correct) was below the floor.

    Over all skills of that exercise, as a mean, like expected_success.
    """
    newest = -1
    tied: list[SkillState] = []
    for state in situation.states.values():
        number = state.recent[-1].number if state.recent else -1
        if number > newest:
            newest, tied = number, [state]
        elif number == newest and number >= 0:
            tied.append(state)
    if not tied or tied[0].recent[-1].outcome is Outcome.READ:
        return False
    return fsum(state.predicted for state in tied) < situation.policy.floor * len(tied)
