"""The audit events an oversight officer may read: what was done to rights, records, content."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from app.models import AuditEvent, User
from app.services.audit import Actor
from app.services.paging import PAGE, Page, cursor, older_than
from app.services.people.pseudonyms import reference

REPLAYED = "log-replayed"
LOOKS = 100
# Acts on accounts name the person they concern; a look at a record must not give a name away.
ACTS_ON_ACCOUNTS = frozenset(
    {
        "administrator-created",
        "password-changed",
        "password-reset",
        "person-added",
        "person-closed",
        "person-moved",
        "person-renamed",
        "person-reopened",
        "roles-changed",
    }
)
# What happened to shared content and to the whole installation concerns every agency.
ACTS_ON_ALL = (
    "answers-exported",
    "content-published",
    "drift-found",
    "parameters-activated",
    "parameters-rolled-back",
    REPLAYED,
)


@dataclass(frozen=True, slots=True)
class EventLine:
    """One audit event. actor is None for a command at the server's terminal."""

    at: datetime
    act: str
    actor: str | None
    subject: str | None
    subject_is_name: bool
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """Something another person did to, or looked at in, somebody's account or record."""

    at: datetime
    act: str
    actor: str | None


def looks_at(session: Session, person: Actor) -> tuple[Look, ...]:
    """What others did about this person, newest first: for the person to see."""
    rows = session.execute(
        select(AuditEvent.at, AuditEvent.act, User.name)
        .outerjoin(
            User, and_(User.id == AuditEvent.actor_id, User.agency_id == AuditEvent.agency_id)
        )
        .where(
            AuditEvent.agency_id == person.agency_id,
            AuditEvent.subject_id == person.id,
            or_(AuditEvent.actor_id.is_(None), AuditEvent.actor_id != person.id),
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(LOOKS)
    )
    return tuple(Look(*row) for row in rows)


def read_events(
    session: Session, officer: Actor, *, key: str, act: str = "", before: str = ""
) -> Page[EventLine]:
    """The audit events of the agency and of shared content, newest first."""
    ours = _newest(act, before, AuditEvent.agency_id == officer.agency_id)
    shared = _newest(act, before, AuditEvent.agency_id.is_(None), AuditEvent.act.in_(ACTS_ON_ALL))
    # Each is read in the order of its index; "one or the other" would read and sort every event.
    newest = union_all(select(ours.subquery()), select(shared.subquery())).subquery("event")
    event = aliased(AuditEvent, newest)
    actor, subject = select(User).subquery("actor"), select(User).subquery("subject")
    wanted = (
        select(
            event.id,
            event.at,
            event.act,
            event.details,
            event.subject_id,
            actor.c.name.label("actor_name"),
            subject.c.name.label("subject_name"),
        )
        .outerjoin(actor, and_(actor.c.id == event.actor_id, actor.c.agency_id == event.agency_id))
        .outerjoin(
            subject,
            and_(subject.c.id == event.subject_id, subject.c.agency_id == event.agency_id),
        )
    )
    rows = session.execute(wanted.order_by(event.at.desc(), event.id.desc()).limit(PAGE + 1)).all()
    lines = []
    for row in rows[:PAGE]:
        named = row.act in ACTS_ON_ACCOUNTS and row.subject_name is not None
        hidden = None if row.subject_id is None else reference(row.subject_id, key=key)
        lines.append(
            EventLine(
                at=row.at,
                act=row.act,
                actor=row.actor_name,
                subject=row.subject_name if named else hidden,
                subject_is_name=named,
                details=row.details,
            )
        )
    more = len(rows) > PAGE
    return Page(tuple(lines), cursor(rows[PAGE - 1].at, rows[PAGE - 1].id) if more else None)


def _newest(act: str, before: str, *of: ColumnElement[bool]) -> Select[AuditEvent]:
    """A page of the newest of these events, and one more."""
    wanted = select(AuditEvent).where(*of)
    if act:
        wanted = wanted.where(AuditEvent.act == act)
    if (after := older_than(AuditEvent.at, AuditEvent.id, before)) is not None:
        wanted = wanted.where(after)
    return wanted.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(PAGE + 1)
