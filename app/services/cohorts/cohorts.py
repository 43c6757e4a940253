"""The cohorts of an agency, as its HR officers see and change them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.models import (
    Agency,
    Cohort,
    Enrolment,
    Module,
    Programme,
    ProgrammeModule,
    Role,
    User,
    UserRole,
)
from app.services import audit
from app.services.audit import Actor
from app.services.errors import Invalid, NotFound

LONGEST_NAME = 100
TURNED_ON, TURNED_OFF = "names-completion-turned-on", "names-completion-turned-off"
ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class CohortLine:
    """A cohort in a list."""

    id: uuid.UUID
    name: str
    programme_id: str
    programme_title: str
    trainer_id: uuid.UUID | None
    trainer_name: str | None
    required: bool
    due_on: date | None
    size: int


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A programme the agency may use, its modules, and the agency's cohorts in it."""

    id: str
    title: str
    summary: str
    modules: tuple[str, ...]
    cohorts: tuple[CohortLine, ...]


@dataclass(frozen=True, slots=True)
class Trainer:
    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What a cohort should be."""

    name: str
    trainer_id: uuid.UUID | None
    due_on: date | None
    required: bool


def programmes(session: Session, agency_id: uuid.UUID) -> tuple[ProgrammeLine, ...]:
    """The programmes the agency may use, by title."""
    found = session.execute(
        select(Programme.id, Programme.title, Programme.summary)
        .where(_usable(agency_id))
        .order_by(Programme.title)
    ).all()
    titles = session.execute(
        select(ProgrammeModule.programme_id, Module.title)
        .join(Module, Module.id == ProgrammeModule.module_id)
        .where(ProgrammeModule.programme_id.in_([row.id for row in found]))
        .order_by(ProgrammeModule.position)
    ).all()
    cohorts = of_agency(session, agency_id)
    return tuple(
        ProgrammeLine(
            id=row.id,
            title=row.title,
            summary=row.summary,
            modules=tuple(title for programme, title in titles if programme == row.id),
            cohorts=tuple(cohort for cohort in cohorts if cohort.programme_id == row.id),
        )
        for row in found
    )


def of_agency(session: Session, agency_id: uuid.UUID) -> tuple[CohortLine, ...]:
    """Every cohort of the agency, by name."""
    return _lines(session, Cohort.agency_id == agency_id)


def find(session: Session, cohort_id: uuid.UUID, *, agency_id: uuid.UUID) -> CohortLine:
    """The agency's cohort with this id; one of another agency is not found either."""
    found = _lines(session, (Cohort.agency_id == agency_id) & (Cohort.id == cohort_id))
    if not found:
        raise NotFound
    return found[0]


def trainers(session: Session, agency_id: uuid.UUID) -> tuple[Trainer, ...]:
    """The people of the agency who may look after a cohort."""
    rows = session.execute(
        select(User.id, User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.agency_id == agency_id, User.active, UserRole.role == Role.TRAINER)
        .order_by(User.name)
    ).all()
    return tuple(Trainer(row.id, row.name) for row in rows)


def create(
    session: Session, wish: Wish, *, programme_id: str, actor: Actor, at: datetime
) -> uuid.UUID:
    """Make a cohort; its programme can not be changed later, since figures depend on it."""
    usable = session.scalar(
        select(Programme.id).where(Programme.id == programme_id, _usable(actor.agency_id))
    )
    if usable is None:
        raise Invalid("Choose a programme from the list.", field="programme")
    _check(session, wish, agency_id=actor.agency_id, besides=None)
    cohort = Cohort(
        id=uuid.uuid4(),
        agency_id=actor.agency_id,
        programme_id=programme_id,
        name=wish.name,
        trainer_id=wish.trainer_id,
        required=wish.required,
        due_on=wish.due_on,
        created_at=at,
    )
    session.add(cohort)
    audit.record(
        session, act="cohort-created", actor=actor, at=at, cohort=str(cohort.id), name=wish.name
    )
    return cohort.id


