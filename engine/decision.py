"""The record of one choice: what was chosen, by which rule, from what, and what came second."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from engine.state import Record

KEPT_CANDIDATES = 12
"""How many candidates a recommendation keeps; their total count is kept too."""


class Rule(StrEnum):
    """Which rule chose."""

    OPEN_SKILL = "open-skill"
    PRACTISE = "practise"
    LESSON = "lesson"
    SECOND_LESSON = "second-lesson"
    TRANSFER = "transfer"
    PLACED_CASE = "placed-case"
    REVIEW = "review"
    WORKED_EXAMPLE = "worked-example"
    CHECK_PREREQUISITE = "check-prerequisite"
    FALLBACK = "fallback"
    FINISHED = "finished"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One item that could have been chosen.

    skill: the skill it was considered for.  predicted: P(correct), None for a lesson.
    score: in practice 1 - |predicted - target|, best 1; in a test what the answer is expected to
        tell, in nats a minute (engine.choice.telling); 0.0 where the rule does not score.
    probability: chance with which the draw takes it, in [0, 1].
    """

    item: str
    skill: str
    predicted: float | None
    score: float
    probability: float


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What would have changed the choice: a key (words live in templates) and its numbers."""

    key: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the rule, the skill it acted for (None for the learner as a whole), its terms.

    terms: name -> number, e.g. mastery, predicted, target, answers, streak, recall.
    """

    rule: Rule
    skill: str | None
    terms: Mapping[str, float]
    counterfactual: Counterfactual


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What comes next, and everything needed to explain and replay the choice.

    item: None exactly for FINISHED and STUCK.  candidates: best first, at most KEPT_CANDIDATES,
    of considered in all, the chosen one always among them.  runner_up: the best item not chosen.
    seed: of the draw.  policy: its version.
    """

    item: str | None
    reason: Reason
    candidates: tuple[Candidate, ...]
    considered: int
    runner_up: str | None
    seed: int
    policy: str

    def to_record(self) -> Record:
        """Return the recommendation as plain JSON values; from_record gives an equal one back."""
        reason = self.reason
        return {
            "item": self.item,
            "rule": reason.rule.value,
            "skill": reason.skill,
            "terms": dict(reason.terms),
            "change": [reason.counterfactual.key, dict(reason.counterfactual.values)],
            "candidates": [
                [it.item, it.skill, it.predicted, it.score, it.probability]
                for it in self.candidates
            ],
            "considered": self.considered,
            "runner_up": self.runner_up,
            "seed": self.seed,
            "policy": self.policy,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Return the recommendation that to_record wrote.

        Raises KeyError, TypeError or ValueError where the record is not one of to_record.
        """
        key, values = record["change"]
        return cls(
            item=record["item"],
            reason=Reason(
                rule=Rule(record["rule"]),
                skill=record["skill"],
                terms=dict(record["terms"]),
                counterfactual=Counterfactual(key, dict(values)),
            ),
            candidates=tuple(Candidate(*row) for row in record["candidates"]),
            considered=record["considered"],
            runner_up=record["runner_up"],
            seed=record["seed"],
            policy=record["policy"],
        )
