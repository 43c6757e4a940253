"""Keeping the accounts of an agency: adding people, their roles and departments, passwords."""

import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models import Agency, Department, Role, User, UserRole
from app.services import audit
from app.services.audit import Actor
from app.services.errors import Invalid, NotFound
from app.services.people import accounts
from app.services.people.roster import roles_of

LONGEST_NAME = 200
LONGEST_EMAIL = 254
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Account:
    """What an administrator decides about a person."""

    name: str
    department_id: uuid.UUID | None
    roles: frozenset[Role]
    active: bool = True


def add(
    session: Session,
    account: Account,
    *,
    email: str,
    password_hash: str,
    administrator: Actor,
    at: datetime,
) -> uuid.UUID:
    """A new account of the agency; the hash is that of the one-time password."""
    address = email.strip().lower()
    _check_email(address)
    _check(session, account, administrator)
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise _taken()
    user = User(
        id=uuid.uuid4(),
        agency_id=administrator.agency_id,
        department_id=account.department_id,
        email=address,
        name=account.name,
        password_hash=password_hash,
        active=True,
        created_at=at,
    )
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else took the address a moment ago
        raise _taken() from error
    _give_roles(session, user, account.roles)
    audit.record(
        session,
        act="person-added",
        actor=administrator,
        subject_id=user.id,
        at=at,
        roles=_sorted(account.roles),
        department=_department_name(session, account.department_id),
    )
    return user.id


def change(
    session: Session,
    person_id: uuid.UUID,
    account: Account,
    *,
    administrator: Actor,
    at: datetime,
) -> None:
    """Change a person's account; other roles or a closed account end their sign-ins."""
    # Two administrators who take each other's role away must not both succeed.
    session.execute(
        select(Agency.id)
        .where(Agency.id == administrator.agency_id)
        .with_for_update(key_share=True)
    )
    user = _user(session, person_id, administrator)
    _check(session, account, administrator)
    roles = frozenset(roles_of(session, [user.id])[user.id])
    _check_own_account(account, roles, user=user, administrator=administrator)
    _check_last_administrator(session, account, roles, user=user)
    for act, before, after in _changes(session, user, roles, account):
        moved: dict[str, Any] = {} if before == after else {"before": before, "after": after}
        audit.record(session, act=act, actor=administrator, subject_id=user.id, at=at, **moved)
    user.name, user.department_id = account.name, account.department_id
    if roles != account.roles or user.active != account.active:
        user.active = account.active
        _give_roles(session, user, account.roles)
        accounts.end_all_sign_ins(session, user.id, at=at)


def reset_password(
    session: Session,
    person_id: uuid.UUID,
    *,
    password_hash: str,
    administrator: Actor,
    at: datetime,
) -> None:
    """Replace a person's password by a one-time password, and end their sign-ins."""
    user = _user(session, person_id, administrator)
    if user.id == administrator.id:
        raise Invalid("Change your own password with “Change your password”.")
    user.password_hash = password_hash
    accounts.end_all_sign_ins(session, user.id, at=at)
    audit.record(session, act="password-reset", actor=administrator, subject_id=user.id, at=at)


def _user(session: Session, person_id: uuid.UUID, administrator: Actor) -> User:
    user = session.scalar(
        select(User)
        .where(User.id == person_id, User.agency_id == administrator.agency_id)
        .with_for_update(key_share=True)
    )
    if user is None:
        raise NotFound
    return user


def _check_email(address: str) -> None:
    if len(address) > LONGEST_EMAIL or not EMAIL.fullmatch(address):
        raise Invalid("Enter an email address like name@agency.example.", field="email")


def _check(session: Session, account: Account, administrator: Actor) -> None:
    if not account.name or len(account.name) > LONGEST_NAME:
        raise Invalid(
            "Enter a name of at most %(most)d characters.", field="name", most=LONGEST_NAME
        )
    if not account.roles:
        raise Invalid("Choose at least one role.", field="roles")
    if account.department_id is None:
        return
    if (
        session.scalar(
            select(Department.id).where(
                Department.id == account.department_id,
                Department.agency_id == administrator.agency_id,
            )
        )
        is None
    ):
        raise Invalid("Choose a department of your agency.", field="department")


def _check_own_account(
    account: Account, roles: frozenset[Role], *, user: User, administrator: Actor
) -> None:
    if user.id != administrator.id:
        return
    if Role.ADMINISTRATOR in roles and Role.ADMINISTRATOR not in account.roles:
        raise Invalid(
            "You cannot take the administrator's role from yourself. "
            "Ask another administrator to do it.",
            field="roles",
        )
    if not account.active:
        raise Invalid(
            "You cannot close your own account. Ask another administrator to do it.",
            field="active",
        )


def _check_last_administrator(
    session: Session, account: Account, roles: frozenset[Role], *, user: User
) -> None:
    stays = account.active and Role.ADMINISTRATOR in account.roles
    if stays or Role.ADMINISTRATOR not in roles or not user.active:
        return
    others = session.scalar(
        select(func.count())
        .select_from(UserRole)
        .join(User, User.id == UserRole.user_id)
        .where(
            UserRole.agency_id == user.agency_id,
            UserRole.role == Role.ADMINISTRATOR.value,
            User.active,
            User.id != user.id,
        )
    )
    if not others:
        raise Invalid(
            "This is the last administrator of your agency. Give the role to somebody else first.",
            field="roles" if account.active else "active",
        )


def _changes(
    session: Session, user: User, roles: frozenset[Role], account: Account
) -> list[tuple[str, object, object]]:
    """What changes, as (act, before, after)."""
    found: list[tuple[str, object, object]] = []
    if user.name != account.name:
        found.append(("person-renamed", user.name, account.name))
    if user.department_id != account.department_id:
        before = _department_name(session, user.department_id)
        found.append(("person-moved", before, _department_name(session, account.department_id)))
    if roles != account.roles:
        found.append(("roles-changed", _sorted(roles), _sorted(account.roles)))
    if user.active != account.active:
        found.append(("person-reopened" if account.active else "person-closed", None, None))
    return found


def _give_roles(session: Session, user: User, roles: Collection[Role]) -> None:
    session.execute(delete(UserRole).where(UserRole.user_id == user.id))
    if roles:
        session.execute(
            insert(UserRole),
            [
                {"user_id": user.id, "role": role.value, "agency_id": user.agency_id}
                for role in roles
            ],
        )


def _department_name(session: Session, department_id: uuid.UUID | None) -> str | None:
    if department_id is None:
        return None
    return session.scalar(select(Department.name).where(Department.id == department_id))


def _sorted(roles: Collection[Role]) -> list[str]:
    return [role.value for role in Role if role in roles]


def _taken() -> Invalid:
    return Invalid(
        "This address cannot be used: each address has one account. Check it for mistakes.",
        field="email",
    )
