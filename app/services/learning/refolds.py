"""What changes a learner's log at a place in it: regrades, switches and placements, in order.

The first two fold the log once more; a placement gives skills not met yet their mastery.
"""

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import PlacedLog, RegradedLog, SwitchedLog
from app.services.learning import placements, regrades, switches
from app.services.learning.placements import Placed
from app.services.learning.regrades import Regraded
from app.services.learning.switches import Switched

Refold = Regraded | Switched | Placed


def of_learner(
    session: Session, learner_id: uuid.UUID, *, serving: int | None = None
) -> list[Refold]:
    """The refolds of a log, the latest first; with a serving those before it was chosen."""
    return _merged(
        regrades.of_learner(session, learner_id, serving=serving),
        switches.of_learner(session, learner_id, serving=serving),
        placements.of_learner(session, learner_id, serving=serving),
    )


def of_all(session: Session) -> dict[object, list[Refold]]:
    """The refolds of every log, the latest first, by learner id as the database keeps it."""
    regraded, switched = regrades.of_all(session), switches.of_all(session)
    placed = placements.of_all(session)
    return {
        learner_id: _merged(
            regraded.get(learner_id, []), switched.get(learner_id, []), placed.get(learner_id, [])
        )
        for learner_id in regraded | switched | placed
    }


def next_number(session: Session, learner_id: uuid.UUID) -> int:
    """The number of the next refold of this log; ask while the log is locked."""
    counts = [
        session.scalar(
            select(func.count()).select_from(table).where(table.learner_id == learner_id)
        )
        or 0
        for table in (RegradedLog, SwitchedLog, PlacedLog)
    ]
    return sum(counts) + 1


def _merged(
    regraded: list[Regraded], switched: list[Switched], placed: list[Placed]
) -> list[Refold]:
    return sorted([*regraded, *switched, *placed], key=lambda refold: -refold.number)
