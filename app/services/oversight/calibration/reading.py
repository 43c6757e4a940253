"""The answers of a module as the fit reads them: streamed from the log into flat arrays."""

import uuid
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Module, Response
from app.services.catalogue import shelf
from app.services.learning import regrades, states
from app.services.oversight.calibration.parts import part_of
from engine import Outcome
from engine.model.answers import AnswerLog

ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class ModuleLog:
    """The answers of a module, and the labels of its arrays.

    learners: of each history, as 32 hex digits.  unaided: (n_answers,) whether without a hint.
    """

    log: AnswerLog
    skills: tuple[str, ...]
    items: tuple[str, ...]
    learners: tuple[str, ...]
    unaided: np.ndarray[tuple[int], np.dtype[np.bool_]]


def read(session: Session, module: Module, *, skills: Sequence[str]) -> ModuleLog:
    """Everybody's answers in the module, as they count now. skills: the labels, in their order."""
    gathered = _Gathered({skill: place for place, skill in enumerate(skills)})
    corrected = regrades.corrected(session)
    rows = session.execute(
        select(
            Response.learner_id,
            Response.sequence,
            Response.item_id,
            Response.outcome,
            Response.hints,
            Response.module_revision_id,
            Response.answered_at,
        )
        .where(Response.module_id == module.id, Response.outcome != Outcome.READ.value)
        .order_by(Response.learner_id, Response.sequence)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for learner_id, sequence, item_id, outcome, hints, revision_id, answered_at in rows:
        own = shelf.syllabus(session, revision_id).curriculum.item(item_id).skills
        counts = corrected.get(learner_id.hex, {}).get(sequence, outcome)
        right = counts == Outcome.CORRECT.value and not hints
        gathered.begin(learner_id)
        gathered.add(own, item_id, right=right, hints=hints, at=states.seconds(answered_at))
    return gathered.log(tuple(skills))


class _Gathered:
    """Answers, one after another, on their way into arrays."""

    def __init__(self, labels: Mapping[str, int]) -> None:
        self._labels = labels
        self._items: dict[str, int] = {}
        self._learners: list[str] = []
        self._folds = array("i")
        self._starts, self._skill_starts = array("q"), array("q", [0])
        self._skills, self._item_of = array("i"), array("i")
        self._right, self._unaided = array("b"), array("b")
        self._seconds = array("d")

    def begin(self, learner_id: uuid.UUID) -> None:
        """The answers that follow are this learner's."""
        if self._learners and self._learners[-1] == learner_id.hex:
            return
        self._learners.append(learner_id.hex)
        self._folds.append(part_of(learner_id))
        self._starts.append(len(self._right))

    def add(self, skills: Sequence[str], item: str, *, right: bool, hints: int, at: float) -> None:
        """One answer; never earlier than the one before it."""
        fresh = self._starts[-1] == len(self._right)
        self._seconds.append(at if fresh else max(at, self._seconds[-1]))
        self._skills.extend(self._labels[skill] for skill in skills)
        self._skill_starts.append(len(self._skills))
        self._item_of.append(self._items.setdefault(item, len(self._items)))
        self._right.append(right)
        self._unaided.append(not hints)

    def log(self, skills: tuple[str, ...]) -> ModuleLog:
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
            n_skills=len(skills),
            n_items=len(self._items),
        )
        unaided = np.array(self._unaided, dtype=bool)
        return ModuleLog(log, skills, tuple(self._items), tuple(self._learners), unaided)
