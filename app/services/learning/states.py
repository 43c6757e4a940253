"""Between the mastery rows of the database and the skill states of the engine."""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.models import Mastery
from app.ready import Ready
from app.services.learning.learner import Learner
from engine import FRESH, SkillState, Step, Trace

EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
MICROSECOND = timedelta(microseconds=1)

_READ = Ready(
    select(Mastery.skill_id, Mastery.mastery, Mastery.answers, Mastery.record).where(
        Mastery.learner_id == bindparam("learner_id")
    )
)
_INSERT = Ready(insert(Mastery))
_UPDATE = Ready(
    update(Mastery)
    .where(Mastery.learner_id == bindparam("of_learner"), Mastery.skill_id == bindparam("of_skill"))
    .values(
        mastery=bindparam("new_mastery"),
        answers=bindparam("new_answers"),
        standing=bindparam("new_standing"),
        record=bindparam("new_record"),
        last_sequence=bindparam("new_sequence"),
    )
)


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970: exact, where a float of seconds may not be."""
    return whole_microseconds(at - EPOCH)


def whole_microseconds(span: timedelta) -> int:
    """The span as a number; three times as fast as dividing it, and a replay asks a million."""
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def seconds(at: datetime) -> float:
    """The time as the engine takes it: seconds since 1970."""
    return microseconds(at) / 1e6


def read(session: Session, learner_id: uuid.UUID) -> dict[str, SkillState]:
    """The state of every skill the learner has answered on or read about."""
    rows = _READ.run(session, {"learner_id": learner_id})
    return {
        skill_id: SkillState.from_record(mastery, answers, json.loads(record))
        for skill_id, mastery, answers, record in rows
    }


def write(
    session: Session,
    steps: Iterable[Step],
    *,
    known: Mapping[str, SkillState],
    standings: Mapping[str, str],
    learner: Learner,
    sequence: int,
) -> None:
    """Store the states after a response; `known` are the states that were stored before it."""
    steps = tuple(steps)
    fresh = [step for step in steps if step.skill not in known]
    if fresh:
        _INSERT.run(
            session,
            [
                {
                    "learner_id": learner.id,
                    "skill_id": step.skill,
                    "agency_id": learner.agency_id,
                    "mastery": step.state.mastery,
                    "answers": step.state.answers,
                    "standing": standings[step.skill],
                    "record": dump(step.state),
                    "last_sequence": sequence,
                }
                for step in fresh
            ],
        )
    changed = [step for step in steps if step.skill in known]
    if changed:
        _UPDATE.run(
            session,
            [
                {
                    "of_learner": learner.id,
                    "of_skill": step.skill,
                    "new_mastery": step.state.mastery,
                    "new_answers": step.state.answers,
                    "new_standing": standings[step.skill],
                    "new_record": dump(step.state),
                    "new_sequence": sequence,
                }
                for step in changed
            ],
        )


def read_trace(text: str | None) -> Trace:
    """The learner's trace as stored."""
    return FRESH if text is None else Trace.from_record(json.loads(text))


def dump_trace(trace: Trace) -> str | None:
    """The trace as JSON text; None while no answer has moved it, as for learners of old."""
    return None if trace == FRESH else encode(trace.to_record())


def dump(state: SkillState) -> str:
    """The state beyond its columns as JSON text; floats come back bit for bit."""
    return encode(state.to_record())


# Compact JSON of a record. json.dumps makes an encoder at every call, and looks for circles.
encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
