"""Layer 2: the fitted context terms, which sharpen a prediction.

They reach mastery by one way alone: ability and item difficulty, which the record weighs, move by
the surprise at the sharpened prediction.

The running levels a fitted model needs are kept in two places: what belongs to a skill with the
skill's state, what belongs to the learner with their trace. They begin when fitted terms first
come into use. A skill below a term's tier does without it.
"""

from collections.abc import Sequence
from math import exp, log
from typing import Any, NamedTuple, Protocol

from engine.curriculum import Item
from engine.learner import Answer, Step
from engine.model import layout
from engine.model.layout import Block
from engine.model.online import LearnerTrace, Prediction
from engine.model.online import SkillTrace as Running
from engine.plan import Plan, Tier
from engine.state import Outcome, SkillState, SkillTrace

_EDGE = 1e-6
_LAYOUT_TIERS = {
    Tier.RECORD: None,
    Tier.ABILITY: None,
    Tier.CONTEXT: layout.Tier.CONTEXT,
    Tier.HISTORY: layout.Tier.HISTORY,
}
_ORDER = list(Tier)


class Levels(NamedTuple):
    """What the context terms remember of one learner: running levels, and the last answer."""

    steady: float = 0.0
    recent: float = 0.0
    first: float = 0.0
    fresh: float = 0.0
    seen: int = 0
    last_skills: tuple[str, ...] = ()
    last_item: str | None = None
    last_correct: bool = False
    last_seconds: float | None = None
    second_last_seconds: float | None = None


class Known(NamedTuple):
    """One skill of an item just before its answer.

    kept: mastery as stored.  known: L, what is left of it now.
    p1, p0: P(correct) on this item if known, if not.
    """

    skill: str
    state: SkillState
    kept: float
    known: float
    p1: float
    p0: float


class Traced(Protocol):
    """A learner's trace, as far as the terms look at it."""

    @property
    def ability(self) -> float: ...
    @property
    def levels(self) -> Levels | None: ...


class Sharper(NamedTuple):
    """A prediction with its context terms.

    terms: log-odds by block; those not in use are 0.  p = sigma(logit(record) + their sum).
    """

    p: float
    terms: dict[Block, float]
    prediction: Prediction
    running: LearnerTrace


def read_levels(record: object) -> Levels:
    """Return the levels written as a list.

    Raises TypeError or ValueError where the record is not such a list.
    """
    if not isinstance(record, list):
        raise TypeError(f"levels must be a list, got {record}")
    levels = Levels(*record)
    return levels._replace(last_skills=tuple(levels.last_skills))


def sharpen(
    plan: Plan,
    seen: Sequence[Known],
    trace: Traced,
    item: Item,
    *,
    at: float,
    record: float,
) -> Sharper | None:
    """Return the sharpened prediction, None where the plan has no fitted terms.

    record: r, in [0, 1].  at: epoch seconds.
    """
    if plan.model is None:
        return None
    running = _running(trace, seen, item, faded=plan.terms is None or plan.terms.edition == 1)
    expected = plan.model.predict(running, item.skills, item=item.id, seconds=at)
    used = blocks_in_use(plan, item.skills)
    terms: dict[Block, float] = {
        block: expected.terms[block] if block in used else 0.0
        for block in Block
        if block is not Block.ITEM  # the item's difficulty is inside the record
    }
    r = min(max(record, _EDGE), 1.0 - _EDGE)
    p = 1.0 / (1.0 + exp(-(log(r / (1.0 - r)) + sum(terms.values()))))
    return Sharper(p, terms, expected, running)


def remember(
    plan: Plan, steps: tuple[Step, ...], trace: Traced, sharper: Sharper, answer: Answer
) -> tuple[tuple[Step, ...], Levels]:
    """Return the steps with what the terms remember of each skill, and the learner's levels."""
    model, running, expected = plan.model, sharper.running, sharper.prediction
    if model is None:
        return steps, trace.levels or Levels()
    expected.p = sharper.p
    # The first edition took an answer with hints for a success, which the fit never did.
    helped = answer.hints > 0 and plan.terms is not None and plan.terms.edition > 1
    model.learn(running, expected, correct=answer.outcome is Outcome.CORRECT and not helped)
    first = answer.item.skills[0]
    kept = tuple(
        [
            step._replace(state=_keep(step.state, running, step.skill, tries=step.skill == first))
            for step in steps
        ]
    )
    return kept, Levels(
        running.steady,
        running.recent,
        running.first,
        running.fresh,
        running.seen,
        running.last_skills,
        running.last_item,
        running.last_correct,
        running.last_seconds,
        running.second_last_seconds,
    )


def _running(trace: Traced, seen: Sequence[Known], item: Item, *, faded: bool) -> LearnerTrace:
    """Return the learner as the fitted model knows them: these skills and this item alone.

    faded: whether mastery comes as it has faded by now; the model lets it fade itself.
    """
    levels = trace.levels or Levels()
    running = LearnerTrace(trace.ability, *levels[:5])
    running.last_skills, running.last_item = levels.last_skills, levels.last_item
    running.last_correct = levels.last_correct
    running.last_seconds = levels.last_seconds
    running.second_last_seconds = levels.second_last_seconds
    for skill, state, kept, known, _, _ in seen:
        own = state.trace
        if own is not None:
            running.skills[skill] = Running(known if faded else kept, *own[:-1])
    own = seen[0].state.trace
    if own is not None and item.id in own.tries:
        running.tries[item.id] = own.tries[item.id]
    return running


def _keep(state: SkillState, running: LearnerTrace, skill: str, *, tries: bool) -> SkillState:
    own = running.skills[skill]
    before: dict[str, Any] = {} if state.trace is None else dict(state.trace.tries)
    if tries:
        before |= running.tries
    return state._replace(
        trace=SkillTrace(own.form, own.wins, own.misses, own.code, own.row, own.seconds, before)
    )


def blocks_in_use(plan: Plan, skills: Sequence[str]) -> frozenset[Block]:
    """Return the terms that all these skills are good for; none where the plan has none fitted.

    skills: at least one.
    """
    if plan.model is None:
        return frozenset()
    lowest = min((plan.tier(skill).tier for skill in skills), key=_ORDER.index)
    tier = _LAYOUT_TIERS[lowest]
    return frozenset() if tier is None else layout.blocks_of(tier)
