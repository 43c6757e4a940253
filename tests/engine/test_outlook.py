import random

import pytest

from engine import SkillParameters, begin, remaining_minutes
from engine.outlook import answers_in_a_row, remaining_answers
from tests.engine.worlds import NINE, POLICY, USUAL, C, R, W, Walk, curriculum


def left(walk: Walk) -> float:
    return remaining_minutes(walk.curriculum, walk.states, walk.parameters, POLICY)


@pytest.mark.parametrize(("needed", "success"), [(4, 0.9), (2, 0.5), (1, 0.25), (0, 0.9)])
def test_answers_in_a_row_equal_a_simulation(needed: int, success: float) -> None:
    chance = random.Random(5)
    total = 0
    for _ in range(4000):
        row = 0
        while row < needed:
            total += 1
            row = row + 1 if chance.random() < success else 0
    assert answers_in_a_row(needed, success) == pytest.approx(total / 4000, rel=0.05)


def test_a_sure_answerer_needs_as_many_as_are_asked() -> None:
    assert answers_in_a_row(4, 1.0) == 4.0


def test_nothing_is_left_when_all_is_finished() -> None:
    assert left(Walk(curriculum({"a": [], "b": ["a"]})).masters("a", "b")) == 0.0


def test_the_whole_is_the_sum_of_its_skills() -> None:
    nine, one = Walk(curriculum(NINE)), Walk(curriculum({"a": []}))
    assert left(nine) == pytest.approx(9 * left(one))


def test_success_shortens_what_is_left_and_a_miss_lengthens_it() -> None:
    start = Walk(curriculum({"a": []})).answers(("a-e0", C))
    more = Walk(curriculum({"a": []})).answers(("a-e0", C), ("a-e1", C))
    fewer = Walk(curriculum({"a": []})).answers(("a-e0", C), ("a-e1", W))
    assert left(more) < left(start) < left(fewer)


def test_a_lesson_read_is_no_longer_left() -> None:
    walk = Walk(curriculum({"a": []})).answers(("a-e0", W))
    before = left(walk)
    assert left(walk.answers(("a-explained", R))) < before


def test_the_transfer_case_is_left_after_mastering() -> None:
    walk = Walk(curriculum({"a": []})).answers(*((f"a-e{n}", C) for n in range(4)))
    assert left(walk) == 2.0


@pytest.mark.parametrize(
    "parameters",
    [
        SkillParameters(prior=0.0, learn=0.0, guess=0.2, slip=0.1),
        SkillParameters(prior=0.2, learn=0.2, guess=0.0, slip=0.99),
        SkillParameters(prior=0.2, learn=1e-9, guess=0.2, slip=0.0),
    ],
)
def test_the_estimate_is_never_more_than_the_answers_after_which_a_skill_is_parked(
    parameters: SkillParameters,
) -> None:
    assert remaining_answers(None, parameters, POLICY) == POLICY.park_limit


def test_a_streak_already_begun_is_taken_into_account() -> None:
    state = begin(USUAL)._replace(mastery=1.0)
    assert remaining_answers(state, USUAL, POLICY) == pytest.approx(answers_in_a_row(2, 0.9))
    begun = state._replace(streak=1)
    assert remaining_answers(begun, USUAL, POLICY) == pytest.approx(1 / 0.9)


def test_the_estimate_is_about_right_for_a_learner_like_the_parameters() -> None:
    assert 4.0 < remaining_answers(None, USUAL, POLICY) < 12.0
