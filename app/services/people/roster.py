"""The people of an agency, as its administrator finds them."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.models import Department, Role, User, UserRole
from app.services.audit import Actor
from app.services.errors import NotFound

PAGE = 50
WORDS = 5
LONGEST_SEARCH = 200
BY_NAME = (User.name, User.id)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of the agency."""

    id: uuid.UUID
    name: str
    email: str
    department_id: uuid.UUID | None
    department: str | None
    roles: tuple[Role, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Some people in the order of their names; `following` asks for the next, None at the end."""

    lines: tuple[PersonLine, ...]
    found: int
    following: uuid.UUID | None


def search(
    session: Session, administrator: Actor, *, words: str = "", after: uuid.UUID | None = None
) -> PersonPage:
    """The agency's people whose name or address holds the words, by name, a page at a time."""
    mine = and_(User.agency_id == administrator.agency_id, *holding(words))
    found = session.scalar(select(func.count()).select_from(User).where(mine)) or 0
    rows, following = page(
        session, _people().where(mine), agency_id=administrator.agency_id, after=after
    )
    roles = roles_of(session, [row.id for row in rows])
    return PersonPage(tuple(_line(row, roles[row.id]) for row in rows), found, following)


def person(session: Session, person_id: uuid.UUID, *, administrator: Actor) -> PersonLine:
    """This person of the agency."""
    row = session.execute(
        _people().where(User.id == person_id, User.agency_id == administrator.agency_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return _line(row, roles_of(session, [person_id])[person_id])


def roles_of(session: Session, people: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Role, ...]]:
    held: dict[uuid.UUID, set[str]] = {person_id: set() for person_id in people}
    for user_id, role in session.execute(
        select(UserRole.user_id, UserRole.role).where(UserRole.user_id.in_(list(people)))
    ):
        held[user_id].add(role)
    return {
        person_id: tuple(role for role in Role if role.value in names)
        for person_id, names in held.items()
    }


def _people() -> Select[*tuple[Any, ...]]:
    return select(
        User.id,
        User.name,
        User.email,
        User.department_id,
        Department.name.label("department"),
        User.active,
    ).outerjoin(Department, Department.id == User.department_id)


def _line(row: Row[*tuple[Any, ...]], roles: tuple[Role, ...]) -> PersonLine:
    return PersonLine(
        id=row.id,
        name=row.name,
        email=row.email,
        department_id=row.department_id,
        department=row.department,
        roles=roles,
        active=row.active,
    )


def page(
    session: Session,
    people: Select[*tuple[Any, ...]],
    *,
    agency_id: uuid.UUID,
    after: uuid.UUID | None,
) -> tuple[Sequence[Row[*tuple[Any, ...]]], uuid.UUID | None]:
    """Some of these people of the agency by name, and whom the next page follows.

    after: whom this page follows; None begins. people: a query that names User.id `id`.
    """
    last = after and session.scalar(
        select(User.name).where(User.id == after, User.agency_id == agency_id)
    )
    if last is not None:
        people = people.where(or_(User.name > last, and_(User.name == last, User.id > after)))
    rows = session.execute(people.order_by(*BY_NAME).limit(PAGE + 1)).all()
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def holding(words: str) -> list[ColumnElement[bool]]:
    """The conditions for people whose name or address holds each of these words."""
    # SQLite folds the case of plain letters only, so each word is tried as people write names.
    return [
        or_(
            *(
                column.icontains(form, autoescape=True)
                for column in (User.name, User.email)
                for form in {word, word.lower(), word.upper(), word.title()}
            )
        )
        for word in words.split()[:WORDS]
    ]
