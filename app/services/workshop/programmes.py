"""The programmes an agency puts its own modules into."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Programme, ProgrammeModule
from app.services import audit
from app.services.audit import Actor
from app.services.errors import Invalid, NotFound
from app.services.workshop.naming import new_id, new_suffix, slug_of

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    id: str
    title: str


def own(session: Session, *, trainer: Actor) -> tuple[ProgrammeLine, ...]:
    """The agency's own programmes by title."""
    rows = session.execute(
        select(Programme.id, Programme.title)
        .where(Programme.agency_id == trainer.agency_id)
        .order_by(Programme.title, Programme.id)
    )
    return tuple(ProgrammeLine(*row) for row in rows)


def check_own(session: Session, programme_id: str, *, trainer: Actor) -> None:
    """Raise NotFound unless the programme is the agency's own."""
    if programme_id not in {line.id for line in own(session, trainer=trainer)}:
        raise NotFound


def create(session: Session, title: str, *, trainer: Actor, at: datetime) -> str:
    """A new programme of the agency, without modules yet; its id."""
    title = title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(
            "Give the programme a title of 1 to %(most)d characters",
            field="new_programme",
            most=LONGEST_TITLE,
        )
    # The drawn suffix keeps it apart from what Cairn ships, now and later.
    slug = f"{slug_of(title, taken=(), otherwise='programme')}-{new_suffix()}"
    programme = Programme(
        id=new_id(),
        agency_id=trainer.agency_id,
        slug=slug,
        title=title,
        summary="",
        status="active",
    )
    session.add(programme)
    session.flush()
    audit.record(session, act="programme-created", actor=trainer, at=at, name=title)
    return programme.id


def include(session: Session, programme_id: str, module_id: str) -> None:
    """Put a published module at the end of a programme, unless it is in it."""
    there = session.get(ProgrammeModule, (programme_id, module_id))
    if there is not None:
        return
    last = session.scalar(
        select(func.max(ProgrammeModule.position)).where(
            ProgrammeModule.programme_id == programme_id
        )
    )
    position = 0 if last is None else last + 1
    session.add(ProgrammeModule(programme_id=programme_id, module_id=module_id, position=position))
