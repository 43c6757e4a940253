"""Who has completed the modules of required training, by name, where the agency shows that.

HR officers see a day or "not yet": no answers, no times of day, no mastery, no hints. Every look
is recorded, and lasts for half an hour.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.models import (
    AuditEvent,
    Module,
    ModuleState,
    ProgrammeModule,
)
from app.services import audit
from app.services.audit import Actor
from app.services.cohorts import cohorts, enrolments
from app.services.cohorts.cohorts import CohortLine
from app.services.errors import NotFound, Refused
from app.services.people import roster

LOOKED = "completion-looked-at"
A_LOOK_LASTS = timedelta(minutes=30)
SPREADSHEET_ACTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Person:
    """One person's completion: per module the day, or None for not yet."""

    name: str
    email: str
    department: str | None
    completed_on: tuple[date | None, ...]


@dataclass(frozen=True, slots=True)
class Completion:
    """The completion of a cohort: the titles of its modules and a line for each person, by name.

    following: asks for the next page, None at the end and where everybody was asked for.
    """

    modules: tuple[str, ...]
    people: tuple[Person, ...]
    following: uuid.UUID | None = None


def may_show(session: Session, cohort: CohortLine, *, agency_id: uuid.UUID) -> bool:
    """Whether names may be shown: the training is required and the agency has turned them on."""
    return cohort.required and cohorts.names_completion(session, agency_id)


def look(session: Session, cohort_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Record that the actor looks at the completion of named people."""
    cohort = cohorts.find(session, cohort_id, agency_id=actor.agency_id)
    if not may_show(session, cohort, agency_id=actor.agency_id):
        raise Refused("Completion by name is not turned on for this cohort.")
    audit.record(session, act=LOOKED, actor=actor, at=at, cohort=str(cohort_id), people=cohort.size)


def is_looking(session: Session, cohort_id: uuid.UUID, *, actor: Actor, at: datetime) -> bool:
    """Whether a look the actor recorded at this cohort still lasts."""
    recent = session.scalars(
        select(AuditEvent.details).where(
            AuditEvent.agency_id == actor.agency_id,
            AuditEvent.at > at - A_LOOK_LASTS,
            AuditEvent.actor_id == actor.id,
            AuditEvent.act == LOOKED,
        )
    )
    return any(details["cohort"] == str(cohort_id) for details in recent)


def of_cohort(session: Session, cohort_id: uuid.UUID, *, actor: Actor, at: datetime) -> Completion:
    """The completion of the cohort's people by name; NotFound unless the actor is looking."""
    cohort = _seen(session, cohort_id, actor=actor, at=at)
    modules = _modules(session, cohort)
    everybody = enrolments.enrolled(cohort_id, agency_id=actor.agency_id)
    rows = session.execute(everybody.order_by(*roster.BY_NAME)).all()
    return Completion(tuple(modules.values()), _people(session, rows, modules))


def page_of_cohort(
    session: Session,
    cohort_id: uuid.UUID,
    *,
    actor: Actor,
    at: datetime,
    after: uuid.UUID | None = None,
) -> Completion:
    """A page of `of_cohort`: the people behind this one."""
    cohort = _seen(session, cohort_id, actor=actor, at=at)
    modules = _modules(session, cohort)
    everybody = enrolments.enrolled(cohort_id, agency_id=actor.agency_id)
    rows, following = roster.page(session, everybody, agency_id=actor.agency_id, after=after)
    return Completion(tuple(modules.values()), _people(session, rows, modules), following)


def _seen(session: Session, cohort_id: uuid.UUID, *, actor: Actor, at: datetime) -> CohortLine:
    cohort = cohorts.find(session, cohort_id, agency_id=actor.agency_id)
    if not may_show(session, cohort, agency_id=actor.agency_id):
        raise NotFound
    if not is_looking(session, cohort_id, actor=actor, at=at):
        raise NotFound
    return cohort


def _modules(session: Session, cohort: CohortLine) -> dict[str, str]:
    """The titles of the programme's modules by their ids, in its order."""
    rows = session.execute(
        select(Module.id, Module.title)
        .join(ProgrammeModule, ProgrammeModule.module_id == Module.id)
        .where(ProgrammeModule.programme_id == cohort.programme_id)
        .order_by(ProgrammeModule.position)
    )
    return {row.id: row.title for row in rows}


def _people(
    session: Session, rows: Sequence[Row[*tuple[Any, ...]]], modules: Mapping[str, str]
) -> tuple[Person, ...]:
    days: dict[tuple[uuid.UUID, str], date] = {}
    for some in enrolments.portions([row.id for row in rows]):
        for learner, module, finished in session.execute(
            select(ModuleState.learner_id, ModuleState.module_id, ModuleState.finished_at).where(
                ModuleState.learner_id.in_(some),
                ModuleState.module_id.in_(modules),
            )
        ):
            if finished is not None:
                days[learner, module] = finished.date()
    return tuple(
        Person(
            row.name,
            row.email,
            row.department,
            tuple(days.get((row.id, module)) for module in modules),
        )
        for row in rows
    )


def as_rows(
    completion: Completion, *, not_yet: str, headings: tuple[str, str, str]
) -> list[list[str]]:
    """The completion as the rows of a spreadsheet, in which no cell can act as a formula."""
    lines = [[*headings, *completion.modules]]
    for person in completion.people:
        days = [day.isoformat() if day else not_yet for day in person.completed_on]
        lines.append([person.name, person.email, person.department or "", *days])
    return [[_harmless(cell) for cell in line] for line in lines]


def _harmless(cell: str) -> str:
    """A cell a spreadsheet shows as text: formulas begin with these characters."""
    return f"'{cell}" if cell.lstrip(" ").startswith(SPREADSHEET_ACTS) else cell
