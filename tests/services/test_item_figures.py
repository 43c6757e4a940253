"""The figures of items equal those counted by hand from the responses, on both databases."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from statistics import mean, median_low
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring import Exercise, Ordering, SingleChoice
from app.db import Database
from app.models import Module, Response, Serving
from app.services.catalogue import shelf
from app.services.teaching import item_list, material, module_figures
from app.services.teaching.item_figures import Figures, Third, wilson
from app.services.teaching.item_key import key_parts, parts_of
from app.services.teaching.item_list import Line, Order, in_order
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


def figures_of(database: Database, trainer: Person) -> tuple[material.Content, dict[str, Figures]]:
    """What is counted of each item that somebody answered."""
    module_figures.refresh(database.reader, database.transact, at=NOON)
    with database.reader() as session:
        content = material.content(session, MODULE_SLUG, trainer=trainer)
        known = module_figures.read(session, content.syllabus.module_id, trainer=trainer)
        found = {id_: known.of_item(entry) for id_, entry in content.syllabus.items.items()}
    return content, {id_: figures for id_, figures in found.items() if figures.learners}


def test_every_figure_is_the_one_counted_by_hand(database: Database) -> None:
    trainer = make_class(database, learners=LEARNERS)
    make_class(database, learners=2)  # another agency, which must not be counted
    content, found = figures_of(database, trainer)
    with database.reader() as session:
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
            predicted = [serving.predicted for _, serving in rows if serving.predicted is not None]
            assert figures.expected == pytest.approx(mean(predicted), abs=1e-9)


def test_choices_and_time_are_those_counted_by_hand(database: Database) -> None:
    trainer = make_class(database, learners=LEARNERS)
    content, found = figures_of(database, trainer)
    with database.reader() as session:
        for item_id, figures in found.items():
            document = shelf.document(session, content.syllabus.items[item_id].revision_id)
            rows = first_answers(session, trainer, item_id)
            spent = [max(1.0, (r.answered_at - s.served_at).total_seconds()) for r, s in rows]
            # From a second up, in steps of a twentieth; of two in the middle the lower counts.
            assert figures.median_seconds == pytest.approx(median_low(spent), rel=0.03)
            by_hand: Counter[str] = Counter()
            for response, _ in rows:
                choice = json.loads(response.choice)
                if isinstance(document, Exercise) and "answer" in choice:
                    by_hand.update(taken_by_hand(document, choice["answer"]))
            assert figures.taken == by_hand


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
    content, found = figures_of(database, trainer)
    with database.reader() as session:
        known = module_figures.read(session, content.syllabus.module_id, trainer=trainer)
    for item_id in found:
        # As if the text had been replaced by another since it was answered.
        renewed = replace(content.syllabus.items[item_id], revision_id="another")
        assert known.of_item(renewed).learners == 0


def test_figures_are_counted_again_only_when_there_are_new_answers(database: Database) -> None:
    make_class(database, learners=1)
    assert module_figures.refresh(database.reader, database.transact, at=NOON) == 1
    assert module_figures.refresh(database.reader, database.transact, at=NOON) == 0
    make_class(database, learners=1)
    assert module_figures.refresh(database.reader, database.transact, at=NOON) == 1


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


def make_line(
    title: str, *, right: int, expected: float = 0.7, reports: int = 0, suspected: bool = False
) -> Line:
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
        suspected_key=suspected,
        open_reports=reports,
    )


LINES = (
    make_line("as expected", right=14),
    make_line("much too hard", right=2),
    make_line("reported", right=15, reports=1),
    make_line("rather hard", right=8),
    make_line("reported twice", right=13, reports=2),
    make_line("key in doubt", right=14, suspected=True),
)


@pytest.mark.parametrize(
    ("order", "titles"),
    [
        (
            Order.MEND,
            [
                "reported twice",
                "reported",
                "key in doubt",
                "much too hard",
                "rather hard",
                "as expected",
            ],
        ),
        (
            Order.FACILITY,
            [
                "much too hard",
                "rather hard",
                "reported twice",
                "as expected",
                "key in doubt",
                "reported",
            ],
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
        figures = module_figures.read(session, content.syllabus.module_id, trainer=trainer)
        lines = item_list.lines(
            session, content, figures, trainer=trainer, skill_slug=skill.slug, order=Order.MODULE
        )
        assert lines
        assert all(skill.title in line.skills for line in lines)


def test_strong_learners_who_prefer_a_wrong_option_put_the_key_in_doubt() -> None:
    figures = Figures(
        answers=40,
        learners=40,
        right=20,
        dont_know=0,
        with_hints=0,
        expected=0.7,
        discrimination=-0.4,
        ranked=40,
        weak=Third(13, {"a": 9, "b": 4}),
        strong=Third(13, {"a": 3, "b": 10}),
    )
    assert figures.suspects_key({"a": True, "b": False}) == "b"
    assert figures.suspects_key({"a": False, "b": True}) is None
    assert replace(figures, ranked=29).suspects_key({"a": True, "b": False}) is None
