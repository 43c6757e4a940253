"""Signing in and out, and changing one's password."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from app.models import Agency, Department, Role, SignIn, SignInAttempt, User, UserRole
from app.ready import Ready
from app.services import audit
from app.services.errors import Invalid, TooMany
from app.services.people.passwords import check_new_password, hash_password, matches
from app.words import Sentence

SIGNED_IN_FOR = timedelta(hours=12)
ATTEMPTS_ALLOWED = 10
ATTEMPTS_WITHIN = timedelta(minutes=15)
# The same words whether the address is unknown, the password wrong or the account closed.
REFUSAL = Sentence(
    "That email address and password do not match an account. Check both and try again."
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person a request acts for."""

    id: uuid.UUID
    agency_id: uuid.UUID
    name: str
    email: str
    agency_name: str
    department_name: str | None
    language: str | None
    roles: frozenset[str]

    def has(self, role: Role) -> bool:
        return role.value in self.roles


def sign_in(
    session: Session, *, email: str, password: str, source: str, at: datetime
) -> str | None:
    """A new token when address and password match an active account, else None.

    None is an ordinary result, so that the failed attempt is committed: it counts for the limit.
    """
    address = email.strip().lower()
    subjects = (_subject("address", address), _subject("source", source))
    _check_attempts(session, subjects, at=at)
    user = session.scalar(select(User).where(User.email == address))
    if matches(user.password_hash if user else None, password) and user and user.active:
        session.execute(delete(SignInAttempt).where(SignInAttempt.subject == subjects[0]))
        return open_sign_in(session, user, at=at)
    for subject in subjects:
        session.add(SignInAttempt(id=uuid.uuid4(), subject=subject, at=at))
    return None


def _check_attempts(session: Session, subjects: tuple[str, str], *, at: datetime) -> None:
    since = at - ATTEMPTS_WITHIN
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < since))
    # One address may be tried ten times; one place, where many people sit, fifty.
    for subject, allowed in zip(subjects, (ATTEMPTS_ALLOWED, 5 * ATTEMPTS_ALLOWED), strict=True):
        tried = session.scalar(
            select(func.count()).where(SignInAttempt.subject == subject, SignInAttempt.at >= since)
        )
        if (tried or 0) >= allowed:
            raise TooMany(
                "Too many attempts to sign in. Wait 15 minutes, then try again.",
                retry_after=int(ATTEMPTS_WITHIN.total_seconds()),
            )


def _subject(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def open_sign_in(session: Session, user: User, *, at: datetime) -> str:
    """A new signed-in browser for this person; returns the token its cookie will hold."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_hash=_token_hash(token),
            user_id=user.id,
            agency_id=user.agency_id,
            started_at=at,
            expires_at=at + SIGNED_IN_FOR,
            ended_at=None,
        )
    )
    return token


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# Built once, and without the ORM: every request of a signed-in person begins with it.
_SIGNED_IN = Ready(
    select(
        User.id,
        User.agency_id,
        User.name,
        User.email,
        Agency.name.label("agency_name"),
        Department.name.label("department_name"),
        User.language,
        UserRole.role,
    )
    .join(SignIn, SignIn.user_id == User.id)
    .join(Agency, Agency.id == User.agency_id)
    .outerjoin(Department, Department.id == User.department_id)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        SignIn.ended_at.is_(None),
        SignIn.expires_at > bindparam("at"),
        User.active,
    )
)


def signed_in(asked: Session | Connection, token: str, *, at: datetime) -> SignedIn | None:
    """Whose token this is, or None when it is unknown, ended, expired or the account closed."""
    rows = _SIGNED_IN.run(asked, {"token_hash": _token_hash(token), "at": at})
    if not rows:
        return None
    first = rows[0]
    return SignedIn(
        id=first.id,
        agency_id=first.agency_id,
        name=first.name,
        email=first.email,
        agency_name=first.agency_name,
        department_name=first.department_name,
        language=first.language,
        roles=frozenset(row.role for row in rows if row.role),
    )


def choose_language(session: Session, person: uuid.UUID, language: str) -> None:
    """Remember which language this person reads, here and on their other devices."""
    session.execute(update(User).where(User.id == person).values(language=language))


def sign_out(session: Session, token: str, *, at: datetime) -> None:
    session.execute(
        update(SignIn)
        .where(SignIn.token_hash == _token_hash(token), SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )


def end_all_sign_ins(session: Session, user_id: uuid.UUID, *, at: datetime) -> None:
    """End every signed-in browser of a person, as after a new password or a role change."""
    session.execute(
        update(SignIn)
        .where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )


def change_password(
    session: Session, person: SignedIn, *, current: str, new: str, at: datetime
) -> str:
    """Set a new password, end every other sign-in, and return the token of a fresh one."""
    user = session.get_one(User, person.id)
    if not matches(user.password_hash, current):
        raise Invalid("The current password is not right.", field="current")
    check_new_password(new, name=user.name, email=user.email)
    user.password_hash = hash_password(new)
    end_all_sign_ins(session, user.id, at=at)
    audit.record(session, act="password-changed", actor=person, subject_id=user.id, at=at)
    return open_sign_in(session, user, at=at)
