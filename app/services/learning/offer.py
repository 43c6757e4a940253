"""Offering the next step: the engine recommends, the choice is kept with its reasons."""

import json
import logging
import math
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Float, bindparam, func, insert, update
from sqlalchemy.orm import Session

from app.models import ModuleStanding, ModuleState, Serving
from app.models.base import UTCDateTime
from app.ready import Ready
from app.services.catalogue import shelf
from app.services.learning import difficulties, sheet, states
from app.services.learning.learner import Learner
from engine import (
    Expectation,
    Item,
    ItemKind,
    Plan,
    Policy,
    Recommendation,
    Rule,
    SkillState,
    Standing,
    Trace,
    expect,
    fallback,
    predictor,
    recommend,
    remaining_minutes,
    skill_standing,
)

ENGINE = "4"
POLICY = Policy()
_STANDINGS = {each: each.value for each in Standing}  # asked after every answer of a replay
STANDINGS = {Rule.FINISHED: ModuleStanding.FINISHED, Rule.STUCK: ModuleStanding.STUCK}
NEVER = 1_000_000  # servings since a review that has not been
REVIEW_WINDOW = 3
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Log:
    """Where a learner's log stands: responses and servings so far, the last hash, the estimates."""

    sequence: int
    servings: int
    head: str
    trace: Trace


@dataclass(frozen=True, slots=True)
class Teaching:
    """What a learner's new servings of a module are made from."""

    module_id: str
    revision_id: str
    parameter_set_id: str
    since_review: int


@dataclass(frozen=True, slots=True)
class Offered:
    """The recommendation that was kept, and the learner's log after it."""

    recommendation: Recommendation
    serving_id: uuid.UUID | None
    log: Log


def open_module(session: Session, module_id: str, *, learner: Learner, at: datetime) -> None:
    """Put a learner at the start of a module."""
    session.execute(
        insert(ModuleState).values(
            learner_id=learner.id,
            module_id=module_id,
            agency_id=learner.agency_id,
            open_serving_id=None,
            standing=ModuleStanding.LEARNING.value,
            closing=None,
            minutes_left=0.0,
            since_review=NEVER,
            started_at=at,
            finished_at=None,
        )
    )


def next_step(
    session: Session,
    *,
    learner: Learner,
    teaching: Teaching,
    known: Mapping[str, SkillState],
    unparked: Mapping[str, int],
    log: Log,
    at: datetime,
) -> Offered:
    """Choose the next item, keep the serving with its reasons, and say where the module stands.

    unparked: the help the learner was given, as services.helps reads it.
    """
    syllabus = shelf.syllabus(session, teaching.revision_id)
    parameters = shelf.parameters(session, teaching.parameter_set_id)
    seed = secrets.randbits(63)
    choice = choose(
        syllabus,
        known,
        shelf.plan(session, teaching.parameter_set_id),
        log.trace,
        at=at,
        number=log.sequence + 1,
        seed=seed,
        since_review=teaching.since_review,
        unparked=unparked,
    )
    serving_id = None
    if choice.item is not None:
        serving_id = uuid.uuid4()
        log = replace(log, servings=log.servings + 1)
        plan = shelf.plan(session, teaching.parameter_set_id)
        item = syllabus.curriculum.item(choice.item)
        difficulty, expected = None, None
        if plan.terms is not None and item.kind is ItemKind.EXERCISE:
            difficulty = difficulties.read(session, item.id) + plan.shift(item.id)
            expected = expectation(plan, known, log.trace, item, difficulty=difficulty, at=at)
        _KEEP_SERVING.run(
            session,
            {
                "id": serving_id,
                "agency_id": learner.agency_id,
                "learner_id": learner.id,
                "sequence": log.servings,
                "module_id": teaching.module_id,
                "item_id": choice.item,
                "item_revision_id": syllabus.items[choice.item].revision_id,
                "module_revision_id": teaching.revision_id,
                "parameter_set_id": teaching.parameter_set_id,
                "policy": choice.policy,
                "engine": ENGINE,
                "after_sequence": log.sequence,
                "seed": seed,
                "rule": choice.reason.rule.value,
                "recommendation": states.encode(choice.to_record()),
                "predicted": None if expected is None else expected.predicted,
                "difficulty": difficulty,
                "expectation": None if expected is None else dump_expectation(expected),
                "part_order": sheet.draw_order(
                    shelf.document(session, syllabus.items[choice.item].revision_id), seed
                ),
                "served_at": at,
            },
        )
    closing = STANDINGS.get(choice.reason.rule, ModuleStanding.LEARNING)
    _KEEP_STANDING.run(
        session,
        {
            "of_learner": learner.id,
            "of_module": teaching.module_id,
            "new_open_serving_id": serving_id,
            "new_standing": closing.value,
            "new_closing": None if choice.item else choice.to_record(),
            "new_minutes_left": _minutes_left(syllabus, known, parameters),
            "new_since_review": _since_review(choice, teaching),
            "new_finished_at": at if closing is ModuleStanding.FINISHED else None,
        },
    )
    return Offered(recommendation=choice, serving_id=serving_id, log=log)


