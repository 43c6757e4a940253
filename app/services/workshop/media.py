"""The pictures of an agency: kept under the digest of their content, seen by its people only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Media
from app.services import audit
from app.services.audit import Actor
from app.services.errors import NotFound, Refused
from app.services.workshop.images import harmless

MOST_PICTURES = 2_000
SHOWN = 60


class Reader(Protocol):
    """Whoever looks: a signed-in person."""

    @property
    def agency_id(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class PictureLine:
    name: str
    width: int
    height: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    content_type: str
    content: bytes


def add(session: Session, content: bytes, *, trainer: Actor, at: datetime) -> str:
    """Keep a picture and return the name a text refers to it by; the same picture is kept once."""
    picture = harmless(content)
    if session.get(Media, (trainer.agency_id, picture.name)) is not None:
        return picture.name
    count = session.scalar(select(func.count()).where(Media.agency_id == trainer.agency_id))
    if (count or 0) >= MOST_PICTURES:
        raise Refused("Your agency keeps %(most)d pictures at most.", most=MOST_PICTURES)
    session.add(
        Media(
            agency_id=trainer.agency_id,
            name=picture.name,
            content_type=picture.content_type,
            content=picture.content,
            width=picture.width,
            height=picture.height,
            added_by=trainer.id,
            added_at=at,
        )
    )
    session.flush()
    audit.record(session, act="picture-added", actor=trainer, at=at, name=picture.name)
    return picture.name


def find(session: Session, name: str, *, reader: Reader) -> Stored:
    """A picture of the reader's agency, else NotFound."""
    row = session.execute(
        select(Media.content_type, Media.content).where(
            Media.agency_id == reader.agency_id, Media.name == name
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Stored(row.content_type, row.content)


def latest(session: Session, *, trainer: Actor) -> tuple[PictureLine, ...]:
    """The agency's pictures, the latest first, at most SHOWN."""
    rows = session.execute(
        select(Media.name, Media.width, Media.height, Media.added_at)
        .where(Media.agency_id == trainer.agency_id)
        .order_by(Media.added_at.desc(), Media.name)
        .limit(SHOWN)
    )
    return tuple(PictureLine(*row) for row in rows)
