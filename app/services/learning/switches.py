"""Switches in a learner's log: from a point on, its responses so far count under other parameters.

Responses and what each did to mastery then stay as they are. At its place in the log a switch folds
everything before it once more, the answers of its module under the new parameter set.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from app.models import ParameterSwitch, SwitchedLog


@dataclass(frozen=True, slots=True)
class Switched:
    """After this many responses those of the module came to count under this set.

    number: its place among all that folds the log again.  standings: None while not yet said.
    """

    number: int
    after_sequence: int
    module_id: str
    parameter_set_id: str
    standings: Mapping[str, str] | None
    engine: str


_COLUMNS = (
    SwitchedLog.number,
    SwitchedLog.after_sequence,
    ParameterSwitch.module_id,
    ParameterSwitch.parameter_set_id,
    SwitchedLog.standings,
    SwitchedLog.engine,
)


def of_learner(
    session: Session, learner_id: uuid.UUID, *, serving: int | None = None
) -> list[Switched]:
    """The switches of a log, the latest first; with a serving those before it was chosen."""
    query = (
        select(*_COLUMNS)
        .join(ParameterSwitch, ParameterSwitch.id == SwitchedLog.switch_id)
        .where(SwitchedLog.learner_id == learner_id)
        .order_by(SwitchedLog.number.desc())
    )
    if serving is not None:
        query = query.where(SwitchedLog.after_serving < serving)
    return [_switched(row) for row in session.execute(query)]


def of_all(session: Session) -> dict[object, list[Switched]]:
    """The switches of every log, the latest first, by learner id as the database keeps it."""
    rows = session.execute(
        select(type_coerce(SwitchedLog.learner_id, Text), *_COLUMNS)
        .join(ParameterSwitch, ParameterSwitch.id == SwitchedLog.switch_id)
        .order_by(SwitchedLog.learner_id, SwitchedLog.number.desc())
    )
    return {
        learner_id: [_switched(row[1:]) for row in own]
        for learner_id, own in groupby(rows, key=itemgetter(0))
    }


def _switched(row: Sequence[Any]) -> Switched:
    number, after_sequence, module_id, parameter_set_id, standings, engine = row
    said = json.loads(standings)
    return Switched(number, after_sequence, module_id, parameter_set_id, said, engine)
