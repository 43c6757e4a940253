"""The figures of items equal those counted by hand from the responses, on both databases."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring import Exercise, Ordering, SingleChoice
from app.db import Database
from app.models import Module, Response, Serving
from app.services.catalogue import shelf
from app.services.teaching import item_figures, item_list, material
from app.services.teaching.item_figures import Figures, wilson
from app.services.teaching.item_key import key_parts, parts_of
from app.services.teaching.item_list import Line, Order, in_order
from engine import SkillParameters
from tests.classroom import let_learn, make_classroom
from tests.conftest import NOON
from tests.people import MODULE_SLUG, Person

LEARNERS = 6
ANSWERS = 6
Row = tuple[Response, Serving]


def make_class(database: Database, *, learners: int) -> Person:
    """The trainer of a class that has learned for a while."""
    classroom = make_classroom(database, learners=learners, at=NOON)
    let_learn(database, classroom, answers=ANSWERS, at=NOON)
    return classroom.trainer


def first_answers(session: Session, trainer: Person, item_id: str) -> list[Row]:
    """What the service must count, found the long way."""
    rows = session.execute(
        select(Response, Serving)
        .join(Serving, Serving.id == Response.serving_id)
        .where(Response.agency_id == trainer.agency_id, Response.item_id == item_id)
        .order_by(Response.sequence)
    )
    found: dict[object, Row] = {}
    for response, serving in rows:
        found.setdefault(response.learner_id, (response, serving))
    return list(found.values())


def expected_by_hand(
    rows: Sequence[Row], guess: float | None, parameters: dict[str, SkillParameters]
) -> float:
    chances: list[float] = []
    for response, _ in rows:
        steps = json.loads(response.steps)
        for skill, before, *_rest in steps:
            own = parameters[skill]
            lucky = own.guess if guess is None else min(guess, 0.99 - own.slip)
            chances.append((before * (1 - own.slip) + (1 - before) * lucky) / len(steps))
    return sum(chances, 0.0) / len(rows)


def figures_of(session: Session, trainer: Person) -> tuple[material.Content, dict[str, Figures]]:
    content = material.content(session, MODULE_SLUG, trainer=trainer)
    entries = content.syllabus.items.values()
    found = item_figures.of_items(
        session, content.syllabus, content.parameters, entries, trainer=trainer
    )
    return content, dict(found)


def test_every_figure_is_the_one_counted_by_hand(database: Database) -> None:
    trainer = make_class(database, learners=LEARNERS)
    make_class(database, learners=2)  # another agency, which must not be counted
    with database.reader() as session:
        content, found = figures_of(session, trainer)
        answered = session.scalars(
            select(Response.item_id).where(Response.agency_id == trainer.agency_id)
        ).all()
        assert found.keys() == set(answered)
        assert sum(figures.answers for figures in found.values()) == len(answered)
        for item_id, figures in found.items():
            rows = first_answers(session, trainer, item_id)
            outcomes = Counter(response.outcome for response, _ in rows)
            assert figures.learners == len(rows)
            assert figures.right == outcomes["correct"]
            assert figures.dont_know == outcomes["dont_know"]
            assert figures.with_hints == sum(response.hints > 0 for response, _ in rows)
            if content.syllabus.items[item_id].kind == "lesson":
                assert figures.expected is None
                continue
            guess = content.syllabus.curriculum.item(item_id).guess
            by_hand = expected_by_hand(rows, guess, dict(content.parameters))
            assert figures.expected == pytest.approx(by_hand, abs=1e-9)


def test_choices_and_time_are_those_counted_by_hand(database: Database) -> None:
    trainer = make_class(database, learners=LEARNERS)
    with database.reader() as session:
        content, found = figures_of(session, trainer)
        for item_id in found:
            entry = content.syllabus.items[item_id]
            document = shelf.document(session, entry.revision_id)
            exercise = document if isinstance(document, Exercise) else None
            taken = item_figures.choices(session, entry, exercise, trainer=trainer)
            rows = first_answers(session, trainer, item_id)
            given = [json.loads(response.choice) for response, _ in rows]
            assert taken.read == len(rows)
            assert taken.dont_know == sum("dont_know" in choice for choice in given)
            spent = [(r.answered_at - s.served_at).total_seconds() for r, s in rows]
            assert taken.median_seconds == pytest.approx(median(spent))
            by_hand: Counter[str] = Counter()
            for choice in given:
                if exercise is not None and "answer" in choice:
                    by_hand.update(taken_by_hand(exercise, choice["answer"]))
            assert taken.taken == by_hand
        entries = content.syllabus.items.values()
        wrong = item_figures.wrong_choices(session, entries, trainer=trainer)
        assert wrong == wrong_by_hand(session, trainer, content.syllabus.items)


def wrong_by_hand(session: Session, trainer: Person, items: Iterable[str]) -> dict[str, Any]:
    found: dict[str, Counter[str]] = {}
    for item_id in items:
        for response, _ in first_answers(session, trainer, item_id):
            if response.outcome == "wrong":
                found.setdefault(item_id, Counter())[response.choice] += 1
    return found


def taken_by_hand(exercise: Exercise, answer: Any) -> list[str]:
    """The parts of the key that an answer took, found without grading where that is possible."""
    right = exercise.right_answer()
    if isinstance(exercise, Ordering):
        return [key for key, due in zip(answer, exercise.right_answer(), strict=True) if key == due]
    if isinstance(right, Mapping):
        return [left for left, due in right.items() if answer[left] == due]
    if isinstance(exercise, SingleChoice):
        return [answer]
    if isinstance(answer, list):
        return answer
    return ["right"] if exercise.grade(answer).correct else ["otherwise"]


def test_an_older_text_is_left_out(database: Database) -> None:
    trainer = make_class(database, learners=1)
    with database.reader() as session:
        content, found = figures_of(session, trainer)
        entries = [content.syllabus.items[item_id] for item_id in found]
        # As if every text had been replaced by another since it was answered.
        renewed = [replace(entry, revision_id=f"not {entry.revision_id}") for entry in entries]
        assert not item_figures.of_items(
            session, content.syllabus, content.parameters, renewed, trainer=trainer
        )


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (8, 10, 0.4902, 0.9433),
        (10, 10, 0.7225, 1.0),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_the_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    found = wilson(count, of)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


@pytest.mark.parametrize(
    ("learners", "right", "expected", "surprise"),
    [
        (9, 0, 0.9, ""),  # not enough data
        (10, 2, 0.9, "harder"),
        (10, 9, 0.3, "easier"),
        (10, 5, 0.5, ""),
        (10, 5, None, ""),
    ],
)
def test_a_surprise_lies_outside_the_interval(
    learners: int, right: int, expected: float | None, surprise: str
) -> None:
    figures = Figures(
        answers=learners,
        learners=learners,
        right=right,
        dont_know=0,
        with_hints=0,
        expected=expected,
    )
    assert figures.surprise == surprise


def test_every_shipped_exercise_has_a_key_that_answers_are_counted_by(database: Database) -> None:
    with database.reader() as session:
        syllabi = [
            shelf.syllabus(session, it) for it in session.scalars(select(Module.revision_id))
        ]
        for entry in (entry for syllabus in syllabi for entry in syllabus.items.values()):
            document = shelf.document(session, entry.revision_id)
            if not isinstance(document, Exercise):
                continue
            parts = key_parts(document)
            keys = [part.key for part in parts]
            assert len(keys) == len(set(keys))
            right = parts_of(document, document.right_answer())
            assert set(right) == {part.key for part in parts if part.right}


def make_line(title: str, *, right: int, expected: float = 0.7, reports: int = 0) -> Line:
    figures = Figures(
        answers=20, learners=20, right=right, dont_know=0, with_hints=0, expected=expected
    )
    return Line(
        id=title,
        title=title,
        format="single-choice",
        is_lesson=False,
        transfer=False,
        skills=(),
        figures=figures,
        common_miss=None,
        open_reports=reports,
    )


LINES = (
    make_line("as expected", right=14),
    make_line("much too hard", right=2),
    make_line("reported", right=15, reports=1),
    make_line("rather hard", right=8),
    make_line("reported twice", right=13, reports=2),
)


@pytest.mark.parametrize(
    ("order", "titles"),
    [
        (
            Order.MEND,
            ["reported twice", "reported", "much too hard", "rather hard", "as expected"],
        ),
        (
            Order.FACILITY,
            ["much too hard", "rather hard", "reported twice", "as expected", "reported"],
        ),
        (Order.TITLE, sorted(line.title for line in LINES)),
        (Order.MODULE, [line.title for line in LINES]),
    ],
)
def test_the_list_stands_in_the_order_asked_for(order: Order, titles: list[str]) -> None:
    assert [line.title for line in in_order(LINES, order)] == titles


def test_without_enough_data_an_item_is_not_among_the_hardest() -> None:
    unknown = replace(LINES[0], title="unknown", figures=replace(LINES[0].figures, learners=9))
    assert in_order([unknown, *LINES], Order.FACILITY)[-1] == unknown


def test_the_list_can_be_of_one_skill(database: Database) -> None:
    trainer = make_class(database, learners=0)
    with database.reader() as session:
        content = material.content(session, MODULE_SLUG, trainer=trainer)
        skill = next(iter(content.syllabus.skills.values()))
        lines = item_list.lines(
            session, content, trainer=trainer, skill_slug=skill.slug, order=Order.MODULE
        )
        assert lines
        assert all(skill.title in line.skills for line in lines)
