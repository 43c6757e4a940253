"""When a skill counts as mastered."""

import pytest

from engine import Policy, Standing, skill_standing
from engine.standing import is_mastered, needed_streak
from tests.engine.worlds import POLICY, C, D, Event, W, chain


@pytest.mark.parametrize(
    ("mastery", "events", "mastered"),
    [
        (POLICY.mastered, [("a-e0", C), ("a-e1", C)], True),
        (POLICY.mastered - 0.0001, [("a-e0", C), ("a-e1", C)], False),
        (0.99, [("a-e0", C)] * 4, False),
        (0.99, [("a-e1", C)], False),
        (0.99, [("a-e1", C), ("a-e4", C, 1)], False),
        (0.99, [("a-e1", C), ("a-e4", C, 1), ("a-e0", C)], True),
        (0.99, [("a-e0", W), ("a-e1", C), ("a-e2", C)], True),
        (0.99, [("a-e1", C), ("a-e2", C), ("a-e5", W)], True),
        (0.99, [("a-e1", C), ("a-e2", C), ("a-e5", W), ("a-e6", D)], False),
        (POLICY.kept - 0.0001, [("a-e1", C), ("a-e2", C), ("a-e5", W)], False),
    ],
)
def test_when_a_skill_is_mastered(*, mastery: float, events: list[Event], mastered: bool) -> None:
    walk = chain().answers(*events).set_mastery("a", mastery)
    standing = skill_standing(walk.curriculum, walk.states, "a", policy=POLICY)
    assert (standing is Standing.MASTERED) == mastered


def test_a_miss_days_later_is_no_slip() -> None:
    walk = chain().answers(("a-e1", C), ("a-e2", C)).waits(2).answers(("a-e5", W))
    walk.set_mastery("a", 0.99)
    standing = skill_standing(walk.curriculum, walk.states, "a", policy=POLICY)
    assert standing is Standing.PRACTISING


@pytest.mark.parametrize(
    ("misfit", "needed"), [(None, 2), (0.01, 2), (0.44, 2), (0.45, 3), (0.94, 3), (0.95, 4)]
)
def test_how_many_successes_are_asked_for(*, misfit: float | None, needed: int) -> None:
    policy = Policy(streak=2, misfit=0.45, misfit_high=0.95)
    items = ["a-e0", "a-e1", "a-e2", "a-e4"]
    walk = chain()
    for number, item in enumerate(items, start=1):
        walk.answers((item, C)).set_mastery("a", 0.99)
        state = walk.states["a"]._replace(misfit=misfit)
        assert needed_streak(state, policy) == needed
        assert is_mastered(state, policy) == (number >= needed)


@pytest.mark.parametrize("mastery", [float("nan"), 1.5, -0.1])
def test_a_mastery_that_is_no_probability_is_refused(mastery: float) -> None:
    walk = chain().answers(("a-e0", C)).set_mastery("a", mastery)
    with pytest.raises(ValueError, match="mastery of a must be in"):
        walk.next()


def test_a_bad_policy_is_refused_all_at_once() -> None:
    with pytest.raises(
        ValueError, match=r"mastered must be between 0 and 1, got 1\.5; streak must be"
    ):
        Policy(mastered=1.5, streak=0)
