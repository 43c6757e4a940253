"""What is known about one learner and one skill: the state that every answer folds into.

The records here are named tuples, not dataclasses: they are made millions of times in a replay,
and a named tuple is as immutable, and five times as fast to make, as a frozen dataclass.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple, Self

from engine.bkt import SkillParameters

RECENT = 16
"""How many of the newest attempts a state keeps, lessons read included."""

Record = dict[str, Any]
"""Plain JSON values by name. What is inside is checked by whoever reads it: hence Any."""


class Outcome(StrEnum):
    """How a serving ended."""

    CORRECT = "correct"
    WRONG = "wrong"
    DONT_KNOW = "dont_know"
    READ = "read"


class Attempt(NamedTuple):
    """One item answered or read.

    number: the learner's response sequence, dense, growing over all modules.
    item: its id.  hints: how many were taken.  at: epoch seconds, never below the attempt before.
    """

    number: int
    item: str
    outcome: Outcome
    hints: int
    at: float


class SkillTrace(NamedTuple):
    """What the context terms remember of one learner and skill; it never moves mastery.

    form: running surprise.  wins, misses: answers since the terms came into use.
    code: the newest answers as binary digits after a leading 1.  row, seconds: of the last one.
    tries: item -> answers to it and whether the last was right, of items whose first skill it is.
    """

    form: float
    wins: int
    misses: int
    code: int
    row: int
    seconds: float | None
    tries: Mapping[str, tuple[int, bool]]


class SkillState(NamedTuple):
    """Everything the engine remembers about one learner and one skill.

    mastery: P(known) now, in [0, 1].  answers: exercises answered, all time.
    recent: the newest attempts, newest last, at most RECENT, lessons read included.
    seen: item id -> number of the attempt when it was last seen.
    misses: answers wrong or "I don't know", all time.
    streak: successes in a row. A success is a correct answer without a hint; a correct answer
        with hints neither counts nor ends the row.
    streak_items: different items among those successes (an item counts again once its earlier
        success is no longer among the attempts kept).
    effort: answers since the start, or since the skill was last settled (engine.learner).
    predicted: P(correct) expected at the last answer; the prior prediction before any.
    successes: successes at least 20 hours apart, all time (what makes memory stable).
    counted_at: when the last of those was.  first_success_at, last_success_at: epoch seconds.
        All three are None before the first success.
    transfer_tries: answers to a transfer case.  transfer_passed: one was a success.
    run_shown: the run of answers that evidence asks for was seen once (engine.evidence).
    trace: what the context terms of a fitted model need (engine.context); None before any.
    paced: mastery by pace, as of the last answer (engine.pace); () where no paces are told apart.
    misfit: P(the learner's answers fit the record badly) as of then, over all skills
        (engine.misfit), in (0, 1); None where that is not told.
    """

    mastery: float
    answers: int
    recent: tuple[Attempt, ...]
    seen: Mapping[str, int]
    misses: int
    streak: int
    streak_items: int
    effort: int
    predicted: float
    successes: int
    counted_at: float | None
    first_success_at: float | None
    last_success_at: float | None
    transfer_tries: int
    transfer_passed: bool
    run_shown: bool
    trace: SkillTrace | None = None
    paced: tuple[float, ...] = ()
    misfit: float | None = None

    def to_record(self) -> Record:
        """Return the state as plain JSON values, without mastery and answers (kept apart).

        Exact: from_record gives an equal state back, also through JSON text.
        """
        record: Record = {
            "recent": [
                [number, item, outcome.value, hints, at]
                for number, item, outcome, hints, at in self.recent
            ],
            "seen": dict(self.seen),
            "rest": list(self[4:-3]),
        }
        if self.trace is not None:  # absent from what was stored before there was one
            record["trace"] = [*self.trace[:-1], dict(self.trace.tries)]
        if self.paced:
            record["paced"] = list(self.paced)
        if self.misfit is not None:
            record["misfit"] = self.misfit
        return record

    @classmethod
    def from_record(cls, mastery: float, answers: int, record: Mapping[str, Any]) -> Self:
        """Return the state that to_record wrote, with its mastery and answers.

        Raises KeyError, TypeError or ValueError where the record is not one of to_record.
        """
        attempts = tuple(
            [
                Attempt(number, item, Outcome(outcome), hints, at)
                for number, item, outcome, hints, at in record["recent"]
            ]
        )
        state = cls(mastery, answers, attempts, dict(record["seen"]), *record["rest"])
        if "trace" in record:
            state = state._replace(trace=_trace(record["trace"]))
        if "paced" in record:
            state = state._replace(paced=tuple(record["paced"]))
        if "misfit" in record:
            state = state._replace(misfit=record["misfit"])
        return state


def _trace(record: Sequence[Any]) -> SkillTrace:
    form, wins, misses, code, row, seconds, tries = record
    tried = {item: (count, right) for item, (count, right) in tries.items()}
    return SkillTrace(form, wins, misses, code, row, seconds, tried)


def begin(parameters: SkillParameters) -> SkillState:
    """Return the state before the first attempt: mastery is the prior, nothing has been seen."""
    prior = parameters.prior
    return SkillState(
        mastery=prior,
        answers=0,
        recent=(),
        seen={},
        misses=0,
        streak=0,
        streak_items=0,
        effort=0,
        predicted=prior * (1.0 - parameters.slip) + (1.0 - prior) * parameters.guess,
        successes=0,
        counted_at=None,
        first_success_at=None,
        last_success_at=None,
        transfer_tries=0,
        transfer_passed=False,
        run_shown=False,
    )
