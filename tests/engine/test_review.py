import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Policy, begin, due_at, recall
from tests.engine.worlds import DAY, POLICY, USUAL

LAW = settings(derandomize=True, deadline=None, database=None, max_examples=60)


@pytest.mark.parametrize(
    ("successes", "days", "expected"),
    [(1, 0.0, 1.0), (1, 30.0, 2**-0.5), (1, 90.0, 0.5), (2, 60.0, 2**-0.5), (3, 360.0, 0.5)],
)
def test_recall_follows_the_power_law(successes: int, days: float, expected: float) -> None:
    state = begin(USUAL)._replace(successes=successes, last_success_at=1000.0)
    assert recall(state, at=1000.0 + days * DAY) == pytest.approx(expected, abs=1e-12)


def test_before_any_success_there_is_nothing_to_recall_or_review() -> None:
    state = begin(USUAL)
    assert recall(state, at=5.0) == 0.0
    assert due_at(state, POLICY) == float("inf")


def test_a_clock_that_steps_back_does_not_lift_recall_above_one() -> None:
    state = begin(USUAL)._replace(successes=1, last_success_at=1000.0)
    assert recall(state, at=0.0) == 1.0


@LAW
@given(st.integers(1, 20), st.floats(0.05, 0.99))
def test_a_review_is_due_when_recall_reaches_the_threshold(successes: int, least: float) -> None:
    state = begin(USUAL)._replace(successes=successes, last_success_at=1000.0)
    due = due_at(state, Policy(review_recall=least))
    assert recall(state, at=due) == pytest.approx(least, abs=1e-9)


@LAW
@given(st.integers(1, 20), st.floats(0, 4000), st.floats(0, 4000))
def test_recall_falls_with_time_and_not_with_more_successes(
    successes: int, one: float, other: float
) -> None:
    state = begin(USUAL)._replace(successes=successes, last_success_at=0.0)
    soon, late = sorted((one, other))
    assert 0.0 < recall(state, at=late * DAY) <= recall(state, at=soon * DAY) <= 1.0
    more = state._replace(successes=successes + 1)
    assert recall(more, at=late * DAY) >= recall(state, at=late * DAY)


@pytest.mark.parametrize(("successes", "days"), [(1, 11.5), (2, 23.0), (3, 46.1), (4, 92.2)])
def test_reviews_come_at_the_intervals_the_module_states(successes: int, days: float) -> None:
    state = begin(USUAL)._replace(successes=successes, last_success_at=0.0)
    assert due_at(state, POLICY) / DAY == pytest.approx(days, abs=0.1)
