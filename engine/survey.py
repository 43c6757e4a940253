"""One pass over the skills: which are mastered, open, parked, to be reviewed, and in what order."""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil

from engine.choice import Situation
from engine.curriculum import Item
from engine.evidence import DAY
from engine.review import due_at, first_review_days, recall
from engine.standing import is_mastered, is_parked, owes_transfer
from engine.state import Outcome, SkillState


@dataclass(slots=True)
class Survey:
    """What a choice needs to know of all skills at once; built by survey_skills alone.

    mastered: ids.  started, fresh: open skills met before, not met yet (all prerequisites
    mastered, neither mastered nor parked).  owing: mastered skills whose transfer case is next.
    parked, locked: ids.  due: (recall, id) of mastered skills to be reviewed, weakest first.
    next_review: epoch seconds of the first review not due yet, None if none will be.
    hard: whether the last item was an exercise below the policy's floor.
    """

    mastered: set[str] = field(default_factory=set)
    started: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    owing: list[str] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    due: list[tuple[float, str]] = field(default_factory=list)
    next_review: float | None = None
    hard: bool = False

    def admits(self, item: Item) -> bool:
        """Return whether every skill of the item is open or mastered."""
        if len(item.skills) == 1:
            return True
        closed: Collection[str] = (*self.parked, *self.locked)
        return not any(skill in closed for skill in item.skills)


def survey_skills(situation: Situation) -> Survey:
    """Return the survey of all skills of the curriculum.

    Raises ValueError where a mastery is not a probability (NaN included): no choice can stand
    on it.
    """
    survey = Survey()
    states = situation.states
    for skill in situation.curriculum.order:
        state = states.get(skill)
        if state is not None and not 0.0 <= state.mastery <= 1.0:
            raise ValueError(f"mastery of {skill} must be in [0, 1], got {state.mastery}")
        if state is not None and is_mastered(state, situation.policy):
            _place_mastered(survey, situation, skill, state)
        else:
            _place_open(survey, situation, skill, state)
    survey.due.sort()
    survey.started.sort(key=lambda skill: -last_number(states[skill]))
    survey.parked.sort(key=lambda skill: -last_number(states[skill]))
    survey.owing.sort(key=lambda skill: -last_number(states[skill]))
    survey.fresh.sort(key=lambda skill: -len(situation.curriculum.downstream(skill)))
    survey.hard = _was_hard(situation)
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
    away = first_review_days(policy) * DAY
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


def _place_mastered(survey: Survey, situation: Situation, skill: str, state: SkillState) -> None:
    survey.mastered.add(skill)
    if _owes(situation, skill, state):
        survey.owing.append(skill)
        return
    due = due_at(state, situation.policy)
    if due <= situation.at:
        survey.due.append((recall(state, at=situation.at), skill))
    elif survey.next_review is None or due < survey.next_review:
        survey.next_review = due


def _owes(situation: Situation, skill: str, state: SkillState) -> bool:
    transfer = situation.curriculum.transfer(skill)
    return (
        transfer is not None
        and transfer.id not in situation.withdrawn
        and owes_transfer(state, situation.curriculum, skill, situation.policy)
    )


def _place_open(survey: Survey, situation: Situation, skill: str, state: SkillState | None) -> None:
    since = situation.unparked.get(skill, 0)
    if state is not None and is_parked(state, situation.policy, since=since):
        survey.parked.append(skill)
        return
    for needed in situation.curriculum.skill(skill).prerequisites:
        if needed not in survey.mastered:
            survey.locked.append(skill)
            return
    if state is not None and state.recent:
        survey.started.append(skill)
    else:
        survey.fresh.append(skill)


def _was_hard(situation: Situation) -> bool:
    """Return whether the newest attempt was an exercise whose P(correct) was below the floor."""
    newest, total, count = None, 0.0, 0
    for state in situation.states.values():
        if not state.recent:
            continue
        attempt = state.recent[-1]
        if newest is None or attempt.number > newest.number:
            newest, total, count = attempt, 0.0, 0
        if attempt.number == newest.number:
            total += state.predicted
            count += 1
    if newest is None or newest.outcome is Outcome.READ:
        return False
    return total < situation.policy.floor * count