def change(
    session: Session, cohort_id: uuid.UUID, wish: Wish, *, actor: Actor, at: datetime
) -> None:
    """Give a cohort another name, trainer, due date or duty."""
    cohort = session.scalar(
        select(Cohort)
        .where(Cohort.id == cohort_id, Cohort.agency_id == actor.agency_id)
        .with_for_update()
    )
    if cohort is None:
        raise NotFound
    _check(session, wish, agency_id=actor.agency_id, besides=cohort_id)
    before = Wish(cohort.name, cohort.trainer_id, cohort.due_on, cohort.required)
    if before == wish:
        return
    cohort.name, cohort.trainer_id = wish.name, wish.trainer_id
    cohort.due_on, cohort.required = wish.due_on, wish.required
    audit.record(
        session,
        act="cohort-changed",
        actor=actor,
        at=at,
        cohort=str(cohort_id),
        before=_plain(before),
        after=_plain(wish),
    )


def names_completion(session: Session, agency_id: uuid.UUID) -> bool:
    """Whether HR officers of the agency may see who completed required modules, by name."""
    return bool(session.scalar(select(Agency.names_completion).where(Agency.id == agency_id)))


def turn_names_completion(session: Session, *, on: bool, actor: Actor, at: datetime) -> None:
    """Turn completion by name on or off for the actor's agency."""
    agency = session.get_one(Agency, actor.agency_id, with_for_update=True)
    if agency.names_completion == on:
        return
    agency.names_completion = on
    act = TURNED_ON if on else TURNED_OFF
    audit.record(session, act=act, actor=actor, at=at)


def _usable(agency_id: uuid.UUID) -> ColumnElement[bool]:
    own = or_(Programme.agency_id.is_(None), Programme.agency_id == agency_id)
    return own & (Programme.status == ACTIVE)


def _lines(session: Session, which: ColumnElement[bool]) -> tuple[CohortLine, ...]:
    size = (
        select(func.count())
        .where(Enrolment.cohort_id == Cohort.id, Enrolment.ended_at.is_(None))
        .correlate(Cohort)
        .scalar_subquery()
    )
    rows: Sequence[tuple[Cohort, str, str | None, int]] = [
        (row[0], row[1], row[2], row[3])
        for row in session.execute(
            select(Cohort, Programme.title, User.name, size)
            .join(Programme, Programme.id == Cohort.programme_id)
            .outerjoin(User, User.id == Cohort.trainer_id)
            .where(which)
            .order_by(Cohort.name)
        )
    ]
    return tuple(
        CohortLine(
            id=cohort.id,
            name=cohort.name,
            programme_id=cohort.programme_id,
            programme_title=title,
            trainer_id=cohort.trainer_id,
            trainer_name=trainer,
            required=cohort.required,
            due_on=cohort.due_on,
            size=people,
        )
        for cohort, title, trainer, people in rows
    )


def _check(
    session: Session, wish: Wish, *, agency_id: uuid.UUID, besides: uuid.UUID | None
) -> None:
    if not wish.name or len(wish.name) > LONGEST_NAME:
        raise Invalid("Enter a name of 1 to %(most)d characters.", field="name", most=LONGEST_NAME)
    taken = select(Cohort.id).where(Cohort.agency_id == agency_id, Cohort.name == wish.name)
    if besides is not None:
        taken = taken.where(Cohort.id != besides)
    if session.scalar(taken) is not None:
        raise Invalid("Your agency has a cohort with this name. Choose another one.", field="name")
    known = {trainer.id for trainer in trainers(session, agency_id)}
    if wish.trainer_id is not None and wish.trainer_id not in known:
        raise Invalid("Choose a trainer from the list.", field="trainer")


def _plain(wish: Wish) -> dict[str, str | bool | None]:
    return {
        "name": wish.name,
        "trainer": str(wish.trainer_id) if wish.trainer_id else None,
        "due_on": wish.due_on.isoformat() if wish.due_on else None,
        "required": wish.required,
    }
