"""Rebuilding mastery under another parameter set, beside the mastery in use, while people answer.

Each rebuilt learner says what of their log it rests on: responses, help, regrades and switches. Who
has moved on since is rebuilt again.
"""

import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from app.models import (
    LearnerState,
    Mastery,
    PlacedLog,
    RebuiltMastery,
    RebuiltState,
    RegradedLog,
    Skill,
    SkillHelp,
    SwitchedLog,
)
from app.services.errors import Refused
from app.services.learning import offer, replay, states
from app.services.learning.switches import Switched
from app.services.oversight.calibration.patience import take_time
from app.words import Sentence

LEARNERS_AT_ONCE = 25
# So few may have moved on when the switch is made; they are rebuilt while everybody waits.
FEW = 20
ALMOST = 0.95  # of the work; the switch is the rest
REBUILDING = Sentence("Working out everybody's mastery under the new parameters")

Head = Row[*tuple[Any, ...]]
Result = TypeVar("Result")


class Write(Protocol):
    """Does work in one committed transaction."""

    def __call__(self, work: Callable[[Session], Result], /) -> Result: ...


@dataclass(frozen=True, slots=True)
class Target:
    """One switch of a module from a parameter set to another."""

    switch_id: uuid.UUID
    calibration_id: uuid.UUID
    module_id: str
    before_set_id: str
    parameter_set_id: str
    rolls_back: bool


@dataclass(frozen=True, slots=True)
class _Concerned:
    """A learner whose mastery is rebuilt."""

    id: uuid.UUID
    agency_id: uuid.UUID
    language: str | None = None


def rebuild(
    open_session: Callable[[], Session],
    write: Write,
    target: Target,
    *,
    tell: Callable[[Sentence, float], None],
) -> None:
    """Rebuild everybody concerned, again and again, until only few have moved on meanwhile."""
    with open_session() as session:
        take_time(session)
        people = session.scalar(_count(target)) or 0
    rebuilt = FEW + 1
    while rebuilt > FEW:
        rebuilt, after = 0, None
        while heads := _read_behind(open_session, target, after=after):
            write(partial(rebuild_some, target=target, heads=heads))
            rebuilt, after = rebuilt + len(heads), heads[-1].learner_id
            tell(REBUILDING, min(rebuilt / max(people, 1), 1.0) * ALMOST)


def _read_behind(
    open_session: Callable[[], Session], target: Target, *, after: uuid.UUID | None
) -> Sequence[Head]:
    with open_session() as session:
        take_time(session)
        return find_behind(session, target, limit=LEARNERS_AT_ONCE, after=after)


def find_behind(
    session: Session, target: Target, *, limit: int, after: uuid.UUID | None = None
) -> Sequence[Head]:
    """Learners who are not rebuilt as their log stands now, by id, from after this one on."""
    helps = select(func.count()).where(SkillHelp.learner_id == LearnerState.learner_id)
    number = _refolds() + 1
    query = (
        select(
            LearnerState.learner_id,
            LearnerState.agency_id,
            LearnerState.sequence,
            helps.scalar_subquery().label("helps"),
            number.label("number"),
        )
        .outerjoin(
            RebuiltState,
            (RebuiltState.learner_id == LearnerState.learner_id)
            & (RebuiltState.switch_id == target.switch_id),
        )
        .where(
            concerned(target),
            or_(
                RebuiltState.learner_id.is_(None),
                RebuiltState.sequence != LearnerState.sequence,
                RebuiltState.helps != helps.scalar_subquery(),
                RebuiltState.number != number,
            ),
        )
        .order_by(LearnerState.learner_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(LearnerState.learner_id > after)
    return session.execute(query).all()


def concerned(target: Target) -> ColumnElement[bool]:
    """Whether a learner has answered or read anything in the module."""
    skills = select(Skill.id).where(Skill.module_id == target.module_id)
    return (
        select(Mastery.learner_id)
        .where(Mastery.learner_id == LearnerState.learner_id, Mastery.skill_id.in_(skills))
        .exists()
    )


def rebuild_some(session: Session, *, target: Target, heads: Sequence[Head]) -> None:
    """Rebuild these learners and store them beside what is in use."""
    for head in heads:
        _rebuild(session, target, head)


def forget(session: Session, switch_id: uuid.UUID) -> None:
    """Empty what was rebuilt for this switch."""
    for table in (RebuiltMastery, RebuiltState):
        session.execute(delete(table).where(table.switch_id == switch_id))


def _rebuild(session: Session, target: Target, head: Head) -> None:
    switched = Switched(
        head.number,
        head.sequence,
        target.module_id,
        target.parameter_set_id,
        standings=None,
        engine=offer.ENGINE,
    )
    fold = replay.fold_whole(session, head.learner_id, switched)
    if fold.sequence != head.sequence:
        return  # an answer came in between: still behind, and rebuilt in the next round
    if fold.problems:
        raise Refused(
            "The log of a learner does not replay, so nothing was switched. "
            "Ask an administrator to run flask replay."
        )
    for table in (RebuiltMastery, RebuiltState):
        session.execute(
            delete(table).where(
                table.switch_id == target.switch_id, table.learner_id == head.learner_id
            )
        )
    learner = _Concerned(head.learner_id, head.agency_id)
    session.execute(
        insert(RebuiltMastery),
        [
            {"switch_id": target.switch_id} | replay.mastery_row(fold, skill, learner)
            for skill in fold.known
        ],
    )
    session.execute(
        insert(RebuiltState).values(
            switch_id=target.switch_id,
            learner_id=head.learner_id,
            agency_id=head.agency_id,
            sequence=head.sequence,
            helps=head.helps,
            number=head.number,
            trace=states.dump_trace(fold.trace),
            standings=json.dumps(fold.standing, sort_keys=True, separators=(",", ":")),
        )
    )


def _refolds() -> ColumnElement[int]:
    """How many regrades, switches and placements a learner's log holds."""
    regraded = select(func.count()).where(RegradedLog.learner_id == LearnerState.learner_id)
    switched = select(func.count()).where(SwitchedLog.learner_id == LearnerState.learner_id)
    placed = select(func.count()).where(PlacedLog.learner_id == LearnerState.learner_id)
    counts = (count.scalar_subquery() for count in (regraded, switched, placed))
    return sum(counts, start=literal(0))


def _count(target: Target) -> Select[int]:
    return select(func.count()).select_from(LearnerState).where(concerned(target))
