"""Who is enrolled in a cohort: listing, adding one or many people, ending an enrolment."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.models import Cohort, Department, Enrolment, Role, User, UserRole
from app.services import audit
from app.services.audit import Actor
from app.services.errors import Invalid, NotFound, Refused
from app.services.people import roster
from app.words import Sentence

ADDRESSES_AT_ONCE = 500
# The same words for an address nobody has and for one of another agency.
UNKNOWN = Sentence("Nobody in your agency has this address.")
CLOSED = Sentence("This person's account is closed.")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A person enrolled in a cohort: all that HR officers see of them there."""

    enrolment_id: uuid.UUID
    name: str
    email: str
    department: str | None
    enrolled_at: datetime


@dataclass(frozen=True, slots=True)
class EnrolledPage:
    """Some people of a cohort by name; `following` asks for the next, None at the end."""

    lines: tuple[Enrolled, ...]
    found: int
    following: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Account:
    """A person of the agency as enrolling needs them."""

    id: uuid.UUID
    email: str
    name: str
    department: str | None
    active: bool
    enrolled: bool


def people(
    session: Session,
    cohort_id: uuid.UUID,
    *,
    agency_id: uuid.UUID,
    words: str = "",
    after: uuid.UUID | None = None,
) -> EnrolledPage:
    """The people enrolled in the agency's cohort now whose name or address holds the words."""
    wanted = enrolled(cohort_id, agency_id=agency_id).where(*roster.holding(words))
    found = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows, following = roster.page(session, wanted, agency_id=agency_id, after=after)
    return EnrolledPage(tuple(_line(row) for row in rows), found, following)


