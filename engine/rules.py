"""The rules of the recommender: each returns a recommendation, or None to let the next speak."""

from collections.abc import Iterable, Mapping

from engine.choice import Choice, Situation, choose_exercise, settle
from engine.curriculum import WORKED_CASE, Item
from engine.decision import Candidate, Counterfactual, Reason, Recommendation, Rule
from engine.evidence import DAY
from engine.review import recall
from engine.standing import needed_streak
from engine.state import Outcome, SkillState
from engine.survey import Survey, last_answer_number, was_hard

Terms = Mapping[str, float]


def help_parked(situation: Situation, survey: Survey) -> Recommendation | None:
    """Return the worked example of a parked skill, or else a check of its weakest prerequisite.

    Each once after parking; the skill parked last comes first.
    """
    for skill in survey.parked:
        helped = _worked_example(situation, skill) or _check_prerequisite(situation, survey, skill)
        if helped is not None:
            return helped
    return None


def transfer(situation: Situation, survey: Survey) -> Recommendation | None:
    """Return the transfer case of a skill just mastered."""
    return _case(situation, survey.owing, Rule.TRANSFER)


def confirm(situation: Situation, survey: Survey) -> Recommendation | None:
    """Return the transfer case of a skill known by placement alone, when nothing else is open.

    Without it a module could end with nothing shown but the few answers of a placement.
    """
    return _case(situation, survey.placed, Rule.PLACED_CASE)


def review(situation: Situation, survey: Survey) -> Recommendation | None:
    """Return an exercise of the mastered skill with the lowest predicted recall, where due."""
    for expected, skill in survey.due:
        chosen = _choose(situation, survey, skill)
        if chosen is None:
            continue
        state = situation.states[skill]
        elapsed = max(0.0, situation.at - (state.last_success_at or situation.at)) / DAY
        terms = {
            "recall": expected,
            "threshold": situation.policy.review_recall,
            "elapsed_days": elapsed,
            **_choice_terms(situation, chosen),
            **_standing_terms(state),
        }
        change = Counterfactual(
            "practised-lately", {"recall": situation.policy.review_recall, "elapsed_days": elapsed}
        )
        return _recommend(situation, chosen, Reason(Rule.REVIEW, skill, terms, change))
    return None


def stay(situation: Situation, survey: Survey) -> Recommendation | None:
    """Return the next item of the skill in hand: the open skill met last."""
    return _first(situation, survey, survey.started)


def open_skill(situation: Situation, survey: Survey) -> Recommendation | None:
    """Return the first item of a new skill: the one that most other skills need."""
    return _first(situation, survey, survey.fresh)


def retry(situation: Situation, survey: Survey) -> Recommendation | None:
    """Return the next item of a skill set aside, when nothing else is open: the one left longest.

    Until policy.park_limit answers; then only a person can help.
    """
    return _first(situation, survey, survey.resting)


def end(situation: Situation, survey: Survey) -> Recommendation:
    """Return FINISHED when every skill is mastered, else STUCK; when the next review falls due.

    Skills that are open but have no item to show count as unavailable.
    """
    terms = {
        "mastered": float(len(survey.mastered)),
        "parked": float(len(survey.parked)),
        "locked": float(len(survey.locked)),
        "unavailable": float(len(survey.started) + len(survey.fresh)),
    }
    if survey.next_review is not None:
        terms["next_review"] = survey.next_review
    finished = len(survey.mastered) == len(situation.curriculum.order)
    rule, key = (Rule.FINISHED, "review-falls-due") if finished else (Rule.STUCK, "person-helps")
    values = {"parked": terms["parked"]} if not finished else {}
    nothing = Choice(item=None, candidates=(), considered=0, runner_up=None)
    return _recommend(situation, nothing, Reason(rule, None, terms, Counterfactual(key, values)))


def _case(situation: Situation, skills: Iterable[str], rule: Rule) -> Recommendation | None:
    for skill in skills:
        item = situation.curriculum.transfer(skill)
        if item is None:
            continue
        state = situation.states[skill]
        predicted = situation.success(item)
        score = 1.0 - abs(predicted - situation.policy.target)
        only = settle([Candidate(item.id, skill, predicted, score, 1.0)], 0)
        tries = float(state.transfer_tries)
        terms = {"predicted": predicted, **_standing_terms(state), "transfer_tries": tries}
        change = Counterfactual(
            "transfer-passed", {"tries_left": situation.policy.transfer_tries - tries}
        )
        return _recommend(situation, only, Reason(rule, skill, terms, change))
    return None


