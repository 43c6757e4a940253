"""Problems with items as trainers see them: what was said, never by whom."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.models import ItemReport, Module, Serving, User
from app.services import audit
from app.services.audit import Actor
from app.services.catalogue import shelf
from app.services.errors import Invalid, NotFound, Refused

SHOWN = 100
LONGEST_NOTE = 1000
ACT = "report-closed"


@dataclass(frozen=True, slots=True)
class Report:
    """A reported problem. The text is the learner's own; who wrote it is left out on purpose.

    changed_since: the item has another text by now.  in_use: the item is still taught.
    """

    id: uuid.UUID
    item_id: str
    title: str
    module_slug: str
    module_title: str
    language: str
    kind: str
    text: str
    reported_at: datetime
    changed_since: bool
    in_use: bool
    closed_at: datetime | None
    closed_by: str | None
    closing_note: str | None


def count_open(session: Session, *, trainer: Actor) -> Mapping[str, int]:
    """How many open reports of the trainer's agency each item has; none is left out."""
    rows = session.execute(
        select(ItemReport.item_id, func.count())
        .where(ItemReport.agency_id == trainer.agency_id, ItemReport.closed_at.is_(None))
        .group_by(ItemReport.item_id)
    )
    return {item_id: count for item_id, count in rows}  # noqa: C416 - rows are no pairs to mypy


def open_reports(session: Session, *, trainer: Actor) -> tuple[Report, ...]:
    """What is open in the agency, the longest waiting first, at most SHOWN."""
    query = _reports(trainer).where(ItemReport.closed_at.is_(None))
    rows = session.execute(query.order_by(ItemReport.reported_at, ItemReport.id).limit(SHOWN))
    return tuple(_report(session, row) for row in rows)


def closed_reports(session: Session, *, trainer: Actor) -> tuple[Report, ...]:
    """What was closed in the agency, the latest first, at most SHOWN."""
    query = _reports(trainer).where(ItemReport.closed_at.is_not(None))
    rows = session.execute(query.order_by(ItemReport.closed_at.desc(), ItemReport.id).limit(SHOWN))
    return tuple(_report(session, row) for row in rows)


def of_item(session: Session, item_id: str, *, trainer: Actor) -> tuple[Report, ...]:
    """The open reports on one item, the longest waiting first."""
    query = _reports(trainer).where(ItemReport.item_id == item_id, ItemReport.closed_at.is_(None))
    rows = session.execute(query.order_by(ItemReport.reported_at, ItemReport.id).limit(SHOWN))
    return tuple(_report(session, row) for row in rows)


def find(session: Session, report_id: uuid.UUID, *, trainer: Actor) -> Report:
    """A report of the trainer's agency, else NotFound."""
    row = session.execute(_reports(trainer).where(ItemReport.id == report_id)).one_or_none()
    if row is None:
        raise NotFound
    return _report(session, row)


def close(
    session: Session, report_id: uuid.UUID, *, trainer: Actor, note: str, at: datetime
) -> None:
    """Close a report with what was found or done; a report is closed once."""
    report = session.scalar(
        select(ItemReport)
        .where(ItemReport.id == report_id, ItemReport.agency_id == trainer.agency_id)
        .with_for_update()
    )
    if report is None:
        raise NotFound
    if report.closed_at is not None:
        raise Refused("This report is closed already.")
    if not note or len(note) > LONGEST_NOTE:
        raise Invalid(
            "Say what you found or did, in 1 to %(most)s characters",
            field="note",
            most=f"{LONGEST_NOTE:,}",
        )
    report.closed_at, report.closed_by, report.closing_note = at, trainer.id, note
    audit.record(
        session,
        act=ACT,
        actor=trainer,
        at=at,
        report=str(report.id),
        item=report.item_id,
        note=note,
    )


def _reports(trainer: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ItemReport.id,
            ItemReport.item_id,
            ItemReport.kind,
            ItemReport.text,
            ItemReport.reported_at,
            ItemReport.closed_at,
            ItemReport.closing_note,
            User.name.label("closed_by"),
            Serving.item_revision_id,
            Serving.module_id,
            Module.revision_id,
        )
        .join(Serving, Serving.id == ItemReport.serving_id)
        .join(Module, Module.id == Serving.module_id)
        .outerjoin(
            User, (User.id == ItemReport.closed_by) & (User.agency_id == ItemReport.agency_id)
        )
        .where(ItemReport.agency_id == trainer.agency_id)
    )


def _report(session: Session, row: Row[*tuple[Any, ...]]) -> Report:
    syllabus = shelf.syllabus(session, row.revision_id)
    entry = syllabus.items.get(row.item_id)
    return Report(
        id=row.id,
        item_id=row.item_id,
        title=shelf.document(session, row.item_revision_id).title,
        module_slug=syllabus.slug,
        module_title=syllabus.title,
        language=syllabus.language,
        kind=row.kind,
        text=row.text,
        reported_at=row.reported_at,
        changed_since=entry is not None and entry.revision_id != row.item_revision_id,
        in_use=entry is not None,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        closing_note=row.closing_note,
    )
