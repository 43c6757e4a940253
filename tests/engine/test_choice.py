from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.choice import draw_probabilities, unit
from tests.engine.worlds import Walk, curriculum

LAW = settings(derandomize=True, deadline=None, database=None, max_examples=80)
LEARNERS = 5_000


@pytest.mark.parametrize(
    "guesses",
    [
        (0.25,) * 6,
        (0.25, 0.25, 0.25, 0.25, 0.1, 0.1, 0.02, 0.02),
        (0.5, 0.02, 0.02, 0.02, 0.02, 0.02),
        (0.5, 0.5, 0.25, 0.25, 0.1, 0.05, 0.02),
        tuple(n / 60 for n in range(30)),
    ],
)
def test_no_item_of_a_bank_of_six_is_the_first_of_more_than_a_quarter(
    guesses: tuple[float, ...],
) -> None:
    walk = Walk(curriculum({"a": []}, guesses=guesses))
    chances = [candidate.probability for candidate in walk.next().candidates]
    drawn: Counter[int] = Counter()
    for learner in range(LEARNERS):
        point, place = unit(learner, 1), 0
        while point >= chances[place]:
            point -= chances[place]
            place += 1
        drawn[place] += 1
    assert max(drawn.values()) <= 0.25 * LEARNERS


def test_the_draw_follows_its_probabilities() -> None:
    walk = Walk(curriculum({"a": []}))
    expected = {it.item: it.probability for it in walk.next().candidates}
    drawn = Counter(walk.next(seed=seed).item for seed in range(LEARNERS // 5))
    for item, probability in expected.items():
        assert drawn[item] / (LEARNERS // 5) == pytest.approx(probability, abs=0.05)
    assert max(drawn.values()) <= 0.25 * LEARNERS / 5


@LAW
@given(
    st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40),
    st.floats(0.01, 0.5),
    st.floats(0.05, 0.9),
)
def test_probabilities_sum_to_one_fall_with_the_score_and_keep_the_limit(
    scores: list[float], near: float, exposure: float
) -> None:
    ranked = sorted(scores, reverse=True)
    chances = draw_probabilities(ranked, near=near, exposure=exposure)
    assert sum(chances) == pytest.approx(1.0, abs=1e-9)
    assert all(0.0 <= chance <= 1.0 for chance in chances)
    assert all(one >= other - 1e-9 for one, other in pairwise(chances))
    if len(scores) * 0.9 * exposure >= 1.0:
        assert max(chances) <= 0.9 * exposure + 1e-9


def test_a_small_bank_takes_only_what_is_about_as_good_as_the_best() -> None:
    assert draw_probabilities([0.9, 0.8, 0.5], near=0.05, exposure=0.25) == [1.0, 0.0, 0.0]


def test_points_are_spread_evenly_over_seeds_and_numbers() -> None:
    for points in ([unit(seed, 7) for seed in range(4000)], [unit(7, n) for n in range(4000)]):
        tenths = Counter(int(point * 10) for point in points)
        assert all(abs(tenths[tenth] - 400) < 100 for tenth in range(10))
        assert all(0.0 <= point < 1.0 for point in points)


def test_points_stay_what_they_are_from_version_to_version() -> None:
    assert unit(0, 0) == 0.8833108082136426
    assert unit(2**63, 12) == unit(2**63 + 2**64, 12)
