"""Problems that learners report with an item."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ItemReport, Serving
from app.services.errors import Invalid, NotFound
from app.services.learning.learner import Learner

KINDS = ("wrong-answer", "unclear", "out-of-date", "cannot-use", "other")
LONGEST = 2000


def report(
    session: Session,
    serving_id: uuid.UUID,
    *,
    learner: Learner,
    kind: str,
    text: str,
    at: datetime,
) -> None:
    """Keep what a learner says is wrong with an item served to them."""
    item_id = session.scalar(
        select(Serving.item_id).where(
            Serving.id == serving_id,
            Serving.learner_id == learner.id,
            Serving.agency_id == learner.agency_id,
        )
    )
    if item_id is None:
        raise NotFound
    if kind not in KINDS:
        raise Invalid("Choose what is wrong", field="kind")
    session.add(
        ItemReport(
            id=uuid.uuid4(),
            agency_id=learner.agency_id,
            learner_id=learner.id,
            serving_id=serving_id,
            item_id=item_id,
            kind=kind,
            text=text[:LONGEST],
            reported_at=at,
            closed_at=None,
            closed_by=None,
            closing_note=None,
        )
    )
