"""The answers of a module as the fit reads them: streamed from the log into flat arrays."""

import uuid
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models import Response
from app.services.catalogue import shelf
from app.services.learning import regrades, states
from app.services.oversight.calibration.parts import PARTS, part_of
from engine import Item, Outcome
from engine.model.answers import AnswerLog

ROWS_AT_ONCE = 5_000
Column = ColumnElement[Any] | InstrumentedAttribute[Any]
EVERYBODY = (uuid.UUID(int=0), uuid.UUID(int=2**128 - 1))


@dataclass(frozen=True, slots=True)
class Labels:
    """What the numbers of skills and items in the arrays stand for: their places here."""

    skills: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which answers of a module are read.

    between: ids of learners, both ends included.  folds: of the parts that learners belong to.
    until: when the last of them may have been given; None is any time.
    """

    module_id: str
    between: tuple[uuid.UUID, uuid.UUID] = EVERYBODY
    folds: tuple[int, ...] = tuple(range(PARTS))
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ModuleLog:
    """The answers of a module, and the labels of its arrays.

    learners: of each history, as 32 hex digits.  unaided: (n_answers,) whether without a hint.
    """

    log: AnswerLog
    labels: Labels
    learners: tuple[str, ...]
    unaided: np.ndarray[tuple[int], np.dtype[np.bool_]]


def label(session: Session, module_id: str, *, skills: Sequence[str]) -> Labels:
    """The labels of a module's answers. skills: every skill they may be about, in order."""
    items = session.scalars(
        answers_of(module_id, Response.item_id).distinct().order_by(Response.item_id)
    )
    return Labels(tuple(skills), tuple(items))


def answers_of(module_id: str, *columns: Column) -> Select[Any]:
    """What is asked of the answers of a module; a lesson that was read is none."""
    return select(*columns).where(
        Response.module_id == module_id, Response.outcome != Outcome.READ.value
    )


def read(session: Session, wanted: Wanted, labels: Labels) -> ModuleLog:
    """Some answers of a module by learner and in their order, as they count now."""
    gathered = _Gathered(labels)
    first, last = wanted.between
    corrected = regrades.corrected(session, between=wanted.between)
    query = (
        answers_of(
            wanted.module_id,
            Response.learner_id,
            Response.sequence,
            Response.item_id,
            Response.outcome,
            Response.hints,
            Response.module_revision_id,
            Response.answered_at,
        )
        .where(Response.learner_id >= first, Response.learner_id <= last)
        .order_by(Response.learner_id, Response.sequence)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    if wanted.until is not None:
        query = query.where(Response.answered_at <= wanted.until)
    for learner_id, own in groupby(session.execute(query), key=itemgetter(0)):
        if part_of(learner_id) not in wanted.folds:
            continue
        regraded = corrected.get(learner_id.hex, {})
        for _, sequence, item_id, outcome, hints, revision_id, answered_at in own:
            item = shelf.syllabus(session, revision_id).curriculum.item(item_id)
            right = regraded.get(sequence, outcome) == Outcome.CORRECT.value and not hints
            gathered.begin(learner_id)
            gathered.add(item, right=right, hints=hints, at=states.seconds(answered_at))
    return gathered.log()


class _Gathered:
    """Answers, one after another, on their way into arrays."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._skill_places, self._item_places = _places(labels.skills), _places(labels.items)
        self._learners: list[str] = []
        self._folds = array("i")
        self._starts, self._skill_starts = array("q"), array("q", [0])
        self._skills, self._item_of = array("i"), array("i")
        self._right, self._unaided = array("b"), array("b")
        self._seconds = array("d")
        self._guesses = np.full(len(labels.items), np.nan)

    def begin(self, learner_id: uuid.UUID) -> None:
        """The answers that follow are this learner's."""
        if self._learners and self._learners[-1] == learner_id.hex:
            return
        self._learners.append(learner_id.hex)
        self._folds.append(part_of(learner_id))
        self._starts.append(len(self._right))

    def add(self, item: Item, *, right: bool, hints: int, at: float) -> None:
        """One answer; never earlier than the one before it."""
        place = self._item_places[item.id]
        if item.guess is not None:
            self._guesses[place] = item.guess
        fresh = self._starts[-1] == len(self._right)
        self._seconds.append(at if fresh else max(at, self._seconds[-1]))
        self._skills.extend(self._skill_places[skill] for skill in item.skills)
        self._skill_starts.append(len(self._skills))
        self._item_of.append(place)
        self._right.append(right)
        self._unaided.append(not hints)

    def log(self) -> ModuleLog:
        """The arrays of all that was added."""
        starts = array("q", self._starts)
        starts.append(len(self._right))
        log = AnswerLog(
            starts=np.array(starts, dtype=np.int64),
            owners=np.arange(len(self._learners), dtype=np.int64),
            folds=np.array(self._folds, dtype=np.int32),
            skill_starts=np.array(self._skill_starts, dtype=np.int64),
            skills=np.array(self._skills, dtype=np.int32),
            items=np.array(self._item_of, dtype=np.int32),
            correct=np.array(self._right, dtype=bool),
            seconds=np.array(self._seconds, dtype=np.float64),
            n_skills=len(self._labels.skills),
            n_items=len(self._labels.items),
            guesses=self._guesses,
        )
        unaided = np.array(self._unaided, dtype=bool)
        return ModuleLog(log, self._labels, tuple(self._learners), unaided)


def _places(labels: Sequence[str]) -> Mapping[str, int]:
    return {name: place for place, name in enumerate(labels)}
