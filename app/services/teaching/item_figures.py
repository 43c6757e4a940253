"""What the answers of an agency say about items: how many were right, against what was expected.

Each learner counts once, with their first answer to the text in use: answers after feedback say
more about the feedback. Below ENOUGH learners a share says more about the people than the item.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    case,
    cast,
    func,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.authoring import Exercise
from app.models import Response, Serving
from app.services.audit import Actor
from app.services.catalogue import shelf
from app.services.teaching.item_key import parts_of
from engine import ItemKind, Outcome, begin, expected_success

ENOUGH = 10
READ_AT_MOST = 5000
FIXED_COLUMNS = 6  # of the totals; the mean masteries follow
Z_95 = 1.959964  # the 97.5 % point of the normal distribution


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a share lies with 95 % confidence, both ends in [0, 1]."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one item. All but `answers` count each learner's first answer.

    expected: the mean chance of a right answer that the model gave those learners; None for a
    lesson, or without answers.
    """

    answers: int
    learners: int
    right: int
    dont_know: int
    with_hints: int
    expected: float | None

    @property
    def enough(self) -> bool:
        return self.learners >= ENOUGH

    @property
    def facility(self) -> float:
        """The share of learners who were right at their first answer."""
        return self.right / self.learners

    @property
    def interval(self) -> Interval:
        return wilson(self.right, self.learners)

    @property
    def gap(self) -> float:
        """Facility less what was expected; 0 while there is not enough data."""
        return self.facility - self.expected if self.enough and self.expected is not None else 0.0

    @property
    def surprise(self) -> str:
        """harder, easier, or "" while what was expected lies within the interval."""
        if not self.enough or self.expected is None:
            return ""
        if self.expected > self.interval.high:
            return "harder"
        return "easier" if self.expected < self.interval.low else ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What learners answered first. `taken` counts by the keys of the item's key parts.

    read: how many first answers were looked at, the latest READ_AT_MOST.
    median_seconds: from being shown to being answered, half took less.
    """

    read: int
    taken: Mapping[str, int]
    dont_know: int
    median_seconds: float | None


NO_FIGURES = Figures(answers=0, learners=0, right=0, dont_know=0, with_hints=0, expected=None)


def wilson(count: int, of: int) -> Interval:
    """Return the 95 % interval of a share (Wilson's score): honest for few people and for extremes.

    Source: Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    share, z2 = count / of, Z_95 * Z_95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z_95 * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def of_items(
    session: Session,
    syllabus: shelf.Syllabus,
    parameters: shelf.Parameters,
    entries: Iterable[shelf.ItemEntry],
    *,
    trainer: Actor,
) -> Mapping[str, Figures]:
    """The figures of these items for the trainer's agency; items nobody answered are left out."""
    wanted = tuple(entries)
    depth = max((len(entry.skills) for entry in wanted), default=0)
    rows = session.execute(_totals(session, wanted, trainer, depth)).all()
    return {
        row.item_id: Figures(
            answers=int(row.answers),
            learners=row.learners,
            right=row.right,
            dont_know=row.dont_know,
            with_hints=row.with_hints,
            expected=_expected(syllabus, parameters, row.item_id, row[FIXED_COLUMNS:]),
        )
        for row in rows
    }


def choices(
    session: Session, entry: shelf.ItemEntry, exercise: Exercise | None, *, trainer: Actor
) -> Choices:
    """What the agency's learners answered first to this item; for a lesson only the time."""
    rows = session.execute(
        _first_answers([entry], trainer, Response.choice, Serving.served_at, Response.answered_at)
        .join(Serving, Serving.id == Response.serving_id)
        .order_by(Response.answered_at.desc())
        .limit(READ_AT_MOST)
    ).all()
    given = [json.loads(row.choice) for row in rows]
    # A clock that stepped back must not make a negative time.
    spent = [max(0.0, (row.answered_at - row.served_at).total_seconds()) for row in rows]
    taken: Counter[str] = Counter()
    if exercise is not None:
        for choice in given:
            taken.update(parts_of(exercise, choice["answer"]) if "answer" in choice else ())
    return Choices(
        read=len(rows),
        taken=dict(taken),
        dont_know=sum("dont_know" in choice for choice in given),
        median_seconds=median(spent) if spent else None,
    )


def wrong_choices(
    session: Session, entries: Iterable[shelf.ItemEntry], *, trainer: Actor
) -> Mapping[str, Mapping[str, int]]:
    """Item id -> stored choice -> how many learners were wrong with it at first.

    Counted by the database, so only for items whose answers are few in kind: choices.
    """
    answers = (
        _first_answers(entries, trainer, Response.choice)
        .where(Response.outcome == Outcome.WRONG.value)
        .subquery()
    )
    rows = session.execute(
        select(answers.c.item_id, answers.c.choice, func.count().label("learners")).group_by(
            answers.c.item_id, answers.c.choice
        )
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.item_id, {})[row.choice] = row.learners
    return found


def _first_answers(
    entries: Iterable[shelf.ItemEntry], trainer: Actor, *columns: InstrumentedAttribute[Any]
) -> Select[*tuple[Any, ...]]:
    """Select from each learner's first answer to the items' texts in use, within the agency.

    `answers` of the subquery counts all the learner's answers to the item.
    """
    wanted = tuple(entries)
    first = (
        select(
            Response.learner_id,
            func.min(Response.sequence).label("sequence"),
            func.count().label("answers"),
        )
        .join(Serving, Serving.id == Response.serving_id)
        .where(
            Response.agency_id == trainer.agency_id,
            Response.item_id.in_([entry.id for entry in wanted]),
            Serving.item_revision_id.in_([entry.revision_id for entry in wanted]),
        )
        .group_by(Response.item_id, Response.learner_id)
        .subquery("first_answer")
    )
    return select(Response.item_id, *columns, first.c.answers).join(
        first,
        (first.c.learner_id == Response.learner_id) & (first.c.sequence == Response.sequence),
    )


def _totals(
    session: Session, entries: tuple[shelf.ItemEntry, ...], trainer: Actor, depth: int
) -> Select[*tuple[Any, ...]]:
    answers = _first_answers(
        entries, trainer, Response.outcome, Response.hints, Response.steps
    ).subquery()
    steps = _as_json(session, answers.c.steps)

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count(case((condition, 1)))

    return select(
        answers.c.item_id,
        func.sum(answers.c.answers).label("answers"),
        func.count().label("learners"),
        count(answers.c.outcome == Outcome.CORRECT.value).label("right"),
        count(answers.c.outcome == Outcome.DONT_KNOW.value).label("dont_know"),
        count(answers.c.hints > 0).label("with_hints"),
        # [[skill, mastery before, ...], ...]: the mean mastery before these answers
        *(func.avg(steps[(n, 1)].as_float()).label(f"m{n}") for n in range(depth)),
    ).group_by(answers.c.item_id)


def _as_json(session: Session, text: ColumnElement[str]) -> ColumnElement[Any]:
    """The text read as JSON. SQLite reads text as it is, and would cast it to a number."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(text, JSON)
    return type_coerce(text, JSON)


def _expected(
    syllabus: shelf.Syllabus,
    parameters: shelf.Parameters,
    item_id: str,
    masteries: Sequence[float | None],
) -> float | None:
    """The mean chance of a right answer: the chance is linear in mastery, so means will do."""
    item = syllabus.curriculum.item(item_id)
    if item.kind is ItemKind.LESSON or None in masteries[: len(item.skills)]:
        return None
    known = {
        skill: begin(parameters[skill])._replace(mastery=mastery)
        for skill, mastery in zip(item.skills, masteries, strict=False)
        if mastery is not None
    }
    return expected_success(item, known, parameters)
