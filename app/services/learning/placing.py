"""Placement: a few questions before a module begins, so that nobody sits through what they know.

Optional, and to be stopped at any question. Its answers are no evidence and no responses: they
seed mastery, and say which skills may be skipped.
"""

import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.authoring import Exercise, Lesson, in_language
from app.models import (
    LearnerState,
    Mastery,
    Module,
    ModuleState,
    PlacedLog,
    Placement,
    PlacementAnswer,
)
from app.services.catalogue import shelf
from app.services.errors import NotFound, Refused
from app.services.learning import enrolment, offer, placements, practice, refolds, sheet, states
from app.services.learning.learner import Learner
from app.services.learning.placement_results import Result, result
from app.services.learning.practice import Submission
from engine import SkillState
from engine.placement import MOST_QUESTIONS
from engine.placement import Placement as Found

SEEDS = 2**63


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a placement as the learner sees it."""

    number: int
    most: int
    title: str
    language: str
    sheet: sheet.Sheet


@dataclass(frozen=True, slots=True)
class Shown:
    """A placement under way, with its question, or ended, with its result."""

    module_id: str
    slug: str
    title: str
    language: str
    question: Question | None
    result: Result | None


@dataclass(frozen=True, slots=True)
class _Served:
    """What laying out a question needs: an order and tokens of its own."""

    seed: int
    part_order: str


def is_offered(session: Session, module_id: str, *, learner: Learner) -> bool:
    """Whether the learner may still be placed: before the module begins, and once."""
    return (
        session.get(ModuleState, (learner.id, module_id)) is None
        and _ended(session, module_id, learner) is None
    )


def begin_placement(session: Session, module_id: str, *, learner: Learner, at: datetime) -> None:
    """Begin, or go on with what was begun."""
    enrolment.check_may_learn(session, module_id, learner=learner)
    practice.lock_or_create(session, learner)
    if _of(session, module_id, learner) is not None:
        return
    if session.get(ModuleState, (learner.id, module_id)) is not None:
        raise Refused("You have begun this module already. Go on where you are.")
    module = session.get_one(Module, module_id)
    session.add(
        Placement(
            id=uuid.uuid4(),
            agency_id=learner.agency_id,
            learner_id=learner.id,
            module_id=module_id,
            module_revision_id=module.revision_id,
            parameter_set_id=module.parameter_set_id,
            seed=secrets.randbits(63),
            begun_at=at,
        )
    )
    session.flush()


def answer(
    session: Session,
    module_id: str,
    *,
    number: int,
    learner: Learner,
    submission: Submission,
    at: datetime,
) -> None:
    """Keep the answer to this question; the last one ends the placement. A repeat is one answer."""
    placement, answers = _open(session, module_id, learner)
    if placement is None or number != len(answers) + 1:
        return
    item = _work_out(session, placement, answers).item
    if item is not None:
        syllabus = shelf.syllabus(session, placement.module_revision_id)
        entry = syllabus.items[item.id]
        document = shelf.document(session, entry.revision_id)
        served = _served(placement, document, number)
        given, outcome = practice.grade(document, served, submission)
        session.add(
            PlacementAnswer(
                placement_id=placement.id,
                number=number,
                item_id=item.id,
                item_revision_id=entry.revision_id,
                outcome=outcome.value,
                choice=given,
                answered_at=at,
            )
        )
        answers = (*answers, (item.id, outcome))
    found = _work_out(session, placement, answers)
    if found.item is None:
        _end(session, placement, found, learner=learner, at=at)


def stop(session: Session, module_id: str, *, learner: Learner, at: datetime) -> None:
    """End it here; what the answers so far tell is kept."""
    placement, answers = _open(session, module_id, learner)
    if placement is not None:
        _end(session, placement, _work_out(session, placement, answers), learner=learner, at=at)


def show(session: Session, module_id: str, *, learner: Learner) -> Shown:
    """The learner's placement in this module; NotFound where there is none."""
    placement = _of(session, module_id, learner)
    if placement is None:
        raise NotFound
    original = shelf.syllabus(session, placement.module_revision_id)
    syllabus = original.read_in(learner.language)
    ended = session.get(PlacedLog, placement.id)
    answers = placements.answers_of(session, placement.id)
    return Shown(
        module_id=module_id,
        slug=syllabus.slug,
        title=syllabus.title,
        language=syllabus.language,
        question=None if ended else _question(session, placement, answers, learner),
        result=result(session, placement, ended, syllabus, asked=len(answers)) if ended else None,
    )


