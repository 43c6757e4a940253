"""Publishing a week's figures: fixed groups, their bands, frozen as one document per cohort.

Pages show these documents and nothing else. What may stand in them is decided by `suppression`.
"""

import uuid
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.models import (
    Agency,
    Cohort,
    Department,
    Enrolment,
    Module,
    ModuleState,
    ProgrammeModule,
    ProgressMember,
    ProgressSnapshot,
    Response,
    User,
)
from app.services import audit
from app.services.audit import Actor
from app.services.cohorts import suppression
from app.services.cohorts.suppression import Band, Figure, Figures, Tally
from app.services.errors import Refused

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Place:
    """The cohort and module that figures are taken for."""

    agency_id: uuid.UUID
    cohort_id: uuid.UUID
    module_id: str
    at: datetime


def publish_week(session: Session, *, actor: Actor, at: datetime) -> int:
    """Publish this week's figures of every cohort of the actor's agency; how many were due.

    Refused when there are none: figures are published at most once a week.
    """
    taken = take_snapshots(session, agency_id=actor.agency_id, at=at)
    if taken == 0:
        raise Refused("This week's figures are published already. New ones can come next week.")
    audit.record(session, act="progress-published", actor=actor, at=at, cohorts=taken)
    return taken


def take_snapshots(session: Session, *, agency_id: uuid.UUID, at: datetime) -> int:
    """Freeze the week's figures of each cohort of the agency that has none yet; how many."""
    # The agency's row is the lock: two people publishing at once must not form groups twice.
    session.execute(select(Agency.id).where(Agency.id == agency_id).with_for_update())
    taken = select(ProgressSnapshot.cohort_id).where(
        ProgressSnapshot.agency_id == agency_id, ProgressSnapshot.week == week_of(at)
    )
    due = session.scalars(
        select(Cohort)
        .where(Cohort.agency_id == agency_id, Cohort.id.not_in(taken))
        .order_by(Cohort.created_at, Cohort.id)  # who is in two cohorts counts in the older one
    ).all()
    for cohort in due:
        take_snapshot(session, cohort, at=at)
    return len(due)


def agencies_with_cohorts(session: Session) -> Sequence[uuid.UUID]:
    """Every agency that has cohorts, for the command that publishes for all."""
    return session.scalars(select(Cohort.agency_id).distinct().order_by(Cohort.agency_id)).all()


def take_snapshot(session: Session, cohort: Cohort, *, at: datetime) -> None:
    """Freeze this week's figures of one cohort."""
    past = {module["id"]: module for module in latest_document(session, cohort.id)["modules"]}
    modules = session.execute(
        select(Module.id, Module.title)
        .join(ProgrammeModule, ProgrammeModule.module_id == Module.id)
        .where(ProgrammeModule.programme_id == cohort.programme_id)
        .order_by(ProgrammeModule.position)
    ).all()
    document = {
        "modules": [
            {"id": module_id, "title": title}
            | _figures(
                session, _Place(cohort.agency_id, cohort.id, module_id, at), past.get(module_id)
            )
            for module_id, title in modules
        ]
    }
    session.add(
        ProgressSnapshot(
            cohort_id=cohort.id,
            week=week_of(at),
            agency_id=cohort.agency_id,
            document=document,
            taken_at=at,
        )
    )
    session.flush()


def latest_document(session: Session, cohort_id: uuid.UUID) -> Document:
    """The newest published document of a cohort; one without modules before the first."""
    found: Document | None = session.scalar(
        select(ProgressSnapshot.document)
        .where(ProgressSnapshot.cohort_id == cohort_id)
        .order_by(ProgressSnapshot.week.desc())
        .limit(1)
    )
    return found or {"modules": []}


def week_of(at: datetime) -> date:
    """The Monday of this time's week."""
    return at.date() - timedelta(days=at.weekday())


def _figures(session: Session, place: _Place, past: Document | None) -> Document:
    groups = list(past["groups"]) if past else []
    waiting = _waiting(session, place)
    formed = suppression.form_groups(Counter(waiting.values()))
    for number, departments in enumerate(formed, start=len(groups) + 1):
        members = [person for person, name in waiting.items() if name in departments]
        groups.append(_form(session, place, members, departments, number=number))
    grouped = {name for departments in formed for name in departments}
    left = Counter(name for name in waiting.values() if name not in grouped)
    moves = _moves(session, place)
    return {
        "groups": [_measured(group, moves, at=place.at) for group in groups],
        "waiting": [{"department": name, "people": size} for name, size in sorted(left.items())],
    }


