"""The first steps of an installation: the first agency and its administrator."""

import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Agency, Role, User, UserRole
from app.services import audit
from app.services.errors import Invalid, Refused
from app.services.people.passwords import check_new_password, hash_password


@dataclass(frozen=True, slots=True)
class Founded:
    """An account that may set up its agency."""

    user_id: uuid.UUID
    agency_id: uuid.UUID
    new_agency: bool


def has_accounts(session: Session) -> bool:
    """Whether anybody can have signed in yet."""
    return session.scalar(select(User.id).limit(1)) is not None


def create_administrator(
    session: Session, *, email: str, name: str, agency: str, password: str, at: datetime
) -> Founded:
    """Make an administrator's account, and the agency when there is none of that name."""
    address, name, agency = email.strip().lower(), name.strip(), agency.strip()
    _check(address, name=name, agency=agency)
    check_new_password(password, name=name, email=address)
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise Refused("There is an account with the address %(address)s already.", address=address)
    tenant, fresh = _agency(session, agency, at=at)
    user = User(
        id=uuid.uuid4(),
        agency_id=tenant.id,
        department_id=None,
        email=address,
        name=name,
        password_hash=hash_password(password),
        active=True,
        created_at=at,
    )
    session.add(user)
    session.flush()
    session.add(UserRole(user_id=user.id, role=Role.ADMINISTRATOR.value, agency_id=tenant.id))
    audit.record(
        session,
        act="administrator-created",
        actor=None,
        agency_id=tenant.id,
        subject_id=user.id,
        at=at,
    )
    return Founded(user_id=user.id, agency_id=tenant.id, new_agency=fresh)


def _check(address: str, *, name: str, agency: str) -> None:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise Invalid(
            "%(address)r is not an email address. Give one like name@agency.example.",
            field="email",
            address=address,
        )
    if not name:
        raise Invalid("Give the person's name.", field="name")
    if not agency:
        raise Invalid("Give the agency's name.", field="agency")


def _agency(session: Session, name: str, *, at: datetime) -> tuple[Agency, bool]:
    found = session.scalar(select(Agency).where(func.lower(Agency.name) == name.lower()))
    if found is not None:
        return found, False
    slug = _slug(name)
    if session.scalar(select(Agency.id).where(Agency.slug == slug)) is not None:
        raise Refused(
            "Another agency has the short name %(slug)r already. Use its full name.", slug=slug
        )
    agency = Agency(id=uuid.uuid4(), slug=slug, name=name, names_completion=False, created_at=at)
    session.add(agency)
    session.flush()
    return agency, True


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not slug:
        raise Invalid(
            "The agency's name needs a letter or a digit, got %(name)r.", field="agency", name=name
        )
    return slug