def _question(
    session: Session, placement: Placement, answers: placements.Answers, learner: Learner
) -> Question | None:
    item = _work_out(session, placement, answers).item
    if item is None:
        return None
    original = shelf.syllabus(session, placement.module_revision_id)
    written = shelf.document(session, original.items[item.id].revision_id)
    document = in_language(written, learner.language)
    if not isinstance(document, Exercise):
        return None
    number = len(answers) + 1
    return Question(
        number=number,
        most=MOST_QUESTIONS,
        title=document.title,
        language=original.language if document is written else learner.language or "",
        sheet=sheet.lay_out(document, _served(placement, written, number)),
    )


def _end(
    session: Session, placement: Placement, found: Found, *, learner: Learner, at: datetime
) -> None:
    log = session.get_one(LearnerState, learner.id)
    parameters = shelf.parameters(session, placement.parameter_set_id)
    known = states.read(session, learner.id)
    seeded = placements.seeded(found, known, parameters)
    session.add(
        PlacedLog(
            placement_id=placement.id,
            learner_id=learner.id,
            agency_id=learner.agency_id,
            number=refolds.next_number(session, learner.id),
            found=json.dumps(seeded, separators=(",", ":")),
            engine=offer.ENGINE,
            after_sequence=log.sequence,
            after_serving=log.servings,
            ended_at=at,
        )
    )
    seeds = placements.seeds(seeded, parameters)
    if seeds:
        syllabus = shelf.syllabus(session, placement.module_revision_id)
        rows = _rows(syllabus, known | seeds, tuple(seeds), learner, sequence=log.sequence)
        session.execute(insert(Mastery), rows)


def _rows(
    syllabus: shelf.Syllabus,
    known: dict[str, SkillState],
    seeded: Sequence[str],
    learner: Learner,
    *,
    sequence: int,
) -> list[dict[str, object]]:
    return [
        {
            "learner_id": learner.id,
            "skill_id": skill,
            "agency_id": learner.agency_id,
            "mastery": known[skill].mastery,
            "answers": known[skill].answers,
            "standing": offer.standing(syllabus, known, skill, unparked={}),
            "record": states.dump(known[skill]),
            "last_sequence": sequence,
        }
        for skill in seeded
    ]


def _served(placement: Placement, document: Exercise | Lesson, number: int) -> _Served:
    seed = (placement.seed + number) % SEEDS
    return _Served(seed, sheet.draw_order(document, seed))


def _work_out(session: Session, placement: Placement, answers: placements.Answers) -> Found:
    return placements.work_out(
        shelf.syllabus(session, placement.module_revision_id),
        shelf.parameters(session, placement.parameter_set_id),
        answers,
        seed=placement.seed,
    )


def _open(
    session: Session, module_id: str, learner: Learner
) -> tuple[Placement | None, placements.Answers]:
    """The learner's placement in the module with its answers, locked; None once it has ended."""
    practice.lock_or_create(session, learner)
    placement = _of(session, module_id, learner)
    if placement is None:
        raise NotFound
    if session.get(PlacedLog, placement.id) is not None:
        return None, ()
    return placement, placements.answers_of(session, placement.id)


def _of(session: Session, module_id: str, learner: Learner) -> Placement | None:
    return session.scalars(
        select(Placement).where(
            Placement.learner_id == learner.id,
            Placement.agency_id == learner.agency_id,
            Placement.module_id == module_id,
        )
    ).one_or_none()


def _ended(session: Session, module_id: str, learner: Learner) -> PlacedLog | None:
    placement = _of(session, module_id, learner)
    return None if placement is None else session.get(PlacedLog, placement.id)
