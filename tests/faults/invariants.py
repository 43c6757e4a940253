"""What must hold after any fault, whatever was going on: I1 to I8 of the answer path, together."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Row, Select, func, select, text
from sqlalchemy.orm import Session, aliased

from app.db import Database
from app.models import LearnerState, ModuleState, Response, Serving
from app.services.learning.replay import replay


def check_invariants(database: Database, *, acknowledged: Iterable[uuid.UUID] = ()) -> int:
    """Assert every invariant of the record and return how many responses it holds."""
    with database.reader() as session:
        broken = list(_broken(session, set(acknowledged)))
        assert not broken, broken
        if database.path is not None:
            assert session.execute(text("PRAGMA quick_check")).scalar_one() == "ok"
        return count(session, Response)


def count(session: Session, table: type[Any]) -> int:
    return session.scalars(select(func.count()).select_from(table)).one()


def _broken(session: Session, acknowledged: set[uuid.UUID]) -> Iterator[str]:
    answered = session.scalars(select(Response.serving_id)).all()
    if lost := acknowledged - set(answered):
        yield f"I1: {len(lost)} acknowledged answers are lost"
    if len(answered) != len(set(answered)):
        yield "I2: a serving has two responses"
    yield from _sparse(session)
    if report := replay(session).differences:
        yield f"I4, I5, I8: {report}"
    yield from (f"I6: response of serving {row[0]}" for row in session.execute(_BEFORE_SERVED))
    yield from (f"a serving is neither open nor answered: {row}" for row in _stray(session))


def _sparse(session: Session) -> Iterator[str]:
    """I3: sequences run from 1 without a gap, up to what the learner's state says."""
    told = {
        row.learner_id: (row.sequence, row.servings)
        for row in session.execute(
            select(LearnerState.learner_id, LearnerState.sequence, LearnerState.servings)
        )
    }
    for name, place in ((Response, 0), (Serving, 1)):
        for learner, *found in session.execute(_sequences(name)):
            last = told[learner][place]
            if found != [last, 1, last]:
                yield f"I3: {name.__tablename__} {found}, state {last}"
    if sum(last for last, _ in told.values()) != count(session, Response):
        yield "I3: the states do not add up to the responses"


def _sequences(table: type[Response] | type[Serving]) -> Select[*tuple[Any, ...]]:
    number = table.sequence
    return select(
        table.learner_id, func.count(number), func.min(number), func.max(number)
    ).group_by(table.learner_id)


def _stray(session: Session) -> Iterator[Row[*tuple[Any, ...]]]:
    """No partial step: each serving is answered, or open, and nothing open is answered."""
    yield from session.execute(
        select(Serving.id, Response.sequence, ModuleState.open_serving_id)
        .outerjoin(Response, Response.serving_id == Serving.id)
        .outerjoin(ModuleState, ModuleState.open_serving_id == Serving.id)
        .where(Response.sequence.is_(None) == ModuleState.open_serving_id.is_(None))
    )


_earlier = aliased(Serving)
_BEFORE_SERVED = (
    select(Response.serving_id)
    .outerjoin(
        _earlier,
        (_earlier.id == Response.serving_id)
        & (_earlier.learner_id == Response.learner_id)
        & (_earlier.agency_id == Response.agency_id)
        & (_earlier.item_id == Response.item_id)
        & (_earlier.after_sequence < Response.sequence),
    )
    .where(_earlier.id.is_(None))
)
