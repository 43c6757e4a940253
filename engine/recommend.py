"""What comes next, and why: the rules in the order in which they speak.

    1. a skill just parked: its worked example, then a check of the weakest prerequisite
    2. a mastered skill whose first success is two days old: its transfer case
    3. a review, where one is due and reviews are not too many already
    4. stay on the skill in hand: a lesson after a miss, else an exercise
    5. open the next skill: a question first
    6. a skill set aside is tried again, when nothing else is open
    7. a skill known by placement alone: its transfer case, when nothing else is open
    8. a review that is due, when nothing else is open
    9. finished, or stuck
Only exercises of one skill are ever compared, so a decision costs one look at each skill's state
and one at the items of a single skill.
Source of the rules: gated mastery learning (Bloom 1968), and the finding that gating and the stop
rule matter more than the scoring formula (Pelanek & Rihak 2017, UMAP).
"""

from collections.abc import Callable, Collection, Mapping

from engine import rules
from engine.bkt import SkillParameters
from engine.choice import Situation, settle
from engine.curriculum import Curriculum, Item
from engine.decision import Candidate, Counterfactual, Reason, Recommendation, Rule
from engine.outlook import remaining_minutes
from engine.policy import Policy, Threshold, describe
from engine.standing import (
    Standing,
    is_mastered,
    is_parked,
    is_unconfirmed,
    skill_standing,
    standings,
)
from engine.state import SkillState
from engine.survey import Survey, share_of_reviews, survey_skills

__all__ = [
    "Candidate",
    "Counterfactual",
    "Policy",
    "Reason",
    "Recommendation",
    "Rule",
    "Standing",
    "Threshold",
    "describe",
    "fallback",
    "is_mastered",
    "is_parked",
    "recommend",
    "remaining_minutes",
    "skill_standing",
    "standings",
]

_PLAIN = Policy()


def recommend(
    curriculum: Curriculum,
    states: Mapping[str, SkillState],
    parameters: Mapping[str, SkillParameters],
    *,
    policy: Policy,
    at: float,
    number: int,
    seed: int,
    withdrawn: Collection[str] = frozenset(),
    share_reviewed: float | None = None,
    unparked: Mapping[str, int] | None = None,
    expected: Callable[[Item], float] | None = None,
) -> Recommendation:
    """Return the next item with its reason, candidates and runner-up. Same arguments, same answer.

    states: by skill id, only skills met; skills of other curricula are passed over.
    parameters: by skill id, all skills.  at: epoch seconds.  number: of the next attempt
    (response sequence).  seed: any integer; it settles the draw among about equally good exercises.
    withdrawn: ids of items not to be shown.
    share_reviewed: share of reviews among the learner's latest servings, where the caller counts
        it; None takes it from the states (engine.survey.share_of_reviews).
    unparked: skill id -> attempt number from which answers count for parking again, after help.
    expected: P(correct) on an exercise, where the caller predicts it better than mastery alone
        does; it steers which exercise is chosen, not whether a skill is mastered.
    Raises ValueError where a mastery is not a probability; then ask fallback.
    """
    situation = Situation(
        curriculum,
        states,
        parameters,
        policy,
        at,
        number,
        seed,
        withdrawn,
        unparked or {},
        expected,
    )
    survey = survey_skills(situation)
    if share_reviewed is None:
        share_reviewed = share_of_reviews(situation) if survey.due else 0.0
    reviewing = share_reviewed < policy.review_share
    order: tuple[Callable[[Situation, Survey], Recommendation | None], ...] = (
        rules.help_parked,
        rules.transfer,
        *((rules.review,) if reviewing else ()),
        rules.stay,
        rules.open_skill,
        rules.retry,
        rules.confirm,
        rules.review,
    )
    for rule in order:
        recommendation = rule(situation, survey)
        if recommendation is not None:
            return recommendation
    return rules.end(situation, survey)


def fallback(
    curriculum: Curriculum,
    states: Mapping[str, SkillState],
    *,
    seed: int,
    withdrawn: Collection[str] = frozenset(),
    policy: Policy = _PLAIN,
) -> Recommendation:
    """Return the next item in a fixed order, for when recommend fails; it never raises.

    The exercise not seen for longest (never seen counts as longest, then the order of the
    curriculum) of the first skill that is not mastered; then the transfer case of the first
    skill known by placement alone. Needs no probabilities: any mastery, NaN too, is taken as it
    comes. FINISHED when every skill is mastered and no such case is owed, STUCK when no skill
    that is not mastered has an exercise to show.
    """
    unmastered = [
        skill
        for skill in curriculum.order
        if skill not in states or not is_mastered(states[skill], policy)
    ]
    for skill in unmastered:
        state = states.get(skill)
        seen: Mapping[str, int] = {} if state is None else state.seen
        items = [item for item in curriculum.exercises(skill) if item.id not in withdrawn]
        items.sort(key=lambda item, seen=seen: seen.get(item.id, -1))  # type: ignore[misc]
        if items:
            return _in_fixed_order(items, skill, seed=seed, policy=policy)
    for skill in curriculum.order:
        case = curriculum.transfer(skill)
        if case and case.id not in withdrawn and is_unconfirmed(states.get(skill), policy):
            return _in_fixed_order([case], skill, seed=seed, policy=policy)
    rule = Rule.STUCK if unmastered else Rule.FINISHED
    return _nothing(rule, seed=seed, policy=policy)


def _in_fixed_order(items: list[Item], skill: str, *, seed: int, policy: Policy) -> Recommendation:
    candidates = [
        Candidate(item.id, skill, None, 0.0, float(place == 0)) for place, item in enumerate(items)
    ]
    chosen = settle(candidates, 0)
    return Recommendation(
        item=chosen.item,
        reason=Reason(Rule.FALLBACK, skill, {}, Counterfactual("normal-service", {})),
        candidates=chosen.candidates,
        considered=chosen.considered,
        runner_up=chosen.runner_up,
        seed=seed,
        policy=policy.version,
    )


def _nothing(rule: Rule, *, seed: int, policy: Policy) -> Recommendation:
    reason = Reason(rule, None, {}, Counterfactual("normal-service", {}))
    return Recommendation(
        item=None,
        reason=reason,
        candidates=(),
        considered=0,
        runner_up=None,
        seed=seed,
        policy=policy.version,
    )