def expectation(
    plan: Plan,
    known: Mapping[str, SkillState],
    trace: Trace,
    item: Item,
    *,
    difficulty: float,
    at: datetime,
) -> Expectation | None:
    """What is expected of the answer; None where there is nothing to expect, or expecting fails."""
    try:
        return expect(plan, known, trace, item, difficulty=difficulty, at=states.seconds(at))
    except Exception:  # an explanation is not worth an answer
        LOG.exception("nothing expected of item %s", item.id)
        return None


def dump_expectation(expected: Expectation) -> str:
    """The expectation as JSON text; floats come back bit for bit."""
    return states.encode(expected.to_record())


def standing(
    syllabus: shelf.Syllabus,
    known: Mapping[str, SkillState],
    skill: str,
    *,
    unparked: Mapping[str, int],
) -> str:
    """How a learner stands in a skill just answered on or helped with, as stored with mastery."""
    found = skill_standing(syllabus.curriculum, known, skill, policy=POLICY, unparked=unparked)
    return _STANDINGS[found]


def _since_review(choice: Recommendation, teaching: Teaching) -> int:
    # Servings alone count: a look at a finished module leaves no trace in the log, and whoever
    # replays a decision must find the same number there.
    if choice.item is None:
        return teaching.since_review
    return 0 if choice.reason.rule is Rule.REVIEW else teaching.since_review + 1


def choose(
    syllabus: shelf.Syllabus,
    known: Mapping[str, SkillState],
    plan: Plan,
    trace: Trace,
    *,
    at: datetime,
    number: int,
    seed: int,
    since_review: int,
    unparked: Mapping[str, int],
) -> Recommendation:
    """The engine's recommendation; if it fails, a fixed order serves and the answer is kept."""
    try:
        choice = recommend(
            syllabus.curriculum,
            known,
            plan.skills,
            policy=POLICY,
            at=states.seconds(at),
            number=number,
            seed=seed,
            share_reviewed=1 / REVIEW_WINDOW if since_review < REVIEW_WINDOW else 0.0,
            unparked=unparked,
            expected=predictor(plan, known, trace, at=states.seconds(at)),
        )
        _check_servable(choice, syllabus)
    except Exception:  # whatever broke, an answer must not be lost for it
        LOG.exception("the recommender failed for module revision %s", syllabus.revision_id)
        return fallback(syllabus.curriculum, known, seed=seed)
    return choice


def _check_servable(choice: Recommendation, syllabus: shelf.Syllabus) -> None:
    """Raise ValueError unless the choice can be kept and shown: an item there is, plain numbers."""
    if choice.item is not None and choice.item not in syllabus.items:
        raise ValueError(f"no item {choice.item} in module revision {syllabus.revision_id}")
    if (choice.item is None) is not (choice.reason.rule in STANDINGS):
        raise ValueError(f"rule {choice.reason.rule} with item {choice.item}")
    _check_plain(choice.to_record())


_check_plain = json.JSONEncoder(allow_nan=False).encode


def _minutes_left(
    syllabus: shelf.Syllabus, known: Mapping[str, SkillState], parameters: shelf.Parameters
) -> float | None:
    """The engine's estimate; None when it fails: then what was stored stays."""
    try:
        minutes = remaining_minutes(syllabus.curriculum, known, parameters, POLICY)
    except Exception:  # an estimate is not worth an answer
        LOG.exception("no minutes left for module revision %s", syllabus.revision_id)
        return None
    return minutes if math.isfinite(minutes) else None


_KEEP_SERVING = Ready(insert(Serving))
_KEEP_STANDING = Ready(
    update(ModuleState)
    .where(
        ModuleState.learner_id == bindparam("of_learner"),
        ModuleState.module_id == bindparam("of_module"),
    )
    .values(
        open_serving_id=bindparam("new_open_serving_id"),
        standing=bindparam("new_standing"),
        closing=bindparam("new_closing"),
        minutes_left=func.coalesce(
            bindparam("new_minutes_left", type_=Float()), ModuleState.minutes_left
        ),
        since_review=bindparam("new_since_review"),
        # The first time counts: a later review does not take a completion back.
        finished_at=func.coalesce(
            ModuleState.finished_at, bindparam("new_finished_at", type_=UTCDateTime())
        ),
    )
)
