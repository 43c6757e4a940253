"""Placements in a learner's log: from a point on, skills not met yet have the mastery they found.

What was found follows from the answers alone, so a replay works it out again.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Text, select, type_coerce
from sqlalchemy.orm import Session

from app.models import PlacedLog, Placement, PlacementAnswer
from app.services.catalogue import shelf
from engine import Outcome, SkillState, begin
from engine.placement import Placement as Found
from engine.placement import place, seed_states

Answers = tuple[tuple[str, Outcome], ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """After this many responses a placement ended.

    number: its place among all that changes the log's fold.  found: mastery by skill not met then.
    """

    number: int
    after_sequence: int
    module_revision_id: str
    parameter_set_id: str
    seed: int
    found: Mapping[str, float]
    engine: str
    answers: Answers

    def seeds(self, parameters: shelf.Parameters) -> dict[str, SkillState]:
        """The state of every skill that it found something about."""
        return seeds(self.found, parameters)


_COLUMNS = (
    PlacedLog.placement_id,
    PlacedLog.number,
    PlacedLog.after_sequence,
    Placement.module_revision_id,
    Placement.parameter_set_id,
    Placement.seed,
    PlacedLog.found,
    PlacedLog.engine,
)


def of_learner(
    session: Session, learner_id: uuid.UUID, *, serving: int | None = None
) -> list[Placed]:
    """The placements of a log, the latest first; with a serving those before it was chosen."""
    query = (
        select(*_COLUMNS)
        .join(Placement, Placement.id == PlacedLog.placement_id)
        .where(PlacedLog.learner_id == learner_id)
        .order_by(PlacedLog.number.desc())
    )
    if serving is not None:
        query = query.where(PlacedLog.after_serving < serving)
    return [_placed(row, answers_of(session, row[0])) for row in session.execute(query)]


def of_all(session: Session) -> dict[object, list[Placed]]:
    """The placements of every log, the latest first, by learner id as the database keeps it."""
    rows = session.execute(
        select(type_coerce(PlacedLog.learner_id, Text), *_COLUMNS)
        .join(Placement, Placement.id == PlacedLog.placement_id)
        .order_by(PlacedLog.learner_id, PlacedLog.number.desc())
    ).all()
    answers = _all_answers(session) if rows else {}
    return {
        learner_id: [_placed(row[1:], answers.get(row[1], ())) for row in own]
        for learner_id, own in groupby(rows, key=itemgetter(0))
    }


def answers_of(session: Session, placement_id: uuid.UUID) -> Answers:
    """The answers of a placement so far, in their order."""
    rows = session.execute(
        select(PlacementAnswer.item_id, PlacementAnswer.outcome)
        .where(PlacementAnswer.placement_id == placement_id)
        .order_by(PlacementAnswer.number)
    )
    return tuple((item_id, Outcome(outcome)) for item_id, outcome in rows)


def work_out(
    syllabus: shelf.Syllabus, parameters: shelf.Parameters, answers: Answers, *, seed: int
) -> Found:
    """Where these answers place a learner, and the next question."""
    return place(syllabus.curriculum, parameters, answers, seed=seed)


def seeded(
    found: Found, known: Mapping[str, SkillState], parameters: shelf.Parameters
) -> dict[str, float]:
    """The mastery that a placement gives to the skills not met yet; none without an answer."""
    if not found.asked:
        return {}
    states = seed_states(found, known, parameters)
    return {skill: state.mastery for skill, state in states.items()}


def seeds(found: Mapping[str, float], parameters: shelf.Parameters) -> dict[str, SkillState]:
    """States with the mastery found and nothing else: no answer, no evidence."""
    return {
        skill: begin(parameters[skill])._replace(mastery=mastery)
        for skill, mastery in found.items()
    }


def _all_answers(session: Session) -> dict[uuid.UUID, Answers]:
    rows = session.execute(
        select(
            PlacementAnswer.placement_id, PlacementAnswer.item_id, PlacementAnswer.outcome
        ).order_by(PlacementAnswer.placement_id, PlacementAnswer.number)
    )
    return {
        placement_id: tuple((item_id, Outcome(outcome)) for _, item_id, outcome in own)
        for placement_id, own in groupby(rows, key=itemgetter(0))
    }


def _placed(row: Row[*tuple[Any, ...]] | tuple[Any, ...], answers: Answers) -> Placed:
    _, number, after_sequence, revision_id, parameter_set_id, seed, found, engine = row
    kept = json.loads(found)
    return Placed(
        number, after_sequence, revision_id, parameter_set_id, seed, kept, engine, answers
    )
