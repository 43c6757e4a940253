"""What an oversight officer may look up: decisions, by reference or by rule, and audit events.

People are shown by a keyed reference, not by name: the officer judges the decision, not the person.
One decision opens only after a reason was given, and the reason is an audit event.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.models import AuditEvent, Serving
from app.services import audit
from app.services.audit import Actor
from app.services.catalogue import shelf
from app.services.errors import Invalid, NotFound
from app.services.oversight import decisions
from app.services.oversight.events import REPLAYED
from app.services.paging import PAGE, Page, cursor, older_than
from app.services.people.pseudonyms import reference
from engine import Rule

OPENED = "decision-opened"
REASON_HOLDS = timedelta(hours=1)
REASONS = ("appeal", "question", "quality", "incident")
SHORTEST_NOTE, LONGEST_NOTE = 10, 1000
SHORTEST_REFERENCE, WHOLE_REFERENCE = 8, 32
SAMPLE = 5
A_WEEK, LOOK_BACK = timedelta(days=7), timedelta(days=30)
# Rules that choose an item; finished and stuck are standings, and never a serving.
CHOOSING_RULES = tuple(rule.value for rule in Rule if rule not in {Rule.FINISHED, Rule.STUCK})


@dataclass(frozen=True, slots=True)
class Home:
    """How deciding went lately. sampled decisions were replayed just now, sampled_same held."""

    decisions: int
    fallbacks: int
    sampled: int
    sampled_same: int
    replayed_at: datetime | None
    replayed_responses: int | None
    replayed_differences: int | None


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision in a list; the learner only by reference."""

    serving_id: uuid.UUID
    served_at: datetime
    learner: str
    module_title: str
    item_title: str
    language: str
    rule: str


def home(session: Session, officer: Actor, *, at: datetime) -> Home:
    """The counts of the last seven days, and a sample of decisions replayed now."""
    lately = (Serving.agency_id == officer.agency_id, Serving.served_at >= at - A_WEEK)
    made = _count(session, *lately)
    fell_back = _count(session, *lately, Serving.rule == Rule.FALLBACK.value)
    newest = session.scalars(
        select(Serving.id)
        .where(Serving.agency_id == officer.agency_id, Serving.served_at >= at - LOOK_BACK)
        .order_by(Serving.served_at.desc(), Serving.id.desc())
        .limit(SAMPLE)
    ).all()
    replayed = [decisions.replay_decision(session, serving_id) for serving_id in newest]
    full = session.execute(
        select(AuditEvent.at, AuditEvent.details)
        .where(AuditEvent.agency_id.is_(None), AuditEvent.act == REPLAYED)
        .order_by(AuditEvent.at.desc())
        .limit(1)
    ).one_or_none()
    return Home(
        decisions=made,
        fallbacks=fell_back,
        sampled=len(replayed),
        sampled_same=sum(one.same and one.log_verifies for one in replayed),
        replayed_at=None if full is None else full.at,
        replayed_responses=None if full is None else full.details.get("responses"),
        replayed_differences=None if full is None else full.details.get("differences"),
    )


def find(session: Session, typed: str, *, officer: Actor) -> uuid.UUID:
    """The serving whose reference was typed: all of it, or at least its first eight characters."""
    digits = typed.strip().lower().replace("-", "").replace(" ", "").removeprefix("#")
    if not SHORTEST_REFERENCE <= len(digits) <= WHOLE_REFERENCE or set(digits) - set(
        "0123456789abcdef"
    ):
        raise Invalid(
            "Enter a reference as the learner's page shows it: at least 8 characters, "
            "figures and the letters a to f.",
            field="reference",
        )
    found = session.scalars(
        select(Serving.id)
        .where(
            Serving.agency_id == officer.agency_id,
            Serving.id.between(
                uuid.UUID(digits.ljust(WHOLE_REFERENCE, "0")),
                uuid.UUID(digits.ljust(WHOLE_REFERENCE, "f")),
            ),
        )
        .limit(2)
    ).all()
    if not found:
        raise Invalid("No decision of your agency has this reference.", field="reference")
    if len(found) > 1:
        raise Invalid(
            "More than one decision begins like this. Enter more of the reference.",
            field="reference",
        )
    return found[0]


def latest(
    session: Session, officer: Actor, *, key: str, at: datetime, rule: str = "", before: str = ""
) -> Page[DecisionLine]:
    """The agency's decisions of the last 30 days, newest first, of one rule or of all."""
    wanted = select(
        Serving.id,
        Serving.served_at,
        Serving.learner_id,
        Serving.item_id,
        Serving.module_revision_id,
        Serving.rule,
    ).where(Serving.agency_id == officer.agency_id, Serving.served_at >= at - LOOK_BACK)
    if rule in CHOOSING_RULES:
        wanted = wanted.where(Serving.rule == rule)
    if (after := older_than(Serving.served_at, Serving.id, before)) is not None:
        wanted = wanted.where(after)
    rows = session.execute(
        wanted.order_by(Serving.served_at.desc(), Serving.id.desc()).limit(PAGE + 1)
    ).all()
    lines = []
    for row in rows[:PAGE]:
        syllabus = shelf.syllabus(session, row.module_revision_id)
        lines.append(
            DecisionLine(
                serving_id=row.id,
                served_at=row.served_at,
                learner=reference(row.learner_id, key=key),
                module_title=syllabus.title,
                item_title=syllabus.items[row.item_id].title,
                language=syllabus.language,
                rule=row.rule,
            )
        )
    more = len(rows) > PAGE
    return Page(tuple(lines), cursor(rows[PAGE - 1].served_at, rows[PAGE - 1].id) if more else None)


def give_reason(
    session: Session,
    serving_id: uuid.UUID,
    *,
    officer: Actor,
    reason: str,
    note: str,
    at: datetime,
) -> None:
    """Record why this officer opens this decision."""
    learner_id = _learner_of(session, serving_id, officer=officer)
    if reason not in REASONS:
        raise Invalid("Choose why you need to see this decision.", field="reason")
    if not SHORTEST_NOTE <= len(note) <= LONGEST_NOTE:
        raise Invalid(
            "Say in %(least)d to %(most)d characters what it is about.",
            field="note",
            least=SHORTEST_NOTE,
            most=LONGEST_NOTE,
        )
    audit.record(
        session,
        act=OPENED,
        actor=officer,
        subject_id=learner_id,
        at=at,
        serving=str(serving_id),
        reason=reason,
        note=note,
    )


def has_reason(session: Session, serving_id: uuid.UUID, *, officer: Actor, at: datetime) -> bool:
    """Whether this officer gave a reason for this decision within the last hour."""
    _learner_of(session, serving_id, officer=officer)
    found = session.scalar(
        select(AuditEvent.id)
        .where(
            AuditEvent.agency_id == officer.agency_id,
            AuditEvent.at > at - REASON_HOLDS,
            AuditEvent.actor_id == officer.id,
            AuditEvent.act == OPENED,
            AuditEvent.details["serving"].as_string() == str(serving_id),
        )
        .limit(1)
    )
    return found is not None


def _learner_of(session: Session, serving_id: uuid.UUID, *, officer: Actor) -> uuid.UUID:
    found = session.scalar(
        select(Serving.learner_id).where(
            Serving.id == serving_id, Serving.agency_id == officer.agency_id
        )
    )
    if found is None:
        raise NotFound
    return found


def _count(session: Session, *wanted: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Serving).where(*wanted)) or 0
