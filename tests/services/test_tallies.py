"""What is counted of a module, against counts and correlations made the long way."""

import random
from collections.abc import Iterator, Sequence
from statistics import correlation

import pytest

from app.authoring import SingleChoice
from app.authoring.formats.choice import Option
from app.services.teaching import curves
from app.services.teaching.curves import CurveKind
from app.services.teaching.tallies import BINS, OPPORTUNITIES, Answered, Tally

ITEMS = tuple(f"item-{n}" for n in range(9))
LEARNERS = 400
EXERCISE = SingleChoice(
    title="Which",
    question="Which is it?",
    hints=(),
    explanation="It is the first.",
    options=(
        Option("a", "First", correct=True, feedback="Yes."),
        Option("b", "Second", correct=False, feedback="No."),
    ),
)


def tally() -> Tally:
    return Tally({item: (EXERCISE, f"{item} now", ("skill",)) for item in ITEMS})


def answer(learner: int, item: str, *, right: bool, revision: str = "now") -> Answered:
    return Answered(
        learner=learner,
        item=item,
        revision=f"{item} {revision}",
        outcome="correct" if right else "wrong",
        choice='{"answer":"a"}' if right else '{"answer":"b"}',
        hints=0,
        seconds=20.0,
        predicted=0.6,
    )


def answers(chance: random.Random) -> Iterator[Answered]:
    """Learners of different strength; the last item is answered by the weak alone."""
    for learner in range(LEARNERS):
        strength = chance.random()
        for item in ITEMS[:-1]:
            yield answer(learner, item, right=chance.random() < strength)
        yield answer(learner, ITEMS[-1], right=chance.random() > strength)


def test_discrimination_is_the_correlation_with_the_other_items() -> None:
    given = list(answers(random.Random(3)))
    counted = tally()
    counted.add(given)
    document = counted.document()["items"]
    for item in ITEMS:
        own = [a.outcome == "correct" for a in given if a.item == item]
        others = [
            sum(a.outcome == "correct" for a in given[start : start + 9] if a.item != item) / 8
            for start in range(0, len(given), 9)
        ]
        binned = [(min(int(share * BINS), BINS - 1) + 0.5) / BINS for share in others]
        expected = correlation([float(right) for right in own], binned)
        assert document[item]["discrimination"] == pytest.approx(expected, abs=1e-9)
    assert document[ITEMS[-1]]["discrimination"] < 0 < document[ITEMS[0]]["discrimination"]


def test_the_weaker_and_the_stronger_third_are_about_a_third_each() -> None:
    counted = tally()
    counted.add(answers(random.Random(5)))
    for item in counted.document()["items"].values():
        for third in (item["weak"], item["strong"]):
            assert LEARNERS / 5 < third["learners"] < LEARNERS / 2
            assert sum(third["taken"].values()) == third["learners"]


def test_only_the_first_answer_to_the_text_in_use_counts() -> None:
    counted = tally()
    counted.add(
        [
            answer(1, ITEMS[0], right=True, revision="before"),
            answer(1, ITEMS[0], right=False),
            answer(1, ITEMS[0], right=True),
            answer(1, "an item long gone", right=True),
        ]
    )
    item = counted.document()["items"][ITEMS[0]]
    assert (item["learners"], item["answers"], item["right"]) == (1, 2, 0)
    assert counted.responses == 4


def test_a_curve_counts_every_try_on_a_skill() -> None:
    counted = tally()
    counted.add(answer(1, item, right=n > 2) for n, item in enumerate(ITEMS))
    points = counted.document()["curves"]["skill"]
    assert len(points) == OPPORTUNITIES
    assert points[:4] == [[1, 0], [1, 0], [1, 0], [1, 1]]
    assert points[9] == [0, 0]


@pytest.mark.parametrize(
    ("counts", "kind"),
    [
        ([[100, 30], [100, 50], [90, 70], [80, 70]], CurveKind.GOOD),
        ([[100, 50], [100, 48], [90, 46], [80, 41]], CurveKind.NO_LEARNING),
        ([[100, 95], [100, 96], [90, 88], [80, 79]], CurveKind.TOO_EASY),
        ([[100, 30], [100, 50], [90, 70], [9, 9]], CurveKind.TOO_FEW),
        # Who has learned it stops; who goes on finds it hard. That is no lack of learning.
        ([[100, 40], [100, 80], [60, 42], [30, 15], [20, 8], [12, 5]], CurveKind.GOOD),
        ([[100, 40], [100, 41], [60, 25], [30, 25], [20, 18], [12, 11]], CurveKind.NO_LEARNING),
        ([[100, 40], [40, 30], [30, 20], [20, 10]], CurveKind.TOO_FEW),
        ([], CurveKind.TOO_FEW),
    ],
)
def test_what_a_curve_says(counts: Sequence[Sequence[int]], kind: CurveKind) -> None:
    assert curves.curve(counts).kind is kind