def _waiting(session: Session, place: _Place) -> dict[uuid.UUID, str]:
    """The department of every active learner of the cohort whom no figure of the module counts."""
    counted = select(ProgressMember.learner_id).where(ProgressMember.module_id == place.module_id)
    rows = session.execute(
        select(Enrolment.learner_id, func.coalesce(Department.name, ""))
        .join(User, User.id == Enrolment.learner_id)
        .outerjoin(Department, Department.id == User.department_id)
        .where(
            Enrolment.cohort_id == place.cohort_id,
            Enrolment.agency_id == place.agency_id,
            Enrolment.ended_at.is_(None),
            User.active,
            Enrolment.learner_id.not_in(counted),
        )
        .order_by(Department.name, Enrolment.learner_id)
    ).all()
    return {learner: name for learner, name in rows}  # noqa: C416 - rows are not pairs to mypy


def _form(
    session: Session,
    place: _Place,
    members: Sequence[uuid.UUID],
    departments: Sequence[str],
    *,
    number: int,
) -> Document:
    session.execute(
        insert(ProgressMember),
        [
            {
                "module_id": place.module_id,
                "learner_id": member,
                "cohort_id": place.cohort_id,
                "agency_id": place.agency_id,
                "group_number": number,
                "counted_from": place.at,
            }
            for member in members
        ],
    )
    return {
        "number": number,
        "departments": list(departments),
        "people": len(members),
        "since": place.at.isoformat(),
        "not_started": [],
        "completed": [],
    }


@dataclass(frozen=True, slots=True)
class _Moves:
    """When the members of one group started and completed the module, each in order of time."""

    members: int
    started: Sequence[datetime]
    completed: Sequence[datetime]

    def tally(self, at: datetime) -> Tally:
        return Tally(bisect_right(self.started, at), bisect_right(self.completed, at))


def _moves(session: Session, place: _Place) -> Mapping[int, _Moves]:
    """The moves of every group, read anew: a past figure's count is never stored."""
    # Looked up learner by learner, and only of those who opened the module: the whole log of a
    # large agency would keep everybody's answers waiting.
    first_answer = (
        select(Response.answered_at)
        .where(
            Response.learner_id == ModuleState.learner_id,
            Response.module_id == ModuleState.module_id,
        )
        .order_by(Response.sequence)
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(ProgressMember.group_number, first_answer, ModuleState.finished_at)
        .outerjoin(
            ModuleState,
            (ModuleState.learner_id == ProgressMember.learner_id)
            & (ModuleState.module_id == ProgressMember.module_id),
        )
        .where(
            ProgressMember.cohort_id == place.cohort_id,
            ProgressMember.module_id == place.module_id,
        )
    )
    found: defaultdict[int, list[tuple[datetime | None, datetime | None]]] = defaultdict(list)
    for number, started, finished in rows:
        found[number].append((started, finished))
    return {
        number: _Moves(
            members=len(moves),
            started=sorted(started for started, _ in moves if started),
            completed=sorted(finished for started, finished in moves if started and finished),
        )
        for number, moves in found.items()
    }


def _measured(group: Document, moves: Mapping[int, _Moves], *, at: datetime) -> Document:
    found = moves.get(group["number"])
    if found is None or found.members != group["people"]:
        return group  # somebody's record was erased: this group is never measured again
    past = Figures(_read(group["not_started"]), _read(group["completed"]))
    figures = suppression.publish(
        group["people"], past, now=found.tally(at), then=found.tally, at=at
    )
    return group | {
        "not_started": _write(figures.not_started),
        "completed": _write(figures.completed),
    }


def _read(stored: Sequence[Document]) -> tuple[Figure, ...]:
    return tuple(
        Figure(datetime.fromisoformat(entry["at"]), Band(entry["low"], entry["high"]))
        for entry in stored
    )


def _write(figures: Sequence[Figure]) -> list[Document]:
    return [
        {"at": figure.at.isoformat(), "low": figure.band.low, "high": figure.band.high}
        for figure in figures
    ]
