"""The departments of an agency."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models import Department, User
from app.services import audit
from app.services.audit import Actor
from app.services.errors import Invalid, NotFound

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """A department and how many open accounts it has."""

    id: uuid.UUID
    name: str
    people: int


def departments(session: Session, administrator: Actor) -> tuple[DepartmentLine, ...]:
    """The agency's departments by name."""
    rows = session.execute(
        select(Department.id, Department.name, func.count(User.id))
        .outerjoin(
            User,
            # The agency too, though a department has but one: it is what the index begins with.
            (User.agency_id == Department.agency_id)
            & (User.department_id == Department.id)
            & User.active,
        )
        .where(Department.agency_id == administrator.agency_id)
        .group_by(Department.id, Department.name)
        .order_by(Department.name, Department.id)
    )
    return tuple(DepartmentLine(*row) for row in rows)


def add(session: Session, name: str, *, administrator: Actor, at: datetime) -> uuid.UUID:
    """A new department of the agency."""
    _check(session, name, administrator)
    department = Department(id=uuid.uuid4(), agency_id=administrator.agency_id, name=name)
    session.add(department)
    _flush(session)
    audit.record(session, act="department-added", actor=administrator, at=at, name=name)
    return department.id


def rename(
    session: Session, department_id: uuid.UUID, name: str, *, administrator: Actor, at: datetime
) -> None:
    """Give a department another name; the same name again changes nothing."""
    department = session.scalar(
        select(Department)
        .where(Department.id == department_id, Department.agency_id == administrator.agency_id)
        .with_for_update(key_share=True)
    )
    if department is None:
        raise NotFound
    if department.name == name:
        return
    _check(session, name, administrator, but=department_id)
    before, department.name = department.name, name
    _flush(session)
    audit.record(
        session, act="department-renamed", actor=administrator, at=at, before=before, after=name
    )


def _check(
    session: Session, name: str, administrator: Actor, *, but: uuid.UUID | None = None
) -> None:
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(
            "Enter a name of at most %(most)d characters.", field="name", most=LONGEST_NAME
        )
    same = session.scalars(
        select(Department.id).where(
            Department.agency_id == administrator.agency_id,
            func.lower(Department.name) == name.lower(),
        )
    ).all()
    if any(found != but for found in same):
        raise _taken()


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:  # somebody else took the name a moment ago
        raise _taken() from error


def _taken() -> Invalid:
    return Invalid("Your agency has a department of this name already.", field="name")
