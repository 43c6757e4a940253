"""A module's answers for notebooks, without names: an answer log in the format of the public ones.

Learners are numbered anew in each export, in the order of a keyed hash of their ids whose key is
thrown away: nobody can be looked up, or found again in the next export, by their number. What
somebody answered, and how far apart, may still be known to whoever sat beside them.
"""

import hmac
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Module, Response
from app.services import audit
from app.services.catalogue import shelf
from app.services.learning import regrades
from app.services.oversight.calibration.parts import HELD_OUT, TRAINED_ON, TUNED_ON, part_of
from engine import Outcome
from engine.exchange import LoggedAnswer, write_answers

ACT = "answers-exported"
# As in the public logs: fitted to 1 to 3, tuned on 4, judged on 5. Who is held out here is held
# out there too, so that parameters fitted in a notebook are judged on people they do not know.
FOLDS = {part: number for number, part in enumerate((*TRAINED_ON, TUNED_ON, HELD_OUT), start=1)}


@dataclass(frozen=True, slots=True)
class Exported:
    """How much was written."""

    learners: int
    answers: int


def export(session: Session, module: Module, to: TextIO, *, key: bytes, at: datetime) -> Exported:
    """Write everybody's answers in the module as they count now, and record that it was done.

    key: random, for this export alone; the caller keeps it nowhere.
    """
    learners = sorted(
        _learners(session, module), key=lambda it: hmac.digest(key, it.bytes, "sha256")
    )
    written = write_answers(_answers(session, module, learners), to)
    audit.record(
        session,
        act=ACT,
        actor=None,
        agency_id=module.agency_id,
        at=at,
        module=module.slug,
        learners=len(learners),
        responses=written,
    )
    return Exported(len(learners), written)


def _learners(session: Session, module: Module) -> list[uuid.UUID]:
    return list(
        session.scalars(
            select(Response.learner_id)
            .where(Response.module_id == module.id, Response.outcome != Outcome.READ.value)
            .distinct()
        )
    )


def _answers(session: Session, module: Module, learners: list[uuid.UUID]) -> Iterator[LoggedAnswer]:
    corrected = regrades.corrected(session)
    for number, learner_id in enumerate(learners, start=1):
        yield from _of_learner(
            session, module, learner_id, number=number, corrected=corrected.get(learner_id.hex, {})
        )


def _of_learner(
    session: Session,
    module: Module,
    learner_id: uuid.UUID,
    *,
    number: int,
    corrected: Mapping[int, str],
) -> Iterator[LoggedAnswer]:
    rows = session.execute(
        select(
            Response.sequence,
            Response.item_id,
            Response.outcome,
            Response.hints,
            Response.module_revision_id,
            Response.answered_at,
        )
        .where(
            Response.learner_id == learner_id,
            Response.module_id == module.id,
            Response.outcome != Outcome.READ.value,
        )
        .order_by(Response.sequence)
    ).all()
    seconds = 0
    for place, row in enumerate(rows):
        counts = corrected.get(row.sequence, row.outcome)
        seconds = max(seconds, int((row.answered_at - rows[0].answered_at).total_seconds()))
        curriculum = shelf.syllabus(session, row.module_revision_id).curriculum
        yield LoggedAnswer(
            learner=number,
            sequence=place,
            skills=curriculum.item(row.item_id).skills,
            item=row.item_id,
            correct=counts == Outcome.CORRECT.value and not row.hints,
            fold=FOLDS[part_of(learner_id)],
            seconds=seconds,
        )
