"""A week's figures: fixed groups, their bands, frozen as one document per cohort.

Pages show these documents and nothing else. What may stand in them is decided by `suppression`.
Taking figures reads for as long as it takes; publishing what was taken is one short write.
"""

import uuid
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, insert, select, union
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
from app.ready import Ready
from app.services import audit
from app.services.audit import Actor
from app.services.cohorts import suppression
from app.services.cohorts.suppression import Band, Figure, Figures, Tally

Document = dict[str, Any]
_Row = dict[str, Any]
# Ready, because everybody who answers waits while the members of a large cohort are stored.
_KEEP_MEMBER = Ready(insert(ProgressMember))


@dataclass(frozen=True, slots=True)
class _Place:
    """The cohort and module that figures are taken for."""

    agency_id: uuid.UUID
    cohort_id: uuid.UUID
    module_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """This week's figures of an agency's cohorts, and whom they newly count: to be published."""

    agency_id: uuid.UUID
    at: datetime
    documents: dict[uuid.UUID, Document] = field(default_factory=dict)
    members: dict[tuple[str, uuid.UUID], _Row] = field(default_factory=dict)


def take(
    session: Session, agency_id: uuid.UUID, *, at: datetime, tell: Callable[[float], None]
) -> Taken:
    """Take the week's figures of each cohort of the agency that is due. It only reads."""
    taken = Taken(agency_id, at)
    # Who is in two cohorts counts in the older one.
    cohorts = session.scalars(due(agency_id, at=at).order_by(Cohort.created_at, Cohort.id)).all()
    for done, cohort in enumerate(cohorts):
        tell(done / len(cohorts))
        taken.documents[cohort.id] = _document(session, cohort, taken)
    return taken


def publish(
    session: Session,
    taken: Taken,
    *,
    actor: Actor | None = None,
    job_id: uuid.UUID | None = None,
) -> int:
    """Freeze the figures that were taken; of how many cohorts. None if others were before it."""
    # The agency's row is the lock: two jobs that publish at once must not form groups twice. It
    # holds up nobody who only refers to the agency, as every answer does.
    locked = select(Agency.id).where(Agency.id == taken.agency_id)
    session.execute(locked.with_for_update(key_share=True))
    still = session.scalars(due(taken.agency_id, at=taken.at).with_only_columns(Cohort.id))
    if not taken.documents or not taken.documents.keys() <= set(still):
        return 0
    if taken.members:
        _KEEP_MEMBER.run(session, list(taken.members.values()))
    session.add_all(
        ProgressSnapshot(
            cohort_id=cohort_id,
            week=week_of(taken.at),
            agency_id=taken.agency_id,
            document=document,
            taken_at=taken.at,
            job_id=job_id,
        )
        for cohort_id, document in taken.documents.items()
    )
    audit.record(
        session,
        act="progress-published",
        actor=actor,
        agency_id=taken.agency_id,
        at=taken.at,
        cohorts=len(taken.documents),
    )
    return len(taken.documents)


def due(agency_id: uuid.UUID, *, at: datetime) -> Select[Cohort]:
    """The cohorts of the agency that have no figures of this week, nor of a later one."""
    published = select(ProgressSnapshot.cohort_id).where(
        ProgressSnapshot.agency_id == agency_id, ProgressSnapshot.week >= week_of(at)
    )
    return select(Cohort).where(Cohort.agency_id == agency_id, Cohort.id.not_in(published))


def agencies_with_cohorts(session: Session) -> Sequence[uuid.UUID]:
    """Every agency that has cohorts."""
    return session.scalars(select(Cohort.agency_id).distinct().order_by(Cohort.agency_id)).all()


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


def _document(session: Session, cohort: Cohort, taken: Taken) -> Document:
    past = {module["id"]: module for module in latest_document(session, cohort.id)["modules"]}
    modules = session.execute(
        select(Module.id, Module.title)
        .join(ProgrammeModule, ProgrammeModule.module_id == Module.id)
        .where(ProgrammeModule.programme_id == cohort.programme_id)
        .order_by(ProgrammeModule.position)
    ).all()
    document = []
    for module_id, title in modules:
        place = _Place(cohort.agency_id, cohort.id, module_id, taken.at)
        figures = _figures(session, place, past.get(module_id), taken)
        document.append({"id": module_id, "title": title} | figures)
    return {"modules": document}


def _figures(session: Session, place: _Place, past: Document | None, taken: Taken) -> Document:
    groups = list(past["groups"]) if past else []
    waiting = _waiting(session, place, taken)
    formed = suppression.form_groups(Counter(waiting.values()))
    for number, departments in enumerate(formed, start=len(groups) + 1):
        members = [person for person, name in waiting.items() if name in departments]
        groups.append(_form(place, members, departments, number=number, taken=taken))
    grouped = {name for departments in formed for name in departments}
    left = Counter(name for name in waiting.values() if name not in grouped)
    moves = _moves(session, place, taken)
    return {
        "groups": [_measured(group, moves, at=place.at) for group in groups],
        "waiting": [{"department": name, "people": size} for name, size in sorted(left.items())],
    }


def _waiting(session: Session, place: _Place, taken: Taken) -> dict[uuid.UUID, str]:
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
    return {
        learner: name for learner, name in rows if (place.module_id, learner) not in taken.members
    }


def _form(
    place: _Place,
    members: Sequence[uuid.UUID],
    departments: Sequence[str],
    *,
    number: int,
    taken: Taken,
) -> Document:
    for member in members:
        taken.members[place.module_id, member] = {
            "module_id": place.module_id,
            "learner_id": member,
            "cohort_id": place.cohort_id,
            "agency_id": place.agency_id,
            "group_number": number,
            "counted_from": place.at,
        }
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


def _moves(session: Session, place: _Place, taken: Taken) -> Mapping[int, _Moves]:
    """The moves of every group, read anew: a past figure's count is never stored."""
    # Looked up learner by learner, and only of those who opened the module: the whole log of a
    # large agency would keep everybody waiting.
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
    counted = _counted(place).with_only_columns(ProgressMember.learner_id)
    enrolled = select(Enrolment.learner_id).where(Enrolment.cohort_id == place.cohort_id)
    people = union(counted, enrolled)
    rows = session.execute(
        select(ModuleState.learner_id, first_answer, ModuleState.finished_at).where(
            ModuleState.module_id == place.module_id, ModuleState.learner_id.in_(people)
        )
    )
    moved = {learner: (started, finished) for learner, started, finished in rows}
    found: defaultdict[int, list[tuple[datetime | None, datetime | None]]] = defaultdict(list)
    for learner, number in _groups(session, place, taken):
        found[number].append(moved.get(learner, (None, None)))
    return {
        number: _Moves(
            members=len(moves),
            started=sorted(started for started, _ in moves if started),
            completed=sorted(finished for started, finished in moves if started and finished),
        )
        for number, moves in found.items()
    }


def _groups(session: Session, place: _Place, taken: Taken) -> Iterator[tuple[uuid.UUID, int]]:
    """(learner, number of their group), of those counted before and of those counted from now."""
    for member in session.execute(_counted(place)):
        yield member.learner_id, member.group_number
    for (module_id, learner), row in taken.members.items():
        if (module_id, row["cohort_id"]) == (place.module_id, place.cohort_id):
            yield learner, row["group_number"]


def _counted(place: _Place) -> Select[uuid.UUID, int]:
    return select(ProgressMember.learner_id, ProgressMember.group_number).where(
        ProgressMember.cohort_id == place.cohort_id, ProgressMember.module_id == place.module_id
    )


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