def _first(situation: Situation, survey: Survey, skills: Iterable[str]) -> Recommendation | None:
    for skill in skills:
        found = _teach(situation, skill) or _practise(situation, survey, skill)
        if found is not None:
            return found
    return None


def _teach(situation: Situation, skill: str) -> Recommendation | None:
    """Return a lesson where misses call for one: the first after one, another format after four."""
    state = situation.states.get(skill)
    if state is None or state.misses == 0 or state.mastery >= situation.policy.lesson_below:
        return None
    read = _lessons_read(situation, skill)
    limit = 1 if not read else situation.policy.second_lesson_after
    unread = _lessons_unread(situation, skill)
    if state.misses < limit or not unread:
        return None
    terms = {"misses": float(state.misses), "limit": float(limit), **_standing_terms(state)}
    change = Counterfactual("fewer-misses", {"misses": limit - 1.0})
    reason = Reason(_lesson_rule(read), skill, terms, change)
    return _recommend(situation, _in_order(unread, skill), reason)


def _ease(situation: Situation, survey: Survey, skill: str) -> Recommendation | None:
    """Return a lesson not read yet, where every question would be a second hard one in a row."""
    state = situation.states.get(skill)
    unread = _lessons_unread(situation, skill)
    questions = _choose(situation, survey, skill)
    if state is None or not unread or questions is None:
        return None
    terms = {
        "predicted": max(it.predicted or 0.0 for it in questions.candidates),
        "floor": situation.policy.floor,
        "misses": float(state.misses),
        **_standing_terms(state),
    }
    change = Counterfactual("easier-question", {"predicted": situation.policy.floor})
    reason = Reason(_lesson_rule(_lessons_read(situation, skill)), skill, terms, change)
    return _recommend(situation, _in_order(unread, skill), reason)


def _lessons_read(situation: Situation, skill: str) -> list[Item]:
    state = situation.states.get(skill)
    seen: Mapping[str, int] = {} if state is None else state.seen
    return [item for item in situation.curriculum.lessons(skill) if item.id in seen]


def _lessons_unread(situation: Situation, skill: str) -> list[Item]:
    """Return the lessons in formats not read yet, a worked case last."""
    formats = {item.format for item in _lessons_read(situation, skill)}
    unread = [
        item
        for item in situation.curriculum.lessons(skill)
        if item.format not in formats and item.id not in situation.withdrawn
    ]
    return sorted(unread, key=lambda item: item.format == WORKED_CASE)


def _lesson_rule(read: list[Item]) -> Rule:
    return Rule.SECOND_LESSON if read else Rule.LESSON


def _practise(situation: Situation, survey: Survey, skill: str) -> Recommendation | None:
    chosen = None
    if was_hard(situation):
        chosen = _choose(situation, survey, skill, gentle=True)
        if chosen is None and (eased := _ease(situation, survey, skill)) is not None:
            return eased
    chosen = chosen or _choose(situation, survey, skill)
    if chosen is None:
        return None
    state = situation.states.get(skill)
    return _recommend(situation, chosen, _practice_reason(situation, skill, state, chosen))


def _practice_reason(
    situation: Situation, skill: str, state: SkillState | None, chosen: Choice
) -> Reason:
    downstream = float(len(situation.curriculum.downstream(skill)))
    terms = _choice_terms(situation, chosen)
    if state is None or state.answers == 0:
        terms |= {"mastery": situation.parameters[skill].prior, "downstream": downstream}
        return Reason(Rule.OPEN_SKILL, skill, terms, Counterfactual("first-answer", {}))
    terms |= {**_standing_terms(state), "downstream": downstream}
    change = _mastering_change(situation, state)
    return Reason(Rule.PRACTISE, skill, terms, change)


