"""Regrades in a learner's log: from a point on, some earlier responses count otherwise.

Responses stay as they were given, and what each did to mastery then stays said. At its place in the
log a regrade folds everything before it once more with the corrected outcomes.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from app.models import ItemRevision, Regrade, RegradedLog, RegradeTold
from app.services.catalogue import shelf
from app.services.errors import NotFound
from app.services.learning.learner import Learner


@dataclass(frozen=True, slots=True)
class Regraded:
    """After this many responses these came to count so.

    number: its place among all that folds the log again.  standings: None while not yet said.
    """

    number: int
    after_sequence: int
    outcomes: Mapping[int, str]
    standings: Mapping[str, str] | None
    engine: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What a learner is told: an item of theirs had a wrong key."""

    regrade_id: uuid.UUID
    title: str
    reason: str
    regraded_at: datetime
    answers: int


_COLUMNS = (
    RegradedLog.number,
    RegradedLog.after_sequence,
    RegradedLog.outcomes,
    RegradedLog.standings,
    RegradedLog.engine,
)


def of_learner(
    session: Session, learner_id: uuid.UUID, *, serving: int | None = None
) -> list[Regraded]:
    """The regrades of a log, the latest first; with a serving those before it was chosen."""
    query = (
        select(*_COLUMNS)
        .where(RegradedLog.learner_id == learner_id)
        .order_by(RegradedLog.number.desc())
    )
    if serving is not None:
        query = query.where(RegradedLog.after_serving < serving)
    return [_regraded(*row) for row in session.execute(query)]


def of_all(
    session: Session, *, between: tuple[uuid.UUID, uuid.UUID] | None = None
) -> dict[object, list[Regraded]]:
    """The regrades of every log, the latest first, by learner id as the database keeps it.

    between: of these learners alone, both ends included.
    """
    query = select(type_coerce(RegradedLog.learner_id, Text), *_COLUMNS).order_by(
        RegradedLog.learner_id, RegradedLog.number.desc()
    )
    if between is not None:
        query = query.where(RegradedLog.learner_id.between(*between))
    rows = session.execute(query)
    return {
        learner_id: [_regraded(*row[1:]) for row in own]
        for learner_id, own in groupby(rows, key=itemgetter(0))
    }


def corrected(
    session: Session, *, between: tuple[uuid.UUID, uuid.UUID] | None = None
) -> dict[str, dict[int, str]]:
    """The outcomes that regrades changed, by learner as 32 hex digits and by response.

    between: of these learners alone, both ends included.
    """
    found: dict[str, dict[int, str]] = {}
    for learner_id, own in of_all(session, between=between).items():
        for regraded in reversed(own):
            found.setdefault(uuid.UUID(str(learner_id)).hex, {}).update(regraded.outcomes)
    return found


def untold(session: Session, *, learner: Learner) -> tuple[Notice, ...]:
    """The regrades this learner has not read of yet, the oldest first."""
    rows = session.execute(
        select(
            Regrade.id,
            Regrade.corrected_revision_id,
            Regrade.reason,
            Regrade.regraded_at,
            RegradedLog.outcomes,
        )
        .join(RegradedLog, RegradedLog.regrade_id == Regrade.id)
        .join(ItemRevision, ItemRevision.id == Regrade.corrected_revision_id)
        .outerjoin(
            RegradeTold,
            (RegradeTold.regrade_id == Regrade.id) & (RegradeTold.learner_id == learner.id),
        )
        .where(
            RegradedLog.learner_id == learner.id,
            RegradedLog.agency_id == learner.agency_id,
            RegradeTold.regrade_id.is_(None),
        )
        .order_by(Regrade.regraded_at, Regrade.id)
    )
    return tuple(
        Notice(
            regrade_id=row.id,
            title=shelf.document(session, row.corrected_revision_id).title,
            reason=row.reason,
            regraded_at=row.regraded_at,
            answers=len(json.loads(row.outcomes)),
        )
        for row in rows
    )


def note_told(session: Session, regrade_id: uuid.UUID, *, learner: Learner, at: datetime) -> None:
    """The learner has read it; reading it again changes nothing."""
    concerned = session.get(RegradedLog, (regrade_id, learner.id))
    if concerned is None or concerned.agency_id != learner.agency_id:
        raise NotFound
    if session.get(RegradeTold, (regrade_id, learner.id)) is None:
        session.add(
            RegradeTold(
                regrade_id=regrade_id,
                learner_id=learner.id,
                agency_id=learner.agency_id,
                told_at=at,
            )
        )


def _regraded(
    number: int, after_sequence: int, outcomes: str, standings: str, engine: str
) -> Regraded:
    return Regraded(
        number=number,
        after_sequence=after_sequence,
        outcomes={int(sequence): out for sequence, out in json.loads(outcomes).items()},
        standings=json.loads(standings),
        engine=engine,
    )
