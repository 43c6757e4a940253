"""What is expected of an answer before it is given, as terms that add up: keys and numbers.

The log-odds of the prediction are those of what is usual for the skill, plus one term for each
thing known. The record's terms (layer 1) are told apart by adding one thing at a time, in the order
of RECORD_TERMS; the context terms (layer 2) are additive by themselves.
"""

from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from math import exp, log
from typing import Any, NamedTuple

from engine import context
from engine.accountable import Trace, mean_success, recognise
from engine.curriculum import Item, ItemKind
from engine.model.layout import Block
from engine.plan import Plan
from engine.state import Outcome, SkillState

RECORD_TERMS = ("format", "answers", "elapsed", "item", "ability")
"""How easily the format is guessed; the answers on the skill; the time since; the item; ability."""

_USUAL = (Block.START, Block.SKILL)
_EDGE = 1e-6
_LEAST = 0.1
"""A sum below this many logits is not worth a sentence: at most 2.5 in 100."""


class Family(StrEnum):
    """What terms are about, as people would say it: each has one sentence."""

    ANSWERS = "answers"
    ABILITY = "ability"
    ELAPSED = "elapsed"
    FORMAT = "format"
    ITEM = "item"
    ATTEMPT = "attempt"
    BEFORE = "before"
    PACE = "pace"
    POSITION = "position"
    BREADTH = "breadth"


FAMILIES: Mapping[str, Family] = {
    **dict.fromkeys(("answers", "history", "practice", "trust", "form"), Family.ANSWERS),
    **dict.fromkeys(("ability", "familiar"), Family.ABILITY),
    **dict.fromkeys(("elapsed", "spacing", "pause"), Family.ELAPSED),
    **dict.fromkeys(("previous", "follows"), Family.BEFORE),
    "format": Family.FORMAT,
    "item": Family.ITEM,
    "attempt": Family.ATTEMPT,
    "pace": Family.PACE,
    "position": Family.POSITION,
    "breadth": Family.BREADTH,
}
"""By the key of a term. Terms of one family correct each other: trust is below 0 by design, since
it takes back what the record makes too much of. Only their sum says anything to a person."""


class ExpectationTerm(NamedTuple):
    """One part of a prediction: its key, its log-odds, and its layer (1 or 2)."""

    key: str
    value: float
    layer: int


class Told(NamedTuple):
    """A family of terms worth a sentence: its log-odds in sum, never 0.

    layer: 1 where most of it comes from the record, 2 where it comes from the context terms. The
    sum has the sign of that part.
    """

    family: Family
    value: float
    layer: int


class Expectation(NamedTuple):
    """What is expected of the answer to an exercise that is about to be served.

    predicted: p, in (0, 1).  record: r, by layer 1 alone.  usual: for this skill, before anything
    is known.  terms: logit(predicted) = logit(usual) + their sum.  difficulty: d of the item.
    ability: theta.  facts: what the words need: run (answers in a row that came out alike on the
    item's first skill, misses negative), answers (on it), days (since the last), tries (of the
    item, as far as they are counted).
    """

    predicted: float
    record: float
    usual: float
    difficulty: float
    ability: float
    terms: tuple[ExpectationTerm, ...]
    facts: Mapping[str, float]

    def to_record(self) -> dict[str, Any]:
        """Return the expectation as plain JSON values. Exact: from_record gives it back."""
        return self._asdict() | {"terms": [list(term) for term in self.terms]}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Expectation":
        """Return the expectation that to_record wrote.

        Raises KeyError, TypeError or ValueError where the record is not one of to_record.
        """
        terms = tuple(ExpectationTerm(*term) for term in record["terms"])
        return cls(**{**record, "terms": terms})

    def told(self, *, most: int) -> tuple[Told, ...]:
        """Return the families of terms worth telling, largest sum first, at most so many.

        most: >= 0.  Each family is told once at most, so that no two sentences can disagree.
        Raises KeyError for a term of no family.
        """
        sums: dict[Family, dict[int, float]] = {}
        for term in self.terms:
            layers = sums.setdefault(FAMILIES[term.key], {1: 0.0, 2: 0.0})
            layers[term.layer] += term.value
        told = [
            Told(family, layers[1] + layers[2], 1 if abs(layers[1]) >= abs(layers[2]) else 2)
            for family, layers in sums.items()
        ]
        worth = [each for each in told if abs(each.value) >= _LEAST]
        return tuple(sorted(worth, key=lambda each: -abs(each.value))[:most])


def expect(
    plan: Plan,
    states: Mapping[str, SkillState],
    trace: Trace,
    item: Item,
    *,
    difficulty: float,
    at: float,
) -> Expectation | None:
    """Return what is expected of an answer at a time; None for a lesson or under a plain plan.

    difficulty: d of the item, in logits.  at: epoch seconds.
    """
    terms = plan.terms
    if terms is None or item.kind is ItemKind.LESSON:
        return None
    shift = terms.coupling * trace.ability - difficulty
    plain = recognise(plan, terms, states, item, shift=0.0, at=at)
    harder = recognise(plan, terms, states, item, shift=-difficulty, at=at)
    now = recognise(plan, terms, states, item, shift=shift, at=at)
    prior = [each._replace(known=plan.skills[each.skill].prior) for each in plain]
    stages = [
        _standard_success(plan, item),
        mean_success(prior),
        mean_success([each._replace(known=each.kept) for each in plain]),
        mean_success(plain),
        mean_success(harder),
        mean_success(now),
    ]
    odds = [_logit(stage) for stage in stages]
    found = [
        ExpectationTerm(key, after - before, 1)
        for key, (before, after) in zip(RECORD_TERMS, pairwise(odds), strict=True)
    ]
    record, usual = stages[-1], odds[0]
    sharper = context.sharpen(plan, now, trace, item, at=at, record=record)
    if sharper is not None:
        # What holds for everybody on this skill is part of what is usual, not of what is known.
        usual += sum(sharper.terms[block] for block in _USUAL)
        found += [
            ExpectationTerm(block.name.lower(), value, 2)
            for block, value in sharper.terms.items()
            if block not in _USUAL
        ]
    return Expectation(
        predicted=record if sharper is None else sharper.p,
        record=record,
        usual=1.0 / (1.0 + exp(-usual)),
        difficulty=difficulty,
        ability=trace.ability,
        terms=tuple([term for term in found if term.value != 0.0]),
        facts=_facts(now[0].state, item, at=at),
    )


def _standard_success(plan: Plan, item: Item) -> float:
    """Return P(correct) of somebody new on standard items of the item's skills."""
    total = 0.0
    for skill in item.skills:
        own = plan.skills[skill]
        total += own.prior * (1.0 - own.slip) + (1.0 - own.prior) * own.guess
    return total / len(item.skills)


def _facts(state: SkillState, item: Item, *, at: float) -> dict[str, float]:
    outcomes = [it for it in reversed(state.recent) if it.outcome is not Outcome.READ]
    run = 0
    for attempt in outcomes:
        right = attempt.outcome is Outcome.CORRECT
        if run and right is not (run > 0):
            break
        run += 1 if right else -1
    facts = {"run": float(run), "answers": float(state.answers)}
    if outcomes:
        facts["days"] = max(0.0, at - outcomes[0].at) / 86_400.0
    if item.id in state.seen:
        facts["tries"] = float(sum(attempt.item == item.id for attempt in outcomes))
    return facts


def _logit(p: float) -> float:
    bounded = min(max(p, _EDGE), 1.0 - _EDGE)
    return log(bounded / (1.0 - bounded))
