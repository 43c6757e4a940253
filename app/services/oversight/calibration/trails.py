"""A learner's log folded under a plan, in memory: what it would expect, and where it would lead."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.models import Mastery, Module, Response, Skill
from app.services.catalogue import shelf
from app.services.learning import refolds, states
from app.services.learning.fold import difficulty_counted
from app.services.learning.placements import Placed
from app.services.learning.refolds import Refold
from app.services.learning.regrades import Regraded
from app.services.learning.switches import Switched
from engine import FRESH, Answer, Outcome, Plan, SkillState, fold

ROWS_AT_ONCE = 5_000

LogRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Log:
    """One learner's responses, in order, with what folds them again, the latest first."""

    learner_id: uuid.UUID
    rows: Sequence[LogRow]
    refolds: Sequence[Refold]


@dataclass(slots=True)
class Trail:
    """What a log comes to. predicted: P(correct) of every answer in the module, in order."""

    known: dict[str, SkillState] = field(default_factory=dict)
    predicted: list[float] = field(default_factory=list)


def read_logs(session: Session, module: Module) -> Iterator[Log]:
    """The whole log of everybody who has answered or read anything in the module, one by one."""
    skills = select(Skill.id).where(Skill.module_id == module.id)
    concerned = select(Mastery.learner_id).where(Mastery.skill_id.in_(skills))
    rows = session.execute(
        select(
            Response.learner_id,
            Response.sequence,
            Response.module_id,
            Response.item_id,
            Response.outcome,
            Response.hints,
            Response.weighing,
            Response.parameter_set_id,
            Response.module_revision_id,
            Response.answered_at,
        )
        .where(Response.learner_id.in_(concerned))
        .order_by(Response.learner_id, Response.sequence)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    again = {uuid.UUID(str(who)): what for who, what in refolds.of_all(session).items()}
    for learner_id, own in groupby(rows, key=lambda row: row.learner_id):
        yield Log(learner_id, list(own), again.get(learner_id, []))


def follow(session: Session, log: Log, *, module_id: str, plan: Plan) -> Trail:
    """Fold a log with the module's answers under this plan, all others as they count now."""
    trail, trace = Trail(), FRESH
    corrected, under = _as_it_counts(log)
    placed = [refold for refold in log.refolds if isinstance(refold, Placed)]
    for row in log.rows:
        _seed(session, trail.known, placed, before=row.sequence)
        outcome = Outcome(corrected.get(row.sequence, row.outcome))
        own = plan if row.module_id == module_id else None
        used = own or shelf.plan(session, under.get(row.sequence, row.parameter_set_id))
        switched = own is not None or row.sequence in under
        difficulty = difficulty_counted(row.weighing, row.item_id, plan=used, switched=switched)
        folded = fold(
            used, trail.known, trace, _answer(session, row, outcome), difficulty=difficulty
        )
        trace = folded.trace
        trail.known |= {step.skill: step.state for step in folded.steps}
        if own is not None and outcome is not Outcome.READ:
            # Plain BKT says what it expects of each skill alone.
            expected = [step.predicted for step in folded.steps]
            trail.predicted.append(
                sum(expected) / len(expected) if folded.predicted is None else folded.predicted
            )
    _seed(session, trail.known, placed, before=len(log.rows) + 1)
    return trail


def _seed(
    session: Session, known: dict[str, SkillState], placed: list[Placed], *, before: int
) -> None:
    """Seed what placements found that ended before this response; `placed` the latest first."""
    while placed and placed[-1].after_sequence < before:
        found = placed.pop()
        known |= found.seeds(shelf.parameters(session, found.parameter_set_id))


def _answer(session: Session, row: LogRow, outcome: Outcome) -> Answer:
    item = shelf.syllabus(session, row.module_revision_id).curriculum.item(row.item_id)
    at: datetime = row.answered_at
    return Answer(row.sequence, item, outcome, row.hints, states.seconds(at))


def _as_it_counts(log: Log) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """The outcomes and the parameter sets, by response, that came to count later."""
    corrected: dict[int, str] = {}
    under: dict[int, str] = {}
    for refold in reversed(log.refolds):
        if isinstance(refold, Switched):
            under |= {row.sequence: refold.parameter_set_id for row in _before(log.rows, refold)}
        elif isinstance(refold, Regraded):
            corrected |= refold.outcomes
    return corrected, under


def _before(rows: Iterable[LogRow], switched: Switched) -> Iterator[LogRow]:
    for row in rows:
        if row.sequence <= switched.after_sequence and row.module_id == switched.module_id:
            yield row
