"""The answers that a calibration is made of: in memory while they are few, in parts of the database
above that.

A part is read where it is worked on, again in every pass, so that memory does not grow with the
module. What is judged is then a sample: the first learners by id, and ids are drawn at random.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func
from sqlalchemy.orm import Session

from app.models import Response
from app.services.oversight.calibration.parts import TRAINED_ON, TUNED_ON, part_of
from app.services.oversight.calibration.patience import take_time
from app.services.oversight.calibration.reading import (
    EVERYBODY,
    ROWS_AT_ONCE,
    Labels,
    ModuleLog,
    Wanted,
    answers_of,
    label,
    read,
)
from engine.model.answers import AnswerLog
from engine.model.parts import PART_ANSWERS, cut_parts
from engine.model.spread import Part
from engine.streaming import AT_ONCE

MOST_IN_MEMORY = AT_ONCE * PART_ANSWERS
"""Answers that are read as a whole: a fit over parts keeps as many in memory anyway."""
SETTLED = timedelta(minutes=1)
"""Answers of the last minute are left out of parts: one of that age may still be uncommitted, and a
part must give the same answers each time."""
LEARNED_FROM = (TUNED_ON, *TRAINED_ON)


@dataclass(frozen=True, slots=True)
class DatabasePart:
    """The answers of some learners of a module, read from the database when they are asked for.

    open_session: gives a session that only reads; sent elsewhere, it opens the database there.
    """

    open_session: Callable[[], Session] = field(repr=False)
    wanted: Wanted
    labels: Labels

    def __call__(self) -> AnswerLog:
        """Return the answers."""
        with self.open_session() as session:
            take_time(session)
            return read(session, self.wanted, self.labels).log


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers of a module. sample: all of them, or those of the first learners by id.

    trained_on, learned_from: parts of the learners that are fitted to, without and with those on
    whom it is tuned.
    """

    learners: int
    answers: int
    sample: ModuleLog
    trained_on: Sequence[Part]
    learned_from: Sequence[Part]


def find_answers(
    open_session: Callable[[], Session],
    module_id: str,
    *,
    skills: Sequence[str],
    most: int = MOST_IN_MEMORY,
    part_answers: int = PART_ANSWERS,
) -> Answered:
    """The answers of a module, in memory if there are at most so many."""
    with open_session() as session:
        take_time(session)
        labels = label(session, module_id, skills=skills)
        count = session.scalar(answers_of(module_id, func.count())) or 0
        if count <= most:
            return _held(read(session, Wanted(module_id), labels), part_answers)
        latest = session.scalars(answers_of(module_id, func.max(Response.answered_at))).one()
        until = latest - SETTLED
        counted = _Counted(most, part_answers)
        for learner_id, answers in session.execute(
            answers_of(module_id, Response.learner_id, func.count())
            .where(Response.answered_at <= until)
            .group_by(Response.learner_id)
            .order_by(Response.learner_id)
            .execution_options(yield_per=ROWS_AT_ONCE)
        ):
            counted.add(learner_id, answers)
        sample = read(
            session, Wanted(module_id, (EVERYBODY[0], counted.sampled), until=until), labels
        )

    def parts(cut: _Cut) -> Sequence[Part]:
        return [
            DatabasePart(open_session, Wanted(module_id, between, cut.folds, until), labels)
            for between in cut.between
        ]

    return Answered(
        counted.learners,
        counted.answers,
        sample,
        parts(counted.trained_on),
        parts(counted.learned_from),
    )


def _held(whole: ModuleLog, part_answers: int) -> Answered:
    trained_on, learned_from = (
        cut_parts(whole.log.in_folds(folds), answers=part_answers)
        for folds in (TRAINED_ON, LEARNED_FROM)
    )
    return Answered(whole.log.n_histories, whole.log.n_answers, whole, trained_on, learned_from)


@dataclass(slots=True)
class _Cut:
    """Learners of some folds cut into parts as `cut_parts` does it. between: their ids."""

    folds: tuple[int, ...]
    part_answers: int
    between: list[tuple[uuid.UUID, uuid.UUID]] = field(default_factory=list)
    _answers: int = 0
    _place: int = -1

    def add(self, learner_id: uuid.UUID, answers: int) -> None:
        place = self._answers // self.part_answers
        first = self.between.pop()[0] if place == self._place else learner_id
        self.between.append((first, learner_id))
        self._place = place
        self._answers += answers


@dataclass(slots=True)
class _Counted:
    """The first pass over a module, learner by learner: how much there is, and where to cut it."""

    most: int
    part_answers: int
    learners: int = 0
    answers: int = 0
    sampled: uuid.UUID = EVERYBODY[0]
    trained_on: _Cut = field(init=False)
    learned_from: _Cut = field(init=False)

    def __post_init__(self) -> None:
        self.trained_on = _Cut(TRAINED_ON, self.part_answers)
        self.learned_from = _Cut(LEARNED_FROM, self.part_answers)

    def add(self, learner_id: uuid.UUID, answers: int) -> None:
        self.learners += 1
        self.answers += answers
        if self.answers <= self.most:
            self.sampled = learner_id
        for cut in (self.trained_on, self.learned_from):
            if part_of(learner_id) in cut.folds:
                cut.add(learner_id, answers)