def _worked_example(situation: Situation, skill: str) -> Recommendation | None:
    state = situation.states[skill]
    lessons = [
        item
        for item in situation.curriculum.lessons(skill)
        if item.format == WORKED_CASE and item.id not in situation.withdrawn
    ]
    since = _helped_since(situation, state)
    if not lessons or any(state.seen.get(item.id, -1) >= since for item in lessons):
        return None
    lessons.sort(key=lambda item: state.seen.get(item.id, -1))
    reason = Reason(
        Rule.WORKED_EXAMPLE,
        skill,
        _parking_terms(situation, state),
        _parking_change(situation, state),
    )
    return _recommend(situation, _in_order(lessons, skill), reason)


def _helped_since(situation: Situation, state: SkillState) -> int:
    """Return the number of the attempt from which help counts as lately given.

    One round of help, then practice on other skills and on this one; the next round comes when
    the window of answers that parks a skill has passed again.
    """
    answered = [it.number for it in state.recent if it.outcome is not Outcome.READ]
    return answered[-situation.policy.park_window :][0]


def _check_prerequisite(situation: Situation, survey: Survey, skill: str) -> Recommendation | None:
    states, state = situation.states, situation.states[skill]
    since = _helped_since(situation, state)
    needed = [it for it in situation.curriculum.skill(skill).prerequisites if it in states]
    if any(last_answer_number(states[it]) >= since for it in needed):
        return None
    able = [it for it in needed if it not in survey.parked]
    for weakest in sorted(able, key=lambda it: (states[it].mastery, it)):
        chosen = _choose(situation, survey, weakest)
        if chosen is not None:
            terms = {
                "prerequisite_mastery": states[weakest].mastery,
                "prerequisite_recall": recall(states[weakest], at=situation.at),
                **_choice_terms(situation, chosen),
                **_parking_terms(situation, state),
            }
            change = _parking_change(situation, state)
            reason = Reason(Rule.CHECK_PREREQUISITE, skill, terms, change)
            return _recommend(situation, chosen, reason)
    return None


def _choose(
    situation: Situation, survey: Survey, skill: str, *, gentle: bool = False
) -> Choice | None:
    floor = situation.policy.floor if gentle else 0.0
    return choose_exercise(situation, skill, admits=survey.admits, floor=floor)


def _in_order(items: list[Item], skill: str) -> Choice:
    return settle(
        [Candidate(item.id, skill, None, 0.0, float(at == 0)) for at, item in enumerate(items)], 0
    )


def _choice_terms(situation: Situation, chosen: Choice) -> dict[str, float]:
    own = next(it for it in chosen.candidates if it.item == chosen.item)
    return {
        "predicted": 0.0 if own.predicted is None else own.predicted,
        "target": situation.policy.target,
    }


def _standing_terms(state: SkillState) -> dict[str, float]:
    return {
        "mastery": state.mastery,
        "answers": float(state.answers),
        "streak": float(state.streak),
    }


def _parking_terms(situation: Situation, state: SkillState) -> dict[str, float]:
    answered = [it for it in state.recent if it.outcome is not Outcome.READ]
    window = answered[-situation.policy.park_window :]
    correct = sum(it.outcome is Outcome.CORRECT for it in window)
    return {
        "latest_correct": float(correct),
        "latest": float(len(window)),
        "effort": float(state.effort),
        **_standing_terms(state),
    }


def _parking_change(situation: Situation, state: SkillState) -> Counterfactual:
    terms = _parking_terms(situation, state)
    if 2 * terms["latest_correct"] >= terms["latest"]:
        # Set aside for the number of answers alone: half right is no longer enough.
        return _mastering_change(situation, state)
    half = (situation.policy.park_window + 1) // 2
    return Counterfactual("more-correct-lately", {"latest_correct": float(half)})


def _mastering_change(situation: Situation, state: SkillState) -> Counterfactual:
    policy = situation.policy
    more = float(max(needed_streak(state, policy) - state.streak, 0))
    return Counterfactual("mastered", {"more_in_a_row": more, "mastery": policy.mastered})


def _recommend(situation: Situation, chosen: Choice, reason: Reason) -> Recommendation:
    return Recommendation(
        item=chosen.item,
        reason=reason,
        candidates=chosen.candidates,
        considered=chosen.considered,
        runner_up=chosen.runner_up,
        seed=situation.seed,
        policy=situation.policy.version,
    )
