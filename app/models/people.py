"""Who there is: agencies, their departments, their people, and who is signed in."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Role(StrEnum):
    LEARNER = "learner"
    TRAINER = "trainer"
    HR_OFFICER = "hr_officer"
    OVERSIGHT_OFFICER = "oversight_officer"
    ADMINISTRATOR = "administrator"


class Agency(Base):
    """A tenant: people never cross its border."""

    __tablename__ = "agency"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    # Whether HR officers may see who completed required modules, by name.
    names_completion: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Department(Base):
    __tablename__ = "department"
    # (agency, id) is a key too, so that a person's department is of the person's agency.
    __table_args__ = (UniqueConstraint("agency_id", "name"), UniqueConstraint("agency_id", "id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str]


class User(Base):
    """A person with an account. No password hash means: cannot sign in with a password."""

    __tablename__ = "user_account"
    __table_args__ = (
        UniqueConstraint("agency_id", "id"),
        ForeignKeyConstraint(
            ["agency_id", "department_id"], ["department.agency_id", "department.id"]
        ),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        Index(None, "agency_id", "department_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    department_id: Mapped[uuid.UUID | None]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    language: Mapped[str | None]  # None: as the browser asks
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class UserRole(Base):
    """One role of one person; a person may have several."""

    __tablename__ = "user_role"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agency_id", "user_id"], ["user_account.agency_id", "user_account.id"]
        ),
        CheckConstraint(
            "role IN ('learner', 'trainer', 'hr_officer', 'oversight_officer', 'administrator')",
            name="role_is_known",
        ),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))


class SignIn(Base):
    """One signed-in browser. The cookie holds the token, this row its hash: a sign-out ends it."""

    __tablename__ = "sign_in"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agency_id", "user_id"], ["user_account.agency_id", "user_account.id"]
        ),
        Index(None, "user_id"),
    )

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID]
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A failed sign-in, kept for the rate limit. `subject` is a keyed hash, not an address."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "subject", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject: Mapped[str]
    at: Mapped[datetime]
