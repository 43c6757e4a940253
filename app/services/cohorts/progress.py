"""How cohorts get on, as published: bands of fixed groups, read from frozen snapshots alone."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Cohort, Job, ProgressSnapshot, User
from app.services.cohorts import suppression
from app.services.cohorts.suppression import Band
from app.services.errors import NotFound


@dataclass(frozen=True, slots=True)
class Share:
    """A published share of a group and since when it stands. `at` is None for what is derived."""

    band: Band
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of some departments' people. `departments` is empty for all groups together;
    a department without a name is people who have none."""

    departments: tuple[str, ...]
    people: int
    since: datetime | None
    not_started: Share
    underway: Share
    completed: Share


@dataclass(frozen=True, slots=True)
class ModuleProgress:
    """One module of a cohort: its groups, all of them together, and who is not shown and why."""

    title: str
    groups: tuple[Group, ...]
    together: Group | None
    uncounted: tuple[str, ...]
    uncounted_people: int


@dataclass(frozen=True, slots=True)
class CohortProgress:
    """The newest published figures of a cohort. Before the first, `week` is None.

    asked_by: who asked for the job that published them; without one Cairn asked itself.
    """

    cohort_id: uuid.UUID
    name: str
    week: date | None
    taken_at: datetime | None
    job_id: uuid.UUID | None
    asked_by: str | None
    modules: tuple[ModuleProgress, ...]


def of_cohort(session: Session, cohort_id: uuid.UUID, *, agency_id: uuid.UUID) -> CohortProgress:
    """The newest published figures of one cohort of the agency."""
    found = [entry for entry in of_agency(session, agency_id) if entry.cohort_id == cohort_id]
    if not found:
        raise NotFound
    return found[0]


def of_agency(session: Session, agency_id: uuid.UUID) -> tuple[CohortProgress, ...]:
    """The newest published figures of every cohort of the agency, by name."""
    newest = (
        select(ProgressSnapshot.cohort_id, func.max(ProgressSnapshot.week).label("week"))
        .where(ProgressSnapshot.agency_id == agency_id)
        .group_by(ProgressSnapshot.cohort_id)
        .subquery()
    )
    rows = session.execute(
        select(Cohort.id, Cohort.name, ProgressSnapshot, User.name.label("asked_by"))
        .outerjoin(newest, newest.c.cohort_id == Cohort.id)
        .outerjoin(
            ProgressSnapshot,
            (ProgressSnapshot.cohort_id == Cohort.id) & (ProgressSnapshot.week == newest.c.week),
        )
        .outerjoin(Job, Job.id == ProgressSnapshot.job_id)
        .outerjoin(User, User.id == Job.asked_by)
        .where(Cohort.agency_id == agency_id)
        .order_by(Cohort.name)
    ).all()
    return tuple(_read(*row) for row in rows)


def _read(
    cohort_id: uuid.UUID, name: str, snapshot: ProgressSnapshot | None, asked_by: str | None
) -> CohortProgress:
    if snapshot is None:
        return CohortProgress(cohort_id, name, None, None, None, None, ())
    return CohortProgress(
        cohort_id,
        name,
        snapshot.week,
        snapshot.taken_at,
        snapshot.job_id,
        asked_by,
        tuple(_module(module) for module in snapshot.document["modules"]),
    )


def _module(stored: dict[str, Any]) -> ModuleProgress:
    measured = [group for group in stored["groups"] if group["not_started"] and group["completed"]]
    return ModuleProgress(
        title=stored["title"],
        groups=tuple(_group(group) for group in measured),
        together=_together(measured),
        uncounted=tuple(entry["department"] for entry in stored["waiting"]),
        uncounted_people=sum(entry["people"] for entry in stored["waiting"]),
    )


def _group(stored: dict[str, Any]) -> Group:
    not_started, completed = _share(stored["not_started"]), _share(stored["completed"])
    return Group(
        departments=tuple(stored["departments"]),
        people=suppression.rounded(stored["people"]),
        since=datetime.fromisoformat(stored["since"]),
        not_started=not_started,
        underway=Share(suppression.remainder(not_started.band, completed.band), None),
        completed=completed,
    )


def _share(stored: Sequence[dict[str, Any]]) -> Share:
    newest = stored[-1]
    return Share(Band(newest["low"], newest["high"]), datetime.fromisoformat(newest["at"]))


def _together(measured: Sequence[dict[str, Any]]) -> Group | None:
    if not measured:
        return None
    bands = [
        suppression.together([(group["people"], _share(group[figure]).band) for group in measured])
        for figure in ("not_started", "completed")
    ]
    return Group(
        departments=(),
        people=suppression.rounded(sum(group["people"] for group in measured)),
        since=None,
        not_started=Share(bands[0], None),
        underway=Share(suppression.remainder(*bands), None),
        completed=Share(bands[1], None),
    )
