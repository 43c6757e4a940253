"""The people of an agency: finding, adding, and giving roles."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Agency, Role, User, UserRole
from app.services.errors import NotFound
from app.services.people import accounts

# The people of the demonstration one may become with a click; nobody else can be.
DEMO_DOMAIN = "@demo.cairn.invalid"
DEMO_SHOWN = ("learner", "newcomer", "trainer", "reviewer", "hr", "oversight", "admin")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A made-up person and the role one sees the demonstration in; part is one of DEMO_SHOWN."""

    id: uuid.UUID
    part: str
    name: str
    role: Role


def demo_people(session: Session) -> tuple[DemoPerson, ...]:
    """The people one can become in the demonstration, learners first."""
    addresses = [name + DEMO_DOMAIN for name in DEMO_SHOWN]
    rows = session.execute(
        select(User.id, User.name, User.email, UserRole.role)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.email.in_(addresses))
    ).all()
    ordered = sorted(rows, key=lambda row: addresses.index(row.email))
    return tuple(
        DemoPerson(row.id, row.email.removesuffix(DEMO_DOMAIN), row.name, Role(row.role))
        for row in ordered
    )


def demo_sign_in(session: Session, person_id: uuid.UUID, *, at: datetime) -> str:
    """Become a person of the demonstration."""
    user = session.get(User, person_id)
    if user is None or not user.email.endswith(DEMO_DOMAIN):
        raise NotFound
    return accounts.open_sign_in(session, user, at=at)


def find_agency(session: Session, slug: str) -> Agency | None:
    return session.scalar(select(Agency).where(Agency.slug == slug))