def find(
    session: Session, enrolment_id: uuid.UUID, *, cohort_id: uuid.UUID, agency_id: uuid.UUID
) -> Enrolled:
    """One running enrolment of the agency's cohort."""
    row = session.execute(
        enrolled(cohort_id, agency_id=agency_id).where(Enrolment.id == enrolment_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return _line(row)


def enrolled(cohort_id: uuid.UUID, *, agency_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    """The query for the people enrolled in the agency's cohort now."""
    return (
        select(
            User.id,
            User.name,
            User.email,
            Department.name.label("department"),
            Enrolment.id.label("enrolment_id"),
            Enrolment.enrolled_at,
        )
        .join(Enrolment, Enrolment.learner_id == User.id)
        .outerjoin(Department, Department.id == User.department_id)
        .where(
            Enrolment.cohort_id == cohort_id,
            Enrolment.agency_id == agency_id,
            Enrolment.ended_at.is_(None),
        )
    )


def _line(row: Row[*tuple[Any, ...]]) -> Enrolled:
    return Enrolled(
        enrolment_id=row.enrolment_id,
        name=row.name,
        email=row.email,
        department=row.department,
        enrolled_at=row.enrolled_at,
    )


def accounts(
    session: Session, addresses: Iterable[str], *, cohort_id: uuid.UUID, agency_id: uuid.UUID
) -> dict[str, Account]:
    """The agency's people with these addresses; other agencies' people do not exist here."""
    found: dict[str, Account] = {}
    for some in portions(sorted(set(addresses))):
        rows = session.execute(
            select(User.id, User.email, User.name, Department.name, User.active, Enrolment.id)
            .outerjoin(Department, Department.id == User.department_id)
            .outerjoin(
                Enrolment,
                (Enrolment.learner_id == User.id)
                & (Enrolment.cohort_id == cohort_id)
                & Enrolment.ended_at.is_(None),
            )
            .where(User.agency_id == agency_id, User.email.in_(some))
        ).all()
        found |= {row[1]: Account(*row[:5], enrolled=row[5] is not None) for row in rows}
    return found


def enrol(
    session: Session, cohort_id: uuid.UUID, *, email: str, actor: Actor, at: datetime
) -> Account:
    """Enrol one person of the agency by their address."""
    lock_cohort(session, cohort_id, agency_id=actor.agency_id)
    address = email.strip().lower()
    found = accounts(session, [address], cohort_id=cohort_id, agency_id=actor.agency_id)
    person = found.get(address)
    if person is None:
        raise Invalid("Nobody in your agency has this address. Check the spelling.", field="email")
    if not person.active:
        raise Invalid(
            "This person's account is closed. An administrator can open it again.", field="email"
        )
    if person.enrolled:
        raise Invalid(
            "%(name)s is enrolled in this cohort already.", field="email", name=person.name
        )
    enrol_people(session, cohort_id, [person], actor=actor, at=at)
    return person


def enrol_people(
    session: Session,
    cohort_id: uuid.UUID,
    learners: Sequence[Account],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Enrol people found before, under the cohort's lock. They may learn from now on."""
    ids = sorted(person.id for person in learners)
    _lock_people(session, ids)
    again = _ended(session, cohort_id, ids)
    may_learn = _with_role(session, ids, Role.LEARNER)
    for person in learners:
        if person.id in again:
            again[person.id].ended_at, again[person.id].enrolled_at = None, at
        else:
            session.add(
                Enrolment(
                    id=uuid.uuid4(),
                    agency_id=actor.agency_id,
                    cohort_id=cohort_id,
                    learner_id=person.id,
                    enrolled_at=at,
                )
            )
        if person.id not in may_learn:
            session.add(
                UserRole(user_id=person.id, role=Role.LEARNER.value, agency_id=actor.agency_id)
            )
        audit.record(
            session,
            act="enrolled",
            actor=actor,
            subject_id=person.id,
            at=at,
            cohort=str(cohort_id),
            became_learner=person.id not in may_learn,
        )
    session.flush()


def end(
    session: Session,
    enrolment_id: uuid.UUID,
    *,
    cohort_id: uuid.UUID,
    actor: Actor,
    at: datetime,
) -> None:
    """End an enrolment. The person keeps their record; the cohort's figures do not change."""
    enrolment = session.scalar(
        select(Enrolment)
        .where(
            Enrolment.id == enrolment_id,
            Enrolment.cohort_id == cohort_id,
            Enrolment.agency_id == actor.agency_id,
        )
        .with_for_update()
    )
    if enrolment is None:
        raise NotFound
    if enrolment.ended_at is not None:
        raise Refused("This enrolment has ended already.")
    enrolment.ended_at = at
    audit.record(
        session,
        act="enrolment-ended",
        actor=actor,
        subject_id=enrolment.learner_id,
        at=at,
        cohort=str(cohort_id),
    )


def lock_cohort(session: Session, cohort_id: uuid.UUID, *, agency_id: uuid.UUID) -> None:
    """Make everybody else who enrols people in this cohort wait."""
    found = session.execute(
        select(Cohort.id)
        .where(Cohort.id == cohort_id, Cohort.agency_id == agency_id)
        .with_for_update()
    ).first()
    if found is None:
        raise NotFound


def _lock_people(session: Session, ids: Sequence[uuid.UUID]) -> None:
    # Two cohorts may enrol the same person at once, and both would make them a learner.
    for some in portions(ids):
        session.execute(
            select(User.id).where(User.id.in_(some)).order_by(User.id).with_for_update()
        )


def _ended(
    session: Session, cohort_id: uuid.UUID, ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, Enrolment]:
    return {
        row.learner_id: row
        for some in portions(ids)
        for row in session.scalars(
            select(Enrolment).where(
                Enrolment.cohort_id == cohort_id, Enrolment.learner_id.in_(some)
            )
        )
    }


def _with_role(session: Session, ids: Sequence[uuid.UUID], role: Role) -> set[uuid.UUID]:
    return {
        user
        for some in portions(ids)
        for user in session.scalars(
            select(UserRole.user_id).where(UserRole.role == role, UserRole.user_id.in_(some))
        )
    }


Thing = str | uuid.UUID


def portions(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    """A database takes only so many values in one statement."""
    for start in range(0, len(things), ADDRESSES_AT_ONCE):
        yield things[start : start + ADDRESSES_AT_ONCE]
