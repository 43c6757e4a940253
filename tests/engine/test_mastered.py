"""When a skill counts as mastered."""

import pytest

from engine import Policy, Standing, skill_standing
from engine.standing import needed_streak
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


def test_each_fall_back_asks_for_one_more_success_up_to_the_most() -> None:
    policy = Policy(first_streak=2, streak=4)
    asked = []
    for marks in ("CC", "WCC", "CWCC", "CWCWCC", "CWCWCWCC"):
        walk = chain().answers(*((f"a-e{n}", C if it == "C" else W) for n, it in enumerate(marks)))
        asked.append(needed_streak(walk.states["a"], policy))
    assert asked == [2, 2, 3, 4, 4]


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
