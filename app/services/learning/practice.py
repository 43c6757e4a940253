"""The heart: one answer, one transaction.

Everything that changes a learner's log locks their LearnerState row first, so two tabs, two workers
or a second click can never interleave. A repeated answer returns the stored outcome.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from app.authoring import Exercise, Lesson, UnreadableAnswer
from app.models import (
    HintTaken,
    LearnerState,
    Module,
    ModuleState,
    Response,
    Serving,
    SkillHelp,
)
from app.ready import Ready, Row
from app.services.catalogue import shelf
from app.services.errors import Invalid, NotFound, Refused
from app.services.learning import (
    chain,
    difficulties,
    enrolment,
    helps,
    offer,
    outcome,
    sheet,
    states,
)
from app.services.learning.learner import Learner
from app.services.learning.offer import ENGINE, Log, Teaching
from app.services.learning.outcome import Answered
from engine import FRESH, Answer, Outcome, fold

CONFIDENCES = ("guess", "unsure", "sure")


@dataclass(frozen=True, slots=True)
class Submission:
    """A submitted practice form, as it came."""

    fields: sheet.Fields
    dont_know: bool = False
    confidence: str | None = None


_LOCK = Ready(
    select(LearnerState.sequence, LearnerState.servings, LearnerState.head, LearnerState.trace)
    .where(LearnerState.learner_id == bindparam("learner_id"))
    .with_for_update()
)
_SERVED = Ready(
    select(
        Serving.id,
        Serving.learner_id,
        Serving.module_id,
        Serving.item_id,
        Serving.item_revision_id,
        Serving.module_revision_id,
        Serving.parameter_set_id,
        Serving.seed,
        Serving.part_order,
        Serving.difficulty,
        Serving.expectation,
        Serving.served_at,
        Response.sequence.label("answered_as"),
        Module.revision_id.label("current_revision_id"),
        Module.parameter_set_id.label("current_parameter_set_id"),
        select(func.count())
        .where(HintTaken.serving_id == Serving.id)
        .scalar_subquery()
        .label("hints"),
        select(func.count())
        .where(SkillHelp.learner_id == Serving.learner_id)
        .scalar_subquery()
        .label("helped"),
        ModuleState.open_serving_id,
        ModuleState.since_review,
    )
    .join(Module, Module.id == Serving.module_id)
    .join(
        ModuleState,
        (ModuleState.learner_id == Serving.learner_id)
        & (ModuleState.module_id == Serving.module_id),
    )
    .outerjoin(Response, Response.serving_id == Serving.id)
    .where(
        Serving.id == bindparam("serving_id"),
        Serving.learner_id == bindparam("learner_id"),
        Serving.agency_id == bindparam("agency_id"),
    )
)


def begin(session: Session, module_id: str, *, learner: Learner, at: datetime) -> None:
    """Open the module at its next step; where a step is open already, nothing changes.

    Also the way on after a rest: a finished or stuck module is looked at again, since review may
    have fallen due or content may have come.
    """
    enrolment.check_may_learn(session, module_id, learner=learner)
    log = lock_or_create(session, learner)
    standing = session.get(ModuleState, (learner.id, module_id))
    if standing is not None and standing.open_serving_id is not None:
        return
    if standing is None:
        offer.open_module(session, module_id, learner=learner, at=at)
    module = session.get_one(Module, module_id)
    since_review = offer.NEVER if standing is None else standing.since_review
    log = offer.next_step(
        session,
        learner=learner,
        teaching=Teaching(module_id, module.revision_id, module.parameter_set_id, since_review),
        known=states.read(session, learner.id),
        unparked=helps.unparked(session, learner.id),
        log=log,
        at=at,
    ).log
    _keep(session, learner, log)


def answer(
    session: Session,
    serving_id: uuid.UUID,
    *,
    learner: Learner,
    submission: Submission,
    at: datetime,
) -> Answered:
    """Grade the answer, move mastery, keep the response and offer the next step.

    A serving that is somebody else's is NotFound, exactly as an absent one. An answer that cannot
    be read is Invalid and writes nothing.
    """
    log = _lock(session, learner)
    served = _served(session, serving_id, learner)
    if log is None or served is None:
        raise NotFound
    if served.answered_as is not None:
        return outcome.of_serving(session, serving_id, learner=learner)
    if served.open_serving_id != serving_id:
        raise Refused("This question is no longer open. Continue with the current one.")
    document = shelf.document(session, served.item_revision_id)
    given, result = grade(document, served, submission)
    syllabus = shelf.syllabus(session, served.module_revision_id)
    known = states.read(session, learner.id)
    unparked = helps.unparked(session, learner.id) if served.helped else {}
    plan = shelf.plan(session, served.parameter_set_id)
    difficulty = served.difficulty or 0.0
    folded = fold(
        plan,
        known,
        log.trace,
        Answer(
            number=log.sequence + 1,
            item=syllabus.curriculum.item(served.item_id),
            outcome=result,
            hints=served.hints,
            at=states.seconds(at),
        ),
        difficulty=difficulty,
    )
    steps = folded.steps
    weighing = None
    if plan.terms is not None and folded.predicted is not None:
        rested_on = difficulties.move(
            session, served.item_id, terms=plan.terms, surprise=folded.surprise
        )
        weighing = outcome.dump_weighing(folded.predicted, difficulty, rested_on)
    known_after = known | {step.skill: step.state for step in steps}
    standings = {
        step.skill: offer.standing(syllabus, known_after, step.skill, unparked=unparked)
        for step in steps
    }
    response = {
        "serving_id": served.id,
        "learner_id": learner.id,
        "sequence": log.sequence + 1,
        "item_id": served.item_id,
        "outcome": result.value,
        "choice": given,
        "confidence": submission.confidence if submission.confidence in CONFIDENCES else None,
        "hints": served.hints,
        "steps": outcome.dump_steps(steps, standings),
        "weighing": weighing,
        "parameter_set_id": served.parameter_set_id,
        "module_revision_id": served.module_revision_id,
        "engine": ENGINE,
        "answered_at": at,
    }
    head = chain.link(log.head, response)
    _KEEP_RESPONSE.run(
        session,
        response
        | {
            "agency_id": learner.agency_id,
            "module_id": served.module_id,
            "previous": log.head,
            "hash": head,
        },
    )
    states.write(
        session,
        steps,
        known=known,
        standings=standings,
        learner=learner,
        sequence=log.sequence + 1,
    )
    offered = offer.next_step(
        session,
        learner=learner,
        teaching=Teaching(
            served.module_id,
            served.current_revision_id,
            served.current_parameter_set_id,
            served.since_review,
        ),
        known=known_after,
        unparked=unparked,
        log=Log(log.sequence + 1, log.servings, head, folded.trace),
        at=at,
    )
    _keep(session, learner, offered.log)
    return outcome.assemble(
        document,
        served,
        response,
        syllabus,
        plan,
        language=learner.language,
        following=offered.recommendation,
    )


def take_hint(
    session: Session, serving_id: uuid.UUID, *, number: int, learner: Learner, at: datetime
) -> None:
    """Open hint `number` of an open serving, the next one; one already open changes nothing."""
    _lock(session, learner)
    served = _served(session, serving_id, learner)
    if served is None:
        raise NotFound
    if served.answered_as is not None:
        raise Refused("You have already answered this question.")
    document = shelf.document(session, served.item_revision_id)
    hints = len(document.hints) if isinstance(document, Exercise) else 0
    if number != served.hints + 1 or number > hints:
        return
    session.execute(
        insert(HintTaken).values(
            serving_id=serving_id,
            number=number,
            learner_id=learner.id,
            agency_id=learner.agency_id,
            taken_at=at,
        )
    )


_KEEP_RESPONSE = Ready(insert(Response))
_KEEP_LOG = Ready(
    update(LearnerState)
    .where(LearnerState.learner_id == bindparam("of_learner"))
    .values(
        sequence=bindparam("new_sequence"),
        servings=bindparam("new_servings"),
        head=bindparam("new_head"),
        trace=bindparam("new_trace"),
    )
)


def _keep(session: Session, learner: Learner, log: Log) -> None:
    _KEEP_LOG.run(
        session,
        {
            "of_learner": learner.id,
            "new_sequence": log.sequence,
            "new_servings": log.servings,
            "new_head": log.head,
            "new_trace": states.dump_trace(log.trace),
        },
    )


def _lock(session: Session, learner: Learner) -> Log | None:
    row = _LOCK.one(session, {"learner_id": learner.id})
    if row is None:
        return None
    return Log(row.sequence, row.servings, row.head, states.read_trace(row.trace))


def lock_or_create(session: Session, learner: Learner) -> Log:
    """Lock the learner's log; where there is none yet, it begins here."""
    log = _lock(session, learner)
    if log is not None:
        return log
    log = Log(sequence=0, servings=0, head=chain.GENESIS, trace=FRESH)
    session.add(
        LearnerState(
            learner_id=learner.id,
            agency_id=learner.agency_id,
            sequence=log.sequence,
            servings=log.servings,
            head=log.head,
            trace=None,
        )
    )
    session.flush()
    return log


def _served(session: Session, serving_id: uuid.UUID, learner: Learner) -> Row | None:
    return _SERVED.one(
        session,
        {"serving_id": serving_id, "learner_id": learner.id, "agency_id": learner.agency_id},
    )


def grade(
    document: Exercise | Lesson, served: sheet.Served, submission: Submission
) -> tuple[str, Outcome]:
    """What was given, as stored, and how it counts. Invalid where it cannot be read."""
    if isinstance(document, Lesson):
        return "{}", Outcome.READ
    if submission.dont_know:
        return '{"dont_know":true}', Outcome.DONT_KNOW
    try:
        given = sheet.read_answer(document, served, submission.fields)
        graded = document.grade(given)
    except UnreadableAnswer as error:
        raise Invalid(error.sentence, field="answer", unit=error.unit) from error
    stored = sorted(given) if isinstance(given, frozenset) else given
    kept = json.dumps({"answer": stored}, ensure_ascii=False, separators=(",", ":"))
    return kept, Outcome.CORRECT if graded.correct else Outcome.WRONG
